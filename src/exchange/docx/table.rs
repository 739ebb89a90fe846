//! A grid as a Word table: widths, heads on every page, merged cells.

use std::collections::BTreeSet;

use super::element::{Element, el, val};
use super::plan::{Sheet, Site, Slot, slots};
use super::styles::{self, CellStyle, twips};
use super::text::{self, Counter, Whole};
use crate::compare::Word;
use crate::report::{Cell, Grid, plain};

/// What a cell keeps free beside its text, in the size of type, and above and below, in points.
const BESIDE: f64 = 0.35;
const ABOVE: f64 = 5.5;
/// A digit's width in the size of type, a comma's, and what widths may be off.
const DIGIT: f64 = 0.5;
const COMMA: f64 = 0.25;
const NEAR: f64 = 0.1;
/// What a column of names keeps of the form's width.
const KEPT: f64 = 0.6;

/// A row of a table on its way into the document.
#[derive(Debug)]
pub struct RowText<'g> {
    pub is_head: bool,
    pub whole: Whole,
    /// The name of its bookmark.
    pub bookmark: Option<String>,
    pub cells: Vec<(Slot<'g>, Vec<Word>)>,
}

/// The rows of a grid, nothing changed in them.
pub fn rows(site: Site, grid: &Grid) -> Vec<RowText<'_>> {
    let heads = grid.header.len();
    let rows = slots(grid).into_iter().enumerate().map(|(at, slots)| RowText {
        is_head: at < heads,
        whole: Whole::Kept,
        bookmark: Some(row_bookmark(site, at)),
        cells: slots.into_iter().map(|slot| (slot, words(slot))).collect(),
    });
    rows.collect()
}

/// The name of a row's bookmark; heads are counted.
pub fn row_bookmark(site: Site, row: usize) -> String {
    format!("{}_{row}", site.bookmark())
}

fn words(slot: Slot<'_>) -> Vec<Word> {
    match slot {
        Slot::Cell(_, cell) => text::same(&plain(&cell.text)),
        Slot::Below(_) | Slot::Nothing => Vec::new(),
    }
}

/// Where a table stands: the width between margins, and the sizes of type that may be tried.
#[derive(Debug)]
pub struct Room {
    pub width: f64,
    pub sizes: Vec<f64>,
}

pub fn table(
    sheet: &Sheet<'_>,
    rows: Vec<RowText<'_>>,
    room: &Room,
    counter: &mut Counter,
    used: &mut BTreeSet<CellStyle>,
) -> Element {
    let (size, widths) = fitted(sheet.grid, room);
    let margin = |name, points| el(name).attr("w:w", twips(points)).attr("w:type", "dxa");
    let beside = BESIDE * size;
    let margins = el("w:tblCellMar").with([
        margin("w:top", ABOVE),
        margin("w:left", beside),
        margin("w:bottom", ABOVE),
        margin("w:right", beside),
    ]);
    let all: i64 = widths.iter().map(|width| twips(*width)).sum();
    let mut properties = el("w:tblPr").with([
        val("w:tblStyle", styles::GRID),
        el("w:tblW").attr("w:w", all).attr("w:type", "dxa"),
        val("w:jc", "center"),
        el("w:tblLayout").attr("w:type", "fixed"),
        margins,
    ]);
    if let Some(table) = sheet.table {
        let title = plain(&table.title);
        properties = properties.with([
            val("w:tblCaption", format!("{} {title}", table.number)),
            val("w:tblDescription", plain(&table.right)),
        ]);
    }
    let columns = widths.iter().map(|width| el("w:gridCol").attr("w:w", twips(*width)));
    let made = el("w:tbl").with([properties, el("w:tblGrid").with(columns)]);
    // A table is a head and rows; with nothing under the head it keeps a blank row.
    let blank = rows.iter().all(|row| row.is_head).then(|| RowText {
        is_head: false,
        whole: Whole::Kept,
        bookmark: None,
        cells: widths.iter().map(|_| (Slot::Nothing, Vec::new())).collect(),
    });
    let mut setting = Setting { size, widths: &widths, counter, used };
    made.with(rows.into_iter().chain(blank).map(|row| setting.row(row)))
}

struct Setting<'a> {
    size: f64,
    widths: &'a [f64],
    counter: &'a mut Counter,
    used: &'a mut BTreeSet<CellStyle>,
}

