//! How money is printed: unit, decimals, grouping, zero. A setting of the report and of a table.

use rust_decimal::Decimal;

use super::figure::{Figure, Measure, round_half_up};
use crate::finding::Sides;
use crate::source::model::{Amounts, Exactness, MoneyUnit, Print, YesNo, Zero};

/// 分 in 万元 have six; what is carried further is no money.
const MOST_DECIMALS: u32 = 12;

/// A complete print format (金额格式).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Format {
    /// The unit that amounts are held in: the source's.
    pub held_in: MoneyUnit,
    pub unit: MoneyUnit,
    pub decimals: u32,
    /// 分节: a comma before every three digits.
    pub grouping: bool,
    /// 去尾零: no zeros at the end of decimals.
    pub trimmed: bool,
    pub zero: Zero,
    /// The decimals of 增减率.
    pub rate_decimals: u32,
    /// 舍位平衡: printed parts are moved so that they add up.
    pub balance: bool,
}

impl Format {
    /// The format of a source that says nothing else: as its amounts are written.
    pub fn of(amounts: &Amounts) -> Self {
        Self {
            held_in: amounts.unit,
            unit: amounts.unit,
            decimals: decimals(amounts),
            grouping: true,
            trimmed: false,
            zero: Zero::Plain,
            rate_decimals: 0,
            balance: false,
        }
    }

    /// This format with whatever `print` says put over it.
    pub fn with(self, print: &Print) -> Self {
        Self {
            unit: print.unit.unwrap_or(self.unit),
            decimals: print.decimals.map_or(self.decimals, |decimals| decimals as u32),
            grouping: print.grouping.map_or(self.grouping, |yes| yes == YesNo::Yes),
            trimmed: print.trimmed.map_or(self.trimmed, |yes| yes == YesNo::Yes),
            zero: print.zero.unwrap_or(self.zero),
            rate_decimals: print.rate_decimals.map_or(self.rate_decimals, |it| it as u32),
            balance: print.balance.map_or(self.balance, |yes| yes == YesNo::Yes),
            ..self
        }
    }

    /// This format with amounts printed in `unit`.
    pub fn in_unit(self, unit: MoneyUnit) -> Self {
        Self { unit, ..self }
    }

    /// This format for sentences, where a zero that is left out or a dash would say nothing.
    pub fn in_prose(self) -> Self {
        let zero = if self.zero == Zero::Digit { Zero::Digit } else { Zero::Plain };
        Self { zero, ..self }
    }

    /// 单位 as printed: 元 or 万元.
    pub fn unit_name(&self) -> &'static str {
        self.unit.name()
    }

    /// How many 元 the printed unit is.
    pub fn unit_yuan(&self) -> u32 {
        self.unit.yuan()
    }

    /// The figure as the reader sees it; counts plain, all else in this format.
    pub fn print(&self, figure: &Figure) -> String {
        match figure.measure() {
            Measure::Money => self.print_money(figure.amount()),
            Measure::Count | Measure::Plain => figure.amount().normalize().to_string(),
            Measure::Percent => self.digits(figure.amount(), self.rate_decimals),
        }
    }

    /// The amount as printed, as a number in the printed unit.
    pub fn rounded(&self, amount: Decimal) -> Decimal {
        round_half_up(move_point_left(amount, self.shift()), self.decimals)
    }

    /// The amount in the printed unit, with every digit.
    pub fn exact(&self, amount: Decimal) -> Decimal {
        move_point_left(amount, self.shift()).normalize()
    }

    /// An amount as the reader sees it.
    pub fn print_amount(&self, amount: Decimal) -> String {
        self.print_money(amount)
    }

    /// A printed number back in the unit that amounts are held in.
    pub fn held(&self, printed: Decimal) -> Decimal {
        move_point_left(printed, -self.shift())
    }

    /// This format with the decimals in which two amounts differ, for a message about them.
    pub fn apart(self, one: Decimal, other: Decimal) -> Self {
        let with = |decimals| Self { decimals, ..self.in_prose() };
        let tells = |format: &Self| format.rounded(one) != format.rounded(other);
        (self.decimals..=MOST_DECIMALS).map(with).find(tells).unwrap_or(with(self.decimals))
    }

    /// Two amounts and their difference, for a message about them.
    pub fn sides(&self, actual: Decimal, expected: Decimal) -> Sides {
        let format = self.apart(actual, expected);
        let difference = format.rounded(actual) - format.rounded(expected);
        Sides {
            actual: format.print_money(actual),
            expected: format.print_money(expected),
            difference: format.print_money(format.held(difference)),
        }
    }

    /// Half the last printed digit, in the unit that amounts are held in.
    pub fn half_digit(&self) -> Decimal {
        self.held(Decimal::new(5, self.decimals + 1))
    }

    /// By how many places the point moves left in print.
    fn shift(&self) -> i32 {
        match (self.held_in, self.unit) {
            (MoneyUnit::Yuan, MoneyUnit::TenThousand) => 4,
            (MoneyUnit::TenThousand, MoneyUnit::Yuan) => -4,
            _ => 0,
        }
    }

    fn print_money(&self, amount: Decimal) -> String {
        let zero = match self.zero {
            Zero::Digit => Some("0"),
            Zero::Blank => Some(""),
            Zero::Dash => Some("-"),
            Zero::LongDash => Some("—"),
            Zero::Plain => None,
        };
        if let Some(zero) = zero.filter(|_| amount.is_zero()) {
            return zero.to_owned();
        }
        let rounded = self.rounded(amount);
        let text = self.digits(rounded.abs(), self.decimals);
        let sign = if rounded.is_sign_negative() && !rounded.is_zero() { "-" } else { "" };
        let (integer, fraction) = text.split_at(text.find('.').unwrap_or(text.len()));
        let integer = if self.grouping { grouped(integer) } else { integer.to_owned() };
        format!("{sign}{integer}{fraction}")
    }

    /// A number with so many decimals, or as many of them as say something.
    fn digits(&self, number: Decimal, decimals: u32) -> String {
        let text = format!("{:.*}", decimals as usize, round_half_up(number, decimals));
        match self.trimmed && text.contains('.') {
            true => text.trim_end_matches('0').trim_end_matches('.').to_owned(),
            false => text,
        }
    }
}

/// The decimals that amounts of a source are written with.
pub fn decimals(amounts: &Amounts) -> u32 {
    amounts.decimals.map_or(2, |decimals| decimals as u32)
}

/// Half the last digit of a rounded source, zero for an exact one.
pub fn slack(amounts: &Amounts) -> Decimal {
    let rounded = match amounts.exactness {
        Some(exactness) => exactness == Exactness::Rounded,
        None => amounts.unit == MoneyUnit::TenThousand,
    };
    if rounded { Decimal::new(5, decimals(amounts) + 1) } else { Decimal::ZERO }
}

/// Moves the decimal point without loss.
fn move_point_left(amount: Decimal, places: i32) -> Decimal {
    if places < 0 {
        return amount * Decimal::from(10_u64.pow(places.unsigned_abs()));
    }
    let mut amount = amount;
    let scale = amount.scale() + places.unsigned_abs();
    // A scale of 28 is the most a Decimal holds; sources have at most 2 decimals.
    let fits = amount.set_scale(scale).is_ok();
    debug_assert!(fits);
    amount
}

fn grouped(digits: &str) -> String {
    let mut out = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}
