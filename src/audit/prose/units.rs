//! Amounts that nothing names, with the digits of a printed figure in another unit: 1000元 where the
//! report has 1,000.00万元.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use super::judge::{Fault, Judge, Kind};
use super::reader::{Is, Near, Unit};
use crate::audit::checks::View;
use crate::audit::quantity::{Quantity, figure_of};
use crate::budget::{Figure, Measure};

/// The units that are taken for each other, in 元.
const UNITS: [Decimal; 2] = [Decimal::ONE, Decimal::from_parts(10_000, 0, 0, false, 0)];
/// Smaller numbers are anything's.
const LEAST: Decimal = Decimal::ONE_HUNDRED;

/// The amounts of a report, in 元.
pub struct Printed(BTreeMap<Decimal, Figure>);

impl Printed {
    pub fn of(view: &View<'_>) -> Self {
        let pieces = view.report.lines().flatten();
        let figures = pieces.filter_map(|piece| figure_of(&piece.origin));
        let money = figures.filter(|(figure, _)| figure.measure() == Measure::Money);
        let format = &view.budget.format;
        let yuan = |figure: &Figure| Quantity::yuan_of(figure.amount(), format).normalize();
        Self(money.map(|(figure, _)| (yuan(figure), figure.clone())).collect())
    }

    /// The amounts of a text that are in the report, but for their unit.
    pub fn faults(&self, judge: &Judge<'_, '_>) -> Vec<Fault> {
        let mut faults = Vec::new();
        for token in judge.tokens {
            let Is::Number(typed) = &token.is else { continue };
            let Unit::Money(said) = typed.unit else { continue };
            let Some(at) = UNITS.iter().position(|unit| *unit == said) else { continue };
            let meant = UNITS[1 - at];
            let is_exact = typed.quoted.is_none() && typed.near == Near::Exact;
            let in_yuan = |unit: Decimal| typed.typed.checked_mul(unit).map(|it| it.normalize());
            let known = |unit: Decimal| in_yuan(unit).and_then(|yuan| self.0.get(&yuan));
            if !is_exact || typed.typed < LEAST || known(said).is_some() {
                continue;
            }
            if let Some(figure) = known(meant) {
                let told = judge.told(figure, judge.held(typed));
                let message = format!("报告里有 {told}，是不是单位写错了？");
                let figures = vec![figure.clone()];
                faults.push(Fault {
                    kind: Kind::Unit,
                    range: token.range.clone(),
                    message,
                    figures,
                });
            }
        }
        faults
    }
}
