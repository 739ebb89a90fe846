//! What the tests of the audit share: from a text to its findings without files or typesetting.

use std::path::PathBuf;
use std::sync::LazyLock;

use yusuan::audit;
use yusuan::budget::{self, Budget};
use yusuan::finding::{Finding, Severity, Spot};
use yusuan::form::Form;
use yusuan::report::Report;
use yusuan::source;

pub mod amounts;
pub mod budgets;
pub mod cases;
pub mod chance;
pub mod patch;
pub mod split;
pub mod text;

/// The folder of the package, whatever folder the test runs in.
pub fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

pub fn read(path: &str) -> String {
    let path = root().join(path);
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The form under test, from the working tree: what is edited is what is tested.
pub fn form() -> &'static Form {
    static FORM: LazyLock<Form> = LazyLock::new(|| load_form(root().join("templates")));
    &FORM
}

/// The 2023 form as it stands below another folder.
pub fn load_form(templates: PathBuf) -> Form {
    Form::load("shenzhen-2023", &[templates]).unwrap_or_else(|found| panic!("{}", told(&found)))
}

pub fn source_2023() -> String {
    read("input/2023.yaml")
}

/// A report and what it was made of.
pub struct Made {
    pub budget: Budget,
    pub report: Report,
}

pub fn make(form: &Form, text: &str) -> Result<Made, Vec<Finding>> {
    let budget = budget::build(source::read("source.yaml", text.as_bytes())?);
    let report = form.report(&budget)?;
    Ok(Made { budget, report })
}

/// All findings of a source under a form: the audit's, or those that keep it from being audited.
pub fn findings_with(form: &Form, text: &str) -> Vec<Finding> {
    match make(form, text) {
        Ok(made) => audit::audit(form, &made.budget, &made.report),
        Err(findings) => findings,
    }
}

pub fn findings(text: &str) -> Vec<Finding> {
    findings_with(form(), text)
}

/// Findings a line each, for messages of failing tests.
pub fn told(findings: &[Finding]) -> String {
    let lines = findings.iter().map(|found| {
        let line = found.spot.as_ref().map(line_of).unwrap_or_default();
        let reason = if found.reason.is_some() { " (explained)" } else { "" };
        format!("  {:?} {} line {line}: {}{reason}\n", found.severity, found.code, found.message)
    });
    lines.collect()
}

pub fn line_of(spot: &Spot) -> usize {
    spot.file.line_column(spot.range.start).0
}

pub fn errors(findings: &[Finding]) -> Vec<Finding> {
    findings.iter().filter(|found| found.severity == Severity::Error).cloned().collect()
}

/// Findings that keep the final PDF from being written.
pub fn blocking(findings: &[Finding]) -> Vec<Finding> {
    findings.iter().filter(|found| found.blocks()).cloned().collect()
}
