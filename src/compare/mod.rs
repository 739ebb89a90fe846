//! What changed from one report to another: by table, row and column with both amounts, by
//! paragraph with the changed words, and what it did to the totals.
//!
//! ```text
//! Report, Report ─▶ Comparison ─▶ text, JSON, HTML, marks and summary pages for the typesetter
//! ```

mod html;
mod marks;
mod rows;
mod summary;
mod tables;
mod text;
mod texts;
mod totals;
mod words;

use serde::Serialize;

use crate::report::{Address, Report};
pub use html::to_html;
pub use marks::{Mark, Marks, Site, marks};
pub use summary::with_summary;
pub use text::{report_text, to_text};
pub use texts::alike;
pub use words::{Word, diff as words, split as split_words};

/// What happened to a table, a row or a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Change {
    /// 新增
    Added,
    /// 删除
    Removed,
    /// 修改
    Changed,
    /// 移动: the same, elsewhere.
    Moved,
}

impl Change {
    /// The word for readers.
    pub fn word(self) -> &'static str {
        match self {
            Self::Added => "新增",
            Self::Removed => "删除",
            Self::Changed => "修改",
            Self::Moved => "移动",
        }
    }
}

/// Everything that differs between two reports.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Comparison {
    /// The sources, as they are called.
    pub old: String,
    pub new: String,
    /// 合计 that changed, and the rows that made them.
    pub totals: Vec<Total>,
    pub tables: Vec<TableChange>,
    /// Changed words outside tables, in the order of the new report.
    pub texts: Vec<TextChange>,
}

impl Comparison {
    pub fn is_empty(&self) -> bool {
        self.tables.is_empty() && self.texts.is_empty()
    }
}

/// A total that changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Total {
    pub table: String,
    pub row: String,
    pub column: String,
    pub old: String,
    pub new: String,
    pub difference: String,
    /// The rows below that changed in the same column.
    pub because: Vec<Cause>,
    /// Whether their differences add up to the total's.
    pub explained: bool,
}

/// A row that moved a total.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Cause {
    pub row: String,
    pub difference: String,
}

/// What changed in a table; its rows in the order of the new one, removed ones where they stood.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TableChange {
    pub number: String,
    pub title: String,
    pub change: Change,
    /// Title, head, column heads and notes.
    pub texts: Vec<TextChange>,
    pub rows: Vec<RowChange>,
}

/// What changed in a row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RowChange {
    pub change: Change,
    /// It also stands elsewhere among its neighbours, or under another unit.
    pub moved: bool,
    /// 合计, or a unit's own line.
    pub total: bool,
    pub unit: Option<String>,
    pub code: Option<String>,
    pub name: String,
    /// Its earlier name, when it was renamed.
    pub old_name: Option<String>,
    /// The words of its name, when they differ.
    pub words: Vec<Word>,
    /// Where its name stands in the new report.
    pub label: Vec<Address>,
    pub cells: Vec<CellChange>,
}

/// A cell that differs; every printed cell of a row that is new or gone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CellChange {
    pub column: String,
    pub old: Option<Printed>,
    pub new: Option<Printed>,
    /// New less old, with its sign; nothing for texts.
    pub difference: Option<String>,
}

/// What a reader sees, and where.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Printed {
    pub text: String,
    pub address: Address,
}

/// A paragraph, heading, title or note that differs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TextChange {
    /// 封面, 第二部分 …, 表头 …
    pub part: String,
    pub change: Change,
    pub words: Vec<Word>,
    pub old: Option<Address>,
    pub new: Option<Address>,
    /// Which row it is in the new report, heads counted, where a table inside a part holds it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub row: Option<usize>,
}

/// Compares two reports.
pub fn compare(old: &Report, new: &Report) -> Comparison {
    let tables = tables::compare(old, new);
    Comparison {
        old: old.file.name.replace('\\', "/"),
        new: new.file.name.replace('\\', "/"),
        totals: totals::of(&tables),
        tables: tables.into_iter().map(|(change, _)| change).collect(),
        texts: texts::compare(old, new),
    }
}
