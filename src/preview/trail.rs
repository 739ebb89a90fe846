//! The keys that lead to a place of the source: 预算单位 › 收入 › 一般公共预算拨款.

use crate::source::scalar::Place;
use crate::source::tree::{Kind, Node};

/// The keys by which people know an entry of a list.
const NAMES: [&str; 3] = ["名称", "任务名称", "编码"];

/// The trail to the value at a place.
pub fn trail(tree: &Node, place: &Place) -> Vec<String> {
    let mut trail = Vec::new();
    let mut node = Some(tree);
    while let Some(here) = node {
        node = match &here.kind {
            Kind::Scalar { .. } => None,
            Kind::List(items) => {
                let found = items.iter().enumerate().find(|(_, item)| holds(item, place));
                found.map(|(at, item)| {
                    if items.len() > 1 {
                        trail.push(name_of(item).unwrap_or_else(|| format!("第 {} 项", at + 1)));
                    }
                    item
                })
            }
            Kind::Map(entries) => {
                let found = entries.iter().find(|(_, value)| holds(value, place));
                found.map(|(key, value)| {
                    trail.push(key.text.clone());
                    value
                })
            }
        };
    }
    trail
}

/// The places of all values whose key, or whose entry's name, holds the words.
pub fn places_named(tree: &Node, words: &str) -> Vec<Place> {
    let mut found = Vec::new();
    walk(tree, words, &mut found);
    found
}

fn walk(node: &Node, words: &str, found: &mut Vec<Place>) {
    match &node.kind {
        Kind::Scalar { .. } => {}
        Kind::List(items) => items.iter().for_each(|item| {
            if name_of(item).is_some_and(|name| name.contains(words)) {
                found.push(item.range.clone());
            }
            walk(item, words, found);
        }),
        Kind::Map(entries) => entries.iter().for_each(|(key, value)| {
            // A whole section is no answer: its values have names of their own.
            if key.text.contains(words) && matches!(value.kind, Kind::Scalar { .. }) {
                found.push(value.range.clone());
            }
            walk(value, words, found);
        }),
    }
}

fn holds(node: &Node, place: &Place) -> bool {
    node.range.start <= place.start && place.end <= node.range.end
}

fn name_of(item: &Node) -> Option<String> {
    NAMES.iter().find_map(|key| Some(item.get(key)?.scalar()?.to_owned()))
}
