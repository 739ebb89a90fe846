//! Which cells a term of a formula means.

use super::super::formula::{Group, Row, Sign};
use super::super::ids::meant;
use super::super::quantity::Quantity;
use super::super::sheet::{At, Sheet};
use super::{Found, Here, Published, no_column};
use crate::report::{Role, plain};

impl Published<'_> {
    /// The cell of a row and column, what is missing taken from where the claim is made; `elsewhere`
    /// where the term names its table.
    pub(super) fn cell(
        &self,
        id: &str,
        elsewhere: bool,
        row: Option<&Row>,
        column: Option<&str>,
        here: Here<'_>,
    ) -> Found {
        let sheet = self.sheet(id)?;
        // A table that has nothing to say (no targets) has no columns to look for.
        if !sheet.has_amounts {
            return Ok(None);
        }
        // Within 每单位 a bare name is a row of the unit, for each column in turn.
        if let (false, None, Some(name), Some(_), None) =
            (elsewhere, row, column, here.unit, here.row)
        {
            return self.named(id, sheet, name, here.column, here);
        }
        let column = match column {
            Some(name) => Some(sheet.column(name).ok_or_else(|| several(id, sheet, name))?),
            // A column of another table has nothing to do with the one being walked.
            None => here.column.filter(|_| Some(id) == here.table),
        };
        let need_column = || column.ok_or_else(|| "没有说是哪一栏".to_owned());
        match row {
            None => self.own_cell(Here { column, table: Some(id), ..here }),
            Some(Row::Named(name)) => self.named(id, sheet, name, column, here),
            Some(Row::Total) => {
                let column = need_column()?;
                let total = sheet.total(column).ok_or_else(|| {
                    format!(
                        "{id} 没有合计行；在模板里写行的身份“合计”，或在 form.yaml 里写“合计行”"
                    )
                })?;
                Ok(quantity(sheet, At { row: total, column }))
            }
            Some(Row::Sum(group)) => {
                let column = need_column()?;
                Ok(sum(sheet, sheet.group(*group, column).into_iter(), column))
            }
            Some(Row::Same) => self.same(id, sheet, need_column()?, here),
            Some(Row::Above) => {
                let column = need_column()?;
                Ok(sum(sheet, sheet.above(column).into_iter(), column))
            }
        }
    }

    /// The row of the same unit and code, or name; a table without units has one row of each code.
    fn same(&self, id: &str, sheet: &Sheet<'_>, column: usize, here: Here<'_>) -> Found {
        let from = self.sheet(here.table.ok_or("没有说是哪张表")?)?;
        let row = here.row.ok_or("“同行”只能用在“每行”里")?;
        let Some(key) = from.key(row) else { return Ok(None) };
        let unit = from.units[row];
        let many = |sheet: &Sheet<'_>| sheet.units.contains(&Some(0));
        let comparable = match (unit, sheet.has_units()) {
            (Some(unit), false) => unit == 0 || !many(from),
            _ => true,
        };
        if !comparable {
            return Ok(None);
        }
        let unit = unit.filter(|_| sheet.has_units()).or_else(|| many(sheet).then_some(0));
        let fits = |row: &usize| unit.is_none() || sheet.units[*row] == unit;
        let rows = self.keys.get(id).and_then(|keys| keys.get(&key)).into_iter().flatten();
        let same: Vec<usize> = rows.copied().filter(fits).collect();
        if same.is_empty() && from.code(row).is_some() && sheet.has_codes() {
            let below: Vec<usize> = sheet.below(&key).into_iter().filter(fits).collect();
            let sum = sum(sheet, below.into_iter(), column);
            return Ok(sum.or_else(|| Some(Quantity::default())));
        }
        Ok(sum(sheet, same.into_iter(), column))
    }

    /// All rows of a name or code; a code that nothing is spent under counts as zero.
    fn named(
        &self,
        id: &str,
        sheet: &Sheet<'_>,
        name: &str,
        column: Option<usize>,
        here: Here<'_>,
    ) -> Found {
        let own = Some(id) == here.table;
        let in_unit =
            |row: &usize| !own || here.unit.is_none_or(|unit| sheet.units[*row] == Some(unit));
        let found = sheet.rows_named(name);
        let rows = found.iter().filter(|(row, _)| in_unit(row));
        // Where the department has rows of its own, those of its units are in them already.
        let whole =
            here.unit.is_none() && rows.clone().any(|(row, _)| sheet.units[*row] == Some(0));
        let rows = rows.filter(|(row, _)| !whole || sheet.units[*row] == Some(0));
        let mut total: Option<Quantity> = None;
        for &(row, beside) in rows {
            let column = column.or_else(|| sheet.amount_beside(row, beside));
            if let Some(found) = column.and_then(|column| quantity(sheet, At { row, column })) {
                total.get_or_insert_with(Quantity::default).add(Sign::Plus, found);
            }
        }
        if total.is_some() || !found.is_empty() && !is_code(name) {
            return Ok(total);
        }
        match column {
            Some(column) if is_code(name) => self.below(id, sheet, name, column, in_unit),
            None if is_code(name) => Ok(Some(Quantity::default())),
            None if sheet.has_heading(name) => one_row(id, sheet, name),
            _ if self.form.codes.has_name(name) => Ok(Some(Quantity::default())),
            _ if self.form.mentions(name) => Ok(None),
            _ => {
                let known = sheet.row_names().chain(sheet.column_names());
                let known = known.chain(self.form.codes.names());
                Err(format!("{id} 没有“{name}”这一行{}", meant(name, known)))
            }
        }
    }

    /// What is spent below a code that has no row of its own: zero where there is nothing.
    fn below(
        &self,
        id: &str,
        sheet: &Sheet<'_>,
        code: &str,
        column: usize,
        in_unit: impl Fn(&usize) -> bool,
    ) -> Found {
        let plain = (0..sheet.len()).filter(|&row| sheet.role(row) == Role::Plain);
        let mut spent = plain.filter_map(|row| sheet.figure(At { row, column }));
        if !sheet.has_codes() && !sheet.has_units() && spent.any(|figure| !figure.is_zero()) {
            return Err(format!("{id} 的各行没有编码，找不到 {code}；在 form.yaml 里写“编码栏”"));
        }
        let rows: Vec<usize> = sheet.below(code).into_iter().filter(in_unit).collect();
        Ok(sum(sheet, rows.into_iter(), column).or_else(|| Some(Quantity::default())))
    }

    pub(super) fn own_cell(&self, here: Here<'_>) -> Found {
        let sheet = self.sheet(here.table.ok_or("没有说是哪张表")?)?;
        let row = here.row.ok_or("没有说是哪一行")?;
        let column = here.column.ok_or("没有说是哪一栏")?;
        Ok(quantity(sheet, At { row, column }))
    }
}

