//! 要有 and 成立: what a source must state, as the form's rules say it of the source's keys.
//!
//! Expressions read the figures and names of texts, and besides: `数据`, all that the source states;
//! `本项`, what the rule looks at; `同级`, the list that it is in; `单位`, the account of its unit;
//! `词` and `值`, the word (`词=值`) that the rule is repeated for; `各("预算单位[].项目[].预算")`, all
//! values of a path. What is not stated is zero, an empty text or an empty list.

use minijinja::value::Value;
use rust_decimal::Decimal;
use serde_json::Value as Schema;

use super::checks::Hit;
use super::rules::Entry;
use crate::budget::{Budget, Figure};
use crate::form::ShortTexts;
use crate::source::leaves::{TO_DO, item_name, property};
use crate::source::scalar::{Count, Money, Place, Text};
use crate::source::shape::resolve;
use crate::source::tree::{Key, Kind, Node};
use crate::source::{Leaf, edit, schema};

/// The list of units, whose items have an account.
const UNITS: &str = "预算单位";
const ACCOUNTS: &str = "各单位";

/// What a source states, ready to be asked.
pub struct Facts<'a> {
    tree: &'a Node,
    value: Value,
    texts: &'a ShortTexts,
}

/// Something that a rule looks at.
#[derive(Clone)]
struct Item<'t> {
    node: &'t Node,
    value: Value,
    siblings: Value,
    unit: Value,
    /// Where to point when nothing in it is to blame.
    place: Place,
    name: String,
}

impl<'a> Facts<'a> {
    pub fn of(budget: &'a Budget, texts: &'a ShortTexts) -> Self {
        let tree = &budget.source.tree;
        Self { tree, value: value(texts, schema(), Some(tree)), texts }
    }

    /// Where a rule does not hold, and how often it was asked.
    pub fn hits(&self, entry: &Entry) -> Result<(Vec<Hit>, usize), String> {
        let (mut hits, mut asked) = (Vec::new(), 0);
        let words: Vec<Option<&str>> = match entry.words.as_slice() {
            [] => vec![None],
            words => words.iter().map(|word| Some(word.0.text.as_str())).collect(),
        };
        for item in self.items(entry.each.as_ref()) {
            for word in &words {
                let (word, value) =
                    word.map_or(("", ""), |it| it.split_once('=').unwrap_or((it, "")));
                let names = self.names(&item, word, value);
                if let Some(when) = &entry.when
                    && !self.texts.holds(&when.text, &names)?
                {
                    continue;
                }
                asked += 1;
                for path in &entry.has {
                    let path = path.text.replace("{词}", word);
                    if !is_filled(item.node, &path) {
                        hits.push(missing(&item, &path));
                    }
                }
                if let Some(claim) = &entry.holds
                    && !self.texts.holds(&claim.text, &names)?
                {
                    hits.push(self.broken(entry, &item, &names, word)?);
                }
            }
        }
        Ok((hits, asked))
    }

    fn broken(
        &self,
        entry: &Entry,
        item: &Item<'_>,
        names: &Value,
        word: &str,
    ) -> Result<Hit, String> {
        let detail = entry.detail.as_ref().map(|detail| self.texts.written(&detail.text, names));
        let message = match detail {
            Some(detail) if item.name.is_empty() => detail?,
            Some(detail) => format!("{}，{}", item.name, detail?),
            None => item.name.clone(),
        };
        let at = entry.at.as_ref().map(|at| at.text.replace("{词}", word));
        let place = at.map_or(item.place.clone(), |at| spot(item, &at));
        Ok(Hit { message, place: Some(place), ..Hit::default() })
    }

    fn names(&self, item: &Item<'_>, word: &str, value: &str) -> Value {
        let (root, all) = (self.value.clone(), self.value.clone());
        let each = move |path: &str| Value::from(values(&all, path));
        let own = Value::from_pairs([
            ("数据", root),
            ("本项", item.value.clone()),
            ("同级", item.siblings.clone()),
            ("单位", item.unit.clone()),
            ("词", Value::from(word)),
            ("值", Value::from(value)),
            ("各", Value::from_function(each)),
        ]);
        minijinja::value::merge_maps([own, self.texts.names().clone()])
    }

    /// What a path with `[]` for every item leads to.
    fn items(&self, path: Option<&Text>) -> Vec<Item<'_>> {
        let whole = Item {
            node: self.tree,
            value: self.value.clone(),
            siblings: Value::UNDEFINED,
            unit: Value::UNDEFINED,
            place: first_key(self.tree),
            name: String::new(),
        };
        let Some(path) = path else { return vec![whole] };
        path.text.split('.').fold(vec![whole], |items, step| {
            items.into_iter().flat_map(|item| self.below(item, step)).collect()
        })
    }

    fn below<'t>(&self, item: Item<'t>, step: &str) -> Vec<Item<'t>> {
        let key = step.trim_end_matches("[]");
        let Some(node) = item.node.get(key) else { return Vec::new() };
        let value = attribute(&item.value, key);
        let Kind::List(nodes) = &node.kind else {
            return vec![Item { node, value, ..item }];
        };
        let items = nodes.iter().enumerate().map(|(at, node)| {
            let own = item_name(node, at);
            let of = if item.name.is_empty() { "" } else { "的" };
            let unit = match key == UNITS {
                true => element(&attribute(self.texts.names(), ACCOUNTS), at),
                false => item.unit.clone(),
            };
            Item {
                node,
                value: element(&value, at),
                siblings: value.clone(),
                unit,
                place: first_key(node),
                name: format!("{}{of}“{own}”", item.name),
            }
        });
        items.collect()
    }
}

