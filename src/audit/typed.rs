//! 文字里的金额: amounts of money in prose, typed by hand or printed from figures.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;
use rust_decimal::Decimal;

use super::passages::Passage;
use super::quantity::{Quantity, read_number};
use super::words::{self, Direction};
use crate::budget::Format;
use crate::report::Origin;

/// An amount of money as it stands in a text.
pub struct Amount {
    /// Number and unit.
    pub range: Range<usize>,
    pub quantity: Quantity,
    /// Whether somebody typed it; else a figure prints it.
    pub typed: bool,
    /// Digits that say something: 5,000 has one, 5,657 has four.
    pub telling_digits: usize,
    /// How many places its unit is from the one that the report prints: 4 for 元 beside 万元.
    pub unit_places: i32,
}

static AMOUNT: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"([0-9０-９][0-9０-９,]*(?:[.．][0-9０-９]+)?)\s*(亿元|[千百十]?万元|[千百]?元|亿|万)",
    )
    .expect("the pattern is valid")
});

/// What may stand behind a 万 or 亿 of money that has no 元: not 人, 张, 参保人.
const AFTER_BARE: [&str; 7] = ["左右", "用于", "主要", "其中", "以上", "以下", "以内"];

/// The amounts of a passage, in order.
pub fn amounts(passage: &Passage<'_>, format: &Format) -> Vec<Amount> {
    let text = passage.text.as_str();
    if !text.contains(['元', '万', '亿']) {
        return Vec::new();
    }
    let found = AMOUNT.captures_iter(text).filter_map(|found| {
        let (whole, number, unit) = (found.get(0)?, found.get(1)?, found.get(2)?);
        if !unit.as_str().ends_with('元') && !is_bare_money(text, whole.range()) {
            return None;
        }
        let typed = match passage.piece_at(number.start())?.1 {
            Origin::Text(_) => true,
            Origin::Figure(..) => false,
            Origin::Form => return None,
        };
        let digits = half_width(number.as_str());
        let quantity = Quantity::in_yuan(read_number(&digits)?, yuan(unit.as_str()), format);
        let telling = digits.trim_start_matches(['0', '.', ',']).replace([',', '.'], "");
        let telling_digits = telling.trim_end_matches('0').len();
        let unit_places = places(format.unit_yuan()) - places(yuan(unit.as_str()));
        Some(Amount { range: whole.range(), quantity, typed, telling_digits, unit_places })
    });
    found.collect()
}

/// 5657万 is money where a sentence goes on behind it, and no target such as ≥300万.
fn is_bare_money(text: &str, range: Range<usize>) -> bool {
    let after = text[range.end..].trim_start();
    let ends = after.chars().next().is_none_or(|c| !is_han(c) && !c.is_ascii_alphanumeric());
    let compared =
        text[..range.start].trim_end().ends_with(['≥', '≤', '＞', '＜', '=', '＝', '>', '<']);
    !compared && (ends || AFTER_BARE.iter().any(|word| after.starts_with(word)))
}

fn is_han(c: char) -> bool {
    matches!(c, '\u{4E00}'..='\u{9FFF}')
}

fn yuan(unit: &str) -> u32 {
    match unit {
        "亿元" | "亿" => 100_000_000,
        "千万元" => 10_000_000,
        "百万元" => 1_000_000,
        "十万元" => 100_000,
        "万元" | "万" => 10_000,
        "千元" => 1_000,
        "百元" => 100,
        _ => 1,
    }
}

/// The zeros of a unit in 元.
fn places(yuan: u32) -> i32 {
    yuan.ilog10() as i32
}

/// Full-width digits as an input method leaves them.
fn half_width(number: &str) -> String {
    let digit = |c: char| match c {
        '０'..='９' => char::from_digit(u32::from(c) - u32::from('０'), 10).unwrap_or(c),
        '．' => '.',
        c => c,
    };
    number.chars().map(digit).collect()
}

/// A percentage that somebody typed.
pub struct Percent {
    pub range: Range<usize>,
    pub percent: Decimal,
    /// Half its last digit.
    pub slack: Decimal,
    /// What the word in front of it says: 增长12%.
    pub direction: Option<Direction>,
}

static BEHIND: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"^([^。；;0-9%％]{0,12}?)([0-9]+(?:\.[0-9]+)?)\s*[%％]")
        .expect("the pattern is valid")
});
static BEFORE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"([0-9]+(?:\.[0-9]+)?)\s*[%％]([^。；;0-9%％]{0,8})$")
        .expect("the pattern is valid")
});

/// The rate that goes with a change of money which stands at `range`: “，增长12%” behind it, or
/// “增长12%，增加…” before it. A share (占 12%) is no rate.
pub fn rate_beside(passage: &Passage<'_>, range: &Range<usize>) -> Option<Percent> {
    let text = passage.text.as_str();
    let behind = BEHIND.captures(&text[range.end..]).and_then(|found| {
        let number = found.get(2)?.range();
        Some((found.get(1)?.as_str(), range.end + number.start..range.end + number.end))
    });
    let before = || {
        let found = BEFORE.captures(&text[..range.start])?;
        let number = found.get(1)?.range();
        let leads = words::of_change(&text[..number.start]).is_some();
        leads.then_some((found.get(2)?.as_str(), number))
    };
    let (between, number) = behind.or_else(before)?;
    if ["占", "完成", "达到", "其中"].iter().any(|word| between.contains(word)) {
        return None;
    }
    if !matches!(passage.piece_at(number.start)?.1, Origin::Text(_)) {
        return None;
    }
    let percent = Decimal::from_str_exact(&text[number.clone()]).ok()?;
    let sign = text[number.end..].find(['%', '％'])?;
    let end = number.end + sign + text[number.end + sign..].chars().next()?.len_utf8();
    let slack = Decimal::new(5, percent.scale() + 1);
    let direction = words::of_change(&text[..number.start]).map(|(direction, _)| direction);
    Some(Percent { range: number.start..end, percent, slack, direction })
}
