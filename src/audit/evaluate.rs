//! Applies a formula to the published tables and texts.

use std::collections::{BTreeMap, HashMap};

use rust_decimal::Decimal;

use super::formula::{Columns, Comparison, Formula, Relation, Row, Rows, Sign, Term};
use super::passages::Passages;
use super::quantity::{Quantity, Verdict};
use super::sheet::{At, Sheet};
use crate::report::{Role, plain};

/// The tables of a report by number, and its texts.
pub struct Published<'a> {
    pub sheets: BTreeMap<String, Sheet<'a>>,
    pub passages: Passages<'a>,
    /// For each table, rows by unit and code.
    keys: BTreeMap<String, HashMap<(usize, String), usize>>,
}

/// A claim that does not hold in print, or not at all.
#[derive(Debug, Clone)]
pub struct Breach {
    pub verdict: Verdict,
    pub left: Quantity,
    pub right: Quantity,
    pub relation: Relation,
    /// The cell that the claim is about: the left side's first, else the scope's.
    pub at: Option<(String, At)>,
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

/// What is done with a claim: where it is made, its sides.
type Visit<'v> = &'v mut dyn FnMut(Here<'_>, Quantity, Quantity);

/// `None` where there is nothing to compare: a blank cell, a text that the report does not have.
type Found = Result<Option<Quantity>, Unknown>;

impl<'a> Published<'a> {
    pub fn new(sheets: BTreeMap<String, Sheet<'a>>, passages: Passages<'a>) -> Self {
        let keys = sheets.iter().map(|(number, sheet)| {
            let rows = (0..sheet.len())
                .filter_map(|row| Some(((sheet.units[row]?, sheet.code(row)?), row)));
            (number.clone(), rows.collect())
        });
        Self { keys: keys.collect(), sheets, passages }
    }

    /// Every breach of a formula.
    pub fn breaches(&self, formula: &Formula) -> Result<Vec<Breach>, Unknown> {
        let mut breaches = Vec::new();
        let relation = formula.claim.relation;
        self.each(formula, &mut |here, left, right| {
            let verdict = left.compare(relation, &right);
            if verdict != Verdict::Holds {
                let at = self.place(&formula.claim, here);
                breaches.push(Breach { verdict, left, right, relation, at });
            }
        })?;
        Ok(breaches)
    }

    /// Both sides of a formula, each time that it is claimed.
    pub fn claims(&self, formula: &Formula) -> Result<Vec<(Quantity, Quantity)>, Unknown> {
        let mut claims = Vec::new();
        self.each(formula, &mut |_, left, right| claims.push((left, right)))?;
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
        let children = children(sheet);
        let units =
            sheet.units.iter().flatten().copied().collect::<std::collections::BTreeSet<_>>();
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
        let number = formula.scope.table.as_deref().ok_or("没有说是哪张表")?;
        let under = match columns {
            Columns::All => None,
            Columns::Under(heading) => Some(heading.as_str()),
        };
        Ok(self.sheet(number)?.amount_columns(under).into_iter().map(Some).collect())
    }

    fn claim(&self, formula: &Formula, here: Here<'_>, visit: Visit<'_>) -> Result<(), Unknown> {
        for condition in &formula.conditions {
            match self.sides(condition, here)? {
                Some((left, right))
                    if left.compare(condition.relation, &right) == Verdict::Holds => {}
                _ => return Ok(()),
            }
        }
        let Some((left, right)) = self.sides(&formula.claim, here)? else { return Ok(()) };
        visit(here, left, right);
        Ok(())
    }

    fn sides(
        &self,
        claim: &Comparison,
        here: Here<'_>,
    ) -> Result<Option<(Quantity, Quantity)>, Unknown> {
        let left = self.side(&claim.left, here)?;
        let right = self.side(&claim.right, here)?;
        Ok(left.zip(right))
    }

    fn side(&self, terms: &[(Sign, Term)], here: Here<'_>) -> Found {
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
            Term::Text { part, before, after } => Ok(self.passages.amount(part, before, after)),
            Term::Parent => self.own_cell(here),
            Term::ChildrenSum => {
                let sheet = self.sheet(here.table.ok_or("没有说是哪张表")?)?;
                let column = here.column.ok_or("没有说是哪一栏")?;
                let rows = here.children.unwrap_or_default().iter().copied();
                Ok(sum_of(sheet, rows, column))
            }
            Term::Cell { table, row, column } => {
                let number = table.as_deref().or(here.table).ok_or("没有说是哪张表")?;
                // A table that has nothing to say (no targets) has no columns to look for.
                if !self.sheet(number)?.has_amounts {
                    return Ok(None);
                }
                // Within 每单位 a bare name is a row of the unit, for each column in turn.
                if let (None, None, Some(name), Some(_)) = (table, row, column, here.unit)
                    && here.row.is_none()
                {
                    return self.named(number, self.sheet(number)?, name, here.column, here);
                }
                let column = match column {
                    Some(name) => Some(
                        self.sheet(number)?
                            .column(name)
                            .ok_or_else(|| format!("{number} 没有“{name}”这一栏，或不止一栏"))?,
                    ),
                    // A column of another table has nothing to do with the one being walked.
                    None => here.column.filter(|_| Some(number) == here.table),
                };
                self.cell(number, row.as_ref(), column, here)
            }
        }
    }

    fn cell(
        &self,
        number: &str,
        row: Option<&Row>,
        column: Option<usize>,
        here: Here<'_>,
    ) -> Found {
        let sheet = self.sheet(number)?;
        let need_column = || column.ok_or_else(|| "没有说是哪一栏".to_owned());
        match row {
            None => self.own_cell(Here { column, table: Some(number), ..here }),
            Some(Row::Named(name)) => self.named(number, sheet, name, column, here),
            Some(Row::Total) => {
                let total = (0..sheet.len()).find(|&row| sheet.role(row) == Role::Unit);
                let row = total.ok_or_else(|| format!("{number} 没有合计行"))?;
                Ok(quantity(sheet, At { row, column: need_column()? }))
            }
            Some(Row::UnitsSum) => {
                let column = need_column()?;
                let rows = (0..sheet.len()).filter(|&row| {
                    sheet.role(row) == Role::Unit && sheet.units[row].is_some_and(|unit| unit > 0)
                });
                Ok(sum_of(sheet, rows, column))
            }
            Some(Row::Same) => {
                let from = self.sheet(here.table.ok_or("没有说是哪张表")?)?;
                let row = here.row.ok_or("“同行”只能用在“每行”里")?;
                let key = from.units[row].zip(from.code(row));
                let same = key.and_then(|key| self.keys.get(number)?.get(&key));
                let column = need_column()?;
                Ok(same.and_then(|&row| quantity(sheet, At { row, column })))
            }
            Some(Row::Above) => {
                let column = need_column()?;
                let below = self.total_row(sheet, column);
                let start = (0..below).rev().find(|&row| sheet.role(row) == Role::Total);
                Ok(sum_of(sheet, start.map_or(0, |row| row + 1)..below, column))
            }
        }
    }

    /// The first total row with an amount in a column.
    fn total_row(&self, sheet: &Sheet<'_>, column: usize) -> usize {
        (0..sheet.len())
            .find(|&row| {
                sheet.role(row) == Role::Total && sheet.figure(At { row, column }).is_some()
            })
            .unwrap_or(sheet.len())
    }

    /// All rows of a name or code; a code that nothing is spent under counts as zero.
    fn named(
        &self,
        number: &str,
        sheet: &Sheet<'_>,
        name: &str,
        column: Option<usize>,
        here: Here<'_>,
    ) -> Found {
        let in_unit = |row: &usize| here.unit.is_none_or(|unit| sheet.units[*row] == Some(unit));
        let rows = sheet
            .rows_named(name)
            .iter()
            .filter(|(row, _)| Some(number) != here.table || in_unit(row));
        // Where the department has rows of its own, those of its units are in them already.
        let whole =
            here.unit.is_none() && rows.clone().any(|(row, _)| sheet.units[*row] == Some(0));
        let rows = rows.filter(|(row, _)| !whole || sheet.units[*row] == Some(0));
        let mut sum: Option<Quantity> = None;
        for &(row, beside) in rows {
            let column = column.or_else(|| sheet.amount_beside(row, beside));
            if let Some(found) = column.and_then(|column| quantity(sheet, At { row, column })) {
                sum.get_or_insert_with(Quantity::default).add(Sign::Plus, found);
            }
        }
        match sum {
            None if is_code(name) => Ok(Some(Quantity::number(Decimal::ZERO))),
            None if sheet.rows_named(name).is_empty() => {
                Err(format!("{number} 没有“{name}”这一行"))
            }
            sum => Ok(sum),
        }
    }

    fn own_cell(&self, here: Here<'_>) -> Found {
        let sheet = self.sheet(here.table.ok_or("没有说是哪张表")?)?;
        let row = here.row.ok_or("没有说是哪一行")?;
        let column = here.column.ok_or("没有说是哪一栏")?;
        Ok(quantity(sheet, At { row, column }))
    }

    fn sheet(&self, number: &str) -> Result<&Sheet<'a>, Unknown> {
        self.sheets.get(number).ok_or_else(|| format!("没有{number}"))
    }

