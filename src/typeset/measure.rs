//! How wide texts are at most: titles break and rows get their height without Typst's measuring,
//! which would lay out everything twice.

use std::sync::Arc;

use typst::layout::{Abs, Em};
use typst::text::{Font, FontInstance, FontVariations};

/// Typst's space between Han characters and Latin ones, in the text's size.
const LATIN_SPACING: f64 = 0.25;

const PRINTABLE: std::ops::RangeInclusive<char> = ' '..='~';

/// The widths of text in each role.
#[derive(Debug, Clone, Default)]
pub struct Widths(Arc<Vec<(String, Measure)>>);

impl Widths {
    pub fn new(roles: impl Iterator<Item = (String, Measure)>) -> Self {
        Self(Arc::new(roles.collect()))
    }

    /// The most that a text may be wide in a role, in its size; none where that is not known.
    pub fn ems(&self, role: &str, text: &str) -> Option<f64> {
        let (_, measure) = self.0.iter().find(|(name, _)| name == role)?;
        measure.ems(text)
    }
}

/// The widths of characters in a role, in the text's size.
#[derive(Debug)]
pub struct Measure {
    /// Of printable ASCII.
    ascii: Vec<f64>,
    /// Of every Han character and of full-width punctuation.
    han: f64,
}

impl Measure {
    /// None for faces that lack the commonest characters.
    pub fn new(ascii: &Font, han: &Font) -> Option<Self> {
        let drawn = |face: &Font| {
            let variant = face.info().variant;
            face.clone().instantiate(variant, Abs::pt(10.0), &FontVariations::default())
        };
        let (ascii, han) = (drawn(ascii), drawn(han));
        let width = |face: &FontInstance, c: char| {
            let glyph = face.ttf().glyph_index(c)?;
            face.x_advance(glyph.0).map(Em::get)
        };
        let widths = PRINTABLE.map(|c| width(&ascii, c)).collect::<Option<Vec<_>>>()?;
        Some(Self { ascii: widths, han: width(&han, '一')? })
    }

    /// None with characters whose width is not known.
    fn ems(&self, text: &str) -> Option<f64> {
        let mut last_is_han = None;
        text.chars().try_fold(0.0, |width, c| {
            let (own, is_han) = match c {
                _ if PRINTABLE.contains(&c) => (self.ascii[c as usize - ' ' as usize], false),
                '\u{4E00}'..='\u{9FFF}' | '\u{3001}'..='\u{3011}' | '\u{FF01}'..='\u{FF5E}' => (self.han, true),
                '“' | '”' | '‘' | '’' | '—' | '…' => (self.han, true),
                _ => return None,
            };
            let changed = last_is_han.replace(is_han).is_some_and(|last| last != is_han);
            Some(width + own + if changed { LATIN_SPACING } else { 0.0 })
        })
    }
}
