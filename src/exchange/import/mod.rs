//! From a workbook back to a source: what was changed in it, as edits of the YAML text.
//!
//! ```text
//! bytes ─book─▶ Book ─┬─exported─▶ Changes ─merge─▶ new text of the source
//!                     └─platform─▶ Changes ─┘
//! ```

mod amount;
mod base;
mod book;
mod comments;
mod exported;
mod gate;
mod merge;
mod parts;
pub mod platform;
pub mod word;
mod year;

use crate::finding::{Finding, Severity};
use crate::source::edit::Edit;

pub use base::{Base, base};
pub use book::{Book, open};
pub use exported::changes;
pub use merge::{Merged, merge};
pub use platform::{Answers, fresh, platform, unfilled};
pub use year::compare_exported;

/// What a workbook says differently.
#[derive(Debug, Default)]
pub struct Changes {
    pub changes: Vec<Change>,
    /// What the source has and the workbook has no more: taken only when the user says so.
    pub removals: Vec<Change>,
    /// What cannot be taken; each keeps everything from being written, unless the user says so.
    pub doubts: Vec<Finding>,
    /// What was left aside, and why.
    pub remarks: Vec<Finding>,
    /// What was read, a line for each unit.
    pub summary: Vec<String>,
}

/// One change of the source, and the cell that asks for it.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    pub edit: Edit,
    /// `数据-功能分类!E3`
    pub cell: String,
    /// What the figure is, as the user knows it.
    pub what: String,
    pub before: Option<String>,
    pub after: Option<String>,
}

impl Changes {
    /// Takes what is gone from the file that was given out of the source, too, or asks about it.
    pub fn decide(&mut self, remove: bool, given: &str) {
        if remove {
            self.changes.append(&mut self.removals);
        } else if !self.removals.is_empty() {
            let all = self.removals.len();
            let told = self.removals.iter().take(MOST_NAMED);
            let names: Vec<&str> = told.map(|change| change.what.as_str()).collect();
            let rest = if all > MOST_NAMED { " 等" } else { "" };
            let message =
                format!("数据文件里有、{given}里没有了的 {all} 处：{}{rest}", names.join("；"));
            self.doubt(
                UNFIT,
                message,
                &format!("确实不要了的，加 --remove 一并删掉；误删、漏了的，补进{given}"),
            );
        }
    }

    /// A doubt: what is wrong, and what to do.
    pub fn doubt(&mut self, code: &str, message: String, help: &str) {
        self.doubts.push(Finding::error(code, message).help(help));
    }

    /// Something that was left aside.
    pub fn remark(&mut self, code: &str, message: String) {
        self.remarks.push(Finding::new(code, Severity::Info, message));
    }
}

/// What a file is called that is imported.
pub const WORKBOOK: &str = "工作簿";
pub const DOCUMENT: &str = "文档";

/// So many of the places that are gone are named.
const MOST_NAMED: usize = 30;

/// The workbook cannot be read.
pub const UNREADABLE: &str = "X01";
/// A cell does not hold what belongs there.
pub const BAD_CELL: &str = "X02";
/// A computed cell was changed.
pub const COMPUTED: &str = "X03";
/// The workbook and the source do not fit together.
pub const UNFIT: &str = "X04";
/// Something was left aside.
pub const LEFT: &str = "X05";
