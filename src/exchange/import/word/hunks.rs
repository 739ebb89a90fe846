//! What was changed in a printed line, piece by piece: each change belongs to the one piece of the
//! line that it was made in, or to none that can be told.

use std::ops::Range;

use similar::{Algorithm, DiffTag, capture_diff_slices};

use crate::compare::split_words;
use crate::report::{Origin, Piece, plain};

/// A longer paragraph is not compared word by word.
const MOST_BYTES: usize = 60_000;

/// New text for a stretch of one piece, in bytes of the piece.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hunk {
    pub piece: usize,
    pub range: Range<usize>,
    pub text: String,
}

/// A change that more than one piece has part in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unclear {
    /// Bytes of the line.
    pub range: Range<usize>,
    pub old: String,
    pub new: String,
}

/// The changes that make `new` of a line.
pub fn hunks(line: &[Piece], new: &str) -> Vec<Result<Hunk, Unclear>> {
    let old = plain(line);
    if let [only] = line {
        let hunk = Hunk { piece: 0, range: 0..only.text.len(), text: new.to_owned() };
        let whole = matches!(only.origin, Origin::Figure(..));
        if whole {
            return if old == new { Vec::new() } else { vec![Ok(hunk)] };
        }
    }
    if new.len() > MOST_BYTES {
        let range = 0..old.len();
        return vec![Err(Unclear { range, old, new: new.to_owned() })];
    }
    let bounds = bounds(line);
    let words = changes(&tokens(&old, &bounds, split_words), &tokens(new, &[], split_words));
    let mut found = Vec::new();
    for (range, text) in words {
        match attributed(line, &bounds, &range, &text) {
            Some(hunk) => found.push(Ok(hunk)),
            None => found.extend(by_character(line, &bounds, &range, &text)),
        }
    }
    found
}

/// A change of words of several pieces, character by character; unclear where that does not help.
fn by_character(
    line: &[Piece],
    bounds: &[usize],
    range: &Range<usize>,
    text: &str,
) -> Vec<Result<Hunk, Unclear>> {
    let all = plain(line);
    let inner: Vec<usize> = bounds.iter().filter_map(|at| at.checked_sub(range.start)).collect();
    let old = &all[range.clone()];
    let parts = changes(&tokens(old, &inner, characters), &tokens(text, &[], characters));
    let found = parts.into_iter().map(|(part, text)| {
        let part = range.start + part.start..range.start + part.end;
        attributed(line, bounds, &part, &text)
    });
    match found.collect::<Option<Vec<Hunk>>>() {
        Some(hunks) => hunks.into_iter().map(Ok).collect(),
        None => {
            let (range, old, new) = (range.clone(), old.to_owned(), text.to_owned());
            vec![Err(Unclear { range, old, new })]
        }
    }
}

/// Where pieces begin and end.
fn bounds(line: &[Piece]) -> Vec<usize> {
    let mut at = 0;
    let ends = line.iter().map(|piece| {
        at += piece.text.len();
        at
    });
    [0].into_iter().chain(ends).collect()
}

fn characters(text: &str) -> Vec<&str> {
    let ends = text.char_indices().map(|(at, c)| &text[at..at + c.len_utf8()]);
    ends.collect()
}

/// A text in words, or characters, none of them over a bound; a number is one, sign and all.
fn tokens<'t>(
    text: &'t str,
    bounds: &[usize],
    split: impl Fn(&'t str) -> Vec<&'t str>,
) -> Vec<&'t str> {
    let mut cuts = vec![0];
    let mut at = 0;
    for word in split(text) {
        at += word.len();
        cuts.push(at);
    }
    cuts.extend(bounds.iter().copied().filter(|at| *at <= text.len()));
    cuts.sort_unstable();
    cuts.dedup();
    let is_bound = |at: &usize| bounds.contains(at);
    let of_number =
        |c: Option<char>| c.is_some_and(|c| c.is_ascii_digit() || matches!(c, ',' | '.' | '-'));
    cuts.retain(|at| {
        let inside =
            of_number(text[..*at].chars().next_back()) && of_number(text[*at..].chars().next());
        is_bound(at) || !inside
    });
    cuts.windows(2).map(|pair| &text[pair[0]..pair[1]]).collect()
}

/// Stretches of the old text, in bytes, and what stands there now.
fn changes(old: &[&str], new: &[&str]) -> Vec<(Range<usize>, String)> {
    let start = |at: usize| old[..at].iter().map(|word| word.len()).sum::<usize>();
    let ops = capture_diff_slices(Algorithm::Myers, old, new);
    let changed = ops.iter().map(|op| op.as_tag_tuple()).filter(|it| it.0 != DiffTag::Equal);
    let mut found: Vec<(Range<usize>, String)> = Vec::new();
    for (_, before, after) in changed {
        let (range, text) = (start(before.start)..start(before.end), new[after].concat());
        match found.last_mut() {
            Some((last, words)) if last.end == range.start => {
                last.end = range.end;
                words.push_str(&text);
            }
            _ => found.push((range, text)),
        }
    }
    found
}

/// The piece that a change was made in.
fn attributed(line: &[Piece], bounds: &[usize], range: &Range<usize>, text: &str) -> Option<Hunk> {
    let piece = match range.is_empty() {
        false => {
            let mut touched = (0..line.len())
                .filter(|at| bounds[*at] < range.end && range.start < bounds[at + 1]);
            let first = touched.next()?;
            touched.next().is_none().then_some(first)?
        }
        true => insertion(line, bounds, range.start, text)?,
    };
    let start = bounds[piece];
    Some(Hunk { piece, range: range.start - start..range.end - start, text: text.to_owned() })
}

/// The piece that something is put into: the source's own words rather than the form's, a figure
/// only where a number is put.
fn insertion(line: &[Piece], bounds: &[usize], at: usize, text: &str) -> Option<usize> {
    let near: Vec<usize> =
        (0..line.len()).filter(|piece| bounds[*piece] <= at && at <= bounds[piece + 1]).collect();
    let inside = near.iter().find(|piece| bounds[**piece] < at && at < bounds[**piece + 1]);
    if let Some(inside) = inside {
        return Some(*inside);
    }
    let is_number = text.bytes().all(|b| b.is_ascii_digit() || b"-,.".contains(&b));
    let of = |wanted: fn(&Origin) -> bool| -> Vec<usize> {
        near.iter().copied().filter(|piece| wanted(&line[*piece].origin)).collect()
    };
    let figures = of(|origin| matches!(origin, Origin::Figure(..)));
    let texts = of(|origin| matches!(origin, Origin::Text(_)));
    match (figures.as_slice(), texts.as_slice()) {
        ([figure], _) if is_number => Some(*figure),
        (_, [text]) => Some(*text),
        (_, [one, other]) if line[*one].origin == line[*other].origin => Some(*one),
        (_, []) => near.iter().copied().find(|at| line[*at].origin == Origin::Form),
        _ => None,
    }
}
