//! `yusuan export`: the report for Excel and for other programs.

use std::path::Path;

use super::args::{self, Exchange, Places};
use super::files;
use super::outcome::{Code, Failure};
use super::say;
use super::stage::{Forms, Made, Stop};
use crate::exchange::docx::{self, Numbers};
use crate::exchange::{self, Kind, Written};
use crate::typeset::{Faces, Typesetter};

pub fn run(args: &args::Export) -> Code {
    let jobs = match files::jobs(&args.jobs, ending(args.to)) {
        Ok(jobs) => jobs,
        Err(Failure(message)) => {
            say::failure(&message);
            return Code::Failed;
        }
    };
    let forms = Forms::new(&args.places).balanced(args.rounding.balances());
    let mut worst = Code::Fine;
    for (source, target) in &jobs {
        worst = worst.max(match export(args, &forms, source, target) {
            Ok(()) => {
                say::tell!("{}", target.display());
                Code::Fine
            }
            Err(stop) => stop.tell(&format!("{} 没有导出，原有的文件没有动", source.display())),
        });
    }
    worst
}

fn ending(to: Exchange) -> &'static str {
    match to {
        Exchange::Xlsx => ".xlsx",
        Exchange::Docx => ".docx",
        Exchange::Csv => "-csv",
        Exchange::Json => ".json",
        Exchange::Html => ".html",
        Exchange::Fdp => "-fdp",
    }
}

/// What the exporters call it; a Word document is made of pages besides.
fn kind(to: Exchange) -> Option<Kind> {
    match to {
        Exchange::Xlsx => Some(Kind::Xlsx),
        Exchange::Docx => None,
        Exchange::Csv => Some(Kind::Csv),
        Exchange::Json => Some(Kind::Json),
        Exchange::Html => Some(Kind::Html),
        Exchange::Fdp => Some(Kind::Fdp),
    }
}

fn export(args: &args::Export, forms: &Forms, source: &Path, target: &Path) -> Result<(), Stop> {
    let made = forms.make(source)?;
    let written = match kind(args.to) {
        Some(kind) => exchange::export(&made.subject(), kind),
        None => {
            let numbers = page_numbers(&args.places, &made)?;
            let balance = args.rounding.balances();
            docx::docx(&made.subject(), &numbers, balance).map(Written::File)
        }
    };
    let written =
        written.map_err(|trouble| Failure(format!("{} 导出不了：{trouble}", source.display())))?;
    match written {
        Written::File(bytes) => files::write(target, &bytes)?,
        Written::Folder(files) => files::write_folder(target, &files)?,
    }
    Ok(())
}

/// The pages that the 目录 of a Word document names.
pub(super) fn page_numbers(places: &Places, made: &Made) -> Result<Numbers, Stop> {
    let typesetter = Typesetter::new(Faces::load(places.fonts.as_slice())?);
    let chosen = &made.budget.source.value.fonts;
    let (mut pages, _) = typesetter.typeset(&made.form, &made.report, chosen, None)?;
    typesetter.locate(&mut pages);
    Ok(docx::numbers(&made.report, &pages))
}
