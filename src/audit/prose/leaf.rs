//! The texts that an office wrote, as they are printed, and where each stands in the source.

use std::collections::BTreeMap;
use std::ops::Range;

use serde_json::Value as Schema;

use crate::audit::passages::Passage;
use crate::budget::{Figure, Format};
use crate::report::Origin;
use crate::source::leaves::property;
use crate::source::shape::resolve;
use crate::source::tree::{Kind, Node};
use crate::source::{Leaf as Sort, schema};

/// Which key a text stands under.
#[derive(Debug, Clone, Default)]
pub struct Home {
    /// Its keys without numbers: 预算单位.项目.增减原因.
    pub path: String,
    /// Which of the 预算单位 it belongs to.
    pub unit: Option<usize>,
    /// Which of that unit's projects.
    pub project: Option<usize>,
}

/// The prose of a source by the byte where it begins.
pub type Homes = BTreeMap<usize, Home>;

/// A text of the source in a passage, with the figures that it quotes.
pub struct Leaf<'a> {
    pub passage: &'a Passage<'a>,
    pub home: &'a Home,
    /// Where it stands in the passage.
    pub range: Range<usize>,
    /// The figures that expressions print in it.
    pub quoted: Vec<(Range<usize>, &'a Figure, &'a Format)>,
}

impl<'a> Leaf<'a> {
    pub fn text(&self) -> &'a str {
        &self.passage.text[self.range.clone()]
    }
}

/// Where the prose of a source stands.
pub fn homes(tree: &Node) -> Homes {
    let mut homes = Homes::new();
    walk(tree, schema(), &Home::default(), &mut homes);
    homes
}

fn walk(node: &Node, schema: &Schema, home: &Home, homes: &mut Homes) {
    let schema = resolve(self::schema(), schema);
    match &node.kind {
        Kind::Scalar { .. } => {
            if schema["format"].as_str().and_then(Sort::from_format) == Some(Sort::Prose) {
                homes.insert(node.range.start, home.clone());
            }
        }
        Kind::List(items) => {
            for (at, item) in items.iter().enumerate() {
                let mut home = home.clone();
                match home.path.as_str() {
                    "预算单位" => home.unit = Some(at),
                    "预算单位.项目" => home.project = Some(at),
                    _ => {}
                }
                walk(item, &schema["items"], &home, homes);
            }
        }
        Kind::Map(entries) => {
            for (key, value) in entries {
                let dot = if home.path.is_empty() { "" } else { "." };
                let path = format!("{}{dot}{}", home.path, key.text);
                let home = Home { path, ..home.clone() };
                walk(value, property(schema, &key.text), &home, homes);
            }
        }
    }
}

/// The texts of the source in a passage: from the first piece that comes from one to the last.
pub fn leaves<'a>(passage: &'a Passage<'a>, homes: &'a Homes) -> Vec<Leaf<'a>> {
    let mut starts = Vec::new();
    let mut at = 0;
    for piece in passage.line {
        starts.push(at);
        at += piece.text.len();
    }
    let place = |piece: usize| match &passage.line[piece].origin {
        Origin::Text(place) => Some(place.start),
        _ => None,
    };
    let mut leaves = Vec::new();
    let mut first = 0;
    while first < passage.line.len() {
        let Some(home) = place(first).and_then(|start| homes.get(&start)) else {
            first += 1;
            continue;
        };
        let same = |piece: &usize| place(*piece) == place(first);
        let last = (first..passage.line.len()).rev().find(same).unwrap_or(first);
        let range = starts[first]..starts[last] + passage.line[last].text.len();
        let quoted = (first..=last).filter_map(|piece| match &passage.line[piece].origin {
            Origin::Figure(figure, format) => {
                let start = starts[piece] - range.start;
                Some((start..start + passage.line[piece].text.len(), figure, format))
            }
            _ => None,
        });
        leaves.push(Leaf { passage, home, quoted: quoted.collect(), range });
        first = last + 1;
    }
    leaves
}
