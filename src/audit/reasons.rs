//! 说明: written reasons let warnings pass; a reason that nothing needs is reported.

use crate::budget::Budget;
use crate::finding::{Finding, Severity};
use crate::form::ShortTexts;

/// The code of a reason that no warning needs.
pub const STALE: &str = "R-03";

/// Puts the source's reasons to the warnings they speak of. A key is a code, or a code and a part:
/// `W-05`, `W-05 表7`.
pub fn put(findings: &mut Vec<Finding>, budget: &Budget, texts: &ShortTexts) {
    let source = &budget.source;
    let mut stale = Vec::new();
    for (key, reason) in &source.value.reasons.0 {
        let (code, part) = key.text.split_once(' ').unwrap_or((&key.text, ""));
        let text = texts.read(&source.file, reason).unwrap_or_else(|_| reason.0.text.clone());
        let mut used = false;
        for finding in findings.iter_mut() {
            let here = finding.shown.as_ref().is_some_and(|shown| shown.part == part);
            if finding.code == code
                && finding.severity == Severity::Warning
                && (part.is_empty() || here)
            {
                finding.reason = Some(text.clone());
                used = true;
            }
        }
        if !used {
            stale.push(
                Finding::warning(STALE, format!("“{}”的说明已用不上：没有这个警告", key.text))
                    .at(&source.file, key.place.clone())
                    .help("删掉这一条说明"),
            );
        }
    }
    findings.extend(stale);
}
