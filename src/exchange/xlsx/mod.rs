//! The workbook: the official tables a sheet each, then the facts that `import` takes back.

mod cells;
mod data;
pub mod frame;
mod look;
mod official;

use rust_xlsxwriter::{DocProperties, ExcelDateTime, Workbook, XlsxError};

use super::{Subject, archive};
use crate::audit::{self, Workings};
pub use data::{POSITION, PREFIX, RETURN, SOURCE, SOURCE_LINES};
use look::Looks;

/// The workbook of a report. The same report gives the same bytes, on every system.
pub fn xlsx(subject: &Subject<'_>) -> Result<Vec<u8>, XlsxError> {
    let workings = audit::workings(subject.form, subject.budget, subject.report);
    let mut workbook = Workbook::new();
    workbook.set_properties(&properties(subject)?);
    let looks = Looks::default();
    tables(&mut workbook, subject, &workings, &looks)?;
    data::write(&mut workbook, &subject.budget.source, &looks)?;
    Ok(archive::of_one_system(workbook.save_to_buffer()?)?)
}

fn tables(
    workbook: &mut Workbook,
    subject: &Subject<'_>,
    workings: &Workings,
    looks: &Looks,
) -> Result<(), XlsxError> {
    for (nth, table) in subject.report.tables().enumerate() {
        let sheet = workbook.add_worksheet();
        official::write(sheet, table, nth, workings, looks)?;
    }
    Ok(())
}

/// Title, author and date of the report; no clock.
fn properties(subject: &Subject<'_>) -> Result<DocProperties, XlsxError> {
    let date = &subject.report.date;
    let year = u16::try_from(date.year).unwrap_or(u16::MAX);
    let created = ExcelDateTime::from_ymd(year, date.month, date.day)?;
    Ok(DocProperties::new()
        .set_title(subject.report.title_text())
        .set_author(&subject.report.author)
        .set_creation_datetime(&created))
}
