//! `yusuan status`: what of a source is filled, what is missing, where.

use std::path::Path;

use serde_json::{Value, json};

use super::args;
use super::outcome::{Code, Failure};
use super::stage::{Forms, Stop};
use super::{files, say};
use crate::finding::{self, Finding};
use crate::source::progress::{Progress, progress};

/// A source's progress, and what the audit says of it once it is whole.
struct Status {
    progress: Progress,
    audited: Option<Vec<Finding>>,
}

pub fn run(args: &args::Status) -> Code {
    let sources = match files::sources(&args.sources.named) {
        Ok(sources) => sources,
        Err(Failure(message)) => {
            say::failure(&message);
            return Code::Failed;
        }
    };
    let forms = Forms::new(&args.places);
    let mut worst = Code::Fine;
    let mut all = Vec::new();
    for source in &sources {
        match status(&forms, source) {
            Ok(status) => {
                worst = worst.max(if status.is_done() { Code::Fine } else { Code::Findings });
                all.push(status);
            }
            Err(Stop::Failure(Failure(message))) => {
                say::failure(&message);
                worst = Code::Failed;
            }
            Err(Stop::Findings(findings)) => {
                say::findings(&findings);
                worst = worst.max(Code::Findings);
            }
        }
    }
    if args.json {
        let sources: Vec<Value> = all.iter().map(Status::json).collect();
        say::tell!("{:#}", json!({ "sources": sources }));
    } else {
        all.iter().for_each(Status::tell);
    }
    worst
}

fn status(forms: &Forms, source: &Path) -> Result<Status, Stop> {
    let bytes = files::read(source)?;
    let progress = progress(&source.display().to_string(), &bytes)?;
    let whole = progress.missing() == 0 && progress.faults.is_empty();
    let audited = match whole.then(|| forms.make(source)) {
        None => None,
        Some(Ok(made)) => Some(made.findings()),
        Some(Err(Stop::Findings(findings))) => Some(findings),
        Some(Err(stop)) => return Err(stop),
    };
    Ok(Status { progress, audited })
}

impl Status {
    fn is_done(&self) -> bool {
        let blocked = |findings: &Vec<Finding>| findings.iter().any(Finding::blocks);
        self.audited.as_ref().is_some_and(|findings| !blocked(findings))
    }

    /// What is filled, and wrong.
    fn wrong(&self) -> usize {
        let audited = self.audited.iter().flatten().filter(|finding| finding.blocks());
        self.progress.faults.len() + audited.count()
    }

    fn tell(&self) {
        let it = &self.progress;
        let (filled, missing) = (it.filled(), it.missing());
        let wrong = match self.wrong() {
            0 => String::new(),
            wrong => format!("，还有 {wrong} 处要改"),
        };
        let (name, percent) = (&it.file.name, it.percent());
        say::tell!("{name}：填了 {filled} 处，还差 {missing} 处（{percent}%）{wrong}");
        for section in &it.sections {
            let all = section.filled + section.missing.len();
            say::tell!("  {} {}/{all}", section.name, section.filled);
            section.missing.iter().for_each(|finding| say::tell!("    {}", line(finding)));
        }
        if !it.faults.is_empty() {
            say::tell!("  要改的 {} 处", it.faults.len());
            it.faults.iter().for_each(|finding| say::tell!("    {}", line(finding)));
        }
        match &self.audited {
            Some(findings) => say::tell!("审核：{}", finding::summary_line(findings)),
            None => say::tell!("填完以后再审核（yusuan check）"),
        }
    }

    fn json(&self) -> Value {
        let it = &self.progress;
        let all = |findings: &[Finding]| finding::to_json(findings)["findings"].clone();
        let sections = it.sections.iter().map(|section| {
            json!({
                "name": section.name,
                "filled": section.filled,
                "missing": all(&section.missing),
            })
        });
        json!({
            "source": it.file.name,
            "filled": it.filled(),
            "missing": it.missing(),
            "percent": it.percent(),
            "sections": sections.collect::<Vec<_>>(),
            "faults": all(&it.faults),
            "audit": self.audited.as_ref().map(|findings| finding::summary(findings)),
            "done": self.is_done(),
        })
    }
}

/// A finding on one line: file:line, and the line's own words, which say of whom it is.
fn line(finding: &Finding) -> String {
    let Some(spot) = &finding.spot else { return finding.message.clone() };
    let (line, _) = spot.file.line_column(spot.range.start);
    let words = spot.file.text.lines().nth(line - 1).unwrap_or_default().trim();
    let words: String = words.chars().take(36).collect();
    format!("{}:{line}  {}  {words}", spot.file.name, finding.message)
}
