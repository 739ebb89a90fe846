//! Patches over a YAML text: `PATH: VALUE` entries put into a base.
//!
//! A path is keys parted by dots, each perhaps with `[…]` behind it: `预算单位[0].收入.其他收入`. In
//! brackets stands what an item of the list is called (编码, 名称, 任务名称), else its number from 0;
//! `[+]` adds an item. Maps on the way are made where they are missing. A value of `~` removes.

use serde_yaml::{Mapping, Value};
use yusuan::finding::File;
use yusuan::source::tree::{Kind, Node};
use yusuan::source::tree_of;

const NAMES: [&str; 3] = ["编码", "名称", "任务名称"];

/// One step of a path.
enum Step<'p> {
    Key(&'p str),
    Item(&'p str),
}

fn steps(path: &str) -> Vec<Step<'_>> {
    let mut steps = Vec::new();
    for part in path.split('.') {
        let (key, items) = part.split_once('[').unwrap_or((part, ""));
        steps.push(Step::Key(key));
        steps.extend(items.split(['[', ']']).filter(|item| !item.is_empty()).map(Step::Item));
    }
    steps
}

/// Puts a value at a path.
pub fn put(root: &mut Value, path: &str, value: Value) {
    put_at(root, &steps(path), value, path);
}

fn put_at(at: &mut Value, steps: &[Step<'_>], value: Value, path: &str) {
    let Some((step, rest)) = steps.split_first() else {
        *at = value;
        return;
    };
    let removes = rest.is_empty() && value.is_null();
    match step {
        Step::Key(key) => {
            if at.is_null() {
                *at = Value::Mapping(Mapping::new());
            }
            let map = at.as_mapping_mut().unwrap_or_else(|| panic!("{path}: no map before {key}"));
            if removes {
                assert!(map.remove(*key).is_some(), "{path}: there is nothing to remove");
                return;
            }
            put_at(map.entry(Value::from(*key)).or_insert(Value::Null), rest, value, path);
        }
        Step::Item(name) => {
            if at.is_null() {
                *at = Value::Sequence(Vec::new());
            }
            let list = at.as_sequence_mut().unwrap_or_else(|| panic!("{path}: no list at {name}"));
            if *name == "+" {
                list.push(Value::Null);
            }
            let found = match *name {
                "+" => list.len() - 1,
                name => place_in(list.iter().map(called), name).unwrap_or_else(|| {
                    panic!("{path}: there is no item {name}");
                }),
            };
            if removes {
                list.remove(found);
                return;
            }
            put_at(&mut list[found], rest, value, path);
        }
    }
}

fn called(item: &Value) -> Option<String> {
    NAMES.iter().find_map(|key| match item.get(*key)? {
        Value::String(name) => Some(name.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    })
}

/// The item of that name, else of that number.
fn place_in(names: impl Iterator<Item = Option<String>>, wanted: &str) -> Option<usize> {
    let names: Vec<Option<String>> = names.collect();
    let named = names.iter().position(|name| name.as_deref() == Some(wanted));
    named.or_else(|| wanted.parse().ok().filter(|&at: &usize| at < names.len()))
}

/// The lines, from 1, that the value at a path stands on in a text.
pub fn lines_of(text: &str, path: &str) -> std::ops::RangeInclusive<usize> {
    let file = File::new("source.yaml", text);
    let tree = tree_of(&file).expect("a merged source is YAML");
    let mut node = &tree;
    for step in steps(path) {
        node = match (step, &node.kind) {
            (Step::Key(key), _) => node.get(key),
            (Step::Item("+"), Kind::List(items)) => items.last(),
            (Step::Item(name), Kind::List(items)) => {
                let called = |item: &Node| {
                    NAMES.iter().find_map(|key| item.get(key)?.scalar().map(str::to_owned))
                };
                place_in(items.iter().map(called), name).map(|at| &items[at])
            }
            _ => None,
        }
        .unwrap_or_else(|| panic!("{path} is not in the merged source"));
    }
    let end = text[..node.range.end].trim_end().len().max(node.range.start);
    file.line_column(node.range.start).0..=file.line_column(end).0
}
