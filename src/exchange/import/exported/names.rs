//! Where else a source says a name that a workbook changed: those places keep the old one.

use std::sync::Arc;

use super::super::{Changes, LEFT};
use crate::exchange::facts::Path;
use crate::finding::File;
use crate::source::tree::Node;
use crate::source::tree_of;

/// A source, to look names up in.
pub struct Names {
    file: Arc<File>,
    tree: Option<Node>,
}

impl Names {
    pub fn of(file: &Arc<File>) -> Self {
        Self { file: file.clone(), tree: tree_of(file) }
    }

    pub fn tree(&self) -> Option<&Node> {
        self.tree.as_ref()
    }

    /// Says so where a text that was changed stands in other lines, too.
    pub fn note(&self, cell: &str, was: &str, path: &Path, changes: &mut Changes) {
        let node = self.tree.as_ref().and_then(|tree| path.find(tree));
        let own = node.map(|node| self.file.line_column(node.range.start).0);
        let lines = (1..).zip(self.file.text.lines());
        let others = lines.filter(|(at, line)| Some(*at) != own && line.contains(was));
        let others: Vec<String> = others.map(|(at, _)| at.to_string()).collect();
        if !was.is_empty() && !others.is_empty() {
            let message = format!(
                "{cell} 改了名；原名“{was}”在数据文件第 {} 行也有，没有改，要改的请改数据文件",
                others.join("、")
            );
            changes.remark(LEFT, message);
        }
    }
}
