//! `--deny` and `--allow`: rules taken more or less seriously for one run.

use super::args::Verdicts;
use super::outcome::Failure;
use crate::audit::codes;
use crate::finding::{ALLOWED, Finding, Severity};
use crate::form::Form;
use crate::source::near;

/// What `--deny` calls all warnings.
const WARNINGS: &str = "warnings";

/// A code that nothing is called by: the run would not do what was asked.
pub fn known(verdicts: &Verdicts, form: &Form) -> Result<(), Failure> {
    let entries = form.rules.iter().flat_map(|rules| &rules.value.rules);
    let general = codes::GENERAL.iter().map(|(code, _)| *code);
    let known: Vec<&str> = entries.map(|entry| entry.code.text.as_str()).chain(general).collect();
    let denied = verdicts.deny.iter().filter(|code| *code != WARNINGS);
    match denied.chain(&verdicts.allow).find(|code| !known.contains(&code.as_str())) {
        None => Ok(()),
        Some(code) => {
            let upper = code.to_uppercase();
            let near = near::nearest(&upper, known.iter().copied());
            let near = near.map(|code| format!("，是不是 {code}？")).unwrap_or("。".to_owned());
            Err(Failure(format!("没有 {code} 这个代码{near}全部规则见 yusuan rules")))
        }
    }
}

pub fn apply(verdicts: &Verdicts, findings: &mut [Finding]) {
    for finding in findings.iter_mut() {
        let named = |codes: &[String]| codes.contains(&finding.code);
        let every_warning = verdicts.deny.iter().any(|code| code == WARNINGS);
        if named(&verdicts.deny) || every_warning && finding.severity == Severity::Warning {
            finding.severity = Severity::Error;
            finding.reason = None;
        } else if named(&verdicts.allow) && finding.severity == Severity::Warning {
            finding.reason.get_or_insert_with(|| ALLOWED.to_owned());
        }
    }
}
