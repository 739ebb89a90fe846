//! The report for other programs: workbook, Word, CSV, JSON, HTML, Fiscal Data Package; and the way back
//! from a workbook to a source.
//!
//! Every writer reads the same [`Report`] that is typeset; none touches files.

mod archive;
pub mod attach;
mod csv;
pub mod docx;
pub mod facts;
mod fdp;
mod html;
pub mod import;
mod json;
mod stored;
pub mod verify;
pub mod xlsx;

use sha2::{Digest, Sha256};

use crate::budget::Budget;
use crate::form::Form;
use crate::report::Report;

/// What a report can be written as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Xlsx,
    Csv,
    Json,
    Html,
    /// Fiscal Data Package
    Fdp,
}

/// What comes of an export: one file, or a folder of files by name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Written {
    File(Vec<u8>),
    Folder(Vec<(String, Vec<u8>)>),
}

/// Why there is no export; nothing that a source can say brings it about.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct Trouble(String);

/// Writes a report for other programs. The same report gives the same bytes.
pub fn export(subject: &Subject<'_>, kind: Kind) -> Result<Written, Trouble> {
    fn trouble(error: impl std::fmt::Display) -> Trouble {
        Trouble(error.to_string())
    }
    match kind {
        Kind::Xlsx => xlsx::xlsx(subject).map(Written::File).map_err(trouble),
        Kind::Csv => csv::csv(subject).map(Written::Folder).map_err(trouble),
        Kind::Json => Ok(Written::File(format!("{:#}\n", json::json(subject)).into_bytes())),
        Kind::Html => {
            html::html(subject).map(|page| Written::File(page.into_bytes())).map_err(trouble)
        }
        Kind::Fdp => fdp::fdp(subject).map(Written::Folder).map_err(trouble),
    }
}

/// What is handed out: a report, and what it was made from.
#[derive(Clone, Copy)]
pub struct Subject<'a> {
    pub form: &'a Form,
    pub budget: &'a Budget,
    pub report: &'a Report,
}

/// The name of a file without its folders: where it lies on a disk is nobody's concern.
pub fn base_name(path: &str) -> &str {
    path.rsplit(['/', '\\']).next().unwrap_or(path)
}

/// The SHA-256 of a text, in hexadecimal digits.
pub fn fingerprint(text: &str) -> String {
    fingerprint_of(text.as_bytes())
}

/// The SHA-256 of bytes, in hexadecimal digits.
pub fn fingerprint_of(bytes: &[u8]) -> String {
    let digest = Sha256::digest(bytes);
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}
