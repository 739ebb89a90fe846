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
    let Some(changes) = changes(source.text(), text).filter(|changes| changes.len() <= MANY) else {
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

/// What differs, piece by piece; none when the texts have not got the same number of pieces.
fn changes(old: &str, new: &str) -> Option<Vec<Change>> {
    let (before, after) = (pieces(old), pieces(new));
    if before.len() != after.len() {
        return None;
    }
    let pairs = before.into_iter().zip(after).filter(|(a, b)| old[a.clone()] != new[b.clone()]);
    Some(pairs.map(|(a, b)| inside(old, a, new, b)).collect())
}

/// A text in pieces that begin at each bracket: a cell or a paragraph's figure is in one by itself.
fn pieces(text: &str) -> Vec<Range<usize>> {
    let starts = text.match_indices(['[', '#']).map(|(at, _)| at);
    let starts: Vec<usize> = std::iter::once(0).chain(starts).collect();
    let ends = starts.iter().skip(1).copied().chain([text.len()]);
    starts.iter().zip(ends).map(|(start, end)| *start..end).collect()
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
