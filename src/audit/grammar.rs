//! Reads a line of the formula language ([`super::formula`]), or says in Chinese what it cannot read.

use rust_decimal::Decimal;

use super::formula::{
    Columns, Comparison, Factor, Formula, Group, Relation, Row, Rows, Scope, Sign, Term,
};
use super::ids::Ids;
use crate::form::LEVELS;

const RELATIONS: [(&str, Relation); 3] =
    [(" = ", Relation::Equal), (" ≤ ", Relation::AtMost), (" ≥ ", Relation::AtLeast)];

/// Reads a line with the names that a form has.
pub fn parse(line: &str, ids: &Ids) -> Result<Formula, String> {
    let (scope, rest) = split_scope(line, ids)?;
    let (claim, conditions) = match split_outside(rest, " 当 ").as_slice() {
        [claim] => (*claim, Vec::new()),
        [claim, conditions] => (*claim, split_outside(conditions, " 且 ")),
        _ => return Err("“当”只能有一个".to_owned()),
    };
    let reader = Reader { ids, within: scope.table.is_some() };
    Ok(Formula {
        claim: reader.comparison(claim)?,
        conditions: conditions
            .into_iter()
            .map(|condition| reader.comparison(condition))
            .collect::<Result<_, _>>()?,
        scope,
    })
}

fn split_scope<'t>(line: &'t str, ids: &Ids) -> Result<(Scope, &'t str), String> {
    let parts = split_outside(line, ": ");
    let (words, rest) = match parts.as_slice() {
        [_] => return Ok((Scope::default(), line)),
        [words, rest] => (*words, *rest),
        _ => return Err("范围后面的冒号只能有一个".to_owned()),
    };
    let mut scope = Scope::default();
    for word in split_outside(words.trim(), " ").into_iter().filter(|word| !word.is_empty()) {
        match word {
            "每行" => scope.rows = Rows::Each,
            "每级" => scope.rows = Rows::Parents,
            "每单位" => scope.rows = Rows::Units,
            "有编码" => scope.coded = true,
            "每列" => scope.columns = Some(Columns::All),
            _ if scope.table.is_none() => {
                let table = unquoted(word);
                if !ids.is_table(table) {
                    return Err(ids.no_table(table));
                }
                scope.table = Some(table.to_owned());
            }
            _ => {
                let column = unquoted(word.strip_suffix("各列").unwrap_or(word));
                scope.columns = Some(Columns::Under(column.to_owned()));
            }
        }
    }
    if scope.rows == Rows::Parents && scope.columns.is_none() {
        scope.columns = Some(Columns::All);
    }
    Ok((scope, rest))
}

/// Reads comparisons and their terms.
struct Reader<'i> {
    ids: &'i Ids,
    /// A table is being walked: names without one are its own.
    within: bool,
}

