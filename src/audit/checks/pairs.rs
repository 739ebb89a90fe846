//! 成对: brackets, quotes and title marks that nothing opens or closes.

use super::{Hit, View};

/// What opens, and what closes it.
const PAIRS: [(char, char); 8] = [
    ('（', '）'),
    ('【', '】'),
    ('〔', '〕'),
    ('《', '》'),
    ('“', '”'),
    ('‘', '’'),
    ('「', '」'),
    ('[', ']'),
];

impl View<'_> {
    pub(super) fn pairs(&self) -> Vec<Hit> {
        let mut hits = Vec::new();
        for passage in &self.passages.all {
            for (at, c) in unpaired(&passage.text) {
                if !passage.is_forms(at..at + 1) {
                    let found = &passage.text[at..at + c.len_utf8()];
                    hits.push(self.hit(passage, at, found));
                }
            }
        }
        hits
    }
}

/// The marks of a text that stand alone.
fn unpaired(text: &str) -> Vec<(usize, char)> {
    let wide = |c: char| match c {
        '(' => '（',
        ')' => '）',
        c => c,
    };
    let mut open: Vec<(usize, char)> = Vec::new();
    let mut alone = Vec::new();
    for (at, c) in text.char_indices() {
        let closes = PAIRS.iter().find(|(_, close)| *close == wide(c));
        if PAIRS.iter().any(|(open, _)| *open == wide(c)) {
            open.push((at, c));
        } else if let Some((wanted, _)) = closes {
            match open.pop() {
                Some((_, opened)) if wide(opened) == *wanted => {}
                None if numbers_item(&text[..at]) => {}
                _ => alone.push((at, c)),
            }
        }
    }
    alone.extend(open);
    alone.sort_unstable();
    alone
}

/// 1）, 一): a closing bracket that only numbers what follows.
fn numbers_item(before: &str) -> bool {
    let is_number = |c: char| c.is_ascii_alphanumeric() || "一二三四五六七八九十".contains(c);
    let rest = before.trim_end_matches(is_number);
    let digits = before[rest.len()..].chars().count();
    (1..=3).contains(&digits) && rest.chars().next_back().is_none_or(|c| !c.is_alphanumeric())
}
