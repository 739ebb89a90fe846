//! 金额: amounts typed in prose, and details against their project.

use std::collections::BTreeSet;

use rust_decimal::Decimal;

use super::{Hit, View, hit};
use crate::audit::typed::{self, Amount};
use crate::budget::Figure;
use crate::budget::account::Project;
use crate::finding::Sides;
use crate::report::Origin;

impl View<'_> {
    /// Amounts typed in prose that no figure of the report prints.
    pub(super) fn typed_amounts(&self) -> Vec<Hit> {
        let known = self.all_amounts();
        let mut hits = Vec::new();
        for passage in &self.passages.all {
            let amounts = typed::amounts(passage, self.passages.format());
            for Amount { range, quantity, .. } in amounts.into_iter().filter(|it| it.typed) {
                let around = quantity.amount - quantity.slack..=quantity.amount + quantity.slack;
                if known.range(around).next().is_none() {
                    hits.push(hit(passage, range.start, &passage.text[range]));
                }
            }
        }
        hits
    }

    fn all_amounts(&self) -> BTreeSet<Decimal> {
        let cells =
            self.report.tables().flat_map(|table| &table.grid.rows).flat_map(|row| &row.cells);
        let in_cells = cells.filter_map(|cell| cell.figure());
        let pieces = self.passages.all.iter().flat_map(|passage| passage.line.iter());
        let in_texts = pieces.filter_map(|piece| match &piece.origin {
            Origin::Figure(figure) => Some(figure),
            _ => None,
        });
        in_cells.chain(in_texts).map(|figure| figure.amount().abs()).collect()
    }

    /// Details that add up to more than their project, or to other than their stated total.
    pub(super) fn excessive_details(&self) -> Vec<Hit> {
        let mut hits = Vec::new();
        for project in self.projects_with_details() {
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
        let format = &self.budget.format;
        let sides = Sides {
            actual: format.print(sum),
            expected: format.print(total),
            difference: format.print(&sum.minus(total)),
        };
        let message = format!(
            "{}的明细共 {}，{what}是 {}，差 {}",
            project.facts.name.text,
            sides.actual,
            sides.expected,
            format.print(&sum.minus(total).abs())
        );
        Hit { sides: Some(sides), ..Hit::of_figures(message, [total, sum]) }
    }
}

/// Whether two amounts differ by more than their rounding allows.
fn apart(one: &Figure, other: &Figure) -> bool {
    let difference = one.minus(other);
    difference.amount().abs() > difference.slack()
}
