//! What differs between two states: paragraphs of the parts, cells of the tables, 改前 and 改后.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::answer;
use super::shown::Shown;
use crate::report::{Address, Block, Chapter, Report, Row, Table, plain};

/// A text that stands in both states otherwise, or in one of them only.
struct Change {
    before: Option<(Address, String)>,
    after: Option<(Address, String)>,
}

/// All changes from one state to another, with their places on the pages of both.
pub fn compare(before: &Shown, after: &Shown) -> Value {
    let changes = changes(&before.made.report, &after.made.report);
    let (old, new) = (areas(before), areas(after));
    let list = changes.iter().map(|change| {
        let (report, address) = match (&change.after, &change.before) {
            (Some((address, _)), _) => (&after.made.report, Some(*address)),
            (None, Some((address, _))) => (&before.made.report, Some(*address)),
            (None, None) => (&after.made.report, None),
        };
        let side = |side: &Option<(Address, String)>, areas: &BTreeMap<Address, Vec<Value>>| {
            side.as_ref().map(|(address, text)| {
                json!({"text": text, "areas": areas.get(address).cloned().unwrap_or_default()})
            })
        };
        json!({
            "where": address.map(|address| answer::label(report, address)),
            "before": side(&change.before, &old),
            "after": side(&change.after, &new),
        })
    });
    json!({"changes": list.collect::<Vec<_>>(), "pages": answer::pages(before)})
}

fn areas(shown: &Shown) -> BTreeMap<Address, Vec<Value>> {
    let mut areas: BTreeMap<Address, Vec<Value>> = BTreeMap::new();
    for area in shown.areas() {
        areas.entry(shown.placed(area).address).or_default().push(answer::area(area));
    }
    areas
}

fn changes(before: &Report, after: &Report) -> Vec<Change> {
    let mut changes = Vec::new();
    let old: Vec<&Chapter> = before.chapters().collect();
    let new: Vec<&Chapter> = after.chapters().collect();
    for at in 0..old.len().max(new.len()) {
        let texts = |chapters: &[&Chapter]| {
            chapters.get(at).map(|chapter| blocks(chapter, at)).unwrap_or_default()
        };
        changes.extend(aligned(&texts(&old), &texts(&new)));
    }
    let mut old: BTreeMap<&str, Cells> = before
        .tables()
        .enumerate()
        .map(|(at, table)| (table.number.as_str(), cells(table, at)))
        .collect();
    for (at, table) in after.tables().enumerate() {
        let mut old = old.remove(table.number.as_str()).unwrap_or_default();
        let mut new: Vec<_> = cells(table, at).into_iter().collect();
        new.sort_by_key(|(_, (address, _))| *address);
        for (key, text) in new {
            push(&mut changes, old.remove(&key), Some(text));
        }
        old.into_values().for_each(|text| push(&mut changes, Some(text), None));
    }
    for text in old.into_values().flat_map(BTreeMap::into_values) {
        push(&mut changes, Some(text), None);
    }
    changes
}

fn push(changes: &mut Vec<Change>, before: Option<Text>, after: Option<Text>) {
    let text =
        |side: &Option<Text>| side.as_ref().map(|(_, text)| text.clone()).unwrap_or_default();
    if text(&before) != text(&after) {
        changes.push(Change { before, after });
    }
}

type Text = (Address, String);

/// A chapter's blocks as plain text.
fn blocks(chapter: &Chapter, number: usize) -> Vec<Text> {
    let text = |block: &Block| match block {
        Block::Heading(_, line) | Block::Paragraph(line) => plain(line),
        Block::Table(grid) => {
            let row = |row: &Row| {
                row.cells.iter().map(|cell| plain(&cell.text)).collect::<Vec<_>>().join("　")
            };
            grid.rows.iter().map(row).collect::<Vec<_>>().join("\n")
        }
    };
    let address = |block| Address::Block { chapter: number, block };
    chapter.blocks.iter().enumerate().map(|(at, block)| (address(at), text(block))).collect()
}

/// Pairs paragraphs: the same ones with each other, and between them the others in their order.
fn aligned(old: &[Text], new: &[Text]) -> Vec<Change> {
    let mut changes = Vec::new();
    let (mut from_old, mut from_new) = (0, 0);
    for (at_old, at_new) in common(old, new).into_iter().chain([(old.len(), new.len())]) {
        let (olds, news) = (&old[from_old..at_old], &new[from_new..at_new]);
        for at in 0..olds.len().max(news.len()) {
            push(&mut changes, olds.get(at).cloned(), news.get(at).cloned());
        }
        (from_old, from_new) = (at_old + 1, at_new + 1);
    }
    changes
}

/// The longest run of paragraphs that both have, as pairs of their numbers.
fn common(old: &[Text], new: &[Text]) -> Vec<(usize, usize)> {
    let mut best = vec![vec![0_usize; new.len() + 1]; old.len() + 1];
    for a in (0..old.len()).rev() {
        for b in (0..new.len()).rev() {
            best[a][b] = if old[a].1 == new[b].1 {
                best[a + 1][b + 1] + 1
            } else {
                best[a + 1][b].max(best[a][b + 1])
            };
        }
    }
    let (mut a, mut b, mut pairs) = (0, 0, Vec::new());
    while a < old.len() && b < new.len() {
        if old[a].1 == new[b].1 {
            pairs.push((a, b));
            (a, b) = (a + 1, b + 1);
        } else if best[a + 1][b] >= best[a][b + 1] {
            a += 1;
        } else {
            b += 1;
        }
    }
    pairs
}

/// A table's cells by what their row is called, how often that name came before, and their column.
type Cells = BTreeMap<(String, usize, usize), Text>;

fn cells(table: &Table, number: usize) -> Cells {
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    let mut cells = Cells::new();
    for (at, row) in table.grid.rows.iter().enumerate() {
        let name = key(row);
        let times = seen.entry(name.clone()).and_modify(|times| *times += 1).or_insert(0);
        for (of, cell) in row.cells.iter().enumerate() {
            let address = Address::Cell { table: number, row: at, cell: of };
            let text = (address, plain(&cell.text));
            cells.insert((name.clone(), *times, cell.column), text);
        }
    }
    cells
}

/// What tells a row from the others: its first text, a code where it has one.
fn key(row: &Row) -> String {
    let texts = row.cells.iter().filter(|cell| cell.figure().is_none());
    texts.map(|cell| plain(&cell.text)).find(|text| !text.is_empty()).unwrap_or_default()
}
