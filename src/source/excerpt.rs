//! What messages repeat of a source, and where they point in it.

use std::ops::Range;

use super::scalar::Place;
use crate::finding::File;

/// How much of a value a message repeats.
const BRIEF: usize = 40;

/// A value as a message repeats it: on one line, and not all of a long one.
pub fn brief(value: &str) -> String {
    let mut brief: String = value.chars().take(BRIEF).collect::<String>().replace('\n', " ");
    if value.chars().nth(BRIEF).is_some() {
        brief.push('…');
    }
    brief
}

/// Names in a row. One that holds the mark between them stands in quotes.
pub fn enumerate<'a>(names: impl IntoIterator<Item = &'a str>) -> String {
    let quoted = |name: &str| match name.contains('、') {
        true => format!("“{name}”"),
        false => name.to_owned(),
    };
    names.into_iter().map(quoted).collect::<Vec<_>>().join("、")
}

/// Where a stretch of a scalar's text stands in the file: quoting and folding move it.
/// The scalar's first line where that cannot be told.
pub fn place_within(file: &File, place: &Place, text: &str, stretch: Range<usize>) -> Place {
    let raw = &file.text[place.clone()];
    let characters = aligned(raw, text);
    let of = |at: usize| characters.iter().find(|(have, _)| *have == at).map(|(_, raw)| *raw);
    let last =
        text[stretch.clone()].char_indices().next_back().map(|(at, c)| (stretch.start + at, c));
    let found = last.and_then(|(at, c)| Some(of(stretch.start)?..of(at)? + c.len_utf8()));
    let found = found.unwrap_or(0..raw.find('\n').unwrap_or(raw.len()));
    place.start + found.start..place.start + found.end
}

/// For each character of a scalar's text: where it stands in the text, and where in the raw lines.
/// Ends where the two part, as at an escape.
pub fn aligned(raw: &str, text: &str) -> Vec<(usize, usize)> {
    let quote = usize::from(raw.starts_with(['"', '\'']));
    let mut rest = raw.char_indices().skip(quote);
    let mut aligned = Vec::new();
    for (at, c) in text.char_indices() {
        // A line end that was folded reads as a space.
        match rest.find(|(_, have)| *have == c || c == ' ' && *have == '\n') {
            Some((raw, _)) => aligned.push((at, raw)),
            None => break,
        }
    }
    aligned
}
