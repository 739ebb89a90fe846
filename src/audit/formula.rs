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
//! Terms are parted by ` + `, ` - `, ` × ` and ` ÷ `, sides by ` = `, ` ≤ `, ` ≥ `, with a space on
//! either side; `(…)` groups. A term is a number, a column, `TABLE.ROW`, `TABLE.ROW.COLUMN`, or a
//! text part with a pattern in which `#` is the number. `「…」` quotes a name that holds a dot or a
//! space. What tables and parts are called is the form's ([`super::ids`]).

use rust_decimal::Decimal;

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
    /// A number in the unit of what it is compared with.
    Number(Decimal),
    /// `12.5%`
    Percent(Decimal),
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
    /// `(A + B)`
    Group(Vec<(Sign, Term)>),
    /// `A × B ÷ C`
    Product(Box<Term>, Vec<(Factor, Term)>),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Factor {
    Times,
    Over,
}

#[derive(Debug, Clone, PartialEq)]
pub enum Row {
    /// A row by its name, or all rows of a code.
    Named(String),
    /// 同行: the row with the same unit and code, or name.
    Same,
    /// 合计行: the department's total.
    Total,
    /// 各单位之和, 各类之和, 各行之和: such rows added up.
    Sum(Group),
    /// 以上之和: the amounts above, in the same column.
    Above,
}

/// Rows that are added up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Group {
    Units,
    /// 类, 款 or 项: 1, 2, 3.
    Level(usize),
    /// Rows that nothing stands below.
    Leaves,
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
