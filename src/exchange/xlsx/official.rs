//! An official table as a sheet: head, cells, notes, and the page it prints on.

use std::collections::BTreeMap;

use rust_decimal::Decimal;
use rust_xlsxwriter::{Worksheet, XlsxError};

use super::cells::{Block, put};
use super::frame::{A4, Frame, cell_name, columns, rows, sheet_name};
use super::look::{self, Looks};
use crate::audit::formula::Sign;
use crate::audit::{At, Part, Workings};
use crate::exchange::stored::Stored;
use crate::report::{Cell, Line, Row, Table, plain};

/// The size of type whose digits are as wide as Excel counts widths.
const SIZE: f64 = 10.5;
/// Characters of ten points across a landscape and a portrait page.
const ACROSS_LANDSCAPE: f64 = 128.0;
const ACROSS_PORTRAIT: f64 = 88.0;
/// Points of a line of text for each point of type, and the least height of a row.
const LEADING: f64 = 1.35;
const LEAST_HEIGHT: f64 = 18.0;
/// Excel's own limit for the height of a row.
const MOST_HEIGHT: f64 = 409.0;

/// What Excel takes as a formula.
const LONGEST_FORMULA: usize = 8_000;
const MOST_ARGUMENTS: usize = 255;

/// Writes one table on its sheet.
pub fn write(
    sheet: &mut Worksheet,
    table: &Table,
    nth: usize,
    workings: &Workings,
    looks: &Looks,
) -> Result<(), XlsxError> {
    let frame = Frame::of(table);
    let drawn = Drawn { table, nth, frame, values: values(table), workings };
    sheet.set_name(sheet_name(table))?;
    page(sheet, &drawn)?;
    head(sheet, &drawn, looks)?;
    drawn.rows(sheet, frame.header, &table.grid.header, false)?;
    drawn.rows(sheet, frame.body, &table.grid.rows, true)?;
    let width = columns(table.grid.columns.len());
    for (row, note) in (frame.notes..).zip(&table.notes) {
        text(sheet, Block::line(row, 0, width), note, &looks.note)?;
        let characters = widths(table).iter().sum();
        sheet.set_row_height(row, height(&plain(note), characters, 10.5))?;
    }
    Ok(())
}

/// A table on its way to its sheet.
struct Drawn<'a> {
    table: &'a Table,
    nth: usize,
    frame: Frame,
    values: BTreeMap<At, Decimal>,
    workings: &'a Workings,
}

/// The number that each amount's cell holds.
fn values(table: &Table) -> BTreeMap<At, Decimal> {
    let rows = table.grid.rows.iter().enumerate();
    rows.flat_map(|(row, cells)| cells.cells.iter().map(move |cell| (row, cell)))
        .filter_map(|(row, cell)| {
            let stored = Stored::of(cell);
            Some((At { row, column: cell.column }, stored.number()?.value))
        })
        .collect()
}

/// Paper, direction, head rows on every page, as wide as the page.
fn page(sheet: &mut Worksheet, drawn: &Drawn<'_>) -> Result<(), XlsxError> {
    sheet.set_paper_size(A4).set_print_fit_to_pages(1, 0).set_print_center_horizontally(true);
    sheet.set_footer("&C&P");
    if drawn.table.landscape {
        sheet.set_landscape();
    }
    for (column, width) in widths(drawn.table).into_iter().enumerate() {
        sheet.set_column_width(columns(column), width)?;
    }
    if drawn.frame.body > drawn.frame.header {
        sheet.set_repeat_rows(0, drawn.frame.body - 1)?;
        sheet.set_freeze_panes(drawn.frame.body, 0)?;
    }
    Ok(())
}

fn head(sheet: &mut Worksheet, drawn: &Drawn<'_>, looks: &Looks) -> Result<(), XlsxError> {
    let Drawn { table, frame, .. } = drawn;
    let width = columns(table.grid.columns.len());
    sheet.write_string_with_format(frame.number, 0, &table.number, &looks.line)?;
    text(sheet, Block::line(frame.title, 0, width), &table.title, &looks.title)?;
    sheet.set_row_height(frame.title, 27)?;
    if let Some(row) = frame.subtitle {
        let centred = looks.title.clone().set_font_size(10.5);
        text(sheet, Block::line(row, 0, width), &table.subtitle, &centred)?;
    }
    if let Some(row) = frame.line {
        let right = (width / 3).max(1);
        let left = width.saturating_sub(right);
        if left > 0 {
            text(sheet, Block::line(row, 0, left), &table.left, &looks.line)?;
        }
        text(sheet, Block::line(row, left, right), &table.right, &looks.line_right)?;
    }
    Ok(())
}

fn text(
    sheet: &mut Worksheet,
    block: Block,
    line: &Line,
    look: &rust_xlsxwriter::Format,
) -> Result<(), XlsxError> {
    put(sheet, block, &Stored::Text(plain(line)), None, look)
}

