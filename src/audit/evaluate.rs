//! Applies a formula to the published tables and texts.

mod cells;

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::formula::{Columns, Comparison, Formula, Relation, Rows, Sign, Term};
use super::ids::meant;
use super::passages::Passages;
use super::quantity::{Dimension, Quantity, Verdict};
use super::sheet::{At, Sheet};
use crate::budget::Format;
use crate::form::Form;
use crate::report::Report;

/// The tables of a report by id, and its texts.
pub struct Published<'a> {
    pub sheets: BTreeMap<String, Sheet<'a>>,
    pub passages: Passages<'a>,
    form: &'a Form,
    /// For each table, rows by code or name.
    keys: BTreeMap<String, HashMap<String, Vec<usize>>>,
}

/// A claim that does not hold in print, or not at all.
#[derive(Debug, Clone)]
pub struct Breach {
    pub verdict: Verdict,
    pub left: Quantity,
    pub right: Quantity,
    pub relation: Relation,
    /// The cell that the claim is about: the scope's, else the first of its sides; by the table's
    /// place in the report.
    pub at: Option<(usize, At)>,
}

/// How often a rule was applied, and how often its conditions did not hold.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    pub applied: usize,
    pub excused: usize,
}

/// Where a claim is being made.
#[derive(Clone, Copy, Default)]
struct Here<'s> {
    table: Option<&'s str>,
    row: Option<usize>,
    column: Option<usize>,
    /// Rows that names are looked up in, within 每单位.
    unit: Option<usize>,
    children: Option<&'s [usize]>,
}

/// A term that cannot be found in the form's tables: the rule is wrong.
pub type Unknown = String;

