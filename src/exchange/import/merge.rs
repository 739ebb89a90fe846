//! Puts the changes into a source: the one that was exported, or one that was edited since.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{BAD_CELL, Change, Changes, UNFIT};
use crate::exchange::facts::{Path, Step};
use crate::finding::{File, Finding};
use crate::source::edit::{self, Edit, Value};
use crate::source::tree::Node;
use crate::source::{self, tree_of};

/// What came of it.
#[derive(Debug, Default)]
pub struct Merged {
    /// The new text of the source.
    pub bytes: Vec<u8>,
    /// What was changed in it.
    pub taken: Vec<Change>,
    /// What could not be put into it.
    pub doubts: Vec<Finding>,
}

/// Puts `changes`, which speak of the source `base`, into `bytes`.
pub fn merge(
    changes: &Changes,
    base: &Arc<File>,
    name: &str,
    bytes: &[u8],
) -> Result<Merged, Vec<Finding>> {
    let target = source::text::decode(name, bytes)?;
    let mut merged = Merged::default();
    let (Some(old), Some(new)) = (tree_of(base), tree_of(&target)) else {
        return Err(vec![Finding::error(UNFIT, "读不懂要更新的数据文件").at(&target, 0..0)]);
    };
    let same = base.text == target.text;
    for change in agreed(&changes.changes, &mut merged.doubts) {
        if is_there(change, &new) {
            continue;
        }
        match if same { None } else { conflict(change, &old, &new, &target) } {
            Some(doubt) => merged.doubts.push(doubt),
            None => merged.taken.push(change.clone()),
        }
    }
    let text = Text { name, bytes };
    let refused = text.refused(&merged.taken)?;
    for (at, findings) in refused.iter().rev() {
        let change = merged.taken.remove(*at);
        merged.doubts.extend(findings.iter().map(|finding| of_cell(&change, finding)));
    }
    merged.bytes = text.with(&merged.taken)?;
    Ok(merged)
}

/// The source that changes are put into.
struct Text<'a> {
    name: &'a str,
    bytes: &'a [u8],
}

impl Text<'_> {
    /// The source with changes in it, which has to be a source still.
    fn with(&self, changes: &[Change]) -> Result<Vec<u8>, Vec<Finding>> {
        let edits: Vec<Edit> = changes.iter().map(|change| change.edit.clone()).collect();
        let bytes = edit::apply(self.name, self.bytes, &edits)?;
        source::draft(self.name, &bytes)?;
        Ok(bytes)
    }

    /// The changes that no source can have, by their place among all, and why.
    fn refused(&self, changes: &[Change]) -> Result<Vec<(usize, Vec<Finding>)>, Vec<Finding>> {
        let Err(findings) = self.with(changes) else { return Ok(Vec::new()) };
        match changes.len() {
            // Not the changes are to blame.
            0 => Err(findings),
            1 => self.with(&[]).map(|_| vec![(0, findings)]),
            many => {
                let (first, second) = changes.split_at(many / 2);
                let mut refused = self.refused(first)?;
                let after = self.refused(second)?;
                refused.extend(after.into_iter().map(|(at, why)| (at + first.len(), why)));
                if refused.is_empty() { Err(findings) } else { Ok(refused) }
            }
        }
    }
}

/// What is wrong with a change, at the cell that asks for it.
fn of_cell(change: &Change, finding: &Finding) -> Finding {
    let Change { cell, what, .. } = change;
    let doubt = Finding::error(BAD_CELL, format!("{cell}（{what}）：{}", finding.message));
    match &finding.help {
        Some(help) => doubt.help(help.as_str()),
        None => doubt,
    }
}

/// Each place changed once: two cells may say the same of one figure, not two things.
fn agreed<'c>(changes: &'c [Change], doubts: &mut Vec<Finding>) -> Vec<&'c Change> {
    let mut by_path: BTreeMap<Path, &Change> = BTreeMap::new();
    let mut agreed: Vec<&Change> = Vec::new();
    let removed: Vec<&Path> = changes.iter().filter_map(removed).collect();
    for change in changes {
        let (path, inserts) = match &change.edit {
            Edit::Set(path, _) | Edit::Empty(path) | Edit::Remove(path) => (path, false),
            Edit::Insert { into, .. } => (into, true),
            Edit::Comment(..) => {
                agreed.push(change);
                continue;
            }
        };
        // What goes with a row above it is gone; what was changed below it is a contradiction.
        let goes = |above: &&&Path| path.0.starts_with(&above.0) && (inserts || path != **above);
        if removed.iter().any(|above| goes(&above)) {
            if !matches!(change.edit, Edit::Remove(_)) {
                let Change { cell, what, .. } = change;
                let message = format!("{cell}（{what}）改过，但它所属的那一行删掉了");
                doubts.push(Finding::error(UNFIT, message).help("把那一行恢复，或把这一行也删掉"));
            }
            continue;
        }
        if inserts {
            agreed.push(change);
            continue;
        }
        match by_path.get(path) {
            Some(first) if first.after != change.after => doubts.push(
                Finding::error(
                    UNFIT,
                    format!(
                        "{}：{} 说是 {}，{} 说是 {}",
                        change.what,
                        first.cell,
                        shown(first),
                        change.cell,
                        shown(change)
                    ),
                )
                .help("两处改成一样，或只改一处"),
            ),
            Some(_) => {}
            None => {
                by_path.insert(path.clone(), change);
                agreed.push(change);
            }
        }
    }
    agreed
}

fn removed(change: &Change) -> Option<&Path> {
    match &change.edit {
        Edit::Remove(path) => Some(path),
        _ => None,
    }
}

fn shown(change: &Change) -> &str {
    change.after.as_deref().unwrap_or("空白")
}

/// Whether the source says so already.
fn is_there(change: &Change, new: &Node) -> bool {
    match &change.edit {
        Edit::Set(path, text) => path.find(new).and_then(Node::scalar) == Some(text),
        _ => false,
    }
}

/// The source was edited after the export: a change is safe where what it speaks of is as it was.
fn conflict(change: &Change, old: &Node, new: &Node, target: &Arc<File>) -> Option<Finding> {
    let path = match &change.edit {
        Edit::Set(path, _) | Edit::Empty(path) | Edit::Remove(path) => path,
        Edit::Insert { into, .. } => into,
        Edit::Comment(..) => return None,
    };
    let names = |root: &Node| -> Vec<Option<String>> {
        let ends = path.0.iter().enumerate().filter(|(_, step)| matches!(step, Step::Item(_)));
        let items = ends.map(|(at, _)| Path(path.0[..=at].to_vec()));
        items.map(|item| item.find(root).and_then(name_of)).collect()
    };
    let value = |root: &Node| path.find(root).map(Value::of);
    let inserts = matches!(change.edit, Edit::Insert { .. });
    let same_place = names(old) == names(new);
    let same_value = value(old) == value(new) || inserts && path.find(new).is_some();
    if same_place && same_value {
        return None;
    }
    let finding = Finding::error(
        UNFIT,
        format!(
            "{}：数据文件在导出以后改过这里，不知道该用哪个（{} 说是 {}）",
            change.what,
            change.cell,
            shown(change)
        ),
    )
    .help("重新导出一份，把这处改动做在上面");
    Some(match path.find(new) {
        Some(node) => finding.at(target, node.range.clone()),
        None => finding.at(target, 0..0),
    })
}

/// What an item of a list is known by.
fn name_of(node: &Node) -> Option<String> {
    ["编码", "名称", "任务名称"].iter().find_map(|key| Some(node.get(key)?.scalar()?.to_owned()))
}
