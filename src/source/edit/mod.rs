//! Edits of a YAML text by path. What is not edited stays byte for byte: comments, order, quotes,
//! alignment, line ends, the BOM.
//!
//! ```text
//! text ─tree─▶ sites ─splices─▶ new text ─tree─▶ what the edits should have made of it?
//! ```
//!
//! The paths of all edits of one call speak of the text as it was before the first.

mod entries;
mod path;
mod site;
mod splice;
mod value;
mod write;

use std::ops::Range;
use std::sync::Arc;

use super::slips::Slips;
use super::tree::{self, Kind, Node};
use super::{schema, text};
use crate::finding::{File, Finding};
pub use path::{Path, Step, path_at};
use site::Site;
use splice::Splices;
pub use value::Value;

/// One change of a text.
#[derive(Debug, Clone, PartialEq)]
pub enum Edit {
    /// Another text for a scalar, or for a key that has no value.
    Set(Path, String),
    /// A key or item loses its value and stays.
    Empty(Path),
    /// A key or item goes, with the lines it stands on.
    Remove(Path),
    /// A new entry of the map or list at `into`, before its entry number `before`; at the end where
    /// there are fewer. A map's entry has a key.
    Insert { into: Path, before: usize, key: Option<String>, value: Value },
    /// Another text for a stretch of comment (注释), in bytes of the decoded text.
    Comment(Range<usize>, String),
}

const BOM: &[u8] = b"\xEF\xBB\xBF";

/// Makes all edits, or says why they cannot be made. `name` is what findings call the file.
pub fn apply(name: &str, bytes: &[u8], edits: &[Edit]) -> Result<Vec<u8>, Vec<Finding>> {
    let file = text::decode(name, bytes)?;
    let node = parsed(&file)?;
    let bare = bytes.strip_prefix(BOM).unwrap_or(bytes);
    // Places of the decoded text are places of the raw one: only lone carriage returns differ.
    let raw = std::str::from_utf8(bare).unwrap_or(&file.text);
    let site = Site::new(&file.text, &node);
    let mut splices = Splices::new(&file, &node, &site);
    for edit in edits {
        splices.make(edit).map_err(|finding| vec![finding])?;
    }
    let edited = splices.apply(raw).map_err(|finding| vec![finding])?;
    let wanted = value::expected(&node, edits);
    let again = File::new(name, edited.as_str());
    match parsed(&text::decode(name, again.text.as_bytes())?) {
        Ok(node) if Value::of(&node) == wanted => {}
        _ => return Err(vec![cannot(&file, 0..0, "改完再读，与要改成的不一样")]),
    }
    let mut out = if bare.len() < bytes.len() { BOM.to_vec() } else { Vec::new() };
    out.extend_from_slice(edited.as_bytes());
    Ok(out)
}

/// The tree of a text that is YAML and nothing that a source has no use for.
fn parsed(file: &Arc<File>) -> Result<Node, Vec<Finding>> {
    let parsed = tree::parse(file, &Slips::new(file, schema()));
    match parsed.tree {
        Some(node) if parsed.findings.is_empty() => Ok(node),
        _ => Err(parsed.findings),
    }
}

/// An edit that cannot be made here.
fn cannot(file: &Arc<File>, place: Range<usize>, why: &str) -> Finding {
    Finding::error("S16", format!("改不了这份文件：{why}")).at(file, place).help("请手工改这一处")
}

/// Whether nothing was written for a value: `key:`, `key: ~`.
pub fn is_missing(node: &Node) -> bool {
    let Kind::Scalar { text, plain: true, .. } = &node.kind else { return false };
    text.is_empty() || matches!(text.as_str(), "~" | "null" | "Null" | "NULL")
}
