//! What the changes did to the totals: each 合计 that differs, and the rows that made it differ.

use rust_decimal::Decimal;

use super::tables::{Moves, signed};
use super::{Cause, RowChange, TableChange, Total};
use crate::source::excerpt::brief;

/// The totals of all tables.
pub fn of(tables: &[(TableChange, Moves)]) -> Vec<Total> {
    tables.iter().flat_map(|(table, moves)| of_table(table, moves)).collect()
}

fn of_table(table: &TableChange, moves: &Moves) -> Vec<Total> {
    let mut totals = Vec::new();
    for (row, moved) in table.rows.iter().zip(moves).filter(|(row, _)| row.total) {
        for cell in &row.cells {
            let (Some(old), Some(new)) = (&cell.old, &cell.new) else { continue };
            let Some((whole, format)) = moved.amounts.get(&cell.column) else { continue };
            let causes = causes(table, moves, row, &cell.column);
            let sum: Decimal = causes.iter().map(|(_, amount)| amount).sum();
            let because = causes.iter().map(|(row, amount)| Cause {
                row: row.title(),
                difference: signed(*amount, format.as_ref()),
            });
            totals.push(Total {
                table: table.number.clone(),
                row: row.title(),
                column: cell.column.clone(),
                old: old.text.clone(),
                new: new.text.clone(),
                difference: signed(*whole, format.as_ref()),
                because: because.collect(),
                explained: sum == *whole,
            });
        }
    }
    totals
}

/// The lowest rows that changed in a column: those of the unit, when the total is a unit's.
fn causes<'t>(
    table: &'t TableChange,
    moves: &Moves,
    total: &RowChange,
    column: &str,
) -> Vec<(&'t RowChange, Decimal)> {
    let of_unit = |row: &RowChange| row.unit.as_deref() == Some(&total.name);
    let units = table.rows.iter().any(of_unit);
    let rows = table.rows.iter().zip(moves);
    rows.filter(|(row, moved)| !row.total && moved.lowest && (!units || of_unit(row)))
        .filter_map(|(row, moved)| Some((row, moved.amounts.get(column)?.0)))
        .collect()
}

impl RowChange {
    /// Whether its name is rather a text, of which the changed words are shown.
    pub fn is_long(&self) -> bool {
        brief(&self.name) != self.name
    }

    /// What the row is called: its code and name.
    pub fn title(&self) -> String {
        let name = brief(&self.name);
        match &self.code {
            Some(code) => format!("{code} {name}").trim_end().to_owned(),
            None => name,
        }
    }
}
