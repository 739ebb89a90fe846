//! What is wrong in a form is said in terms of its files: which one, where, which name.

use crate::support;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use support::making;

const BROKEN: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/forms-broken");

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
    let mut wrong = Vec::new();
    let mut cases = 0;
    let mut folders: Vec<PathBuf> = std::fs::read_dir(BROKEN)
        .expect("there are cases")
        .map(|entry| entry.expect("it can be listed").path())
        .filter(|path| path.is_dir() && !path.ends_with(WHOLE))
        .collect();
    folders.sort();
    for folder in folders {
        cases += 1;
        let forms = tempfile::tempdir().expect("a temporary folder");
        put_together(&folder, &forms.path().join("mini"));
        let place = forms.path().to_str().expect("a plain path");
        let result = making::form_in(place, "mini")
            .and_then(|form| making::pages(&typesetter, &form, &source()).map(|_| ()));
        let said = match result {
            Ok(()) => "nothing is wrong\n".to_owned(),
            Err(findings) => making::text_of(&findings).replace(&format!("{place}/"), ""),
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
    assert!(cases >= 8, "only {cases} cases");
}

#[test]
fn the_form_that_the_cases_break_is_sound() {
    let form = making::shown(making::form_in(BROKEN, WHOLE));
    making::shown(making::pages(&making::typesetter(), &form, &source()));
}

/// The sound form with the files of a case over it.
fn put_together(case: &Path, into: &Path) {
    let mut files = BTreeMap::new();
    for folder in [Path::new(BROKEN).join(WHOLE).as_path(), case] {
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
