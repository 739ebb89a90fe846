//! Words that were taken out of a paragraph across several pieces: the item, entry or text of the
//! source that printed exactly them is taken out, when the user says so.

use std::collections::BTreeSet;
use std::ops::Range;

use super::super::Change;
use super::added::Arrival;
use super::compare::clean;
use super::items::item_of;
use super::resolve::Resolver;
use super::spots::At;
use crate::exchange::facts::units;
use crate::report::{Line, Origin, plain};
use crate::source::edit::{Edit, Path, Step};

impl Resolver<'_> {
    /// Whether the words at `range` of a paragraph, which are gone, are all that something prints.
    pub fn taken_out(&mut self, at: At, line: &Line, range: &Range<usize>, new: &str) -> bool {
        if at.1.is_some() {
            return false;
        }
        let text = plain(line);
        let found =
            shifts(&text, range).into_iter().find_map(|range| self.printed_by(line, &range));
        let only_here = BTreeSet::from([at]);
        let Some(path) = found.filter(|path| self.elsewhere(path, &only_here).is_none()) else {
            return false;
        };
        let called = self.base.called(at);
        self.changes.removals.push(Change {
            what: self.base.name_of(&path),
            edit: Edit::Remove(path.clone()),
            cell: called.clone(),
            before: None,
            after: None,
        });
        let texts = vec![(0, clean(new))];
        self.leaving.push(Arrival { path, site: None, texts, called });
        true
    }

    /// The one thing of the source that prints whole pieces of a line in a range, and no others.
    fn printed_by(&self, line: &Line, range: &Range<usize>) -> Option<Path> {
        let mut end = 0;
        let (mut inside, mut outside) = (Vec::new(), Vec::new());
        for piece in line {
            let start = end;
            end += piece.text.len();
            if piece.origin == Origin::Form {
                continue;
            }
            let path = self.stated_by(&piece.origin);
            match (
                range.start <= start && end <= range.end,
                end <= range.start || range.end <= start,
            ) {
                (true, _) => inside.push(path?),
                (_, true) => outside.extend(path),
                _ => return None,
            }
        }
        let first = inside.first()?.clone();
        let path = match inside.iter().all(|path| *path == first) {
            true => first,
            false => item_of(inside.into_iter())?,
        };
        let is_unit = path.0.len() == 2 && path.0[0] == Step::Key(units().0.to_owned());
        let is_alone = outside.iter().all(|other| !other.0.starts_with(&path.0));
        (is_alone && !is_unit).then_some(path)
    }
}

/// The ranges of a text whose removal leaves the same text.
fn shifts(text: &str, range: &Range<usize>) -> Vec<Range<usize>> {
    let mut all = vec![range.clone()];
    let mut at = range.clone();
    while let (Some(before), Some(last)) =
        (text[..at.start].chars().next_back(), text[at.clone()].chars().next_back())
        && before == last
    {
        at = at.start - before.len_utf8()..at.end - last.len_utf8();
        all.push(at.clone());
    }
    at = range.clone();
    while let (Some(first), Some(after)) =
        (text[at.clone()].chars().next(), text[at.end..].chars().next())
        && first == after
    {
        at = at.start + first.len_utf8()..at.end + after.len_utf8();
        all.push(at.clone());
    }
    all
}
