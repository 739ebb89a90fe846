//! A report with what differs from another as tracked changes (修订): accepting them all leaves the
//! new one, rejecting them all the old one.

use super::align::{Given, Known, Pair, align};
use super::document::{Content, Written};
use super::plan::{Body, Item, Sheet, Slot, Start, slots};
use super::table::{RowText, row_bookmark};
use super::text::{Whole, same};
use crate::compare::{Word, words};
use crate::report::{Cell, plain};

/// What stands between the cells of a row that is matched by its words.
const BETWEEN: &str = " | ";

/// The items of the new report, and between them those of the old one that are gone.
pub fn marked<'r>(old: &[Item<'r>], new: &[Item<'r>]) -> Vec<Written<'r>> {
    let known = old.iter().map(|item| Known { bookmark: String::new(), text: key(item) });
    let given = new.iter().map(|item| Given { bookmarks: &[], text: key(item) });
    let (known, given): (Vec<Known>, Vec<Given<'_>>) = (known.collect(), given.collect());
    let pairs = align(&known, &given).into_iter();
    pairs
        .flat_map(|pair| match pair {
            Pair::Both(a, b) => both(&old[a], &new[b]),
            Pair::Known(a) => vec![whole(&old[a], Whole::Gone)],
            Pair::Given(b) => vec![whole(&new[b], Whole::New)],
        })
        .collect()
}

/// What items are matched by: a table by its head, all else by its words.
fn key(item: &Item<'_>) -> String {
    match &item.body {
        Body::Line(line) => plain(line),
        Body::Grid(sheet) => {
            let number = sheet.table.map_or("", |table| &table.number);
            let heads = sheet.grid.header.iter().flat_map(|row| &row.cells);
            let heads = heads.map(|cell| plain(&cell.text)).collect::<Vec<_>>();
            format!("\u{1}{number}{}", heads.join(BETWEEN))
        }
    }
}

fn both<'r>(old: &Item<'r>, new: &Item<'r>) -> Vec<Written<'r>> {
    match (&old.body, &new.body) {
        (Body::Line(was), Body::Line(now)) => {
            let content = Content::Words(words(&plain(was), &plain(now)));
            vec![Written { item: new.clone(), whole: Whole::Kept, content }]
        }
        (Body::Grid(was), Body::Grid(now)) if was.grid.columns.len() == now.grid.columns.len() => {
            let content = Content::Rows(rows(was, now, new));
            vec![Written { item: new.clone(), whole: Whole::Kept, content }]
        }
        _ => vec![whole(old, Whole::Gone), whole(new, Whole::New)],
    }
}

/// An item that is new or gone as a whole.
fn whole<'r>(item: &Item<'r>, whole: Whole) -> Written<'r> {
    let gone = whole == Whole::Gone;
    // Pages begin where those of the new report do.
    let start = if gone { Start::Flow } else { item.start };
    let item = Item { start, ..item.clone() };
    let content = match &item.body {
        Body::Line(line) => Content::Words(one(plain(line), whole)),
        Body::Grid(sheet) => {
            let slots = slots(sheet.grid).into_iter().enumerate();
            let heads = sheet.grid.header.len();
            let mark = |at| (!gone).then(|| row_bookmark(item.site, at));
            let rows = slots.map(|(at, slots)| row(slots, at < heads, whole, mark(at)));
            Content::Rows(rows.collect())
        }
    };
    Written { item, whole, content }
}

fn one(text: String, whole: Whole) -> Vec<Word> {
    match whole {
        Whole::Kept => same(&text),
        Whole::New => vec![Word::Added(text)],
        Whole::Gone => vec![Word::Removed(text)],
    }
}

fn row<'r>(
    slots: Vec<Slot<'r>>,
    is_head: bool,
    whole: Whole,
    bookmark: Option<String>,
) -> RowText<'r> {
    let cells = slots.into_iter().map(|slot| match slot {
        Slot::Cell(_, cell) => (slot, one(plain(&cell.text), whole)),
        _ => (slot, Vec::new()),
    });
    RowText { is_head, whole, bookmark, cells: cells.collect() }
}

/// The rows of the new table, and between them those that are gone.
fn rows<'r>(was: &Sheet<'r>, now: &Sheet<'r>, item: &Item<'r>) -> Vec<RowText<'r>> {
    let (old, new) = (slots(was.grid), slots(now.grid));
    let heads = now.grid.header.len();
    let known = old.iter().map(|slots| Known { bookmark: String::new(), text: text(slots) });
    let given = new.iter().map(|slots| Given { bookmarks: &[], text: text(slots) });
    let (known, given): (Vec<Known>, Vec<Given<'_>>) = (known.collect(), given.collect());
    let pairs = align(&known, &given).into_iter().map(|pair| match pair {
        Pair::Known(a) => row(old[a].clone(), a < was.grid.header.len(), Whole::Gone, None),
        Pair::Given(b) => {
            let mark = Some(row_bookmark(item.site, b));
            row(new[b].clone(), b < heads, Whole::New, mark)
        }
        Pair::Both(a, b) => {
            let cells = new[b].iter().map(|slot| match slot {
                Slot::Cell(_, cell) => (*slot, changed(&old[a], cell)),
                _ => (*slot, Vec::new()),
            });
            RowText {
                is_head: b < heads,
                whole: Whole::Kept,
                bookmark: Some(row_bookmark(item.site, b)),
                cells: cells.collect(),
            }
        }
    });
    pairs.collect()
}

/// The words of a cell beside those of the cell in its column; a number is one word.
fn changed(old: &[Slot<'_>], cell: &Cell) -> Vec<Word> {
    let was = old.iter().find_map(|slot| match slot {
        Slot::Cell(_, was) if was.column == cell.column => Some(*was),
        _ => None,
    });
    let now = plain(&cell.text);
    let Some(was) = was else { return one(now, Whole::New) };
    let text = plain(&was.text);
    match cell.figure().is_some() && text != now {
        true => vec![Word::Removed(text), Word::Added(now)],
        false => words(&text, &now),
    }
}

fn text(slots: &[Slot<'_>]) -> String {
    let cells = slots.iter().filter_map(|slot| match slot {
        Slot::Cell(_, cell) => Some(plain(&cell.text)),
        _ => None,
    });
    cells.collect::<Vec<_>>().join(BETWEEN)
}
