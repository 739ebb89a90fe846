//! The printed lines of a report, and where in the source their words are written.

use std::ops::Range;
use std::sync::Arc;

use crate::exchange::docx::plan::{Body, Item, Site};
use crate::finding::File;
use crate::report::{Line, Origin, Report, plain};
use crate::source::edit::{Path, path_at};
use crate::source::scalar::Place;
use crate::source::tree::Node;
use crate::source::tree_of;

/// Where a line is printed: a paragraph, or a row (heads counted) and its cell.
pub type At = (Site, Option<(usize, usize)>);

/// A report that a draft is compared with.
pub struct Base<'r> {
    pub report: &'r Report,
    pub items: &'r [Item<'r>],
    pub lines: Vec<(At, &'r Line)>,
    tree: Node,
}

impl<'r> Base<'r> {
    pub fn new(report: &'r Report, items: &'r [Item<'r>]) -> Option<Self> {
        let mut lines = Vec::new();
        for item in items {
            match &item.body {
                Body::Line(line) => lines.push(((item.site, None), line)),
                Body::Grid(sheet) => {
                    let rows = sheet.grid.header.iter().chain(&sheet.grid.rows).enumerate();
                    for (row, cells) in rows {
                        for (cell, value) in cells.cells.iter().enumerate() {
                            lines.push(((item.site, Some((row, cell))), &value.text));
                        }
                    }
                }
            }
        }
        let tree = tree_of(&report.file)?;
        Some(Self { report, items, lines, tree })
    }

    pub fn file(&self) -> &Arc<File> {
        &self.report.file
    }

    pub fn tree(&self) -> &Node {
        &self.tree
    }

    pub fn line(&self, at: At) -> Option<&'r Line> {
        self.lines.iter().find(|(here, _)| *here == at).map(|(_, line)| *line)
    }

    /// The path of the value at a place, and its text.
    pub fn scalar(&self, place: &Place) -> Option<(Path, &str)> {
        let path = path_at(&self.tree, place.start);
        let text = path.find(&self.tree)?.scalar()?;
        Some((path, text))
    }

    /// The entry of a map whose key and value a line prints, and nothing else of the source: 词：解释.
    pub fn entry(&self, line: &Line) -> Option<Path> {
        let mut texts = line.iter().filter(|piece| piece.origin != Origin::Form);
        let (Some(key), Some(value), None) = (texts.next(), texts.next(), texts.next()) else {
            return None;
        };
        let (Origin::Text(key), Origin::Text(value)) = (&key.origin, &value.origin) else {
            return None;
        };
        let path = path_at(&self.tree, value.start);
        let node = path.find(&self.tree)?;
        let is_entry = path == path_at(&self.tree, key.start)
            && !node.range.contains(&key.start)
            && node.range.contains(&value.start);
        is_entry.then_some(path)
    }

    /// Where in its scalar's text a piece of a line stands: a text with expressions is printed in
    /// stretches, one of many lines as several paragraphs, perhaps in several places.
    pub fn offset(&self, at: At, piece: usize) -> Option<usize> {
        let own = &self.line(at)?[piece];
        let Origin::Text(place) = &own.origin else { return None };
        let (_, text) = self.scalar(place)?;
        let hidden = expressions(text);
        let from = |start: usize, words: &str| {
            let found = text[start..].match_indices(words).map(|(found, _)| start + found);
            let mut clear = found.filter(|at| {
                !hidden.iter().any(|range| range.start < at + words.len() && *at < range.end)
            });
            clear.next()
        };
        let mut cursor = 0;
        for (here, line) in &self.lines {
            for (nth, other) in line.iter().enumerate() {
                if other.origin != own.origin || other.text.is_empty() {
                    continue;
                }
                let found = from(cursor, &other.text).or_else(|| from(0, &other.text));
                if (*here, nth) == (at, piece) {
                    return found;
                }
                cursor = found.map_or(cursor, |found| found + other.text.len());
            }
        }
        (own.text.is_empty()).then_some(0)
    }

    /// What a place of the source is called: 第 72 行`预算单位[0].收入.事业收入`.
    pub fn name(&self, place: &Place) -> String {
        let (line, _) = self.file().line_column(place.start);
        format!("第 {line} 行“{}”", path_at(&self.tree, place.start))
    }

    /// The same of a path.
    pub fn name_of(&self, path: &Path) -> String {
        let start = path.find(&self.tree).map_or(0, |node| node.range.start);
        let (line, _) = self.file().line_column(start);
        format!("第 {line} 行“{path}”")
    }

    /// What a line is called: 第一部分“……”, 表3 第 4 行“办公费”第 2 栏.
    pub fn called(&self, (site, cell): At) -> String {
        let report = self.report;
        let table = |at: usize| report.tables().nth(at).map_or("", |table| table.number.as_str());
        let part = |at: usize| {
            let title = report.chapters().nth(at).map(|chapter| plain(&chapter.title));
            let title = title.unwrap_or_default();
            title.split_whitespace().next().unwrap_or_default().to_owned()
        };
        let words = |at: At| self.line(at).map(|line| brief(&plain(line))).unwrap_or_default();
        let place = match site {
            Site::Cover(_) => "封面".to_owned(),
            Site::Contents => "目录".to_owned(),
            Site::Group(at) => report.groups.get(at).map(|it| plain(&it.title)).unwrap_or_default(),
            Site::Title(at) | Site::Block(at, _) => part(at),
            Site::Number(at)
            | Site::Subject(at)
            | Site::Subtitle(at)
            | Site::Sides(at)
            | Site::Table(at)
            | Site::Note(at, _) => table(at).to_owned(),
        };
        match cell {
            None => match words((site, None)).as_str() {
                "" => place,
                words => format!("{place}“{words}”"),
            },
            Some((row, cell)) => {
                let name = self.row_name(site, row);
                format!("{place} 第 {} 行“{name}”第 {} 格", row + 1, cell + 1)
            }
        }
    }

    /// What a paragraph or a whole row is called.
    pub fn called_whole(&self, at: At) -> String {
        let called = self.called(at);
        match at.1.and_then(|_| called.rfind('第')) {
            Some(cell) => called[..cell].to_owned(),
            None => called,
        }
    }

    /// The first words of a row.
    pub fn row_name(&self, site: Site, row: usize) -> String {
        let own = self
            .lines
            .iter()
            .filter(|((here, cell), _)| *here == site && cell.is_some_and(|(at, _)| at == row));
        let texts = own
            .map(|(_, line)| plain(line))
            .filter(|text| text.chars().any(|c| !c.is_ascii_digit() && !" ,.-".contains(c)));
        texts.take(1).map(|text| brief(&text)).collect()
    }
}

/// The expressions of a text: what stands between braces.
fn expressions(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(start) = text[at..].find('{').map(|open| at + open) {
        let close = match text[start + 1..].chars().next() {
            Some('{') => "}}",
            Some('%') => "%}",
            Some('#') => "#}",
            _ => {
                at = start + 1;
                continue;
            }
        };
        let end = text[start..].find(close).map_or(text.len(), |end| start + end + close.len());
        found.push(start..end);
        at = end;
    }
    found
}

/// The beginning of a text.
pub fn brief(text: &str) -> String {
    const MOST: usize = 16;
    let text = text.replace(['\n', '\t'], " ");
    let dots = if text.chars().count() > MOST { "…" } else { "" };
    text.chars().take(MOST).collect::<String>() + dots
}
