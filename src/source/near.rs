//! What a name that nobody knows most likely means: a known one that is near it, or stands elsewhere.

use std::collections::BTreeMap;

use serde_json::Value as Schema;

use super::shape::resolve;
use super::tree::{Kind, Node};

/// Characters that tell names apart: 上年 is no slip for 本年, 二期 none for 一期.
const TELLING: &str = "上下去今明前后离退增减大中小微收支东西南北甲乙丙丁一二三四五六七八九十";

/// The known name that a slip most likely meant; none where none is near, or two are as near.
pub fn nearest<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let likeness = |known| strsim::normalized_damerau_levenshtein(name, known);
    let near = known.filter(|known| is_near(name, known));
    let mut near: Vec<(f64, &str)> = near.map(|known| (likeness(known), known)).collect();
    near.sort_by(|a, b| b.0.total_cmp(&a.0));
    match near.as_slice() {
        [(_, only)] => Some(only),
        [(best, first), (next, _), ..] if best > next => Some(first),
        _ => None,
    }
}

/// Whether two names differ in a third of their characters at most, or one holds the other.
fn is_near(name: &str, known: &str) -> bool {
    let (one, other): (Vec<char>, Vec<char>) = (name.chars().collect(), known.chars().collect());
    let (shorter, longer) = (one.len().min(other.len()), one.len().max(other.len()));
    let apart = strsim::damerau_levenshtein(name, known);
    let of_two = longer == 2 && apart == 1 && one.first() == other.first();
    let holds = shorter >= 2 && 2 * shorter >= longer;
    let holds = holds && (name.contains(known) || known.contains(name));
    let telling = |one: &[char], other: &[char]| {
        one.iter().any(|c| TELLING.contains(*c) && !other.contains(c))
    };
    (3 * apart <= longer || of_two || holds) && !telling(&one, &other) && !telling(&other, &one)
}

/// Where a key is written that is not known here: the one place that wants such a value.
pub fn home(root: &Schema, key: &str, value: &Node) -> Option<String> {
    let mut homes = BTreeMap::new();
    collect(root, root, "", key, &mut homes);
    let fits = |schema: &Schema| match (&value.kind, schema["type"].as_str()) {
        (Kind::Map(_), kind) => kind == Some("object"),
        (Kind::List(_), kind) => kind == Some("array"),
        (Kind::Scalar { .. }, kind) => !matches!(kind, Some("object" | "array")),
    };
    let (owner, schema) = homes.first_key_value().filter(|_| homes.len() == 1)?;
    fits(schema).then(|| match owner.as_str() {
        "" => "最外面一级，前面不空格".to_owned(),
        owner => format!("“{owner}”下面"),
    })
}

/// The schema of a key under each key where it may stand, “” for the outermost.
fn collect<'s>(
    root: &'s Schema,
    schema: &'s Schema,
    owner: &str,
    key: &str,
    homes: &mut BTreeMap<String, &'s Schema>,
) {
    let schema = resolve(root, schema);
    for (name, below) in schema["properties"].as_object().into_iter().flatten() {
        if name == key {
            homes.insert(owner.to_owned(), resolve(root, below));
        }
        collect(root, below, name, key, homes);
    }
    for below in [&schema["items"], &schema["additionalProperties"]] {
        if below.is_object() {
            collect(root, below, owner, key, homes);
        }
    }
}
