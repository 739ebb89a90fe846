//! Units of money, as heads, titles and notes name them: （万元）, 单位：千元, 以万元为单位.

use std::sync::LazyLock;

use regex::Regex;
use rust_decimal::Decimal;

use super::aliases::Aliases;
use crate::audit::bare;

/// What a text says of the unit of amounts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Said {
    /// So many yuan.
    One(Decimal),
    /// Several units, or none that is known.
    Unclear,
}

impl Said {
    /// What two texts say together.
    pub fn with(self, other: Self) -> Self {
        if self == other { self } else { Self::Unclear }
    }
}

fn pattern(pattern: &str) -> Regex {
    Regex::new(pattern).expect("a pattern of the program is one")
}

static BRACKETS: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"[（(\[【〔]([^（()）\[\]【】〔〕]{1,12})[）)\]】〕]"));
static LABEL: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"单位(?:[:：]|为|是)([^，,。；;（()）\[\]【】〔〕]{1,12})"));
static COUNTED: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"[以按用]([^以按用，,。；;]{1,6}?)(?:为(?:计量|金额|货币)?单位|计)"));
static LAST: LazyLock<Regex> = LazyLock::new(|| pattern(r"(?:^|[\s:：])([^\s:：]{1,8})$"));

impl Aliases {
    /// What a title or a line beside the table says.
    pub fn unit_in(&self, text: &str) -> Option<Said> {
        let whole = bare(text);
        let bracket = |it: &str| self.unit_of_note(it).or_else(|| self.named(it, true));
        let brackets = BRACKETS.captures_iter(&whole).filter_map(|it| bracket(&it[1]));
        let last = LAST.captures(text.trim()).and_then(|it| self.named(&it[1], false));
        brackets.chain(self.unit_of_note(text)).chain(last).reduce(Said::with)
    }

    /// What a line says that speaks of a unit in so many words.
    pub fn unit_of_note(&self, text: &str) -> Option<Said> {
        let text = bare(text);
        let all = LABEL.captures_iter(&text).chain(COUNTED.captures_iter(&text));
        all.filter_map(|it| self.named(&it[1], true)).reduce(Said::with)
    }

    /// What a line below the table says: 单位：万元, or 万元 in a cell of its own.
    pub fn unit_below(&self, text: &str) -> Option<Said> {
        let whole = bare(text);
        let alone = whole.trim_matches(['（', '）', '(', ')', '【', '】']);
        self.unit_of_note(text).or_else(|| self.named(alone, false))
    }

    /// What the head of a column says: 金额万元, too.
    pub fn unit_of_head(&self, text: &str) -> Option<Said> {
        let text = text.trim_end_matches(MARKS);
        let last = || self.last_unit(&bare(text)).and_then(|word| self.named(word, false));
        self.unit_in(text).or_else(last)
    }

    /// 2023年金额（万元） → 金额
    pub fn without_unit(&self, name: &str) -> String {
        let bare = bare(name);
        let mut name = bare.trim_matches(MARKS);
        let is_unit = |found: &regex::Captures<'_>| {
            self.named(&found[1], true).or_else(|| self.unit_of_note(&found[1])).is_some()
        };
        let found = BRACKETS.captures_iter(name).find(is_unit);
        if let Some(found) = found.and_then(|it| it.get(0)) {
            name = &name[..found.start()];
        } else if let Some(word) = self.last_unit(name) {
            name = name[..name.len() - word.len()].trim_end_matches([':', '：', '/', '-']);
        }
        let name = name.trim_start_matches("其中：");
        let year = name.split_once("年度").or_else(|| name.split_once('年'));
        let year = year.filter(|(year, _)| year.len() == 4 && year.parse::<u32>().is_ok());
        year.map_or(name, |(_, rest)| rest).to_owned()
    }

    /// The unit that a name ends with.
    fn last_unit<'n>(&self, name: &'n str) -> Option<&'n str> {
        let words = self.money.0.iter().map(|(word, _)| word.text.as_str());
        let found = words.filter(|word| name.ends_with(word) && name.len() > word.len());
        let start = name.len() - found.map(str::len).max()?;
        let (name, word) = name.split_at(start);
        (!name.ends_with(|c: char| c.is_ascii_digit())).then_some(word)
    }

    /// The unit that is named; a word that is none may still look like one.
    fn named(&self, text: &str, looks: bool) -> Option<Said> {
        let text = text.trim().trim_start_matches("人民币");
        let factor = self.money.get(text).and_then(|it| Decimal::from_str_exact(&it.text).ok());
        if let Some(factor) = factor {
            return Some(Said::One(factor));
        }
        let mut parts = text.split(['/', '／', '、', '或', '和', '及', '|']);
        let is_several = parts.any(|part| self.money.get(part).is_some());
        let is_other = looks
            && text.chars().count() < 6
            && !text.contains(|c: char| c.is_ascii_digit())
            && text.ends_with(['元', '币', '圆', '圓', '億', '萬']);
        (is_several || is_other).then_some(Said::Unclear)
    }
}

/// What marks a column that has to be filled in.
const MARKS: [char; 3] = ['*', '＊', '※'];
