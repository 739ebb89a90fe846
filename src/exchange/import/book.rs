//! A workbook as its cells: numbers as they show, texts, formulas; nothing of it is executed.

use std::io::Cursor;

use calamine::{DataRef, Reader, SheetType, SheetVisible, Xlsx};

use super::amount::{Amount, decimals};
use super::gate;
use crate::exchange::xlsx::frame::{cell_name, columns};
use crate::finding::Finding;

/// A workbook that was read.
#[derive(Debug, Default)]
pub struct Book {
    pub sheets: Vec<Sheet>,
    /// What is in the file and was not read.
    pub remarks: Vec<Finding>,
}

/// A sheet: its cells in the order of rows and columns, both from 0.
#[derive(Debug, Default)]
pub struct Sheet {
    pub name: String,
    pub hidden: bool,
    pub cells: Vec<Cell>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Cell {
    pub row: u32,
    pub column: u32,
    pub content: Content,
    pub formula: bool,
}

#[derive(Debug, Clone, PartialEq)]
pub enum Content {
    Number(Amount),
    Text(String),
    /// A formula whose result was not saved.
    Uncomputed,
    /// What no amount or name can be: a date, an error, …
    Other(&'static str),
}

/// Reads a workbook, or says why not.
pub fn open(bytes: &[u8]) -> Result<Book, Finding> {
    let gate::Admitted { remarks, has_formulas } = gate::check(bytes)?;
    let mut workbook: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(|_| gate::damaged())?;
    let mut book = Book { sheets: Vec::new(), remarks };
    for sheet in workbook.sheets_metadata().to_vec() {
        if sheet.typ == SheetType::WorkSheet {
            let hidden = sheet.visible != SheetVisible::Visible;
            let mut cells = cells(&mut workbook, &sheet.name).map_err(|_| gate::damaged())?;
            if has_formulas {
                formulas(&mut workbook, &sheet.name, &mut cells).map_err(|_| gate::damaged())?;
            }
            book.sheets.push(Sheet { name: sheet.name, hidden, cells });
        }
    }
    Ok(book)
}

fn cells(workbook: &mut Xlsx<Cursor<&[u8]>>, name: &str) -> Result<Vec<Cell>, calamine::XlsxError> {
    let mut cells = Vec::new();
    let mut reader = workbook.worksheet_cells_reader(name)?;
    let formats: Vec<Option<u32>> = reader
        .styles()
        .iter()
        .map(|style| style.number_format.as_ref().and_then(|format| decimals(&format.format_code)))
        .collect();
    while let Some((cell, style)) = reader.next_cell_with_style_id()? {
        let (row, column) = cell.get_position();
        let shown = formats.get(style).copied().flatten();
        if let Some(content) = content(cell.get_value(), shown) {
            cells.push(Cell { row, column, content, formula: false });
        }
    }
    cells.sort_by_key(|cell| (cell.row, cell.column));
    cells.dedup_by_key(|cell| (cell.row, cell.column));
    Ok(cells)
}

/// Marks the cells that hold formulas, and adds those without a saved result.
fn formulas(
    workbook: &mut Xlsx<Cursor<&[u8]>>,
    name: &str,
    cells: &mut Vec<Cell>,
) -> Result<(), calamine::XlsxError> {
    let mut found = Vec::new();
    let mut reader = workbook.worksheet_cells_reader(name)?;
    while let Some(formula) = reader.next_formula()? {
        // Every cell is told of; those without a formula with an empty one.
        if !formula.get_value().is_empty() {
            found.push(formula.get_position());
        }
    }
    drop(reader);
    for (row, column) in found {
        match cells.binary_search_by_key(&(row, column), |cell| (cell.row, cell.column)) {
            Ok(at) => cells[at].formula = true,
            Err(at) => {
                let content = Content::Uncomputed;
                cells.insert(at, Cell { row, column, content, formula: true });
            }
        }
    }
    Ok(())
}

fn content(value: &DataRef<'_>, decimals: Option<u32>) -> Option<Content> {
    Some(match value {
        DataRef::Empty => return None,
        DataRef::String(text) if text.trim().is_empty() => return None,
        DataRef::SharedString(text) if text.trim().is_empty() => return None,
        DataRef::String(text) => Content::Text(text.clone()),
        DataRef::SharedString(text) => Content::Text((*text).to_owned()),
        DataRef::Int(whole) => Content::Number(Amount::exact((*whole).into())),
        DataRef::Float(value) => match Amount::of(*value, decimals) {
            Some(amount) => Content::Number(amount),
            None => Content::Other("太大的数"),
        },
        DataRef::Bool(_) => Content::Other("是非值"),
        DataRef::DateTime(_) | DataRef::DateTimeIso(_) | DataRef::DurationIso(_) => {
            Content::Other("日期")
        }
        DataRef::Error(_) => Content::Other("错误值"),
    })
}

impl Book {
    pub fn sheet(&self, name: &str) -> Option<&Sheet> {
        self.sheets.iter().find(|sheet| sheet.name == name)
    }
}

impl Sheet {
    pub fn cell(&self, row: u32, column: u32) -> Option<&Cell> {
        let key = (row, column);
        let at = self.cells.binary_search_by_key(&key, |cell| (cell.row, cell.column)).ok()?;
        self.cells.get(at)
    }

    /// The text of a cell, a number as it shows; nothing for a blank one.
    pub fn text(&self, row: u32, column: u32) -> String {
        self.cell(row, column).map(|cell| cell.content.text()).unwrap_or_default()
    }

    /// Rows with anything in them: the number of each, and its cells.
    pub fn rows(&self) -> impl Iterator<Item = (u32, &[Cell])> {
        self.cells.chunk_by(|a, b| a.row == b.row).map(|cells| (cells[0].row, cells))
    }

    /// `表3 支出总表!D8`
    pub fn name_of(&self, row: u32, column: u32) -> String {
        format!("{}!{}", self.name, cell_name(row, columns(column as usize)))
    }
}

impl Content {
    pub fn text(&self) -> String {
        match self {
            Self::Number(amount) => amount.shown.to_string(),
            Self::Text(text) => text.replace("\r\n", "\n"),
            Self::Uncomputed | Self::Other(_) => String::new(),
        }
    }
}
