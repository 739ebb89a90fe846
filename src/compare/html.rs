//! 修改一览 as one HTML page: real tables, changed words marked by more than colour.

use minijinja::context;
use minijinja::value::Value;

use super::Comparison;
use crate::finding::page;

const CHANGES: &str = include_str!("changes.html");

/// The whole page.
pub fn to_html(comparison: &Comparison) -> String {
    let facts = serde_json::to_value(comparison).unwrap_or_default();
    let titles: Vec<Vec<String>> = comparison
        .tables
        .iter()
        .map(|table| table.rows.iter().map(super::RowChange::title).collect())
        .collect();
    page(CHANGES, context! { it => Value::from(minijinja::value::Serde(&facts)), titles })
}
