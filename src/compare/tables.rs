//! Tables, row by row and column by column.

use std::collections::{BTreeMap, BTreeSet};

use rust_decimal::Decimal;

use super::rows::{self, Entry, Lane};
use super::texts::{self, Line};
use super::words;
use super::{CellChange, Change, Printed, RowChange, TableChange};
use crate::audit::sheet::{At, Sheet};
use crate::budget::{Format, Measure};
use crate::report::{Address, Cell, Report, Row, Table, plain};
use crate::source::model::MoneyUnit;

/// By how much each changed row moved its columns, for the totals.
pub type Moves = Vec<Move>;

/// What a row did to the totals.
#[derive(Debug, Clone, Default)]
pub struct Move {
    /// No other changed row is a part of it.
    pub lowest: bool,
    pub amounts: BTreeMap<String, (Decimal, Option<Format>)>,
}

/// A table of a report, and its number among all.
struct Side<'a> {
    table: &'a Table,
    number: usize,
    sheet: Sheet<'a>,
    lanes: Vec<Lane>,
    entries: Vec<Entry>,
}

impl<'a> Side<'a> {
    fn new(number: usize, table: &'a Table) -> Self {
        let sheet = Sheet::new(table);
        let lanes = rows::lanes(&sheet);
        let entries = rows::entries(&sheet, &lanes);
        Self { table, number, sheet, lanes, entries }
    }

    fn printed(&self, row: usize, cell: &Cell) -> Printed {
        let cells = &self.table.grid.rows[row].cells;
        let number = cells.iter().position(|it| it.column == cell.column).unwrap_or_default();
        let address = Address::Cell { table: self.number, row, cell: number };
        Printed { text: plain(&cell.text), address }
    }

    /// The cell of an amount column that starts there and prints something.
    fn cell(&self, row: usize, column: usize) -> Option<&'a Cell> {
        let cell = self.sheet.cell(At { row, column })?;
        (cell.column == column && !plain(&cell.text).is_empty()).then_some(cell)
    }
}

/// All tables that differ, with the moves of their rows.
pub fn compare(old: &Report, new: &Report) -> Vec<(TableChange, Moves)> {
    let before: Vec<(usize, &Table)> = old.tables().enumerate().collect();
    let mut left = vec![true; before.len()];
    let mut changes = Vec::new();
    for (number, table) in new.tables().enumerate() {
        let twin = before.iter().position(|(at, it)| left[*at] && it.id == table.id);
        let change = match twin {
            Some(twin) => {
                left[twin] = false;
                both(&Side::new(twin, before[twin].1), &Side::new(number, table))
            }
            None => Some(alone(&Side::new(number, table), Change::Added)),
        };
        changes.extend(change);
    }
    let gone = before.iter().filter(|(at, _)| left[*at]);
    changes.extend(gone.map(|(at, table)| alone(&Side::new(*at, table), Change::Removed)));
    changes
}

/// A table that only one of the reports has.
fn alone(side: &Side<'_>, change: Change) -> (TableChange, Moves) {
    let rows = side.entries.iter().map(|entry| one_sided(side, entry, change));
    let (rows, moves) = rows.unzip();
    (table_change(side.table, change, Vec::new(), rows), moves)
}

fn table_change(
    table: &Table,
    change: Change,
    texts: Vec<super::TextChange>,
    rows: Vec<RowChange>,
) -> TableChange {
    TableChange { number: table.id.clone(), title: plain(&table.title), change, texts, rows }
}

/// A table that both reports have, when it differs.
fn both(old: &Side<'_>, new: &Side<'_>) -> Option<(TableChange, Moves)> {
    let texts = texts::lines(&new.table.id, &head(old), &head(new));
    let twins = rows::matched(&old.entries, &new.entries);
    let moved = rows::moved(&old.entries, &new.entries, &twins);
    let columns = columns(old, new);
    // Rows that are gone stand where they stood: behind the one that was above them.
    let mut rows: Vec<((usize, usize), RowChange, Move)> = Vec::new();
    for (at, entry) in new.entries.iter().enumerate() {
        let row = match twins[at] {
            Some(twin) => changed(old, new, &old.entries[twin], entry, &columns, moved[at]),
            None => Some(one_sided(new, entry, Change::Added)),
        };
        rows.extend(row.map(|(row, moves)| ((at + 1, 0), row, moves)));
    }
    let now = |twin: usize| twins.iter().position(|it| *it == Some(twin));
    for (at, entry) in old.entries.iter().enumerate().filter(|(at, _)| now(*at).is_none()) {
        let above = (0..at).rev().find_map(now);
        let place = (above.map_or(0, |above| above + 1), at + 1);
        let (row, moves) = one_sided(old, entry, Change::Removed);
        rows.push((place, row, moves));
    }
    rows.sort_by_key(|(place, _, _)| *place);
    if rows.is_empty() && texts.is_empty() {
        return None;
    }
    let higher: BTreeSet<usize> = rows
        .iter()
        .flat_map(|((at, gone), _, _)| match gone.checked_sub(1) {
            Some(gone) => above(&old.entries, gone).into_iter().filter_map(now).collect(),
            None => above(&new.entries, at - 1),
        })
        .collect();
    for ((at, gone), _, moves) in &mut rows {
        moves.lowest = *gone > 0 || !higher.contains(&(*at - 1));
    }
    let (rows, moves) = rows.into_iter().map(|(_, row, moves)| (row, moves)).unzip();
    Some((table_change(new.table, Change::Changed, texts, rows), moves))
}

