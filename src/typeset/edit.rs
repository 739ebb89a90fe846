//! Changes of a Typst source that leave the numbers of all untouched parts as they are, so that a
//! warm recompilation knows them again.

use std::ops::Range;

use typst::syntax::Source;

/// Changes beyond which reading the whole text anew is quicker.
const MANY: usize = 16;

/// Makes a source read `text`.
///
/// Typst's own `Source::replace` (0.15.1) makes one change from the first difference to the last:
/// everything between them would be new. And it keeps the last character that differs when both
/// end in the same byte of UTF-8, as 信 and 管 do.
pub fn edit(source: &mut Source, text: &str) {
    if source.text() == text {
        return;
    }
    let Some(changes) = changes(source.text(), text) else {
        *source = Source::new(source.id(), text.to_owned());
        return;
    };
    // From the end, so that the places of those before stay true.
    for (old, new) in changes.into_iter().rev() {
        source.edit(old, &text[new]);
    }
}

/// A stretch of the old text, and of the new one that takes its place.
type Change = (Range<usize>, Range<usize>);

/// What differs, piece by piece; none when it is much, or the texts have not got the same number of
/// pieces.
fn changes(old: &str, new: &str) -> Option<Vec<Change>> {
    let (mut before, mut after) = (pieces(old), pieces(new));
    let mut changes = Vec::new();
    loop {
        match (before.next(), after.next()) {
            (None, None) => return Some(changes),
            (Some(a), Some(b)) if old[a.clone()] == new[b.clone()] => {}
            (Some(a), Some(b)) if changes.len() < MANY => changes.push(inside(old, a, new, b)),
            _ => return None,
        }
    }
}

/// A text in pieces that begin at each bracket: a cell or a paragraph's figure is in one by itself.
fn pieces(text: &str) -> impl Iterator<Item = Range<usize>> {
    let starts = text.match_indices(['[', '#']).map(|(at, _)| at);
    let mut ends = starts.chain([text.len()]);
    let mut start = 0;
    std::iter::from_fn(move || {
        let end = ends.next()?;
        Some(std::mem::replace(&mut start, end)..end)
    })
}

/// The difference of two pieces without what they begin and end with in common.
fn inside(old: &str, a: Range<usize>, new: &str, b: Range<usize>) -> Change {
    let (one, other) = (&old[a.clone()], &new[b.clone()]);
    let common = |(a, b): &(char, char)| a == b;
    let length = |(c, _): (char, char)| c.len_utf8();
    let before: usize = one.chars().zip(other.chars()).take_while(common).map(length).sum();
    let rest = one[before..].chars().rev().zip(other[before..].chars().rev());
    let after: usize = rest.take_while(common).map(length).sum();
    (a.start + before..a.end - after, b.start + before..b.end - after)
}
