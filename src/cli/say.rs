//! Words to the user: a reader who closed the pipe does not want them, a full disk is a failure.

use std::fmt::Arguments;
use std::io::{self, IsTerminal, Write};
use std::sync::atomic::{AtomicBool, Ordering};

use super::Code;
use crate::finding::{self, Finding};

static LOST: AtomicBool = AtomicBool::new(false);

/// A line on standard output, as `println!` but without its panic.
macro_rules! tell {
    ($($words:tt)*) => { $crate::cli::say::out(format_args!($($words)*)) };
}

/// A line on standard error, as `eprintln!` but without its panic.
macro_rules! aside {
    ($($words:tt)*) => { $crate::cli::say::err(format_args!($($words)*)) };
}

pub(crate) use {aside, tell};

pub fn out(words: Arguments<'_>) {
    note(writeln!(io::stdout(), "{words}"));
}

pub fn err(words: Arguments<'_>) {
    note(writeln!(io::stderr(), "{words}"));
}

/// 错误：… on a line of its own.
pub fn failure(message: &str) {
    aside!("错误：{message}");
}

/// Findings, as people read them, on standard error.
pub fn findings(findings: &[Finding]) {
    let colour = io::stderr().is_terminal();
    let text = finding::render_all(findings, colour);
    if !text.is_empty() {
        aside!("{}", text.trim_end_matches('\n').to_owned() + "\n");
    }
}

/// The first of many findings, close together, and how many more there are.
pub fn some(findings: &[Finding], most: usize) {
    let colour = io::stderr().is_terminal();
    findings.iter().take(most).for_each(|it| aside!("{}", finding::render(it, colour)));
    if findings.len() > most {
        aside!("……还有 {} 处", findings.len() - most);
    }
}

/// Whether words were lost for another reason than a closed pipe.
pub fn lost() -> Code {
    note(io::stdout().flush());
    if LOST.load(Ordering::Relaxed) { Code::Failed } else { Code::Fine }
}

fn note(result: io::Result<()>) {
    if result.is_err_and(|error| error.kind() != io::ErrorKind::BrokenPipe) {
        LOST.store(true, Ordering::Relaxed);
    }
}
