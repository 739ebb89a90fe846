//! The form's rules, case by case: `tests/rules/*.md`, in the manner of ruff's mdtests.
//!
//! A case is a fenced `yaml` block: a patch over `tests/rules/base.yaml`, a small source without
//! error or warning. Its entries are `PATH: VALUE`, put into the base one after the other (paths:
//! `common/patch.rs`; `~` removes). Comments say what is expected:
//!
//! ```text
//! 预算单位[0].收入.其他收入: 9   # error: T1-01      a finding of this code and severity
//! # ok: T1-02                                          none of this code
//! # explained: C-12                                    a warning that a 说明 lets pass
//! # warning: C-12 “增长 78%”                           with these words in message or help
//! ```
//!
//! A comment behind a patch also says where: the finding must point, first or among its further
//! places, at a line of the patched value. A comment on a line of its own asks for no place.
//!
//! Rules whose two sides the form computes from one statement cannot fire from any source. Their
//! cases change the form: a `form` block before the `yaml` one replaces text in the form's files
//! (a file's path, then `- old` and `+ new` lines). `cannot-fire.txt` lists these rules.

use crate::common;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use common::cases::{self, Case, Expectation, Wanted};
use common::patch;
use yusuan::finding::{Finding, Severity};
use yusuan::form::Form;

const LIST: &str = "tests/rules/cannot-fire.txt";

fn base() -> String {
    common::read("tests/rules/base.yaml")
}

fn all_cases() -> Vec<Case> {
    let folder =
        std::fs::read_dir(common::root().join("tests/rules")).expect("the folder is there");
    let mut files: Vec<String> = folder
        .map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned())
        .filter(|name| name.ends_with(".md"))
        .collect();
    files.sort();
    let read = |file: &String| cases::read(file, &common::read(&format!("tests/rules/{file}")));
    files.iter().flat_map(read).collect()
}

/// The form with some of its text replaced.
fn changed_form(case: &Case) -> Form {
    let folder = tempfile::tempdir().expect("a temporary folder");
    copy(&common::root().join("templates"), folder.path());
    for (path, old, new) in &case.form {
        let path = folder.path().join("shenzhen-2023").join(path);
        let text = std::fs::read_to_string(&path)
            .unwrap_or_else(|_| panic!("{}: no file {}", case.name, path.display()));
        assert!(text.contains(old), "{}: {} has no “{old}”", case.name, path.display());
        std::fs::write(&path, text.replacen(old, new, 1)).expect("the copy can be written");
    }
    common::load_form(folder.path().to_owned())
}

fn copy(from: &std::path::Path, to: &std::path::Path) {
    for entry in std::fs::read_dir(from).expect("a folder") {
        let entry = entry.expect("an entry");
        let target = to.join(entry.file_name());
        if entry.file_type().expect("a type").is_dir() {
            std::fs::create_dir(&target).expect("a new folder");
            copy(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).expect("a file is copied");
        }
    }
}

fn audited(case: &Case, text: &str) -> Vec<Finding> {
    match case.form.is_empty() {
        true => common::findings(text),
        false => common::findings_with(&changed_form(case), text),
    }
}

/// What is wrong with one expectation, if anything is.
fn complaint(expected: &Expectation, found: &[Finding], text: &str) -> Option<String> {
    let Expectation { wanted, code, words, path } = expected;
    let of_code: Vec<&Finding> = found.iter().filter(|found| found.code == *code).collect();
    let fits = |found: &&&Finding| match wanted {
        Wanted::Error => found.severity == Severity::Error,
        Wanted::Warning => found.severity == Severity::Warning && found.reason.is_none(),
        Wanted::Explained => found.severity == Severity::Warning && found.reason.is_some(),
        Wanted::Info => found.severity == Severity::Info,
        Wanted::Ok => false,
    };
    if *wanted == Wanted::Ok {
        return (!of_code.is_empty()).then(|| format!("{code} must not fire"));
    }
    let fitting: Vec<&&Finding> = of_code.iter().filter(fits).collect();
    if fitting.is_empty() {
        return Some(format!("{code} does not fire as {wanted:?}"));
    }
    let says = |found: &&&&Finding| {
        let help = found.help.as_deref().unwrap_or_default();
        words.as_ref().is_none_or(|words| found.message.contains(words) || help.contains(words))
    };
    let fitting: Vec<&&&Finding> = fitting.iter().filter(says).collect();
    if fitting.is_empty() {
        return Some(format!("{code} does not say {words:?}"));
    }
    let path = path.as_ref()?;
    let lines = patch::lines_of(text, path);
    let points_there = fitting.iter().any(|found| {
        let spots = found.spot.iter().chain(&found.feeds);
        let own = spots.filter(|spot| spot.file.name == "source.yaml");
        own.into_iter().any(|spot| lines.contains(&common::line_of(spot)))
    });
    (!points_there).then(|| format!("{code} does not point at line {lines:?} ({path})"))
}

