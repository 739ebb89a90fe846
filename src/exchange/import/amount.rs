//! From a spreadsheet's double to the decimal that its cell shows.

use rust_decimal::Decimal;

use crate::budget::figure::round_half_up;

/// Doubles hold whole numbers up to here.
const MOST_WHOLE: f64 = 1e15;

/// A number of a cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Amount {
    /// With the fifteen digits that a spreadsheet keeps.
    pub held: Decimal,
    /// As the number format shows it.
    pub shown: Decimal,
}

impl Amount {
    /// `None` when it is no number that money could be.
    pub fn of(value: f64, decimals: Option<u32>) -> Option<Self> {
        let held = decimal(value)?;
        let shown = decimals.map_or(held, |decimals| round_half_up(held, decimals)).normalize();
        Some(Self { held, shown })
    }

    /// The number that a text says: half-width or full-width digits, with or without commas.
    pub fn typed(text: &str) -> Option<Self> {
        let digits: String = text
            .trim()
            .chars()
            .filter(|c| !matches!(c, ',' | '，' | ' ' | '\u{A0}'))
            .map(|c| match c {
                '０'..='９' | '．' | '－' => char::from_u32(c as u32 - 0xFEE0).unwrap_or(c),
                c => c,
            })
            .collect();
        let held = Decimal::from_str_exact(&digits).ok()?.normalize();
        Some(Self { held, shown: held })
    }

    pub fn exact(held: Decimal) -> Self {
        Self { held, shown: held }
    }
}

fn decimal(value: f64) -> Option<Decimal> {
    if value.fract() == 0.0 && value.abs() < MOST_WHOLE {
        #[expect(clippy::cast_possible_truncation, reason = "a whole number of fifteen digits")]
        return Some(Decimal::from(value as i64));
    }
    Decimal::from_scientific(&format!("{value:.14e}")).ok().map(|decimal| decimal.normalize())
}

/// How many decimals a number format shows; `None` when it shows them all, or is none for amounts.
pub fn decimals(format: &str) -> Option<u32> {
    let positive = format.split(';').next().unwrap_or_default();
    let mut plain = String::new();
    let mut characters = positive.chars();
    while let Some(c) = characters.next() {
        match c {
            '"' => drop(characters.by_ref().find(|c| *c == '"')),
            '[' => drop(characters.by_ref().find(|c| *c == ']')),
            '\\' | '_' | '*' => drop(characters.next()),
            _ => plain.push(c),
        }
    }
    let digits = |c: &char| matches!(c, '0' | '#' | '?');
    if !plain.chars().any(|c| digits(&c)) || plain.contains(['%', 'E', '/', 'y', 'd']) {
        return None;
    }
    let fraction = plain.split_once('.').map_or("", |(_, fraction)| fraction);
    u32::try_from(fraction.chars().take_while(digits).count()).ok()
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
