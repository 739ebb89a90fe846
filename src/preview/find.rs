//! From the source to the pages: every place where a key, a number, a word or a line is printed.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::answer;
use super::shown::Shown;
use super::trail::places_named;
use crate::report::{Address, Origin};
use crate::source::scalar::Place;
use crate::typeset::markup::Placed;

/// Places that an answer lists.
const MOST: usize = 500;

/// Every place of the pages that a query means.
pub fn find(shown: &Shown, query: &str) -> Value {
    let query = query.trim();
    let texts = if query.is_empty() { BTreeSet::new() } else { texts_of(shown, query) };
    let mut places: BTreeMap<usize, Vec<Value>> = BTreeMap::new();
    for area in shown.areas().iter().filter(|area| texts.contains(&area.placed)) {
        places.entry(area.placed).or_default().push(answer::area(area));
    }
    let count = places.len();
    let mut places: Vec<Value> = places
        .into_iter()
        .map(|(text, areas)| {
            let placed = &shown.pages.markup.placed[text];
            let label = answer::label(&shown.made.report, placed.address);
            json!({"text": placed.text, "where": label, "areas": areas})
        })
        .collect();
    // In the order of the pages; the 目录 repeats headings, so the first area may be there.
    places.sort_by_key(|place| place["areas"][0]["page"].as_u64());
    places.truncate(MOST);
    json!({"query": query, "count": count, "places": places})
}

/// The numbers of the texts that a query means.
fn texts_of(shown: &Shown, query: &str) -> BTreeSet<usize> {
    let texts = &shown.pages.markup.placed;
    if let Some(line) = line_number(query) {
        return fed_by(texts, &[line_range(&shown.made.report.file.text, line)]);
    }
    let mut found = printed(texts, query);
    found.extend(fed_by(texts, &places_named(shown.tree(), query)));
    found
}

/// `:72` or 第72行.
fn line_number(query: &str) -> Option<usize> {
    let plain = query.strip_prefix([':', '：']);
    let spoken = || query.strip_prefix('第')?.strip_suffix('行');
    plain.or_else(spoken)?.trim().parse().ok()
}

fn line_range(text: &str, line: usize) -> Place {
    let mut starts = std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1));
    let start = starts.nth(line.saturating_sub(1)).unwrap_or(text.len());
    start..text[start..].find('\n').map_or(text.len(), |at| start + at)
}

/// Texts that print, or are computed from, something in these places.
fn fed_by(texts: &[Placed], places: &[Place]) -> BTreeSet<usize> {
    let meets = |place: &Place| places.iter().any(|p| p.start < place.end && place.start < p.end);
    let feeds = |text: &Placed| match &text.origin {
        Origin::Form => false,
        Origin::Text(place) => meets(place),
        Origin::Figure(figure, _) => figure.places().iter().any(meets),
    };
    (0..texts.len()).filter(|at| feeds(&texts[*at])).collect()
}

/// Texts in which the words are printed, also across figures. A number means the whole number.
fn printed(texts: &[Placed], query: &str) -> BTreeSet<usize> {
    let wanted: Vec<char> = bare(query).collect();
    let number = !wanted.is_empty() && wanted.iter().all(|c| is_digit(*c));
    let mut by_address: BTreeMap<Address, Vec<(char, usize)>> = BTreeMap::new();
    for (at, text) in texts.iter().enumerate() {
        let characters = bare(&text.text).map(|c| (c, at));
        by_address.entry(text.address).or_default().extend(characters);
    }
    let mut found = BTreeSet::new();
    for characters in by_address.values().filter(|_| !wanted.is_empty()) {
        for (start, window) in characters.windows(wanted.len()).enumerate() {
            let same = window.iter().map(|(c, _)| c).eq(&wanted);
            let goes_on = || {
                let before = start.checked_sub(1).and_then(|at| characters.get(at));
                let after = characters.get(start + wanted.len());
                [before, after].into_iter().flatten().any(|(c, _)| is_digit(*c))
            };
            if same && !(number && goes_on()) {
                found.extend(window.iter().map(|(_, at)| *at));
            }
        }
    }
    found
}

/// Without what only parts digits and words for the eye.
fn bare(text: &str) -> impl Iterator<Item = char> + '_ {
    text.chars().filter(|c| !c.is_whitespace() && *c != ',')
}

fn is_digit(c: char) -> bool {
    c.is_ascii_digit() || c == '.'
}
