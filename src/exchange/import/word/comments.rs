//! 批注 of a draft: told with their places, and as comments of the YAML where that is asked for.

use std::sync::Arc;

use super::super::Change;
use super::compare::Differences;
use super::draft::{Comment, Draft};
use super::spots::{At, Base, brief};
use crate::exchange::docx::plan::{Body, Slot, slots};
use crate::finding::File;
use crate::report::Origin;
use crate::source::edit::{Edit, Path, Step};
use crate::source::tree::{Kind, Node};
use crate::source::tree_of;

/// A comment, and the value of the source that it is about.
#[derive(Debug, Clone, PartialEq)]
pub struct Said {
    pub place: String,
    pub words: String,
    pub path: Option<Path>,
}

pub fn said(base: &Base<'_>, draft: &Draft, found: &Differences) -> Vec<Said> {
    let comments = draft.comments.iter().map(|comment| {
        let at = place(base, found, comment);
        let who = signed(&comment.author, &comment.date);
        let called = at.map(|at| base.called(at)).unwrap_or_default();
        let words = if comment.at.is_empty() {
            String::new()
        } else {
            format!("“{}”处", brief(&comment.at))
        };
        Said {
            place: format!("{called}{words}"),
            words: format!("{who}：{}", comment.text.replace(['\n', '\r'], " ")),
            path: at.and_then(|at| path(base, at, comment.start)),
        }
    });
    comments.collect()
}

/// 张三 2023-02-01
pub fn signed(author: &str, date: &str) -> String {
    let day = date.split('T').next().unwrap_or_default();
    format!("{author} {day}").trim().to_owned()
}

/// The line of the report that a comment stands at.
fn place(base: &Base<'_>, found: &Differences, comment: &Comment) -> Option<At> {
    let site = (*found.places.get(comment.block)?)?;
    let Some((row, place)) = comment.cell else { return Some((site, None)) };
    let item = base.items.iter().find(|item| item.site == site)?;
    let Body::Grid(sheet) = &item.body else { return None };
    let row = *found.rows.get(&(site, row))?;
    let rows = slots(sheet.grid);
    match rows.get(row)?.get(place) {
        Some(Slot::Cell(number, _)) => Some((site, Some((row, *number)))),
        _ => Some((site, Some((row, 0)))),
    }
}

/// What of the source is printed at a byte of a line, or nearest to it.
fn path(base: &Base<'_>, at: At, start: usize) -> Option<Path> {
    let mut end = 0;
    let pieces = base.line(at)?.iter().filter_map(|piece| {
        end += piece.text.len();
        let place = match &piece.origin {
            Origin::Form => return None,
            Origin::Text(place) => place.clone(),
            Origin::Figure(figure, _) => figure.places().first()?.clone(),
        };
        let distance = if end > start {
            (end - start).saturating_sub(piece.text.len())
        } else {
            start - end + 1
        };
        Some((distance, place))
    });
    let (_, place) = pieces.min_by_key(|(distance, _)| *distance)?;
    Some(base.scalar(&place)?.0)
}

/// The comments as lines of the YAML, each above the line of what it is about; and the places of
/// those that there is no line for.
pub fn written(all: &[Said], target: &Arc<File>) -> (Vec<Change>, Vec<String>) {
    let tree = tree_of(target);
    let mut left = Vec::new();
    let changes = all.iter().filter_map(|said| {
        let start =
            tree.as_ref().zip(said.path.as_ref()).and_then(|(tree, path)| line_of(tree, path));
        let Some(start) = start else {
            left.push(said.place.clone());
            return None;
        };
        let text = &target.text;
        let line = text[..start].rfind('\n').map_or(0, |at| at + 1);
        let indent: String = text[line..].chars().take_while(|c| *c == ' ').collect();
        let eol = if text.contains("\r\n") { "\r\n" } else { "\n" };
        let comment = format!("{indent}# 批注 {}{eol}", said.words);
        Some(Change {
            edit: Edit::Comment(line..line, comment.clone()),
            cell: said.place.clone(),
            what: "批注写成注释".to_owned(),
            before: None,
            after: Some(comment.trim().to_owned()),
        })
    });
    let changes: Vec<Change> = changes.collect();
    // What is already there stays as it is.
    let is_new = |change: &Change| {
        change.after.as_ref().is_none_or(|comment| !target.text.contains(comment.as_str()))
    };
    (changes.into_iter().filter(is_new).collect(), left)
}

/// Where the key or the dash of a value stands.
fn line_of(tree: &Node, path: &Path) -> Option<usize> {
    let (last, above) = path.0.split_last()?;
    let parent = Path(above.to_vec());
    let parent = parent.find(tree)?;
    match (&parent.kind, last) {
        (Kind::Map(entries), Step::Key(key)) => {
            let entry = entries.iter().find(|(have, _)| have.text == *key)?;
            Some(entry.0.range.start)
        }
        (Kind::List(items), Step::Item(at)) => Some(items.get(*at)?.range.start),
        _ => None,
    }
}
