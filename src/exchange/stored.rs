//! What a table's cell holds where cells hold numbers.

use rust_decimal::Decimal;

use crate::audit::quantity::read_number;
use crate::budget::{Figure, Format, Measure};
use crate::report::{Cell, plain};
use crate::source::model::Zero;

/// Spreadsheets keep so many digits of a number and no more.
const MOST_DIGITS: u32 = 15;

/// The content of a cell.
#[derive(Debug, Clone, PartialEq)]
pub enum Stored {
    Blank,
    Text(String),
    Number(Number),
}

/// A number and how it shows.
#[derive(Debug, Clone, PartialEq)]
pub struct Number {
    /// In the printed unit, with every digit: what is shown of it is what is printed.
    pub value: Decimal,
    /// The number format, such as `#,##0.00`.
    pub shows_as: String,
}

impl Stored {
    /// What a cell of a table holds.
    pub fn of(cell: &Cell) -> Self {
        let text = plain(&cell.text);
        match cell.printed() {
            Some((figure, format)) => {
                Number::of(figure, &text, format).map_or(Self::Text(text), Self::Number)
            }
            None if text.trim().is_empty() => Self::Blank,
            None => Self::Text(text),
        }
    }

    pub fn number(&self) -> Option<&Number> {
        match self {
            Self::Number(number) => Some(number),
            _ => None,
        }
    }
}

/// The number format that shows so many decimals, and no commas.
fn with_decimals(decimals: u32) -> String {
    let format = format!("0.{}", "0".repeat(decimals as usize));
    format.trim_end_matches('.').to_owned()
}

impl Number {
    /// `None` where a spreadsheet could not hold every digit.
    fn of(figure: &Figure, printed: &str, format: &Format) -> Option<Self> {
        match figure.measure() {
            Measure::Money => {}
            Measure::Count | Measure::Plain => {
                let value = figure.amount().normalize();
                let shows_as = with_decimals(value.scale());
                return Some(Self { value, shows_as });
            }
            Measure::Percent => {
                let value = read_number(printed)?.normalize();
                return Some(Self { value, shows_as: with_decimals(format.rate_decimals) });
            }
        }
        let exact = format.exact(figure.amount());
        let rounded = format.rounded(figure.amount());
        // A moved amount (舍位平衡) is what was printed; so is what rounds to nothing, because no
        // number format shows −0.001 as 0.
        let moved = format.print(figure) != printed;
        let vanishes = rounded.is_zero() && exact.is_sign_negative();
        let value = match moved || vanishes {
            true => read_number(printed).unwrap_or_default(),
            false => exact,
        };
        let digits =
            value.normalize().mantissa().unsigned_abs().checked_ilog10().map_or(1, |n| n + 1);
        let zero = if vanishes { Zero::Plain } else { format.zero };
        (digits <= MOST_DIGITS)
            .then(|| Self { value: value.normalize(), shows_as: shows_as(format, zero) })
    }
}

/// A number format of spreadsheets: positive; negative; zero. It shows every decimal that may be
/// typed there, so that 15 becomes 15.00 (去尾零): the format for “no zeros” would show “15.”.
fn shows_as(format: &Format, zero: Zero) -> String {
    let integer = if format.grouping { "#,##0" } else { "0" };
    let fraction = "0".repeat(format.decimals as usize);
    let point = if fraction.is_empty() { "" } else { "." };
    let digits = format!("{integer}{point}{fraction}");
    match zero {
        Zero::Plain => digits,
        Zero::Digit => format!("{digits};-{digits};0"),
        Zero::Blank => format!("{digits};-{digits};"),
        Zero::Dash => format!("{digits};-{digits};\"-\""),
        Zero::LongDash => format!("{digits};-{digits};\"—\""),
    }
}
