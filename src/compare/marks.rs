//! Where the new report differs, for the typesetter: stretches of its printed texts.

use std::collections::BTreeMap;
use std::ops::Range;

use super::texts::BETWEEN;
use super::{Change, Comparison, Word};
use crate::report::{Address, Block, Report, Row, plain};

/// A stretch of a printed text, in bytes, that is new; or an empty one where words went.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mark {
    pub range: Range<usize>,
    /// The words that stood here.
    pub gone: Option<String>,
}

/// A printed text of a report; in a table inside a part also its row (heads counted) and cell.
pub type Site = (Address, Option<(usize, usize)>);

/// The marks of each text of a report, in order. A text that is new as a whole has one mark as
/// long as any text.
pub type Marks = BTreeMap<Site, Vec<Mark>>;

/// The marks of `report`, which is the new one.
pub fn marks(comparison: &Comparison, report: &Report) -> Marks {
    let mut marks = Marks::new();
    for text in &comparison.texts {
        let Some(address) = text.new else { continue };
        let these = match text.change {
            Change::Added | Change::Moved => vec![whole(None)],
            Change::Changed | Change::Removed => of_words(&text.words),
        };
        match text.row {
            Some(row) => marks.extend(of_cells(report, address, row, &these)),
            None => drop(marks.insert((address, None), these)),
        }
    }
    for row in comparison.tables.iter().flat_map(|table| &table.rows) {
        for address in &row.label {
            marks.insert((*address, None), vec![whole(None)]);
        }
        for cell in &row.cells {
            let Some(new) = &cell.new else { continue };
            let old = cell.old.as_ref().map(|old| old.text.clone());
            marks.insert((new.address, None), vec![whole(old)]);
        }
    }
    marks.retain(|_, marks| !marks.is_empty());
    marks
}

/// The marks of a row that was compared as one text, for each of its cells.
fn of_cells(
    report: &Report,
    address: Address,
    row: usize,
    marks: &[Mark],
) -> Vec<(Site, Vec<Mark>)> {
    let Some(line) = row_of(report, address, row) else { return Vec::new() };
    let mut start = 0;
    let cells = line.cells.iter().enumerate().map(|(number, cell)| {
        let end = start + plain(&cell.text).len();
        let own = marks.iter().filter(|mark| mark.range.start <= end && mark.range.end >= start);
        let own = own.map(|mark| Mark {
            range: mark.range.start.max(start) - start..mark.range.end.min(end) - start,
            gone: mark.gone.clone().filter(|_| mark.range.start >= start),
        });
        let own = own.filter(|mark| mark.gone.is_some() || !mark.range.is_empty()).collect();
        start = end + BETWEEN.len();
        ((address, Some((row, number))), own)
    });
    cells.collect()
}

fn row_of(report: &Report, address: Address, row: usize) -> Option<&Row> {
    let Address::Block { chapter, block } = address else { return None };
    match report.chapters().nth(chapter)?.blocks.get(block)? {
        Block::Table(grid) => grid.header.iter().chain(&grid.rows).nth(row),
        _ => None,
    }
}

fn whole(gone: Option<String>) -> Mark {
    Mark { range: 0..usize::MAX, gone }
}

fn of_words(words: &[Word]) -> Vec<Mark> {
    let mut marks: Vec<Mark> = Vec::new();
    let mut at = 0;
    for word in words {
        match word {
            Word::Same(text) => at += text.len(),
            Word::Removed(text) => marks.push(Mark { range: at..at, gone: Some(text.clone()) }),
            Word::Added(text) => {
                let end = at + text.len();
                match marks.last_mut() {
                    Some(mark) if mark.range.end == at => mark.range.end = end,
                    _ => marks.push(Mark { range: at..end, gone: None }),
                }
                at = end;
            }
        }
    }
    marks
}
