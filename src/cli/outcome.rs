//! How a run ended, and the plain failures of the world outside: disks, folders, files.

use std::io;
use std::path::Path;
use std::process::ExitCode;

use crate::finding;

/// The exit code, from best to worst.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Code {
    Fine = 0,
    /// Findings that somebody has to mend.
    Findings = 1,
    /// The tool could not do its work.
    Failed = 2,
}

impl From<Code> for ExitCode {
    fn from(code: Code) -> Self {
        Self::from(code as u8)
    }
}

/// A failure of the tool: one line for the user.
#[derive(Debug, Clone, thiserror::Error)]
#[error("{0}")]
pub struct Failure(pub String);

impl Failure {
    /// What could not be done with a path, and why.
    pub fn io(what: &str, path: &Path, error: &io::Error) -> Self {
        Self(format!("{what} {}：{}", path.display(), finding::reason(error)))
    }
}
