//! `yusuan new`: next year's source, beside this year's.

use std::path::{Path, PathBuf};

use super::args;
use super::outcome::{Code, Failure};
use super::stage::{Forms, Stop};
use super::{files, say};
use crate::finding::Finding;
use crate::new_year;

pub fn run(args: &args::New) -> Code {
    match write(args) {
        Ok(()) => Code::Fine,
        Err(stop) => stop.tell("没有写新的数据文件：上面的要先改好"),
    }
}

fn write(args: &args::New) -> Result<(), Stop> {
    let bytes = files::read(&args.from)?;
    let made = Forms::new(&args.places).make_of(&args.from.display().to_string(), &bytes)?;
    let year = &made.budget.source.value.year;
    if args.year != year.count + 1 {
        let message = format!("{} 年的下一年是 {}，不是 {}", year.count, year.count + 1, args.year);
        let finding = Finding::error("S10", message)
            .at(&made.budget.source.file, year.place.clone())
            .help("--from 要给上一年的数据文件");
        return Err(Stop::Findings(vec![finding]));
    }
    let target = args.output.clone().unwrap_or_else(|| beside(&args.from, year.count));
    if target.exists() {
        let message = format!("已有 {}，不能代替；用 -o 换一个路径", target.display());
        return Err(Failure(message).into());
    }
    let open = made.findings().iter().filter(|finding| finding.blocks()).count();
    let next = new_year::next_year(&made.form, &made.budget, &bytes)?;
    files::write(&target, &next.bytes)?;
    say::tell!("{}", target.display());
    say::tell!("上年数带过来 {} 个，已锁定；待填 {} 处", next.locked, next.to_do);
    say::tell!("用 yusuan status {} 看还差哪些", target.display());
    if open > 0 {
        say::aside!(
            "注意：{} 还有 {open} 处没有通过审核，应从批复的那一份结转",
            args.from.display()
        );
    }
    Ok(())
}

/// The path beside last year's, with the year in its name one later.
fn beside(from: &Path, year: u32) -> PathBuf {
    let stem = from.file_stem().unwrap_or_default().to_string_lossy();
    let (old, new) = (year.to_string(), (year + 1).to_string());
    let stem = match stem.contains(&old) {
        true => stem.replace(&old, &new),
        false => format!("{stem}-{new}"),
    };
    let ending = from.extension().map_or("yaml".into(), |ending| ending.to_string_lossy());
    from.with_file_name(format!("{stem}.{ending}"))
}
