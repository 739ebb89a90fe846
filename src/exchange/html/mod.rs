//! The report as one page of HTML: real tables with captions and heads, readable aloud, printable.

use minijinja::syntax::SyntaxConfig;
use minijinja::value::Serde;
use minijinja::{AutoEscape, Environment, context};
use serde_json::{Map, Value};

use super::Subject;
use super::json::json;

const PAGE: &str = include_str!("page.html.j2");

type Cell = Map<String, Value>;

/// The page of a report.
pub fn html(subject: &Subject<'_>) -> Result<String, minijinja::Error> {
    let mut env = Environment::new();
    env.set_auto_escape_callback(|_| AutoEscape::Html);
    let syntax = SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build();
    env.set_syntax(syntax.expect("the delimiters are the usual ones"));
    env.add_filter("named", named);
    env.add_template("page.html", PAGE)?;
    env.get_template("page.html")?.render(context! { report => Serde(json(subject)) })
}

/// The cells of a row, the one that names it marked: the last text before its first amount.
fn named(cells: Serde<Vec<Cell>>) -> minijinja::Value {
    let mut cells = cells.0;
    let is_amount = |cell: &Cell| cell.contains_key("value") && !cell["value"].is_null();
    if let Some(amount) = cells.iter().position(is_amount) {
        let text =
            |cell: &Cell| cell.get("text").and_then(Value::as_str).map(str::trim).map(str::len);
        let name = cells[..amount].iter().rposition(|cell| text(cell).is_some_and(|long| long > 0));
        if let Some(name) = name {
            cells[name].insert("names".to_owned(), true.into());
        }
    }
    minijinja::Value::from(Serde(cells))
}
