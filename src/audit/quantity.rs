//! Amounts as intervals: what a figure stands for, and whether two sides can meet.
//!
//! As in XBRL Calculations 1.1: a reported value stands for all values that round to it, sums add
//! intervals, and two values are inconsistent only when their intervals do not meet.

use rust_decimal::Decimal;

use super::formula::{Factor, Relation, Sign};
use super::sheet::At;
use crate::budget::Format;
use crate::budget::figure::{Figure, Measure};
use crate::report::Origin;
use crate::source::model::MoneyUnit;

/// What a quantity counts. A rule's own number takes the unit of what it is held against.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Dimension {
    #[default]
    Number,
    Money,
    Count,
    /// In percents.
    Percent,
    Ratio,
}

/// One side of a comparison, money in the unit of the source.
#[derive(Debug, Clone, Default)]
pub struct Quantity {
    pub kind: Dimension,
    /// How money is printed where it was read.
    pub format: Option<Format>,
    /// What the source says, and how far the truth may be from it.
    pub amount: Decimal,
    pub slack: Decimal,
    /// What the reader sees, and how far what it was rounded from may be from it.
    pub printed: Decimal,
    pub printed_slack: Decimal,
    /// The figures it is made of.
    pub figures: Vec<Figure>,
    /// The cells it was read from.
    pub cells: Vec<Part>,
}

/// A cell as it enters a sum.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Part {
    pub sign: Sign,
    pub table: usize,
    pub at: At,
}

/// What a comparison comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    Holds,
    /// 尾数误差: only the rounded print does not add, by no more than its last digits explain.
    RoundedPrint,
    /// The source's own rounding explains it, but the print shows more than its last digits do.
    RoundedSource,
    /// The two sides cannot both be right.
    Inconsistent,
}

impl Quantity {
    pub fn number(number: Decimal) -> Self {
        Self { amount: number, printed: number, ..Self::default() }
    }

    pub fn percent(number: Decimal) -> Self {
        Self { kind: Dimension::Percent, ..Self::number(number) }
    }

    /// People, cars, things: exact.
    pub fn count(number: Decimal) -> Self {
        Self { kind: Dimension::Count, ..Self::number(number) }
    }

    /// A figure printed as `text` in `format`.
    pub fn figure(figure: &Figure, text: &str, format: &Format) -> Self {
        let (amount, printed) = (figure.amount(), read_number(text));
        let figures = vec![figure.clone()];
        let kind = match figure.measure() {
            Measure::Count => return Self { figures, ..Self::count(amount) },
            Measure::Percent => Dimension::Percent,
            Measure::Plain => Dimension::Ratio,
            Measure::Money => {
                let printed = format.held(printed.unwrap_or_default());
                let rounds = printed != amount || !figure.slack().is_zero();
                let printed_slack = if rounds { format.half_digit() } else { Decimal::ZERO };
                let read = Self::read(amount, figure.slack(), format);
                return Self { printed, printed_slack, figures, ..read };
            }
        };
        let printed = printed.unwrap_or(amount);
        let half = half_digit(printed);
        let slack = figure.slack().max(half);
        Self { kind, slack, printed, printed_slack: half, figures, ..Self::number(amount) }
    }

    /// This quantity, read from a cell.
    pub fn read_from(mut self, table: usize, at: At) -> Self {
        self.cells.push(Part { sign: Sign::Plus, table, at });
        self
    }

    /// A percentage read from prose.
    pub fn typed_percent(number: Decimal) -> Self {
        let half = half_digit(number);
        Self { slack: half, printed_slack: half, ..Self::percent(number) }
    }

    /// A number read from prose, printed in `format`'s unit to its own decimals.
    pub fn typed(number: Decimal, format: &Format) -> Self {
        Self::read(format.held(number), format.held(half_digit(number)), format)
    }

    /// A number read from prose in a unit of `yuan` 元.
    pub fn in_yuan(number: Decimal, yuan: u32, format: &Format) -> Self {
        let held = |number: Decimal| number * Decimal::from(yuan) / per_unit(format);
        Self::read(held(number), held(half_digit(number)), format)
    }

    fn read(amount: Decimal, slack: Decimal, format: &Format) -> Self {
        Self {
            kind: Dimension::Money,
            format: Some(*format),
            slack,
            printed_slack: slack,
            ..Self::number(amount)
        }
    }

    /// An amount of the source in 元.
    pub fn yuan_of(amount: Decimal, format: &Format) -> Decimal {
        amount * per_unit(format)
    }

    pub fn add(&mut self, sign: Sign, other: Self) {
        let other = other.beside(self);
        let own = std::mem::take(self).beside(&other);
        let turn = |number: Decimal| if sign == Sign::Plus { number } else { -number };
        *self = Self {
            kind: if own.kind == Dimension::Number { other.kind } else { own.kind },
            format: own.format.or(other.format),
            amount: own.amount + turn(other.amount),
            slack: own.slack + other.slack,
            printed: own.printed + turn(other.printed),
            printed_slack: own.printed_slack + other.printed_slack,
            figures: own.figures,
            cells: own.cells,
        };
        self.figures.extend(other.figures);
        let turned = |part: Part| match sign {
            Sign::Plus => part,
            Sign::Minus => Part { sign: part.sign.opposite(), ..part },
        };
        self.cells.extend(other.cells.into_iter().map(turned));
    }

