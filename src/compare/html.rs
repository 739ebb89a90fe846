//! 修改一览 as one HTML page: real tables, changed words marked by more than colour.

use minijinja::value::Value;
use minijinja::{Environment, context};

use super::Comparison;

const PAGE: &str = include_str!("page.html");

/// The whole page.
pub fn to_html(comparison: &Comparison) -> String {
    let mut env = Environment::new();
    env.add_template("page.html", PAGE).expect("the page's template is valid");
    let facts = serde_json::to_value(comparison).unwrap_or_default();
    let titles: Vec<Vec<String>> = comparison
        .tables
        .iter()
        .map(|table| table.rows.iter().map(super::RowChange::title).collect())
        .collect();
    let page = env.get_template("page.html").and_then(|template| {
        template.render(context! { it => Value::from(minijinja::value::Serde(&facts)), titles })
    });
    page.expect("the page's template names only what it is given")
}
