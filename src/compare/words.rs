//! The words of two texts, and which of them differ.

use icu_segmenter::WordSegmenter;
use icu_segmenter::options::WordBreakInvariantOptions;
use serde::Serialize;
use similar::{Algorithm, DiffTag, capture_diff_slices};

/// A stretch of text, and whether both texts have it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", content = "text", rename_all = "snake_case")]
pub enum Word {
    Same(String),
    Removed(String),
    Added(String),
}

/// How two texts differ, by words.
pub fn diff(old: &str, new: &str) -> Vec<Word> {
    let (old, new) = (split(old), split(new));
    let mut words = Vec::new();
    let mut push = |word: fn(String) -> Word, parts: &[&str]| {
        if !parts.is_empty() {
            words.push(word(parts.concat()));
        }
    };
    for op in capture_diff_slices(Algorithm::Myers, &old, &new) {
        let (tag, before, after) = op.as_tag_tuple();
        if tag == DiffTag::Equal {
            push(Word::Same, &new[after]);
        } else {
            push(Word::Removed, &old[before]);
            push(Word::Added, &new[after]);
        }
    }
    words
}

/// How much two texts have in common, from 0 to 100.
pub fn likeness(old: &str, new: &str) -> usize {
    let count = |text: &str| text.chars().count();
    let all = count(old) + count(new);
    let same = |word: &Word| match word {
        Word::Same(text) => count(text),
        _ => 0,
    };
    let same: usize = diff(old, new).iter().map(same).sum();
    (same * 200).checked_div(all).unwrap_or(100)
}

/// A whole text of one kind.
pub fn whole(word: fn(String) -> Word, text: &str) -> Vec<Word> {
    vec![word(text.to_owned())]
}

/// The words of a text, with what stands between them.
pub fn split(text: &str) -> Vec<&str> {
    let segmenter = WordSegmenter::new_dictionary(WordBreakInvariantOptions::default());
    let bounds: Vec<usize> = segmenter.segment_str(text).collect();
    bounds.windows(2).map(|pair| &text[pair[0]..pair[1]]).collect()
}
