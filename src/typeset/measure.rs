//! How wide texts are at most: titles break and rows get their height without Typst's measuring,
//! which would lay out everything twice.

use std::sync::Arc;

use ttf_parser::Face;
use typst::text::Font;

/// Typst's space between Han characters and Latin ones, in the text's size.
const LATIN_SPACING: f64 = 0.25;

/// Read beside Typst, which would first compute a digest of the whole file.
pub(super) fn face(font: &Font) -> Option<Face<'_>> {
    Face::parse(font.data(), font.index()).ok()
}

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

    /// As `ems`, where a character of unknown width is as wide as a Han character.
    pub fn at_most(&self, role: &str, text: &str) -> f64 {
        match self.0.iter().find(|(name, _)| name == role) {
            Some((_, measure)) => measure.at_most(text),
            None => text.chars().count() as f64,
        }
    }

    /// The lines that a text takes in a role, set flush left in a column as wide as `room` in its
    /// size; none where that is not certain.
    pub fn lines(&self, role: &str, text: &str, room: f64) -> Option<usize> {
        let (_, measure) = self.0.iter().find(|(name, _)| name == role)?;
        measure.lines(text, room)
    }
}

/// A line that ends so close to the edge may break before or after it: faces are drawn in whole units.
const NEAR: f64 = 0.02;

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
        let (ascii, han) = (face(ascii)?, face(han)?);
        let width = |face: &Face<'_>, c: char| {
            let advance = face.glyph_hor_advance(face.glyph_index(c)?)?;
            Some(f64::from(advance) / f64::from(face.units_per_em()))
        };
        let widths = (' '..='~').map(|c| width(&ascii, c)).collect::<Option<Vec<_>>>()?;
        Some(Self { ascii: widths, han: width(&han, '一')? })
    }

    /// None with characters whose width is not known.
    fn ems(&self, text: &str) -> Option<f64> {
        let advances = self.advances(text).collect::<Option<Vec<_>>>()?;
        Some(advances.iter().map(|advance| advance.width).sum())
    }

    fn at_most(&self, text: &str) -> f64 {
        self.advances(text).map(|advance| advance.map_or(1.0, |advance| advance.width)).sum()
    }

    /// Lines are filled one after the other. Breaks that are certain stand between two Han
    /// characters: beside punctuation and Latin letters Typst moves and squeezes.
    fn lines(&self, text: &str, room: f64) -> Option<usize> {
        let (mut lines, mut used, mut before) = (1, 0.0, None);
        for advance in self.advances(text) {
            let advance = advance?;
            if (used + advance.width - room).abs() < NEAR {
                return None;
            }
            if used + advance.width > room {
                if before != Some(Kind::Han) || advance.kind != Kind::Han {
                    return None;
                }
                (lines, used) = (lines + 1, 0.0);
            }
            used += advance.width;
            before = Some(advance.kind);
        }
        Some(lines)
    }

    /// What each character adds to a line; none for one of unknown width.
    fn advances(&self, text: &str) -> impl Iterator<Item = Option<Advance>> {
        let mut before = None;
        text.chars().map(move |c| {
            let (kind, own) = match c {
                ' '..='~' => (Kind::Latin, self.ascii[c as usize - ' ' as usize]),
                '\u{4E00}'..='\u{9FFF}' => (Kind::Han, self.han),
                '\u{3001}'..='\u{3011}' | '\u{FF01}'..='\u{FF5E}' => (Kind::Mark, self.han),
                '“' | '”' | '‘' | '’' | '—' | '…' => (Kind::Mark, self.han),
                _ => return None,
            };
            let last = before.replace(kind);
            let apart = matches!(
                (last, kind),
                (Some(Kind::Han), Kind::Latin) | (Some(Kind::Latin), Kind::Han)
            );
            Some(Advance { kind, width: own + if apart { LATIN_SPACING } else { 0.0 } })
        })
    }
}

struct Advance {
    kind: Kind,
    width: f64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Han,
    Latin,
    /// Full-width punctuation.
    Mark,
}
