//! What several tests share. Each test uses a part of it.

pub mod checks;
pub mod face;
pub mod inventor;
pub mod leaves;
pub mod making;
pub mod paper;
pub mod pdf;
pub mod published;
pub mod samples;
pub mod word;
pub mod workbook;

use std::path::Path;

use yusuan::budget::{self, Budget};
use yusuan::form::Form;
use yusuan::report::Report;
use yusuan::source;
use yusuan::typeset::{Faces, Typesetter, export};

/// A source made into a report, by the shipped form or one in `templates/`.
pub struct Made {
    pub budget: Budget,
    pub form: Form,
    pub report: Report,
}

/// Makes the report of a YAML text; panics with the findings as the user would see them.
pub fn make(yaml: &str) -> Made {
    let show = |findings: Vec<yusuan::finding::Finding>| -> ! {
        let text: Vec<String> =
            findings.iter().map(|finding| yusuan::finding::render(finding, false)).collect();
        panic!("{}", text.join("\n"))
    };
    let source = source::read("test.yaml", yaml.as_bytes()).unwrap_or_else(|f| show(f));
    let form =
        Form::load(&source.value.form.text, &["templates".into()]).unwrap_or_else(|f| show(f));
    let budget = budget::build(source);
    let report = form.report(&budget).unwrap_or_else(|f| show(f));
    Made { budget, form, report }
}

/// The final PDF of a report.
pub fn pdf_of(made: &Made) -> Vec<u8> {
    let typesetter = Typesetter::new(Faces::load(&[]).expect("the shipped faces load"));
    let chosen = &made.budget.source.value.fonts;
    let (pages, _) =
        typesetter.typeset(&made.form, &made.report, chosen, None).expect("it can be laid out");
    export::pdf(&pages, &made.report, true).expect("it meets its standards")
}

/// A file of the repository.
pub fn text(path: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// A folder and all below it, copied.
pub fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).expect("the folder can be made");
    for entry in std::fs::read_dir(from).expect("the folder is there") {
        let path = entry.expect("it can be read").path();
        let target = to.join(path.file_name().expect("it has a name"));
        match path.is_dir() {
            true => copy(&path, &target),
            false => drop(std::fs::copy(&path, &target).expect("it can be copied")),
        }
    }
}

/// Compares an outcome with what is kept of it in a file; `UPDATE=1` keeps it.
pub fn same(path: &Path, outcome: &str) {
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(path, outcome).expect("the repository can be written to");
    }
    let kept = std::fs::read_to_string(path).unwrap_or_default();
    let name = path.display();
    assert!(kept == outcome, "{name}: expected\n{kept}\nbut it is\n{outcome}");
}
