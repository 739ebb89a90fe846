//! 舍位平衡: printed parts moved by last digits so that they add up to their totals.
//!
//! The rounded parts of a rounded total need not add; offices may ask for a print that does. Which
//! amounts are parts of which is read from the form's own rules: `每级` makes the rows below parts
//! of the row above, `每行: 合 = 分 + 分` makes columns parts of a column. A total is never moved,
//! and neither is a figure that stood in an earlier table: one figure prints the same everywhere.
//! Figures that a rule says equal another table's (养老保险 by function and by economic class) are
//! moved only where nothing else can be.

use std::collections::{BTreeMap, BTreeSet};

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use super::evaluate::Published;
use super::formula::{Formula, Relation, Row, Rows, Sign, Term};
use super::quantity::{Part, read_number};
use super::rules::{Kind, Rule};
use super::sheet::{At, Sheet};
use crate::budget::{Figure, Format};
use crate::form::Form;
use crate::report::{Block, Line, Origin, Report, Role, plain};
use crate::source::model::MoneyUnit;

/// More last digits than rounding can ever put a sum off by: beyond it the source is wrong.
const MOST_MOVES: i64 = 1_000;

/// A printed amount that was moved.
#[derive(Debug, Clone)]
pub struct Move {
    pub figure: Figure,
    /// Every part and table that prints it: 第三部分, 表3, 表7.
    pub parts: Vec<String>,
    pub row: String,
    pub column: String,
    pub before: String,
    pub after: String,
}

/// How a figure prints: tables of another unit or other decimals print it by themselves.
type Printed = (usize, bool, u32);

fn printed(figure: &Figure, format: &Format) -> Printed {
    (figure.identity(), format.unit == MoneyUnit::Yuan, format.decimals)
}

/// Totals stay as they are, in whichever table they also are parts.
fn totals(report: &Report) -> BTreeMap<Printed, String> {
    let mut totals = BTreeMap::new();
    for table in report.tables() {
        let rows =
            table.grid.rows.iter().filter(|row| matches!(row.role, Role::Unit | Role::Total));
        for cell in rows.flat_map(|row| &row.cells) {
            if let Some(figure) = cell.figure() {
                totals.entry(printed(figure, &table.format)).or_insert_with(|| plain(&cell.text));
            }
        }
    }
    totals
}

