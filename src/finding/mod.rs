//! What is wrong, where, and what to do about it: one type for every stage, several renderers.
//!
//! A finding never ends the work by itself: stages collect all of them, and the command line
//! decides what an error stops.

mod html;
mod human;
mod json;
mod sarif;

use std::io;
use std::ops::Range;
use std::sync::Arc;

use crate::report::Address;

pub use html::{page, to_html};
pub use human::{conclusion, render, render_all, summary_line};
pub use json::{summary, to_json};
pub use sarif::to_sarif;

/// A text that findings point into: a source, a form's file, a template.
#[derive(Debug, PartialEq, Eq)]
pub struct File {
    /// The name that the user knows it by, usually the path as typed.
    pub name: String,
    pub text: String,
}

impl File {
    pub fn new(name: impl Into<String>, text: impl Into<String>) -> Arc<Self> {
        Arc::new(Self { name: name.into(), text: text.into() })
    }

    /// Line and column of a byte, both counted from 1, columns in characters.
    pub fn line_column(&self, byte: usize) -> (usize, usize) {
        let before = &self.text[..self.text.floor_char_boundary(byte)];
        let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
        (before.matches('\n').count() + 1, before[line_start..].chars().count() + 1)
    }
}

/// A stretch of a [`File`], in bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spot {
    pub file: Arc<File>,
    pub range: Range<usize>,
}

/// How much a finding weighs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// 错误: stops the final PDF.
    Error,
    /// 警告: passes with a written reason (说明).
    Warning,
    /// 提示: free.
    Info,
}

impl Severity {
    /// The word of the `--json` output.
    pub fn word(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Info => "info",
        }
    }
}

/// One thing that is wrong, or worth knowing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// Stable short name, such as `S08`.
    pub code: String,
    pub severity: Severity,
    /// One Chinese sentence: what is wrong.
    pub message: String,
    /// Where it was typed.
    pub spot: Option<Spot>,
    /// A few words under the caret.
    pub label: Option<String>,
    /// What to do.
    pub help: Option<String>,
    /// Where the reader sees it.
    pub shown: Option<Shown>,
    /// Both sides of a comparison, as printed.
    pub sides: Option<Sides>,
    /// Further places of the source that feed it.
    pub feeds: Vec<Spot>,
    /// 说明: the office's written reason for a warning.
    pub reason: Option<String>,
}

/// A place in the report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    pub address: Address,
    /// 第三部分, or 表7.
    pub part: String,
    /// What the row is called, for a cell.
    pub row: Option<String>,
    pub column: Option<String>,
    /// The page from 1, where the report was typeset.
    pub page: Option<usize>,
}

/// What was expected, what is there, and the difference, as the reader sees them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sides {
    pub expected: String,
    pub actual: String,
    pub difference: String,
}

/// 公开要素: what the law wants published, and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Required {
    pub what: String,
    /// 第四部分, or 表7.
    pub part: String,
    /// Everything in that part; empty if there is none.
    pub addresses: Vec<Address>,
    /// The page where the part begins, where the report was typeset.
    pub page: Option<usize>,
}

/// What was looked for in one source.
#[derive(Debug)]
pub struct Checked {
    /// The source's name.
    pub source: String,
    pub required: Vec<Required>,
    /// Whether there was a report to audit; else the findings say why there was none.
    pub audited: bool,
}

impl Finding {
    pub fn error(code: &str, message: impl Into<String>) -> Self {
        Self::new(code, Severity::Error, message)
    }

    pub fn warning(code: &str, message: impl Into<String>) -> Self {
        Self::new(code, Severity::Warning, message)
    }

    pub fn new(code: &str, severity: Severity, message: impl Into<String>) -> Self {
        Self {
            code: code.to_owned(),
            severity,
            message: message.into(),
            spot: None,
            label: None,
            help: None,
            shown: None,
            sides: None,
            feeds: Vec::new(),
            reason: None,
        }
    }

    pub fn at(mut self, file: &Arc<File>, range: Range<usize>) -> Self {
        self.spot = Some(Spot { file: file.clone(), range });
        self
    }

    pub fn label(mut self, label: impl Into<String>) -> Self {
        self.label = Some(label.into());
        self
    }

    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}

/// The reason that a warning carries which `--allow` lets pass.
pub const ALLOWED: &str = "本次用 --allow 略过";

impl Finding {
    /// Whether `--allow` lets it pass, without a written reason.
    pub fn is_allowed(&self) -> bool {
        self.reason.as_deref() == Some(ALLOWED)
    }

    /// Whether it keeps the final PDF from being written.
    pub fn blocks(&self) -> bool {
        match self.severity {
            Severity::Error => true,
            Severity::Warning => self.reason.is_none(),
            Severity::Info => false,
        }
    }
}

/// Sorts findings as a reader wants them: by file, then by place; last what has no place.
pub fn sort(findings: &mut [Finding]) {
    findings.sort_by_key(|finding| match &finding.spot {
        Some(spot) => (false, spot.file.name.clone(), spot.range.start),
        None => (true, String::new(), 0),
    });
}

/// Why the system refused: the usual reasons in Chinese, its own words for the rest.
pub fn reason(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "没有这个文件或文件夹".into(),
        io::ErrorKind::PermissionDenied => "没有权限，或文件正被别的程序打开".into(),
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => "磁盘满了".into(),
        io::ErrorKind::ReadOnlyFilesystem => "磁盘是只读的".into(),
        io::ErrorKind::IsADirectory => "这是一个文件夹".into(),
        io::ErrorKind::NotADirectory => "路径中间有一个不是文件夹".into(),
        io::ErrorKind::AlreadyExists => "已有同名的文件".into(),
        _ => error.to_string(),
    }
}
