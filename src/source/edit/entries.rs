//! Entries that come and go, collection by collection.

use std::collections::BTreeMap;
use std::ops::Range;

use super::site::{Entry, Site, Style};
use super::splice::{Found, Splices};
use super::write::{self, Setting};
use super::{Path, Value, cannot};
use crate::finding::Finding;
use crate::source::tree::Kind;

/// A new entry of the collection at `into`.
#[derive(Clone, Copy)]
pub struct Insert<'a> {
    pub into: &'a Path,
    pub before: usize,
    pub key: Option<&'a str>,
    pub value: &'a Value,
}

impl Splices<'_> {
    /// Takes out and puts in what was asked for.
    pub(super) fn entries(&mut self) -> Result<(), Finding> {
        let removed = std::mem::take(&mut self.removed);
        let inserted = std::mem::take(&mut self.inserted);
        let above = |path: &&Path| Path(path.0[..path.0.len().saturating_sub(1)].to_vec());
        let mut collections: Vec<Path> = removed.iter().map(above).collect();
        collections.extend(inserted.iter().map(|new| new.into.clone()));
        collections.sort();
        collections.dedup();
        for path in collections {
            let found = self.found(&path)?;
            let mut gone = vec![false; found.site.entries.len()];
            for path in removed.iter().filter(|it| above(it) == path) {
                let number = self.found(path)?.within.map(|(_, number)| number);
                gone[number.unwrap_or_default()] = true;
            }
            let new = inserted.iter().filter(|new| *new.into == path).copied();
            let mut new: Vec<Insert<'_>> = new.collect();
            new.sort_by_key(|new| new.before.min(gone.len()));
            self.insert(&found, &new, &mut gone)?;
            if !gone.is_empty() && gone.iter().all(|gone| *gone) {
                self.remove_all(&path, &found)?;
            } else if gone.contains(&true) {
                self.remove_some(found.site, &gone);
            }
        }
        Ok(())
    }

    /// Puts entries into one collection. Those beside one that goes take its place.
    fn insert(
        &mut self,
        found: &Found<'_>,
        new: &[Insert<'_>],
        gone: &mut [bool],
    ) -> Result<(), Finding> {
        let site = found.site;
        let refuse = |why: &str| cannot(self.file, site.range.clone(), why);
        let fits = |new: &Insert<'_>| match (&found.node.kind, new.key) {
            (Kind::Map(entries), Some(key)) => {
                let mut stays = entries.iter().zip(&*gone).filter(|(_, gone)| !**gone);
                !stays.any(|((have, _), _)| have.text == key)
            }
            (Kind::List(_), None) => true,
            _ => site.style == Style::Missing,
        };
        if !new.iter().all(fits) {
            return Err(refuse("这里不能再加一项"));
        }
        let mut places: BTreeMap<usize, Vec<Insert<'_>>> = BTreeMap::new();
        let mut splices = Vec::new();
        for new in new {
            let before = new.before.min(site.entries.len());
            let beside = before.saturating_sub(1);
            if gone.get(beside) == Some(&true) {
                places.entry(beside).or_default().push(*new);
                continue;
            }
            splices.push(match site.style {
                Style::Flow => self.in_brackets(site, before, new),
                Style::Block => self.in_lines(site, before, new),
                Style::Missing => continue,
                _ => return Err(refuse("这里不是清单，也不是几行键")),
            });
        }
        if site.style == Style::Missing && !new.is_empty() {
            splices.push(self.in_nothing(found, new));
        }
        for (at, new) in places {
            gone[at] = false;
            splices.push(self.in_place_of(site, at, &new));
        }
        let splices: Option<Vec<_>> = splices.into_iter().collect();
        self.made.extend(splices.ok_or_else(|| refuse("这一项写不进 YAML"))?);
        Ok(())
    }

    fn in_brackets(
        &self,
        site: &Site,
        before: usize,
        new: &Insert<'_>,
    ) -> Option<(Range<usize>, String)> {
        let entry = bracketed(new)?;
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
        new: &Insert<'_>,
    ) -> Option<(Range<usize>, String)> {
        let first = &site.entries[0];
        let beside = &site.entries[before.saturating_sub(1)];
        let indent = self.indent_at(first.start);
        let entry = self.lines_of(new, beside.site.is_flow(), &indent)?;
        if before == 0 {
            return Some((first.start..first.start, format!("{entry}{}{indent}", self.eol)));
        }
        let end = self.line_end(beside.end());
        Some((end..end, self.apart(site, new, &indent) + &entry))
    }

    fn lines_of(&self, new: &Insert<'_>, flat: bool, indent: &str) -> Option<String> {
        write::entry(new.key, new.value, flat, Setting { flow: false, indent, eol: self.eol })
    }

    /// What stands between two entries in lines.
    fn apart(&self, site: &Site, new: &Insert<'_>, indent: &str) -> String {
        let spaced = site.entries.windows(2).any(|pair| self.has_blank_line(&pair[0], &pair[1]));
        let blank = spaced && (new.key.is_none() || indent.is_empty());
        format!("{}{}{indent}", if blank { self.eol } else { "" }, self.eol)
    }

    /// New entries instead of one that goes, with the comment behind it.
    fn in_place_of(
        &self,
        site: &Site,
        at: usize,
        new: &[Insert<'_>],
    ) -> Option<(Range<usize>, String)> {
        let old = &site.entries[at];
        let indent = self.indent_at(old.start);
        if !site.is_flow() {
            let flat = old.site.is_flow();
            let lines = new.iter().map(|new| self.lines_of(new, flat, &indent));
            let lines = lines.collect::<Option<Vec<_>>>()?;
            let written = lines.join(&self.apart(site, &new[0], &indent));
            return Some((old.start..self.line_end(old.end()), written));
        }
        let entries = new.iter().map(bracketed).collect::<Option<Vec<_>>>()?;
        let alone = self.is_alone(site, at);
        let between = if alone { format!(",{}{indent}", self.eol) } else { ", ".to_owned() };
        let end = if alone { self.line_end(old.end()) } else { old.end() };
        let comma =
            if self.file.text[old.end()..end].trim_start().starts_with(',') { "," } else { "" };
        Some((old.start..end, entries.join(&between) + comma))
    }

    /// The first entries of a key that has no value yet.
    fn in_nothing(&self, found: &Found<'_>, new: &[Insert<'_>]) -> Option<(Range<usize>, String)> {
        let (parent, number) = found.within?;
        let owner = &parent.entries[number];
        if parent.is_flow() {
            let spaces = self.spaces_at(owner.opened);
            let entries = new.iter().map(bracketed).collect::<Option<Vec<_>>>()?.join(", ");
            let written = match new[0].key {
                Some(_) => format!(" {{{entries}}}"),
                None => format!(" [{entries}]"),
            };
            return Some((owner.opened..owner.opened + spaces, written));
        }
        let indent = self.indent_at(owner.start) + "  ";
        let lines = new.iter().map(|new| {
            Some(format!("{}{indent}{}", self.eol, self.lines_of(new, false, &indent)?))
        });
        let end = self.line_end(owner.opened);
        Some((end..end, lines.collect::<Option<String>>()?))
    }

    /// Empties a collection; comments between its entries stay.
    fn remove_all(&mut self, path: &Path, found: &Found<'_>) -> Result<(), Finding> {
        let empty = if matches!(found.node.kind, Kind::List(_)) { "[]" } else { "{}" };
        let site = found.site;
        match found.within.map(|(parent, number)| parent.entries[number].opened) {
            Some(opened) if !site.is_flow() && self.starts_line(site.range.start) => {
                self.made.push((opened..opened, format!(" {empty}")));
                self.remove_some(site, &vec![true; site.entries.len()]);
                Ok(())
            }
            _ => self.replace(path, empty),
        }
    }

    /// Removes entries of a collection: in brackets, and behind a dash, not all.
    fn remove_some(&mut self, site: &Site, gone: &[bool]) {
        let kept = gone.iter().position(|gone| !gone).unwrap_or_default();
        let in_lines = (0..gone.len()).filter(|at| gone[*at]).all(|at| self.is_alone(site, at));
        for (at, entry) in site.entries.iter().enumerate().filter(|(at, _)| gone[*at]) {
            let range = if site.is_flow() && !in_lines {
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

    /// Whether nothing but a comment and its comma shares the lines of an entry in brackets.
    fn is_alone(&self, site: &Site, at: usize) -> bool {
        let entry = &site.entries[at];
        let after = self.file.text[entry.end()..self.line_end(entry.end())].trim_start();
        let comma = after.strip_prefix(',');
        let after = comma.unwrap_or(after).trim_start();
        self.starts_line(entry.start)
            && (after.is_empty() || after.starts_with('#'))
            && (comma.is_some() || at + 1 == site.entries.len())
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

    fn has_blank_line(&self, a: &Entry, b: &Entry) -> bool {
        let between = &self.file.text[self.next_line(a.end())..self.line_start(b.start)];
        between.lines().any(|line| line.trim().is_empty())
    }
}

/// An entry of a map or list in brackets.
fn bracketed(new: &Insert<'_>) -> Option<String> {
    let value = write::flow(new.value)?;
    Some(match new.key {
        Some(key) => format!("{}: {value}", write::key(key)),
        None => value,
    })
}