impl Reader<'_> {
    fn comparison(&self, text: &str) -> Result<Comparison, String> {
        for (sign, relation) in RELATIONS {
            if let [left, right] = split_outside(text, sign).as_slice() {
                let (left, right) = (self.sum(left)?, self.sum(right)?);
                return Ok(Comparison { left, relation, right });
            }
        }
        Err(format!("“{text}”里要有一个 =、≤ 或 ≥，两边留空格"))
    }

    fn sum(&self, text: &str) -> Result<Vec<(Sign, Term)>, String> {
        let mut found = Vec::new();
        for plus in split_outside(text, " + ") {
            for (nth, part) in split_outside(plus, " - ").into_iter().enumerate() {
                let sign = if nth == 0 { Sign::Plus } else { Sign::Minus };
                let number = found.len() + 1;
                let told = |error| format!("第 {number} 项{error}");
                found.push((sign, self.product(part.trim()).map_err(told)?));
            }
        }
        Ok(found)
    }

    fn product(&self, text: &str) -> Result<Term, String> {
        let mut factors = Vec::new();
        for times in split_outside(text, " × ") {
            for (nth, part) in split_outside(times, " ÷ ").into_iter().enumerate() {
                let factor = if nth == 0 { Factor::Times } else { Factor::Over };
                factors.push((factor, self.term(part.trim())?));
            }
        }
        let (_, first) = factors.remove(0);
        Ok(if factors.is_empty() { first } else { Term::Product(Box::new(first), factors) })
    }

    fn term(&self, text: &str) -> Result<Term, String> {
        let (digits, percent) = match text.strip_suffix(['%', '％']) {
            Some(digits) => (digits, true),
            None => (text, false),
        };
        if let Ok(number) = Decimal::from_str_exact(digits) {
            return Ok(if percent { Term::Percent(number) } else { Term::Number(number) });
        }
        if let Some(inside) = group(text) {
            return Ok(Term::Group(self.sum(inside)?));
        }
        match text {
            "上级" => return Ok(Term::Parent),
            "下级之和" => return Ok(Term::ChildrenSum),
            "" => return Err("是空的".to_owned()),
            _ => {}
        }
        match text.split_once('「') {
            Some((part, pattern)) if !part.is_empty() && !part.ends_with('.') => {
                self.text(text, part, pattern)
            }
            _ => self.cell(text),
        }
    }

    /// `第四部分「共计#万元」`
    fn text(&self, text: &str, part: &str, pattern: &str) -> Result<Term, String> {
        if !self.ids.is_part(part) && !self.ids.is_table(part) {
            return Err(self.ids.no_part(part));
        }
        let pattern = pattern.strip_suffix('」').unwrap_or(pattern);
        let (before, after) =
            pattern.split_once('#').ok_or_else(|| format!("“{text}”里少了代表数的 #"))?;
        Ok(Term::Text { part: part.into(), before: before.into(), after: after.into() })
    }

    fn cell(&self, text: &str) -> Result<Term, String> {
        let names: Vec<&str> = split_outside(text, ".").into_iter().map(unquoted).collect();
        let named_table = self.ids.is_table(names[0]);
        // Two names are a row and a column of the table that is walked; else the first is a table.
        let missing = names.len() > if self.within { 2 } else { 1 };
        if !named_table && (missing || (names.len() > 1 && self.ids.looks_like_table(names[0]))) {
            return Err(self.ids.no_table(names[0]));
        }
        let table = named_table.then(|| names[0].to_owned());
        match &names[usize::from(named_table)..] {
            [] => Err(format!("“{text}”没有说是哪一行")),
            [one] => Ok(match row(one) {
                Row::Named(name) if table.is_none() => {
                    Term::Cell { table, row: None, column: Some(name) }
                }
                row => Term::Cell { table, row: Some(row), column: None },
            }),
            [one, column] => {
                Ok(Term::Cell { table, row: Some(row(one)), column: Some((*column).to_owned()) })
            }
            _ => Err(format!("“{text}”的点太多；名称里有点就加「」")),
        }
    }
}

fn row(name: &str) -> Row {
    match name {
        "同行" => Row::Same,
        "合计行" => Row::Total,
        "以上之和" => Row::Above,
        "各单位之和" => Row::Sum(Group::Units),
        "各行之和" => Row::Sum(Group::Leaves),
        _ => match LEVELS.iter().position(|level| name == format!("各{level}之和")) {
            Some(at) => Row::Sum(Group::Level(at + 1)),
            None => Row::Named(name.to_owned()),
        },
    }
}

/// What stands in the brackets that a term begins and ends with.
fn group(text: &str) -> Option<&str> {
    let inside = text.strip_prefix(['(', '（'])?.strip_suffix([')', '）'])?;
    let mut depth = 0_i32;
    let closes_early = inside.chars().any(|c| {
        depth += i32::from(matches!(c, '(' | '（')) - i32::from(matches!(c, ')' | '）'));
        depth < 0
    });
    (!closes_early).then_some(inside.trim())
}

fn unquoted(name: &str) -> &str {
    let name = name.trim();
    name.strip_prefix('「').and_then(|name| name.strip_suffix('」')).unwrap_or(name)
}

/// Splits at a separator that stands outside of 「…」 and brackets.
fn split_outside<'a>(text: &'a str, separator: &str) -> Vec<&'a str> {
    let mut parts = Vec::new();
    let (mut start, mut at) = (0, 0);
    let (mut quotes, mut brackets) = (0_usize, 0_usize);
    while at < text.len() {
        let rest = &text[at..];
        if rest.starts_with('「') {
            quotes += 1;
        } else if rest.starts_with('」') {
            quotes = quotes.saturating_sub(1);
        } else if quotes == 0 && rest.starts_with(['(', '（']) {
            brackets += 1;
        } else if quotes == 0 && rest.starts_with([')', '）']) {
            brackets = brackets.saturating_sub(1);
        } else if quotes + brackets == 0 && rest.starts_with(separator) {
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
