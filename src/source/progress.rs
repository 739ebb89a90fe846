//! 进度: how much of a source is filled, and what is missing, section by section.

use std::sync::Arc;

use super::leaves::leaves;
use super::tree::{Kind, Node};
use super::{read, schema, text, tree_of};
use crate::finding::{File, Finding};

/// The codes of what is missing: keys without a value, and texts marked 待填.
const MISSING: [&str; 2] = ["S07", "S15"];

/// A top-level key, and what is under it.
#[derive(Debug, Clone)]
pub struct Section {
    pub name: String,
    pub filled: usize,
    pub missing: Vec<Finding>,
}

/// How far a source is.
#[derive(Debug, Clone)]
pub struct Progress {
    pub file: Arc<File>,
    pub sections: Vec<Section>,
    /// What is wrong with what is filled.
    pub faults: Vec<Finding>,
}

impl Progress {
    pub fn filled(&self) -> usize {
        self.sections.iter().map(|section| section.filled).sum()
    }

    pub fn missing(&self) -> usize {
        self.sections.iter().map(|section| section.missing.len()).sum()
    }

    /// Whole percents, rounded down: 100 only when nothing is missing.
    pub fn percent(&self) -> usize {
        self.filled() * 100 / (self.filled() + self.missing()).max(1)
    }
}

/// How far a source is, unless it cannot be read at all.
pub fn progress(name: &str, bytes: &[u8]) -> Result<Progress, Vec<Finding>> {
    let file = text::decode(name, bytes)?;
    let found = read(name, bytes).err().unwrap_or_default();
    let Some(tree) = tree_of(&file) else { return Err(found) };
    let (missing, faults) = found.into_iter().partition(is_missing);
    let mut sections = sections(&tree);
    for leaf in leaves(&tree, schema()).iter().filter(|leaf| leaf.is_filled()) {
        let top = leaf.address.split(['.', '[']).next().unwrap_or_default();
        if let Some(section) = sections.iter_mut().find(|section| section.name == top) {
            section.filled += 1;
        }
    }
    place(&tree, &mut sections, missing);
    Ok(Progress { file, sections, faults })
}

/// Whether a finding says that something is not there yet.
pub fn is_missing(finding: &Finding) -> bool {
    MISSING.contains(&finding.code.as_str())
}

fn sections(tree: &Node) -> Vec<Section> {
    let Kind::Map(entries) = &tree.kind else { return Vec::new() };
    let names = entries.iter().map(|(key, _)| key.text.clone());
    names.map(|name| Section { name, filled: 0, missing: Vec::new() }).collect()
}

/// Each missing thing to its section; what the whole lacks comes last.
fn place(tree: &Node, sections: &mut Vec<Section>, missing: Vec<Finding>) {
    let Kind::Map(entries) = &tree.kind else { return };
    let mut whole = Vec::new();
    for finding in missing {
        let at = finding.spot.as_ref().map_or(0, |spot| spot.range.start);
        let lacks_key = finding.message.starts_with("这里缺少") && at == tree.range.start;
        match entries.iter().rposition(|(key, _)| key.range.start <= at) {
            Some(section) if !lacks_key => sections[section].missing.push(finding),
            _ => whole.push(finding),
        }
    }
    if !whole.is_empty() {
        sections.push(Section { name: "整个文件".to_owned(), filled: 0, missing: whole });
    }
}