fn missing(item: &Item<'_>, path: &str) -> Hit {
    let message = format!("{}没有写“{path}”", item.name);
    Hit { message, place: Some(spot(item, path)), ..Hit::default() }
}

/// The key that a path leads to, or the last of it that is there.
fn spot(item: &Item<'_>, path: &str) -> Place {
    let mut place = item.place.clone();
    let mut node = item.node;
    for step in path.split('.') {
        let Some((key, inner)) = entry(node, step) else { break };
        (place, node) = (key.range.clone(), inner);
    }
    place
}

fn entry<'t>(node: &'t Node, name: &str) -> Option<(&'t Key, &'t Node)> {
    let Kind::Map(entries) = &node.kind else { return None };
    entries.iter().find(|(key, _)| key.text == name).map(|(key, node)| (key, node))
}

/// The first key of a map, else the whole.
fn first_key(node: &Node) -> Place {
    match &node.kind {
        Kind::Map(entries) => entries.first().map_or(node.range.clone(), |it| it.0.range.clone()),
        _ => node.range.clone(),
    }
}

/// Whether something is written there, and not to be written still.
fn is_filled(node: &Node, path: &str) -> bool {
    let found = path.split('.').try_fold(node, |node, step| node.get(step));
    found.is_some_and(|node| match &node.kind {
        Kind::Scalar { text, .. } => {
            let text = text.trim();
            !edit::is_missing(node) && !text.is_empty() && !text.starts_with(TO_DO)
        }
        Kind::List(items) => !items.is_empty(),
        Kind::Map(entries) => !entries.is_empty(),
    })
}

/// What is stated, with every key of the schema.
fn value(texts: &ShortTexts, schema: &Schema, node: Option<&Node>) -> Value {
    let schema = resolve(self::schema(), schema);
    let entries = || match node.map(|node| &node.kind) {
        Some(Kind::Map(entries)) => entries.as_slice(),
        _ => &[],
    };
    if let Some(properties) = schema["properties"].as_object() {
        let keys = properties.iter().map(|(key, inner)| {
            (key.clone(), value(texts, inner, node.and_then(|node| node.get(key))))
        });
        return Value::from_pairs(keys);
    }
    match (schema["type"].as_str(), node.map(|node| &node.kind)) {
        // Names that the source chooses are no keys: a list of them, in their order.
        (Some("object"), _) => {
            let named = entries().iter().map(|(key, node)| {
                let inner = value(texts, property(schema, &key.text), Some(node));
                Value::from_pairs([("名称", Value::from(key.text.clone())), ("值", inner)])
            });
            named.collect::<Vec<_>>().into()
        }
        (Some("array"), Some(Kind::List(items))) => {
            let items = items.iter().map(|item| value(texts, &schema["items"], Some(item)));
            items.collect::<Vec<_>>().into()
        }
        (Some("array"), _) => Value::from(Vec::<Value>::new()),
        _ => single(texts, schema, node),
    }
}

fn single(texts: &ShortTexts, schema: &Schema, node: Option<&Node>) -> Value {
    let leaf = schema["format"].as_str().and_then(Leaf::from_format);
    let text = node.and_then(Node::scalar).unwrap_or_default();
    let place = node.map(|node| node.range.clone());
    let number = || Decimal::from_str_exact(text.trim()).unwrap_or_default();
    let figure = match (leaf, place) {
        (Some(Leaf::Amount), Some(place)) => {
            Figure::stated(&Money { amount: number(), place }, Decimal::ZERO)
        }
        (Some(Leaf::Amount), None) => Figure::zero(),
        (Some(Leaf::Count | Leaf::Year), place) => {
            let count = text.trim().parse().unwrap_or_default();
            Figure::count(&Count { count, place: place.unwrap_or_default() })
        }
        _ => return Value::from(text),
    };
    texts.figure_value(&figure)
}

/// All that a path leads to, lists one after the other.
fn values(root: &Value, path: &str) -> Vec<Value> {
    path.split('.').fold(vec![root.clone()], |found, step| {
        let key = step.trim_end_matches("[]");
        let inner = found.iter().map(|value| attribute(value, key));
        match step.ends_with("[]") {
            true => inner.flat_map(|list| list.try_iter().into_iter().flatten()).collect(),
            false => inner.collect(),
        }
    })
}

fn attribute(value: &Value, key: &str) -> Value {
    value.get_attr(key).unwrap_or(Value::UNDEFINED)
}

fn element(value: &Value, at: usize) -> Value {
    value.get_item(&Value::from(at)).unwrap_or(Value::UNDEFINED)
}
