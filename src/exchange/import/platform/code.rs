//! Codes of classes, as people and platforms write them.

use std::sync::LazyLock;

use regex::Regex;

use crate::source::text::is_unseen;

/// A code, and the name beside it in the same cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Code {
    pub code: String,
    pub name: String,
}

/// The levels of a code: 类, 款 and, of what money is for, 项.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    Functional,
    Economic,
}

fn folded(text: &str) -> String {
    let fold = |c: char| match c {
        '０'..='９' | '．' | '－' => char::from_u32(c as u32 - 0xFEE0).unwrap_or(c),
        '–' | '—' => '-',
        c => c,
    };
    text.chars().filter(|c| !is_unseen(*c)).map(fold).collect()
}

/// `2080150`, `[2080150]事业运行`, `208.01.50 事业运行`, `2080150.0`, `208社会保障>20801>2080150事业运行`
pub fn split(text: &str, side: Side) -> Option<Code> {
    static FORM: LazyLock<Regex> = LazyLock::new(|| {
        let pattern = r"^[\[【（(\s]*(\d{3})(?:[.\s·-]*(\d\d)(?:[.\s·-]*(\d\d))?)?(\D.*)?$";
        Regex::new(pattern).expect("a pattern of the program is one")
    });
    let text = folded(text);
    // A number that was shown with decimals.
    let whole = text.trim().split_once('.').filter(|(_, zeros)| zeros.trim_matches('0').is_empty());
    let found = FORM.captures(whole.map_or(text.trim(), |(whole, _)| whole))?;
    let group = |at| found.get(at).map_or("", |it: regex::Match<'_>| it.as_str());
    let first = [group(1), group(2), group(3)].concat();
    let (code, name) = last(first, group(4))?;
    let name = name.trim_start_matches(is_mark).trim().to_owned();
    // What follows has to be a name: digits would be more of the code, or another one.
    let fits = side == Side::Functional || code.len() < 7;
    let runs = name.split(|c: char| !c.is_ascii_digit()).any(|run| run.len() > 4);
    let is_name = !runs && !name.starts_with(|c: char| c.is_ascii_digit());
    (fits && is_name).then_some(Code { code, name })
}

fn is_mark(c: char) -> bool {
    c.is_whitespace() || "[]【】（）()-_.:：/>→".contains(c)
}

/// The last code of a path (`201一般公共服务>20103政府办公厅>2010302一般行政管理事务`) and what follows it;
/// `None` where a code is not within the one before.
fn last(first: String, rest: &str) -> Option<(String, &str)> {
    static NEXT: LazyLock<Regex> = LazyLock::new(|| {
        let pattern = r"[>＞→»/／\\|｜_;；,，、:：\[【〔\s-](\d{3}(?:\.?\d\d){0,2})";
        Regex::new(pattern).expect("a pattern of the program is one")
    });
    let (mut code, mut name) = (first, rest);
    for found in NEXT.captures_iter(rest) {
        let Some(next) = found.get(1) else { continue };
        let after = &rest[next.end()..];
        if after.starts_with(|c: char| c.is_ascii_digit()) {
            continue;
        }
        let next = next.as_str().replace('.', "");
        if !next.starts_with(&code) {
            return None;
        }
        (code, name) = (next, after);
    }
    Some((code, name))
}

/// A code in columns of its levels: `201`, `3`, `02`, each perhaps with its name or whole.
pub fn joined(levels: &[String], side: Side) -> Option<Code> {
    let mut joined = split(levels.first()?, side)?;
    for level in levels[1..].iter().filter(|level| !level.trim().is_empty()) {
        let level = folded(level.trim());
        let end = level.find(|c: char| !c.is_ascii_digit()).unwrap_or(level.len());
        let (digits, rest) = level.split_at(end);
        let whole = split(&level, side).filter(|it| it.code.len() > joined.code.len());
        joined = match (digits.len(), whole) {
            (1 | 2, _) => split(
                &format!("{}{digits:0>2}{}", joined.code, rest.trim_start_matches(".0")),
                side,
            )?,
            (_, Some(whole)) if whole.code.starts_with(&joined.code) => whole,
            _ => return None,
        };
    }
    Some(joined)
}
