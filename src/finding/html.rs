//! 审核报告: findings as one HTML page for the file, made to be printed.

use minijinja::value::Value;
use minijinja::{Environment, context};

use super::{Checked, Finding, Severity, conclusion};

/// What all pages have, and the report's own.
const PAGE: &str = include_str!("page.html");
const REPORT: &str = include_str!("report.html");

/// A page of HTML for people: a template of the program's own, in the look of all such pages.
pub fn page(template: &str, facts: Value) -> String {
    let mut env = Environment::new();
    env.add_template("page.html", PAGE).expect("the page's template is valid");
    env.add_template("own.html", template).expect("the template is valid");
    let page = env.get_template("own.html").and_then(|template| template.render(facts));
    page.expect("the template names only what it is given")
}

/// The whole page.
pub fn to_html(checked: &[Checked], findings: &[Finding]) -> String {
    let groups: Vec<Value> = [
        ("错误", Severity::Error, false),
        ("警告（没有说明）", Severity::Warning, false),
        ("警告（已说明）", Severity::Warning, true),
        ("提示", Severity::Info, false),
    ]
    .into_iter()
    .map(|(title, severity, explained)| {
        let rows = findings.iter().filter(|finding| {
            finding.severity == severity && finding.reason.is_some() == explained
        });
        context! { title, rows => rows.map(row).collect::<Vec<_>>() }
    })
    .collect();
    let names: Vec<&str> = checked.iter().map(|one| one.source.as_str()).collect();
    let sources = names.join("、");
    let lists: Vec<Value> = checked.iter().map(list).collect();
    let summary = conclusion(checked, findings);
    page(REPORT, context! { sources, groups, lists, summary })
}

/// The checklist of one report.
fn list(checked: &Checked) -> Value {
    let required = checked.required.iter().map(|required| {
        let present = !required.addresses.is_empty();
        context! { what => &required.what, part => &required.part, page => required.page, present }
    });
    context! { source => &checked.source, required => required.collect::<Vec<_>>() }
}

fn row(finding: &Finding) -> Value {
    let place = finding.spot.as_ref().map(|spot| {
        let (line, column) = spot.file.line_column(spot.range.start);
        format!("{}:{line}:{column}", spot.file.name)
    });
    let shown = finding.shown.as_ref().map(|shown| {
        let page = shown.page.map(|page| format!("第 {page} 页 ")).unwrap_or_default();
        format!(
            "{} {page}{} {}",
            shown.part,
            shown.row.as_deref().unwrap_or_default(),
            shown.column.as_deref().unwrap_or_default()
        )
    });
    context! {
        code => finding.code.clone(),
        message => finding.message.clone(),
        place => place.unwrap_or_default(),
        shown => shown.unwrap_or_default(),
        note => finding.reason.clone().or_else(|| finding.help.clone()).unwrap_or_default(),
    }
}
