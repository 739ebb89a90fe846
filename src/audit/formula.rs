//! 审核公式: the language of audit rules, one line that a budget officer can read.
//!
//! ```text
//! 表1.收入总计 = 表1.支出总计
//! 表3 每行: 支出总计 = 基本支出 + 项目支出
//! 表3 每级: 上级 = 下级之和
//! 表9 每单位 每列: 增减变化金额 = 2023年 - 2022年
//! 表7 每行 有编码: 支出总计 = 表3.同行.支出总计 当 表10.合计行.支出总计 = 0
//! 第四部分「共计#万元」 = 表3.合计行.小计
//! ```
//!
//! Terms are parted by ` + ` and ` - `, sides by ` = `, ` ≤ `, ` ≥ `, with a space on either side.
//! A term is a number, a column, `TABLE.ROW`, `TABLE.ROW.COLUMN`, or a text part with a pattern in
//! which `#` is the number. `「…」` quotes a name that holds a dot or a space.

use std::sync::Arc;

use rust_decimal::Decimal;

use super::memo::Memo;

/// A parsed rule line.
#[derive(Debug, Clone, PartialEq)]
pub struct Formula {
    pub scope: Scope,
    pub claim: Comparison,
    /// 当 … 且 …: the rule holds only where all of these do.
    pub conditions: Vec<Comparison>,
}

/// What the claim is made for, over and over.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Scope {
    pub table: Option<String>,
    pub rows: Rows,
    /// 有编码: only rows that have a code.
    pub coded: bool,
    /// 每列: every column of amounts, or those under one heading.
    pub columns: Option<Columns>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Rows {
    /// The claim names its rows itself.
    #[default]
    Named,
    /// 每行: every row that has the amounts spoken of.
    Each,
    /// 每级: every row that has rows below it.
    Parents,
    /// 每单位: every unit's rows.
    Units,
}

#[derive(Debug, Clone, PartialEq)]
pub enum Columns {
    All,
    Under(String),
}

