//! The rows of a table as a reader knows them: by unit, code and name; and which row of one table
//! is which of another.

use std::collections::HashMap;

use super::words;
use crate::audit::sheet::{At, Sheet, name_of};
use crate::report::{Cell, Role, plain};

/// Names less alike than this (of 100) are not one that was changed.
const ALIKE: usize = 50;

/// A run of columns that name something, and the amounts behind it. A table has one, or several
/// side by side (收入, 支出).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lane {
    pub names: Vec<usize>,
    pub amounts: Vec<usize>,
}

/// What stands in a lane of a row.
#[derive(Debug, Clone)]
pub struct Entry {
    pub row: usize,
    pub lane: usize,
    pub unit: Option<String>,
    pub code: Option<String>,
    pub name: String,
    pub total: bool,
    /// The entry that this one is a part of: 208 of 20801, 政府预算拨款 of 一般公共预算拨款.
    pub parent: Option<usize>,
    /// Levels by which its name is indented.
    indent: usize,
}

/// The lanes of a table.
pub fn lanes(sheet: &Sheet<'_>) -> Vec<Lane> {
    let width = sheet.table.grid.columns.len();
    let with_amounts = sheet.amount_columns(None);
    let mut lanes: Vec<Lane> = Vec::new();
    for column in 0..width {
        let amount = with_amounts.contains(&column);
        match lanes.last_mut() {
            Some(lane) if amount => lane.amounts.push(column),
            Some(lane) if lane.amounts.is_empty() => lane.names.push(column),
            _ if amount => lanes.push(Lane { names: Vec::new(), amounts: vec![column] }),
            _ => lanes.push(Lane { names: vec![column], amounts: Vec::new() }),
        }
    }
    lanes
}

/// Everything that a table states, row by row.
pub fn entries(sheet: &Sheet<'_>, lanes: &[Lane]) -> Vec<Entry> {
    let mut entries: Vec<Entry> = Vec::new();
    let mut unit: Option<String> = None;
    let mut covering: Vec<Option<(usize, String)>> = vec![None; sheet.headings.len()];
    for row in 0..sheet.len() {
        let role = sheet.role(row);
        for (number, lane) in lanes.iter().enumerate() {
            let names = names(sheet, row, lane, &mut covering);
            if role == Role::Unit && number == 0 {
                unit = names.first().cloned();
            }
            let printed = |column: &usize| {
                sheet.cell(At { row, column: *column }).is_some_and(|cell| !cell.text.is_empty())
            };
            if names.is_empty() && !lane.amounts.iter().any(printed) {
                continue;
            }
            let code = names.iter().find(|name| is_code(name)).cloned();
            let rest = names.iter().filter(|name| Some(*name) != code.as_ref());
            let first =
                lane.names.first().and_then(|column| sheet.cell(At { row, column: *column }));
            let mut entry = Entry {
                row,
                lane: number,
                unit: unit.clone(),
                name: rest.cloned().collect::<Vec<_>>().join(" "),
                code,
                total: matches!(role, Role::Total | Role::Unit),
                parent: None,
                indent: first.map_or(0, |cell| cell.indent),
            };
            entry.parent = entries.iter().rposition(|above| contains(above, &entry));
            entries.push(entry);
        }
    }
    entries
}

/// Whether an entry that stands above is one that the other is a part of.
fn contains(above: &Entry, entry: &Entry) -> bool {
    let beside = above.lane == entry.lane && above.unit == entry.unit && !above.total;
    beside
        && !entry.total
        && match (&above.code, &entry.code) {
            (Some(above), Some(code)) => code.len() > above.len() && code.starts_with(above),
            (None, None) => above.indent < entry.indent,
            _ => false,
        }
}

/// The names of a lane's entry; a cell that covers several rows names all of them.
fn names(
    sheet: &Sheet<'_>,
    row: usize,
    lane: &Lane,
    covering: &mut [Option<(usize, String)>],
) -> Vec<String> {
    let mut names = Vec::new();
    for &column in &lane.names {
        match sheet.cell(At { row, column }) {
            Some(cell) if cell.column == column => {
                let text = plain(&cell.text);
                covering[column] = (cell.rows > 1).then(|| (row + cell.rows, text.clone()));
                names.push(text);
            }
            Some(_) => {}
            None => names.extend(
                covering[column].as_ref().filter(|(end, _)| row < *end).map(|(_, t)| t.clone()),
            ),
        }
    }
    names.retain(|name| !name.trim().is_empty());
    names
}

