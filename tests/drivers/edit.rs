//! Edits of a YAML text: every case of `tests/edit/*.md` as it stands, with CRLF, and with a BOM.
//!
//! A case is a heading, then three fenced blocks: the text, the edits, the text after them. Edits
//! are `set PATH = TEXT`, `empty PATH`, `remove PATH`, `insert PATH before N: [KEY =] VALUE`,
//! `comment OLD = NEW`. Where the edits must be refused, the third block is the reason.

use crate::common;

use std::str::FromStr;

use yusuan::finding::File;
use yusuan::source::edit::{self, Edit, Path, Value};
use yusuan::source::tree_of;

struct Case {
    name: String,
    blocks: Vec<String>,
}

fn cases() -> Vec<Case> {
    let mut cases: Vec<Case> = Vec::new();
    let folder = common::root().join("tests/edit");
    let mut files: Vec<_> = std::fs::read_dir(folder)
        .expect("tests/edit")
        .map(|entry| entry.expect("the case is whole").path())
        .collect();
    files.sort();
    for file in files {
        let text = std::fs::read_to_string(&file).expect("the case is whole");
        let mut lines = text.lines();
        while let Some(line) = lines.next() {
            if let Some(title) = line.strip_prefix("## ") {
                cases.push(Case { name: title.to_owned(), blocks: Vec::new() });
            } else if line.starts_with("```") {
                let block = lines.by_ref().take_while(|line| *line != "```");
                let block: String = block.map(|line| format!("{line}\n")).collect();
                cases.last_mut().expect("a heading first").blocks.push(block);
            }
        }
    }
    cases
}

fn value(text: &str) -> Value {
    let file = File::new("value", format!("v: {text}\n"));
    let tree = tree_of(&file).expect("a value");
    Value::of(tree.get("v").expect("the case is whole"))
}

fn path(text: &str) -> Path {
    Path::from_str(text.trim()).expect("the case is whole")
}

fn edit(line: &str, before: &str) -> Edit {
    let (verb, rest) = line.split_once(' ').expect("the case is whole");
    match verb {
        "set" => {
            let (at, text) = rest.split_once(" = ").expect("the case is whole");
            Edit::Set(path(at), text.replace("\\n", "\n"))
        }
        "empty" => Edit::Empty(path(rest)),
        "remove" => Edit::Remove(path(rest)),
        "insert" => {
            let (place, entry) = rest.split_once(": ").expect("the case is whole");
            let (into, before) = place.split_once("before ").expect("the case is whole");
            let (key, text) = match entry.split_once(" = ") {
                Some((key, text)) => (Some(key.to_owned()), text),
                None => (None, entry),
            };
            let before = before.parse().unwrap_or(usize::MAX);
            Edit::Insert { into: path(into), before, key, value: value(text) }
        }
        "comment" => {
            let (old, new) = rest.split_once(" = ").expect("the case is whole");
            let start = before.find(old).expect("the old words stand in the text");
            Edit::Comment(start..start + old.len(), new.to_owned())
        }
        other => panic!("no such edit: {other}"),
    }
}

fn run(case: &Case, shape: impl Fn(&str) -> Vec<u8>) {
    run_to(case, shape, str::to_owned);
}

/// `seen` is what of the edited text is compared.
fn run_to(case: &Case, shape: impl Fn(&str) -> Vec<u8>, seen: impl Fn(&str) -> String) {
    let [before, edits, after] = case.blocks.as_slice() else {
        panic!("{}: three blocks", case.name)
    };
    let bytes = shape(before);
    let bare = String::from_utf8(bytes.clone()).expect("the case is whole");
    let bare = bare.strip_prefix('\u{FEFF}').unwrap_or(&bare);
    let edits: Vec<Edit> = edits.lines().map(|line| edit(line, bare)).collect();
    match edit::apply("case.yaml", &bytes, &edits) {
        Ok(edited) => assert_eq!(
            seen(&String::from_utf8(edited).expect("the case is whole")),
            seen(&String::from_utf8(shape(after)).expect("the case is whole")),
            "{}",
            case.name
        ),
        Err(findings) => {
            assert_eq!(findings[0].message, after.trim_end(), "{}", case.name);
        }
    }
}

#[test]
fn every_case_as_it_stands() {
    let cases = cases();
    assert!(cases.len() >= 20);
    cases.iter().for_each(|case| run(case, |text| text.as_bytes().to_vec()));
}

#[test]
fn every_case_with_windows_line_ends_and_a_mark() {
    let shape = |text: &str| format!("\u{FEFF}{}", text.replace('\n', "\r\n")).into_bytes();
    cases().iter().for_each(|case| run(case, shape));
}

#[test]
fn every_case_without_a_last_line_end() {
    for case in cases().iter().filter(|case| !case.blocks[2].starts_with("改不了")) {
        let cut = |text: &str| text.trim_end_matches('\n').to_owned();
        run_to(case, |text| cut(text).into_bytes(), cut);
    }
}

/// Every scalar of the real source, changed one by one: only its own line changes, and comments
/// keep their column.
#[test]
fn every_scalar_of_2023() {
    use yusuan::source::tree::{Kind, Node};
    fn leaves(node: &Node, path: &Path, out: &mut Vec<Path>) {
        match &node.kind {
            Kind::Scalar { .. } => out.push(path.clone()),
            Kind::List(items) => {
                items.iter().enumerate().for_each(|(at, item)| leaves(item, &path.item(at), out));
            }
            Kind::Map(map) => {
                map.iter().for_each(|(key, value)| leaves(value, &path.key(&key.text), out));
            }
        }
    }
    let text = common::source_2023();
    let file = File::new("2023.yaml", text.as_str());
    let tree = tree_of(&file).unwrap();
    let mut paths = Vec::new();
    leaves(&tree, &Path::default(), &mut paths);
    assert!(paths.len() > 280, "{}", paths.len());
    for path in paths.iter().step_by(3) {
        assert_eq!(Path::from_str(&path.to_string()).as_ref(), Ok(path));
        let old = path.find(&tree).unwrap().scalar().unwrap();
        let same = edit::apply("", text.as_bytes(), &[Edit::Set(path.clone(), old.to_owned())]);
        assert_eq!(same.as_deref(), Ok(text.as_bytes()), "{path}");
        for new in ["8", "待填：\"甲\" # 乙", "行一\n行二"] {
            let edits = [Edit::Set(path.clone(), new.to_owned())];
            let edited = edit::apply("", text.as_bytes(), &edits)
                .unwrap_or_else(|found| panic!("{path} = {new}:\n{}", common::told(&found)));
            let edited = String::from_utf8(edited).unwrap();
            let lines: Vec<&str> = text.lines().collect();
            let first = text.lines().zip(edited.lines()).take_while(|(a, b)| a == b).count();
            let last =
                text.lines().rev().zip(edited.lines().rev()).take_while(|(a, b)| a == b).count();
            let spot = path.find(&tree).unwrap().range.clone();
            let rows = text[spot].matches('\n').count() + 2;
            assert!(lines.len() - first - last <= rows, "{path}: {first} {last}");
        }
    }
}
