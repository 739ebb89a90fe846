//! Puts the changes into a source: the one that was exported, or one that was edited since.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{Change, Changes, UNFIT};
use crate::exchange::facts::{Path, Step};
use crate::finding::{File, Finding};
use crate::source::edit::{self, Edit};
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
    let edits: Vec<Edit> = merged.taken.iter().map(|change| change.edit.clone()).collect();
    merged.bytes = edit::apply(name, bytes, &edits)?;
    // What was put in has to be a source still.
    source::read(name, &merged.bytes)?;
    Ok(merged)
}

/// Each place changed once: two cells may say the same of one figure, not two things.
fn agreed<'c>(changes: &'c [Change], doubts: &mut Vec<Finding>) -> Vec<&'c Change> {
    let mut by_path: BTreeMap<Path, &Change> = BTreeMap::new();
    let mut agreed: Vec<&Change> = Vec::new();
    for change in changes {
        let path = match &change.edit {
            Edit::Set(path, _) | Edit::Empty(path) | Edit::Remove(path) => path,
            Edit::Insert { .. } | Edit::Comment(..) => {
                agreed.push(change);
                continue;
            }
        };
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
    let value = |root: &Node| path.find(root).map(|node| node.scalar().map(str::to_owned));
    let inserts = matches!(change.edit, Edit::Insert { .. });
    let same_place = names(old) == names(new);
    let same_value = value(old) == value(new) || inserts && value(new).is_some();
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
