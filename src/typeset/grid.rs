//! A table's grid as the layout template sees it: its cells, and how they fit a paper.

use std::sync::Arc;

use minijinja::value::{Object, ObjectRepr, Value};

use super::cell::{CellValue, Extra, align};
use super::line::LineValue;
use crate::report::{self, Align, Cell, Column, Grid, Role};

/// The grid of a table, its texts numbered.
#[derive(Debug)]
pub struct GridValue {
    pub columns: Vec<Column>,
    pub header: Vec<Vec<Set>>,
    pub rows: Vec<RowSet>,
    /// Rows under the body: the last row stays with them.
    pub notes: usize,
    /// Every row may go on over the page.
    pub splits: bool,
    /// What differs from another report is marked, so that the height of a line is not known.
    pub is_marked: bool,
    /// What the names of its labels begin with.
    pub name: String,
}

/// A row of the body.
#[derive(Debug)]
pub struct RowSet {
    pub role: Role,
    pub repeats: bool,
    pub cells: Vec<Set>,
}

/// A cell with its line.
#[derive(Debug, Clone)]
pub struct Set {
    pub column: usize,
    pub columns: usize,
    pub rows: usize,
    pub align: Align,
    pub indent: usize,
    pub text: Arc<str>,
    pub line: Arc<LineValue>,
}

impl Set {
    pub fn new(cell: &Cell, line: LineValue) -> Self {
        Self {
            column: cell.column,
            columns: cell.columns,
            rows: cell.rows,
            align: cell.align,
            indent: cell.indent,
            text: report::plain(&cell.text).into(),
            line: Arc::new(line),
        }
    }

    /// The columns that it covers.
    pub fn across(&self) -> std::ops::Range<usize> {
        self.column..self.column + self.columns
    }
}

impl GridValue {
    /// A grid whose lines are made by `line`, from a cell, its row and its number in the row; rows
    /// of the head are counted first.
    pub fn new(grid: &Grid, mut line: impl FnMut(&Cell, usize, usize) -> LineValue) -> Self {
        let mut at = 0;
        let mut row = |cells: &[Cell]| {
            let cells = cells.iter().enumerate();
            let sets = cells.map(|(number, cell)| Set::new(cell, line(cell, at, number))).collect();
            at += 1;
            sets
        };
        let header = grid.header.iter().map(|one| row(&one.cells)).collect();
        let rows = grid.rows.iter().map(|one| RowSet {
            role: one.role,
            repeats: one.repeats,
            cells: row(&one.cells),
        });
        Self {
            rows: rows.collect(),
            header,
            columns: grid.columns.clone(),
            notes: 0,
            splits: false,
            is_marked: false,
            name: String::new(),
        }
    }

    /// Rows as cells that nothing was fitted for.
    fn plain<'a>(&self, rows: impl Iterator<Item = &'a Vec<Set>>) -> Value {
        let cell = |set: &Set| {
            let column = self.columns.get(set.column).map(|column| column.align);
            Value::from_object(CellValue::new(set, column, Extra::default()))
        };
        rows.map(|row| row.iter().map(cell).collect::<Value>()).collect()
    }
}

impl Object for GridValue {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Plain
    }

    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        Some(match key.as_str()? {
            "columns" => {
                self.columns.iter().map(|column| column_value(column, column.width)).collect()
            }
            "header" => self.plain(self.header.iter()),
            "rows" => self.plain(self.rows.iter().map(|row| &row.cells)),
            _ => return None,
        })
    }
}

/// A column as the template sees it.
pub fn column_value(column: &Column, width: impl ToString) -> Value {
    Value::from_pairs([
        ("width", Value::from_safe_string(width.to_string())),
        ("align", Value::from_safe_string(align(column.align).to_owned())),
    ])
}

/// A table in the template: its own values, and those of its grid.
#[derive(Debug)]
pub struct Framed {
    pub values: Vec<(&'static str, Value)>,
    pub grid: Value,
}

impl Object for Framed {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Plain
    }

    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        let name = key.as_str()?;
        let own = self.values.iter().find(|(own, _)| *own == name);
        match own {
            Some((_, value)) => Some(value.clone()),
            None if name == "grid" => Some(self.grid.clone()),
            None => self.grid.get_attr(name).ok().filter(|value| !value.is_undefined()),
        }
    }
}
