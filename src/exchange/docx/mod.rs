//! The report as a Word document, in the styles of its form, with its source inside so that what is
//! changed in it can come back.
//!
//! No crate at hand writes what is needed (`docx-rs` has no heads that repeat and no languages,
//! none has captions of tables), so the parts are written as trees of elements.

pub mod align;
pub mod carried;
mod document;
pub mod element;
mod marked;
mod numbers;
mod paper;
mod parts;
pub mod plan;
mod styles;
pub mod table;
mod text;

use std::io::{Cursor, Write};

use zip::write::SimpleFileOptions;

use super::{Subject, Trouble, archive};
use document::Written;
use element::Element;
pub use numbers::{Numbers, numbers};

/// The document of a report: the same report and page numbers give the same bytes, on every system.
/// `balance` says that 舍位平衡 was asked for on the command line.
pub fn docx(subject: &Subject<'_>, numbers: &Numbers, balance: bool) -> Result<Vec<u8>, Trouble> {
    let items = plan::plan(subject.report).into_iter().map(Written::from).collect();
    package(subject, numbers, balance, items)
}

/// The document of a report with what differs from an older one as tracked changes. It carries the
/// source of the new one.
pub fn marked_docx(
    old: &Subject<'_>,
    new: &Subject<'_>,
    numbers: &Numbers,
) -> Result<Vec<u8>, Trouble> {
    let (was, now) = (plan::plan(old.report), plan::plan(new.report));
    package(new, numbers, false, marked::marked(&was, &now))
}

fn package(
    subject: &Subject<'_>,
    numbers: &Numbers,
    balance: bool,
    items: Vec<Written<'_>>,
) -> Result<Vec<u8>, Trouble> {
    let (document, cells) = document::document(subject, numbers, items)?;
    let mut all: Vec<(&str, Element)> = parts::others(subject.report);
    let styles = styles::part(subject.form, &subject.budget.source, &cells)?;
    all.push((parts::FONTS.path, parts::fonts(&styles)));
    all.push((parts::STYLES.path, styles));
    all.push((parts::ITEM, carried::part(subject, balance)?));
    all.push(("docProps/custom.xml", carried::properties(subject)));
    all.push((parts::DOCUMENT, document));
    zipped(&all).map_err(|error| Trouble(error.to_string()))
}

fn zipped(all: &[(&str, Element)]) -> std::io::Result<Vec<u8>> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (path, part) in all {
        writer.start_file(*path, SimpleFileOptions::default())?;
        writer.write_all(&part.to_part()?)?;
    }
    writer.start_file(parts::THEME, SimpleFileOptions::default())?;
    writer.write_all(parts::THEME_TEXT.as_bytes())?;
    archive::of_one_system(writer.finish()?.into_inner())
}
