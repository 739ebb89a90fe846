//! A text as tokens: names, numbers with their units, years, words, stops.

use std::ops::Range;

use rust_decimal::Decimal;

use super::leaf::Leaf;
use super::names::{Names, Sense};
use super::number::{self, Digits};
use super::vocabulary::Word;
use crate::budget::{Figure, Format, Measure};

/// A stretch of a text, in bytes of it, and what it is.
#[derive(Debug, Clone)]
pub struct Token<'a> {
    pub range: Range<usize>,
    pub is: Is<'a>,
}

#[derive(Debug, Clone)]
pub enum Is<'a> {
    Name(Vec<usize>),
    Unit(Option<usize>),
    Word(Word),
    Number(Number<'a>),
    Year(u32),
    /// A day or month: 8月底.
    Date,
    Stop(Stop),
    /// What nobody knows here.
    Other,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stop {
    /// 、
    List,
    /// ，（）：
    Clause,
    /// 。；
    Sentence,
}

#[derive(Debug, Clone, PartialEq)]
pub enum Unit {
    /// So many 元.
    Money(Decimal),
    Percent,
    /// 百分点, 倍, 成
    Ratio,
    /// 人, 辆
    Count(String),
    None,
}

/// How a number is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Near {
    Exact,
    /// 约, 左右
    About,
    /// 近
    Nearly,
    /// 多, 余
    Over,
    AtLeast,
    AtMost,
}

#[derive(Debug, Clone)]
pub struct Number<'a> {
    /// As typed, in its own unit.
    pub typed: Decimal,
    pub slack: Decimal,
    pub telling: usize,
    pub unit: Unit,
    pub near: Near,
    /// The figure that an expression printed here, and how.
    pub quoted: Option<(&'a Figure, &'a Format)>,
}

impl Number<'_> {
    /// The values that are meant: in 元 for money.
    pub fn bounds(&self) -> (Option<Decimal>, Option<Decimal>) {
        let factor = match self.unit {
            Unit::Money(yuan) => yuan,
            _ => Decimal::ONE,
        };
        let (value, slack) = (self.typed, self.slack);
        let percent = |percent: i64| value * Decimal::new(percent, 2);
        let (low, high) = match self.near {
            Near::Exact => (Some(value - slack), Some(value + slack)),
            Near::About => (Some(percent(94) - slack), Some(percent(106) + slack)),
            Near::Nearly => (Some(percent(88)), Some(value + slack)),
            Near::Over => (Some(value - slack), Some(value + self.last_place())),
            Near::AtLeast => (Some(value - slack), None),
            Near::AtMost => (None, Some(value + slack)),
        };
        (low.map(|it| it * factor), high.map(|it| it * factor))
    }

    /// What the last digit that says something stands for: 100 of 1,200.
    fn last_place(&self) -> Decimal {
        let mut place = Decimal::new(1, self.typed.scale());
        let ten = Decimal::TEN;
        while !self.typed.is_zero() && (self.typed % (place * ten)).is_zero() {
            place *= ten;
        }
        place
    }
}

pub struct Reader<'n, 'a> {
    pub names: &'n Names<'a>,
}

