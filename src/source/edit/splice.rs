//! Edits as changes of stretches of the text, and those made, with comments kept in their column.

use std::ops::Range;
use std::sync::Arc;

use super::site::{Entry, Site, Style};
use super::write::{self, Setting};
use super::{Edit, Path, Step, Value, cannot};
use crate::finding::{File, Finding};
use crate::source::tree::{Kind, Node};

/// The changes of one text, as they are collected.
pub struct Splices<'a> {
    file: &'a Arc<File>,
    node: &'a Node,
    site: &'a Site,
    eol: &'static str,
    removed: Vec<Path>,
    made: Vec<(Range<usize>, String)>,
}

/// A value among its neighbours.
struct Found<'a> {
    node: &'a Node,
    site: &'a Site,
    /// The collection that it is an entry of, and its number there.
    within: Option<(&'a Site, usize)>,
}

impl<'a> Splices<'a> {
    pub fn new(file: &'a Arc<File>, node: &'a Node, site: &'a Site) -> Self {
        let eol = if file.text.contains("\r\n") { "\r\n" } else { "\n" };
        Self { file, node, site, eol, removed: Vec::new(), made: Vec::new() }
    }

    pub fn make(&mut self, edit: &Edit) -> Result<(), Finding> {
        match edit {
            Edit::Set(path, text) => self.set(path, text),
            Edit::Empty(path) => self.replace(path, ""),
            Edit::Remove(path) => {
                self.found(path)?;
                self.removed.push(path.clone());
                Ok(())
            }
            Edit::Insert { into, before, key, value } => {
                self.insert(into, *before, key.as_deref(), value)
            }
            Edit::Comment(place, text) => {
                self.made.push((place.clone(), text.clone()));
                Ok(())
            }
        }
    }

