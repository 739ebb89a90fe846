//! Figures: amounts that know how exactly they are known and where they come from.

use std::sync::Arc;

use rust_decimal::Decimal;

use crate::source::scalar::{Count, Money, Place};

/// What a figure counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Measure {
    /// Money, in the unit of the source.
    Money,
    /// People, cars, things.
    Count,
    /// Percents, with every digit.
    Percent,
    /// A number of no kind, such as a ratio of amounts.
    Plain,
}

/// Where a figure comes from.
#[derive(Debug, Clone, PartialEq)]
pub enum Origin {
    /// Typed in the source.
    Stated(Place),
    /// Nothing was typed, which means zero.
    Absent,
    /// 合计: the parts added up.
    Sum(Vec<Figure>),
    /// 增减: the first less the second.
    Difference(Figure, Figure),
    /// 增减率: the change from the second to the first.
    Rate(Figure, Figure),
    /// What an expression of a text made of these.
    Computed(Vec<Figure>),
}

/// An amount, its measure, the half-width of the interval it stands for, and its origin.
///
/// Cheap to clone. Amounts never overflow: [`crate::source::shape`] bounds the sum of all stated ones.
#[derive(Debug, Clone, PartialEq)]
pub struct Figure(Arc<Inner>);

#[derive(Debug, PartialEq)]
struct Inner {
    amount: Decimal,
    /// 尾数误差: the true value lies within `amount ± slack`.
    slack: Decimal,
    measure: Measure,
    origin: Origin,
}

impl Figure {
    /// A stated amount of money, known to within `slack`.
    pub fn stated(money: &Money, slack: Decimal) -> Self {
        Self::new(money.amount, slack, Measure::Money, Origin::Stated(money.place.clone()))
    }

    /// A stated amount, or zero where nothing is stated.
    pub fn stated_or_zero(money: Option<&Money>, slack: Decimal) -> Self {
        money.map_or_else(Self::zero, |money| Self::stated(money, slack))
    }

    /// Zero money, because nothing is stated.
    pub fn zero() -> Self {
        Self::new(Decimal::ZERO, Decimal::ZERO, Measure::Money, Origin::Absent)
    }

    /// A stated number of things.
    pub fn count(count: &Count) -> Self {
        let origin = Origin::Stated(count.place.clone());
        Self::new(count.count.into(), Decimal::ZERO, Measure::Count, origin)
    }

    /// 合计. A sum of one part is that part.
    pub fn sum(parts: impl IntoIterator<Item = Self>) -> Self {
        let parts: Vec<Self> =
            parts.into_iter().filter(|part| part.0.origin != Origin::Absent).collect();
        match parts.as_slice() {
            [] => Self::zero(),
            [only] => only.clone(),
            [first, ..] => {
                let measure = first.0.measure;
                let amount = parts.iter().map(|part| part.0.amount).sum();
                let slack = parts.iter().map(|part| part.0.slack).sum();
                Self::new(amount, slack, measure, Origin::Sum(parts))
            }
        }
    }

    /// `self − other`.
    pub fn minus(&self, other: &Self) -> Self {
        Self::new(
            self.0.amount - other.0.amount,
            self.0.slack + other.0.slack,
            self.0.measure,
            Origin::Difference(self.clone(), other.clone()),
        )
    }

    /// The same figure without its sign: wording says 增加 or 减少 instead.
    pub fn abs(&self) -> Self {
        let inner = &self.0;
        Self::new(inner.amount.abs(), inner.slack, inner.measure, inner.origin.clone())
    }

    /// 增减率: |self − last| / last in percents; `None` on a base of zero.
    pub fn rate_from(&self, last: &Self) -> Option<Self> {
        if last.0.amount.is_zero() {
            return None;
        }
        let change = (self.0.amount - last.0.amount).abs();
        let percent = change.checked_div(last.0.amount.abs())?.checked_mul(Decimal::ONE_HUNDRED)?;
        let origin = Origin::Rate(self.clone(), last.clone());
        Some(Self::new(percent, Decimal::ZERO, Measure::Percent, origin))
    }

    /// What an expression made of figures and of numbers that it states itself.
    pub fn computed(amount: Decimal, slack: Decimal, measure: Measure, of: Vec<Self>) -> Self {
        Self::new(amount, slack, measure, Origin::Computed(of))
    }

    /// The same with so many decimals, as a number.
    pub fn percent_from(&self, last: &Self, decimals: u32) -> Option<Decimal> {
        let change = (self.0.amount - last.0.amount).abs();
        let percent = change.checked_div(last.0.amount.abs())?.checked_mul(Decimal::ONE_HUNDRED)?;
        Some(round_half_up(percent, decimals))
    }

    pub fn amount(&self) -> Decimal {
        self.0.amount
    }

    pub fn slack(&self) -> Decimal {
        self.0.slack
    }

    pub fn measure(&self) -> Measure {
        self.0.measure
    }

    pub fn origin(&self) -> &Origin {
        &self.0.origin
    }

    pub fn is_zero(&self) -> bool {
        self.0.amount.is_zero()
    }

    /// 1, 0 or −1.
    pub fn sign(&self) -> i32 {
        if self.is_zero() {
            0
        } else if self.0.amount.is_sign_negative() {
            -1
        } else {
            1
        }
    }

    /// The same for clones of one figure, different for others.
    pub fn identity(&self) -> usize {
        Arc::as_ptr(&self.0) as usize
    }

    /// Every place of the source that feeds this figure.
    pub fn places(&self) -> Vec<Place> {
        match &self.0.origin {
            Origin::Stated(place) => vec![place.clone()],
            Origin::Absent => Vec::new(),
            Origin::Sum(parts) | Origin::Computed(parts) => {
                parts.iter().flat_map(Self::places).collect()
            }
            Origin::Difference(a, b) | Origin::Rate(a, b) => {
                [a, b].into_iter().flat_map(Self::places).collect()
            }
        }
    }

    fn new(amount: Decimal, slack: Decimal, measure: Measure, origin: Origin) -> Self {
        Self(Arc::new(Inner { amount, slack, measure, origin }))
    }
}

/// 四舍五入 as the report's readers know it: halves away from zero.
pub fn round_half_up(amount: Decimal, decimals: u32) -> Decimal {
    amount.round_dp_with_strategy(decimals, rust_decimal::RoundingStrategy::MidpointAwayFromZero)
}
