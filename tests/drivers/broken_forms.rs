//! What is wrong in a form is said in terms of its files: which one, where, which name.

use crate::support;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use support::making;
use yusuan::audit;
use yusuan::finding::Finding;
use yusuan::form::Form;

const BROKEN: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/forms-broken");

const RULES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/forms-rules");

/// The form without faults.
const WHOLE: &str = "whole";

fn source() -> String {
    support::text("tests/forms-broken/source.yaml")
}

/// Each other folder holds the files in which a form is worse than `whole/` (an empty one is
/// missing); the text beside it holds what is said. `UPDATE=1` writes the texts anew.
#[test]
fn what_is_wrong_in_a_form_is_said_in_its_own_terms() {
    let typesetter = making::typesetter();
    let cases =
        each_case(BROKEN, |form| making::pages(&typesetter, &form, &source()).map(|_| Vec::new()));
    assert!(cases >= 8, "only {cases} cases");
}

/// A form with ids, codes and totals of another kind than the shipped one's: what its rules find.
#[test]
fn rules_of_any_form() {
    let source = support::text("tests/forms-rules/source.yaml");
    let cases = each_case(RULES, |form| {
        let budget = making::budget(&source)?;
        let report = form.report(&budget)?;
        Ok(audit::audit(&form, &budget, &report))
    });
    assert!(cases >= 6, "only {cases} cases");
}

/// Makes each form of a folder, and compares what is said with the text beside its files.
fn each_case(all: &str, found: impl Fn(Form) -> Result<Vec<Finding>, Vec<Finding>>) -> usize {
    let mut wrong = Vec::new();
    let mut cases = 0;
    let mut folders: Vec<PathBuf> = std::fs::read_dir(all)
        .expect("there are cases")
        .map(|entry| entry.expect("it can be listed").path())
        .filter(|path| path.is_dir() && !path.ends_with(WHOLE))
        .collect();
    folders.sort();
    for folder in folders {
        cases += 1;
        let forms = tempfile::tempdir().expect("a temporary folder");
        put_together(&Path::new(all).join(WHOLE), &folder, &forms.path().join("mini"));
        let place = forms.path().to_str().expect("a plain path");
        let findings = making::form_in(place, "mini").and_then(&found).unwrap_or_else(|it| it);
        let said = match findings.is_empty() {
            true => "nothing is wrong\n".to_owned(),
            false => making::text_of(&findings).replace(&format!("{place}/"), ""),
        };
        let expected = folder.with_extension("txt");
        if std::env::var_os("UPDATE").is_some() {
            std::fs::write(&expected, &said).expect("the expectation can be written");
        }
        if std::fs::read_to_string(&expected).unwrap_or_default() != said {
            wrong.push(format!("{}\n{said}", expected.display()));
        }
    }
    assert!(wrong.is_empty(), "not as expected:\n{}", wrong.join("\n"));
    cases
}

#[test]
fn the_form_that_the_cases_break_is_sound() {
    let form = making::shown(making::form_in(BROKEN, WHOLE));
    making::shown(making::pages(&making::typesetter(), &form, &source()));
}

/// The sound form with the files of a case over it.
fn put_together(whole: &Path, case: &Path, into: &Path) {
    let mut files = BTreeMap::new();
    for folder in [whole, case] {
        for entry in std::fs::read_dir(folder).expect("the folder can be read") {
            let entry = entry.expect("it can be listed");
            let bytes = std::fs::read(entry.path()).expect("it is a file");
            files.insert(entry.file_name(), bytes);
        }
    }
    std::fs::create_dir(into).expect("a fresh folder");
    for (name, bytes) in files.iter().filter(|(_, bytes)| !bytes.is_empty()) {
        std::fs::write(into.join(name), bytes).expect("the temporary folder can be written");
    }
}
