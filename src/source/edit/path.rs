//! Where in a source a value stands: `预算单位[0].收入.一般公共预算拨款`.

use std::fmt;
use std::str::FromStr;

use crate::source::tree::{Kind, Node};

/// One step down a tree.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Step {
    Key(String),
    /// An item of a list, from 0.
    Item(usize),
}

/// The way from the top of a source to a value; empty for the whole.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Path(pub Vec<Step>);

impl Path {
    /// The value that the path leads to.
    pub fn find<'t>(&self, tree: &'t Node) -> Option<&'t Node> {
        self.0.iter().try_fold(tree, |node, step| match step {
            Step::Key(key) => node.get(key),
            Step::Item(at) => match &node.kind {
                Kind::List(items) => items.get(*at),
                _ => None,
            },
        })
    }

    /// This path and one key more.
    pub fn key(&self, key: impl Into<String>) -> Self {
        self.with(Step::Key(key.into()))
    }

    /// This path and one item more.
    pub fn item(&self, at: usize) -> Self {
        self.with(Step::Item(at))
    }

    fn with(&self, step: Step) -> Self {
        Self(self.0.iter().cloned().chain([step]).collect())
    }
}

/// The path of the innermost value, or key, that stands on byte `at`.
pub fn path_at(tree: &Node, at: usize) -> Path {
    let mut path = Path::default();
    let mut node = tree;
    loop {
        let on = |range: &std::ops::Range<usize>| range.contains(&at);
        let next = match &node.kind {
            Kind::Scalar { .. } => None,
            Kind::List(items) => items
                .iter()
                .enumerate()
                .find(|(_, item)| on(&item.range))
                .map(|(number, item)| (Step::Item(number), item)),
            Kind::Map(entries) => entries
                .iter()
                .find(|(key, value)| on(&key.range) || on(&value.range))
                .map(|(key, value)| (Step::Key(key.text.clone()), value)),
        };
        let Some((step, inner)) = next else { return path };
        path.0.push(step);
        node = inner;
    }
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, step) in self.0.iter().enumerate() {
            match step {
                Step::Item(item) => write!(f, "[{item}]")?,
                Step::Key(key) => {
                    let dot = if at == 0 { "" } else { "." };
                    let quote = if key.contains(['.', '[', '"']) { "\"" } else { "" };
                    write!(f, "{dot}{quote}{key}{quote}")?;
                }
            }
        }
        Ok(())
    }
}

impl FromStr for Path {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let mut steps = Vec::new();
        let mut rest = text;
        while !rest.is_empty() {
            let (step, after) = step(rest).ok_or_else(|| format!("读不懂路径“{text}”"))?;
            steps.push(step);
            rest = after;
        }
        Ok(Self(steps))
    }
}

/// The first step of a path, and what follows it.
fn step(text: &str) -> Option<(Step, &str)> {
    if let Some(inside) = text.strip_prefix('[') {
        let (number, after) = inside.split_once(']')?;
        return Some((Step::Item(number.parse().ok()?), after));
    }
    let text = text.strip_prefix('.').unwrap_or(text);
    let (key, after) = match text.strip_prefix('"') {
        Some(quoted) => quoted
            .rsplit_once('"')
            .filter(|(_, after)| after.is_empty() || after.starts_with(['.', '[']))?,
        None => text.split_at(text.find(['.', '[']).unwrap_or(text.len())),
    };
    (!key.is_empty()).then(|| (Step::Key(key.to_owned()), after))
}
