//! Every text that a source may state is printed, or told to be printed nowhere: each text of the
//! schema in turn is a word that nothing else says.

use crate::common;

use serde_yaml::{Mapping, Value};
use yusuan::audit;
use yusuan::report::{Block, Line, Report, plain};
use yusuan::source::schema;
use yusuan::source::shape::resolve;

const MARKER: &str = "某标记甲乙丙";
/// Keys of the program, whose texts say how to print, not what.
const NOT_FOR_PRINT: [&str; 4] = ["表式", "字体", "上年锁定", "说明"];

/// One step of a way to a text.
#[derive(Clone)]
enum Step {
    Key(String),
    AnyKey,
    Item,
}

fn ways(schema: &serde_json::Value, way: &[Step], out: &mut Vec<Vec<Step>>) {
    let schema = resolve(self::schema(), schema);
    if matches!(schema["format"].as_str(), Some("text" | "prose")) {
        out.push(way.to_vec());
    }
    let mut below = |schema, step| ways(schema, &[way, &[step]].concat(), out);
    for (key, schema) in schema["properties"].as_object().into_iter().flatten() {
        below(schema, Step::Key(key.clone()));
    }
    if schema["additionalProperties"].is_object() {
        below(&schema["additionalProperties"], Step::AnyKey);
    }
    if schema["items"].is_object() {
        below(&schema["items"], Step::Item);
    }
}

/// Puts the marker at the end of a way, by the first key or item that is there.
fn put(at: &mut Value, way: &[Step], owner: &str) {
    match way {
        [] => *at = MARKER.into(),
        [Step::Item, rest @ ..] => {
            if at.is_null() {
                *at = Value::Sequence(vec![Value::Null]);
            }
            put(&mut at.as_sequence_mut().expect("a list")[0], rest, owner);
        }
        [step, rest @ ..] => {
            if at.is_null() {
                *at = Value::Mapping(Mapping::new());
            }
            let map = at.as_mapping_mut().expect("keys");
            let first = map.keys().next().and_then(Value::as_str).map(str::to_owned);
            let key = match (step, owner) {
                (Step::Key(key), _) => key.clone(),
                (_, "表格") => "表3".to_owned(),
                _ => first.unwrap_or_else(|| "某词".to_owned()),
            };
            put(map.entry(key.as_str().into()).or_insert(Value::Null), rest, &key);
        }
    }
}

fn is_printed(report: &Report) -> bool {
    let says = |line: &Line| plain(line).contains(MARKER);
    let in_chapters = report.chapters().flat_map(|chapter| &chapter.blocks).any(|it| match it {
        Block::Heading(_, line) | Block::Paragraph(line) => says(line),
        Block::Table(grid) => grid.rows.iter().flat_map(|row| &row.cells).any(|it| says(&it.text)),
    });
    in_chapters
        || report.tables().any(|table| {
            let head = [&table.title, &table.subtitle, &table.left, &table.left_after];
            head.into_iter().chain(&table.notes).any(says)
                || table.grid.rows.iter().flat_map(|row| &row.cells).any(|it| says(&it.text))
        })
}

/// Whether the marker is printed, or something is told of it.
fn is_seen(text: &str) -> bool {
    match common::make(common::form(), text) {
        Ok(made) => {
            let found = audit::audit(common::form(), &made.budget, &made.report);
            is_printed(&made.report)
                || found.iter().any(|it| it.code == "C-26" && it.message.contains(MARKER))
        }
        Err(found) => found.iter().any(|it| {
            it.message.contains(MARKER) || it.help.as_ref().is_some_and(|it| it.contains(MARKER))
        }),
    }
}

#[test]
fn every_text_is_printed_or_told() {
    let full = common::read("tests/rules/base.yaml");
    let small = common::read("tests/bad-input/ok-minimal.yaml");
    let mut all = Vec::new();
    ways(schema(), &[], &mut all);
    all.retain(|way| !matches!(&way[0], Step::Key(key) if NOT_FOR_PRINT.contains(&key.as_str())));
    assert!(all.len() > 30, "only {} texts", all.len());
    let mut unseen = Vec::new();
    for base in [&full, &small] {
        for way in &all {
            let mut source: Value = serde_yaml::from_str(base).expect("a base");
            put(&mut source, way, "");
            let text = serde_yaml::to_string(&source).expect("YAML");
            // A group of which only the text is there may lack a key: then that is told.
            if !lacks_a_key(&text) && !is_seen(&text) {
                let way: Vec<&str> = way.iter().map(name).collect();
                unseen.push(way.join("."));
            }
        }
    }
    assert!(unseen.is_empty(), "printed nowhere, and nothing said: {unseen:#?}");
}

fn lacks_a_key(text: &str) -> bool {
    common::findings(text).iter().any(|found| found.code == "S07")
}

fn name(step: &Step) -> &str {
    match step {
        Step::Key(key) => key,
        Step::AnyKey => "*",
        Step::Item => "[0]",
    }
}
