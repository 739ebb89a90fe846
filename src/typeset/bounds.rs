//! A look at the finished pages: does every glyph stay in its cell, beside its neighbours, and on
//! its page?

use std::collections::BTreeMap;

use typst::layout::{Frame, FrameItem, Point};
use typst::syntax::{Source, Span};
use typst::text::{Glyph, TextItem};
use typst::visualize::Geometry;
use typst_layout::{Page, PagedDocument};

use super::markup::Placed;
use super::pages::placed_at;

/// The least that paper keeps free at its sides, and above and below, in points.
const SIDE: f64 = 40.0;
const END: f64 = 20.0;
/// How far a glyph may reach over a rule, in points.
const NEAR: f64 = 0.8;
/// How far two may reach into each other, in their size: punctuation is squeezed.
const SQUEEZED: f64 = 0.6;
/// Where the strokes of a character lie over its baseline, in its size.
const TOP: f64 = 0.7;
const FOOT: f64 = 0.1;

/// Where a text must not be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Where {
    OffPage,
    OverRule,
    OverText,
}

/// A text that is not in its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outside {
    /// Its number in [`super::markup::Markup::placed`], when it is a text of the report.
    pub placed: Option<usize>,
    pub page: usize,
    pub at: Where,
}

/// All that is not in its place, each text once.
pub fn outside(document: &PagedDocument, sources: &[Source], placed: &[Placed]) -> Vec<Outside> {
    let mut found: BTreeMap<(Option<usize>, Where), Outside> = BTreeMap::new();
    for page in document.pages() {
        let number = usize::try_from(page.number).unwrap_or_default();
        for (span, at) in Drawn::of(page).faults() {
            let placed = placed_at(span, sources, placed);
            found.entry((placed, at)).or_insert(Outside { placed, page: number, at });
        }
    }
    found.into_values().collect()
}

/// A rule: where it stands, and from where to where it goes.
type Rule = (f64, f64, f64);

/// What is drawn on a page and not turned.
struct Drawn<'a> {
    width: f64,
    height: f64,
    upright: Vec<Rule>,
    level: Vec<Rule>,
    runs: Vec<Run<'a>>,
}

/// Glyphs beside each other on one baseline.
struct Run<'a> {
    text: &'a TextItem,
    start: f64,
    end: f64,
    baseline: f64,
    size: f64,
}

impl<'a> Drawn<'a> {
    fn of(page: &'a Page) -> Self {
        let size = page.frame.size();
        let (upright, level, runs) = (Vec::new(), Vec::new(), Vec::new());
        let mut drawn =
            Self { width: size.x.to_pt(), height: size.y.to_pt(), upright, level, runs };
        drawn.frame(&page.frame, Point::zero());
        drawn.upright.sort_by(|a, b| a.0.total_cmp(&b.0));
        drawn.level.sort_by(|a, b| a.0.total_cmp(&b.0));
        drawn
            .runs
            .sort_by(|a, b| line(a).total_cmp(&line(b)).then_with(|| a.start.total_cmp(&b.start)));
        drawn
    }

    fn frame(&mut self, frame: &'a Frame, origin: Point) {
        for (position, item) in frame.items() {
            let at = origin + *position;
            match item {
                FrameItem::Group(group) if group.transform.is_only_translate() => {
                    let moved = Point::new(group.transform.tx, group.transform.ty);
                    self.frame(&group.frame, at + moved);
                }
                FrameItem::Text(text) if !text.text.trim().is_empty() => {
                    let start = at.x.to_pt();
                    let size = text.size.to_pt();
                    let end = start + text.width().to_pt();
                    let end = text.glyphs.last().map_or(end, |last| {
                        let advance = last.x_advance.at(text.size).to_pt();
                        end - advance + advance.min(drawn(text, last))
                    });
                    self.runs.push(Run { text, start, end, baseline: at.y.to_pt(), size });
                }
                FrameItem::Shape(shape, _) => {
                    if let Geometry::Line(to) = shape.geometry {
                        self.rule(at, at + to);
                    }
                }
                _ => {}
            }
        }
    }

    fn rule(&mut self, from: Point, to: Point) {
        let (from, to) = ((from.x.to_pt(), from.y.to_pt()), (to.x.to_pt(), to.y.to_pt()));
        if (from.0 - to.0).abs() < NEAR {
            self.upright.push((from.0, from.1.min(to.1), from.1.max(to.1)));
        } else if (from.1 - to.1).abs() < NEAR {
            self.level.push((from.1, from.0.min(to.0), from.0.max(to.0)));
        }
    }

    /// The first glyph of each run that is not in its place.
    fn faults(&self) -> impl Iterator<Item = (Span, Where)> {
        let alone =
            self.runs.iter().filter_map(|run| self.off_page(run).or_else(|| self.over_rule(run)));
        let pairs = self.runs.windows(2).filter_map(|pair| {
            let same = line(&pair[0]) == line(&pair[1]);
            let over = pair[0].end - pair[1].start;
            let least = SQUEEZED * pair[0].size.min(pair[1].size);
            let is_over = same && over > least && pair[1].end > pair[1].start;
            is_over.then(|| (span(pair[0].text), Where::OverText))
        });
        alone.chain(pairs)
    }

    fn off_page(&self, run: &Run<'_>) -> Option<(Span, Where)> {
        let (top, foot) = (run.baseline - TOP * run.size, run.baseline);
        let off = run.start < SIDE
            || run.end > self.width - SIDE
            || top < END
            || foot > self.height - END;
        off.then(|| (span(run.text), Where::OffPage))
    }

    fn over_rule(&self, run: &Run<'_>) -> Option<(Span, Where)> {
        let (top, foot) = (run.baseline - TOP * run.size, run.baseline - FOOT * run.size);
        let middle = f64::midpoint(top, foot);
        // A rule may stand between two glyphs of a run, but not in one.
        let crosses = |x: f64| {
            let mut start = run.start;
            run.text.glyphs.iter().any(|glyph| {
                let from = start;
                start += glyph.x_advance.at(run.text.size).to_pt();
                from + NEAR < x && x < start.min(from + drawn(run.text, glyph)) - NEAR
            })
        };
        let upright = between(&self.upright, run.start + NEAR, run.end - NEAR);
        let upright =
            upright.iter().any(|(x, from, to)| *from < middle && middle < *to && crosses(*x));
        let across = f64::midpoint(run.start, run.end);
        let level = between(&self.level, top, foot);
        let level = level.iter().any(|(_, from, to)| *from < across && across < *to);
        (upright || level).then(|| (span(run.text), Where::OverRule))
    }
}

/// How wide a glyph is without what justified lines add to it, in points.
fn drawn(text: &TextItem, glyph: &Glyph) -> f64 {
    let own = text.font.x_advance(glyph.id).unwrap_or(glyph.x_advance);
    own.at(text.size).to_pt()
}

fn span(text: &TextItem) -> Span {
    text.glyphs.first().map_or(Span::detached(), |glyph| glyph.span.0)
}

/// The rules that stand between two places.
fn between(rules: &[Rule], from: f64, to: f64) -> &[Rule] {
    let start = rules.partition_point(|rule| rule.0 <= from);
    let end = rules.partition_point(|rule| rule.0 < to);
    rules.get(start..end).unwrap_or_default()
}

/// The baseline of a run, near enough.
fn line(run: &Run<'_>) -> f64 {
    (run.baseline * 4.0).round()
}
