//! Edits as changes of stretches of the text, and those made, with comments kept in their column.

use std::ops::Range;
use std::sync::Arc;

use super::entries::Insert;
use super::site::{Site, Style};
use super::write::{self, Setting};
use super::{Edit, Path, Step, cannot};
use crate::finding::{File, Finding};
use crate::source::tree::{Kind, Node};

/// The changes of one text, as they are collected.
pub struct Splices<'a> {
    pub(super) file: &'a Arc<File>,
    node: &'a Node,
    site: &'a Site,
    pub(super) eol: &'static str,
    /// What goes and what comes is spliced last: a new entry may take the place of an old one.
    pub(super) removed: Vec<&'a Path>,
    pub(super) inserted: Vec<Insert<'a>>,
    pub(super) made: Vec<(Range<usize>, String)>,
}

/// A value among its neighbours.
pub(super) struct Found<'a> {
    pub node: &'a Node,
    pub site: &'a Site,
    /// The collection that it is an entry of, and its number there.
    pub within: Option<(&'a Site, usize)>,
}

impl<'a> Splices<'a> {
    pub fn new(file: &'a Arc<File>, node: &'a Node, site: &'a Site) -> Self {
        let eol = if file.text.contains("\r\n") { "\r\n" } else { "\n" };
        let (removed, inserted) = (Vec::new(), Vec::new());
        Self { file, node, site, eol, removed, inserted, made: Vec::new() }
    }

    pub fn make(&mut self, edit: &'a Edit) -> Result<(), Finding> {
        match edit {
            Edit::Set(path, text) => self.set(path, text),
            Edit::Empty(path) => self.replace(path, ""),
            Edit::Remove(path) => {
                self.found(path)?;
                self.removed.push(path);
                Ok(())
            }
            Edit::Insert { into, before, key, value } => {
                let (before, key) = (*before, key.as_deref());
                self.inserted.push(Insert { into, before, key, value });
                Ok(())
            }
            Edit::Comment(place, text) => {
                self.made.push((place.clone(), text.clone()));
                Ok(())
            }
        }
    }

    /// The raw text with all changes made.
    pub fn apply(mut self, raw: &str) -> Result<String, Finding> {
        self.entries()?;
        self.made.sort_by_key(|(range, _)| (range.start, range.end));
        self.align_comments();
        self.made.sort_by_key(|(range, _)| (range.start, range.end));
        let mut out = String::with_capacity(raw.len());
        let mut at = 0;
        for (range, text) in &self.made {
            if range.start < at {
                return Err(cannot(self.file, range.clone(), "同一处改了两次"));
            }
            out.push_str(&raw[at..range.start]);
            out.push_str(text);
            at = range.end;
        }
        out.push_str(&raw[at..]);
        Ok(out)
    }

