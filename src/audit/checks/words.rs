//! 措辞: words, years and names in the texts of a report.

use std::sync::LazyLock;

use regex::Regex;

use super::{Hit, View, hit};
use crate::audit::passages::Passage;

impl View<'_> {
    /// The first match of each pattern in each passage; of a group 词 in it, only that is shown. A
    /// pattern may group the part that is at fault; unless the form's own text counts too (`forms`), that part must be the source's.
    pub(super) fn patterns(&self, patterns: &[Regex], forms: bool) -> Vec<Hit> {
        let mut hits = Vec::new();
        for passage in &self.passages.all {
            let found = patterns.iter().filter_map(|pattern| {
                let mut all = pattern.captures_iter(&passage.text);
                let at_fault = all.find(|found| {
                    let part = found.get(1).or(found.get(0)).map(|part| part.range());
                    forms || part.is_some_and(|part| !passage.is_forms(part))
                });
                let found = at_fault?;
                found.name("词").or(found.get(0))
            });
            hits.extend(found.map(|found| hit(passage, found.start(), found.as_str())));
        }
        hits
    }

    /// 用于用于, 包括：包括: two to four characters twice, perhaps with a mark between.
    pub(super) fn repetitions(&self, allowed: &[String]) -> Vec<Hit> {
        let mut hits = Vec::new();
        for passage in &self.passages.all {
            let characters: Vec<(usize, char)> = passage.text.char_indices().collect();
            let mut at = 0;
            while at < characters.len() {
                match repeated(&characters[at..], allowed) {
                    Some(length) => {
                        let end = characters.get(at + length).map_or(passage.text.len(), |c| c.0);
                        let start = characters[at].0;
                        if !passage.is_forms(start..end) {
                            hits.push(hit(passage, start, &passage.text[start..end]));
                        }
                        at += length;
                    }
                    None => at += 1,
                }
            }
        }
        hits
    }

    /// Years other than this and the last, except where a pattern says that they belong.
    pub(super) fn years(&self, allowed: &[Regex]) -> Vec<Hit> {
        let this = self.budget.source.value.year.count;
        static YEAR: LazyLock<Regex> =
            LazyLock::new(|| Regex::new(r"(19|20)\d\d年").expect("the pattern is valid"));
        let mut hits = Vec::new();
        for passage in &self.passages.all {
            if allowed.iter().any(|pattern| pattern.is_match(&passage.text)) {
                continue;
            }
            for found in YEAR.find_iter(&passage.text) {
                let number: u32 = found.as_str()[..4].parse().unwrap_or(this);
                if number != this && number + 1 != this {
                    hits.push(hit(passage, found.start(), found.as_str()));
                }
            }
        }
        hits
    }

    /// Words of which a report should use only one.
    pub(super) fn mixed(&self, words: &[String]) -> Vec<Hit> {
        let is_forms = |(word, passage, at): &(&String, &Passage<'_>, usize)| {
            passage.is_forms(*at..at + word.len())
        };
        let mut firsts: Vec<(&String, &Passage<'_>, usize)> = Vec::new();
        for word in words {
            let all = self.passages.all.iter().flat_map(|passage| {
                passage.text.match_indices(word.as_str()).map(move |(at, _)| (word, passage, at))
            });
            let mut found = all.peekable();
            let first = found.peek().copied();
            firsts.extend(found.find(|it| !is_forms(it)).or(first));
        }
        // Nobody who fills the form in can change what the form itself says.
        firsts.sort_by_key(|it| !is_forms(it));
        match firsts.as_slice() {
            [] | [_] => Vec::new(),
            [(first, ..), rest @ ..] => rest
                .iter()
                .filter(|it| !is_forms(it))
                .map(|(word, passage, at)| {
                    let found = hit(passage, *at, word);
                    let both = format!("“{first}、{word}”");
                    let message = found.message.replacen(&format!("“{word}”"), &both, 1);
                    Hit { message, ..found }
                })
                .collect(),
        }
    }

    /// A name that begins as the department's and stops short of it, and is no unit's either.
    pub(super) fn names(&self) -> Vec<Hit> {
        let name = &self.budget.source.value.department.name.text;
        let characters: Vec<char> = name.chars().collect();
        let least = characters.len() * 4 / 5;
        let Some(start) = characters.get(..least).filter(|start| start.len() >= 4) else {
            return Vec::new();
        };
        let start: String = start.iter().collect();
        let units = self.budget.units.iter().map(|unit| unit.name.as_str());
        let whole: Vec<&str> = units.chain([name.as_str()]).collect();
        let mut hits = Vec::new();
        for passage in &self.passages.all {
            for (at, _) in passage.text.match_indices(&start) {
                let rest = &passage.text[at..];
                if !whole.iter().any(|name| rest.starts_with(name)) {
                    let shown: String = rest.chars().take(characters.len()).collect();
                    hits.push(hit(passage, at, &shown));
                }
            }
        }
        hits
    }
}

/// How many characters a repetition takes that stands at the start.
fn repeated(characters: &[(usize, char)], allowed: &[String]) -> Option<usize> {
    for length in 2..=4 {
        let first = characters.get(..length).filter(|word| word.iter().all(|(_, c)| is_han(*c)))?;
        let mark = characters.get(length).is_some_and(|(_, c)| matches!(c, '：' | ':'));
        let gap = usize::from(mark);
        let second = characters.get(length + gap..).and_then(|rest| rest.get(..length));
        let letters = |word: &[(usize, char)]| word.iter().map(|(_, c)| *c).collect::<String>();
        let same = |(one, other): (&(usize, char), &(usize, char))| one.1 == other.1;
        if second.is_some_and(|second| first.iter().zip(second).all(same))
            && !allowed.contains(&letters(first))
        {
            return Some(2 * length + gap);
        }
    }
    None
}

fn is_han(c: char) -> bool {
    matches!(c, '\u{4E00}'..='\u{9FFF}')
}
