//! 上年锁定: last year's figures of a source, locked once they were approved or proofread.

use super::pattern::Pattern;
use super::plan::Plan;
use super::{patterns, place_of};
use crate::finding::Finding;
use crate::source::edit::{self, Edit, Path, Value};
use crate::source::leaves::leaves;
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
    let value = Value::Map(vec![
        ("数据文件".to_owned(), basis.name.into()),
        ("校验码".to_owned(), basis.digest.as_str().into()),
        ("各数".to_owned(), Value::Map(figures)),
    ]);
    let top = Path::default();
    let mut edits = Vec::new();
    if tree.get(LOCK).is_some() {
        edits.push(Edit::Remove(top.key(LOCK)));
    }
    let before = place_of(&tree, schema(), LOCK);
    edits.push(Edit::Insert { into: top, before, key: Some(LOCK.to_owned()), value });
    Ok(Locked { bytes: edit::apply(name, bytes, &edits)?, figures: count })
}
