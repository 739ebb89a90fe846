//! `yusuan lock`: last year's figures, once they were proofread, are not to change unnoticed.

use super::args;
use super::outcome::{Code, Failure};
use super::stage::{Forms, Stop};
use super::{files, say};
use crate::finding::Finding;
use crate::new_year::base_name;
use crate::new_year::locking::{self, Basis};
use crate::source::lock;
use crate::source::model::Lock;

pub fn run(args: &args::Lock) -> Code {
    match lock(args) {
        Ok(()) => Code::Fine,
        Err(stop) => stop.tell("没有锁定，数据文件没有动"),
    }
}

fn lock(args: &args::Lock) -> Result<(), Stop> {
    let name = args.source.display().to_string();
    let bytes = files::read_to_change(&args.source)?;
    let made = Forms::new(&args.places).make_of(&name, &bytes)?;
    let Some(plan) = &made.form.new_year else {
        let message = format!("表式“{}”没有写哪些是上年数", made.form.manifest.value.name.text);
        let finding = Finding::error("F02", message);
        return Err(Stop::Findings(vec![
            finding.help("在表式里加 new-year.yaml，见 docs/forms.md"),
        ]));
    };
    let from = args.from.display().to_string();
    let basis = Basis { name: base_name(&from), digest: lock::of_file(&files::read(&args.from)?) };
    let earlier = made.budget.source.value.lock.as_ref();
    let locked = locking::lock(plan, &name, &bytes, &basis, earlier)?;
    if locked.figures == 0 {
        return Err(Failure(format!("{name} 里没有填好的上年数")).into());
    }
    files::write(&args.source, &locked.bytes)?;
    say::tell!("{name}：锁定上年数 {} 个，依据 {}", locked.figures, basis.name);
    if let (Some(earlier), Some(since)) = (earlier, &locked.since) {
        tell_since(earlier, &basis, since);
    }
    Ok(())
}

/// What the new lock has otherwise than the one that it replaces.
fn tell_since(earlier: &Lock, basis: &Basis<'_>, since: &[String]) {
    let from = &earlier.file.text;
    if earlier.sha256.text != basis.digest {
        let same_name = if from == basis.name { "（同名，内容不同）" } else { "" };
        say::tell!("依据原来是 {from}{same_name}");
    }
    match since {
        [] => say::tell!("与原来的锁定比，各数没有变"),
        changes => {
            say::tell!("与原来的锁定比，有 {} 处不同（原来的数在 {from} 里）：", changes.len());
            changes.iter().for_each(|change| say::tell!("  {change}"));
        }
    }
}
