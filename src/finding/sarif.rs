//! Findings for code hosts: SARIF 2.1.0.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::{Finding, Severity, Spot};

/// One SARIF log with one run. Explained warnings are suppressed results.
pub fn to_sarif(findings: &[Finding]) -> Value {
    let codes: BTreeSet<&str> = findings.iter().map(|finding| finding.code.as_str()).collect();
    let rules: Vec<Value> = codes.iter().map(|code| json!({"id": code})).collect();
    json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": {"driver": {"name": "yusuan", "version": env!("CARGO_PKG_VERSION"), "rules": rules}},
            "columnKind": "unicodeCodePoints",
            "results": findings.iter().map(result).collect::<Vec<_>>(),
        }],
    })
}

fn result(finding: &Finding) -> Value {
    let level = match finding.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "note",
    };
    let mut result = json!({
        "ruleId": finding.code,
        "level": level,
        "message": {"text": finding.message},
        "locations": finding.spot.iter().map(location).collect::<Vec<_>>(),
        "relatedLocations": finding.feeds.iter().map(location).collect::<Vec<_>>(),
    });
    if let Some(reason) = &finding.reason {
        result["suppressions"] = json!([{"kind": "external", "justification": reason}]);
    }
    result
}

fn location(spot: &Spot) -> Value {
    let (line, column) = spot.file.line_column(spot.range.start);
    let (end_line, end_column) = spot.file.line_column(spot.range.end);
    json!({"physicalLocation": {
        "artifactLocation": {"uri": spot.file.name.replace('\\', "/")},
        "region": {
            "startLine": line, "startColumn": column,
            "endLine": end_line, "endColumn": end_column,
        },
    }})
}
