//! Amounts as intervals: what a figure stands for, and whether two sides can meet.
//!
//! As in XBRL Calculations 1.1: a reported value stands for all values that round to it, sums add
//! intervals, and two values are inconsistent only when their intervals do not meet.

use rust_decimal::Decimal;

use super::formula::{Relation, Sign};
use super::sheet::At;
use crate::budget::Format;
use crate::budget::figure::{Figure, Measure};
use crate::report::Origin;
use crate::source::model::MoneyUnit;

/// One side of a comparison, in the unit of the source.
#[derive(Debug, Clone, Default)]
pub struct Quantity {
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

    /// A figure printed as `text` in `format`.
    pub fn figure(figure: &Figure, text: &str, format: &Format) -> Self {
        let amount = figure.amount();
        if figure.measure() != Measure::Money {
            return Self { figures: vec![figure.clone()], ..Self::number(amount) };
        }
        let printed = format.held(read_number(text).unwrap_or_default());
        let rounds = printed != amount || !figure.slack().is_zero();
        Self {
            amount,
            slack: figure.slack(),
            printed,
            printed_slack: if rounds { format.half_digit() } else { Decimal::ZERO },
            figures: vec![figure.clone()],
            cells: Vec::new(),
        }
    }

    /// This quantity, read from a cell.
    pub fn read_from(mut self, table: usize, at: At) -> Self {
        self.cells.push(Part { sign: Sign::Plus, table, at });
        self
    }

    /// A number read from prose, printed in `format`'s unit to its own decimals.
    pub fn typed(number: Decimal, format: &Format) -> Self {
        let half = Decimal::new(5, number.scale() + 1);
        let amount = format.held(number);
        let slack = format.held(half);
        Self { amount, slack, printed: amount, printed_slack: slack, ..Self::default() }
    }

    /// An amount of the source in 元.
    pub fn yuan_of(amount: Decimal, format: &Format) -> Decimal {
        amount * per_unit(format)
    }

    pub fn add(&mut self, sign: Sign, other: Self) {
        match sign {
            Sign::Plus => {
                self.amount += other.amount;
                self.printed += other.printed;
            }
            Sign::Minus => {
                self.amount -= other.amount;
                self.printed -= other.printed;
            }
        }
        self.slack += other.slack;
        self.printed_slack += other.printed_slack;
        self.figures.extend(other.figures);
        let turned = |part: Part| match sign {
            Sign::Plus => part,
            Sign::Minus => Part { sign: part.sign.opposite(), ..part },
        };
        self.cells.extend(other.cells.into_iter().map(turned));
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
