//! A tidy CSV file a table: one amount a line, with everything that says what it is.

use std::borrow::Cow;

use super::Subject;
use super::stored::Stored;
use crate::audit::{At, Sheet};
use crate::budget::Measure;
use crate::report::{Role, Table, plain};

/// Excel takes a file for UTF-8 only when it begins with this.
const BOM: &[u8] = b"\xEF\xBB\xBF";
const HEADS: [&str; 9] =
    ["表号", "表名", "行号", "预算单位", "编码", "项目", "栏目", "数值", "单位"];

/// What spreadsheets take for the beginning of a formula.
const FORMULA: [char; 6] = ['=', '+', '-', '@', '\t', '\r'];
/// What keeps them from it. A text that begins with it gets another one: taking one off a text
/// always gives what it was.
const GUARD: char = '\'';

/// A text that no spreadsheet computes. Not for amounts, which may begin with a sign.
pub fn guarded(text: &str) -> Cow<'_, str> {
    match text.starts_with(FORMULA) || text.starts_with(GUARD) {
        true => Cow::Owned(format!("{GUARD}{text}")),
        false => Cow::Borrowed(text),
    }
}

/// Files by name, in the order of the tables.
pub fn csv(subject: &Subject<'_>) -> Result<Vec<(String, Vec<u8>)>, csv::Error> {
    subject.report.tables().map(|table| Ok((file_name(table), lines(table)?))).collect()
}

fn file_name(table: &Table) -> String {
    let safe = |c: &char| !matches!(c, '/' | '\\' | ':' | '*' | '?' | '"' | '<' | '>' | '|');
    let name = format!("{}-{}.csv", table.id, plain(&table.title));
    name.chars().filter(safe).collect()
}

fn lines(table: &Table) -> Result<Vec<u8>, csv::Error> {
    let mut writer =
        csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(BOM.to_vec());
    writer.write_record(HEADS)?;
    let sheet = Sheet::new(table);
    let title = plain(&table.title);
    let mut unit = String::new();
    for (nth, row) in table.grid.rows.iter().enumerate() {
        let first = row.cells.first().map(|cell| plain(&cell.text)).unwrap_or_default();
        if row.role == Role::Unit {
            unit = first;
        }
        let line = (nth + 1).to_string();
        let code = sheet.code(nth).unwrap_or_default().to_owned();
        for cell in &row.cells {
            let Some((figure, format)) = cell.printed() else { continue };
            let at = At { row: nth, column: cell.column };
            let value = match Stored::of(cell) {
                Stored::Number(number) => number.value.to_string(),
                Stored::Text(text) => text,
                Stored::Blank => String::new(),
            };
            let name = sheet.row_name(at);
            let name = name.strip_prefix(&code).unwrap_or(&name).trim_start();
            let measure = match figure.measure() {
                Measure::Money => format.unit_name(),
                Measure::Count | Measure::Plain => "",
                Measure::Percent => "%",
            };
            let heading = sheet.headings[cell.column].join("/");
            let texts = [&table.id, &title, &line, &unit, &code, name, &heading];
            let texts = texts.into_iter().map(guarded);
            writer
                .write_record(texts.chain([value.into(), measure.into()]).map(Cow::into_owned))?;
        }
    }
    writer.into_inner().map_err(|error| error.into_error().into())
}
