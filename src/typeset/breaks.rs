//! Where a text breaks that has no place of its own to break, and what of it is a number.

use std::ops::Range;

use unicode_normalization::char::is_combining_mark;

/// Characters of the longest number; more digits in a row are a code.
const LONGEST_NUMBER: usize = 24;
/// The same, of one with commas or a point.
const LONGEST_AMOUNT: usize = 40;

/// The bytes before which a line may end, inside stretches that are wider than `room`. A number
/// breaks only if it is wider than that by itself.
pub fn breaks(text: &str, room: f64, width: impl Fn(&str) -> f64) -> Vec<usize> {
    // No character is wider than a Han character.
    if text.chars().count() as f64 <= room {
        return Vec::new();
    }
    let wide = runs(text).into_iter().filter(|run| width(&text[run.clone()]) > room);
    let mut places = Vec::new();
    for run in wide {
        let kept = numbers(&text[run.clone()]);
        let kept = kept.into_iter().map(|it| run.start + it.start..run.start + it.end);
        let kept: Vec<_> = kept.filter(|number| width(&text[number.clone()]) <= room).collect();
        let inside = text[run.clone()].char_indices().skip(1);
        let inside = inside.filter(|(_, c)| !joins(*c)).map(|(at, _)| run.start + at);
        places.extend(inside.filter(|at| !kept.iter().any(|it| it.start < *at && *at < it.end)));
    }
    places
}

/// A character that belongs to the one before it.
fn joins(c: char) -> bool {
    is_combining_mark(c) || matches!(c, '\u{200D}' | '\u{FE00}'..='\u{FE0F}')
}

/// The stretches of a text that lines do not break inside by themselves; some may be shorter.
fn runs(text: &str) -> Vec<Range<usize>> {
    let mut runs = Vec::new();
    let (mut start, mut before) = (0, None);
    for (at, c) in text.char_indices() {
        if before.is_some_and(|before| may_part(before, c)) {
            runs.push(start..at);
            start = at;
        }
        before = Some(c);
    }
    runs.push(start..text.len());
    runs
}

/// Whether a line surely may end between two characters (UAX #14).
fn may_part(before: char, after: char) -> bool {
    match (kind(before), kind(after)) {
        (Kind::Blank, after) => after != Kind::Blank,
        (Kind::Han | Kind::Close, Kind::Han | Kind::Open | Kind::Other)
        | (Kind::Other | Kind::Tight, Kind::Han) => true,
        _ => false,
    }
}

#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Blank,
    Han,
    Open,
    Close,
    /// What no line begins with, and ends before Han only: the marks of Latin text.
    Tight,
    /// Quotes and dashes, beside which a line seldom may end.
    Tied,
    Other,
}

fn kind(c: char) -> Kind {
    match c {
        ' ' | '\u{3000}' | '\n' => Kind::Blank,
        '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}' | '\u{20000}'..='\u{3FFFF}' => Kind::Han,
        '(' | '[' | '{' | '+' | '\\' | '$' | '¥' | '£' | '€' | '№' | '±' => Kind::Open,
        '＋' | '￥' | '＄' | '￡' => Kind::Open,
        ')' | ']' | '}' | '.' | ',' | ':' | ';' | '!' | '?' | '/' | '-' => Kind::Tight,
        '%' | '‰' | '℃' | '°' | '¢' | '％' | '￠' | '．' => Kind::Tight,
        '（' | '《' | '〈' | '【' | '〔' | '「' | '『' => Kind::Open,
        '）' | '》' | '〉' | '】' | '〕' | '」' | '』' => Kind::Close,
        '，' | '。' | '、' | '；' | '：' | '？' | '！' => Kind::Close,
        '\u{2010}'..='\u{2027}' | '"' | '\'' => Kind::Tied,
        // Blanks that forbid a break.
        '\u{A0}' | '\u{2007}' | '\u{202F}' => Kind::Tied,
        _ => Kind::Other,
    }
}

/// The numbers in a text, with sign and separators.
pub fn numbers(text: &str) -> Vec<Range<usize>> {
    let bytes = text.as_bytes();
    let is_part = |at: usize| bytes[at].is_ascii_digit() || b",.".contains(&bytes[at]);
    let is_letter = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_alphanumeric);
    let mut numbers = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        if !bytes[at].is_ascii_digit() {
            at += 1;
            continue;
        }
        let start = at;
        while at < bytes.len() && is_part(at) {
            at += 1;
        }
        let mut end = at;
        while !bytes[end - 1].is_ascii_digit() {
            end -= 1;
        }
        let is_alone = !(is_letter(at) || start > 0 && is_letter(start - 1));
        let is_amount = bytes[start..end].iter().any(|byte| b",.".contains(byte));
        let longest = if is_amount { LONGEST_AMOUNT } else { LONGEST_NUMBER };
        if is_alone && end - start <= longest {
            let sign = usize::from(start > 0 && bytes[start - 1] == b'-');
            numbers.push(start - sign..end + usize::from(bytes.get(end) == Some(&b'%')));
        }
    }
    numbers
}
