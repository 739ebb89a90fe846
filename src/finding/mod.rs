//! What is wrong, where, and what to do about it: one type for every stage, several renderers.
//!
//! A finding never ends the work by itself: stages collect all of them, and the command line
//! decides what an error stops.

mod human;
mod json;

use std::ops::Range;
use std::sync::Arc;

pub use human::render;
pub use json::{summary, to_json};

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
}

impl Finding {
    pub fn error(code: &str, message: impl Into<String>) -> Self {
        Self::new(code, Severity::Error, message)
    }

    pub fn warning(code: &str, message: impl Into<String>) -> Self {
        Self::new(code, Severity::Warning, message)
    }

    fn new(code: &str, severity: Severity, message: impl Into<String>) -> Self {
        Self {
            code: code.to_owned(),
            severity,
            message: message.into(),
            spot: None,
            label: None,
            help: None,
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

/// Sorts findings as a reader wants them: by file, then by place.
pub fn sort(findings: &mut [Finding]) {
    findings.sort_by(|a, b| {
        let key = |finding: &Finding| {
            finding.spot.as_ref().map(|spot| (spot.file.name.clone(), spot.range.start))
        };
        key(a).cmp(&key(b))
    });
}
