//! Which paragraph, table and row of a document is which of another: by bookmarks, which survive
//! edits; where there are none, by the words.

use std::collections::BTreeMap;

use similar::{Algorithm, DiffTag, capture_diff_slices};

use crate::compare::alike;

/// So many bytes of a text are compared to find its twin.
const MOST_COMPARED: usize = 1200;

/// A thing to be matched: the name of its bookmark, and its words.
#[derive(Debug, Clone)]
pub struct Known {
    pub bookmark: String,
    pub text: String,
}

/// A thing of the draft: the bookmarks in it, and its words.
#[derive(Debug, Clone)]
pub struct Given<'d> {
    pub bookmarks: &'d [String],
    pub text: String,
}

/// What became of what.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pair {
    Both(usize, usize),
    /// It is gone.
    Known(usize),
    /// It is new.
    Given(usize),
}

/// Matches what is known with what is given, in the order of the latter; what is gone stands where
/// it would be.
pub fn align(known: &[Known], given: &[Given<'_>]) -> Vec<Pair> {
    let keys = keys(known, given);
    let own: Vec<&str> = (0..known.len()).map(|at| key(&keys.known, at, &known[at].text)).collect();
    let theirs: Vec<&str> =
        (0..given.len()).map(|at| key(&keys.given, at, &given[at].text)).collect();
    let mut pairs = Vec::new();
    for op in capture_diff_slices(Algorithm::Myers, &own, &theirs) {
        let (tag, before, after) = op.as_tag_tuple();
        if tag == DiffTag::Equal {
            pairs.extend(before.zip(after).map(|(a, b)| Pair::Both(a, b)));
            continue;
        }
        // What has a bookmark of its own is nothing else's twin.
        let free_known: Vec<usize> =
            before.clone().filter(|at| !keys.known.contains_key(at)).collect();
        let free_given: Vec<usize> =
            after.clone().filter(|at| !keys.given.contains_key(at)).collect();
        let old: Vec<&str> = free_known.iter().map(|at| start(&known[*at].text)).collect();
        let new: Vec<&str> = free_given.iter().map(|at| start(&given[*at].text)).collect();
        // One for one is the same, retyped.
        let twins = if (old.len(), new.len()) == (1, 1) { vec![(0, 0)] } else { alike(&old, &new) };
        let twins: Vec<(usize, usize)> =
            twins.into_iter().map(|(a, b)| (free_known[a], free_given[b])).collect();
        let (mut a, mut b) = (before.start, after.start);
        for (old, new) in twins.into_iter().chain([(before.end, after.end)]) {
            pairs.extend((a..old).map(Pair::Known));
            pairs.extend((b..new).map(Pair::Given));
            if old < before.end {
                pairs.push(Pair::Both(old, new));
            }
            (a, b) = (old + 1, new + 1);
        }
    }
    pairs
}

/// As much of a text as tells whether it is like another.
fn start(text: &str) -> &str {
    &text[..text.floor_char_boundary(MOST_COMPARED)]
}

/// The bookmark that tells what each of them is, by number, where one does.
struct Keys<'k> {
    known: BTreeMap<usize, &'k str>,
    given: BTreeMap<usize, &'k str>,
}

/// A bookmark tells where it stands in one place, and no other of ours stands with it.
fn keys<'k>(known: &'k [Known], given: &'k [Given<'_>]) -> Keys<'k> {
    let names: BTreeMap<&str, usize> =
        known.iter().enumerate().map(|(at, it)| (it.bookmark.as_str(), at)).collect();
    let mut places: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (at, it) in given.iter().enumerate() {
        for name in it.bookmarks {
            if let Some(known) = names.get(name.as_str()) {
                places.entry(*known).or_default().push(at);
            }
        }
    }
    let mut keys = Keys { known: BTreeMap::new(), given: BTreeMap::new() };
    for (at, found) in &places {
        let [place] = found.as_slice() else { continue };
        if keys.given.contains_key(place) {
            continue;
        }
        keys.known.insert(*at, &known[*at].bookmark);
        keys.given.insert(*place, &known[*at].bookmark);
    }
    keys
}

fn key<'k>(keys: &BTreeMap<usize, &'k str>, at: usize, text: &'k str) -> &'k str {
    keys.get(&at).copied().unwrap_or(text)
}
