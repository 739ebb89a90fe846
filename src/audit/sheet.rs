//! A published table as rules speak of it: rows by code or name, columns by heading, units, levels.

mod codes;

use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap};

use crate::budget::Figure;
use crate::form::TOTALS;
use crate::report::{Cell, Report, Role, Table, TotalRow, plain};

/// A table indexed for look-ups. Building it and walking it are linear in its rows.
pub struct Sheet<'a> {
    pub table: &'a Table,
    /// The table's place among those of the report.
    pub nth: usize,
    /// For each column its headings, outermost first, without white space.
    pub headings: Vec<Vec<String>>,
    /// For each row, the cell that covers each column.
    cells: Vec<Vec<Option<usize>>>,
    /// Rows and the column that a text stands in, by that text.
    by_text: HashMap<String, Vec<(usize, usize)>>,
    pub has_amounts: bool,
    /// For each row, its 科目编码, whole even where it stands in several columns.
    codes: Vec<Option<String>>,
    /// The columns that hold the parts of codes, where they are known.
    code_columns: Vec<usize>,
    /// For each row, how deep its class is: 类, 款, 项 are 1, 2, 3.
    pub classes: Vec<Option<usize>>,
    /// For each row, the unit it belongs to: 0 for the department's own total, then 1, 2, …
    pub units: Vec<Option<usize>>,
    /// For each row, the row above it in the tree of units and classes.
    pub parents: Vec<Option<usize>>,
    /// Columns that were asked for, by heading.
    found: RefCell<HashMap<String, Option<usize>>>,
}

/// A cell of a table by its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct At {
    pub row: usize,
    pub column: usize,
}

impl<'a> Sheet<'a> {
    /// Every table of a report, by its id.
    pub fn all(report: &'a Report) -> BTreeMap<String, Self> {
        let tables = report.tables().enumerate();
        tables.map(|(nth, table)| (table.id.clone(), Self { nth, ..Self::new(table) })).collect()
    }

    pub fn new(table: &'a Table) -> Self {
        let width = table.grid.columns.len();
        let rows = &table.grid.rows;
        let mut cells = vec![vec![None; width]; rows.len()];
        for (at, row) in rows.iter().enumerate() {
            for (number, cell) in row.cells.iter().enumerate() {
                let end = (cell.column + cell.columns).min(width);
                cells[at][cell.column..end].fill(Some(number));
            }
        }
        let headings = headings(table);
        let code_columns = codes::columns(table, &headings);
        let codes = codes::of_rows(table, &code_columns);
        let classes = codes::levels(table, &codes);
        Self {
            headings,
            cells,
            by_text: by_text(table, &codes, &code_columns),
            has_amounts: rows.iter().flat_map(|row| &row.cells).any(|cell| cell.figure().is_some()),
            units: units(table),
            parents: parents(table, &classes),
            codes,
            code_columns,
            classes,
            table,
            nth: 0,
            found: RefCell::default(),
        }
    }

