//! A table on its paper: widths of columns, size of type, and what to do when the numbers are too
//! wide for the form's proportions. A number never breaks.

use super::breaks::numbers;
use super::grid::{GridValue, Set};
use super::measure::Widths;
use crate::report::Align;

/// What a table may be fitted to, in the order in which it is tried.
#[derive(Debug)]
pub struct Room<'a> {
    pub widths: &'a Widths,
    /// The role of its type.
    pub role: &'a str,
    /// Sizes of type, the form's own first.
    pub sizes: &'a [f64],
    /// The form's own first.
    pub papers: &'a [Paper],
    /// What a cell keeps free beside its text, in the size of type.
    pub insets: f64,
    /// Whether the columns may be parted into blocks, one under the other.
    pub parts: bool,
}

/// Where text may stand on a paper, in points.
#[derive(Debug, Clone, Copy)]
pub struct Paper {
    pub landscape: bool,
    pub width: f64,
    pub height: f64,
}

/// How a table stands on its paper.
#[derive(Debug)]
pub struct Fit {
    pub paper: Paper,
    pub size: f64,
    pub blocks: Vec<Block>,
}

/// Columns that stand beside each other.
#[derive(Debug)]
pub struct Block {
    /// Their numbers in the table.
    pub columns: Vec<usize>,
    /// Their widths in the size of type.
    pub widths: Vec<f64>,
    /// The proportions are the form's own.
    pub is_own: bool,
}

/// Widths come from faces drawn in whole units.
const NEAR: f64 = 0.02;
/// Han characters that stand beside each other in the narrowest column.
const NARROWEST: f64 = 2.0;
/// What a column of names keeps of the form's width.
const KEPT: f64 = 0.6;

/// What a column needs, in the size of type.
#[derive(Debug, Clone, Copy)]
struct Need {
    /// For its widest number.
    number: f64,
    /// For that, and for its words.
    all: f64,
}

/// Fits a table; where nothing helps, its last block is wider than the paper.
pub fn fit(grid: &GridValue, room: &Room<'_>) -> Fit {
    let (paper, size) = (room.papers[0], room.sizes[0]);
    let whole: Vec<usize> = (0..grid.columns.len()).collect();
    let own = shares(grid, &whole, paper.width / size);
    let needs = needs(grid, room, &own);
    if needs.iter().zip(&own).all(|(need, own)| need.number <= *own) {
        let block = Block { columns: whole, widths: own, is_own: true };
        return Fit { paper, size, blocks: vec![block] };
    }
    let tries = room.papers.iter().flat_map(|paper| room.sizes.iter().map(move |it| (paper, *it)));
    let found = tries.clone().find(|(paper, size)| total(&needs, &whole) <= paper.width / size);
    let (paper, size, blocks) = match (found, room.papers.last()) {
        (None, Some(paper)) if room.parts => {
            let parted =
                room.sizes.iter().map(|size| (*size, parts(grid, &needs, paper.width / size)));
            let fewest = parted.min_by_key(|(_, blocks)| blocks.len());
            let (size, blocks) = fewest.unwrap_or((size, vec![whole]));
            (*paper, size, blocks)
        }
        (None, _) => {
            let (paper, size) = tries.last().unwrap_or((&paper, size));
            (*paper, size, vec![whole])
        }
        (Some((paper, size)), _) => (*paper, size, vec![whole]),
    };
    let blocks = blocks.into_iter().map(|columns| {
        let widths = stretched(grid, &needs, &columns, paper.width / size);
        Block { columns, widths, is_own: false }
    });
    Fit { paper, size, blocks: blocks.collect() }
}

/// The form's proportions of some columns, over so much width.
fn shares(grid: &GridValue, columns: &[usize], width: f64) -> Vec<f64> {
    let own = |column: &usize| f64::from(grid.columns[*column].width);
    let sum = columns.iter().map(own).sum::<f64>().max(1.0);
    columns.iter().map(|column| own(column) * width / sum).collect()
}

fn total(needs: &[Need], columns: &[usize]) -> f64 {
    columns.iter().map(|column| needs[*column].all).sum()
}

