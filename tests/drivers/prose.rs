//! Prose as claims: sentences true and wrong (`tests/prose/sentences.txt`), each put into a source.

use crate::common;

use std::collections::BTreeMap;

use common::patch;
use serde_yaml::Value;
use yusuan::finding::{Finding, Severity};

fn base() -> Value {
    serde_yaml::from_str(&common::read("tests/prose/base.yaml")).expect("the base is YAML")
}

fn audited(source: &Value) -> (String, Vec<Finding>) {
    let text = serde_yaml::to_string(source).expect("YAML");
    let found = common::findings(&text);
    (text, found.into_iter().filter(|it| it.severity != Severity::Info).collect())
}

/// What a source raises besides what the base does.
fn new(found: Vec<Finding>, known: &[Finding]) -> Vec<Finding> {
    let key = |it: &Finding| (it.code.clone(), it.message.clone());
    let mut left: BTreeMap<(String, String), usize> = BTreeMap::new();
    for it in known {
        *left.entry(key(it)).or_default() += 1;
    }
    let mut is_new = |it: &Finding| match left.get_mut(&key(it)) {
        Some(count) if *count > 0 => {
            *count -= 1;
            false
        }
        _ => true,
    };
    found.into_iter().filter(|it| is_new(it)).collect()
}

/// What is wrong with how a sentence was judged.
fn complaint(line: &str, base: &Value, known: &[Finding]) -> Option<String> {
    let [wanted, key, sentence] = line.split(" | ").collect::<Vec<_>>()[..] else {
        return Some("a line is CODE | KEY | SENTENCE".to_owned());
    };
    let marked = sentence.split(['〈', '〉']).nth(1);
    let plain = sentence.replace(['〈', '〉'], "");
    let mut source = base.clone();
    patch::put(&mut source, key, Value::from(plain.as_str()));
    let (text, found) = audited(&source);
    let found = new(found, known);
    if wanted == "ok" {
        return (!found.is_empty()).then(|| common::told(&found));
    }
    let words = text.find(&plain).zip(sentence.find('〈')).zip(marked);
    let ((start, at), marked) = words?;
    let range = start + at..start + at + marked.len();
    let points = |it: &Finding| {
        it.spot
            .as_ref()
            .is_some_and(|spot| spot.range.start < range.end && range.start < spot.range.end)
    };
    let fits = found.iter().any(|it| it.code == wanted && points(it));
    (!fits).then(|| format!("no {wanted} at “{marked}”: {}", common::told(&found)))
}

#[test]
fn every_sentence_is_judged() {
    let base = base();
    let (_, known) = audited(&base);
    let text = common::read("tests/prose/sentences.txt");
    let lines = text.lines().filter(|line| !line.starts_with('#') && !line.is_empty());
    let complaints: Vec<String> = lines
        .filter_map(|line| Some(format!("{line}\n  {}", complaint(line, &base, &known)?)))
        .collect();
    assert!(complaints.is_empty(), "{} fail:\n{}", complaints.len(), complaints.join("\n"));
}

/// What the form's `prose.yaml` refers to is there: names, and expressions that have a number.
#[test]
fn the_words_of_the_form_lead_somewhere() {
    let form = common::form();
    let vocabulary = &form.prose.as_ref().expect("the form has words").value;
    let declared: Vec<&str> = vocabulary.facts.iter().map(|it| it.name.text.as_str()).collect();
    let subjects = vocabulary.subjects.0.iter().flat_map(|(_, names)| names);
    let facts = vocabulary.facts.iter().flat_map(|it| it.of.iter().chain(&it.planned));
    for name in subjects.chain(facts).map(|it| it.text.as_str()).filter(|it| *it != "本项") {
        assert!(declared.contains(&name), "no fact is called {name}");
    }
    let made = common::make(form, &common::read("tests/rules/base.yaml"));
    let made = made.unwrap_or_else(|found| panic!("{}", common::told(&found)));
    let texts = form.short_texts(&made.budget);
    for fact in &vocabulary.facts {
        for expression in [Some(&fact.this), fact.last.as_ref()].into_iter().flatten() {
            let whole = expression.text.replacen("收支.", "合计.", 1);
            let absent = ["部门.离休人数", "部门.退休人数"].contains(&whole.as_str());
            assert!(absent || texts.number(&whole).is_some(), "{whole} is no number");
        }
    }
}
