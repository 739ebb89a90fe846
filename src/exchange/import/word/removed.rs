//! Paragraphs and rows that are gone from a draft: the one item, text or line of the source that
//! printed them and nothing else is taken out, when the user says so.

use std::collections::BTreeSet;

use super::super::{Change, UNFIT};
use super::compare::Differences;
use super::items::item_of;
use super::resolve::Resolver;
use super::spots::At;
use crate::exchange::facts::units;
use crate::report::{Line, Origin, plain};
use crate::source::edit::{Edit, Path, Step};
use crate::source::scalar::Place;

impl Resolver<'_> {
    pub fn gone(&mut self, found: &Differences) {
        let paragraphs = found.gone.iter().map(|site| vec![(*site, None)]);
        let rows = found.rows_gone.iter().map(|(site, row)| {
            let lines = self.base.lines.iter().map(|(at, _)| *at);
            lines.filter(|at| at.0 == *site && at.1.is_some_and(|it| it.0 == *row)).collect()
        });
        let all: Vec<Vec<At>> = paragraphs.chain(rows).filter(|it| !it.is_empty()).collect();
        let everywhere: BTreeSet<At> = all.iter().flatten().copied().collect();
        for lines in all {
            self.one_gone(&lines, &everywhere);
        }
    }

    fn one_gone(&mut self, lines: &[At], everywhere: &BTreeSet<At>) {
        let called = self.base.called_whole(lines[0]);
        let what = format!("{called} 删掉了");
        let own: Vec<&Line> = lines.iter().filter_map(|at| self.base.line(*at)).collect();
        if own.iter().all(|line| plain(line).trim().is_empty()) {
            return;
        }
        let edit = match self.line_of_text(lines).or_else(|| self.whole_text(&own)) {
            Some(edit) => edit,
            None => match self.entry(&own).or_else(|| self.item(&own)) {
                None => {
                    return self.changes.doubt(
                        UNFIT,
                        format!("{what}，但它不是数据文件里的一段或一项写出来的"),
                        "恢复它；不要它的，看数据文件里哪些内容写出了它",
                    );
                }
                Some(path) => match self.elsewhere(&path, everywhere) {
                    Some(other) => {
                        return self.changes.doubt(
                            UNFIT,
                            format!("{what}，但写出它的 {path} 还印在{other}"),
                            "都删掉再导入；或在数据文件里删这一项",
                        );
                    }
                    None => Edit::Remove(path),
                },
            },
        };
        let what = match &edit {
            Edit::Remove(path) | Edit::Set(path, _) => self.base.name_of(path),
            _ => String::new(),
        };
        let known = self.changes.removals.iter().any(|change| change.edit == edit);
        if !known {
            self.changes.removals.push(Change {
                edit,
                cell: called.clone(),
                what,
                before: None,
                after: None,
            });
        }
    }

    /// The paragraph is a line of a text of several.
    fn line_of_text(&self, lines: &[At]) -> Option<Edit> {
        let [at] = lines else { return None };
        let line = self.base.line(*at)?;
        let place = only_text(line)?;
        let (path, text) = self.base.scalar(place)?;
        let start = text[..self.base.offset(*at, 0)?].rfind('\n').map_or(0, |at| at + 1);
        let end = text[start..].find('\n').map_or(text.len(), |end| start + end + 1);
        if start == 0 && end == text.len() {
            return None;
        }
        let rest = format!("{}{}", &text[..start], &text[end..]);
        Some(Edit::Set(path, rest.trim_end_matches('\n').to_owned()))
    }

    /// The paragraph is a text that is no item of a list.
    fn whole_text(&self, lines: &[&Line]) -> Option<Edit> {
        let [line] = lines else { return None };
        let (path, _) = self.base.scalar(only_text(line)?)?;
        Some(Edit::Remove(path))
    }

    /// The paragraph is an entry of a map.
    fn entry(&self, lines: &[&Line]) -> Option<Path> {
        let [line] = lines else { return None };
        self.base.entry(line)
    }

    /// The deepest item of a list that everything printed in some lines is of.
    fn item(&self, lines: &[&Line]) -> Option<Path> {
        let pieces = lines.iter().flat_map(|line| line.iter());
        let places = pieces.flat_map(|piece| match &piece.origin {
            Origin::Form => Vec::new(),
            Origin::Text(place) => vec![place.clone()],
            Origin::Figure(figure, _) => figure.places(),
        });
        let paths = places.filter_map(|place| Some(self.base.scalar(&place)?.0));
        let item = item_of(paths)?;
        // Whole units are not taken out by taking out a paragraph.
        let is_unit = item.0.len() == 2 && item.0[0] == Step::Key(units().0.to_owned());
        (!is_unit).then_some(item)
    }

    /// Where else a text of an item is printed.
    pub(super) fn elsewhere(&self, item: &Path, gone: &BTreeSet<At>) -> Option<String> {
        let of_item = |place: &Place| {
            self.base.scalar(place).is_some_and(|(path, _)| path.0.starts_with(&item.0))
        };
        let mut lines = self.base.lines.iter().filter(|(at, _)| !gone.contains(at));
        let found = lines.find(|(_, line)| {
            line.iter().any(|piece| matches!(&piece.origin, Origin::Text(place) if of_item(place)))
        });
        found.map(|(at, _)| self.base.called(*at))
    }
}

/// The one text of the source that a whole line is printed from, figures in it included.
pub fn only_text(line: &Line) -> Option<&Place> {
    let ends = [line.first()?, line.last()?].map(|piece| match &piece.origin {
        Origin::Text(place) => Some(place),
        _ => None,
    });
    let [Some(first), Some(last)] = ends else { return None };
    let of_form = line.iter().any(|piece| piece.origin == Origin::Form);
    (first == last && !of_form).then_some(first)
}
