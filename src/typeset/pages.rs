//! Laid-out pages, read back: which text stands where, and which has no glyph.

use std::collections::BTreeMap;
use std::ops::Range;

use typst::layout::{Frame, FrameItem};
use typst::syntax::Source;
use typst_layout::PagedDocument;

use super::markup::{Address, Placed};
use crate::report::{Role, Table};

/// The most rows that are moved to the next page to keep a row with its neighbour.
const LONGEST_CHAIN: usize = 4;

/// A text on a page.
#[derive(Debug, Clone)]
pub struct Printed {
    /// Its number in [`super::markup::Markup::placed`].
    pub placed: usize,
    /// Pages from 1, as the file counts them.
    pub page: usize,
}

/// A character that its role's faces cannot draw.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MissingGlyph {
    /// The text that it stands in, when it is a text of the report.
    pub placed: Option<usize>,
    pub text: String,
    pub page: usize,
}

/// What the pages show.
#[derive(Debug, Default)]
pub struct Reading {
    pub printed: Vec<Printed>,
    pub missing: Vec<MissingGlyph>,
}

/// Reads all pages. `main` is the source that the spans of report texts point into.
pub fn read(document: &PagedDocument, main: &Source, placed: &[Placed]) -> Reading {
    let mut reader = Reader { main, placed, ranges: BTreeMap::new(), reading: Reading::default() };
    for (at, page) in document.pages().iter().enumerate() {
        reader.frame(&page.frame, at + 1);
    }
    reader.reading
}

struct Reader<'a> {
    main: &'a Source,
    placed: &'a [Placed],
    /// Looked-up spans: neighbouring glyphs share theirs.
    ranges: BTreeMap<u64, Option<usize>>,
    reading: Reading,
}

impl Reader<'_> {
    fn frame(&mut self, frame: &Frame, page: usize) {
        for (_, item) in frame.items() {
            match item {
                FrameItem::Group(group) => self.frame(&group.frame, page),
                FrameItem::Text(text) => {
                    let mut last = None;
                    for glyph in &text.glyphs {
                        let placed = self.placed_at(glyph.span.0);
                        if placed.is_some() && placed != last {
                            last = placed;
                            self.print(placed, page);
                        }
                        if glyph.id == 0 {
                            let text = text.text.get(glyph.range()).unwrap_or_default();
                            self.missing(placed, text, page);
                        }
                    }
                }
                _ => {}
            }
        }
    }

    fn print(&mut self, placed: Option<usize>, page: usize) {
        let Some(placed) = placed else { return };
        let known = self.reading.printed.last();
        if known.is_none_or(|last| last.placed != placed || last.page != page) {
            self.reading.printed.push(Printed { placed, page });
        }
    }

    fn missing(&mut self, placed: Option<usize>, text: &str, page: usize) {
        let missing = MissingGlyph { placed, text: text.to_owned(), page };
        if !text.trim().is_empty() && !self.reading.missing.contains(&missing) {
            self.reading.missing.push(missing);
        }
    }

    fn placed_at(&mut self, span: typst::syntax::Span) -> Option<usize> {
        let key = span.into_raw().get();
        if let Some(known) = self.ranges.get(&key) {
            return *known;
        }
        let found = (span.id() == Some(self.main.id()))
            .then(|| self.main_range(span))
            .flatten()
            .and_then(|range| find(self.placed, &range));
        self.ranges.insert(key, found);
        found
    }

    fn main_range(&self, span: typst::syntax::Span) -> Option<Range<usize>> {
        match typst::syntax::DiagSpan::from(span).get() {
            typst::syntax::DiagSpanKind::Number { num, sub_range, .. } => {
                self.main.range(num, sub_range)
            }
            typst::syntax::DiagSpanKind::Range { range, .. } => Some(range),
            typst::syntax::DiagSpanKind::Detached => None,
        }
    }
}

/// The text whose literal holds a range of the markup.
pub fn find(placed: &[Placed], range: &Range<usize>) -> Option<usize> {
    let after = placed.partition_point(|text| text.range.start <= range.start);
    let at = after.checked_sub(1)?;
    (placed[at].range.end >= range.end).then_some(at)
}

/// For each table, the rows before which its pages must end, so that no row stands apart from the
/// one it belongs to: a unit's or a 类's row from its first child, a total from the row above.
///
/// Returns `None` when the pages are good as they are with the breaks `now`.
pub fn better_breaks(
    tables: &[&Table],
    placed: &[Placed],
    printed: &[Printed],
    now: &[Vec<usize>],
) -> Option<Vec<Vec<usize>>> {
    let mut pages: Vec<Vec<Option<usize>>> =
        tables.iter().map(|table| vec![None; table.grid.rows.len()]).collect();
    for text in printed {
        if let Address::Cell { table, row, .. } = placed[text.placed].address {
            let page = &mut pages[table][row];
            *page = Some(page.map_or(text.page, |known| known.max(text.page)));
        }
    }
    let mut breaks = now.to_vec();
    for (table, (rows, pages)) in tables.iter().map(|t| &t.grid.rows).zip(&pages).enumerate() {
        let roles: Vec<Role> = rows.iter().map(|row| row.role).collect();
        if let Some(row) = misplaced(&roles, pages, &breaks[table]) {
            breaks[table].push(row);
            breaks[table].sort_unstable();
        }
    }
    (breaks != now).then_some(breaks)
}

/// The first row that must go to the next page.
fn misplaced(roles: &[Role], pages: &[Option<usize>], breaks: &[usize]) -> Option<usize> {
    let bound = |row: usize| {
        matches!(roles[row], Role::Unit | Role::Class(1))
            || roles.get(row + 1) == Some(&Role::Total)
    };
    (0..roles.len().saturating_sub(1))
        .filter(|&row| bound(row) && pages[row].is_some() && pages[row + 1].is_some())
        .filter(|&row| pages[row] < pages[row + 1])
        .find_map(|row| {
            let mut start = row;
            while start > 0 && bound(start - 1) && pages[start - 1] == pages[row] {
                start -= 1;
            }
            let alone = start == 0 || pages[start - 1] != pages[row];
            (!alone && row - start < LONGEST_CHAIN && !breaks.contains(&start)).then_some(start)
        })
}
