//! 上年锁定: last year's figures of a source, locked once they were approved or proofread.

use super::pattern::Pattern;
use super::plan::Plan;
use super::{patterns, place_of};
use crate::finding::Finding;
use crate::source::edit::{self, Edit, Path, Value};
use crate::source::leaves::leaves;
use crate::source::tree::{Kind, Node};
use crate::source::{Located, lock, schema, text, tree_of};

/// The key that holds the lock.
const LOCK: &str = "上年锁定";

/// What the figures were taken from or compared with: last year's source, or a published report.
#[derive(Debug)]
pub struct Basis<'a> {
    pub name: &'a str,
    /// [`lock::of_file`] of it.
    pub digest: String,
}

/// A source with its last year's figures locked.
#[derive(Debug)]
pub struct Locked {
    pub bytes: Vec<u8>,
    /// How many figures are locked.
    pub figures: usize,
}

/// Locks the figures of last year that `plan` knows, in place of an earlier lock.
pub fn lock(
    plan: &Located<Plan>,
    name: &str,
    bytes: &[u8],
    basis: &Basis<'_>,
) -> Result<Locked, Vec<Finding>> {
    let carried: Vec<(Pattern, ())> =
        patterns(plan, plan.value.carried.iter().map(|it| (&it.to, ())))?;
    let file = text::decode(name, bytes)?;
    let tree = tree_of(&file).ok_or_else(Vec::new)?;
    let is_carried =
        |path: &Path| carried.iter().any(|(pattern, ())| pattern.captures(path, &tree).is_some());
    let figures: Vec<(String, Value)> = leaves(&tree, schema())
        .iter()
        .filter(|leaf| leaf.is_filled() && is_carried(&leaf.path))
        .map(|leaf| {
            let amount = leaf.node.scalar().unwrap_or_default();
            let digest = lock::of_figure(&basis.digest, &leaf.address, amount);
            (leaf.address.clone(), Value::Scalar(digest))
        })
        .collect();
    let count = figures.len();
    let parts: [(&str, Value); 3] = [
        ("数据文件", basis.name.into()),
        ("校验码", basis.digest.as_str().into()),
        ("各数", Value::Map(figures)),
    ];
    let edits = edits(&tree, parts);
    Ok(Locked { bytes: edit::apply(name, bytes, &edits)?, figures: count })
}

/// A new lock; an earlier one keeps its place and what is written around it.
fn edits(tree: &Node, parts: [(&str, Value); 3]) -> Vec<Edit> {
    let top = Path::default();
    let Some(lock) = tree.get(LOCK) else {
        let value = Value::Map(parts.map(|(key, value)| (key.to_owned(), value)).into());
        let before = place_of(tree, schema(), LOCK);
        return vec![Edit::Insert { into: top, before, key: Some(LOCK.to_owned()), value }];
    };
    let into = top.key(LOCK);
    let Kind::Map(entries) = &lock.kind else { return Vec::new() };
    let mut edits = Vec::new();
    for (key, value) in parts {
        let path = into.key(key);
        let here = entries.iter().position(|(have, _)| have.text == key);
        match (here, value) {
            (Some(_), Value::Scalar(text)) => edits.push(Edit::Set(path, text)),
            (here, value) => {
                edits.extend(here.map(|_| Edit::Remove(path)));
                let before = here.unwrap_or(entries.len());
                let key = Some(key.to_owned());
                edits.push(Edit::Insert { into: into.clone(), before, key, value });
            }
        }
    }
    edits
}