    /// The cell to show for a claim.
    fn place(&self, claim: &Comparison, here: Here<'_>) -> Option<(String, At)> {
        if let (Some(table), Some(row), Some(column)) = (here.table, here.row, here.column) {
            return Some((table.to_owned(), At { row, column }));
        }
        claim.left.iter().chain(&claim.right).find_map(|(_, term)| {
            let Term::Cell { table, row, column } = term else { return None };
            let number = table.as_deref().or(here.table)?;
            let sheet = self.sheets.get(number)?;
            if let (None, Some(name), Some(unit)) = (row, column, here.unit) {
                let mut rows = sheet.rows_named(name).iter();
                let (row, _) = *rows.find(|(row, _)| sheet.units[*row] == Some(unit))?;
                return Some((number.to_owned(), At { row, column: here.column? }));
            }
            let (row, beside) = match row {
                Some(Row::Named(name)) => {
                    let mut rows = sheet.rows_named(name).iter();
                    *rows.find(|(row, _)| here.unit.is_none() || sheet.units[*row] == here.unit)?
                }
                Some(Row::Total) => {
                    ((0..sheet.len()).find(|&row| sheet.role(row) == Role::Unit)?, 0)
                }
                None => (here.row?, 0),
                Some(_) => return None,
            };
            let column = match column {
                Some(name) => sheet.column(name)?,
                None => here.column.or_else(|| sheet.amount_beside(row, beside))?,
            };
            Some((number.to_owned(), At { row, column }))
        })
    }
}

fn is_code(name: &str) -> bool {
    name.bytes().all(|b| b.is_ascii_digit())
}

fn quantity(sheet: &Sheet<'_>, at: At) -> Option<Quantity> {
    let cell = sheet.cell(at)?;
    let (figure, format) = cell.printed()?;
    let at = At { column: cell.column, ..at };
    Some(Quantity::figure(figure, &plain(&cell.text), format).read_from(sheet.nth, at))
}

/// `None` when no row has an amount there.
fn sum_of(sheet: &Sheet<'_>, rows: impl Iterator<Item = usize>, column: usize) -> Option<Quantity> {
    let mut sum: Option<Quantity> = None;
    for found in rows.filter_map(|row| quantity(sheet, At { row, column })) {
        sum.get_or_insert_with(Quantity::default).add(Sign::Plus, found);
    }
    sum
}

/// For each row, the rows directly below it.
fn children(sheet: &Sheet<'_>) -> Vec<Vec<usize>> {
    let mut children = vec![Vec::new(); sheet.len()];
    for (row, parent) in sheet.parents.iter().enumerate() {
        if let Some(parent) = parent {
            children[*parent].push(row);
        }
    }
    children
}
