//! `yusuan export`: the report for Excel and for other programs.

use std::path::Path;

use super::args::{self, Exchange};
use super::files;
use super::outcome::{Code, Failure};
use super::say;
use super::stage::{Forms, Stop};
use crate::exchange::{self, Kind, Written};

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
        Exchange::Csv => "-csv",
        Exchange::Json => ".json",
        Exchange::Html => ".html",
        Exchange::Fdp => "-fdp",
    }
}

impl From<Exchange> for Kind {
    fn from(to: Exchange) -> Self {
        match to {
            Exchange::Xlsx => Self::Xlsx,
            Exchange::Csv => Self::Csv,
            Exchange::Json => Self::Json,
            Exchange::Html => Self::Html,
            Exchange::Fdp => Self::Fdp,
        }
    }
}

fn export(args: &args::Export, forms: &Forms, source: &Path, target: &Path) -> Result<(), Stop> {
    let made = forms.make(source)?;
    let written = exchange::export(&made.subject(), args.to.into())
        .map_err(|trouble| Failure(format!("{} 导出不了：{trouble}", source.display())))?;
    match written {
        Written::File(bytes) => files::write(target, &bytes)?,
        Written::Folder(files) => files::write_folder(target, &files)?,
    }
    Ok(())
}
