//! The way from a YAML text to pages, as `yusuan build` goes it.

use std::path::PathBuf;

use yusuan::budget::{self, Budget};
use yusuan::finding::{self, Finding};
use yusuan::form::Form;
use yusuan::report::Report;
use yusuan::source;
use yusuan::typeset::{Faces, Pages, Typesetter};

/// As much as the program gives the threads that it typesets on.
const STACK: usize = 16 * 1024 * 1024;

/// The form that the program ships.
pub const SHIPPED: &str = "shenzhen-2023";

pub fn shipped_form() -> Form {
    shown(Form::load(SHIPPED, &[]))
}

/// A form of the test's own folder.
pub fn form_in(folder: &str, name: &str) -> Result<Form, Vec<Finding>> {
    Form::load(name, &[PathBuf::from(folder)])
}

pub fn typesetter() -> Typesetter {
    Typesetter::new(shown(Faces::load(&[])))
}

pub fn budget(yaml: &str) -> Result<Budget, Vec<Finding>> {
    Ok(budget::build(source::read("source.yaml", yaml.as_bytes())?))
}

/// The report and its pages; a missing glyph is an error, as it is for the program.
pub fn pages(
    typesetter: &Typesetter,
    form: &Form,
    yaml: &str,
) -> Result<(Report, Pages), Vec<Finding>> {
    let budget = budget(yaml)?;
    let report = form.report(&budget)?;
    let chosen = &budget.source.value.fonts;
    let (pages, _) = typesetter.typeset(form, &report, chosen, None)?;
    let missing = pages.missing_glyphs(&report);
    if missing.is_empty() { Ok((report, pages)) } else { Err(missing) }
}

/// The value, or a panic that shows the findings as a user would read them.
pub fn shown<T>(result: Result<T, Vec<Finding>>) -> T {
    result.unwrap_or_else(|findings| panic!("{}", text_of(&findings)))
}

pub fn text_of(findings: &[Finding]) -> String {
    findings.iter().map(|finding| finding::render(finding, false) + "\n").collect()
}

/// Runs `work` on `threads` threads, each with a rayon pool of one as the program does for several
/// sources: Typst shares no work between documents, and recursion has room.
pub fn side_by_side(threads: usize, work: impl Fn() + Sync) {
    std::thread::scope(|scope| {
        let workers: Vec<_> = (0..threads)
            .map(|_| {
                let in_pool = || pool(1).install(&work);
                std::thread::Builder::new().stack_size(STACK).spawn_scoped(scope, in_pool)
            })
            .collect();
        for worker in workers {
            if let Err(panic) = worker.expect("a thread starts").join() {
                std::panic::resume_unwind(panic);
            }
        }
    });
}

pub fn pool(threads: usize) -> rayon::ThreadPool {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).stack_size(STACK);
    pool.build().expect("a pool of threads starts")
}