/// What is done with a claim: where it is made, and its sides unless its conditions do not hold.
type Visit<'v> = &'v mut dyn FnMut(Here<'_>, Option<(Quantity, Quantity)>);

/// `None` where there is nothing to compare: a blank cell, a text that the report does not have.
type Found = Result<Option<Quantity>, Unknown>;

impl<'a> Published<'a> {
    pub fn new(form: &'a Form, report: &'a Report, format: Format) -> Self {
        let sheets = Sheet::all(report);
        let keys = sheets.iter().map(|(id, sheet)| {
            let mut rows: HashMap<String, Vec<usize>> = HashMap::new();
            for row in 0..sheet.len() {
                if let Some(key) = sheet.key(row) {
                    rows.entry(key).or_default().push(row);
                }
            }
            (id.clone(), rows)
        });
        Self { keys: keys.collect(), passages: Passages::of(report, format), sheets, form }
    }

    /// Every breach of a formula, and how often it was applied.
    pub fn breaches(&self, formula: &Formula) -> Result<(Vec<Breach>, Tally), Unknown> {
        let (mut breaches, mut tally) = (Vec::new(), Tally::default());
        let relation = formula.claim.relation;
        self.each(formula, &mut |here, sides| {
            let Some((left, right)) = sides else {
                tally.excused += 1;
                return;
            };
            tally.applied += 1;
            let verdict = left.compare(relation, &right);
            if verdict != Verdict::Holds {
                let at = self.place(here, &left, &right);
                breaches.push(Breach { verdict, left, right, relation, at });
            }
        })?;
        Ok((breaches, tally))
    }

    /// Both sides of a formula, each time that it is claimed.
    pub fn claims(&self, formula: &Formula) -> Result<Vec<(Quantity, Quantity)>, Unknown> {
        let mut claims = Vec::new();
        self.each(formula, &mut |_, sides| claims.extend(sides))?;
        Ok(claims)
    }

    fn each(&self, formula: &Formula, visit: Visit<'_>) -> Result<(), Unknown> {
        let table = formula.scope.table.as_deref();
        let columns = self.columns(formula)?;
        let Some(number) = table.filter(|_| formula.scope.rows != Rows::Named) else {
            for &column in &columns {
                self.claim(formula, Here { table, column, ..Here::default() }, visit)?;
            }
            return Ok(());
        };
        let sheet = self.sheet(number)?;
        let children = sheet.children();
        let units = sheet.units.iter().flatten().copied().collect::<BTreeSet<_>>();
        for &column in &columns {
            let here = Here { table, column, ..Here::default() };
            match formula.scope.rows {
                Rows::Each => {
                    for row in 0..sheet.len() {
                        if !formula.scope.coded || sheet.code(row).is_some() {
                            let here = Here { row: Some(row), unit: sheet.units[row], ..here };
                            self.claim(formula, here, visit)?;
                        }
                    }
                }
                Rows::Parents => {
                    for (row, children) in
                        children.iter().enumerate().filter(|(_, c)| !c.is_empty())
                    {
                        let here = Here { row: Some(row), children: Some(children), ..here };
                        self.claim(formula, here, visit)?;
                    }
                }
                Rows::Units => {
                    for &unit in &units {
                        self.claim(formula, Here { unit: Some(unit), ..here }, visit)?;
                    }
                }
                Rows::Named => {}
            }
        }
        Ok(())
    }

    /// The columns that the claim is repeated for; one unnamed column where it names its own.
    fn columns(&self, formula: &Formula) -> Result<Vec<Option<usize>>, Unknown> {
        let Some(columns) = &formula.scope.columns else { return Ok(vec![None]) };
        let id = formula.scope.table.as_deref().ok_or("没有说是哪张表")?;
        let sheet = self.sheet(id)?;
        let under = match columns {
            Columns::All => None,
            Columns::Under(heading) => Some(heading.as_str()),
        };
        if let Some(heading) = under.filter(|heading| !sheet.has_heading(heading)) {
            return Err(no_column(id, sheet, heading));
        }
        Ok(sheet.amount_columns(under).into_iter().map(Some).collect())
    }

    fn claim(&self, formula: &Formula, here: Here<'_>, visit: Visit<'_>) -> Result<(), Unknown> {
        for condition in &formula.conditions {
            match self.sides(condition, here)? {
                Some((left, right))
                    if left.compare(condition.relation, &right) == Verdict::Holds => {}
                Some(_) => {
                    visit(here, None);
                    return Ok(());
                }
                None => return Ok(()),
            }
        }
        if let Some(sides) = self.sides(&formula.claim, here)? {
            visit(here, Some(sides));
        }
        Ok(())
    }

    fn sides(
        &self,
        claim: &Comparison,
        here: Here<'_>,
    ) -> Result<Option<(Quantity, Quantity)>, Unknown> {
        let (left, right) = (self.sum(&claim.left, here)?, self.sum(&claim.right, here)?);
        let Some((left, right)) = left.zip(right) else { return Ok(None) };
        let (left, right) = match left.kind == right.kind {
            true => (left, right),
            false => (left.clone().beside(&right), right.beside(&left)),
        };
        let said = !left.amount.is_zero() && !right.amount.is_zero();
        match (left.kind, right.kind) {
            (Dimension::Money, Dimension::Count | Dimension::Percent)
            | (Dimension::Count | Dimension::Percent, Dimension::Money)
                if said =>
            {
                Err("一边是金额，一边是数量或百分比，不能比".to_owned())
            }
            _ => Ok(Some((left, right))),
        }
    }

    fn sum(&self, terms: &[(Sign, Term)], here: Here<'_>) -> Found {
        let mut sum = Quantity::default();
        for (sign, term) in terms {
            match self.term(term, here)? {
                Some(quantity) => sum.add(*sign, quantity),
                None => return Ok(None),
            }
        }
        Ok(Some(sum))
    }

    fn term(&self, term: &Term, here: Here<'_>) -> Found {
        match term {
            Term::Number(number) => Ok(Some(Quantity::number(*number))),
            Term::Percent(number) => Ok(Some(Quantity::percent(*number))),
            Term::Group(terms) => self.sum(terms, here),
            Term::Product(first, factors) => {
                let mut product = self.term(first, here)?;
                for (factor, term) in factors {
                    let pair = product.zip(self.term(term, here)?);
                    product = pair.and_then(|(left, right)| left.scaled(*factor, right));
                }
                Ok(product)
            }
            Term::Text { part, before, after } => Ok(self.passages.amount(part, before, after)),
            Term::Parent => self.own_cell(here),
            Term::ChildrenSum => {
                let sheet = self.sheet(here.table.ok_or("没有说是哪张表")?)?;
                let column = here.column.ok_or("没有说是哪一栏")?;
                let rows = here.children.unwrap_or_default().iter().copied();
                Ok(cells::sum(sheet, rows, column))
            }
            Term::Cell { table, row, column } => {
                let id = table.as_deref().or(here.table).ok_or("没有说是哪张表")?;
                self.cell(id, table.is_some(), row.as_ref(), column.as_deref(), here)
            }
        }
    }

    /// The cell to show for a claim.
    fn place(&self, here: Here<'_>, left: &Quantity, right: &Quantity) -> Option<(usize, At)> {
        if let (Some(table), Some(row), Some(column)) = (here.table, here.row, here.column) {
            return Some((self.sheets.get(table)?.nth, At { row, column }));
        }
        let cell = left.cells.iter().chain(&right.cells).next()?;
        Some((cell.table, cell.at))
    }

    fn sheet(&self, id: &str) -> Result<&Sheet<'a>, Unknown> {
        self.sheets.get(id).ok_or_else(|| self.form.ids.no_table(id))
    }
}

fn no_column(id: &str, sheet: &Sheet<'_>, name: &str) -> Unknown {
    format!("{id} 没有“{name}”这一栏{}", meant(name, sheet.column_names()))
}