/// The entries that one is a part of, from the nearest on.
fn above(entries: &[Entry], at: usize) -> Vec<usize> {
    std::iter::successors(entries[at].parent, |parent| entries[*parent].parent).collect()
}

/// What stands around the rows of a table.
fn head(side: &Side<'_>) -> Vec<Line> {
    let table = side.table;
    let address = Address::Head { table: side.number };
    let row = |row: &Row| {
        let cells: Vec<String> = row.cells.iter().map(|cell| plain(&cell.text)).collect();
        cells.join(texts::BETWEEN)
    };
    let mut texts: Vec<String> =
        [&table.title, &table.subtitle, &table.left, &table.left_after, &table.right]
            .into_iter()
            .map(|line| plain(line))
            .collect();
    texts.extend(table.grid.header.iter().map(row));
    texts.extend(table.notes.iter().map(|note| plain(note)));
    texts.dedup();
    let texts = texts.into_iter().filter(|text| !text.is_empty());
    texts.map(|text| Line::at(text, address)).collect()
}

/// For each amount column of the new table, the old one: by its headings, else by its place where
/// there are as many.
fn columns(old: &Side<'_>, new: &Side<'_>) -> Vec<(usize, Option<usize>)> {
    let (before, after) = (&old.sheet.headings, &new.sheet.headings);
    let amounts = new.lanes.iter().flat_map(|lane| &lane.amounts);
    amounts
        .map(|&column| {
            let path = &after[column];
            let same = |at: &usize| before[*at] == *path;
            let twin = (0..before.len()).find(|at| same(at) && (!path.is_empty() || *at == column));
            (column, twin.or((before.len() == after.len()).then_some(column)))
        })
        .collect()
}

/// A row that only one of the tables has.
fn one_sided(side: &Side<'_>, entry: &Entry, change: Change) -> (RowChange, Move) {
    let lane = &side.lanes[entry.lane];
    let mut moves = Move::default();
    let mut cells = Vec::new();
    for &column in &lane.amounts {
        let Some(cell) = side.cell(entry.row, column) else { continue };
        let column = column_name(side, entry.row, column);
        let printed = Some(side.printed(entry.row, cell));
        let removed = change == Change::Removed;
        let (old, new) = if removed { (printed, None) } else { (None, printed) };
        if let Some(figure) = cell.figure().filter(|figure| !figure.is_zero()) {
            let amount = if removed { -figure.amount() } else { figure.amount() };
            let format = (figure.measure() == Measure::Money).then_some(side.table.format);
            moves.amounts.insert(column.clone(), (amount, format));
        }
        cells.push(CellChange { column, old, new, difference: None });
    }
    (RowChange { cells, ..row(side, entry, change) }, moves)
}

fn row(side: &Side<'_>, entry: &Entry, change: Change) -> RowChange {
    let labels = rows::label_cells(&side.sheet, entry, &side.lanes[entry.lane]);
    let label = labels.into_iter().map(|(number, _)| Address::Cell {
        table: side.number,
        row: entry.row,
        cell: number,
    });
    RowChange {
        change,
        moved: false,
        total: entry.total,
        unit: entry.unit.clone().filter(|unit| *unit != entry.name),
        code: entry.code.clone(),
        name: entry.name.clone(),
        old_name: None,
        words: Vec::new(),
        label: if change == Change::Removed { Vec::new() } else { label.collect() },
        cells: Vec::new(),
    }
}

