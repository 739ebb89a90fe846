//! The texts of a report as a reader meets them, part by part.

use std::ops::Range;

use super::formula::Sign;
use super::quantity::{Dimension, Quantity, figure_of, read_number};
use crate::budget::Format;
use crate::form::UNIT;
use crate::report::{Address, Block, Line, Origin, Report, plain};
use crate::source::scalar::Place;

const PERCENT: [char; 2] = ['%', '％'];

/// Units of money in prose, and how many 元 they are.
const MONEY: [(&str, u32); 4] =
    [("元", 1), ("千元", 1_000), ("万元", 10_000), ("亿元", 100_000_000)];

/// One paragraph, heading, cell or head line.
#[derive(Debug, Clone)]
pub struct Passage<'a> {
    /// 第三部分, or 表7.
    pub part: String,
    pub address: Address,
    pub line: &'a Line,
    pub text: String,
    /// How amounts are printed there.
    pub format: Format,
}

/// All passages, chapters first.
pub struct Passages<'a> {
    pub all: Vec<Passage<'a>>,
    format: Format,
}

impl<'a> Passages<'a> {
    pub fn of(report: &'a Report, format: Format) -> Self {
        let mut all = Vec::new();
        for (chapter, value) in report.chapters().enumerate() {
            let (part, format) = (&value.id, value.format);
            for (block, value) in value.blocks.iter().enumerate() {
                let address = Address::Block { chapter, block };
                let mut push = |line: &'a Line| {
                    let (part, text) = (part.clone(), plain(line));
                    all.push(Passage { part, address, line, text, format });
                };
                match value {
                    Block::Heading(_, line) | Block::Paragraph(line) => push(line),
                    Block::Table(grid) => {
                        let rows = grid.header.iter().chain(&grid.rows);
                        rows.flat_map(|row| &row.cells).for_each(|cell| push(&cell.text));
                    }
                }
            }
        }
        for (table, value) in report.tables().enumerate() {
            let part = &value.id;
            let format = value.format;
            let mut push = |line: &'a Line, address| {
                let (part, text) = (part.clone(), plain(line));
                all.push(Passage { part, address, line, text, format });
            };
            let head = [&value.title, &value.subtitle, &value.left, &value.left_after];
            head.into_iter()
                .chain(&value.notes)
                .for_each(|line| push(line, Address::Head { table }));
            for (row, cells) in value.grid.rows.iter().enumerate() {
                for (cell, value) in cells.cells.iter().enumerate() {
                    if value.figure().is_none() {
                        push(&value.text, Address::Cell { table, row, cell });
                    }
                }
            }
        }
        all.retain(|passage| !passage.text.is_empty());
        Self { all, format }
    }

    /// The passages of a part.
    pub fn part(&self, part: &str) -> impl Iterator<Item = &Passage<'a>> {
        self.all.iter().filter(move |passage| passage.part == part)
    }

    /// The sum of the numbers that stand between `before` and `after` in a part, as the form
    /// prints them: what the source writes into a sentence is not what the form claims; in both,
    /// the name of the unit stands for the one that the part prints in.
    pub fn amount(&self, part: &str, before: &str, after: &str) -> Option<Quantity> {
        let mut sum: Option<Quantity> = None;
        for passage in self.part(part) {
            let unit = passage.format.unit_name();
            let (before, after) = (&before.replace(UNIT, unit), &after.replace(UNIT, unit));
            let mut start = 0;
            while let Some(found) = passage.text[start..].find(before) {
                let from = start + found + before.len();
                start = from;
                let number: &str = number_at(&passage.text[from..]);
                if number.is_empty()
                    || !passage.text[from + number.len()..].starts_with(after.as_str())
                {
                    continue;
                }
                if passage.is_typed(from) || passage.is_typed(from.saturating_sub(1)) {
                    continue;
                }
                let quantity = self.quantity_at(passage, from, number);
                sum.get_or_insert_with(Quantity::default).add(Sign::Plus, quantity);
            }
        }
        sum
    }

    /// The figure that a number in a text prints, else the number itself: an amount by its unit,
    /// a count by the measure word behind it.
    fn quantity_at(&self, passage: &Passage<'a>, at: usize, number: &str) -> Quantity {
        let after = &passage.text[at + number.len()..];
        let value = read_number(number).unwrap_or_default();
        match passage.piece_at(at).and_then(|piece| figure_of(piece.1)) {
            Some((figure, format)) => {
                let quantity = Quantity::figure(figure, number, format);
                let kind =
                    if after.starts_with(PERCENT) { Dimension::Percent } else { quantity.kind };
                Quantity { kind, ..quantity }
            }
            None if after.starts_with(PERCENT) => Quantity::typed_percent(value),
            None => match MONEY.iter().find(|(unit, _)| after.starts_with(unit)) {
                Some((_, yuan)) => Quantity::in_yuan(value, *yuan, &passage.format),
                // 5辆, 4家
                None if after.starts_with(|c: char| ('一'..='鿿').contains(&c)) => {
                    Quantity::count(value)
                }
                None => Quantity::typed(value, &passage.format),
            },
        }
    }

    pub fn format(&self) -> &Format {
        &self.format
    }
}