#[derive(Debug, Clone, PartialEq)]
pub struct Comparison {
    pub left: Vec<(Sign, Term)>,
    pub relation: Relation,
    pub right: Vec<(Sign, Term)>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sign {
    Plus,
    Minus,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Relation {
    Equal,
    AtMost,
    AtLeast,
}

#[derive(Debug, Clone, PartialEq)]
pub enum Term {
    Number(Decimal),
    /// A row and column; what is missing comes from the scope.
    Cell {
        table: Option<String>,
        row: Option<Row>,
        column: Option<String>,
    },
    /// 上级 and 下级之和, within 每级.
    Parent,
    ChildrenSum,
    /// The number at `#` in a text part, wherever the pattern stands; several add up.
    Text {
        part: String,
        before: String,
        after: String,
    },
}

#[derive(Debug, Clone, PartialEq)]
pub enum Row {
    /// A row by its name, or all rows of a code.
    Named(String),
    /// 同行: the row with the same unit and code.
    Same,
    /// 合计行: the department's total.
    Total,
    /// 各单位之和: the units' rows added up.
    UnitsSum,
    /// 以上之和: the amounts above, in the same column.
    Above,
}

impl Sign {
    pub fn opposite(self) -> Self {
        match self {
            Self::Plus => Self::Minus,
            Self::Minus => Self::Plus,
        }
    }
}

impl Relation {
    pub fn sign(self) -> char {
        match self {
            Self::Equal => '=',
            Self::AtMost => '≤',
            Self::AtLeast => '≥',
        }
    }

    /// What is said of two sides for which it does not hold.
    pub fn broken(self) -> &'static str {
        match self {
            Self::Equal => "不等于",
            Self::AtMost => "大于",
            Self::AtLeast => "小于",
        }
    }

    pub fn holds(self, left: Decimal, right: Decimal) -> bool {
        match self {
            Self::Equal => left == right,
            Self::AtMost => left <= right,
            Self::AtLeast => left >= right,
        }
    }
}

/// Parses a line, or says in Chinese what it cannot read.
pub fn read(line: &str) -> Result<Arc<Formula>, String> {
    static READ: Memo<Arc<Formula>> = Memo::new();
    READ.get(line, |line| parse(line).map(Arc::new))
}

fn parse(line: &str) -> Result<Formula, String> {
    let (scope, rest) = split_scope(line)?;
    let (claim, conditions) = match split_outside(rest, " 当 ").as_slice() {
        [claim] => (*claim, Vec::new()),
        [claim, conditions] => (*claim, split_outside(conditions, " 且 ")),
        _ => return Err("“当”只能有一个".to_owned()),
    };
    Ok(Formula {
        scope,
        claim: comparison(claim)?,
        conditions: conditions.into_iter().map(comparison).collect::<Result<_, _>>()?,
    })
}

fn split_scope(line: &str) -> Result<(Scope, &str), String> {
    let parts = split_outside(line, ": ");
    let (words, rest) = match parts.as_slice() {
        [_] => return Ok((Scope::default(), line)),
        [words, rest] => (*words, *rest),
        _ => return Err("范围后面的冒号只能有一个".to_owned()),
    };
    let mut scope = Scope::default();
    for word in words.split_whitespace() {
        match word {
            "每行" => scope.rows = Rows::Each,
            "每级" => scope.rows = Rows::Parents,
            "每单位" => scope.rows = Rows::Units,
            "有编码" => scope.coded = true,
            "每列" => scope.columns = Some(Columns::All),
            _ if scope.table.is_none() => scope.table = Some(word.to_owned()),
            _ => scope.columns = Some(Columns::Under(word.trim_end_matches("各列").to_owned())),
        }
    }
    if scope.rows == Rows::Parents && scope.columns.is_none() {
        scope.columns = Some(Columns::All);
    }
    Ok((scope, rest))
}

fn comparison(text: &str) -> Result<Comparison, String> {
    let relations =
        [(" = ", Relation::Equal), (" ≤ ", Relation::AtMost), (" ≥ ", Relation::AtLeast)];
    for (sign, relation) in relations {
        if let [left, right] = split_outside(text, sign).as_slice() {
            return Ok(Comparison { left: terms(left)?, relation, right: terms(right)? });
        }
    }
    Err(format!("“{text}”里要有一个 =、≤ 或 ≥，两边留空格"))
}

fn terms(text: &str) -> Result<Vec<(Sign, Term)>, String> {
    let mut found = Vec::new();
    for (at, plus) in split_outside(text, " + ").into_iter().enumerate() {
        for (nth, part) in split_outside(plus, " - ").into_iter().enumerate() {
            let sign = if nth == 0 { Sign::Plus } else { Sign::Minus };
            found.push((
                sign,
                term(part.trim()).map_err(|error| format!("第 {} 项{error}", at + nth + 1))?,
            ));
        }
    }
    Ok(found)
}

fn term(text: &str) -> Result<Term, String> {
    if let Ok(number) = Decimal::from_str_exact(text) {
        return Ok(Term::Number(number));
    }
    match text {
        "上级" => return Ok(Term::Parent),
        "下级之和" => return Ok(Term::ChildrenSum),
        "" => return Err("是空的".to_owned()),
        _ => {}
    }
    if let Some((part, pattern)) = text.split_once('「')
        && part.ends_with("部分")
    {
        let pattern = pattern.trim_end_matches('」');
        let (before, after) =
            pattern.split_once('#').ok_or_else(|| format!("“{text}”里少了代表数的 #"))?;
        return Ok(Term::Text { part: part.into(), before: before.into(), after: after.into() });
    }
    let names: Vec<String> =
        split_outside(text, ".").iter().map(|name| unquoted(name).to_owned()).collect();
    let is_table =
        names[0].starts_with('表') && names[0].chars().skip(1).all(|c| c.is_ascii_digit());
    let (table, names) =
        if is_table { (Some(names[0].clone()), &names[1..]) } else { (None, &names[..]) };
    match names {
        [] => Err(format!("“{text}”没有说是哪一行")),
        [one] if table.is_some() => Ok(Term::Cell { table, row: Some(row(one)), column: None }),
        [one] => Ok(match row(one) {
            Row::Named(name) => Term::Cell { table, row: None, column: Some(name) },
            special => Term::Cell { table, row: Some(special), column: None },
        }),
        [one, column] => {
            Ok(Term::Cell { table, row: Some(row(one)), column: Some(column.clone()) })
        }
        _ => Err(format!("“{text}”的点太多；名称里有点就加「」")),
    }
}

fn row(name: &str) -> Row {
    match name {
        "同行" => Row::Same,
        "合计行" => Row::Total,
        "各单位之和" => Row::UnitsSum,
        "以上之和" => Row::Above,
        _ => Row::Named(name.to_owned()),
    }
}

fn unquoted(name: &str) -> &str {
    let name = name.trim();
    name.strip_prefix('「').and_then(|name| name.strip_suffix('」')).unwrap_or(name)
}

/// Splits at a separator that stands outside of 「…」.
fn split_outside<'a>(text: &'a str, separator: &str) -> Vec<&'a str> {
    let mut parts = Vec::new();
    let (mut start, mut depth) = (0, 0_usize);
    let mut at = 0;
    while at < text.len() {
        let rest = &text[at..];
        if rest.starts_with('「') {
            depth += 1;
        } else if rest.starts_with('」') {
            depth = depth.saturating_sub(1);
        } else if depth == 0 && rest.starts_with(separator) {
            parts.push(&text[start..at]);
            at += separator.len();
            start = at;
            continue;
        }
        at += rest.chars().next().map_or(1, char::len_utf8);
    }
    parts.push(&text[start..]);
    parts
}
