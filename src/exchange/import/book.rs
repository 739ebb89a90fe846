//! A workbook as its cells: numbers as they show, texts, formulas; nothing of it is executed.

use std::io::Cursor;

use calamine::{DataRef, Reader, SheetType, SheetVisible, Xlsx};

use super::amount::{Amount, Format};
use super::parts::Hidden;
use super::{comments, gate};
use crate::exchange::xlsx::frame::{cell_name, columns};
use crate::finding::{Finding, Severity};

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
    /// The first and last cells of merged ranges, in their order, and the rows of the tallest.
    pub merged: Vec<((u32, u32), (u32, u32))>,
    tallest: u32,
    pub unseen: Hidden,
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
    Other(String),
}

/// Reads a workbook, or says why not.
pub fn open(bytes: &[u8]) -> Result<Book, Finding> {
    let gate::Admitted { remarks, has_formulas, mended, mut hidden, mut comments } =
        gate::check(bytes)?;
    let bytes = mended.as_deref().unwrap_or(bytes);
    let mut workbook: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(|_| gate::damaged())?;
    let mut book = Book { sheets: Vec::new(), remarks };
    let mut written_over = Vec::new();
    for (number, sheet) in workbook.sheets_metadata().to_vec().into_iter().enumerate() {
        if sheet.typ == SheetType::WorkSheet {
            let is_hidden = sheet.visible != SheetVisible::Visible;
            let mut cells = cells(&mut workbook, &sheet.name).map_err(|_| gate::damaged())?;
            if has_formulas {
                formulas(&mut workbook, &sheet.name, &mut cells).map_err(|_| gate::damaged())?;
            }
            let merged = workbook.merge_cells_by_sheet_name(&sheet.name);
            let merged = merged.map_err(|_| gate::damaged())?;
            let mut merged: Vec<_> = merged.iter().map(|it| (it.start, it.end)).collect();
            merged.sort_unstable();
            let heights = merged.iter().map(|(start, end)| end.0.saturating_sub(start.0));
            let tallest = heights.max().unwrap_or_default();
            let unseen = hidden.remove(&number).unwrap_or_default();
            let own = comments.remove(&number).unwrap_or_default().into_iter();
            let name = &sheet.name;
            written_over.extend(own.map(|(cell, words)| (format!("{name}!{cell}"), words)));
            book.sheets.push(Sheet {
                name: sheet.name,
                hidden: is_hidden,
                cells,
                merged,
                tallest,
                unseen,
            });
        }
    }
    let told = comments::told(&written_over);
    book.remarks.extend(told.map(|message| Finding::new(super::LEFT, Severity::Info, message)));
    Ok(book)
}

fn cells(workbook: &mut Xlsx<Cursor<&[u8]>>, name: &str) -> Result<Vec<Cell>, calamine::XlsxError> {
    let mut cells = Vec::new();
    let mut reader = workbook.worksheet_cells_reader(name)?;
    let format = |code: &str| Format::of(code);
    let formats: Vec<Format> = reader
        .styles()
        .iter()
        .map(|style| {
            style.number_format.as_ref().map_or_else(Format::default, |it| format(&it.format_code))
        })
        .collect();
    let plain = Format::default();
    while let Some((cell, style)) = reader.next_cell_with_style_id()? {
        let (row, column) = cell.get_position();
        let format = formats.get(style).unwrap_or(&plain);
        if let Some(content) = content(cell.get_value(), format) {
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

fn content(value: &DataRef<'_>, format: &Format) -> Option<Content> {
    let other = |what: &str| Content::Other(what.to_owned());
    Some(match value {
        DataRef::Empty => return None,
        DataRef::String(text) if text.trim().is_empty() => return None,
        DataRef::SharedString(text) if text.trim().is_empty() => return None,
        DataRef::String(text) => Content::Text(text.clone()),
        DataRef::SharedString(text) => Content::Text((*text).to_owned()),
        DataRef::Int(whole) => Content::number(Amount::exact((*whole).into()), format),
        DataRef::Float(value) => match Amount::of(*value, format) {
            Some(amount) => Content::number(amount, format),
            None => other("太大的数"),
        },
        DataRef::Bool(_) => other("是非值"),
        DataRef::DateTime(_) | DataRef::DateTimeIso(_) | DataRef::DurationIso(_) => other("日期"),
        DataRef::Error(_) => other("错误值"),
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

    /// The merged range that a cell lies in.
    pub fn range(&self, row: u32, column: u32) -> Option<((u32, u32), (u32, u32))> {
        let holds = |((top, left), (bottom, right)): &((u32, u32), (u32, u32))| {
            (*top..=*bottom).contains(&row) && (*left..=*right).contains(&column)
        };
        let start = self.merged.partition_point(|((top, _), _)| top + self.tallest < row);
        let near = self.merged[start..].iter().take_while(|((top, _), _)| *top <= row);
        near.copied().find(holds)
    }

    /// The text of a cell, or of the merged range that it lies in.
    pub fn merged_text(&self, row: u32, column: u32) -> String {
        let own = self.text(row, column);
        match self.range(row, column) {
            Some(((top, left), _)) if own.is_empty() => self.text(top, left),
            _ => own,
        }
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
    /// A number, unless its cell shows another one.
    fn number(amount: Amount, format: &Format) -> Self {
        match format.odd.filter(|_| !amount.held.is_zero()) {
            Some(odd) => Self::Other(format!("{odd}，单元格里存的是 {}", amount.held)),
            None => Self::Number(Amount { unit: format.unit, ..amount }),
        }
    }

    /// What a cell holds that is neither number nor text.
    pub fn unread(&self) -> Option<&str> {
        match self {
            Self::Uncomputed => Some("没有保存结果的公式（在 Excel 里打开，存一次）"),
            Self::Other(what) => Some(what),
            _ => None,
        }
    }

    pub fn text(&self) -> String {
        match self {
            Self::Number(amount) => amount.shown.to_string(),
            Self::Text(text) => text.replace("\r\n", "\n"),
            Self::Uncomputed | Self::Other(_) => String::new(),
        }
    }
}
