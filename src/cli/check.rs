//! `yusuan check`: what an inspector would find, before he does.

use std::io::IsTerminal;
use std::path::Path;

use super::args::{self, Report};
use super::files;
use super::outcome::{Code, Failure};
use super::say;
use super::stage::{Forms, Made, Stop};
use super::verdicts;
use crate::audit;
use crate::finding::{self, Checked, Finding, Required};
use crate::typeset::{Faces, Typesetter};

pub fn run(args: &args::Check) -> Code {
    let sources = match files::sources(&args.sources.named) {
        Ok(sources) => sources,
        Err(Failure(message)) => {
            say::failure(&message);
            return Code::Failed;
        }
    };
    let forms = Forms::new(&args.places).balanced(args.rounding.balances());
    let mut worst = Code::Fine;
    let (mut all, mut lists) = (Vec::new(), Vec::new());
    for source in &sources {
        match check(args, &forms, source) {
            Ok((mut findings, required)) => {
                lists.push(Checked { source: source.display().to_string(), required });
                verdicts::apply(&args.verdicts, &mut findings);
                if findings.iter().any(Finding::blocks) {
                    worst = worst.max(Code::Findings);
                }
                all.extend(findings);
            }
            Err(Failure(message)) => {
                say::failure(&message);
                worst = Code::Failed;
            }
        }
    }
    say::tell!("{}", written(args, &lists, &all).trim_end());
    worst
}

fn written(args: &args::Check, checked: &[Checked], findings: &[Finding]) -> String {
    let format = if args.json { Report::Json } else { args.format };
    match format {
        Report::Json => format!("{:#}\n", finding::to_json(findings)),
        Report::Sarif => format!("{:#}\n", finding::to_sarif(findings)),
        Report::Html => finding::to_html(checked, findings),
        Report::Text => {
            let colour = std::io::stdout().is_terminal();
            let mut text = String::new();
            for finding in findings {
                text += &finding::render(finding, colour);
                text += if finding.blocks() { "\n\n" } else { "\n" };
            }
            text + &finding::summary_line(findings) + "\n"
        }
    }
}

/// All findings of one source: those that keep it from being a report, else the audit's; and what
/// the law wants published.
fn check(
    args: &args::Check,
    forms: &Forms,
    source: &Path,
) -> Result<(Vec<Finding>, Vec<Required>), Failure> {
    let made = match forms.make(source) {
        Ok(made) => made,
        Err(Stop::Findings(findings)) => return Ok((findings, Vec::new())),
        Err(Stop::Failure(failure)) => return Err(failure),
    };
    verdicts::known(&args.verdicts, &made.form)?;
    let mut findings = made.findings();
    let mut required = audit::checklist(&made.form, &made.report, &made.budget);
    let wanted = args.pages || args.format == Report::Html;
    if wanted && let Err(more) = number(args, &made, &mut findings, &mut required) {
        findings.extend(more);
    }
    Ok((findings, required))
}

/// Lays the report out only to say on which page everything stands.
fn number(
    args: &args::Check,
    made: &Made,
    findings: &mut Vec<Finding>,
    required: &mut [Required],
) -> Result<(), Vec<Finding>> {
    let typesetter = Typesetter::new(Faces::load(args.places.fonts.as_slice())?);
    let chosen = &made.budget.source.value.fonts;
    let (mut pages, _) = typesetter.typeset(&made.form, &made.report, chosen, None)?;
    typesetter.locate(&mut pages);
    pages.number(findings);
    pages.find(required);
    findings.extend(pages.missing_glyphs(&made.report));
    Ok(())
}
