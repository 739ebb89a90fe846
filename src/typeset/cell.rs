//! A cell of a table as the layout template sees it.

use std::sync::Arc;

use minijinja::value::{Object, ObjectRepr, Value};

use crate::report::{self, Align, Cell};

/// Characters of a cell that make several lines.
const LONG: usize = 40;

/// A cell: there are thousands, so it is not a map of values.
#[derive(Debug)]
pub struct CellValue {
    align: Align,
    columns: usize,
    rows: usize,
    indent: usize,
    /// A row splits over pages only if all its cells may.
    splits: bool,
    long: bool,
    amount: bool,
    /// The columns and rows that it covers, where it is merged.
    spans: Value,
    /// All by which it differs from a cell that is nothing but its text, aligned as its column is.
    options: Value,
    line: Value,
}

impl CellValue {
    /// A cell whose text is `line`, in a column that is aligned as `column`.
    pub fn new(cell: &Cell, column: Option<Align>, splits: bool, line: Value) -> Self {
        let text = report::plain(&cell.text);
        let long = is_long(cell, &text);
        let amount = cell.text.len() == 1 && is_long_amount(&text);
        let is_aligned = column == Some(cell.align);
        let spans = [
            (cell.columns > 1).then(|| format!("colspan: {}", cell.columns)),
            (cell.rows > 1).then(|| format!("rowspan: {}", cell.rows)),
        ];
        let others = [
            (!is_aligned).then(|| format!("align: {}", align(cell.align))),
            (cell.indent > 0).then(|| format!("indent: {}", cell.indent)),
            splits.then(|| "splits: true".to_owned()),
            long.then(|| "long: true".to_owned()),
            amount.then(|| "amount: true".to_owned()),
        ];
        let arguments = |some: &mut dyn Iterator<Item = &Option<String>>| {
            let some: Vec<&str> = some.flatten().map(String::as_str).collect();
            Value::from_safe_string(some.join(", "))
        };
        Self {
            align: cell.align,
            columns: cell.columns,
            rows: cell.rows,
            indent: cell.indent,
            splits,
            long,
            amount,
            spans: arguments(&mut spans.iter()),
            options: arguments(&mut spans.iter().chain(&others)),
            line,
        }
    }
}

impl Object for CellValue {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Plain
    }

    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        Some(match key.as_str()? {
            "align" => Value::from_safe_string(align(self.align).to_owned()),
            "columns" => Value::from(self.columns),
            "rows" => Value::from(self.rows),
            "indent" => Value::from(self.indent),
            "splits" => Value::from(self.splits),
            "long" => Value::from(self.long),
            "amount" => Value::from(self.amount),
            "spans" => self.spans.clone(),
            "options" => self.options.clone(),
            "line" => self.line.clone(),
            _ => return None,
        })
    }
}

/// Several lines of text, to be justified; a short name would be stretched.
pub fn is_long(cell: &Cell, text: &str) -> bool {
    cell.align == Align::Left && text.chars().count() > LONG
}

/// An amount that may be wider than its column.
fn is_long_amount(text: &str) -> bool {
    text.len() > 7 && text.bytes().all(|byte| byte.is_ascii_digit() || b"-,.".contains(&byte))
}

/// An alignment in Typst's words.
pub fn align(align: Align) -> &'static str {
    match align {
        Align::Left => "left",
        Align::Center => "center",
        Align::Right => "right",
    }
}
