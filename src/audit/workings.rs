//! Which printed amounts are worked out from others of their table, by the form's own rules.
//!
//! A rule such as `表3 每行: 支出总计 = 基本支出 + 项目支出` says not only what must hold but how the
//! left cell comes from the others: a workbook can then hold a live formula there.

use std::collections::BTreeMap;

use super::evaluate::Published;
use super::formula::{Relation, Rows, Sign};
use super::quantity::{Part, Quantity};
use super::rules::{self, Kind};
use super::sheet::At;
use crate::budget::Budget;
use crate::form::Form;
use crate::report::Report;

/// For a cell, by table and place, the cells of the same table that it adds up.
pub type Workings = BTreeMap<(usize, At), Vec<Part>>;

/// The workings that the rules of a form give; the first rule that speaks of a cell wins.
pub fn workings(form: &Form, budget: &Budget, report: &Report) -> Workings {
    let mut workings = Workings::new();
    let Some(rules) = &form.rules else { return workings };
    let texts = form.short_texts(budget);
    let (rules, _) = rules::ready(rules, &form.ids, |prose| texts.rule(&rules.file, prose));
    let published = Published::new(form, report, budget.format);
    for rule in &rules {
        let Kind::Formula(formula) = &rule.kind else { continue };
        if formula.claim.relation != Relation::Equal || !formula.conditions.is_empty() {
            continue;
        }
        // What adds up rows may have a single row to add; otherwise one cell is no sum.
        let least = if formula.scope.rows == Rows::Parents { 1 } else { 2 };
        for (left, right) in published.claims(formula).unwrap_or_default() {
            if let Some((target, parts)) = working(&left, &right, least)
                && !workings.contains_key(&target)
                && !parts.iter().any(|part| leads_to(&workings, (part.table, part.at), target))
            {
                workings.insert(target, parts);
            }
        }
    }
    workings
}

/// The one cell on the left and the cells on the right, where all stand in one table and are all
/// that the sides are made of.
fn working(left: &Quantity, right: &Quantity, least: usize) -> Option<((usize, At), Vec<Part>)> {
    let [target] = left.cells.as_slice() else { return None };
    let same_table = right.cells.iter().all(|part| part.table == target.table);
    let whole = left.figures.len() == 1 && right.figures.len() == right.cells.len();
    let enough = right.cells.len() >= least && target.sign == Sign::Plus;
    (same_table && whole && enough).then(|| ((target.table, target.at), right.cells.clone()))
}

/// Whether a cell is worked out, at once or by others, from `target`.
fn leads_to(workings: &Workings, from: (usize, At), target: (usize, At)) -> bool {
    let mut waiting = vec![from];
    while let Some(cell) = waiting.pop() {
        if cell == target {
            return true;
        }
        let parts = workings.get(&cell).into_iter().flatten();
        waiting.extend(parts.map(|part| (part.table, part.at)));
    }
    false
}
