//! Numbered marks in rendered text: how a template's output says which value a stretch came from.
//!
//! A mark is `\u{1}NUMBER\u{2}TEXT\u{3}`. Sources and templates cannot hold these control
//! characters (see [`crate::source::text`]), so a mark cannot be forged.

use std::fmt::Write;

const OPEN: char = '\u{1}';
const MIDDLE: char = '\u{2}';
const CLOSE: char = '\u{3}';

/// A stretch of rendered text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Run<'a> {
    /// The number of its mark, if it has one.
    pub number: Option<usize>,
    pub text: &'a str,
    /// The stretch with its mark.
    pub whole: &'a str,
}

/// Whether a character belongs to a mark, and to no text.
pub fn is_part(c: char) -> bool {
    matches!(c, OPEN | MIDDLE | CLOSE)
}

/// Marks a text with a number.
pub fn mark(number: usize, text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    write_mark(&mut out, number, |out| out.push_str(text));
    out
}

/// Marks what is written with a number.
pub fn write_mark(out: &mut String, number: usize, write: impl FnOnce(&mut String)) {
    // Writing to a string cannot fail.
    let _ = write!(out, "{OPEN}{number}{MIDDLE}");
    write(out);
    out.push(CLOSE);
}

/// The marked and unmarked stretches of a rendered text, in order.
pub fn runs(rendered: &str) -> impl Iterator<Item = Run<'_>> {
    let mut rest = rendered;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let end = match rest.find(OPEN) {
            Some(0) => rest.find(CLOSE).map_or(rest.len(), |at| at + CLOSE.len_utf8()),
            Some(at) => at,
            None => rest.len(),
        };
        let (whole, after) = rest.split_at(end);
        rest = after;
        let inner = whole.trim_start_matches(OPEN).trim_end_matches(CLOSE);
        Some(match inner.split_once(MIDDLE) {
            Some((number, text)) => Run { number: number.parse().ok(), text, whole },
            None => Run { number: None, text: whole, whole },
        })
    })
}

/// Splits rendered text at a character, but not inside marks.
pub fn split_outside(rendered: &str, at: char) -> Vec<&str> {
    let mut parts = Vec::new();
    let (mut start, mut inside) = (0, false);
    for (index, c) in rendered.char_indices() {
        match c {
            OPEN => inside = true,
            CLOSE => inside = false,
            _ if c == at && !inside => {
                parts.push(&rendered[start..index]);
                start = index + c.len_utf8();
            }
            _ => {}
        }
    }
    parts.push(&rendered[start..]);
    parts
}

/// The text without its marks.
pub fn unmarked(rendered: &str) -> String {
    runs(rendered).map(|run| run.text).collect()
}