impl Passage<'_> {
    /// Where the piece that holds a byte of the text starts, and its origin.
    pub fn piece_at(&self, byte: usize) -> Option<(usize, &Origin)> {
        let mut start = 0;
        for piece in self.line {
            let end = start + piece.text.len();
            if (start..end).contains(&byte) {
                return Some((start, &piece.origin));
            }
            start = end;
        }
        None
    }

    /// Whether a byte of the text stands so in the source.
    fn is_typed(&self, byte: usize) -> bool {
        self.piece_at(byte).is_some_and(|(_, origin)| matches!(origin, Origin::Text(_)))
    }

    /// Whether a stretch of the text is the form's alone: nobody who fills it in can change it.
    pub fn is_forms(&self, mut stretch: Range<usize>) -> bool {
        stretch.all(|byte| self.piece_at(byte).is_some_and(|it| *it.1 == Origin::Form))
    }

    /// Where exactly a stretch of the text was typed, of `source`: nothing where the form printed
    /// it. Escapes, folded lines and expressions stand otherwise in the source than in the report.
    pub fn typed_at(&self, stretch: &Range<usize>, source: &str) -> Option<Place> {
        let place = self.text_place(stretch)?;
        let mut text: Vec<Typed> = Vec::new();
        let mut at = 0;
        for piece in self.line {
            let own = piece.origin == Origin::Text(place.clone());
            if own {
                text.extend(piece.text.char_indices().map(|(byte, c)| Typed::Char(at + byte, c)));
            } else if !text.is_empty() {
                text.push(Typed::Expression);
            }
            at += piece.text.len();
        }
        while text.last() == Some(&Typed::Expression) {
            text.pop();
        }
        let raw = source.get(place.clone())?;
        let found = raw.char_indices().find_map(|(start, _)| aligned(&text, raw, start, stretch));
        Some(found.map_or(place.clone(), |at| place.start + at.start..place.start + at.end))
    }

    /// The text of the source that a stretch touches first.
    fn text_place(&self, stretch: &Range<usize>) -> Option<Place> {
        let mut start = 0;
        self.line.iter().find_map(|piece| {
            let own = start..start + piece.text.len();
            start = own.end;
            let touches = own.start < stretch.end && stretch.start < own.end;
            match &piece.origin {
                Origin::Text(place) if touches => Some(place.clone()),
                _ => None,
            }
        })
    }

    /// The place in the source of a byte of the text, when it was typed there.
    pub fn place_at(&self, byte: usize) -> Option<Place> {
        match self.piece_at(byte)?.1 {
            Origin::Text(place) => Some(place.clone()),
            Origin::Figure(figure, _) => figure.places().first().cloned(),
            Origin::Form => None,
        }
    }
}

/// A text of the source as it is printed: its characters, and what its expressions print.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Typed {
    Char(usize, char),
    Expression,
}

/// Where a stretch of a printed text stands in its raw text, if the printed text begins at `start`.
fn aligned(
    text: &[Typed],
    raw: &str,
    start: usize,
    stretch: &Range<usize>,
) -> Option<Range<usize>> {
    let (mut at, mut found) = (start, None::<Range<usize>>);
    for typed in text {
        let rest = &raw[at..];
        match typed {
            Typed::Expression => {
                let gap = rest.len() - rest.trim_start().len();
                at += gap + rest.trim_start().strip_prefix("{{").and_then(|it| it.find("}}"))? + 4;
            }
            Typed::Char(byte, c) => {
                let skip = if c.is_whitespace() {
                    rest.len() - rest.trim_start().len()
                } else if rest.starts_with(*c) {
                    // In quotes, a quote is written twice.
                    c.len_utf8() + usize::from(*c == '\'' && rest.starts_with("''"))
                } else if rest.strip_prefix('\\').is_some_and(|it| it.starts_with(*c)) {
                    1 + c.len_utf8()
                } else {
                    let gap = rest.len() - rest.trim_start().len();
                    if gap == 0 || !rest[gap..].starts_with(*c) {
                        return None;
                    }
                    gap + c.len_utf8()
                };
                if skip == 0 {
                    return None;
                }
                if stretch.contains(byte) {
                    let from = at + skip - if c.is_whitespace() { skip } else { c.len_utf8() };
                    found = Some(found.map_or(from, |it| it.start)..at + skip);
                }
                at += skip;
            }
        }
    }
    found
}

/// The digits, commas and point that a text begins with.
pub fn number_at(text: &str) -> &str {
    let end =
        text.find(|c: char| !c.is_ascii_digit() && c != ',' && c != '.').unwrap_or(text.len());
    text[..end].trim_end_matches([',', '.'])
}
