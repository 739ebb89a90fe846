//! What the changes did to the totals: each 合计 that differs, and the rows that made it differ.

use super::tables::{Moves, signed};
use super::{Cause, RowChange, TableChange, Total};

/// The totals of all tables.
pub fn of(tables: &[(TableChange, Moves)]) -> Vec<Total> {
    tables.iter().flat_map(|(table, moves)| of_table(table, moves)).collect()
}

fn of_table(table: &TableChange, moves: &Moves) -> Vec<Total> {
    let mut totals = Vec::new();
    for row in table.rows.iter().filter(|row| row.total) {
        for cell in &row.cells {
            let (Some(old), Some(new)) = (&cell.old, &cell.new) else { continue };
            let Some(difference) = &cell.difference else { continue };
            totals.push(Total {
                table: table.number.clone(),
                row: row.title(),
                column: cell.column.clone(),
                old: old.text.clone(),
                new: new.text.clone(),
                difference: difference.clone(),
                because: causes(table, moves, row, &cell.column),
            });
        }
    }
    totals
}

/// The lowest rows that changed in a column: those of the unit, when the total is a unit's.
fn causes(table: &TableChange, moves: &Moves, total: &RowChange, column: &str) -> Vec<Cause> {
    let units = table.rows.iter().any(|row| row.unit.as_deref() == Some(&total.name));
    let mut causes = Vec::new();
    for (row, moved) in table.rows.iter().zip(moves) {
        let inside = !units || row.unit.as_deref() == Some(&total.name);
        if row.total || !inside || has_lower(table, row) {
            continue;
        }
        if let Some((amount, format)) = moved.get(column) {
            causes.push(Cause { row: row.title(), difference: signed(*amount, Some(format)) });
        } else if let Some(cell) = row.cells.iter().find(|cell| cell.column == column) {
            // A row that is new or gone counts with all that it prints.
            let printed = cell.new.as_ref().or(cell.old.as_ref());
            let sign = if cell.new.is_some() { "+" } else { "-" };
            causes.extend(printed.map(|printed| Cause {
                row: row.title(),
                difference: format!("{sign}{}", printed.text),
            }));
        }
    }
    causes
}

/// Whether another changed row of the unit is a part of this one: 2080150 of 20801 and 208.
fn has_lower(table: &TableChange, row: &RowChange) -> bool {
    let Some(code) = &row.code else { return false };
    table.rows.iter().any(|other| {
        other.unit == row.unit
            && other.code.as_ref().is_some_and(|it| it.len() > code.len() && it.starts_with(code))
    })
}

impl RowChange {
    /// What the row is called: its code and name.
    pub fn title(&self) -> String {
        match &self.code {
            Some(code) => format!("{code} {}", self.name).trim_end().to_owned(),
            None => self.name.clone(),
        }
    }
}
