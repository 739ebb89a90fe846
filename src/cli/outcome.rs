//! How a run ended, and the plain failures of the world outside: disks, folders, files.

use std::io;
use std::path::Path;
use std::process::ExitCode;

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
        Self(format!("{what} {}：{}", path.display(), reason(error)))
    }
}

/// The usual reasons in Chinese; the system's own words for the rest.
fn reason(error: &io::Error) -> String {
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