/// What each column needs; `own` are the widths that the form gives them.
fn needs(grid: &GridValue, room: &Room<'_>, own: &[f64]) -> Vec<Need> {
    let number = |text: &str| {
        let widths = numbers(text).into_iter().map(|it| room.widths.at_most(room.role, &text[it]));
        widths.fold(0.0, f64::max)
    };
    let least = NARROWEST + room.insets;
    let mut needs = vec![Need { number: 0.0, all: least }; own.len()];
    let mut merged: Vec<(&Set, f64)> = Vec::new();
    let body = grid.rows.iter().map(|row| &row.cells);
    for set in grid.header.iter().chain(body).flatten() {
        let widest = set.line.removed().map(number).fold(number(&set.text), f64::max);
        if widest == 0.0 {
            continue;
        }
        let width = widest + room.insets + set.indent as f64 + NEAR;
        if set.columns > 1 {
            merged.push((set, width));
        } else {
            needs[set.column].number = needs[set.column].number.max(width);
        }
    }
    for (set, width) in merged {
        let covered: f64 = needs[set.across()].iter().map(|need| need.number).sum();
        if covered < width {
            needs[set.across().end - 1].number += width - covered;
        }
    }
    for (column, need) in needs.iter_mut().enumerate() {
        let names = if has_names(grid, column) { own[column] * KEPT } else { 0.0 };
        need.all = need.number.max(names).max(least);
    }
    needs
}

/// Whether something stands in a column that is more than a number.
fn has_names(grid: &GridValue, column: usize) -> bool {
    let cells = grid.rows.iter().flat_map(|row| &row.cells);
    let mut single = cells.filter(|set| set.column == column && set.columns == 1);
    single
        .any(|set| set.text.bytes().any(|byte| !byte.is_ascii_digit() && !b"-,.%".contains(&byte)))
}

/// The form's proportions, where no column gets less than it needs.
fn stretched(grid: &GridValue, needs: &[Need], columns: &[usize], width: f64) -> Vec<f64> {
    let mut fixed = vec![false; columns.len()];
    loop {
        let taken = columns.iter().zip(&fixed).filter(|(_, fixed)| **fixed);
        let left = width - taken.map(|(column, _)| needs[*column].all).sum::<f64>();
        let free: Vec<usize> =
            columns.iter().zip(&fixed).filter(|(_, fixed)| !**fixed).map(|(it, _)| *it).collect();
        let mut shares = shares(grid, &free, left).into_iter();
        let widths: Vec<f64> = columns
            .iter()
            .zip(&fixed)
            .map(|(column, fixed)| match fixed {
                true => needs[*column].all,
                false => shares.next().unwrap_or_default(),
            })
            .collect();
        let narrow = |at: &usize| !fixed[*at] && widths[*at] < needs[columns[*at]].all;
        let narrow: Vec<usize> = (0..columns.len()).filter(narrow).collect();
        if narrow.is_empty() {
            return widths;
        }
        narrow.into_iter().for_each(|at| fixed[at] = true);
    }
}

/// The columns in as few blocks as hold them, the first columns of names in each; parted between
/// the groups of the head where that makes no more blocks.
fn parts(grid: &GridValue, needs: &[Need], width: f64) -> Vec<Vec<usize>> {
    let names = grid.columns.iter().take_while(|column| column.align != Align::Right).count();
    let names: Vec<usize> = (0..names).collect();
    let others = names.len()..grid.columns.len();
    let inside = |at: usize| {
        let heads = grid.header.iter().flatten();
        heads
            .filter(|set| set.columns < others.len())
            .any(|set| set.column < at && at < set.across().end)
    };
    let filled = |between: &dyn Fn(usize) -> bool| {
        let mut blocks: Vec<Vec<usize>> = Vec::new();
        let mut start = others.start;
        while start < others.end {
            let fits = |end: &usize| {
                let columns: Vec<usize> = names.iter().copied().chain(start..*end).collect();
                total(needs, &columns) <= width
            };
            let ends = (start + 1..=others.end).take_while(fits);
            let clean = ends.clone().filter(|end| between(*end)).last();
            let end = clean.or(ends.last()).unwrap_or(start + 1);
            blocks.push(names.iter().copied().chain(start..end).collect());
            start = end;
        }
        blocks
    };
    let (any, clean) = (filled(&|_| true), filled(&|end| !inside(end)));
    if clean.len() > any.len() { any } else { clean }
}
