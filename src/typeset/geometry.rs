//! Where texts stand on their pages, in points, and what a page looks like, as a number.

use std::hash::{Hash, Hasher};

use typst::layout::{Frame, FrameItem, Point, Transform};
use typst::syntax::Source;
use typst::text::TextItem;
use typst_layout::{Page, PagedDocument};

use super::markup::Placed;
use super::pages::placed_at;

/// How far characters reach over and under their baseline, in their size: the form's look sets it so.
const ABOVE: f64 = 0.88;
const BELOW: f64 = 0.12;

/// A rectangle on a page, in points from its upper left corner.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rect {
    pub x: f64,
    pub y: f64,
    pub width: f64,
    pub height: f64,
}

impl Rect {
    /// How far a point is from the rectangle; 0 inside.
    pub fn distance(&self, x: f64, y: f64) -> f64 {
        let beside = (self.x - x).max(x - self.x - self.width).max(0.0);
        let above = (self.y - y).max(y - self.y - self.height).max(0.0);
        beside.hypot(above)
    }

    fn joined(&self, other: &Self) -> Self {
        let (x, y) = (self.x.min(other.x), self.y.min(other.y));
        let right = (self.x + self.width).max(other.x + other.width);
        let bottom = (self.y + self.height).max(other.y + other.height);
        Self { x, y, width: right - x, height: bottom - y }
    }
}

/// One line of a text on a page.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Area {
    /// The text's number in [`super::markup::Markup::placed`].
    pub placed: usize,
    /// The page, counted from 0.
    pub page: usize,
    pub rect: Rect,
}

/// Where every text of the report stands, page by page.
pub fn areas(document: &PagedDocument, sources: &[Source], placed: &[Placed]) -> Vec<Area> {
    let mut walk = Walk { sources, placed, page: 0, areas: Vec::new() };
    for (number, page) in document.pages().iter().enumerate() {
        walk.page = number;
        walk.frame(&page.frame, Transform::identity());
    }
    walk.areas
}

struct Walk<'a> {
    sources: &'a [Source],
    placed: &'a [Placed],
    page: usize,
    areas: Vec<Area>,
}

impl Walk<'_> {
    fn frame(&mut self, frame: &Frame, to_page: Transform) {
        for (position, item) in frame.items() {
            let here = to_page.pre_concat(Transform::translate(position.x, position.y));
            match item {
                FrameItem::Group(group) => {
                    self.frame(&group.frame, here.pre_concat(group.transform))
                }
                FrameItem::Text(text) => self.text(text, here),
                _ => {}
            }
        }
    }

    /// The runs of glyphs that belong to one text each.
    fn text(&mut self, text: &TextItem, to_page: Transform) {
        let mut cursor = 0.0;
        let mut last = None;
        for glyph in &text.glyphs {
            let start = cursor;
            cursor += glyph.x_advance.at(text.size).to_pt();
            let placed = match last {
                Some((span, placed)) if span == glyph.span.0 => placed,
                _ => placed_at(glyph.span.0, self.sources, self.placed),
            };
            last = Some((glyph.span.0, placed));
            if let Some(placed) = placed {
                self.add(placed, rect_of(text, start..cursor, to_page));
            }
        }
    }

    /// Joins what continues a line.
    fn add(&mut self, placed: usize, rect: Rect) {
        if let Some(last) = self.areas.last_mut()
            && (last.placed, last.page) == (placed, self.page)
            && (last.rect.y - rect.y).abs() < rect.height / 2.0
        {
            last.rect = last.rect.joined(&rect);
            return;
        }
        self.areas.push(Area { placed, page: self.page, rect });
    }
}

fn rect_of(text: &TextItem, across: std::ops::Range<f64>, to_page: Transform) -> Rect {
    let size = text.size.to_pt();
    let corner = |x: f64, y: f64| {
        let point = Point::new(typst::layout::Abs::pt(x), typst::layout::Abs::pt(y));
        let point = point.transform(to_page);
        Rect { x: point.x.to_pt(), y: point.y.to_pt(), width: 0.0, height: 0.0 }
    };
    corner(across.start, -ABOVE * size).joined(&corner(across.end, BELOW * size))
}

/// The same for pages that look the same, whatever markup they come from.
pub fn fingerprint(page: &Page) -> u128 {
    typst::utils::hash128(&Look(&page.frame))
}

/// What can be seen of a frame: no places in the markup, no tags, no links.
struct Look<'a>(&'a Frame);

impl Hash for Look<'_> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.size().hash(state);
        for (position, item) in self.0.items() {
            match item {
                FrameItem::Group(group) => {
                    position.hash(state);
                    group.transform.hash(state);
                    group.clip.hash(state);
                    Look(&group.frame).hash(state);
                }
                FrameItem::Text(text) => {
                    position.hash(state);
                    look_of_text(text, state);
                }
                FrameItem::Shape(shape, _) => (position, shape).hash(state),
                FrameItem::Image(image, size, _) => (position, image, size).hash(state),
                FrameItem::Link(..) | FrameItem::Tag(_) => {}
            }
        }
    }
}

fn look_of_text<H: Hasher>(text: &TextItem, state: &mut H) {
    (&text.font, text.size, &text.fill, &text.stroke).hash(state);
    for glyph in &text.glyphs {
        (glyph.id, glyph.x_advance, glyph.x_offset, glyph.y_offset).hash(state);
    }
}
