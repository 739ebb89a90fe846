//! 金额: amounts typed in prose, and details against their project.

use std::collections::BTreeSet;

use regex::Regex;
use rust_decimal::Decimal;

use super::claims::is_compared;
use super::{Hit, View, hit};
use crate::audit::quantity::{Quantity, figure_of};
use crate::audit::typed::{self, Amount};
use crate::budget::account::Project;
use crate::budget::{Figure, Format, Measure};
use crate::report::Origin;
use crate::source::model::MoneyUnit;

/// By how many places a decimal point slips.
const SLIPS: [i32; 6] = [1, -1, 2, -2, 3, -3];
/// By how many places one unit is taken for another.
const UNITS: [i32; 4] = [4, -4, 8, -8];
/// An amount of so many digits does not slip into another one by chance.
const TELLING_DIGITS: usize = 2;

impl View<'_> {
    /// Amounts typed in prose that no figure of the report prints, and no change of one. What
    /// stands between such words is a threshold: 5万元以上.
    pub(super) fn typed_amounts(&self, thresholds: &[[Regex; 2]]) -> Vec<Hit> {
        let known = self.all_amounts();
        let compared = self.compared();
        let last_year = format!("{}年", self.budget.source.value.year.count - 1);
        let mut hits = Vec::new();
        for passage in &self.passages.all {
            let amounts = typed::amounts(passage, self.passages.format());
            for amount in amounts.iter().filter(|it| it.typed) {
                let (before, behind) =
                    (&passage.text[..amount.range.start], &passage.text[amount.range.end..]);
                let is_between =
                    |[one, other]: &[Regex; 2]| one.is_match(before) && other.is_match(behind);
                if near(&known, &amount.quantity, 0).is_some()
                    || thresholds.iter().any(is_between)
                    || is_compared(&compared, &last_year, passage, amount)
                {
                    continue;
                }
                let found = hit(passage, amount.range.start, &passage.text[amount.range.clone()]);
                hits.push(self.slip(&known, amount, &found).unwrap_or(found));
            }
        }
        hits
    }

    /// The amount that was meant where a typed one has the wrong unit or decimal point.
    fn slip(&self, known: &BTreeSet<Decimal>, amount: &Amount, found: &Hit) -> Option<Hit> {
        let of_unit = Some(amount.unit_places).filter(|places| *places != 0);
        let telling = amount.telling_digits >= TELLING_DIGITS;
        let slips = SLIPS.into_iter().filter(|_| telling).chain(UNITS);
        let (places, meant) = of_unit
            .into_iter()
            .chain(slips)
            .find_map(|places| Some((places, near(known, &amount.quantity, places)?)))?;
        let format = &self.budget.format;
        let meant = format!("{}{}", format.print_amount(meant), format.unit_name());
        let (what, why) = match of_unit == Some(places) {
            true => ("数一样，单位不同".to_owned(), "单位写错了"),
            false => {
                let times = 10_u64.pow(places.unsigned_abs());
                (format!("两者差 {times} 倍"), "单位、小数点或位数写错了")
            }
        };
        let help = format!(
            "{why}的，改成 {meant}，或引用报告里的数（写 {{{{ 名字 }}}}{{{{ 金额单位 }}}}）；说的是另一件事的，在“说明”里写明"
        );
        let message = format!("{}；报告里有 {meant}，{what}", found.message);
        Some(Hit { message, help: Some(help), ..found.clone() })
    }

    /// Printed figures with another unit behind them than they are printed in: 4,629元 for 万元.
    pub(super) fn wrong_units(&self) -> Vec<Hit> {
        let mut hits = Vec::new();
        for passage in &self.passages.all {
            let amounts = typed::amounts(passage, self.passages.format());
            for Amount { range, quantity, .. } in amounts.into_iter().filter(|it| !it.typed) {
                let Some((figure, format)) =
                    passage.piece_at(range.start).and_then(|it| figure_of(it.1))
                else {
                    continue;
                };
                let last = range.end - 1;
                let (real, said) = (figure.amount().abs(), quantity.amount);
                // Rounding may double a number, a unit makes it ten times as much.
                let far = |one: Decimal, other: Decimal| one > other * Decimal::from(5);
                let both = !real.is_zero() && !said.is_zero();
                if figure.measure() == Measure::Money
                    && both
                    && (far(real, said) || far(said, real))
                {
                    let found = hit(passage, range.start, &passage.text[range]);
                    let unit = format.unit_name();
                    let message = format!("{}；这个数的单位是{unit}", found.message);
                    // Not the figure is wrong but the text behind it.
                    let place = passage.place_at(last).or(found.place);
                    hits.push(Hit { message, place, feeds: figure.places(), ..found });
                }
            }
        }
        hits
    }

    /// 金额单位 of which there is too little (in 元) or too much (in 万元); words: both in 元.
    pub(super) fn implausible_unit(&self, words: &[String]) -> Result<Vec<Hit>, String> {
        let limit = |at: usize| {
            let word = words.get(at).ok_or("要写最少和最多是多少元")?;
            Decimal::from_str_exact(word).map_err(|_| format!("“{word}”不是数"))
        };
        let (least, most) = (limit(0)?, limit(1)?);
        let total = &self.budget.whole.income.total;
        let format = &self.budget.format;
        let yuan = Quantity::yuan_of(total.amount(), format);
        let has = match format.held_in {
            MoneyUnit::Yuan if yuan < least && !total.is_zero() => "只有",
            MoneyUnit::TenThousand if yuan > most => "有",
            _ => return Ok(Vec::new()),
        };
        let held = Format { unit: format.held_in, ..*format };
        let message = format!("收入总计{has} {} {}", held.print(total), held.unit_name());
        Ok(vec![Hit::of_figures(message, [total])])
    }

    fn all_amounts(&self) -> BTreeSet<Decimal> {
        let cells =
            self.report.tables().flat_map(|table| &table.grid.rows).flat_map(|row| &row.cells);
        let in_cells = cells.filter_map(|cell| cell.figure());
        let pieces = self.passages.all.iter().flat_map(|passage| passage.line.iter());
        let in_texts = pieces.filter_map(|piece| match &piece.origin {
            Origin::Figure(figure, _) => Some(figure),
            _ => None,
        });
        in_cells.chain(in_texts).map(|figure| figure.amount().abs()).collect()
    }

    /// Details that add up to more than their project, or to other than their stated total: a total
    /// of none is no total.
    pub(super) fn excessive_details(&self) -> Vec<Hit> {
        let mut hits = Vec::new();
        for project in &self.budget.whole.projects {
            let sum = Figure::sum(project.details.iter().cloned());
            if let Some(total) = &project.details_total
                && apart(&sum, total)
            {
                hits.push(self.uneven(project, &sum, "明细合计", total));
            }
            if apart(&sum, &project.amount) && sum.minus(&project.amount).sign() > 0 {
                hits.push(self.uneven(project, &sum, "项目", &project.amount));
            }
        }
        hits
    }

    /// Details that are only a part of their project.
    pub(super) fn partial_details(&self) -> Vec<Hit> {
        let mut hits = Vec::new();
        for project in self.projects_with_details() {
            let sum = Figure::sum(project.details.iter().cloned());
            if apart(&sum, &project.amount) && sum.minus(&project.amount).sign() < 0 {
                hits.push(self.uneven(project, &sum, "项目", &project.amount));
            }
        }
        hits
    }

    fn projects_with_details(&self) -> impl Iterator<Item = &Project> {
        self.budget.whole.projects.iter().filter(|project| !project.details.is_empty())
    }

    fn uneven(&self, project: &Project, sum: &Figure, what: &str, total: &Figure) -> Hit {
        let sides = self.budget.format.sides(sum.amount(), total.amount());
        let message = format!(
            "{}的明细共 {}，{what}是 {}，差 {}",
            project.facts.name.text,
            sides.actual,
            sides.expected,
            sides.difference.trim_start_matches('-')
        );
        Hit { sides: Some(sides), ..Hit::of_figures(message, [total, sum]) }
    }
}

/// The known amount that a typed one can be when its point moves right by so many places.
fn near(known: &BTreeSet<Decimal>, typed: &Quantity, places: i32) -> Option<Decimal> {
    let moved = |amount: Decimal| {
        let factor = Decimal::from(10_u64.pow(places.unsigned_abs()));
        if places < 0 { amount.checked_div(factor) } else { amount.checked_mul(factor) }
    };
    let (amount, slack) = (moved(typed.amount)?, moved(typed.slack)?);
    let around = known.range(amount - slack..=amount + slack);
    around.filter(|it| !it.is_zero()).min_by_key(|it| (**it - amount).abs()).copied()
}

/// Whether two amounts differ by more than their rounding allows.
fn apart(one: &Figure, other: &Figure) -> bool {
    let difference = one.minus(other);
    difference.amount().abs() > difference.slack()
}