#[test]
fn the_base_is_clean() {
    let text = serde_yaml::to_string(&serde_yaml::from_str::<serde_yaml::Value>(&base()).unwrap());
    let found = common::findings(&text.expect("YAML"));
    let worse: Vec<Finding> =
        found.into_iter().filter(|found| found.severity != Severity::Info).collect();
    assert!(worse.is_empty(), "{}", common::told(&worse));
}

#[test]
fn every_case_holds() {
    let base = base();
    let cases = all_cases();
    let next = AtomicUsize::new(0);
    let complaints = Mutex::new(BTreeMap::new());
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                while let Some(case) = cases.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let text = case.source(&base);
                    let found = audited(case, &text);
                    let wrong: Vec<String> = case
                        .expected
                        .iter()
                        .filter_map(|expected| complaint(expected, &found, &text))
                        .collect();
                    if !wrong.is_empty() {
                        let told = common::told(&found);
                        let message = format!("{}\n  {}\n{told}", case.name, wrong.join("\n  "));
                        complaints.lock().expect("no panic").insert(case.name.clone(), message);
                    }
                }
            });
        }
    });
    let complaints: Vec<String> =
        complaints.into_inner().expect("no panic").into_values().collect();
    assert!(complaints.is_empty(), "{} cases fail:\n{}", complaints.len(), complaints.join("\n"));
}

fn codes_of_the_form() -> BTreeSet<String> {
    let rules = common::form().rules.as_ref().expect("the form has rules");
    rules.value.rules.iter().map(|entry| entry.code.text.clone()).collect()
}

/// A finding that does not say what to do helps nobody.
#[test]
fn every_rule_says_what_to_do() {
    let rules = common::form().rules.as_ref().expect("the form has rules");
    let silent = rules.value.rules.iter().filter(|entry| entry.help.is_none());
    let silent: Vec<&str> = silent.map(|entry| entry.code.text.as_str()).collect();
    assert!(silent.is_empty(), "no 办法: {silent:?}");
}

/// A rule without a case is a rule that may never fire, or always.
#[test]
fn every_rule_has_a_case_that_fires_and_one_that_does_not() {
    let cases = all_cases();
    let codes = |keep: fn(Wanted) -> bool| -> BTreeSet<String> {
        let expected = cases.iter().flat_map(|case| &case.expected);
        expected.filter(|one| keep(one.wanted)).map(|one| one.code.clone()).collect()
    };
    let (fires, quiet) = (codes(|w| w != Wanted::Ok), codes(|w| w == Wanted::Ok));
    let rules = codes_of_the_form();
    let never: Vec<_> = rules.difference(&fires).collect();
    let always: Vec<_> = rules.difference(&quiet).collect();
    assert!(never.is_empty(), "no case fires {never:?}");
    assert!(always.is_empty(), "no case is quiet about {always:?}");
}

/// The list of rules that no source can break is exact: they need a change of the form to fire,
/// and no case without one fires them.
#[test]
fn rules_that_cannot_fire_are_listed() {
    let text = common::read(LIST);
    let listed: BTreeSet<String> = text
        .lines()
        .filter(|line| !line.starts_with('#') && !line.is_empty())
        .map(|line| match line.split_once(" | ") {
            Some((code, reason)) if reason.len() > 10 => code.trim().to_owned(),
            _ => panic!("{LIST}: a line is CODE | REASON: {line}"),
        })
        .collect();
    let unknown: Vec<_> = listed.difference(&codes_of_the_form()).cloned().collect();
    assert!(unknown.is_empty(), "{LIST} lists {unknown:?}, which the form does not have");
    let base = base();
    let mut by_source = BTreeSet::new();
    for case in all_cases().iter().filter(|case| case.form.is_empty()) {
        by_source.extend(audited(case, &case.source(&base)).into_iter().map(|found| found.code));
    }
    let fired: Vec<_> = listed.intersection(&by_source).collect();
    assert!(fired.is_empty(), "{LIST} says they cannot fire, and they did: {fired:?}");
    let missing: Vec<_> = codes_of_the_form()
        .into_iter()
        .filter(|c| !by_source.contains(c) && !listed.contains(c))
        .collect();
    assert!(missing.is_empty(), "no source fires them, and {LIST} does not list them: {missing:?}");
}
