//! Findings for programs: the object that `--json` prints.

use serde_json::{Value, json};

use super::{Finding, Severity, Spot};

/// `{"findings": […], "summary": {"error": n, "warning": n, "info": n}}`
pub fn to_json(findings: &[Finding]) -> Value {
    json!({
        "findings": findings.iter().map(one).collect::<Vec<_>>(),
        "summary": summary(findings),
    })
}

/// How many findings of each severity there are.
pub fn summary(findings: &[Finding]) -> Value {
    let count = |severity| findings.iter().filter(|found| found.severity == severity).count();
    json!({
        "error": count(Severity::Error),
        "warning": count(Severity::Warning),
        "info": count(Severity::Info),
    })
}

fn one(finding: &Finding) -> Value {
    let place = finding.spot.as_ref().map(place);
    let at = |key: &str| place.as_ref().map_or(Value::Null, |place| place[key].clone());
    let shown = finding.shown.as_ref();
    let sides = finding.sides.as_ref();
    json!({
        "code": finding.code,
        "severity": finding.severity.word(),
        "message": finding.message,
        "file": at("file"),
        "line": at("line"),
        "column": at("column"),
        "table": shown.map(|shown| shown.part.as_str()),
        "row": shown.and_then(|shown| shown.row.as_deref()),
        "column_name": shown.and_then(|shown| shown.column.as_deref()),
        "page": shown.and_then(|shown| shown.page),
        "expected": sides.map(|sides| sides.expected.as_str()),
        "actual": sides.map(|sides| sides.actual.as_str()),
        "difference": sides.map(|sides| sides.difference.as_str()),
        "help": finding.help,
        "reason": finding.reason,
        "feeds": finding.feeds.iter().map(self::place).collect::<Vec<_>>(),
    })
}

fn place(spot: &Spot) -> Value {
    let (line, column) = spot.file.line_column(spot.range.start);
    json!({"file": spot.file.name, "line": line, "column": column})
}
