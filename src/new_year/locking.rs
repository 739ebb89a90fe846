//! 上年锁定: last year's figures of a source, locked once they were approved or proofread.

use std::sync::Arc;

use super::pattern::Pattern;
use super::plan::Plan;
use super::{patterns, place_of};
use crate::budget::Budget;
use crate::finding::{File, Finding, Severity};
use crate::source::edit::{self, Edit, Path, Value};
use crate::source::leaves::{LeafAt, leaves};
use crate::source::lock::{self, Change};
use crate::source::model::Lock;
use crate::source::tree::{Kind, Node};
use crate::source::{Leaf, Located, schema, text, tree_of};

/// The code of a figure that is not as it was locked.
const CHANGED: &str = "R-05";
/// The code of figures that were never locked.
const UNLOCKED: &str = "R-07";

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
    /// What an earlier lock said otherwise, a line each; none where there was no lock.
    pub since: Option<Vec<String>>,
}

/// Locks the figures of last year that `plan` knows, in place of an earlier lock.
pub fn lock(
    plan: &Located<Plan>,
    name: &str,
    bytes: &[u8],
    basis: &Basis<'_>,
    earlier: Option<&Lock>,
) -> Result<Locked, Vec<Finding>> {
    let file = text::decode(name, bytes)?;
    let tree = tree_of(&file).ok_or_else(Vec::new)?;
    let leaves = leaves(&tree, schema());
    let figures = figures_of(plan, &tree, &leaves)?;
    let since = earlier.map(|lock| {
        let changes = lock::compare(lock, &leaves, &figures);
        changes.iter().map(told).collect()
    });
    let digests: Vec<(String, Value)> = figures
        .iter()
        .map(|leaf| {
            let amount = leaf.node.scalar().unwrap_or_default();
            let digest = lock::of_figure(&basis.digest, &leaf.address, amount);
            (leaf.address.clone(), Value::Scalar(digest))
        })
        .collect();
    let count = digests.len();
    let parts: [(&str, Value); 3] = [
        ("数据文件", basis.name.into()),
        ("校验码", basis.digest.as_str().into()),
        ("各数", Value::Map(digests)),
    ];
    let edits = edits(&tree, parts);
    Ok(Locked { bytes: edit::apply(name, bytes, &edits)?, figures: count, since })
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

/// 上年数 that are filled.
fn figures_of<'a, 't>(
    plan: &Located<Plan>,
    tree: &'t Node,
    leaves: &'a [LeafAt<'t>],
) -> Result<Vec<&'a LeafAt<'t>>, Vec<Finding>> {
    let carried: Vec<(Pattern, ())> =
        patterns(plan, plan.value.carried.iter().map(|it| (&it.to, ())))?;
    let is_carried =
        |path: &Path| carried.iter().any(|(pattern, ())| pattern.captures(path, tree).is_some());
    let amounts = leaves.iter().filter(|leaf| leaf.leaf == Some(Leaf::Amount) && leaf.is_filled());
    Ok(amounts.filter(|leaf| is_carried(&leaf.path)).collect())
}

/// A change since an earlier lock, for him who locks anew.
fn told(change: &Change<'_, '_>) -> String {
    let amount = |leaf: &LeafAt<'_>| leaf.node.scalar().unwrap_or_default().to_owned();
    match change {
        Change::Changed(leaf) => format!("改了：{}，现在是 {}", leaf.address, amount(leaf)),
        Change::Gone(address) => format!("没有数了：{}", address.text),
        Change::Renamed(from, to) => format!("改了名：{} → {}", from.text, to.address),
        Change::Ended(address) => format!("整个没有了：{}", address.text),
        Change::Unlocked(leaf) => format!("新锁：{}，{}", leaf.address, amount(leaf)),
    }
}

/// last year's figures that are not what was locked, or are not locked at all.
pub fn check(plan: &Located<Plan>, budget: &Budget) -> Vec<Finding> {
    let file = &budget.source.file;
    let Some(lock) = &budget.source.value.lock else { return never_locked(budget) };
    let tree = &budget.source.tree;
    let leaves = leaves(tree, schema());
    let figures = match figures_of(plan, tree, &leaves) {
        Ok(figures) => figures,
        Err(findings) => return findings,
    };
    let changes = lock::compare(lock, &leaves, &figures);
    changes.iter().filter_map(|change| complaint(change, lock, file)).collect()
}

fn complaint(change: &Change<'_, '_>, lock: &Lock, file: &Arc<File>) -> Option<Finding> {
    let approved = &lock.file.text;
    let relock = format!("核对过的，再运行 yusuan lock {} --from {approved}", file.name);
    let (message, place, help) = match change {
        Change::Changed(leaf) => (
            format!("上年数“{}”与锁定的不同，现在是 {}", leaf.address, leaf.node.scalar()?),
            &leaf.node.range,
            format!("改回 {approved} 里的数；确实要改的（如口径调整），在“说明”里写明 {CHANGED}"),
        ),
        Change::Gone(address) => (
            format!("锁定的上年数“{}”没有填", address.text),
            &address.place,
            format!("照 {approved} 填上；确实没有的，在“说明”里写明 {CHANGED}"),
        ),
        Change::Renamed(from, to) => (
            format!("锁定的上年数“{}”改名为“{}”，数没有变", from.text, to.address),
            &to.node.range,
            format!("名称改错的改回来；{relock}"),
        ),
        Change::Unlocked(leaf) => (
            format!("上年数“{}”不在锁定里", leaf.address),
            &leaf.node.range,
            format!("{approved} 里没有它的，看是不是填错了地方、改了名称；{relock}"),
        ),
        // A project that ended has no figures to change.
        Change::Ended(_) => return None,
    };
    Some(Finding::warning(CHANGED, message).at(file, place.clone()).help(help))
}

/// A remark where there are figures of last year and no lock.
fn never_locked(budget: &Budget) -> Vec<Finding> {
    let total = budget.last_year.as_ref().map(|(income, _)| income);
    let of_projects = budget.whole.projects.iter().filter_map(|project| project.last_year.as_ref());
    let first = total.into_iter().chain(of_projects).find(|figure| !figure.is_zero());
    let place = first.and_then(|figure| figure.places().into_iter().next());
    let remark = |place| {
        let message = "上年数没有锁定，以后谁改了也看不出；核对后运行 yusuan lock";
        Finding::new(UNLOCKED, Severity::Info, message).at(&budget.source.file, place)
    };
    place.map(remark).into_iter().collect()
}