fn is_code(text: &str) -> bool {
    matches!(text.len(), 3 | 5 | 7) && text.bytes().all(|b| b.is_ascii_digit())
}

/// The cells of an entry's names that stand in its own row.
pub fn label_cells<'s>(sheet: &Sheet<'s>, entry: &Entry, lane: &Lane) -> Vec<(usize, &'s Cell)> {
    let cells = sheet.table.grid.rows[entry.row].cells.iter().enumerate();
    cells.filter(|(_, cell)| lane.names.contains(&cell.column) && !cell.text.is_empty()).collect()
}

/// What two entries share to be one: from everything down to a name alone.
const KEYS: [fn(&Entry) -> Option<Key>; 5] = [
    |it| Some((it.lane, it.unit.clone(), it.code.clone(), name_of(&it.name))),
    |it| Some((it.lane, it.unit.clone(), Some(it.code.clone()?), String::new())),
    |it| Some((it.lane, None, it.code.clone(), name_of(&it.name))),
    |it| Some((it.lane, None, Some(it.code.clone()?), String::new())),
    |it| Some((usize::MAX, None, None, Some(name_of(&it.name)).filter(|name| !name.is_empty())?)),
];

type Key = (usize, Option<String>, Option<String>, String);

/// For each new entry, the old one that it was.
pub fn matched(old: &[Entry], new: &[Entry]) -> Vec<Option<usize>> {
    let mut twins: Vec<Option<usize>> = vec![None; new.len()];
    let mut free = vec![true; old.len()];
    for key in KEYS {
        let mut by_key: HashMap<Key, Vec<usize>> = HashMap::new();
        for (at, entry) in old.iter().enumerate().rev().filter(|(at, _)| free[*at]) {
            if let Some(key) = key(entry) {
                by_key.entry(key).or_default().push(at);
            }
        }
        for (at, entry) in new.iter().enumerate() {
            if twins[at].is_none()
                && let Some(found) = key(entry).and_then(|key| by_key.get_mut(&key)?.pop())
            {
                twins[at] = Some(found);
                free[found] = false;
            }
        }
    }
    renamed(old, new, &mut twins, &mut free);
    twins
}

/// What is left, has no code and stands in the same place with much the same name.
fn renamed(old: &[Entry], new: &[Entry], twins: &mut [Option<usize>], free: &mut [bool]) {
    for (at, entry) in new.iter().enumerate() {
        if twins[at].is_some() || entry.code.is_some() {
            continue;
        }
        let rivals = old.iter().enumerate().filter(|(before, it)| {
            free[*before] && it.code.is_none() && it.lane == entry.lane && it.total == entry.total
        });
        let likely = rivals.map(|(before, it)| (words::likeness(&it.name, &entry.name), before));
        let best = likely.max_by_key(|(like, before)| (*like, usize::MAX - before));
        if let Some((_, before)) = best.filter(|(like, _)| *like >= ALIKE) {
            twins[at] = Some(before);
            free[before] = false;
        }
    }
}

/// Which matched entries left their order: all of a unit but the longest run that kept it. Those of
/// another unit than before are another matter.
pub fn moved(old: &[Entry], new: &[Entry], twins: &[Option<usize>]) -> Vec<bool> {
    let stays = |at: usize, twin: usize| new[at].total || new[at].unit == old[twin].unit;
    let pairs: Vec<(usize, usize)> = twins
        .iter()
        .enumerate()
        .filter_map(|(at, twin)| Some((at, (*twin)?)))
        .filter(|(at, twin)| stays(*at, *twin))
        .collect();
    // The last pair of the best run of each length, and what stood before each.
    let mut tails: Vec<usize> = Vec::new();
    let mut before: Vec<Option<usize>> = vec![None; pairs.len()];
    for (number, (_, twin)) in pairs.iter().enumerate() {
        let length = tails.partition_point(|tail| pairs[*tail].1 < *twin);
        before[number] = length.checked_sub(1).map(|last| tails[last]);
        match tails.get_mut(length) {
            Some(tail) => *tail = number,
            None => tails.push(number),
        }
    }
    let mut moved = vec![false; new.len()];
    pairs.iter().for_each(|(at, _)| moved[*at] = true);
    let mut kept = tails.last().copied();
    while let Some(number) = kept {
        moved[pairs[number].0] = false;
        kept = before[number];
    }
    moved
}
