//! The whole report as JSON: every piece of text, every figure with where it comes from.

use serde_json::{Value, json};

use super::Subject;
use super::stored::Stored;
use crate::budget::Format;
use crate::budget::figure::{Figure, Measure, Origin as Known};
use crate::finding::File;
use crate::report::{Align, Block, Cell, Grid, Line, Origin, Role, Row, Table, plain};
use crate::source::scalar::Place;

/// The name and version of the layout, for readers to rely on.
const LAYOUT: &str = "yusuan-report/1";

/// The report of a subject.
pub fn json(subject: &Subject<'_>) -> Value {
    let report = subject.report;
    let facts = &subject.budget.source.value;
    let writer = Writer { lines: LineIndex::of(&report.file) };
    let groups = report.groups.iter().map(|group| {
        let chapters = group.chapters.iter().map(|chapter| {
            let blocks: Vec<Value> =
                chapter.blocks.iter().map(|block| writer.block(block)).collect();
            let format = &chapter.format;
            json!({
                "title": plain(&chapter.title),
                "unit": format.unit_name(),
                "decimals": format.decimals,
                "blocks": blocks,
            })
        });
        let tables = group.tables.iter().map(|table| writer.table(table));
        json!({
            "title": plain(&group.title),
            "chapters": chapters.collect::<Vec<_>>(),
            "tables": tables.collect::<Vec<_>>(),
        })
    });
    json!({
        "layout": LAYOUT,
        "title": report.title_text(),
        "department": report.author,
        "year": facts.year.count,
        "date": format!("{:04}-{:02}-{:02}", report.date.year, report.date.month, report.date.day),
        "form": facts.form.text,
        "source": super::base_name(&report.file.name),
        "unit": Format::of(&facts.amounts).unit_name(),
        "groups": groups.collect::<Vec<_>>(),
    })
}

struct Writer {
    lines: LineIndex,
}

impl Writer {
    fn block(&self, block: &Block) -> Value {
        match block {
            Block::Heading(level, line) => {
                json!({ "kind": "heading", "level": level, "text": plain(line), "pieces": self.line(line) })
            }
            Block::Paragraph(line) => {
                json!({ "kind": "paragraph", "text": plain(line), "pieces": self.line(line) })
            }
            Block::Table(grid) => {
                let mut value = self.grid(grid);
                value["kind"] = "table".into();
                value
            }
        }
    }

    fn table(&self, table: &Table) -> Value {
        let mut value = json!({
            "number": table.id,
            "entry": table.entry,
            "title": plain(&table.title),
            "subtitle": plain(&table.subtitle),
            "left": plain(&table.left),
            "right": plain(&table.right),
            "unit": table.format.unit_name(),
            "decimals": table.format.decimals,
            "landscape": table.landscape,
            "notes": table.notes.iter().map(|note| plain(note)).collect::<Vec<_>>(),
        });
        if let (Value::Object(value), Value::Object(grid)) = (&mut value, self.grid(&table.grid)) {
            value.extend(grid);
        }
        value
    }

    fn grid(&self, grid: &Grid) -> Value {
        let columns = grid
            .columns
            .iter()
            .map(|column| json!({ "align": align(column.align), "width": column.width }));
        let rows = |rows: &[Row]| rows.iter().map(|row| self.row(row)).collect::<Vec<_>>();
        json!({
            "columns": columns.collect::<Vec<_>>(),
            "header": rows(&grid.header),
            "rows": rows(&grid.rows),
        })
    }

    fn row(&self, row: &Row) -> Value {
        let (role, level) = match row.role {
            Role::Plain => ("plain", None),
            Role::Unit => ("unit", None),
            Role::Class(level) => ("class", Some(level)),
            Role::Total => ("total", None),
            Role::Head => ("head", None),
        };
        let cells: Vec<Value> = row.cells.iter().map(|cell| self.cell(cell)).collect();
        json!({ "role": role, "level": level, "cells": cells })
    }

    fn cell(&self, cell: &Cell) -> Value {
        let value = match Stored::of(cell) {
            Stored::Number(number) => Some(number.value.to_string()),
            _ => None,
        };
        json!({
            "column": cell.column,
            "columns": cell.columns,
            "rows": cell.rows,
            "align": align(cell.align),
            "indent": cell.indent,
            "text": plain(&cell.text),
            "value": value,
            "pieces": self.line(&cell.text),
        })
    }

    fn line(&self, line: &Line) -> Vec<Value> {
        let pieces = line.iter().map(|piece| {
            let origin = match &piece.origin {
                Origin::Form => json!({ "kind": "form" }),
                Origin::Text(place) => json!({ "kind": "text", "place": self.place(place) }),
                Origin::Figure(figure, _) => self.figure(figure),
            };
            json!({ "text": piece.text, "origin": origin })
        });
        pieces.collect()
    }

    /// A figure in the source's unit, how it was made, and every place that feeds it.
    fn figure(&self, figure: &Figure) -> Value {
        let how = match figure.origin() {
            Known::Stated(_) => "stated",
            Known::Absent => "absent",
            Known::Sum(_) => "sum",
            Known::Difference(..) => "difference",
            Known::Rate(..) => "rate",
            Known::Computed(_) => "computed",
        };
        let measure = match figure.measure() {
            Measure::Money => "money",
            Measure::Count => "count",
            Measure::Percent => "percent",
            Measure::Plain => "number",
        };
        let places: Vec<Value> = figure.places().iter().map(|place| self.place(place)).collect();
        json!({
            "kind": "figure",
            "amount": figure.amount().to_string(),
            "slack": figure.slack().to_string(),
            "measure": measure,
            "how": how,
            "places": places,
        })
    }

    fn place(&self, place: &Place) -> Value {
        let (line, column) = self.lines.at(place.start);
        json!({ "line": line, "column": column, "start": place.start, "end": place.end })
    }
}

fn align(align: Align) -> &'static str {
    match align {
        Align::Left => "left",
        Align::Center => "center",
        Align::Right => "right",
    }
}

/// Where lines begin, so that thousands of places are found quickly.
struct LineIndex {
    text: String,
    starts: Vec<usize>,
}

impl LineIndex {
    fn of(file: &File) -> Self {
        let starts = file.text.match_indices('\n').map(|(at, _)| at + 1);
        Self { starts: [0].into_iter().chain(starts).collect(), text: file.text.clone() }
    }

    /// Line and column from 1, columns in characters.
    fn at(&self, byte: usize) -> (usize, usize) {
        let line = self.starts.partition_point(|start| *start <= byte);
        let before = self.text.get(self.starts[line - 1]..byte).unwrap_or_default();
        (line, before.chars().count() + 1)
    }
}
