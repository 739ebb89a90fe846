//! `yusuan import`: figures from a workbook into a source; Word documents are read by [`word`].

use std::path::{Path, PathBuf};

use super::args;
use super::files;
use super::outcome::{Code, Failure};
use super::say;
use super::stage::{Forms, Stop};
use super::word;
use crate::exchange::import::platform::Aliases;
use crate::exchange::import::word::is_word;
use crate::exchange::import::{self, Answers, Base, Book, Change, Changes, Merged};
use crate::finding::{File, Finding};
use crate::form::Form;
use crate::source::{self, Located};

/// So many of the new items of a list are told.
const MOST_PARTS: usize = 3;
/// So many findings are told one by one.
const MOST_TOLD: usize = 20;

pub fn run(args: &args::Import) -> Code {
    match import(args) {
        Ok(code) => code,
        Err(Stop::Failure(Failure(message))) => {
            say::failure(&message);
            Code::Failed
        }
        Err(Stop::Findings(findings)) => {
            say::some(&findings, MOST_TOLD);
            say::aside!("没有写任何文件");
            Code::Findings
        }
    }
}

fn import(args: &args::Import) -> Result<Code, Stop> {
    let bytes = files::read(&args.workbook)?;
    if is_word(&args.workbook.to_string_lossy(), &bytes) {
        return word::import(args, &bytes);
    }
    let book = import::open(&bytes).map_err(|finding| vec![finding])?;
    let base = import::base(&book).map_err(|finding| vec![finding])?;
    match base {
        Some(base) => exported(args, &book, &base),
        None => platform(args, &book),
    }
}

/// The budget platform's detail lines, into a source that is there or into a new one.
fn platform(args: &args::Import, book: &Book) -> Result<Code, Stop> {
    let forms = Forms::new(&args.places);
    let answers = answers(args);
    let (target, bytes, form) = match &args.into {
        Some(path) => {
            let bytes = files::read_to_change(path)?;
            let source = source::draft(&path.display().to_string(), &bytes)?;
            (path.clone(), bytes, source.form.text)
        }
        None => {
            let name = args.workbook.with_extension("yaml");
            let target = target(args, &name.to_string_lossy())?;
            let form = forms.get(&args.form)?;
            let text =
                import::fresh(book, &aliases(&form, &args.form)?.value, &answers, &args.form)?;
            (target, text.into_bytes(), args.form.clone())
        }
    };
    let name = target.display().to_string();
    let (source, file) = (source::draft(&name, &bytes)?, source::text::decode(&name, &bytes)?);
    let read = forms.get(&form)?;
    let words = &aliases(&read, &form)?.value;
    let mut changes = import::platform(book, words, &answers, &source, &file)?;
    changes.decide(args.remove, import::WORKBOOK);
    let mut merged = import::merge(&changes, &file, &name, &bytes)?;
    if args.into.is_none() {
        merged.bytes = import::unfilled(&name, &merged.bytes)?;
    }
    finish(args, &target, &bytes, changes, merged, import::WORKBOOK)
}

/// What the user says of what detail lines leave open.
fn answers(args: &args::Import) -> Answers {
    Answers {
        columns: args.column.clone(),
        words: args.word.clone(),
        sheets: args.sheet.clone(),
        hidden: args.hidden.as_deref().map(is_taken),
        subtotal: args.subtotal.as_deref().map(is_taken),
        any_year: args.any_year,
        file: stem(args),
    }
}

fn is_taken(answer: &str) -> bool {
    answer == "取"
}

/// The workbook's name.
fn stem(args: &args::Import) -> String {
    args.workbook.file_stem().unwrap_or_default().to_string_lossy().into_owned()
}

/// What a form says of the platform's words.
fn aliases<'f>(form: &'f Form, name: &str) -> Result<&'f Located<Aliases>, Vec<Finding>> {
    form.import.as_ref().ok_or_else(|| {
        let message = format!("表式 {name} 没有说明细怎么认，只能导入 export 写出的工作簿");
        let help = "用 yusuan export --to xlsx 导出一份，照着填好再导入；编表式的人在表式里加 import.yaml，并在 form.yaml 里写“导入: import.yaml”";
        vec![Finding::error(import::UNFIT, message).help(help)]
    })
}

