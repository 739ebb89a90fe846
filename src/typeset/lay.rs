//! A fitted table as the layout template sets it: blocks of columns, sections under one head each,
//! groups of rows that page breaks do not part.

use std::sync::Arc;

use minijinja::value::Value;

use super::cell::{CellValue, Extra, Kind, LONG, is_long};
use super::fit::{self, Block, Fit, Paper, Room};
use super::grid::{GridValue, Set, column_value};
use super::groups::{Around, Group, MERGED, Section, groups, sections};
use super::line::LineValue;
use crate::report::{Align, Role};

/// A line's pitch, and what a row keeps free above and below, in the size of type and in points: the
/// form's look sets it so.
const PITCH: f64 = 1.3;
const FREE: f64 = 11.0;
/// One that needs less may be kept with others.
const SHORT: f64 = 0.25;
/// What the head of a sheet takes of a paper, and notes, in points.
const SHEET_HEAD: f64 = 100.0;
/// A row that may need more of the paper goes on over the page.
const TALLEST: f64 = 0.55;

/// What the look adds to the name of a unit that stands again.
const GOES_ON: &str = "（续）";

/// The parameter of a cell that stands on several pages.
const MERGED_TO: &str = "merged: ";

/// A table fitted and laid out, block by block.
pub fn lay(grid: &GridValue, room: &Room<'_>) -> Value {
    let Fit { paper, size, blocks } = fit::fit(grid, room);
    let sections = sections(&grid.rows);
    let count = blocks.len();
    let blocks = blocks.iter().enumerate().map(|(number, block)| {
        let is_last = number + 1 == count;
        let lay = Lay { grid, room, paper, size, block, number, is_last };
        lay.value(&sections)
    });
    blocks.collect()
}

/// One block on its way to the template.
struct Lay<'a> {
    grid: &'a GridValue,
    room: &'a Room<'a>,
    paper: Paper,
    size: f64,
    block: &'a Block,
    number: usize,
    /// The notes stand under it.
    is_last: bool,
}

/// A row of a block.
struct Row {
    cells: Vec<(Set, Extra)>,
    /// How many lines it has, where that is certain.
    lines: Option<usize>,
    splits: bool,
    /// The most that it may be high, in points.
    tallest: f64,
}

