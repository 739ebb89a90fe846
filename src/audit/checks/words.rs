//! 措辞: words, years and names in the texts of a report.

use super::{Hit, Patterns, View};
use crate::audit::passages::Passage;

impl View<'_> {
    /// The first match of each pattern in each passage; of a group 词 in it, only that is shown. A
    /// pattern may group the part that is at fault; unless the form's own text counts too (`forms`), that part must be the source's.
    pub(super) fn patterns(&self, patterns: &Patterns<'_>, forms: bool) -> Vec<Hit> {
        let mut hits = Vec::new();
        for passage in &self.passages.all {
            let found = patterns.found_in(&passage.text).filter_map(|pattern| {
                let mut all = pattern.captures_iter(&passage.text);
                let at_fault = all.find(|found| {
                    let part = found.get(1).or(found.get(0)).map(|part| part.range());
                    forms || part.is_some_and(|part| !passage.is_forms(part))
                });
                let found = at_fault?;
                found.name("词").or(found.get(0)).map(|found| found.range())
            });
            hits.extend(
                found.map(|found| self.hit(passage, found.start, &passage.text[found.clone()])),
            );
        }
        hits
    }

    /// 用于用于, 包括：包括, 差旅费、差旅费: words twice, perhaps with a mark between. `allowed` are
    /// patterns of words that are none; behind a + they are patterns of more that are.
    pub(super) fn repetitions(&self, allowed: &[String]) -> Result<Vec<Hit>, String> {
        let (more, allowed): (Vec<&String>, Vec<&String>) =
            allowed.iter().partition(|word| word.starts_with('+'));
        let more: Vec<String> = more.into_iter().map(|word| word[1..].to_owned()).collect();
        let allowed: Vec<String> =
            allowed.into_iter().map(|word| format!("^(?:{word})$")).collect();
        let allowed = Patterns::new(&allowed)?;
        let mut hits = self.patterns(&Patterns::new(&more)?, false);
        for passage in &self.passages.all {
            let characters: Vec<(usize, char)> = passage.text.char_indices().collect();
            let mut at = 0;
            while at < characters.len() {
                match repeated(&characters, at, &allowed) {
                    Some(length) => {
                        let end = characters.get(at + length).map_or(passage.text.len(), |c| c.0);
                        let start = characters[at].0;
                        if !passage.is_forms(start..end) {
                            hits.push(self.hit(passage, start, &passage.text[start..end]));
                        }
                        at += length;
                    }
                    None => at += 1,
                }
            }
        }
        Ok(hits)
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
                    let found = self.hit(passage, *at, word);
                    let both = format!("“{first}、{word}”");
                    let message = found.message.replacen(&format!("“{word}”"), &both, 1);
                    Hit { message, ..found }
                })
                .collect(),
        }
    }

    /// A name that begins as the department's and stops short of it, and is no unit's either. Words:
    /// how the names of other offices end.
    pub(super) fn names(&self, offices: &[String]) -> Vec<Hit> {
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
                let behind: String = rest.chars().skip(least).take(OFFICE).collect();
                if offices.iter().any(|office| behind.contains(office.as_str())) {
                    continue;
                }
                if !whole.iter().any(|name| rest.starts_with(name)) {
                    let shown: String = rest.chars().take(characters.len()).collect();
                    hits.push(self.hit(passage, at, &shown));
                }
            }
        }
        hits
    }
}

/// How far behind its beginning the name of an office ends.
const OFFICE: usize = 8;
/// The longest word that is looked for twice.
const LONGEST: usize = 8;

/// How many characters a repetition takes that begins at one.
fn repeated(characters: &[(usize, char)], at: usize, allowed: &Patterns<'_>) -> Option<usize> {
    let mark = |at: usize| characters.get(at).map(|(_, c)| *c);
    let stands_alone = |from: usize, to: usize| {
        let before = from.checked_sub(1).and_then(mark);
        let is_word = |c: Option<char>| c.is_some_and(is_part);
        !is_word(before)
            && (!is_word(mark(to)) || matches!(mark(to), Some('和' | '与' | '及' | '等')))
    };
    for length in 2..=LONGEST {
        let first = characters.get(at..at + length)?;
        if !is_word(first) {
            continue;
        }
        let gap = usize::from(matches!(mark(at + length), Some('：' | ':' | '、')));
        let listed = mark(at + length) == Some('、');
        let second = characters.get(at + length + gap..).and_then(|rest| rest.get(..length));
        let end = at + 2 * length + gap;
        let letters = || first.iter().map(|(_, c)| *c).collect::<String>();
        let same = |(one, other): (&(usize, char), &(usize, char))| one.1 == other.1;
        let twice = second.is_some_and(|second| first.iter().zip(second).all(same));
        let counts = if listed { stands_alone(at, end) } else { length <= 6 };
        if twice && counts && !allowed.is_match(&letters()) {
            return Some(2 * length + gap);
        }
    }
    None
}

/// Characters of a word: Chinese, or digits before them (2023年).
fn is_word(characters: &[(usize, char)]) -> bool {
    characters.iter().all(|(_, c)| is_part(*c))
        && characters.last().is_some_and(|(_, c)| is_han(*c))
}

fn is_part(c: char) -> bool {
    is_han(c) || c.is_ascii_digit()
}

fn is_han(c: char) -> bool {
    matches!(c, '\u{4E00}'..='\u{9FFF}')
}
