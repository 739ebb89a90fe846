//! 金额: amounts typed in prose, and details against their project.

use rust_decimal::Decimal;

use super::{Hit, View, around};
use crate::audit::quantity::{Quantity, figure_of};
use crate::budget::account::Project;
use crate::budget::{Figure, Format, Measure};
use crate::source::model::MoneyUnit;

impl View<'_> {
    /// Printed figures with another unit behind them than they are printed in: 4,629元 for 万元.
    pub(super) fn wrong_units(&self) -> Vec<Hit> {
        let units = self.form.prose.iter().flat_map(|prose| &prose.value.money.0);
        let units: Vec<&str> = units.map(|(name, _)| name.text.as_str()).collect();
        let mut hits = Vec::new();
        for passage in &self.passages.all {
            let mut start = 0;
            for piece in passage.line {
                let printed = start..start + piece.text.len();
                start = printed.end;
                let Some((figure, format)) = figure_of(&piece.origin) else { continue };
                let rest = &passage.text[printed.end..];
                let gap = rest.len() - rest.trim_start().len();
                let said = units.iter().filter(|unit| rest[gap..].starts_with(**unit));
                let Some(said) = said.max_by_key(|unit| unit.len()) else { continue };
                let wrong =
                    said.trim_end_matches('元') != format.unit_name().trim_end_matches('元');
                if figure.measure() == Measure::Money && !figure.is_zero() && wrong {
                    let unit = printed.end + gap..printed.end + gap + said.len();
                    let words = around(passage, &(printed.start..unit.end));
                    let message = format!("{words}；这个数的单位是{}", format.unit_name());
                    // Not the figure is wrong but the text behind it.
                    hits.push(Hit { message, feeds: figure.places(), ..self.at(passage, unit) });
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

/// Whether two amounts differ by more than their rounding allows.
fn apart(one: &Figure, other: &Figure) -> bool {
    let difference = one.minus(other);
    difference.amount().abs() > difference.slack()
}