impl Lay<'_> {
    fn value(&self, sections: &[Section]) -> Value {
        let columns = self.block.columns.iter().zip(&self.block.widths).map(|(column, width)| {
            let column = &self.grid.columns[*column];
            let own = || column.width.to_string();
            let width = if self.block.is_own { own() } else { format!("{width:.3}") };
            column_value(column, width)
        });
        let last = sections.len().saturating_sub(1);
        let sections = sections.iter().enumerate().map(|(number, section)| {
            let notes = if self.is_last && number == last { self.grid.notes } else { 0 };
            self.section(section, number, notes)
        });
        Value::from_pairs([
            ("landscape", Value::from(self.paper.landscape)),
            ("size", Value::from_safe_string(self.size.to_string())),
            ("columns", columns.collect()),
            ("sections", sections.collect()),
        ])
    }

    fn section(&self, section: &Section, number: usize, notes: usize) -> Value {
        let rows = &self.grid.rows;
        let mut head: Vec<Row> = match number {
            0 => self.grid.header.iter().map(|row| self.row(Role::Head, row)).collect(),
            _ => Vec::new(),
        };
        let own = &rows[section.start..section.end];
        let mut all: Vec<Row> = own.iter().map(|row| self.row(row.role, &row.cells)).collect();
        let grid_heads = head.len();
        let mut body = all.split_off(section.heads);
        head.extend(all);
        self.part_labels(&mut head[grid_heads..], &mut body);
        self.measure(&mut head);
        self.measure(&mut body);
        let first = section.start + section.heads;
        let height = head.iter().chain(&body).map(|row| row.tallest).sum::<f64>();
        let again = height + SHEET_HEAD > self.paper.height;
        let short: Vec<bool> =
            body.iter().map(|row| row.tallest <= SHORT * self.paper.height).collect();
        let groups = groups(rows, section, &Around { notes, again, short: &short });
        self.name_rows(&mut body, &groups);
        self.repeat_labels(&mut body, &head[grid_heads..], first);
        self.repeat_units(&mut body, &groups, first);
        let lines = Value::from_pairs([("header", lines(&head)), ("rows", lines(&body))]);
        let (head_rows, body_rows) = (head.len(), body.len());
        let header = self.cells(head);
        let mut body = body.into_iter();
        let groups = groups.into_iter().map(|group| {
            let rows = body.by_ref().take(group.rows.len()).collect();
            Value::from_pairs([
                ("kind", Value::from_safe_string(group.kind.to_owned())),
                ("rows", self.cells(rows)),
            ])
        });
        let groups: Value = groups.collect();
        Value::from_pairs([
            ("header", header),
            ("groups", groups),
            ("lines", lines),
            ("head_rows", Value::from(head_rows)),
            ("body_rows", Value::from(body_rows)),
        ])
    }

    /// A row with those of its cells that stand in the block.
    fn row(&self, role: Role, cells: &[Set]) -> Row {
        let cells = cells.iter().filter_map(|set| {
            let mut covered = self.block.columns.iter().enumerate();
            let column = covered.find(|(_, at)| set.across().contains(at))?.0;
            let columns = 1 + covered.take_while(|(_, at)| set.across().contains(at)).count();
            let is_here = role == Role::Head || self.block.columns.contains(&set.column);
            let room = self.width(column, columns, set.indent);
            let (text, line) = match is_here {
                true => (set.text.clone(), set.line.within(self.room.widths, self.room.role, room)),
                false => blank(),
            };
            let Set { rows, align, indent, .. } = *set;
            let set = Set { column, columns, rows, align, indent, text, line };
            Some((set, Extra::default()))
        });
        Row { cells: cells.collect(), lines: None, splits: false, tallest: 0.0 }
    }

    /// What is left for text in some columns of the block.
    fn width(&self, column: usize, columns: usize, indent: usize) -> f64 {
        let across: f64 = self.block.widths.iter().skip(column).take(columns).sum();
        across - self.room.insets - indent as f64
    }

    /// A cell that is merged over heads and the rows below them is in two parts, because Typst
    /// repeats heads alone: nothing stands in the upper one, and no rule between them.
    fn part_labels(&self, head: &mut [Row], body: &mut [Row]) {
        let count = head.len();
        for (at, row) in head.iter_mut().enumerate() {
            for (set, extra) in &mut row.cells {
                let Some(below) = (at + set.rows).checked_sub(count).filter(|rows| *rows > 0)
                else {
                    continue;
                };
                let Some(first) = body.first_mut() else { continue };
                let lower = Set { rows: below, ..set.clone() };
                let place = first.cells.partition_point(|(other, _)| other.column < lower.column);
                let extra_below =
                    Extra { others: vec!["open: \"top\"".to_owned()], ..Extra::default() };
                first.cells.insert(place, (lower, extra_below));
                set.rows = count - at;
                (set.text, set.line) = blank();
                extra.kind = Kind::Data;
                extra.others.push("open: \"bottom\"".to_owned());
            }
        }
    }

    /// Finds the lines of each row, and whether it goes on over the page.
    fn measure(&self, rows: &mut [Row]) {
        let widths = self.room.widths;
        let certain = |set: &Set| {
            let room = self.width(set.column, set.columns, set.indent);
            let lines = widths.lines(self.room.role, &set.text, room)?;
            (lines == 1 || !is_long(set)).then_some(lines)
        };
        let found = of_rows(rows, certain);
        for (row, lines) in rows.iter_mut().zip(found) {
            let shares = row.cells.iter().map(|(set, _)| self.most_lines(set) / set.rows as f64);
            let tallest = shares.fold(0.0, f64::max);
            let lines = lines.filter(|_| !self.grid.is_marked);
            let tallest = lines.map_or(tallest, |lines| lines as f64);
            row.tallest = PITCH * tallest * self.size + FREE;
            row.splits = row.tallest > TALLEST * self.paper.height;
            row.lines = lines.filter(|_| !row.splits);
        }
        self.split_merged(rows);
        // As far as heads leave room, rows beside a merged cell stay together.
        let limit = self.paper.height - 1.7 * SHEET_HEAD;
        let found: Vec<_> = rows.iter().map(|row| (row.splits, row.tallest)).collect();
        for (at, row) in rows.iter_mut().enumerate() {
            for (set, extra) in &mut row.cells {
                let beside = || found[at..].iter().take(set.rows);
                let is_tall = set.rows > 1 && beside().map(|row| row.1).sum::<f64>() > limit;
                extra.goes_on = set.rows > MERGED || is_tall || beside().any(|row| row.0);
                extra.splits = extra.goes_on || self.grid.splits;
            }
        }
    }

    /// The most lines that a cell may have.
    fn most_lines(&self, set: &Set) -> f64 {
        let room = (self.width(set.column, set.columns, set.indent) - 1.0).max(1.0);
        if set.text.len() as f64 <= room {
            return 1.0;
        }
        let width = |line: &str| self.room.widths.at_most(self.room.role, line);
        set.text.split('\n').map(|line| (width(line) / room).ceil().max(1.0)).sum()
    }

    /// Rows beside a merged cell that may need more than they have go on over the page, too.
    fn split_merged(&self, rows: &mut [Row]) {
        let merged = rows.iter().enumerate().flat_map(|(at, row)| {
            let merged = row.cells.iter().filter(|(set, _)| set.rows > 1);
            merged.map(move |(set, _)| (at, set))
        });
        let limit = TALLEST * self.paper.height;
        let tall = merged.filter(|(_, set)| PITCH * self.most_lines(set) * self.size > limit);
        let tall: Vec<(usize, usize)> = tall.map(|(at, set)| (at, at + set.rows)).collect();
        for (start, end) in tall {
            let end = end.min(rows.len());
            for row in &mut rows[start..end] {
                (row.splits, row.lines, row.tallest) = (true, None, limit);
            }
        }
    }

    /// Tells row heads, and which cells are data though they stand among heads.
    fn name_rows(&self, body: &mut [Row], groups: &[Group]) {
        for group in groups {
            for row in &mut body[group.rows.clone()] {
                let (mut is_named, mut after_amount) = (false, false);
                for (set, extra) in &mut row.cells {
                    let side = self.grid.columns[self.block.columns[set.column]].align;
                    let names = side != Align::Right && !set.text.is_empty();
                    let is_head = names && (!is_named || after_amount);
                    extra.kind = match (is_head, group.kind.is_empty()) {
                        (true, _) => Kind::Head,
                        (false, true) => Kind::Usual,
                        (false, false) => Kind::Data,
                    };
                    is_named |= is_head && set.rows == 1;
                    after_amount = side == Align::Right;
                }
            }
        }
    }

    /// The name of rows that go on over several pages stands again on each.
    fn repeat_labels(&self, body: &mut [Row], head: &[Row], first: usize) {
        let lines = head.iter().map(|row| row.lines).sum::<Option<usize>>();
        let is_open =
            |(set, extra): &&(Set, Extra)| set.text.is_empty() && !extra.others.is_empty();
        let parted = head.first().and_then(|row| row.cells.iter().rfind(is_open));
        let parted = parted.map_or(0, |(set, _)| set.across().end);
        let mut ends = Vec::new();
        for (at, row) in body.iter_mut().enumerate() {
            for (set, extra) in &mut row.cells {
                let names = (set.rows > 1 || extra.kind == Kind::Head)
                    && (1..=LONG).contains(&set.text.chars().count());
                if !names || !extra.goes_on {
                    continue;
                }
                let name = self.label(first + at, set.column);
                extra.others.push(format!("{MERGED_TO}{name}"));
                if let Some(lines) = lines.filter(|_| set.column < parted && at == 0) {
                    extra.others.push(format!("heads: ({lines}, {})", head.len()));
                }
                ends.push((at + set.rows - 1, name));
            }
        }
        for (at, row) in body.iter_mut().enumerate() {
            let own: Vec<&str> =
                ends.iter().filter(|(end, _)| *end == at).map(|(_, name)| name.as_str()).collect();
            let others = row.cells.iter_mut();
            let others = others
                .filter(|(_, extra)| !extra.others.iter().any(|it| it.starts_with(MERGED_TO)));
            let lines = |set: &Set| self.most_lines(set);
            let longest = others.max_by(|a, b| lines(&a.0).total_cmp(&lines(&b.0)));
            if let Some((_, extra)) = longest.filter(|_| !own.is_empty()) {
                extra.others.push(format!("ends: ({},)", own.join(", ")));
            }
        }
    }

    /// A unit's name stands again on each page of its rows, without its amounts.
    fn repeat_units(&self, body: &mut [Row], groups: &[Group], first: usize) {
        for group in groups.iter().filter(|group| group.kind == "unit") {
            for at in group.rows.clone() {
                let name = self.label(first + at, 0);
                body[at].lines = body[at].lines.filter(|lines| self.named_again(&body[at], *lines));
                let mut is_named = false;
                for (_, extra) in body[at].cells.iter_mut().filter(|(set, _)| !set.text.is_empty())
                {
                    let option = if is_named { "once" } else { "unit" };
                    extra.others.push(format!("{option}: {name}"));
                    is_named = true;
                }
            }
        }
    }

    /// Whether a unit's row is as high where its name stands again.
    fn named_again(&self, row: &Row, lines: usize) -> bool {
        let name = row.cells.iter().map(|(set, _)| set).find(|set| !set.text.is_empty());
        name.is_some_and(|set| {
            let room = self.width(set.column, set.columns, set.indent);
            let again = format!("{}{GOES_ON}", set.text);
            let found =
                [&*set.text, &*again].map(|it| self.room.widths.lines(self.room.role, it, room));
            found == [Some(lines); 2]
        })
    }

    fn label(&self, row: usize, column: usize) -> String {
        format!("\"{}-{}-{row}-{column}\"", self.grid.name, self.number)
    }

    fn cells(&self, rows: Vec<Row>) -> Value {
        let cell = |(set, extra): (Set, Extra)| {
            let column = self.grid.columns[self.block.columns[set.column]].align;
            Value::from_object(CellValue::new(&set, Some(column), extra))
        };
        let rows = rows.into_iter().map(|row| row.cells.into_iter().map(cell).collect::<Value>());
        rows.collect()
    }
}

