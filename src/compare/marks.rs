//! Where the new report differs, for the typesetter: stretches of its printed texts.

use std::collections::BTreeMap;
use std::ops::Range;

use super::{Change, Comparison, Word};
use crate::report::Address;

/// A stretch of a printed text, in bytes, that is new; or an empty one where words went.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mark {
    pub range: Range<usize>,
    /// The words that stood here.
    pub gone: Option<String>,
}

/// The marks of each text of a report, in order. A text that is new as a whole has one mark as
/// long as any text.
pub type Marks = BTreeMap<Address, Vec<Mark>>;

/// The marks of the new report.
pub fn marks(comparison: &Comparison) -> Marks {
    let mut marks = Marks::new();
    for text in &comparison.texts {
        let Some(address) = text.new else { continue };
        let these = match text.change {
            Change::Added | Change::Moved => vec![whole(None)],
            Change::Changed | Change::Removed => of_words(&text.words),
        };
        // A table inside a part has one address for all its rows: no stretch of it can be told.
        marks.entry(address).and_modify(|have| have.clear()).or_insert(these);
    }
    for row in comparison.tables.iter().flat_map(|table| &table.rows) {
        for address in &row.label {
            marks.insert(*address, vec![whole(None)]);
        }
        for cell in &row.cells {
            let Some(new) = &cell.new else { continue };
            let old = cell.old.as_ref().map(|old| old.text.clone());
            marks.insert(new.address, vec![whole(old)]);
        }
    }
    marks.retain(|_, marks| !marks.is_empty());
    marks
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
