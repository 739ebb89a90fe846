//! The sheets that `import` takes back: the source's figures as tables, and the source itself.

use std::sync::Arc;

use rust_decimal::Decimal;
use rust_xlsxwriter::{Format, Workbook, Worksheet, XlsxError};

use super::cells::{Block, double, put};
use super::frame::{columns, rows};
use super::look::Looks;
use crate::exchange::facts::{List, Stated, facts};
use crate::exchange::fingerprint;
use crate::exchange::stored::Stored;
use crate::finding::File;

/// The sheet that holds the source, a line a row.
pub const SOURCE: &str = "数据文件";
/// Before the name of a list on its sheet.
pub const PREFIX: &str = "数据-";
/// The column that says where in the source a row comes from.
pub const POSITION: &str = "位置";
/// Rows of the sheet of the source: what it is, then its lines.
pub const SOURCE_LINES: u32 = 2;
/// What stands in the first column of a line that ends in a carriage return.
pub const RETURN: &str = "CR";
/// A cell holds 32 767 characters; a longer line goes on in the next.
const MOST_CHARACTERS: usize = 30_000;
/// As many digits as a number in a cell keeps.
const MOST_DIGITS: usize = 15;

/// Adds the sheets of a source.
pub fn write(workbook: &mut Workbook, file: &Arc<File>, looks: &Looks) -> Result<(), XlsxError> {
    for list in facts(file) {
        list_sheet(workbook.add_worksheet(), &list, looks)?;
    }
    source_sheet(workbook.add_worksheet(), file, looks)
}

fn list_sheet(sheet: &mut Worksheet, list: &List, looks: &Looks) -> Result<(), XlsxError> {
    sheet.set_name(format!("{PREFIX}{}", list.name))?;
    sheet.set_landscape().set_paper_size(9).set_print_fit_to_pages(1, 0);
    sheet.set_freeze_panes(1, 0)?.set_repeat_rows(0, 0)?;
    let heads = list.texts.iter().chain(&list.figures).map(String::as_str).chain([POSITION]);
    for (column, head) in heads.enumerate() {
        sheet.write_string_with_format(0, columns(column), head, &looks.head)?;
    }
    let figures = list.texts.len();
    let position = figures + list.figures.len();
    for (nth, row) in list.rows.iter().enumerate() {
        let at = rows(nth) + 1;
        for (column, text) in row.texts.iter().enumerate() {
            sheet.write_string_with_format(at, columns(column), text, &looks.text)?;
        }
        for (column, (_, stated)) in row.figures.iter().enumerate() {
            let column = columns(figures + column);
            match stated {
                Some(stated) => figure(sheet, at, column, stated, &looks.amount)?,
                None => {
                    put(sheet, Block::line(at, column, 1), &Stored::Blank, None, &looks.amount)?
                }
            }
        }
        sheet.write_string_with_format(
            at,
            columns(position),
            row.path.to_string(),
            &looks.muted,
        )?;
    }
    for column in 0..=position {
        let width = match column {
            _ if column == position => 40.0,
            _ if column < figures => 26.0,
            _ => 14.0,
        };
        sheet.set_column_width(columns(column), width)?;
    }
    Ok(())
}

/// A figure as the source states it: with its own decimals.
fn figure(
    sheet: &mut Worksheet,
    row: u32,
    column: u16,
    stated: &Stated,
    look: &Format,
) -> Result<(), XlsxError> {
    let amount = Decimal::from_str_exact(&stated.text).ok();
    match amount.filter(|_| stated.text.len() <= MOST_DIGITS) {
        Some(amount) => {
            let fraction = "0".repeat(amount.scale() as usize);
            let point = if fraction.is_empty() { "" } else { "." };
            let look = look.clone().set_num_format(format!("#,##0{point}{fraction}"));
            sheet.write_number_with_format(row, column, double(amount), &look)?;
        }
        None => {
            sheet.write_string_with_format(row, column, &stated.text, look)?;
        }
    }
    Ok(())
}

fn source_sheet(sheet: &mut Worksheet, file: &Arc<File>, looks: &Looks) -> Result<(), XlsxError> {
    sheet.set_name(SOURCE)?;
    let name = file.name.rsplit(['/', '\\']).next().unwrap_or(&file.name);
    let what = "导出时的数据文件，导入时对照用，不要改；要改数，改前面各表";
    for (row, key, value) in [(0, "说明", what), (1, name, &fingerprint(&file.text))] {
        sheet.write_string_with_format(row, 0, key, &looks.muted)?;
        sheet.write_string_with_format(row, 1, value, &looks.muted)?;
    }
    sheet.set_column_width(0, 12)?.set_column_width(1, 120)?;
    for (nth, line) in file.text.split('\n').enumerate() {
        let row = SOURCE_LINES + rows(nth);
        let body = line.strip_suffix('\r').unwrap_or(line);
        if body.len() < line.len() {
            sheet.write_string_with_format(row, 0, RETURN, &looks.muted)?;
        }
        let characters: Vec<char> = body.chars().collect();
        for (column, piece) in (1..).zip(characters.chunks(MOST_CHARACTERS)) {
            let piece: String = piece.iter().collect();
            sheet.write_string_with_format(row, column, piece, &looks.text)?;
        }
    }
    Ok(())
}
