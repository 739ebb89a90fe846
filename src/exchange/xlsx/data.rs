//! The sheets that `import` takes back: the source's figures as tables, and the source itself.

use std::sync::Arc;

use rust_decimal::Decimal;
use rust_xlsxwriter::{Format, Workbook, Worksheet, XlsxError};

use super::cells::double;
use super::frame::{A4, columns, rows};
use super::look::Looks;
use crate::budget::print;
use crate::exchange::facts::{List, Row, Slot, facts};
use crate::exchange::{base_name, fingerprint};
use crate::finding::File;
use crate::source::{Located, Source};

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
/// The least and the most that a column is wide, in characters.
const LEAST_WIDTH: f64 = 12.0;
const MOST_WIDTH: f64 = 46.0;
/// As many digits as a number in a cell keeps.
const MOST_DIGITS: usize = 15;

/// Adds the sheets of a source.
pub fn write(
    workbook: &mut Workbook,
    source: &Located<Source>,
    looks: &Looks,
) -> Result<(), XlsxError> {
    let decimals = print::decimals(&source.value.amounts);
    for list in facts(&source.tree) {
        list_sheet(workbook.add_worksheet(), &list, decimals, looks)?;
    }
    source_sheet(workbook.add_worksheet(), &source.file, looks)
}

fn list_sheet(
    sheet: &mut Worksheet,
    list: &List,
    decimals: u32,
    looks: &Looks,
) -> Result<(), XlsxError> {
    sheet.set_name(format!("{PREFIX}{}", list.name))?;
    sheet.set_landscape().set_paper_size(A4).set_print_fit_to_pages(1, 0);
    sheet.set_freeze_panes(1, 0)?.set_repeat_rows(0, 0)?;
    for (column, head) in heads(list).enumerate() {
        sheet.write_string_with_format(0, columns(column), head, &looks.head)?;
    }
    let figures = list.texts.len();
    let position = figures + list.figures.len();
    for (nth, row) in list.rows.iter().enumerate() {
        let at = rows(nth) + 1;
        for (column, text) in row.texts.iter().enumerate() {
            sheet.write_string_with_format(at, columns(column), text, &looks.text)?;
        }
        for (column, slot) in row.figures.iter().enumerate() {
            let least = if slot.is_money { decimals } else { 0 };
            figure(sheet, (at, columns(figures + column)), slot, least, &looks.amount)?;
        }
        sheet.write_string_with_format(
            at,
            columns(position),
            row.path.to_string(),
            &looks.muted,
        )?;
    }
    for (column, head) in heads(list).enumerate() {
        let text = |row: &Row| match column == position {
            true => across(&row.path.to_string()),
            false => row.texts.get(column).map_or(0.0, |text| across(text)),
        };
        let longest = list.rows.iter().map(text).fold(across(head).max(LEAST_WIDTH), f64::max);
        let number = |row: &Row| {
            let slot = column.checked_sub(figures).and_then(|at| row.figures.get(at));
            slot.and_then(|slot| slot.stated.as_ref())
                .map_or(0.0, |stated| grouped(&stated.text, decimals))
        };
        let numbers = list.rows.iter().map(number).fold(0.0, f64::max);
        sheet.set_column_width(columns(column), longest.min(MOST_WIDTH).max(numbers))?;
    }
    Ok(())
}

fn heads(list: &List) -> impl Iterator<Item = &str> {
    list.texts.iter().chain(&list.figures).map(String::as_str).chain([POSITION])
}

/// The width of a number in characters, with commas and at least so many decimals.
fn grouped(number: &str, decimals: u32) -> f64 {
    let digits = number.chars().count();
    let decimals = if number.contains('.') { 0 } else { decimals as usize + 1 };
    (digits + digits / 3 + decimals + 2) as f64
}

/// The width of a text in characters.
fn across(text: &str) -> f64 {
    text.chars().map(|c| if c.is_ascii() { 1.0 } else { 2.0 }).sum::<f64>() + 2.0
}

/// A figure as the source states it, with at least the decimals that its amounts have.
fn figure(
    sheet: &mut Worksheet,
    (row, column): (u32, u16),
    slot: &Slot,
    least: u32,
    look: &Format,
) -> Result<(), XlsxError> {
    let text = slot.stated.as_ref().map_or("", |stated| &stated.text);
    let amount = Decimal::from_str_exact(text).ok().filter(|_| text.len() <= MOST_DIGITS);
    let decimals = amount.map_or(0, |amount| amount.scale()).max(least);
    let fraction = "0".repeat(decimals as usize);
    let point = if fraction.is_empty() { "" } else { "." };
    let look = look.clone().set_num_format(format!("#,##0{point}{fraction}"));
    match amount {
        Some(amount) => sheet.write_number_with_format(row, column, double(amount), &look)?,
        None if text.is_empty() => sheet.write_blank(row, column, &look)?,
        None => sheet.write_string_with_format(row, column, text, &look)?,
    };
    Ok(())
}

fn source_sheet(sheet: &mut Worksheet, file: &Arc<File>, looks: &Looks) -> Result<(), XlsxError> {
    sheet.set_name(SOURCE)?;
    sheet.set_paper_size(A4).set_print_fit_to_pages(1, 0);
    let name = base_name(&file.name);
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