impl<'a> Reader<'_, 'a> {
    pub fn tokens(&self, leaf: &Leaf<'a>) -> Vec<Token<'a>> {
        let text = leaf.text();
        let chars: Vec<char> = text.chars().collect();
        let mut bytes: Vec<usize> = text.char_indices().map(|(at, _)| at).collect();
        bytes.push(text.len());
        let mut tokens: Vec<Token<'a>> = Vec::new();
        let mut at = 0;
        while at < chars.len() {
            let quoted = leaf.quoted.iter().find(|(range, ..)| range.start == bytes[at]);
            let (length, is) = match quoted {
                Some((range, figure, format)) => {
                    let end = bytes.partition_point(|byte| *byte < range.end);
                    self.quoted(&chars, (at, end), (figure, format))
                }
                None if chars[at].is_whitespace() && chars[at] != '\n' => {
                    at += 1;
                    continue;
                }
                None => self.token(&chars, at, tokens.last()),
            };
            let range = bytes[at]..bytes[at + length];
            match (tokens.last_mut(), &is) {
                (Some(Token { range: last, is: Is::Other }), Is::Other)
                    if last.end == range.start =>
                {
                    last.end = range.end;
                }
                _ => tokens.push(Token { range, is }),
            }
            at += length;
        }
        near(&mut tokens);
        tokens
    }

    fn token(&self, chars: &[char], at: usize, before: Option<&Token<'_>>) -> (usize, Is<'a>) {
        let c = chars[at];
        if let Some(stop) = stop(c) {
            return (1, Is::Stop(stop));
        }
        let sense = self.names.at(chars, at);
        let number = self.number(chars, at);
        // 三公经费 and 二期工程 are no numbers.
        let is_name = |length: usize| matches!(sense, Some((name, _)) if name > length);
        if let Some((length, is)) = number
            && !is_name(length)
        {
            return (length, is);
        }
        match sense {
            // One character inside what nobody knows is a part of it.
            Some((1, Sense::Word(_)))
                if matches!(before, Some(Token { is: Is::Other, .. }))
                    && !at.checked_sub(1).is_some_and(|it| chars[it].is_whitespace())
                    && !self.begins(chars, at + 1) =>
            {
                (1, Is::Other)
            }
            Some((length, sense)) => {
                let is = match sense {
                    Sense::Word(Word::Foreign) => Is::Other,
                    Sense::Word(word) => Is::Word(*word),
                    Sense::Facts(facts) => Is::Name(facts.clone()),
                    Sense::Unit(unit) => Is::Unit(*unit),
                };
                (length, is)
            }
            None => (1, Is::Other),
        }
    }

    /// Whether a number or a longer word begins at a character.
    fn begins(&self, chars: &[char], at: usize) -> bool {
        let is_digit = chars.get(at).is_some_and(|next| number::digit(*next).is_some());
        is_digit || matches!(self.names.at(chars, at), Some((length, _)) if length > 1)
    }

    fn number(&self, chars: &[char], at: usize) -> Option<(usize, Is<'a>)> {
        if chars[at..].starts_with(&['百', '分', '之'])
            && let Some(digits) = number::numeral_at(chars, at + 3)
        {
            return Some((digits.end - at, Is::Number(made(digits, Unit::Percent, Near::Exact))));
        }
        if let Some(year) = number::chinese_year_at(chars, at)
            && chars.get(at + 4) == Some(&'年')
        {
            return Some((5, Is::Year(year)));
        }
        let digits = number::digits_at(chars, at);
        let chinese = digits.is_none();
        // 第三方, 十四五: no numbers.
        let ordinal = at > 0 && matches!(chars[at - 1], '第' | '“' | '初');
        let digits = digits.or_else(|| number::numeral_at(chars, at).filter(|_| !ordinal))?;
        let blank = |mut at: usize| {
            while chars.get(at).is_some_and(|c| c.is_whitespace() && *c != '\n') {
                at += 1;
            }
            at
        };
        let mut end = blank(digits.end);
        match chars.get(end) {
            Some('年') if !chinese && digits.end - at == 4 => {
                let year = u32::try_from(digits.value).ok()?;
                let more = usize::from(chars.get(end + 1) == Some(&'度'));
                return Some((end + 1 + more - at, Is::Year(year)));
            }
            Some('月' | '日' | '号') => return Some((end + 1 - at, Is::Date)),
            _ => {}
        }
        let over = chars.get(end).is_some_and(|c| matches!(c, '多' | '余'));
        end = blank(end + usize::from(over));
        let near = if over { Near::Over } else { Near::Exact };
        match self.unit(chars, end) {
            Some((length, unit, factor)) => {
                let digits =
                    Digits { value: digits.value * factor, slack: digits.slack * factor, ..digits };
                Some((end + length - at, Is::Number(made(digits, unit, near))))
            }
            None if chinese => None,
            None => Some((digits.end - at, Is::Number(made(digits, Unit::None, near)))),
        }
    }

    /// The unit at a character: its length, what it is, what the number before it is taken times.
    fn unit(&self, chars: &[char], at: usize) -> Option<(usize, Unit, Decimal)> {
        let one = Decimal::ONE;
        let starts = |word: &str| {
            let word: Vec<char> = word.chars().collect();
            chars[at.min(chars.len())..].starts_with(&word).then_some(word.len())
        };
        match chars.get(at)? {
            '%' | '％' => return Some((1, Unit::Percent, one)),
            '倍' | '成' | '‰' => return Some((1, Unit::Ratio, one)),
            _ => {}
        }
        if let Some(length) = starts("个百分点").or_else(|| starts("百分点")) {
            return Some((length, Unit::Ratio, one));
        }
        let vocabulary = self.names.vocabulary;
        let money = vocabulary.money.0.iter().filter_map(|(name, yuan)| {
            let yuan = Decimal::from_str_exact(&yuan.text).ok()?;
            Some((starts(&name.text)?, yuan))
        });
        let money = money.max_by_key(|(length, _)| *length);
        let counter = |at: usize| {
            let found = vocabulary.counters.iter().filter_map(|word| {
                let letters: Vec<char> = word.text.chars().collect();
                chars.get(at..)?.starts_with(&letters).then_some((letters.len(), &word.text))
            });
            found.max_by_key(|(length, _)| *length)
        };
        match money {
            Some((length, yuan)) => {
                let is_bare = chars[at + length - 1] != '元' && chars[at + length - 1] != '圆';
                match counter(at + length).filter(|_| is_bare) {
                    Some((more, word)) => Some((length + more, Unit::Count(word.clone()), yuan)),
                    None if is_bare && !ends_money(chars, at + length) => {
                        Some((length, Unit::Count(String::new()), yuan))
                    }
                    None => Some((length, Unit::Money(yuan), one)),
                }
            }
            None => counter(at).map(|(length, word)| (length, Unit::Count(word.clone()), one)),
        }
    }

    fn quoted(
        &self,
        chars: &[char],
        (start, end): (usize, usize),
        (figure, format): (&'a Figure, &'a Format),
    ) -> (usize, Is<'a>) {
        let unit = self.unit(chars, end);
        let typed = match figure.measure() {
            Measure::Money => format.rounded(figure.amount()),
            _ => figure.amount(),
        };
        let slack = match figure.measure() {
            Measure::Money => Decimal::new(5, format.decimals + 1),
            Measure::Percent => Decimal::new(5, format.rate_decimals + 1),
            _ => Decimal::ZERO,
        };
        let (length, unit) = unit.map_or((0, Unit::None), |(length, unit, _)| (length, unit));
        let number = Number {
            typed,
            slack,
            telling: 9,
            unit,
            near: Near::Exact,
            quoted: Some((figure, format)),
        };
        (end + length - start, Is::Number(number))
    }
}

