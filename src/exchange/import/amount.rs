//! From a spreadsheet's double to the decimal that its cell shows.

use std::sync::LazyLock;

use regex::Regex;
use rust_decimal::Decimal;

use crate::budget::figure::round_half_up;
use crate::source::model::MoneyUnit;

/// Doubles hold whole numbers up to here.
const MOST_WHOLE: f64 = 1e15;

/// A number of a cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Amount {
    /// With the fifteen digits that a spreadsheet keeps.
    pub held: Decimal,
    /// As the number format shows it.
    pub shown: Decimal,
    /// The unit that its number format shows beside it.
    pub unit: Option<MoneyUnit>,
}

impl Amount {
    /// `None` when it is no number that money could be.
    pub fn of(value: f64, format: &Format) -> Option<Self> {
        let held = decimal(value)?;
        let shown = format.decimals.map_or(held, |decimals| round_half_up(held, decimals));
        Some(Self { held, shown: shown.normalize(), unit: format.unit })
    }

    /// The number that a text says: half-width or full-width digits, with or without commas.
    pub fn typed(text: &str) -> Option<Self> {
        static THOUSANDS: LazyLock<Regex> = LazyLock::new(|| {
            Regex::new(r"^\D?\d{1,3}(?:,\d{3})+(?:\.\d*)?$")
                .expect("a pattern of the program is one")
        });
        let digits: String = text
            .trim()
            .chars()
            .filter(|c| !matches!(c, ' ' | '\u{A0}'))
            .map(|c| match c {
                '０'..='９' | '．' | '－' | '，' => {
                    char::from_u32(c as u32 - 0xFEE0).unwrap_or(c)
                }
                c => c,
            })
            .collect();
        if digits.contains(',') && !THOUSANDS.is_match(&digits) {
            return None;
        }
        let held = Decimal::from_str_exact(&digits.replace(',', "")).ok()?.normalize();
        Some(Self::exact(held))
    }

    pub fn exact(held: Decimal) -> Self {
        Self { held, shown: held, unit: None }
    }
}

fn decimal(value: f64) -> Option<Decimal> {
    if value.fract() == 0.0 && value.abs() < MOST_WHOLE {
        #[expect(clippy::cast_possible_truncation, reason = "a whole number of fifteen digits")]
        return Some(Decimal::from(value as i64));
    }
    Decimal::from_scientific(&format!("{value:.14e}")).ok().map(|decimal| decimal.normalize())
}

/// What a number format may put beside an amount: currencies and units.
const BESIDE: &str = "¥￥$元圆整万人民币RMBCNY()（）:：";

/// What a number format makes of an amount.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Format {
    /// How many decimals it shows; `None` when it shows them all, or is none for amounts.
    pub decimals: Option<u32>,
    pub unit: Option<MoneyUnit>,
    /// Why the cell shows another number than it holds.
    pub odd: Option<&'static str>,
}

impl Format {
    pub fn of(code: &str) -> Self {
        let mut sections = code.split(';').map(Self::section);
        let first = sections.next().unwrap_or_default();
        if code.trim_start().starts_with(';') {
            return Self { odd: Some("格式写明不显示的数"), ..first };
        }
        // Which section holds depends on the number.
        match ["[<", "[>", "[="].iter().any(|condition| code.contains(condition)) {
            true => Self { odd: first.odd.or_else(|| sections.find_map(|it| it.odd)), ..first },
            false => first,
        }
    }

    fn section(section: &str) -> Self {
        let (plain, literal) = parts(&section.replace("G/通用格式", "General"));
        let digit = |c: &char| matches!(c, '0' | '#' | '?');
        let general = plain.to_ascii_lowercase().contains("general");
        let last = plain.rfind(|c| digit(&c));
        if last.is_none() && !general && literal.trim().is_empty() {
            return Self::default();
        }
        let whole = plain.split('.').next().unwrap_or_default();
        let behind = last.map_or("", |last| &plain[last + 1..]);
        let scaled = behind.trim_start_matches('.').starts_with(',')
            || (whole.len() < plain.len() && whole.ends_with(','));
        let odd = if plain.contains('%') || literal.contains(['%', '‰']) {
            Some("百分数")
        } else if scaled {
            Some("缩小了显示的数（格式里有逗号）")
        } else if (last.is_none() && !general)
            || plain.starts_with('-')
            || literal.contains(|c: char| !c.is_whitespace() && !BESIDE.contains(c))
        {
            Some("显示的不是所存的数（自定义格式）")
        } else {
            None
        };
        let unit = match () {
            () if literal.contains('万') => Some(MoneyUnit::TenThousand),
            () if literal.contains('元') => Some(MoneyUnit::Yuan),
            () => None,
        };
        let fraction = plain.split_once('.').map_or("", |(_, fraction)| fraction);
        let decimals = u32::try_from(fraction.chars().take_while(digit).count()).ok();
        let counts = !general && !plain.contains(['E', '/', 'y', 'd']);
        Self { decimals: decimals.filter(|_| counts), unit, odd }
    }
}

/// A section of a number format: what formats, and the letters that it adds.
fn parts(section: &str) -> (String, String) {
    let (mut plain, mut literal) = (String::new(), String::new());
    let mut characters = section.chars();
    while let Some(c) = characters.next() {
        match c {
            '"' => literal.extend(characters.by_ref().take_while(|c| *c != '"')),
            '[' => drop(characters.by_ref().find(|c| *c == ']')),
            '\\' | '!' => literal.extend(characters.next()),
            '_' | '*' => drop(characters.next()),
            c if c.is_ascii() => plain.push(c),
            c => literal.push(c),
        }
    }
    (plain, literal)
}

/// An amount with as many decimals as what it takes the place of.
pub fn like(before: Option<&str>, after: &str) -> String {
    let was = before.and_then(|text| Decimal::from_str_exact(text).ok());
    match (was, Decimal::from_str_exact(after)) {
        (Some(was), Ok(mut now)) if now.scale() < was.scale() => {
            now.rescale(was.scale());
            now.to_string()
        }
        _ => after.to_owned(),
    }
}