    pub fn cell(&self, at: At) -> Option<&'a Cell> {
        let number = (*self.cells.get(at.row)?.get(at.column)?)?;
        self.table.grid.rows[at.row].cells.get(number)
    }

    /// The amount of a cell, as figure and as printed.
    pub fn amount(&self, at: At) -> Option<(&'a Figure, &'a str)> {
        let cell = self.cell(at)?;
        Some((cell.figure()?, cell.text.first()?.text.as_str()))
    }

    pub fn figure(&self, at: At) -> Option<&'a Figure> {
        self.cell(at)?.figure()
    }

    /// Rows whose code or name is `name`, with the column that says so.
    pub fn rows_named(&self, name: &str) -> &[(usize, usize)] {
        self.by_text.get(&name_of(name)).map_or(&[], Vec::as_slice)
    }

    /// The column under a heading: `小计`, or `政府预算拨款/小计` where one word is not enough.
    pub fn column(&self, heading: &str) -> Option<usize> {
        // Rules ask for the same few columns at every row.
        if let Some(known) = self.found.borrow().get(heading) {
            return *known;
        }
        let column = self.find_column(heading);
        self.found.borrow_mut().insert(heading.to_owned(), column);
        column
    }

    fn find_column(&self, heading: &str) -> Option<usize> {
        let wanted: Vec<String> = heading.split('/').map(bare).collect();
        let leads_to = |path: &Vec<String>| {
            let mut wanted = wanted.iter().rev();
            path.last() == wanted.next() && wanted.all(|word| path.contains(word))
        };
        let mut found = self.headings.iter().enumerate().filter(|(_, path)| leads_to(path));
        match (found.next(), found.next()) {
            (Some((column, _)), None) => Some(column),
            (None, _) => self.rows_named(heading).first().map(|(_, column)| *column),
            _ => None,
        }
    }

    /// Columns of amounts; with `under`, those whose headings hold that word.
    pub fn amount_columns(&self, under: Option<&str>) -> Vec<usize> {
        let word = under.map(bare);
        (0..self.headings.len())
            .filter(|&column| word.as_ref().is_none_or(|word| self.headings[column].contains(word)))
            .filter(|&column| {
                (0..self.cells.len()).any(|row| self.figure(At { row, column }).is_some())
            })
            .collect()
    }

    /// The first amount to the right of a row's name.
    pub fn amount_beside(&self, row: usize, name_column: usize) -> Option<usize> {
        (name_column + 1..self.headings.len())
            .find(|&column| self.figure(At { row, column }).is_some())
    }

    /// 科目编码 of a row, if it has one.
    pub fn code(&self, row: usize) -> Option<&str> {
        self.codes[row].as_deref()
    }

    pub fn has_codes(&self) -> bool {
        self.codes.iter().any(Option::is_some)
    }

    /// What a row is known by in other tables: its code, else its name.
    pub fn key(&self, row: usize) -> Option<String> {
        self.code(row).map(str::to_owned).or_else(|| {
            let cells = self.table.grid.rows[row].cells.iter();
            let texts = cells.filter(|cell| cell.figure().is_none());
            texts.map(|cell| name_of(&plain(&cell.text))).find(|name| !name.is_empty())
        })
    }

    /// 合计行: the department's own row, else the total at the top or the end, by role or by name.
    pub fn total(&self, column: usize) -> Option<usize> {
        let has = |row: &usize| self.figure(At { row: *row, column }).is_some();
        let is = |role: Role| move |row: &usize| self.role(*row) == role;
        match self.table.total {
            Some(TotalRow::First) => return (0..self.len()).find(has),
            Some(TotalRow::Last) => return (0..self.len()).rev().find(has),
            None => {}
        }
        let at_top = || (self.len() > 0 && self.role(0) == Role::Total).then_some(0);
        let unit = (0..self.len()).find(is(Role::Unit)).or_else(at_top);
        let named = || {
            let rows = TOTALS.iter().flat_map(|name| self.rows_named(name));
            rows.map(|(row, _)| *row).find(has)
        };
        unit.or_else(|| (0..self.len()).rev().filter(is(Role::Total)).find(has)).or_else(named)
    }

    /// What a reader calls the row of a cell: its code, and the nearest text to the left.
    pub fn row_name(&self, at: At) -> String {
        let left = (0..at.column).rev().filter(|column| !self.code_columns.contains(column));
        let texts = left.filter_map(|column| {
            let cell = self.cell(At { column, ..at }).filter(|cell| cell.figure().is_none())?;
            Some(plain(&cell.text)).filter(|text| !text.trim().is_empty())
        });
        let mut names: Vec<String> = self.code(at.row).map(str::to_owned).into_iter().collect();
        names.extend(texts.filter(|text| !names.contains(text)).take(1).collect::<Vec<_>>());
        names.join(" ")
    }

    /// The names of rows, for a message about one that is not there.
    pub fn row_names(&self) -> impl Iterator<Item = &str> + Clone {
        let mut names: Vec<&str> = self.by_text.keys().map(String::as_str).collect();
        names.sort_unstable();
        names.into_iter()
    }

    /// The headings of columns, each once.
    pub fn column_names(&self) -> impl Iterator<Item = &str> + Clone {
        let mut names: Vec<&str> = Vec::new();
        for name in self.headings.iter().flatten() {
            if !name.is_empty() && !names.contains(&name.as_str()) {
                names.push(name);
            }
        }
        names.into_iter()
    }

    pub fn column_name(&self, column: usize) -> String {
        self.headings.get(column).and_then(|path| path.last()).cloned().unwrap_or_default()
    }

    pub fn role(&self, row: usize) -> Role {
        self.table.grid.rows[row].role
    }

    /// For each row, the rows directly below it.
    pub fn children(&self) -> Vec<Vec<usize>> {
        let mut children = vec![Vec::new(); self.len()];
        for (row, parent) in self.parents.iter().enumerate() {
            if let Some(parent) = parent {
                children[*parent].push(row);
            }
        }
        children
    }

    pub fn has_units(&self) -> bool {
        self.units.iter().any(Option::is_some)
    }

    /// Whether a heading is there, over one column or more; of a path, its last.
    pub fn has_heading(&self, name: &str) -> bool {
        let name = bare(name.rsplit('/').next().unwrap_or(name));
        self.headings.iter().flatten().any(|heading| *heading == name)
    }

    pub(crate) fn len(&self) -> usize {
        self.cells.len()
    }
}