    /// This quantity in the unit of another: a number of a rule in that of its table, a ratio
    /// beside percents in percents.
    #[must_use]
    pub fn beside(self, other: &Self) -> Self {
        match (self.kind, other.kind, other.format) {
            (Dimension::Number, Dimension::Money, Some(format)) => Self {
                kind: Dimension::Money,
                format: other.format,
                ..self.by(|number| Some(format.held(number))).unwrap_or_default()
            },
            (Dimension::Ratio, Dimension::Percent, _) => Self {
                kind: Dimension::Percent,
                ..self.by(|number| number.checked_mul(Decimal::ONE_HUNDRED)).unwrap_or_default()
            },
            _ => self,
        }
    }

    fn by(self, change: impl Fn(Decimal) -> Option<Decimal>) -> Option<Self> {
        Some(Self {
            amount: change(self.amount)?,
            slack: change(self.slack)?,
            printed: change(self.printed)?,
            printed_slack: change(self.printed_slack)?,
            ..self
        })
    }

    /// As a factor: percents as their hundredth.
    fn factor(self) -> Option<Self> {
        if self.kind != Dimension::Percent {
            return Some(self);
        }
        let ratio = self.by(|number| number.checked_div(Decimal::ONE_HUNDRED))?;
        Some(Self { kind: Dimension::Ratio, ..ratio })
    }

    /// `self × other` or `self ÷ other`; `None` where there is no such number.
    pub fn scaled(self, factor: Factor, other: Self) -> Option<Self> {
        let (own, other) = (self.factor()?, other.factor()?);
        let kind = match (own.kind, factor, other.kind) {
            (Dimension::Number, _, Dimension::Number) => Dimension::Number,
            (kind, Factor::Over, same) if kind == same => Dimension::Ratio,
            (Dimension::Money, _, _) | (_, Factor::Times, Dimension::Money) => Dimension::Money,
            (kind, _, Dimension::Number | Dimension::Ratio) => kind,
            (_, Factor::Times, kind) => kind,
            _ => Dimension::Ratio,
        };
        let (amount, slack) = scaled([own.amount, own.slack], factor, [other.amount, other.slack])?;
        let printed = [own.printed, own.printed_slack];
        let (printed, printed_slack) =
            scaled(printed, factor, [other.printed, other.printed_slack])?;
        Some(Self {
            kind,
            format: own.format.or(other.format),
            amount,
            slack,
            printed,
            printed_slack,
            figures: own.figures.into_iter().chain(other.figures).collect(),
            // A product is no sum of cells.
            cells: Vec::new(),
        })
    }

    /// Whether `self relation other` holds, and if not, whether rounding explains it.
    pub fn compare(&self, relation: Relation, other: &Self) -> Verdict {
        let beyond = |left: Decimal, right: Decimal, slack: Decimal| match relation {
            Relation::Equal => (left - right).abs() > slack,
            Relation::AtMost => left - right > slack,
            Relation::AtLeast => right - left > slack,
        };
        if beyond(self.amount, other.amount, self.slack + other.slack) {
            Verdict::Inconsistent
        } else if !beyond(self.printed, other.printed, Decimal::ZERO) {
            Verdict::Holds
        } else if !beyond(self.printed, other.printed, self.printed_slack + other.printed_slack) {
            Verdict::RoundedPrint
        } else {
            Verdict::RoundedSource
        }
    }
}

/// An interval times or over another, each with its half-width.
fn scaled(
    [a, a_slack]: [Decimal; 2],
    factor: Factor,
    [b, b_slack]: [Decimal; 2],
) -> Option<(Decimal, Decimal)> {
    let cross = a.abs().checked_mul(b_slack)?.checked_add(b.abs().checked_mul(a_slack)?)?;
    match factor {
        Factor::Times => {
            Some((a.checked_mul(b)?, cross.checked_add(a_slack.checked_mul(b_slack)?)?))
        }
        Factor::Over => {
            // Where the divisor may be zero nothing can be said.
            let least = Some(b.abs() - b_slack).filter(|least| *least > Decimal::ZERO)?;
            Some((a.checked_div(b)?, cross.checked_div(b.abs())?.checked_div(least)?))
        }
    }
}

/// Half the last digit that a number is written with.
fn half_digit(number: Decimal) -> Decimal {
    Decimal::new(5, number.scale() + 1)
}

/// How many 元 the source's unit is.
fn per_unit(format: &Format) -> Decimal {
    match format.held_in {
        MoneyUnit::Yuan => Decimal::ONE,
        MoneyUnit::TenThousand => Decimal::from(10_000),
    }
}

/// A printed number: commas aside; a dash or nothing is zero.
pub fn read_number(text: &str) -> Option<Decimal> {
    let digits: String = text.chars().filter(|c| *c != ',').collect();
    Decimal::from_str_exact(digits.trim()).ok()
}

/// The figure that a piece of text prints, if it prints one, and how.
pub fn figure_of(origin: &Origin) -> Option<(&Figure, &Format)> {
    match origin {
        Origin::Figure(figure, format) => Some((figure, format)),
        _ => None,
    }
}
