//! Where in a form words are written that the form prints.

use std::ops::Range;
use std::sync::Arc;

use crate::exchange::docx::plan::Site;
use crate::finding::File;
use crate::form::Form;

/// Fewer characters are found anywhere.
const LEAST: usize = 2;
/// As many bytes may be found by chance.
const SURE: usize = 9;

pub struct FormWords<'a> {
    pub form: &'a Form,
}

impl FormWords<'_> {
    /// The file and the place of what stands at `range` of a printed text: as much of it as one
    /// file has in one stretch.
    pub fn find(
        &self,
        site: Site,
        text: &str,
        range: &Range<usize>,
    ) -> Option<(Arc<File>, Range<usize>)> {
        let template = self.template(site);
        let own: Vec<&str> = template.into_iter().chain(["form.yaml"]).collect();
        let others = self.form.files().map(|(path, _)| path);
        let others = others.filter(|path| path.ends_with(".j2") || path.ends_with(".tsv"));
        let found = self.longest_in(own.iter().copied(), text, range, SURE);
        let found = found.or_else(|| self.longest_in(others, text, range, 2 * SURE));
        // A word of the program's, such as a number: its template is all that is known.
        found.or_else(|| Some((self.form.file(template?)?.clone(), 0..0)))
    }

    /// The longest stretch of a text that one of some files has, if it is long enough or all of it.
    fn longest_in<'p>(
        &self,
        paths: impl Iterator<Item = &'p str>,
        text: &str,
        range: &Range<usize>,
        least: usize,
    ) -> Option<(Arc<File>, Range<usize>)> {
        let found = paths.filter_map(|path| {
            let file = self.form.file(path)?;
            let (at, length) = longest(&file.text, text, range)?;
            (length >= least.min(text.len())).then_some((file, at, length))
        });
        // The first file wins where two have as much.
        let best = found.fold(None, |best: Option<(&Arc<File>, usize, usize)>, one| match best {
            Some(have) if have.2 >= one.2 => Some(have),
            _ => Some(one),
        });
        best.map(|(file, at, length)| (file.clone(), at..at + length))
    }

    /// The template of what is printed at a place.
    fn template(&self, site: Site) -> Option<&str> {
        let groups = &self.form.manifest.value.groups;
        let chapter = |at| groups.iter().flat_map(|group| &group.chapters).nth(at);
        let table = |at| groups.iter().flat_map(|group| &group.tables).nth(at);
        match site {
            Site::Block(at, _) => chapter(at).map(|chapter| chapter.template.text.as_str()),
            Site::Table(at) | Site::Note(at, _) => {
                table(at).map(|table| table.template.text.as_str())
            }
            _ => None,
        }
    }
}

/// The longest stretch of `text` around `range` that a file has: where, and how many bytes.
fn longest(file: &str, text: &str, range: &Range<usize>) -> Option<(usize, usize)> {
    let before = |at: usize| text[..at].chars().next_back().map(|c| at - c.len_utf8());
    let after = |at: usize| text[at..].chars().next().map(|c| at + c.len_utf8());
    // The words themselves; or what they begin or end with, for not all need be of the file.
    let one = after(range.start).unwrap_or(range.start);
    let last = before(range.end).unwrap_or(range.end);
    let seeds = [
        Some((range.start, range.end)).filter(|_| text[range.clone()].chars().count() >= LEAST),
        after(one).map(|end| (range.start, end)),
        before(range.start).map(|start| (start, one)),
        before(last).map(|start| (start, range.end)),
    ];
    let mut seeds = seeds.into_iter().flatten().filter(|(start, end)| start < end);
    let (mut start, mut end, mut found) = seeds
        .find_map(|(start, end)| file.find(&text[start..end]).map(|found| (start, end, found)))?;
    loop {
        let wider = [(before(start), Some(end)), (Some(start), after(end))];
        let wider = wider.into_iter().find_map(|(a, b)| {
            let (a, b) = (a?, b?);
            Some((a, b, file.find(&text[a..b])?))
        });
        match wider {
            Some((a, b, at)) => (start, end, found) = (a, b, at),
            None => return Some((found, end - start)),
        }
    }
}
