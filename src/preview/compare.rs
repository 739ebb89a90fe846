//! What differs between two states, with its places on the pages of both: 改前 and 改后.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::answer;
use super::shown::Shown;
use crate::compare::{self, Marks, Printed, RowChange, TextChange, Word};
use crate::report::Address;

/// All changes from one state to another.
pub fn compare(before: &Shown, after: &Shown) -> Value {
    let (old, new) = (&before.made.report, &after.made.report);
    let comparison = compare::compare(old, new);
    let sides = Sides {
        before: Side::new(before, compare::marks(&compare::compare(new, old), old)),
        after: Side::new(after, compare::marks(&comparison, new)),
    };
    let mut changes: Vec<Value> = comparison.texts.iter().map(|text| sides.text(text)).collect();
    for table in &comparison.tables {
        let title = format!("{} {}", table.number, table.title);
        changes.extend(table.texts.iter().map(|text| sides.text(text)));
        changes.extend(table.rows.iter().flat_map(|row| sides.row(&title, row)));
    }
    json!({"totals": comparison.totals, "changes": changes, "pages": answer::pages(before)})
}

struct Sides {
    before: Side,
    after: Side,
}

impl Sides {
    fn text(&self, change: &TextChange) -> Value {
        let text = |gone: bool| -> String {
            let kept = change.words.iter().filter_map(|word| match word {
                Word::Same(text) => Some(text.as_str()),
                Word::Removed(text) => gone.then_some(text.as_str()),
                Word::Added(text) => (!gone).then_some(text.as_str()),
            });
            kept.collect()
        };
        let (old, new) = (text(true), text(false));
        json!({
            "where": change.part,
            "change": change.change,
            "words": change.words,
            "difference": null,
            "before": (!old.is_empty()).then(|| self.before.value(&old, change.old)),
            "after": (!new.is_empty()).then(|| self.after.value(&new, change.new)),
        })
    }

    fn row(&self, title: &str, row: &RowChange) -> Vec<Value> {
        let place = |column: &str| {
            let words = [title, &row.title(), column].map(str::to_owned);
            words.into_iter().filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" · ")
        };
        let renamed = row.words.iter().any(|word| !matches!(word, Word::Same(_)));
        let name = renamed.then(|| {
            self.text(&TextChange {
                part: place(""),
                change: row.change,
                words: row.words.clone(),
                old: None,
                new: row.label.first().copied(),
                row: None,
            })
        });
        let side = |side: &Side, printed: &Option<Printed>| {
            printed.as_ref().map(|printed| side.value(&printed.text, Some(printed.address)))
        };
        let cells = row.cells.iter().map(|cell| {
            json!({
                "where": place(&cell.column),
                "change": row.change,
                "words": [],
                "difference": cell.difference,
                "before": side(&self.before, &cell.old),
                "after": side(&self.after, &cell.new),
            })
        });
        name.into_iter().chain(cells).collect()
    }
}

/// One of the two states: which of its texts differ, and where they stand.
struct Side {
    marks: Marks,
    /// Each text of an address with its areas, in order.
    texts: BTreeMap<Address, Vec<(String, Vec<Value>)>>,
}

impl Side {
    fn new(shown: &Shown, marks: Marks) -> Self {
        let mut areas: BTreeMap<usize, Vec<Value>> = BTreeMap::new();
        for area in shown.areas() {
            areas.entry(area.placed).or_default().push(answer::area(area));
        }
        let mut texts: BTreeMap<Address, Vec<(String, Vec<Value>)>> = BTreeMap::new();
        for (at, placed) in shown.pages.markup.placed.iter().enumerate() {
            let areas = areas.remove(&at).unwrap_or_default();
            texts.entry(placed.address).or_default().push((placed.text.clone(), areas));
        }
        Self { marks, texts }
    }

    fn value(&self, text: &str, address: Option<Address>) -> Value {
        let areas = address.map(|address| self.areas(address)).unwrap_or_default();
        json!({"text": text, "areas": areas})
    }

    /// Where the words of an address stand that differ; all of them when that cannot be told.
    fn areas(&self, address: Address) -> Vec<Value> {
        let Some(texts) = self.texts.get(&address) else { return Vec::new() };
        let marks = self.marks.get(&(address, None)).map_or(&[][..], Vec::as_slice);
        let mut at = 0;
        let mut differing = Vec::new();
        for (text, areas) in texts {
            let end = at + text.len();
            let meets = |mark: &compare::Mark| match mark.range.is_empty() {
                true => at <= mark.range.start && mark.range.start <= end,
                false => mark.range.start < end && at < mark.range.end,
            };
            if marks.iter().any(meets) {
                differing.extend(areas.iter().cloned());
            }
            at = end;
        }
        match differing.is_empty() {
            true => texts.iter().flat_map(|(_, areas)| areas.iter().cloned()).collect(),
            false => differing,
        }
    }
}
