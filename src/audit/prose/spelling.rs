//! 错字: names of projects, units and classes with a character or two that are not theirs.

use std::collections::BTreeMap;
use std::ops::Range;

use super::names::folded;

/// So many characters at the beginning or end of a name are looked up.
const KEY: usize = 3;
/// Characters that tell names apart: 二期 is no slip for 一期.
const TELLING: &str = "上下去今明前后离退增减大中小微收支东西南北甲乙丙丁一二三四五六七八九十";

/// Long names by how they begin and end.
#[derive(Default)]
pub struct Spelling {
    known: Vec<Vec<char>>,
    begins: BTreeMap<Vec<char>, Vec<usize>>,
    ends: BTreeMap<Vec<char>, Vec<usize>>,
}

impl Spelling {
    pub fn add(&mut self, name: &str) {
        let name: Vec<char> = name.chars().map(folded).collect();
        if name.len() > KEY {
            let at = self.known.len();
            self.begins.entry(name[..KEY].to_vec()).or_default().push(at);
            self.ends.entry(name[name.len() - KEY..].to_vec()).or_default().push(at);
            self.known.push(name);
        }
    }

    /// Stretches of a text, in bytes, and the names that they seem to be.
    pub fn slips(&self, text: &str) -> Vec<(Range<usize>, String)> {
        let chars: Vec<char> = text.chars().map(folded).collect();
        let mut bytes: Vec<usize> = text.char_indices().map(|(at, _)| at).collect();
        bytes.push(text.len());
        let mut found: Vec<(Range<usize>, String)> = Vec::new();
        for at in 0..(chars.len() + 1).saturating_sub(KEY) {
            let key = &chars[at..at + KEY];
            let begins = self.begins.get(key).into_iter().flatten();
            let ends = self.ends.get(key).into_iter().flatten();
            let windows =
                begins.flat_map(|name| self.windows(*name).map(move |size| (*name, at, at + size)));
            let behind = ends.flat_map(|name| {
                let fits = self.windows(*name).filter_map(move |size| (at + KEY).checked_sub(size));
                fits.map(move |start| (*name, start, at + KEY))
            });
            for (name, start, end) in windows.chain(behind) {
                let known = &self.known[name];
                let Some(own) = chars.get(start..end) else { continue };
                if is_slip(own, known) && !self.is_known(&chars, start, end) {
                    let range = bytes[start]..bytes[end];
                    let name: String = known.iter().collect();
                    if found
                        .iter()
                        .all(|(other, _)| other.end <= range.start || range.end <= other.start)
                    {
                        found.push((range, name));
                    }
                }
            }
        }
        found
    }

    /// The lengths that a slip of a name may have: its own first.
    fn windows(&self, name: usize) -> impl Iterator<Item = usize> + use<> {
        let length = self.known[name].len();
        [length, length + 1, length - 1].into_iter()
    }

    /// Whether a known name stands in a stretch, or around it.
    fn is_known(&self, chars: &[char], start: usize, end: usize) -> bool {
        let from = start.saturating_sub(KEY);
        (from..end.saturating_sub(KEY)).any(|at| {
            let names = self.begins.get(&chars[at..at + KEY]).into_iter().flatten();
            names
                .map(|name| &self.known[*name])
                .any(|name| name.len() + 2 >= end - start && chars[at..].starts_with(name))
        })
    }
}

/// Whether a stretch is a name with a slip: one character in eight, or the same ones otherwise.
fn is_slip(own: &[char], known: &[char]) -> bool {
    if own == known || own.iter().any(|c| !c.is_alphanumeric() && !matches!(c, '(' | ')' | '"')) {
        return false;
    }
    let (one, other): (String, String) = (own.iter().collect(), known.iter().collect());
    let apart = strsim::damerau_levenshtein(&one, &other);
    let sorted = |chars: &[char]| {
        let mut chars = chars.to_vec();
        chars.sort_unstable();
        chars
    };
    let turned = known.len() >= 8 && apart <= 2 && sorted(own) == sorted(known);
    // 河道清淤工作 is no slip for 河道清淤工程, and a name cut short is no slip at all.
    let last = own.len() == known.len() && own.last() != known.last();
    let short = known.len() < 8 && last;
    if own.first() != known.first() || short || other.contains(&one) || one.contains(&other) {
        return false;
    }
    let telling = |one: &[char], other: &[char]| {
        one.iter().any(|c| TELLING.contains(*c) && !other.contains(c))
    };
    (apart <= 1 || turned) && !telling(own, known) && !telling(known, own)
}