impl Setting<'_> {
    fn row(&mut self, row: RowText<'_>) -> Element {
        let mut properties = el("w:trPr").with([el("w:cantSplit")]);
        if row.is_head {
            properties = properties.with([el("w:tblHeader")]);
        }
        match row.whole {
            Whole::Kept => {}
            Whole::New => properties = properties.with([self.counter.revision("w:ins")]),
            Whole::Gone => properties = properties.with([self.counter.revision("w:del")]),
        }
        let mut bookmark = row.bookmark;
        let mut made = el("w:tr").with([properties]);
        let mut column = 0;
        for (slot, words) in &row.cells {
            let across = match slot {
                Slot::Cell(_, cell) => cell.columns,
                Slot::Below(across) => *across,
                Slot::Nothing => 1,
            };
            let end = (column + across).min(self.widths.len());
            let width: f64 = self.widths[column.min(end)..end].iter().sum();
            made = made.with([self.cell(*slot, words, width, across, bookmark.take())]);
            column = end;
        }
        made
    }

    fn cell(
        &mut self,
        slot: Slot<'_>,
        words: &[Word],
        width: f64,
        across: usize,
        bookmark: Option<String>,
    ) -> Element {
        let mut properties =
            el("w:tcPr").with([el("w:tcW").attr("w:w", twips(width)).attr("w:type", "dxa")]);
        if across > 1 {
            properties = properties.with([val("w:gridSpan", across)]);
        }
        match slot {
            Slot::Cell(_, cell) if cell.rows > 1 => {
                properties = properties.with([val("w:vMerge", "restart")]);
            }
            Slot::Below(_) => properties = properties.with([el("w:vMerge")]),
            _ => {}
        }
        properties = properties.with([val("w:vAlign", "center")]);
        let (align, indent) = match slot {
            Slot::Cell(_, cell) => (cell.align.into(), cell.indent),
            _ => (styles::CellAlign::Left, 0),
        };
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a size of type"
        )]
        let style = CellStyle { size: (self.size * 2.0).round() as u32, align };
        self.used.insert(style);
        let indent = (indent > 0).then(|| {
            let points = self.size * indent as f64;
            el("w:ind").attr("w:leftChars", indent * 100).attr("w:left", twips(points))
        });
        let mut content = text::runs(words, self.counter);
        if let Some(name) = bookmark {
            content = text::bookmarked(&name, content, self.counter);
        }
        let paragraph = text::paragraph(&style.id(), indent.into_iter().collect(), content);
        el("w:tc").with([properties, paragraph])
    }
}

/// The size of type and the widths of columns, in points: in the form's proportions, but no number
/// breaks. Type gets smaller until everything fits, at last smaller than the form says.
fn fitted(grid: &Grid, room: &Room) -> (f64, Vec<f64>) {
    let mut sizes = room.sizes.clone();
    let last = sizes.last().copied().unwrap_or(10.5);
    sizes.extend((1..6).map(|step| last * (1.0 - 0.1 * f64::from(step))));
    for size in &sizes {
        if let Some(widths) = at_size(grid, *size, room.width) {
            return (*size, widths);
        }
    }
    (last, shares(grid, &[], room.width))
}

/// The widths of columns, where every number fits.
fn at_size(grid: &Grid, size: f64, width: f64) -> Option<Vec<f64>> {
    let own = shares(grid, &[], width);
    let needs = needs(grid, size);
    let mut fixed: Vec<(usize, f64)> = Vec::new();
    loop {
        let shares = shares(grid, &fixed, width);
        let narrow = (0..shares.len()).filter(|at| !fixed.iter().any(|(have, _)| have == at));
        let narrow = narrow.filter_map(|at| {
            let least = needs[at].max(if needs[at] > 0.0 { 0.0 } else { own[at] * KEPT });
            (shares[at] + NEAR < least).then_some((at, least))
        });
        let narrow: Vec<(usize, f64)> = narrow.collect();
        if narrow.is_empty() {
            let all: f64 = shares.iter().sum();
            return (all <= width + 1.0 && shares.iter().all(|share| *share > 0.0))
                .then_some(shares);
        }
        fixed.extend(narrow);
    }
}

/// The form's proportions, some columns as wide as they have to be.
fn shares(grid: &Grid, fixed: &[(usize, f64)], width: f64) -> Vec<f64> {
    let own = |at: usize| fixed.iter().find(|(have, _)| *have == at).map(|(_, width)| *width);
    let taken: f64 = fixed.iter().map(|(_, width)| width).sum();
    let columns = grid.columns.iter().enumerate();
    let free = columns.clone().filter(|(at, _)| own(*at).is_none());
    let sum = free.map(|(_, column)| f64::from(column.width)).sum::<f64>().max(1.0);
    let left = (width - taken).max(0.0);
    let share = |column: u32| left * f64::from(column) / sum;
    columns.map(|(at, column)| own(at).unwrap_or_else(|| share(column.width))).collect()
}

/// What the widest number of each column needs.
fn needs(grid: &Grid, size: f64) -> Vec<f64> {
    let mut needs = vec![0.0_f64; grid.columns.len()];
    let numbers = grid.rows.iter().flat_map(|row| &row.cells).filter(|it| it.figure().is_some());
    let mut merged: Vec<(&Cell, f64)> = Vec::new();
    for cell in numbers {
        let wide = |c: char| if matches!(c, ',' | '.') { COMMA } else { DIGIT };
        let digits: f64 = plain(&cell.text).chars().map(wide).sum();
        let width = (digits + 2.0 * BESIDE + NEAR) * size + 0.5;
        match cell.columns {
            1 => needs[cell.column] = needs[cell.column].max(width),
            _ => merged.push((cell, width)),
        }
    }
    for (cell, width) in merged {
        let end = (cell.column + cell.columns).min(needs.len());
        let have: f64 = needs[cell.column..end].iter().sum();
        if let Some(last) = needs[cell.column..end].last_mut() {
            *last += (width - have).max(0.0);
        }
    }
    needs
}
