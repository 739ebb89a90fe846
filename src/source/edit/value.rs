//! What a text states, without its places: what edits put in, and what they must come to.

use super::{Edit, Path, is_missing};
use crate::source::tree::{Kind, Node};

/// A value without a place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// A key or item without a value.
    Missing,
    Scalar(String),
    List(Vec<Value>),
    Map(Vec<(String, Value)>),
}

impl Value {
    /// Puts a scalar into a map, or into maps below it that are made as they are needed.
    pub fn put(&mut self, keys: &[impl AsRef<str>], text: &str) {
        let (Self::Map(entries), [key, rest @ ..]) = (self, keys) else { return };
        let key = key.as_ref();
        if rest.is_empty() {
            entries.push((key.to_owned(), Self::Scalar(text.to_owned())));
            return;
        }
        if !entries.iter().any(|(have, _)| have == key) {
            entries.push((key.to_owned(), Self::Map(Vec::new())));
        }
        let below = entries.iter_mut().filter(|(have, _)| have == key);
        below.for_each(|(_, below)| below.put(rest, text));
    }

    /// What a node states.
    pub fn of(node: &Node) -> Self {
        match &node.kind {
            Kind::Scalar { .. } if is_missing(node) => Self::Missing,
            Kind::Scalar { text, .. } => Self::Scalar(text.clone()),
            Kind::List(items) => Self::List(items.iter().map(Self::of).collect()),
            Kind::Map(entries) => {
                let entries = entries.iter();
                Self::Map(entries.map(|(key, node)| (key.text.clone(), Self::of(node))).collect())
            }
        }
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Scalar(text.to_owned())
    }
}

/// What a tree states after the edits.
pub fn expected(node: &Node, edits: &[Edit]) -> Value {
    at(node, &Path::default(), edits)
}

fn at(node: &Node, path: &Path, edits: &[Edit]) -> Value {
    for edit in edits {
        match edit {
            Edit::Set(here, text) if here == path => return Value::Scalar(text.clone()),
            Edit::Empty(here) if here == path => return Value::Missing,
            _ => {}
        }
    }
    let removed =
        |path: &Path| edits.iter().any(|edit| matches!(edit, Edit::Remove(it) if it == path));
    let inserted = |number: usize, count: usize| {
        edits.iter().filter_map(move |edit| match edit {
            Edit::Insert { into, before, key, value } if into == path => {
                let key = key.clone().unwrap_or_default();
                ((*before).min(count) == number).then(|| (key, value.clone()))
            }
            _ => None,
        })
    };
    match &node.kind {
        Kind::Scalar { .. } if is_missing(node) => fresh(inserted(0, 0).collect()),
        Kind::Scalar { text, .. } => Value::Scalar(text.clone()),
        Kind::List(items) => {
            let mut values = Vec::new();
            for (number, item) in items.iter().enumerate() {
                values.extend(inserted(number, items.len()).map(|(_, value)| value));
                let path = path.item(number);
                values.extend((!removed(&path)).then(|| at(item, &path, edits)));
            }
            values.extend(inserted(items.len(), items.len()).map(|(_, value)| value));
            Value::List(values)
        }
        Kind::Map(entries) => {
            let mut values = Vec::new();
            for (number, (key, node)) in entries.iter().enumerate() {
                values.extend(inserted(number, entries.len()));
                let path = path.key(key.text.as_str());
                values
                    .extend((!removed(&path)).then(|| (key.text.clone(), at(node, &path, edits))));
            }
            values.extend(inserted(entries.len(), entries.len()));
            Value::Map(values)
        }
    }
}

/// What a key without a value becomes by what is put into it.
fn fresh(inserted: Vec<(String, Value)>) -> Value {
    match inserted.first() {
        None => Value::Missing,
        Some((key, _)) if key.is_empty() => {
            Value::List(inserted.into_iter().map(|(_, value)| value).collect())
        }
        Some(_) => Value::Map(inserted),
    }
}
