//! A source that is not finished, read for programs that fill it further.

use super::edit::{self, Edit};
use super::leaves::{LeafAt, leaves};
use super::progress::is_missing;
use super::{Leaf, Source, read, schema, text, tree_of};
use crate::finding::Finding;

/// A text where one is missing; it never leaves this module's callers.
const SOME_TEXT: &str = "（未填）";

/// What a source says so far: where nothing is filled in yet, stand-ins take the place. Whatever
/// else is wrong with it is told.
pub fn draft(name: &str, bytes: &[u8]) -> Result<Source, Vec<Finding>> {
    let found = match read(name, bytes) {
        Ok(source) => return Ok(source.value),
        Err(found) => found,
    };
    if !found.iter().all(is_missing) {
        return Err(found.into_iter().filter(|finding| !is_missing(finding)).collect());
    }
    let file = text::decode(name, bytes)?;
    let Some(tree) = tree_of(&file) else { return Err(found) };
    let open = leaves(&tree, schema()).into_iter().filter(|leaf| !leaf.is_filled());
    let edits: Vec<Edit> = open.map(stand_in).collect();
    let filled = edit::apply(name, bytes, &edits).map_err(|_| found.clone())?;
    read(name, &filled).map(|source| source.value).map_err(|_| found)
}

fn stand_in(leaf: LeafAt<'_>) -> Edit {
    let text = match leaf.leaf {
        Some(Leaf::Text | Leaf::Prose) => SOME_TEXT.to_owned(),
        Some(Leaf::Date) => "2000-01-01".to_owned(),
        Some(_) => "0".to_owned(),
        None => match leaf.choice {
            Some(choice) => choice,
            // An empty list or map.
            None => return Edit::Remove(leaf.path),
        },
    };
    Edit::Set(leaf.path, text)
}
