//! 表内: names in tables, commas, notes of empty tables.

use std::collections::BTreeSet;

use super::{Hit, View};
use crate::budget::{Figure, Measure};
use crate::report::{Address, Origin, Piece, Role, Table, plain};
use crate::source::model::TableSettings;
use crate::source::scalar::{Place, Prose};

/// So many amounts prove that a table is not empty.
const MOST_AMOUNTS: usize = 3;

impl View<'_> {
    /// Names in the heads and unit rows of tables that are not the department's or a unit's.
    pub(super) fn table_names(&self) -> Vec<Hit> {
        let units = self.budget.units.iter().map(|unit| unit.name.as_str());
        let known: BTreeSet<&str> = units.chain([self.budget.whole.name.as_str()]).collect();
        let settings = |table: &Table| self.budget.source.value.tables.get(&table.id);
        let mut hits = Vec::new();
        for (number, table) in self.report.tables().enumerate() {
            let left = plain(&table.left);
            if let Some((label, name)) = left.split_once('：')
                && !known.contains(name.trim())
            {
                hits.push(Hit {
                    message: format!("{label}是“{name}”"),
                    address: Some(Address::Head { table: number }),
                    part: table.id.clone(),
                    place: settings(table).and_then(|s| s.department.as_ref()).map(prose_place),
                    ..Hit::default()
                });
            }
            for (row, value) in table.grid.rows.iter().enumerate() {
                let Some(cell) = value.cells.first().filter(|_| value.role == Role::Unit) else {
                    continue;
                };
                let name = plain(&cell.text);
                if !known.contains(name.as_str()) {
                    hits.push(Hit {
                        message: format!("预算单位是“{name}”"),
                        address: Some(Address::Cell { table: number, row, cell: 0 }),
                        part: table.id.clone(),
                        place: row_setting(settings(table), row).or_else(|| place_of(&cell.text)),
                        ..Hit::default()
                    });
                }
            }
        }
        hits
    }

    /// Amounts of four digits and more without commas, where the report prints commas; one a part.
    pub(super) fn grouping(&self) -> Vec<Hit> {
        if !self.budget.format.grouping {
            return Vec::new();
        }
        let mut hits: Vec<Hit> = Vec::new();
        let mut look = |origin: &Origin, text: &str, address: Address, part: &str| {
            let Origin::Figure(figure, _) = origin else { return };
            let integer = text.split('.').next().unwrap_or_default();
            let long = integer.len() > 3 && integer.bytes().all(|b| b.is_ascii_digit());
            if figure.measure() == Measure::Money
                && long
                && !hits.iter().any(|hit| hit.part == part)
            {
                hits.push(Hit {
                    message: format!("印着“{text}”"),
                    address: Some(address),
                    part: part.to_owned(),
                    place: figure.places().first().cloned(),
                    ..Hit::default()
                });
            }
        };
        for passage in &self.passages.all {
            passage
                .line
                .iter()
                .for_each(|p| look(&p.origin, &p.text, passage.address, &passage.part));
        }
        for (table, value) in self.report.tables().enumerate() {
            for (row, cells) in value.grid.rows.iter().enumerate() {
                for (cell, value_cell) in cells.cells.iter().enumerate() {
                    let address = Address::Cell { table, row, cell };
                    value_cell
                        .text
                        .iter()
                        .for_each(|p| look(&p.origin, &p.text, address, &value.id));
                }
            }
        }
        hits
    }

    /// A table of zeros without its note, or a note on a table that has amounts.
    pub(super) fn empty_tables(&self, notes: &[String]) -> Vec<Hit> {
        let mut hits = Vec::new();
        for (number, table) in self.report.tables().enumerate() {
            let cells = table.grid.rows.iter().flat_map(|row| &row.cells);
            let mut figures = cells.filter_map(|cell| cell.figure()).peekable();
            let empty = figures.peek().is_some() && figures.all(Figure::is_zero);
            let noted = table
                .notes
                .iter()
                .any(|note| notes.iter().any(|n| plain(note).contains(n.as_str())));
            let wanted = notes.join("、");
            let message = match (empty, noted) {
                (true, false) => format!("全是零，却没有注“{wanted}”"),
                (false, true) => format!("有数，却注着“{wanted}”"),
                _ => continue,
            };
            let cells = table.grid.rows.iter().flat_map(|row| &row.cells);
            let amounts = cells.filter_map(|cell| cell.figure()).filter(|it| !it.is_zero());
            let amounts = Hit::of_figures(message, amounts.take(MOST_AMOUNTS));
            // The note, where the source writes it; else the amounts that speak against it.
            let note = table.notes.iter().find_map(|note| place_of(note));
            let (place, feeds) = match note {
                Some(place) => {
                    (Some(place), amounts.place.into_iter().chain(amounts.feeds).collect())
                }
                None => (amounts.place, amounts.feeds),
            };
            hits.push(Hit {
                message: amounts.message,
                address: Some(Address::Head { table: number }),
                part: table.id.clone(),
                place,
                feeds,
                ..Hit::default()
            });
        }
        hits
    }
}

fn prose_place(prose: &Prose) -> Place {
    prose.0.place.clone()
}

/// Where the source names a table's summary row (the first) or its only unit's.
fn row_setting(settings: Option<&TableSettings>, row: usize) -> Option<Place> {
    let settings = settings?;
    let name = if row == 0 { settings.summary.as_ref() } else { settings.unit_row.as_ref() };
    name.map(prose_place)
}

fn place_of(line: &[Piece]) -> Option<Place> {
    line.iter().find_map(|piece| match &piece.origin {
        Origin::Text(place) => Some(place.clone()),
        _ => None,
    })
}