    /// The raw text with all changes made.
    pub fn apply(mut self, raw: &str) -> Result<String, Finding> {
        self.remove()?;
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

    fn found(&self, path: &Path) -> Result<Found<'a>, Finding> {
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
    fn replace(&mut self, path: &Path, written: &str) -> Result<(), Finding> {
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

    fn insert(
        &mut self,
        into: &Path,
        before: usize,
        key: Option<&str>,
        value: &Value,
    ) -> Result<(), Finding> {
        let found = self.found(into)?;
        let site = found.site;
        let refuse = |why: &str| cannot(self.file, site.range.clone(), why);
        let unwritten = || refuse("这一项写不进 YAML");
        let fits = match (&found.node.kind, key) {
            (Kind::Map(entries), Some(key)) => {
                let goes = self.removed.contains(&into.key(key));
                goes || !entries.iter().any(|(have, _)| have.text == key)
            }
            (Kind::List(_), None) => true,
            _ => site.style == Style::Missing,
        };
        if !fits {
            return Err(refuse("这里不能再加一项"));
        }
        let before = before.min(site.entries.len());
        let splice = match site.style {
            Style::Flow => self.in_brackets(site, before, key, value).ok_or_else(unwritten)?,
            Style::Block => self.in_lines(site, before, key, value).ok_or_else(unwritten)?,
            Style::Missing => self.in_nothing(&found, key, value).ok_or_else(unwritten)?,
            _ => return Err(refuse("这里不是清单，也不是几行键")),
        };
        self.made.push(splice);
        Ok(())
    }

    fn in_brackets(
        &self,
        site: &Site,
        before: usize,
        key: Option<&str>,
        value: &Value,
    ) -> Option<(Range<usize>, String)> {
        let value = write::flow(value)?;
        let entry = match key {
            Some(key) => format!("{}: {value}", write::key(key)),
            None => value,
        };
        Some(match before.checked_sub(1).map(|last| &site.entries[last]) {
            Some(last) => (last.end()..last.end(), format!(", {entry}")),
            None => {
                let at = site.range.start + 1;
                let comma = if site.entries.is_empty() { "" } else { ", " };
                (at..at, format!("{entry}{comma}"))
            }
        })
    }

    fn in_lines(
        &self,
        site: &Site,
        before: usize,
        key: Option<&str>,
        value: &Value,
    ) -> Option<(Range<usize>, String)> {
        let first = &site.entries[0];
        let indent = " ".repeat(self.column(first.start));
        let at = Setting { flow: false, indent: &indent, eol: self.eol };
        let beside = &site.entries[before.saturating_sub(1)];
        let entry = write::entry(key, value, beside.site.is_flow(), at)?;
        if before == 0 {
            return Some((first.start..first.start, format!("{entry}{}{indent}", self.eol)));
        }
        let end = self.line_end(beside.end());
        let spaced = site.entries.windows(2).any(|pair| self.has_blank_line(&pair[0], &pair[1]));
        let apart = spaced && (key.is_none() || indent.is_empty());
        let blank = if apart { self.eol } else { "" };
        Some((end..end, format!("{blank}{}{indent}{entry}", self.eol)))
    }

    /// The first entry of a key that has no value yet.
    fn in_nothing(
        &self,
        found: &Found<'_>,
        key: Option<&str>,
        value: &Value,
    ) -> Option<(Range<usize>, String)> {
        let (parent, number) = found.within?;
        let owner = &parent.entries[number];
        let entries = match key {
            Some(key) => Value::Map(vec![(key.to_owned(), value.clone())]),
            None => Value::List(vec![value.clone()]),
        };
        if parent.is_flow() {
            let spaces = self.spaces_at(owner.opened);
            let written = format!(" {}", write::flow(&entries)?);
            return Some((owner.opened..owner.opened + spaces, written));
        }
        let indent = " ".repeat(self.column(owner.start) + 2);
        let at = Setting { flow: false, indent: &indent, eol: self.eol };
        let entry = write::entry(key, value, false, at)?;
        // A second one for the same key follows the first.
        let end = self.line_end(owner.opened);
        Some((end..end, format!("{}{indent}{entry}", self.eol)))
    }

    /// Takes out what is to be removed, collection by collection.
    fn remove(&mut self) -> Result<(), Finding> {
        let removed = std::mem::take(&mut self.removed);
        let mut parents: Vec<Path> = removed
            .iter()
            .map(|path| Path(path.0[..path.0.len().saturating_sub(1)].to_vec()))
            .collect();
        parents.sort();
        parents.dedup();
        for parent in parents {
            let found = self.found(&parent)?;
            let mut gone = vec![false; found.site.entries.len()];
            for path in removed
                .iter()
                .filter(|path| path.0.len() == parent.0.len() + 1 && path.0.starts_with(&parent.0))
            {
                let number = self.found(path)?.within.map(|(_, number)| number);
                gone[number.unwrap_or_default()] = true;
            }
            if gone.iter().all(|gone| *gone) {
                let empty = if matches!(found.node.kind, Kind::List(_)) { "[]" } else { "{}" };
                self.replace(&parent, empty)?;
            } else {
                self.remove_entries(found.site, &gone);
            }
        }
        Ok(())
    }

    /// Removes some of the entries of a collection, not all.
    fn remove_entries(&mut self, site: &Site, gone: &[bool]) {
        let kept = gone.iter().position(|gone| !gone).unwrap_or_default();
        for (at, entry) in site.entries.iter().enumerate().filter(|(at, _)| gone[*at]) {
            let range = if site.is_flow() {
                match at.checked_sub(1) {
                    Some(before) if at > kept => site.entries[before].end()..entry.end(),
                    _ => entry.start..site.entries[at + 1].start,
                }
            } else if at < kept && !self.starts_line(site.entries[0].start) {
                // Behind a dash: the next entry takes its place.
                entry.start..site.entries[at + 1].start
            } else {
                self.whole_lines(entry)
            };
            self.made.push((range, String::new()));
        }
    }

    /// The lines of an entry, and one of two blank lines that would meet.
    fn whole_lines(&self, entry: &Entry) -> Range<usize> {
        let start = self.line_start(entry.start);
        let end = self.next_line(entry.end());
        let after = self.next_line(end);
        let is_blank = |line: Range<usize>| self.file.text[line].trim().is_empty();
        let meets = start > 0
            && end < after
            && is_blank(end..after)
            && is_blank(self.line_start(start - 1)..start);
        start..if meets { after } else { end }
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

    fn line_start(&self, at: usize) -> usize {
        self.file.text[..at].rfind('\n').map_or(0, |newline| newline + 1)
    }

    /// Where the line of `at` ends, before its line end.
    fn line_end(&self, at: usize) -> usize {
        let rest = &self.file.text[at..];
        let line = rest.split('\n').next().unwrap_or_default();
        at + line.strip_suffix('\r').unwrap_or(line).len()
    }

    /// Where the line after that of `at` starts.
    fn next_line(&self, at: usize) -> usize {
        let rest = &self.file.text[at..];
        at + rest.find('\n').map_or(rest.len(), |newline| newline + 1)
    }

    fn starts_line(&self, at: usize) -> bool {
        self.file.text[self.line_start(at)..at].trim().is_empty()
    }

    /// How far into its line `at` stands; a column is a character here.
    fn column(&self, at: usize) -> usize {
        self.file.text[self.line_start(at)..at].chars().count()
    }

    /// How many spaces stand at `at`.
    fn spaces_at(&self, at: usize) -> usize {
        let rest = &self.file.text[at..];
        rest.len() - rest.trim_start_matches(' ').len()
    }

    fn indent_at(&self, at: usize) -> String {
        " ".repeat(self.column(at))
    }

    fn has_blank_line(&self, a: &Entry, b: &Entry) -> bool {
        let between = &self.file.text[self.next_line(a.end())..self.line_start(b.start)];
        between.lines().any(|line| line.trim().is_empty())
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