/// A row of both tables, when it differs.
fn changed(
    old: &Side<'_>,
    new: &Side<'_>,
    before: &Entry,
    after: &Entry,
    columns: &[(usize, Option<usize>)],
    moved: bool,
) -> Option<(RowChange, Move)> {
    let mut moves = Move::default();
    let mut cells = Vec::new();
    for &column in &new.lanes[after.lane].amounts {
        let twin = columns.iter().find(|(at, _)| *at == column).and_then(|(_, twin)| *twin);
        let old_cell = twin.and_then(|twin| old.cell(before.row, twin));
        let new_cell = new.cell(after.row, column);
        let difference = difference(old, old_cell, new, new_cell);
        let same = match (old_cell, new_cell) {
            (Some(a), Some(b)) => plain(&a.text) == plain(&b.text) && difference.is_none(),
            (None, None) => true,
            _ => false,
        };
        if same {
            continue;
        }
        let name = column_name(new, after.row, column);
        moves.amounts.extend(difference.map(|difference| (name.clone(), difference)));
        cells.push(CellChange {
            column: name,
            old: old_cell.map(|cell| old.printed(before.row, cell)),
            new: new_cell.map(|cell| new.printed(after.row, cell)),
            difference: difference.map(|(amount, format)| signed(amount, format.as_ref())),
        });
    }
    let elsewhere = moved || before.unit != after.unit && !after.total && moved_unit(old, after);
    let renamed = before.name != after.name || before.code != after.code;
    if cells.is_empty() && !elsewhere && !renamed {
        return None;
    }
    let change = if cells.is_empty() && !renamed { Change::Moved } else { Change::Changed };
    let mut row = row(new, after, change);
    row.moved = elsewhere;
    if before.name != after.name {
        row.old_name = Some(before.name.clone());
        row.words = words::diff(&before.name, &after.name);
    }
    row.cells = cells;
    if !renamed {
        row.label.clear();
    }
    Some((row, moves))
}

/// Whether the unit that a row stands under now is one that the old table had, too: otherwise the
/// unit itself was renamed.
fn moved_unit(old: &Side<'_>, after: &Entry) -> bool {
    old.entries.iter().any(|entry| entry.unit == after.unit)
}

/// New less old, and how to print it; nothing when neither is an amount, or nothing changed.
fn difference(
    old: &Side<'_>,
    before: Option<&Cell>,
    new: &Side<'_>,
    after: Option<&Cell>,
) -> Option<(Decimal, Option<Format>)> {
    let (before, after) = (before.and_then(Cell::figure), after.and_then(Cell::figure));
    let measure = after.or(before)?.measure();
    let (from, to) = (old.table.format, new.table.format);
    let earlier = before.map_or(Decimal::ZERO, |figure| match figure.measure() {
        Measure::Money => held_as(figure.amount(), from.held_in, to.held_in),
        _ => figure.amount(),
    });
    let amount = after.map_or(Decimal::ZERO, |figure| figure.amount()) - earlier;
    let format = (measure == Measure::Money).then_some(to);
    (!amount.is_zero()).then_some((amount.normalize(), format))
}

/// An amount in another unit.
fn held_as(amount: Decimal, from: MoneyUnit, to: MoneyUnit) -> Decimal {
    let many = Decimal::from(10_000);
    match (from, to) {
        (MoneyUnit::TenThousand, MoneyUnit::Yuan) => amount * many,
        (MoneyUnit::Yuan, MoneyUnit::TenThousand) => amount / many,
        _ => amount,
    }
}

/// A difference with its sign; exact where the print would round it away.
pub fn signed(amount: Decimal, format: Option<&Format>) -> String {
    let sign = if amount.is_sign_negative() { "-" } else { "+" };
    let size = amount.abs().normalize();
    match format {
        Some(format) if !format.rounded(size).is_zero() => {
            format!("{sign}{}", format.print_amount(size))
        }
        _ => format!("{sign}{size}"),
    }
}

/// A column as readers know it, with as many headings as tell it from the others. Where a table has
/// its headings among its rows, the nearest text above.
fn column_name(side: &Side<'_>, row: usize, column: usize) -> String {
    let path = &side.sheet.headings[column];
    let Some(last) = path.last().cloned() else {
        let above = (0..row).rev().filter_map(|row| side.cell(row, column));
        let mut texts = above.filter(|cell| cell.figure().is_none()).map(|cell| plain(&cell.text));
        return texts.next().unwrap_or_default();
    };
    let alone = side.sheet.headings.iter().filter(|path| path.last() == Some(&last)).count() < 2;
    if alone { last } else { path.join("/") }
}
