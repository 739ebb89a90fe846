//! Findings for programs: the object that `--json` prints.

use serde_json::{Value, json};

use super::{Finding, Severity};

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
    let place = finding.spot.as_ref().map(|spot| {
        let (line, column) = spot.file.line_column(spot.range.start);
        (spot.file.name.as_str(), line, column)
    });
    json!({
        "code": finding.code,
        "severity": finding.severity.word(),
        "message": finding.message,
        "file": place.map(|(file, _, _)| file),
        "line": place.map(|(_, line, _)| line),
        "column": place.map(|(_, _, column)| column),
        "help": finding.help,
    })
}
