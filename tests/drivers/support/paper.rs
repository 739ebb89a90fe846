//! Pages read back as a reader sees them: which text stands where, and between which rules.

use typst::layout::{Abs, Frame, FrameItem, Point, Transform};
use typst::text::TextItem;
use typst::visualize::Geometry;
use typst_layout::PagedDocument;

/// A rectangle in points, from the top left corner of the page.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Area {
    pub left: f64,
    pub top: f64,
    pub right: f64,
    pub bottom: f64,
}

impl Area {
    /// Whether both cover a common area of more than `slack` points each way.
    pub fn overlaps(&self, other: &Self, slack: f64) -> bool {
        self.right.min(other.right) - self.left.max(other.left) > slack
            && self.bottom.min(other.bottom) - self.top.max(other.top) > slack
    }
}

/// A run of text on a page.
#[derive(Debug, Clone)]
pub struct Run {
    pub text: String,
    /// What its glyphs blacken; `None` for white space.
    pub ink: Option<Area>,
}

/// A page: its size, its text in reading order, the lines drawn on it.
#[derive(Debug)]
pub struct Page {
    /// As the PDF viewer counts, from 1.
    pub number: usize,
    pub width: f64,
    pub height: f64,
    pub runs: Vec<Run>,
    pub rules: Vec<Area>,
}

impl Page {
    /// All text, without white space: lines break anywhere.
    pub fn text(&self) -> String {
        squeezed(&self.runs.iter().map(|run| run.text.as_str()).collect::<String>())
    }
}

pub fn read(document: &PagedDocument) -> Vec<Page> {
    let pages = document.pages().iter().enumerate();
    pages
        .map(|(at, page)| {
            let size = page.frame.size();
            let mut read = Page {
                number: at + 1,
                width: size.x.to_pt(),
                height: size.y.to_pt(),
                runs: Vec::new(),
                rules: Vec::new(),
            };
            read_frame(&page.frame, Transform::identity(), &mut read);
            read
        })
        .collect()
}

/// The text of all pages, without white space.
pub fn text(document: &PagedDocument) -> String {
    read(document).iter().map(Page::text).collect()
}

fn read_frame(frame: &Frame, at: Transform, page: &mut Page) {
    for (point, item) in frame.items() {
        let here = at.pre_concat(Transform::translate(point.x, point.y));
        match item {
            FrameItem::Group(group) => {
                read_frame(&group.frame, here.pre_concat(group.transform), page);
            }
            FrameItem::Text(text) => {
                page.runs.push(Run { text: text.text.to_string(), ink: ink(text, here) });
            }
            FrameItem::Shape(shape, _) => {
                if let Geometry::Line(to) = shape.geometry {
                    page.rules.push(area(Point::zero(), to, here));
                }
            }
            _ => {}
        }
    }
}

fn ink(text: &TextItem, at: Transform) -> Option<Area> {
    let area = {
        let bounds = text.bbox();
        area(bounds.min, bounds.max, at)
    };
    area.left.is_finite().then_some(area)
}

fn area(a: Point, b: Point, at: Transform) -> Area {
    let (a, b) = (a.transform(at), b.transform(at));
    let pt = |value: Abs| value.to_pt();
    Area {
        left: pt(a.x.min(b.x)),
        top: pt(a.y.min(b.y)),
        right: pt(a.x.max(b.x)),
        bottom: pt(a.y.max(b.y)),
    }
}

/// Without white space, and without what no face draws: the controls that set the writing
/// direction, which the program drops, and zero-width characters.
pub fn squeezed(text: &str) -> String {
    text.chars().filter(|&c| !c.is_whitespace() && !is_invisible(c)).collect()
}

fn is_invisible(c: char) -> bool {
    matches!(c, '\u{200B}'..='\u{200F}' | '\u{061C}' | '\u{202A}'..='\u{202E}' | '\u{2060}'
        | '\u{2066}'..='\u{2069}' | '\u{FEFF}')
}
