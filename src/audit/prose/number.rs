//! Numbers as people type them: digits, full-width digits, Chinese numerals.

use rust_decimal::Decimal;

/// A number without its unit, and where it ends.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Digits {
    pub value: Decimal,
    /// Half its last digit.
    pub slack: Decimal,
    /// Digits that say something: 5,000 has one, 5,657 has four.
    pub telling: usize,
    /// The character behind it.
    pub end: usize,
}

/// 0 to 9, half-width or full.
pub fn digit(c: char) -> Option<char> {
    match c {
        '0'..='9' => Some(c),
        '０'..='９' => char::from_digit(u32::from(c) - u32::from('０'), 10),
        _ => None,
    }
}

/// The number that begins at a character.
pub fn digits_at(chars: &[char], start: usize) -> Option<Digits> {
    let is_digit = |at: usize| chars.get(at).copied().and_then(digit).is_some();
    let mut text = String::new();
    let mut at = start;
    while let Some(c) = chars.get(at) {
        match c {
            ',' if is_digit(at + 1)
                && is_digit(at + 2)
                && is_digit(at + 3)
                && !is_digit(at + 4) => {}
            '.' | '．' if is_digit(at + 1) && !text.contains('.') => text.push('.'),
            c => match digit(*c) {
                Some(c) => text.push(c),
                None => break,
            },
        }
        at += 1;
    }
    let value = Decimal::from_str_exact(&text).ok()?;
    let telling = text.trim_start_matches(['0', '.']).replace('.', "");
    Some(Digits {
        value,
        slack: Decimal::new(5, value.scale() + 1),
        telling: telling.trim_end_matches('0').len(),
        end: at,
    })
}

fn numeral(c: char) -> Option<u64> {
    Some(match c {
        '零' | '〇' => 0,
        '一' => 1,
        '二' | '两' => 2,
        '三' => 3,
        '四' => 4,
        '五' => 5,
        '六' => 6,
        '七' => 7,
        '八' => 8,
        '九' => 9,
        _ => return None,
    })
}

fn power(c: char) -> Option<u64> {
    Some(match c {
        '十' => 10,
        '百' => 100,
        '千' => 1_000,
        _ => return None,
    })
}

/// The Chinese numeral that begins at a character: 三十六, 二百三十五, 三 (before 亿).
pub fn numeral_at(chars: &[char], start: usize) -> Option<Digits> {
    let (mut value, mut pending, mut at) = (0_u64, None, start);
    let mut least = 1_u64;
    let follows = |at: usize| chars.get(at).is_some_and(|c| numeral(*c).is_some());
    while let Some(c) = chars.get(at).copied() {
        if let Some(digit) = numeral(c) {
            if pending.is_some_and(|it| it != 0) {
                return None;
            }
            (pending, least) = (Some(digit), 1);
        } else if let Some(power) = power(c) {
            value += pending.take().unwrap_or(u64::from(power == 10)) * power;
            least = power;
        } else if c == '万' && at > start && follows(at + 1) {
            // 八万六千: 万 inside a numeral, not its unit.
            value = (value + pending.take().unwrap_or(0)) * 10_000;
        } else {
            break;
        }
        at += 1;
    }
    if at == start || at - start > 9 {
        return None;
    }
    value += pending.unwrap_or(0);
    let value = Decimal::from(value);
    let slack = Decimal::from(least) / Decimal::TWO;
    let digits = value.to_string();
    let telling = digits.trim_end_matches('0').len();
    Some(Digits { value, slack: slack.min(Decimal::new(5, 1)), telling, end: at })
}

/// A year in Chinese digits: 二〇二三.
pub fn chinese_year_at(chars: &[char], start: usize) -> Option<u32> {
    let digits = chars.get(start..start + 4)?;
    let zero = |c: char| matches!(c, '〇' | '○' | 'O' | 'Ｏ' | '零').then_some(0);
    let read = |c: &char| numeral(*c).or(zero(*c));
    digits.iter().try_fold(0, |year, c| Some(year * 10 + u32::try_from(read(c)?).ok()?))
}