impl Drawn<'_> {
    fn rows(
        &self,
        sheet: &mut Worksheet,
        first: u32,
        grid: &[Row],
        body: bool,
    ) -> Result<(), XlsxError> {
        let size = size(self.table);
        let widths = widths(self.table);
        for (at, row) in grid.iter().enumerate() {
            let mut tallest = LEAST_HEIGHT;
            for cell in &row.cells {
                let at = At { row: at, column: cell.column };
                let formula = if body { self.formula(at) } else { None };
                let stored = Stored::of(cell);
                let look = look::cell(size, cell.align, cell.indent);
                put(sheet, self.block(first, at.row, cell), &stored, formula.as_deref(), &look)?;
                if cell.rows == 1 {
                    let end = (cell.column + cell.columns).min(widths.len());
                    let across = widths[cell.column..end].iter().sum();
                    tallest = tallest.max(height(&plain(&cell.text), across, size));
                }
            }
            sheet.set_row_height(first + rows(at), tallest)?;
        }
        Ok(())
    }

    fn block(&self, first: u32, row: usize, cell: &Cell) -> Block {
        Block {
            row: first + rows(row),
            column: columns(cell.column),
            rows: rows(cell.rows),
            columns: columns(cell.columns),
        }
    }

    /// The live formula of a cell, where the form's rules give one and the printed amount is
    /// exactly its result; a sum that only rounding explains stays a number.
    fn formula(&self, at: At) -> Option<String> {
        let value = self.values.get(&at)?;
        let parts = self.workings.get(&(self.nth, at))?;
        let mut sum = Decimal::ZERO;
        for part in parts {
            let amount = *self.values.get(&part.at)?;
            match part.sign {
                Sign::Plus => sum += amount,
                Sign::Minus => sum -= amount,
            }
        }
        if sum != *value {
            return None;
        }
        let sum = self.expression(parts).filter(|sum| sum.len() <= LONGEST_FORMULA)?;
        // Doubles do not add up to the last digit: the result is rounded to what the table has.
        let decimals = self.values.values().map(Decimal::scale).max().unwrap_or_default();
        let rounds = decimals > 0 && parts.len() > 1;
        Some(if rounds { format!("=ROUND({sum},{decimals})") } else { format!("={sum}") })
    }

    /// `SUM(D8:D10,D14)`, `E8+F8`, `C7-C6`
    fn expression(&self, parts: &[Part]) -> Option<String> {
        let name = |at: At| cell_name(self.frame.body + rows(at.row), columns(at.column));
        let column = parts[0].at.column;
        let down = parts.len() > 1
            && parts.iter().all(|part| part.sign == Sign::Plus && part.at.column == column);
        if !down {
            let terms = parts.iter().enumerate().map(|(nth, part)| {
                let sign = match part.sign {
                    Sign::Minus => "-",
                    Sign::Plus if nth > 0 => "+",
                    Sign::Plus => "",
                };
                format!("{sign}{}", name(part.at))
            });
            return Some(terms.collect());
        }
        let mut runs: Vec<(At, At)> = Vec::new();
        for part in parts {
            match runs.last_mut() {
                Some((_, last)) if last.row + 1 == part.at.row => *last = part.at,
                _ => runs.push((part.at, part.at)),
            }
        }
        let runs = runs.iter().map(|(first, last)| match first == last {
            true => name(*first),
            false => format!("{}:{}", name(*first), name(*last)),
        });
        let runs: Vec<String> = runs.collect();
        (runs.len() <= MOST_ARGUMENTS).then(|| format!("SUM({})", runs.join(",")))
    }
}

/// Widths of the columns in characters, in the proportions of the print, and as wide as their
/// numbers: Excel shows `####` for one that is wider. The page is as wide as the columns.
fn widths(table: &Table) -> Vec<f64> {
    let columns = &table.grid.columns;
    let total: u32 = columns.iter().map(|column| column.width).sum();
    let across = if table.landscape { ACROSS_LANDSCAPE } else { ACROSS_PORTRAIT };
    let share = |width: u32| across * f64::from(width) / f64::from(total.max(1));
    let mut widths: Vec<f64> = columns.iter().map(|column| share(column.width)).collect();
    let cells = table.grid.rows.iter().flat_map(|row| &row.cells);
    for cell in cells.filter(|cell| Stored::of(cell).number().is_some()) {
        let across = cell.column..(cell.column + cell.columns).min(widths.len());
        let missing = number_width(&plain(&cell.text), size(table))
            - widths[across.clone()].iter().sum::<f64>();
        if let Some(last) = widths[across].last_mut() {
            *last += missing.max(0.0);
        }
    }
    widths
}

fn size(table: &Table) -> f64 {
    table.size.parse().unwrap_or(SIZE)
}

/// The characters of width that a number of so many points needs.
pub fn number_width(text: &str, size: f64) -> f64 {
    text.chars().count() as f64 * size / SIZE + 1.0
}

/// The height of a row that holds a text in so many characters of width.
fn height(text: &str, across: f64, size: f64) -> f64 {
    let fits = ((across - 1.0) * 10.0 / size).max(2.0);
    let line = |line: &str| {
        let characters: f64 = line.chars().map(|c| if c.is_ascii() { 1.0 } else { 2.0 }).sum();
        (characters / fits).ceil().max(1.0)
    };
    let lines: f64 = text.split('\n').map(line).sum();
    (lines * size * LEADING).clamp(LEAST_HEIGHT, MOST_HEIGHT)
}
