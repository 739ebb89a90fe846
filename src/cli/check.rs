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
use crate::typeset::{Faces, Typesetter, faces};

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
            Ok(Looked { mut findings, required, audited }) => {
                let source = source.display().to_string();
                lists.push(Checked { source, required, audited });
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
    let for_people = !args.json && args.format == Report::Text;
    // Where nothing could be read there is nothing to sum up.
    if !lists.is_empty() || !for_people {
        let audited = lists.len() == sources.len() && lists.iter().all(|one| one.audited);
        say::tell!("{}", written(args, &lists, &all, audited).trim_end());
    }
    worst
}

fn written(args: &args::Check, checked: &[Checked], findings: &[Finding], audited: bool) -> String {
    let format = if args.json { Report::Json } else { args.format };
    match format {
        Report::Json => {
            let mut json = finding::to_json(findings);
            json["summary"]["audited"] = audited.into();
            format!("{json:#}\n")
        }
        Report::Sarif => format!("{:#}\n", finding::to_sarif(findings)),
        Report::Html => finding::to_html(checked, findings),
        Report::Text => {
            let colour = std::io::stdout().is_terminal();
            finding::render_all(findings, colour) + &finding::conclusion(checked, findings) + "\n"
        }
    }
}

/// What was found in one source: what keeps it from being a report, else the audit's findings and
/// what the law wants published.
struct Looked {
    findings: Vec<Finding>,
    required: Vec<Required>,
    audited: bool,
}

fn check(args: &args::Check, forms: &Forms, source: &Path) -> Result<Looked, Failure> {
    let made = match forms.make(source) {
        Ok(made) => made,
        Err(Stop::Findings(findings)) => {
            return Ok(Looked { findings, required: Vec::new(), audited: false });
        }
        Err(Stop::Failure(failure)) => return Err(failure),
    };
    verdicts::known(&args.verdicts, &made.form)?;
    let (mut findings, drawn) = std::thread::scope(|scope| {
        let drawn = scope.spawn(|| drawn_as_shipped(args, &made));
        (made.findings(), drawn.join().unwrap_or(false))
    });
    let mut required = audit::checklist(&made.form, &made.report, &made.budget);
    let numbered = args.pages || args.format == Report::Html;
    if numbered || !drawn {
        let seen = see(args, &made, numbered, &mut findings, &mut required);
        findings.extend(seen.err().unwrap_or_default());
    }
    Ok(Looked { findings, required, audited: true })
}

/// Whether the shipped faces draw all that is printed, and no others are asked for.
fn drawn_as_shipped(args: &args::Check, made: &Made) -> bool {
    let as_shipped = made.budget.source.value.fonts.0.is_empty() && args.places.fonts.is_none();
    as_shipped && faces::draw(&made.form.manifest.value, &made.report.characters())
}

/// Lays the report out only to say on which page everything stands (`numbered`), or which
/// characters have no face.
fn see(
    args: &args::Check,
    made: &Made,
    numbered: bool,
    findings: &mut Vec<Finding>,
    required: &mut [Required],
) -> Result<(), Vec<Finding>> {
    let manifest = &made.form.manifest.value;
    let chosen = &made.budget.source.value.fonts;
    let faces = Faces::load(args.places.fonts.as_slice())?;
    let mut roles = faces.roles(manifest, chosen, &made.report.file)?;
    let characters = made.report.characters();
    if faces.complete(&mut roles, &manifest.extensions, &characters) && !numbered {
        return Ok(());
    }
    let typesetter = Typesetter::new(faces);
    let (mut pages, _) = typesetter.typeset(&made.form, &made.report, chosen, None)?;
    if numbered {
        typesetter.locate(&mut pages);
        pages.number(findings);
        pages.find(required);
    }
    findings.extend(pages.missing_glyphs(&made.report));
    findings.extend(pages.misplaced(&made.report));
    Ok(())
}