/// Rows and columns by the text that stands there; the parts of a code only as the whole code.
fn by_text(
    table: &Table,
    codes: &[Option<String>],
    code_columns: &[usize],
) -> HashMap<String, Vec<(usize, usize)>> {
    let mut by_text: HashMap<String, Vec<(usize, usize)>> = HashMap::new();
    for (at, row) in table.grid.rows.iter().enumerate() {
        if let (Some(code), Some(column)) = (&codes[at], code_columns.last()) {
            by_text.entry(code.clone()).or_default().push((at, *column));
        }
        for cell in row.cells.iter().filter(|cell| cell.figure().is_none()) {
            let text = name_of(&plain(&cell.text));
            let is_code = codes[at].is_some() && code_columns.contains(&cell.column);
            if !text.is_empty() && !is_code {
                by_text.entry(text).or_default().push((at, cell.column));
            }
        }
    }
    by_text
}

/// The headings above each column.
fn headings(table: &Table) -> Vec<Vec<String>> {
    let mut paths = vec![Vec::new(); table.grid.columns.len()];
    for row in &table.grid.header {
        for cell in &row.cells {
            let end = (cell.column + cell.columns).min(paths.len());
            for path in &mut paths[cell.column..end] {
                path.push(bare(&plain(&cell.text)));
            }
        }
    }
    paths
}

/// Units in order; where a table has several 单位 rows, the first is the department's total.
fn units(table: &Table) -> Vec<Option<usize>> {
    let rows = &table.grid.rows;
    let many = rows.iter().filter(|row| row.role == Role::Unit).count() > 1;
    let mut unit = None;
    rows.iter()
        .map(|row| {
            if row.role == Role::Unit {
                unit = Some(unit.map_or(usize::from(!many), |unit| unit + 1));
            }
            unit
        })
        .collect()
}

/// 级: units stand over their classes or lines, 类 over 款, 款 over 项; totals are no part of it.
fn parents(table: &Table, classes: &[Option<usize>]) -> Vec<Option<usize>> {
    let mut open: Vec<(usize, usize)> = Vec::new();
    let mut in_unit = false;
    let rows = table.grid.rows.iter().enumerate();
    rows.map(|(at, row)| {
        let level = match (row.role, classes[at]) {
            (Role::Unit, _) => 0,
            (_, Some(level)) => level,
            (Role::Plain, None) if in_unit => 1,
            _ => {
                open.clear();
                return None;
            }
        };
        in_unit |= level == 0;
        open.retain(|(_, above)| *above < level);
        let parent = open.last().map(|(row, _)| *row);
        open.push((at, level));
        parent
    })
    .collect()
}

/// A heading or name without the white space that only spreads it.
pub fn bare(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}

/// A row's name without its ordinal: 一、政府预算拨款 and 1.事业收入 are known by their names.
pub fn name_of(text: &str) -> String {
    let text = bare(text);
    let ordinal = text.find(['、', '.']).filter(|&at| {
        let before = &text[..at];
        !before.is_empty()
            && before.chars().all(|c| c.is_ascii_digit() || "一二三四五六七八九十".contains(c))
    });
    match ordinal {
        Some(at) => text[at..].chars().skip(1).collect(),
        None => text,
    }
}
