//! How many lines the rows of a table have, as far as that is certain: Typst need not measure their
//! height then, for which it would lay out every cell twice.

use minijinja::value::{Object, ObjectRepr, Value};

use super::markup::is_long;
use super::measure::Widths;
use crate::report::{self, Grid, Row};

/// What the heights of a table's rows depend on.
#[derive(Debug, Default)]
pub struct Shape {
    /// Widths of the columns, in relation to each other.
    columns: Vec<u32>,
    header: Vec<Vec<Text>>,
    rows: Vec<Vec<Text>>,
}

#[derive(Debug)]
struct Text {
    text: String,
    column: usize,
    columns: usize,
    rows: usize,
    indent: usize,
    /// Justified, so that its lines break elsewhere.
    long: bool,
}

impl Shape {
    pub fn of(grid: &Grid) -> Self {
        let texts = |rows: &[Row]| rows.iter().map(texts).collect();
        let columns = grid.columns.iter().map(|column| column.width).collect();
        Self { columns, header: texts(&grid.header), rows: texts(&grid.rows) }
    }

    /// The lines of each row of the head and of the body, `none` where they are not certain, for a
    /// table as wide as `width` whose cells keep `insets` beside their text, both in its size.
    pub fn lines(&self, widths: &Widths, role: &str, width: f64, insets: f64) -> Value {
        let share = width / f64::from(self.columns.iter().sum::<u32>().max(1));
        let cell = |text: &Text| {
            let shares = self.columns.iter().skip(text.column).take(text.columns);
            let room = f64::from(shares.sum::<u32>()) * share - insets - text.indent as f64;
            let lines = widths.lines(role, &text.text, room)?;
            (lines == 1 || !text.long).then_some(lines)
        };
        let rows = |rows: &[Vec<Text>]| {
            let lines = of_rows(rows, cell).into_iter();
            let printed = |lines: Option<usize>| lines.map_or("none".into(), |n| n.to_string());
            let lines = lines.map(|lines| Value::from_safe_string(printed(lines)));
            Value::from(lines.collect::<Vec<Value>>())
        };
        Value::from_pairs([("header", rows(&self.header)), ("rows", rows(&self.rows))])
    }
}

impl Object for Shape {
    fn repr(self: &std::sync::Arc<Self>) -> ObjectRepr {
        ObjectRepr::Plain
    }
}

fn texts(row: &Row) -> Vec<Text> {
    let cells = row.cells.iter().map(|cell| {
        let text = report::plain(&cell.text);
        Text {
            long: is_long(cell, &text),
            text,
            column: cell.column,
            columns: cell.columns,
            rows: cell.rows,
            indent: cell.indent,
        }
    });
    cells.collect()
}

/// The lines of rows, from those of their cells.
fn of_rows(rows: &[Vec<Text>], lines: impl Fn(&Text) -> Option<usize>) -> Vec<Option<usize>> {
    let own = |row: &Vec<Text>| {
        let single = row.iter().filter(|text| text.rows == 1);
        // A row of merged cells alone is as high as they make it.
        let most = single.map(&lines).try_fold(0, |most, lines| Some(most.max(lines?)))?;
        (most > 0).then_some(most)
    };
    let mut all: Vec<Option<usize>> = rows.iter().map(own).collect();
    for (at, row) in rows.iter().enumerate() {
        for text in row.iter().filter(|text| text.rows > 1) {
            let end = (at + text.rows).min(rows.len());
            let room: Option<usize> = all[at..end].iter().copied().sum();
            if room.zip(lines(text)).is_none_or(|(room, lines)| lines > room) {
                all[at..end].fill(None);
            }
        }
    }
    all
}