    pub(super) fn found(&self, path: &Path) -> Result<Found<'a>, Finding> {
        let mut found = Found { node: self.node, site: self.site, within: None };
        for step in &path.0 {
            let (number, node) = match (&found.node.kind, step) {
                (Kind::Map(entries), Step::Key(key)) => entries
                    .iter()
                    .position(|(have, _)| have.text == *key)
                    .map(|at| (at, &entries[at].1)),
                (Kind::List(items), Step::Item(at)) => items.get(*at).map(|node| (*at, node)),
                _ => None,
            }
            .ok_or_else(|| cannot(self.file, 0..0, &format!("没有“{path}”这一处")))?;
            let site = &found.site.entries[number].site;
            found = Found { node, site, within: Some((found.site, number)) };
        }
        Ok(found)
    }

    fn set(&mut self, path: &Path, text: &str) -> Result<(), Finding> {
        let found = self.found(path)?;
        let flow = found.within.is_some_and(|(parent, _)| parent.is_flow());
        let raw = &self.file.text[found.site.range.clone()];
        let indent = match (found.site.style, found.within) {
            (Style::Lines, _) => self.indent_at(found.node.range.start),
            (_, Some((parent, at))) => self.indent_at(parent.entries[at].start) + "  ",
            _ => String::new(),
        };
        let at = Setting { flow, indent: &indent, eol: self.eol };
        let old = found.node.scalar().map(|old| (raw, old, found.site.style));
        let written = write::scalar(text, old, at)
            .ok_or_else(|| cannot(self.file, found.site.range.clone(), "这段文字写不进 YAML"))?;
        self.replace(path, &written)
    }

    /// Another writing of a value; none takes it away.
    pub(super) fn replace(&mut self, path: &Path, written: &str) -> Result<(), Finding> {
        let found = self.found(path)?;
        let Some((parent, number)) = found.within else {
            return Err(cannot(self.file, 0..0, "不能改整个文件"));
        };
        let opened = parent.entries[number].opened;
        let text = &self.file.text;
        let range = found.site.range.clone();
        let in_place =
            found.site.style != Style::Missing && !text[opened..range.start].contains('\n');
        if in_place && (parent.is_flow() || !written.is_empty()) {
            let (range, written) = self.with_comment(range, written);
            self.made.push((range, written));
        } else if in_place && found.site.style != Style::Missing {
            // The space behind the colon goes with the value.
            self.made.push((opened..range.end, String::new()));
        } else {
            let space =
                if parent.is_flow() && opened == parent.entries[number].start { "" } else { " " };
            let written =
                if written.is_empty() { String::new() } else { format!("{space}{written}") };
            let spaces = if parent.is_flow() { self.spaces_at(opened) } else { 0 };
            self.made.push((opened..opened + spaces, written));
            if found.site.style != Style::Missing {
                let start = self.line_end(opened);
                self.made.push((start..self.line_end(range.end), String::new()));
            }
        }
        Ok(())
    }

    /// A comment behind a value that becomes lines goes behind their header.
    fn with_comment(&self, range: Range<usize>, written: &str) -> (Range<usize>, String) {
        let end = self.line_end(range.end);
        match written.split_once(self.eol) {
            Some((head, lines)) if !self.file.text[range.clone()].contains('\n') => {
                let comment = &self.file.text[range.end..end];
                (range.start..end, format!("{head}{comment}{}{lines}", self.eol))
            }
            _ => (range, written.to_owned()),
        }
    }

    /// Where comments stand in a column behind changed values, they stay in it.
    fn align_comments(&mut self) {
        let mut spaces: Vec<(Range<usize>, String)> = Vec::new();
        let text = &self.file.text;
        let one_line = |range: &Range<usize>, new: &str| {
            !text[range.clone()].contains('\n') && !new.contains('\n')
        };
        let mut lines: Vec<(usize, isize)> = Vec::new();
        for (range, new) in self.made.iter().filter(|(range, new)| one_line(range, new)) {
            let grown = width(new) as isize - width(&text[range.clone()]) as isize;
            let end = self.line_end(range.end);
            match lines.last_mut() {
                Some((line, sum)) if *line == end => *sum += grown,
                _ => lines.push((end, grown)),
            }
        }
        for (end, grown) in lines {
            let Some(gap) = self.gap_before_comment(end) else { continue };
            let touched =
                self.made.iter().any(|(range, _)| range.end > gap.start && range.start < end);
            if gap.len() < 2 || grown == 0 || touched {
                continue;
            }
            let wide = (gap.len() as isize - grown).max(1) as usize;
            spaces.push((gap, " ".repeat(wide)));
        }
        self.made.extend(spaces);
    }

    /// The spaces between what a line states and its comment.
    fn gap_before_comment(&self, line_end: usize) -> Option<Range<usize>> {
        let start = self.line_start(line_end);
        let stated = last_end(self.site, line_end).filter(|end| *end > start)?;
        let after = &self.file.text[stated..line_end];
        let spaces = after.len() - after.trim_start_matches(' ').len();
        after[spaces..].starts_with('#').then_some(stated..stated + spaces)
    }

    pub(super) fn line_start(&self, at: usize) -> usize {
        self.file.text[..at].rfind('\n').map_or(0, |newline| newline + 1)
    }

    /// Where the line of `at` ends, before its line end.
    pub(super) fn line_end(&self, at: usize) -> usize {
        let rest = &self.file.text[at..];
        let line = rest.split('\n').next().unwrap_or_default();
        at + line.strip_suffix('\r').unwrap_or(line).len()
    }

    /// Where the line after that of `at` starts.
    pub(super) fn next_line(&self, at: usize) -> usize {
        let rest = &self.file.text[at..];
        at + rest.find('\n').map_or(rest.len(), |newline| newline + 1)
    }

    pub(super) fn starts_line(&self, at: usize) -> bool {
        self.file.text[self.line_start(at)..at].trim().is_empty()
    }

    /// How far into its line `at` stands; a column is a character here.
    pub(super) fn column(&self, at: usize) -> usize {
        self.file.text[self.line_start(at)..at].chars().count()
    }

    /// How many spaces stand at `at`.
    pub(super) fn spaces_at(&self, at: usize) -> usize {
        let rest = &self.file.text[at..];
        rest.len() - rest.trim_start_matches(' ').len()
    }

    pub(super) fn indent_at(&self, at: usize) -> String {
        " ".repeat(self.column(at))
    }
}

/// The end of the last value that ends at or before `limit`, on whatever line.
fn last_end(site: &Site, limit: usize) -> Option<usize> {
    let inner = site.entries.iter().rev().find_map(|entry| {
        let own = (entry.opened <= limit).then_some(entry.opened);
        last_end(&entry.site, limit).max(own)
    });
    let own = (site.range.end <= limit).then_some(site.range.end);
    inner.max(own)
}

/// Columns on a screen: Han characters fill two.
fn width(text: &str) -> usize {
    text.chars().map(|c| if c >= '\u{1100}' { 2 } else { 1 }).sum()
}