/// Nothing, as a cell's text and line.
fn blank() -> (Arc<str>, Arc<LineValue>) {
    ("".into(), Arc::new(LineValue::new(Vec::new())))
}

/// The lines of rows for the template.
fn lines(rows: &[Row]) -> Value {
    let printed = |row: &Row| row.lines.map_or("none".into(), |lines| lines.to_string());
    rows.iter().map(|row| Value::from_safe_string(printed(row))).collect()
}

/// The lines of rows, from those of their cells.
fn of_rows(rows: &[Row], lines: impl Fn(&Set) -> Option<usize>) -> Vec<Option<usize>> {
    let own = |row: &Row| {
        let single = row.cells.iter().filter(|(set, _)| set.rows == 1);
        // A row of merged cells alone is as high as they make it.
        let mut lines = single.map(|(set, _)| lines(set));
        let most = lines.try_fold(0, |most, lines| Some(most.max(lines?)))?;
        (most > 0).then_some(most)
    };
    let mut all: Vec<Option<usize>> = rows.iter().map(own).collect();
    for (at, row) in rows.iter().enumerate() {
        for (set, _) in row.cells.iter().filter(|(set, _)| set.rows > 1) {
            let end = (at + set.rows).min(rows.len());
            let room: Option<usize> = all[at..end].iter().copied().sum();
            if room.zip(lines(set)).is_none_or(|(room, lines)| lines > room) {
                all[at..end].fill(None);
            }
        }
    }
    all
}
