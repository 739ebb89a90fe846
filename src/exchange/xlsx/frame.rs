//! Where the parts of an official table stand on its sheet: one answer for writing and reading.

use crate::report::{Table, plain};

/// How Excel calls the paper.
pub const A4: u8 = 9;
/// The longest name that a sheet can have.
const LONGEST_NAME: usize = 31;

/// Rows of a sheet, from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Frame {
    pub number: u32,
    pub title: u32,
    pub subtitle: Option<u32>,
    /// The line with 部门名称 and 单位.
    pub line: Option<u32>,
    pub header: u32,
    pub body: u32,
    pub notes: u32,
}

impl Frame {
    pub fn of(table: &Table) -> Self {
        let mut next = 2;
        let mut row = |present: bool| {
            present.then(|| {
                next += 1;
                next - 1
            })
        };
        let subtitle = row(!table.subtitle.is_empty());
        let line = row(!(table.left.is_empty() && table.right.is_empty()));
        let header = next;
        let body = header + rows(table.grid.header.len());
        let notes = body + rows(table.grid.rows.len());
        Self { number: 0, title: 1, subtitle, line, header, body, notes }
    }
}

/// Excel has fewer rows than `u32`, and reports far fewer still.
pub fn rows(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

pub fn columns(count: usize) -> u16 {
    u16::try_from(count).unwrap_or(u16::MAX)
}

/// `表1 收支总表`, without what names of sheets cannot hold.
pub fn sheet_name(table: &Table) -> String {
    let name = format!("{} {}", table.id, plain(&table.title));
    let allowed = |c: &char| !matches!(c, '[' | ']' | ':' | '*' | '?' | '/' | '\\' | '\'');
    name.chars().filter(allowed).take(LONGEST_NAME).collect()
}

/// `D8`
pub fn cell_name(row: u32, column: u16) -> String {
    rust_xlsxwriter::utility::row_col_to_cell(row, column)
}
