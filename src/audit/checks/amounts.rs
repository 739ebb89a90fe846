//! 金额: amounts typed in prose, and details against their project.

use std::collections::BTreeSet;

use rust_decimal::Decimal;

use super::{Hit, View, hit};
use crate::audit::passages::number_at;
use crate::audit::quantity::{Quantity, read_number};
use crate::budget::Figure;
use crate::budget::account::Project;
use crate::report::Origin;

impl View<'_> {
    /// Amounts typed in prose that no figure of the report prints.
    pub(super) fn typed_amounts(&self) -> Vec<Hit> {
        let known = self.all_amounts();
        let format = self.passages.format();
        let mut hits = Vec::new();
        for passage in &self.passages.all {
            let mut at = 0;
            while let Some(digit) = passage.text[at..].find(|c: char| c.is_ascii_digit()) {
                let start = at + digit;
                let number = number_at(&passage.text[start..]);
                at = start + number.len();
                let (Some(unit), Some((_, Origin::Text(_)))) =
                    (unit_at(&passage.text[at..]), passage.piece_at(start))
                else {
                    continue;
                };
                let Some(typed) = read_number(number) else { continue };
                let quantity = Quantity::in_yuan(typed, unit.0, format);
                let matches =
                    |amount: &Decimal| (*amount - quantity.amount).abs() <= quantity.slack;
                if !known.iter().any(matches) {
                    hits.push(hit(passage, start, &format!("{number}{}", unit.1)));
                }
            }
        }
        hits
    }

    pub(super) fn all_amounts(&self) -> BTreeSet<Decimal> {
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
        Hit {
            message: format!(
                "{}的明细共 {}，{what}是 {}，差 {}",
                project.facts.name.text,
                format.print(sum),
                format.print(total),
                format.print(&sum.minus(total).abs())
            ),
            address: None,
            part: String::new(),
            place: total.places().first().cloned(),
            words: String::new(),
        }
    }
}

/// Whether two amounts differ by more than their rounding allows.
fn apart(one: &Figure, other: &Figure) -> bool {
    let difference = one.minus(other);
    difference.amount().abs() > difference.slack()
}

/// The unit that a text begins with: how many 元 it is, and its name.
fn unit_at(text: &str) -> Option<(u32, &'static str)> {
    let text = text.trim_start();
    [(100_000_000, "亿元"), (10_000, "万元"), (1, "元")]
        .into_iter()
        .find(|(_, name)| text.starts_with(name))
}
