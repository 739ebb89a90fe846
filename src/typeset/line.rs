//! A line of the report as the layout template sees it.

use std::ops::Range;
use std::sync::Arc;

use minijinja::value::{Object, ObjectRepr, Value};

use super::breaks::breaks;
use super::literal;
use super::measure::Widths;
use super::words::words;
use crate::marks;

/// A line of the report in the template; it prints as literals, piece by piece.
#[derive(Debug, Clone)]
pub struct LineValue {
    parts: Arc<Vec<Part>>,
    /// Bytes of its text before which it may break, where it could not by itself.
    breaks: Vec<usize>,
}

/// A stretch of a line.
#[derive(Debug, Clone)]
pub enum Part {
    /// A text, with its number among all.
    Text(usize, String),
    /// One that differs from the report that this one is compared with.
    Changed(usize, String),
    /// Words of that report which stood here.
    Removed(String),
}

impl Part {
    /// What is printed of the report.
    fn text(&self) -> &str {
        match self {
            Self::Text(_, text) | Self::Changed(_, text) => text,
            Self::Removed(_) => "",
        }
    }
}

impl LineValue {
    pub fn new(parts: Vec<Part>) -> Self {
        Self { parts: Arc::new(parts), breaks: Vec::new() }
    }

    /// The line in a column as wide as `room`, in its size: it breaks wherever it has to.
    pub fn within(self: &Arc<Self>, widths: &Widths, role: &str, room: f64) -> Arc<Self> {
        // No character is wider than a Han character, and none is shorter than a byte.
        if self.len() as f64 <= room {
            return self.clone();
        }
        let text: String = self.parts.iter().map(Part::text).collect();
        let breaks = breaks(&text, room, |text| widths.at_most(role, text));
        match breaks.is_empty() {
            true => self.clone(),
            false => Arc::new(Self { parts: self.parts.clone(), breaks }),
        }
    }

    /// Its words, each with the stretches that it is made of. One that is wider than `room` comes
    /// character by character.
    pub fn words(&self, widths: &Widths, role: &str, room: f64) -> Value {
        let text: String = self.parts.iter().map(Part::text).collect();
        let mut start = 0;
        let mut all = Vec::new();
        for word in words(&text) {
            let end = start + word.len();
            let mut inside = breaks(&word, room, |text| widths.at_most(role, text));
            inside.push(word.len());
            let mut from = start;
            for at in inside {
                let mut piece = self.stretch(from..start + at);
                from = start + at;
                // Joined with the next again, as in a bookmark, it may still break.
                piece.breaks.extend((from < end).then_some(piece.len()));
                all.push(Value::from_object(piece));
            }
            start = end;
        }
        Value::from(all)
    }

    /// What stood in it in the report that this one is compared with.
    pub fn removed(&self) -> impl Iterator<Item = &str> {
        self.parts.iter().filter_map(|part| match part {
            Part::Removed(text) => Some(text.as_str()),
            Part::Text(..) | Part::Changed(..) => None,
        })
    }

    fn len(&self) -> usize {
        self.parts.iter().map(|part| part.text().len()).sum()
    }

    /// Some bytes of its text.
    fn stretch(&self, wanted: Range<usize>) -> Self {
        let mut end = 0;
        let parts = self.parts.iter().filter_map(|part| {
            let start = end;
            end += part.text().len();
            let own = wanted.start.max(start)..wanted.end.min(end);
            let text = || part.text()[own.start - start..own.end - start].to_owned();
            (!own.is_empty()).then(|| match part {
                Part::Text(number, _) => Part::Text(*number, text()),
                Part::Changed(number, _) => Part::Changed(*number, text()),
                Part::Removed(gone) => Part::Removed(gone.clone()),
            })
        });
        Self::new(parts.collect())
    }

    pub fn marked(&self) -> String {
        let mut out = String::new();
        let mut start = 0;
        for part in self.parts.iter() {
            let literals = |out: &mut String| self.write(out, start, part.text());
            match part {
                Part::Text(number, _) => marks::write_mark(&mut out, *number, literals),
                Part::Changed(number, _) => {
                    out.push_str("#changed[");
                    marks::write_mark(&mut out, *number, literals);
                    out.push_str("];");
                }
                Part::Removed(text) => {
                    out.push_str("#removed[");
                    literal::write_markup(&mut out, text);
                    out.push_str("];");
                }
            }
            start += part.text().len();
        }
        out
    }

    /// Writes a stretch that begins at a byte of the text, with its breaks.
    fn write(&self, out: &mut String, start: usize, text: &str) {
        let mut from = 0;
        let inside = self.breaks.iter().filter_map(|at| at.checked_sub(start));
        for at in inside.filter(|at| (1..=text.len()).contains(at)) {
            literal::write_markup(out, &text[from..at]);
            let beside = [text[..at].chars().next_back(), text[at..].chars().next()];
            let is_tied = beside.into_iter().flatten().any(is_tied);
            out.push_str(if is_tied { FORCED_BREAK } else { BREAK });
            from = at;
        }
        if from < text.len() || text.is_empty() {
            literal::write_markup(out, &text[from..]);
        }
    }
}

/// A place to break that leaves no character in the text (Typst drops a space of exactly 0 pt).
const BREAK: &str = "#h(0.001pt);";

/// The same beside a character that no line may begin or end with (UAX #14, LB8): （《, ，，, ——.
/// Hidden, so that nobody finds it in the text.
const FORCED_BREAK: &str = "#hide(\"\\u{200b}\");";

/// Whether lines may not break beside a character without being forced to.
fn is_tied(c: char) -> bool {
    let is_sign = matches!(c, '\u{2460}'..='\u{27BF}' | '\u{1F000}'..);
    !c.is_alphanumeric() && !is_sign
}

impl Object for LineValue {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Plain
    }

    fn is_true(self: &Arc<Self>) -> bool {
        !self.parts.is_empty()
    }

    fn render(self: &Arc<Self>, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.parts.iter().try_for_each(|part| f.write_str(part.text()))
    }
}
