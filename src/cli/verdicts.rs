//! `--deny` and `--allow`: rules taken more or less seriously for one run.

use super::args::Verdicts;
use crate::finding::{Finding, Severity};

/// What `--deny` calls all warnings.
const WARNINGS: &str = "warnings";
/// The reason that an allowed warning carries.
const ALLOWED: &str = "本次用 --allow 略过";

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
