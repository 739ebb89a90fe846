//! Laid-out pages, read back: which text stands where, and which has no glyph.

use std::ops::Range;

use typst::layout::{Frame, FrameItem};
use typst::syntax::{DiagSpan, DiagSpanKind, Source, Span};
use typst::text::TextItem;
use typst_layout::PagedDocument;

use super::markup::Placed;

/// A text on a page.
#[derive(Debug, Clone)]
pub struct Printed {
    /// Its number in [`super::markup::Markup::placed`].
    pub placed: usize,
    /// The page by the number that is printed on it.
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

/// Every glyph that stands for none: text without one would be blank or a box.
pub fn missing(document: &PagedDocument, sources: &[Source], placed: &[Placed]) -> Vec<MissingGlyph> {
    let mut missing = Vec::new();
    each_text(document, |text, page| {
        for glyph in text.glyphs.iter().filter(|glyph| glyph.id == 0) {
            let found = MissingGlyph {
                placed: placed_at(glyph.span.0, sources, placed),
                text: text.text.get(glyph.range()).unwrap_or_default().to_owned(),
                page,
            };
            if !found.text.trim().is_empty() && !missing.contains(&found) {
                missing.push(found);
            }
        }
    });
    missing
}

/// Where every text of the report is printed, in the order of the pages.
pub fn printed(document: &PagedDocument, sources: &[Source], placed: &[Placed]) -> Vec<Printed> {
    let mut printed: Vec<Printed> = Vec::new();
    let mut last = None;
    each_text(document, |text, page| {
        for glyph in &text.glyphs {
            if last == Some((glyph.span.0, page)) {
                continue;
            }
            last = Some((glyph.span.0, page));
            if let Some(placed) = placed_at(glyph.span.0, sources, placed) {
                printed.push(Printed { placed, page });
            }
        }
    });
    printed
}

fn each_text(document: &PagedDocument, mut visit: impl FnMut(&TextItem, usize)) {
    for page in document.pages() {
        texts_of(&page.frame, usize::try_from(page.number).unwrap_or_default(), &mut visit);
    }
}

fn texts_of(frame: &Frame, page: usize, visit: &mut impl FnMut(&TextItem, usize)) {
    for (_, item) in frame.items() {
        match item {
            FrameItem::Group(group) => texts_of(&group.frame, page, visit),
            FrameItem::Text(text) => visit(text, page),
            _ => {}
        }
    }
}

/// The report text that a span of the markup stands in.
pub fn placed_at(span: Span, sources: &[Source], placed: &[Placed]) -> Option<usize> {
    let id = span.id()?;
    let file = sources.iter().position(|source| source.id() == id)?;
    let range = match DiagSpan::from(span).get() {
        DiagSpanKind::Number { num, sub_range, .. } => sources[file].range(num, sub_range)?,
        DiagSpanKind::Range { range, .. } => range,
        DiagSpanKind::Detached => return None,
    };
    find(placed, file, &range)
}

/// The text whose literal holds a range of a file of the markup.
pub fn find(placed: &[Placed], file: usize, range: &Range<usize>) -> Option<usize> {
    let after = placed.partition_point(|text| (text.file, text.range.start) <= (file, range.start));
    let at = after.checked_sub(1)?;
    (placed[at].file == file && placed[at].range.end >= range.end).then_some(at)
}