fn made<'a>(digits: Digits, unit: Unit, near: Near) -> Number<'a> {
    let Digits { value, slack, telling, .. } = digits;
    Number { typed: value, slack, telling, unit, near, quoted: None }
}

/// 5657万 is money where the sentence goes on behind it, not before 张 or 参保人.
fn ends_money(chars: &[char], at: usize) -> bool {
    let rest: String = chars[at..].iter().take(2).collect();
    let next = chars.get(at).copied();
    next.is_none_or(|c| !('\u{4E00}'..='\u{9FFF}').contains(&c) && !c.is_ascii_alphanumeric())
        || ["左右", "用于", "主要", "其中", "以上", "以下", "以内"].contains(&rest.as_str())
}

fn stop(c: char) -> Option<Stop> {
    Some(match c {
        '。' | '；' | ';' | '！' | '？' | '!' | '?' | '\n' => Stop::Sentence,
        '，' | ',' | '（' | '）' | '(' | ')' | '：' | ':' | '—' | '-' => Stop::Clause,
        '、' => Stop::List,
        _ => return None,
    })
}

/// 约 and 不超过 before numbers, 左右 and 以上 behind them.
fn near(tokens: &mut [Token<'_>]) {
    let word = |token: Option<&Token<'_>>| match token {
        Some(Token { is: Is::Word(word), .. }) => Some(*word),
        _ => None,
    };
    for at in 0..tokens.len() {
        let before = (0..at).rev().map(|it| word(tokens.get(it)));
        let before = before.take_while(Option::is_some).flatten();
        let before = before.filter(|it| *it != Word::Filler).find_map(|word| match word {
            Word::About => Some(Near::About),
            Word::Nearly => Some(Near::Nearly),
            Word::AtMost | Word::Below => Some(Near::AtMost),
            Word::AtLeast | Word::Above => Some(Near::AtLeast),
            _ => None,
        });
        let behind = match word(tokens.get(at + 1)) {
            Some(Word::Around) => Some(Near::About),
            Some(Word::OrMore) => Some(Near::AtLeast),
            Some(Word::OrLess) => Some(Near::AtMost),
            _ => None,
        };
        if let Is::Number(number) = &mut tokens[at].is
            && number.near == Near::Exact
            && let Some(near) = behind.or(before)
        {
            number.near = near;
        }
    }
}