/// A workbook that `export` wrote.
fn exported(args: &args::Import, book: &Book, base: &Base) -> Result<Code, Stop> {
    let target = target(args, &base.name)?;
    let forms = Forms::new(&args.places);
    let made = forms.make_of(&base.name, base.text.as_bytes())?;
    let old = match &args.into {
        Some(path) => files::read_to_change(path)?,
        None => base.text.clone().into_bytes(),
    };
    let name = target.display().to_string();
    let year = if args.any_year { None } else { Some(source::draft(&name, &old)?.year.count) };
    let mut changes = import::changes(book, &made.subject(), year, &stem(args))
        .map_err(|finding| vec![finding])?;
    changes.decide(args.remove, import::WORKBOOK);
    let file = File::new(&base.name, base.text.as_str());
    let merged = import::merge(&changes, &file, &name, &old)?;
    finish(args, &target, &old, changes, merged, import::WORKBOOK)
}

/// Says what was taken, and writes it unless something is in doubt.
pub(super) fn finish(
    args: &args::Import,
    target: &Path,
    old: &[u8],
    changes: Changes,
    merged: Merged,
    what: &str,
) -> Result<Code, Stop> {
    let Changes { mut doubts, remarks, summary, .. } = changes;
    doubts.extend(merged.doubts);
    merged.taken.iter().for_each(taken);
    summary.iter().for_each(|line| say::tell!("读到 {line}"));
    say::some(&remarks, MOST_TOLD);
    say::some(&doubts, MOST_TOLD);
    let unchanged = merged.bytes == old && target.exists();
    if !doubts.is_empty() && !args.partial {
        say::aside!(
            "有 {} 处拿不准，什么也没有写；改好{what}再导入，或加 --partial 只取拿得准的",
            doubts.len()
        );
        return Ok(Code::Findings);
    }
    if args.dry_run {
        say::tell!("只看不写：会改 {} 处", merged.taken.len());
    } else if unchanged {
        say::tell!("{} 没有要改的", target.display());
    } else {
        files::write(target, &merged.bytes)?;
        let next = if args.into.is_some() { "check 审核" } else { "status 看还差哪些" };
        let (name, many) = (target.display(), merged.taken.len());
        say::tell!("{name}：改了 {many} 处；再用 yusuan {next}");
    }
    Ok(Code::Fine)
}

/// The source to write: the one that was named, else one beside the workbook that is not there yet.
pub(super) fn target(args: &args::Import, name: &str) -> Result<PathBuf, Failure> {
    if let Some(path) = &args.into {
        return Ok(path.clone());
    }
    let target = match &args.output {
        Some(path) => path.clone(),
        None => {
            let plain = Path::new(name).file_name().unwrap_or(name.as_ref());
            args.workbook.with_file_name(plain)
        }
    };
    if target.exists() && !args.dry_run {
        return Err(Failure(format!(
            "已有 {}：要更新它用 --into {}，要另存用 -o",
            target.display(),
            target.display()
        )));
    }
    Ok(target)
}

fn taken(change: &Change) {
    let Change { cell, what, before, after, .. } = change;
    match (before, after) {
        (None, None) => say::tell!("删 {cell}：{what}"),
        _ => {
            let [before, after] = [before, after].map(|it| it.as_deref().unwrap_or("（空）"));
            say::tell!("取 {cell}：{what}，{before} → {}", short(after));
        }
    }
}

/// A long list of what is new, as its beginning and its length.
fn short(after: &str) -> String {
    let parts: Vec<&str> = after.split('；').collect();
    match parts.get(..MOST_PARTS) {
        Some(first) if parts.len() > MOST_PARTS => {
            format!("{}；…… 共 {} 项", first.join("；"), parts.len())
        }
        _ => after.to_owned(),
    }
}