impl Sheet<'_> {
    /// The rows that are added up as a group: the department's own where it has such rows.
    fn group(&self, group: Group, column: usize) -> Vec<usize> {
        let parents: Vec<usize> = self.parents.iter().flatten().copied().collect();
        let total = self.total(column);
        let is_in = |row: &usize| match group {
            Group::Units => self.role(*row) == Role::Unit && self.units[*row] > Some(0),
            Group::Level(level) => self.classes[*row] == Some(level),
            Group::Leaves => {
                let adds = matches!(self.role(*row), Role::Total | Role::Head);
                !adds && !parents.contains(row) && total != Some(*row)
            }
        };
        let rows: Vec<usize> = (0..self.len()).filter(is_in).collect();
        let own = rows.iter().any(|row| self.units[*row] == Some(0));
        rows.into_iter().filter(|row| !own || self.units[*row] == Some(0)).collect()
    }

    /// The rows above the first total of a column, those below others aside.
    fn above(&self, column: usize) -> Vec<usize> {
        let is_total = |row: &usize| self.role(*row) == Role::Total;
        let has = |row: &usize| self.figure(At { row: *row, column }).is_some();
        let below = (0..self.len()).filter(is_total).find(has).or_else(|| self.total(column));
        let below = below.unwrap_or(self.len());
        let start = (0..below).rev().find(is_total).map_or(0, |row| row + 1);
        let is_top = |row: &usize| self.parents[*row].is_none_or(|parent| parent < start);
        (start..below).filter(is_top).collect()
    }

    /// The topmost rows whose codes lie below a code.
    fn below(&self, code: &str) -> Vec<usize> {
        let under = |row: &usize| {
            self.code(*row).is_some_and(|own| own.len() > code.len() && own.starts_with(code))
        };
        let rows: Vec<usize> = (0..self.len()).filter(under).collect();
        let is_top = |row: &usize| self.parents[*row].is_none_or(|parent| !rows.contains(&parent));
        rows.iter().copied().filter(is_top).collect()
    }
}

/// A column of a table that has one row.
fn one_row(id: &str, sheet: &Sheet<'_>, name: &str) -> Found {
    let column = sheet.column(name).ok_or_else(|| several(id, sheet, name))?;
    let mut rows = (0..sheet.len()).filter(|&row| sheet.figure(At { row, column }).is_some());
    match (rows.next(), rows.next()) {
        (Some(row), None) => Ok(quantity(sheet, At { row, column })),
        (Some(_), Some(_)) => {
            Err(format!("{id} 不止一行，要写明是哪一行的“{name}”：{id}.行.{name}"))
        }
        _ => Ok(None),
    }
}

fn several(id: &str, sheet: &Sheet<'_>, name: &str) -> String {
    match sheet.has_heading(name) {
        true => format!("{id} 没有“{name}”这一栏，或不止一栏；加上级栏名：上级/{name}"),
        false => no_column(id, sheet, name),
    }
}

fn is_code(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(|b| b.is_ascii_digit())
}

fn quantity(sheet: &Sheet<'_>, at: At) -> Option<Quantity> {
    let cell = sheet.cell(at)?;
    let (figure, format) = cell.printed()?;
    let at = At { column: cell.column, ..at };
    Some(Quantity::figure(figure, &plain(&cell.text), format).read_from(sheet.nth, at))
}

/// `None` when no row has an amount there.
pub(super) fn sum(
    sheet: &Sheet<'_>,
    rows: impl Iterator<Item = usize>,
    column: usize,
) -> Option<Quantity> {
    let mut sum: Option<Quantity> = None;
    for found in rows.filter_map(|row| quantity(sheet, At { row, column })) {
        sum.get_or_insert_with(Quantity::default).add(Sign::Plus, found);
    }
    sum
}
