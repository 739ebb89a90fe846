//! A cell of a table as the layout template sees it.

use std::sync::Arc;

use minijinja::value::{Object, ObjectRepr, Value};

use super::grid::Set;
use crate::report::Align;

/// Characters of a cell that make several lines.
pub const LONG: usize = 40;

/// What the layout knows of a cell besides what it is.
#[derive(Debug, Default)]
pub struct Extra {
    /// A row splits over pages only if all its cells may.
    pub splits: bool,
    /// It may stand on several pages.
    pub goes_on: bool,
    pub kind: Kind,
    /// Named parameters of the look's `cell`, such as `unit: "t3-5"`.
    pub others: Vec<String>,
}

/// What a cell is to a reader who hears the table.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Kind {
    /// As its place in the table says.
    #[default]
    Usual,
    /// The head of its row.
    Head,
    /// Data, though it stands among heads.
    Data,
}

/// A cell: there are thousands, so it is not a map of values.
#[derive(Debug)]
pub struct CellValue {
    align: Align,
    columns: usize,
    rows: usize,
    indent: usize,
    /// The columns and rows that it covers, where it is merged.
    spans: Value,
    /// All by which it differs from a cell that is nothing but its text, aligned as its column is.
    options: Value,
    line: Value,
}

impl CellValue {
    /// A cell in a column that is aligned as `column`.
    pub fn new(set: &Set, column: Option<Align>, extra: Extra) -> Self {
        let is_aligned = column == Some(set.align);
        let mut options: Vec<String> = Vec::new();
        options.extend((set.columns > 1).then(|| format!("colspan: {}", set.columns)));
        options.extend((set.rows > 1).then(|| format!("rowspan: {}", set.rows)));
        let spans = Value::from_safe_string(options.join(", "));
        options.extend((!is_aligned).then(|| format!("align: {}", align(set.align))));
        options.extend((set.indent > 0).then(|| format!("indent: {}", set.indent)));
        options.extend(extra.splits.then(|| "splits: true".to_owned()));
        options.extend(is_long(set).then(|| "long: true".to_owned()));
        options.extend(match extra.kind {
            Kind::Usual => None,
            Kind::Head => Some("kind: \"head\"".to_owned()),
            Kind::Data => Some("kind: \"data\"".to_owned()),
        });
        options.extend(extra.others);
        Self {
            align: set.align,
            columns: set.columns,
            rows: set.rows,
            indent: set.indent,
            spans,
            options: Value::from_safe_string(options.join(", ")),
            line: Value::from_dyn_object(set.line.clone()),
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
            "spans" => self.spans.clone(),
            "options" => self.options.clone(),
            "line" => self.line.clone(),
            _ => return None,
        })
    }
}

/// Several lines of text, to be justified; a short name would be stretched.
pub fn is_long(set: &Set) -> bool {
    set.align == Align::Left && set.text.chars().count() > LONG
}

/// An alignment in Typst's words.
pub fn align(align: Align) -> &'static str {
    match align {
        Align::Left => "left",
        Align::Center => "center",
        Align::Right => "right",
    }
}