/// Balances the tables whose format asks for it, and says what was moved.
pub fn balance(
    form: &Form,
    report: &mut Report,
    rules: &[Rule<'_>],
    in_text: &Format,
) -> Vec<Move> {
    let mut moves = Vec::new();
    let mut settled = totals(report);
    let bound = bound(form, report, rules, in_text);
    let numbers: Vec<String> = report.tables().map(|table| table.id.clone()).collect();
    // Tables whose columns add across come first: they bind their rows more than others do.
    let adds_across = |number: &&String| {
        let table = report.tables().find(|table| table.id == **number);
        table.is_some_and(|table| across_columns(rules, number, &Sheet::new(table)).is_some())
    };
    let (across, down): (Vec<&String>, Vec<&String>) = numbers.iter().partition(adds_across);
    for number in across.into_iter().chain(down) {
        let Some(table) = report.tables().find(|table| table.id == *number) else { continue };
        if !table.format.balance || !has_levels(rules, number) {
            continue;
        }
        let sheet = Sheet::new(table);
        let mut scales = Scales::new(&sheet, &settled, &bound);
        let columns_across = across_columns(rules, number, &sheet);
        for column in sheet.amount_columns(None) {
            if columns_across.as_ref().is_none_or(|(total, _)| *total != column) {
                scales.level(column);
            }
        }
        if let Some((total, parts)) = &columns_across {
            scales.add_across(*total, parts);
        }
        moves.extend(scales.finish(&mut settled));
        print(report, &settled);
    }
    spread_over(report, &mut moves);
    moves
}

/// Figures that a rule says equal others in another table, by identity.
fn bound(form: &Form, report: &Report, rules: &[Rule<'_>], in_text: &Format) -> BTreeSet<usize> {
    let published = Published::new(form, report, *in_text);
    let equations = rules.iter().filter_map(|rule| match &rule.kind {
        Kind::Formula(formula)
            if formula.scope.rows == Rows::Named && formula.claim.relation == Relation::Equal =>
        {
            Some(formula)
        }
        _ => None,
    });
    let claims = equations.flat_map(|formula| published.claims(formula).unwrap_or_default());
    let tables = |cells: &[Part]| cells.iter().map(|part| part.table).collect::<BTreeSet<_>>();
    let apart = claims.filter(|(left, right)| {
        let (left, right) = (tables(&left.cells), tables(&right.cells));
        !left.is_empty() && !right.is_empty() && left.is_disjoint(&right)
    });
    let figures = apart.flat_map(|(left, right)| [left.figures, right.figures]).flatten();
    figures.map(|figure| figure.identity()).collect()
}

/// Notes every part and table that prints what was moved.
fn spread_over(report: &Report, moves: &mut [Move]) {
    let mut parts: BTreeMap<usize, Vec<String>> =
        moves.iter().map(|it| (it.figure.identity(), Vec::new())).collect();
    let mut note = |line: &Line, part: &str| {
        for piece in line {
            if let Origin::Figure(figure, _) = &piece.origin
                && let Some(parts) = parts.get_mut(&figure.identity())
                && parts.last().is_none_or(|last| last != part)
            {
                parts.push(part.to_owned());
            }
        }
    };
    for chapter in report.chapters() {
        let part = chapter.id.as_str();
        for block in &chapter.blocks {
            match block {
                Block::Heading(..) => {}
                Block::Paragraph(line) => note(line, part),
                Block::Table(grid) => {
                    let cells = grid.rows.iter().flat_map(|row| &row.cells);
                    cells.for_each(|cell| note(&cell.text, part));
                }
            }
        }
    }
    for table in report.tables() {
        let cells = table.grid.rows.iter().flat_map(|row| &row.cells);
        cells.for_each(|cell| note(&cell.text, &table.id));
    }
    for it in moves {
        it.parts = parts.get(&it.figure.identity()).cloned().unwrap_or_default();
    }
}

fn formulas<'r>(rules: &'r [Rule<'r>], table: &'r str) -> impl Iterator<Item = &'r Formula> {
    rules.iter().filter_map(move |rule| match &rule.kind {
        Kind::Formula(formula) if formula.scope.table.as_deref() == Some(table) => {
            Some(formula.as_ref())
        }
        _ => None,
    })
}

fn has_levels(rules: &[Rule<'_>], table: &str) -> bool {
    formulas(rules, table).any(|formula| formula.scope.rows == Rows::Parents)
}

/// The rule by which a table's columns add across: the total's heading and its parts'.
fn across<'r>(rules: &'r [Rule<'r>], table: &'r str) -> Option<(&'r str, Vec<&'r str>)> {
    let heading = |term: &'r Term| match term {
        Term::Cell { table: None, row: None | Some(Row::Named(_)), column } => column.as_deref(),
        _ => None,
    };
    formulas(rules, table).find_map(|formula| {
        let claim = &formula.claim;
        let adds = formula.scope.rows == Rows::Each
            && claim.relation == Relation::Equal
            && claim.right.iter().all(|(sign, _)| *sign == Sign::Plus);
        let [(_, total)] = claim.left.as_slice() else { return None };
        let parts: Option<Vec<&str>> = claim.right.iter().map(|(_, term)| heading(term)).collect();
        if adds && claim.right.len() > 1 { Some((heading(total)?, parts?)) } else { None }
    })
}

fn across_columns(
    rules: &[Rule<'_>],
    table: &str,
    sheet: &Sheet<'_>,
) -> Option<(usize, Vec<usize>)> {
    let (total, parts) = across(rules, table)?;
    let amounts = sheet.amount_columns(None);
    let parts: Option<Vec<usize>> = parts
        .into_iter()
        .map(|part| sheet.column(part).filter(|column| amounts.contains(column)))
        .collect();
    Some((sheet.column(total)?, parts?))
}

/// The printed amounts of a table, in last digits.
struct Scales<'s, 'r> {
    sheet: &'s Sheet<'r>,
    /// One unit of the last printed digit, in the printed unit.
    digit: Decimal,
    printed: BTreeMap<(usize, usize), i64>,
    /// Cells whose figures an earlier table settled.
    fixed: Vec<(usize, usize)>,
    /// Cells that a rule says equal another table's.
    bound: BTreeSet<(usize, usize)>,
    children: Vec<Vec<usize>>,
}

impl<'s, 'r> Scales<'s, 'r> {
    fn new(
        sheet: &'s Sheet<'r>,
        settled: &BTreeMap<Printed, String>,
        bound_figures: &BTreeSet<usize>,
    ) -> Self {
        let digit = Decimal::new(1, sheet.table.format.decimals);
        let mut digits_of = BTreeMap::new();
        let (mut fixed, mut bound) = (Vec::new(), BTreeSet::new());
        for row in 0..sheet.len() {
            for column in 0..sheet.headings.len() {
                let Some((figure, text)) = sheet.amount(At { row, column }) else { continue };
                let digits = read_number(text).unwrap_or_default() / digit;
                digits_of.insert((row, column), digits.round().to_i64().unwrap_or_default());
                if settled.contains_key(&printed(figure, &sheet.table.format)) {
                    fixed.push((row, column));
                }
                if bound_figures.contains(&figure.identity()) {
                    bound.insert((row, column));
                }
            }
        }
        let children = sheet.children();
        Self { sheet, digit, printed: digits_of, fixed, bound, children }
    }

    /// Makes the rows below each row of a column add up to it, from the top down.
    fn level(&mut self, column: usize) {
        for row in 0..self.sheet.len() {
            let parts: Vec<usize> = self.children[row]
                .iter()
                .copied()
                .filter(|&part| self.printed.contains_key(&(part, column)))
                .collect();
            let Some(total) = self.printed.get(&(row, column)) else { continue };
            let sum: i64 = parts.iter().map(|&part| self.printed[&(part, column)]).sum();
            let missing = total - sum;
            if !parts.is_empty()
                && missing != 0
                && missing.abs() < MOST_MOVES
                && self.explained(row, &parts, column)
            {
                self.spread(missing, &parts, column);
            }
        }
    }

    /// Whether rounding alone puts the parts off: a wrong source is not to be hidden.
    fn explained(&self, row: usize, parts: &[usize], column: usize) -> bool {
        let figure = |row| self.sheet.figure(At { row, column });
        let sum = Figure::sum(parts.iter().filter_map(|&part| figure(part).cloned()));
        figure(row).is_some_and(|total| {
            (total.amount() - sum.amount()).abs() <= total.slack() + sum.slack()
        })
    }

    /// Moves the parts whose rounding was largest in that direction, a last digit each; among
    /// equals the largest amounts, where a digit tells least.
    fn spread(&mut self, missing: i64, parts: &[usize], column: usize) {
        let step = missing.signum();
        let mut free: Vec<usize> =
            parts.iter().copied().filter(|&part| !self.fixed.contains(&(part, column))).collect();
        free.retain(|&part| {
            self.printed[&(part, column)] + step >= 0 && self.printed[&(part, column)] != 0
        });
        let key = |part: usize| {
            let amount =
                self.sheet.figure(At { row: part, column }).map_or(Decimal::ZERO, Figure::amount);
            let printed = self
                .sheet
                .table
                .format
                .held(Decimal::from(self.printed[&(part, column)]) * self.digit);
            ((amount - printed) * Decimal::from(step), amount)
        };
        free.sort_by_key(|&part| {
            (self.bound.contains(&(part, column)), std::cmp::Reverse(key(part)))
        });
        if free.is_empty() {
            return;
        }
        for turn in 0..missing.unsigned_abs() as usize {
            let part = free[turn % free.len()];
            if let Some(printed) = self.printed.get_mut(&(part, column)) {
                *printed += step;
            }
        }
    }

    /// Row totals below the top follow their parts.
    fn add_across(&mut self, total: usize, parts: &[usize]) {
        for row in 0..self.sheet.len() {
            let sum: Option<i64> =
                parts.iter().map(|&part| self.printed.get(&(row, part)).copied()).sum();
            let below_top = self.sheet.parents[row].is_some();
            if let Some(sum) = sum.filter(|_| below_top && self.printed.contains_key(&(row, total)))
            {
                self.printed.insert((row, total), sum);
            }
        }
    }

    /// Settles every amount of the table, and lists those that moved.
    fn finish(self, settled: &mut BTreeMap<Printed, String>) -> Vec<Move> {
        let format = &self.sheet.table.format;
        let mut moves = Vec::new();
        for ((row, column), digits) in &self.printed {
            let at = At { row: *row, column: *column };
            let Some((figure, before)) = self.sheet.amount(at) else { continue };
            let after = written(format, *digits, self.digit);
            if before != after && !settled.contains_key(&printed(figure, format)) {
                moves.push(Move {
                    figure: figure.clone(),
                    parts: Vec::new(),
                    row: self.sheet.row_name(at),
                    column: self.sheet.column_name(at.column),
                    before: before.to_owned(),
                    after: after.clone(),
                });
            }
            settled.entry(printed(figure, format)).or_insert(after);
        }
        moves
    }
}

fn written(format: &Format, digits: i64, digit: Decimal) -> String {
    format.print_amount(format.held(Decimal::from(digits) * digit))
}

/// Prints settled figures anew wherever they stand in tables and chapters.
fn print(report: &mut Report, settled: &BTreeMap<Printed, String>) {
    let reprint = |line: &mut Line| {
        for piece in line {
            if let Origin::Figure(figure, format) = &piece.origin
                && let Some(text) = settled.get(&printed(figure, format))
                && let Some(number) = read_number(text)
            {
                piece.text = format.print_amount(format.held(number));
            }
        }
    };
    for group in &mut report.groups {
        for table in &mut group.tables {
            let cells = table.grid.rows.iter_mut().flat_map(|row| &mut row.cells);
            cells.for_each(|cell| reprint(&mut cell.text));
        }
        for block in group.chapters.iter_mut().flat_map(|chapter| &mut chapter.blocks) {
            match block {
                Block::Heading(..) => {}
                Block::Paragraph(line) => reprint(line),
                Block::Table(grid) => {
                    let cells = grid.rows.iter_mut().flat_map(|row| &mut row.cells);
                    cells.for_each(|cell| reprint(&mut cell.text));
                }
            }
        }
    }
}
