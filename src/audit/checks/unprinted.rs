//! 没有印: texts and counts that a source states and the report prints nowhere.

use std::collections::BTreeSet;

use serde_json::Value as Schema;

use super::{Hit, View};
use crate::budget::figure::Measure;
use crate::report::{Origin, Report};
use crate::source::excerpt::brief;
use crate::source::leaves::property;
use crate::source::shape::resolve;
use crate::source::tree::{Kind, Node};
use crate::source::{Leaf, schema};

impl View<'_> {
    /// Texts and counts without a piece of the report that comes from them. Words: `键=什么时候才印`, or the
    /// key alone of what is not there to be printed, each with what is under it.
    pub(super) fn unprinted(&self, words: &[String]) -> Vec<Hit> {
        let mut search =
            Search { words, printed: printed(self.report), way: Vec::new(), hits: Vec::new() };
        search.node(&self.budget.source.tree, schema());
        search.hits
    }
}

struct Search<'a> {
    words: &'a [String],
    printed: BTreeSet<usize>,
    /// The keys that lead to where it is.
    way: Vec<&'a str>,
    hits: Vec<Hit>,
}

impl<'a> Search<'a> {
    fn node(&mut self, node: &'a Node, schema: &Schema) {
        let schema = resolve(self::schema(), schema);
        match &node.kind {
            Kind::Scalar { text, .. } => {
                let leaf = schema["format"].as_str().and_then(Leaf::from_format);
                let prints = match leaf {
                    Some(Leaf::Text | Leaf::Prose) => true,
                    Some(Leaf::Count) => text.trim() != "0",
                    _ => false,
                };
                if prints && !self.printed.contains(&node.range.start) {
                    self.text(node, text);
                }
            }
            Kind::List(items) => items.iter().for_each(|item| self.node(item, &schema["items"])),
            Kind::Map(entries) => {
                for (key, value) in entries {
                    self.way.push(&key.text);
                    self.node(value, property(schema, &key.text));
                    self.way.pop();
                }
            }
        }
    }

    fn text(&mut self, node: &Node, text: &str) {
        let mut words = self.words.iter();
        let word = words.find(|word| self.is_under(word)).map(|word| word.split_once('='));
        // What an expression prints is a figure's, or nothing by its writer's wish.
        if word == Some(None) || text.trim_start().starts_with("{{") || text.contains("{%") {
            return;
        }
        self.hits.push(Hit {
            message: format!("“{}”写了“{}”", self.way.join("."), brief(text)),
            place: Some(node.range.clone()),
            help: word.flatten().map(|(_, when)| format!("{when}；不用的，删掉")),
            ..Hit::default()
        });
    }

    /// Whether the way leads to or below the key of a word, `表格.*.注`, where `*` is any key.
    fn is_under(&self, word: &str) -> bool {
        let mut way = self.way.iter();
        let key = word.split_once('=').map_or(word, |(key, _)| key);
        key.split('.').all(|step| way.next().is_some_and(|have| step == "*" || step == *have))
    }
}

/// Where the texts and counts begin that a report prints.
fn printed(report: &Report) -> BTreeSet<usize> {
    let pieces = report.lines().flatten();
    let places = pieces.flat_map(|piece| match &piece.origin {
        Origin::Text(place) => vec![place.start],
        Origin::Figure(figure, _) if matches!(figure.measure(), Measure::Count) => {
            figure.places().iter().map(|place| place.start).collect()
        }
        _ => Vec::new(),
    });
    places.collect()
}
