//! `yusuan diff`: what changed from one report to another, for people, programs and git.

use std::io::IsTerminal;
use std::path::{Path, PathBuf};

use super::args::{self, Changes};
use super::export::page_numbers;
use super::outcome::{Code, Failure};
use super::stage::{Forms, Made, Stop};
use super::{files, say, verify};
use crate::compare::{self, Comparison};
use crate::exchange::docx;
use crate::exchange::verify as attached;
use crate::finding;
use crate::typeset::{Faces, Typesetter, Wishes, export};

/// The word across the pages of a marked report.
const WATERMARK: &str = "对照稿";
/// How git calls a file that is not there.
const NO_FILE: &str = "/dev/null";

pub fn run(args: &args::Diff) -> Code {
    match answer(args) {
        Ok(code) => code,
        Err(stop) => stop.tell("没有比较：上面的错误让报告做不出来"),
    }
}

fn answer(args: &args::Diff) -> Result<Code, Stop> {
    match (args.git, args.files.as_slice()) {
        (_, [file]) => lines(args, file),
        (false, [old, new]) => differ(args, old, new),
        // path old-file old-hex old-mode new-file new-hex new-mode, and two more after a rename
        (true, [name, old, _, _, new, ..]) => for_git(args, name, old, new),
        (true, [old, new]) => differ(args, old, new),
        _ => Err(Failure("要比较的是两份：旧的、新的".to_owned()).into()),
    }
}

/// One report as text, for git to compare by lines. A version that gives no report is shown as it is.
fn lines(args: &args::Diff, file: &Path) -> Result<Code, Stop> {
    let text = match made(args, file) {
        Ok(made) => compare::report_text(&made.report),
        Err(Stop::Findings(_)) if args.git => {
            String::from_utf8_lossy(&files::read(file)?).into_owned()
        }
        Err(stop) => return Err(stop),
    };
    written(args, &text)?;
    Ok(Code::Fine)
}

/// As git's external diff: it stops at any other answer than 0.
fn for_git(args: &args::Diff, name: &Path, old: &Path, new: &Path) -> Result<Code, Stop> {
    say::tell!("{}", name.display());
    if let Some((word, _)) = [("新增的文件", old), ("删除的文件", new)]
        .iter()
        .find(|(_, side)| *side == Path::new(NO_FILE))
    {
        say::tell!("  {word}");
        return Ok(Code::Fine);
    }
    match differ(args, old, new) {
        Err(Stop::Findings(findings)) => {
            say::tell!("  有一版做不出报告：{}", finding::summary_line(&findings));
            Ok(Code::Fine)
        }
        other => other,
    }
}

fn differ(args: &args::Diff, old: &Path, new: &Path) -> Result<Code, Stop> {
    let before = made(args, old)?;
    let after = made(args, new)?;
    let comparison = compare::compare(&before.report, &after.report);
    let text = match args.to {
        Changes::Text => {
            let colour = args.output.is_none() && std::io::stdout().is_terminal();
            compare::to_text(&comparison, colour)
        }
        Changes::Json => {
            let json = serde_json::to_string_pretty(&comparison);
            json.map_err(|error| Failure(error.to_string()))? + "\n"
        }
        Changes::Html => compare::to_html(&comparison),
        Changes::Pdf => {
            let target = args.output.clone().unwrap_or_else(|| default_target(new, "pdf"));
            files::write(&target, &pdf(args, &after, &comparison)?)?;
            say::tell!("{}", target.display());
            return Ok(code(args, &comparison));
        }
        Changes::Docx => {
            let target = args.output.clone().unwrap_or_else(|| default_target(new, "docx"));
            let numbers = page_numbers(&args.places, &after)?;
            let made = docx::marked_docx(&before.subject(), &after.subject(), &numbers);
            files::write(&target, &made.map_err(|trouble| Failure(trouble.to_string()))?)?;
            say::tell!("{}", target.display());
            return Ok(code(args, &comparison));
        }
    };
    written(args, &text)?;
    Ok(code(args, &comparison))
}

fn code(args: &args::Diff, comparison: &Comparison) -> Code {
    if args.exit_code && !comparison.is_empty() { Code::Findings } else { Code::Fine }
}

fn written(args: &args::Diff, text: &str) -> Result<(), Failure> {
    match &args.output {
        Some(target) => files::write(target, text.as_bytes()),
        None => {
            say::tell!("{}", text.trim_end());
            Ok(())
        }
    }
}

fn default_target(new: &Path, ending: &str) -> PathBuf {
    let stem = new.file_stem().unwrap_or(new.as_os_str()).to_string_lossy();
    Path::new(files::OUTPUT).join(format!("{stem}-对照.{ending}"))
}

/// The report of a source, or of the source that travels in a PDF.
fn made(args: &args::Diff, file: &Path) -> Result<Made, Stop> {
    let bytes = files::read(file)?;
    if !bytes.starts_with(b"%PDF") {
        return Forms::new(&args.places).make_of(&file.display().to_string(), &bytes);
    }
    let explain = |missing| Failure(format!("{}：{missing}", file.display()));
    let files = attached::attached(&bytes).map_err(explain)?;
    let (record, source) = attached::record(&files).map_err(explain)?;
    let (forms, _) = verify::forms(&record, &files)?;
    forms.make_of(&format!("{}（{}）", file.display(), record.source), source)
}

/// The new report, what changed marked in it, and a summary behind it.
fn pdf(args: &args::Diff, after: &Made, comparison: &Comparison) -> Result<Vec<u8>, Stop> {
    let typesetter = Typesetter::new(Faces::load(args.places.fonts.as_slice())?);
    let report = compare::with_summary(&after.report, comparison);
    let marks = compare::marks(comparison, &after.report);
    let wishes = Wishes { watermark: Some(WATERMARK), marks: Some(&marks), ..Wishes::default() };
    let chosen = &after.budget.source.value.fonts;
    let (pages, _) = typesetter.typeset_with(&after.form, &report, chosen, wishes)?;
    Ok(export::pdf(&pages, &report, pages.missing.is_empty())?)
}
