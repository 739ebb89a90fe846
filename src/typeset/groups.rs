//! Which rows of a table stand under which heads, and which of them page breaks do not part.

use std::ops::Range;

use super::grid::RowSet;
use crate::report::Role;

/// Characters of a cell that make many lines: what is kept together has to fit a page.
const TALL: usize = 100;
/// A cell merged over more rows breaks between them.
pub const MERGED: usize = 3;

/// Rows under heads of their own: those that the cell beside the heads is merged over.
#[derive(Debug, PartialEq, Eq)]
pub struct Section {
    pub start: usize,
    /// How many rows are heads.
    pub heads: usize,
    pub end: usize,
}

/// Rows that are laid out alike.
#[derive(Debug, PartialEq, Eq)]
pub struct Group {
    /// `unit` stands again on each page, `end` ends that, `bound` stays with the next row, `last`
    /// with the notes.
    pub kind: &'static str,
    pub rows: Range<usize>,
}

/// The sections of a body.
pub fn sections(rows: &[RowSet]) -> Vec<Section> {
    let mut sections = Vec::new();
    let mut start = 0;
    while start < rows.len() {
        let is_head = |row: &&RowSet| row.role == Role::Head;
        let heads = rows[start..].iter().take_while(is_head).count();
        let body = start + heads;
        let next =
            rows[body..].iter().position(|row| is_head(&row)).map_or(rows.len(), |at| body + at);
        let covered = rows[start..body]
            .iter()
            .enumerate()
            .flat_map(|(at, row)| row.cells.iter().map(move |set| start + at + set.rows));
        let covered = covered.max().unwrap_or(body);
        let mut end = if covered > body { covered.min(rows.len()) } else { next };
        while end < next && rows[end].role == Role::Total {
            end += 1;
        }
        sections.push(Section { start, heads, end });
        start = end;
    }
    if sections.is_empty() {
        sections.push(Section { start: 0, heads: 0, end: 0 });
    }
    sections
}

/// The groups of the rows of a section, below its heads, with so many notes under them.
pub fn groups(rows: &[RowSet], section: &Section, notes: usize) -> Vec<Group> {
    let first = section.start + section.heads;
    let heads = rows[section.start..first].iter().enumerate();
    let ends = heads.map(|(at, row)| (section.start + at + merged(row)).saturating_sub(first));
    let beside = ends.max().unwrap_or_default();
    let rows = &rows[first..section.end];
    let bound = bound(rows, beside.min(rows.len()), notes);
    let last = bound.iter().rposition(|bound| !bound).map_or(0, |at| at + 1);
    let first_unit = rows.iter().position(|row| row.repeats && row.role == Role::Unit);
    let kind = |at: usize| {
        let row = &rows[at];
        let has_rows = rows.get(at + 1).is_some_and(|next| next.role != Role::Unit);
        match first_unit {
            _ if at >= last => "last",
            Some(first) if at >= first && row.role == Role::Unit && merged(row) == 1 => {
                if has_rows && row.repeats { "unit" } else { "end" }
            }
            _ if bound[at] => "bound",
            _ => "",
        }
    };
    let mut groups: Vec<Group> = Vec::new();
    for at in 0..rows.len() {
        let kind = kind(at);
        match groups.last_mut() {
            Some(last) if last.kind == kind && !matches!(kind, "unit" | "end") => {
                last.rows.end = at + 1
            }
            _ => groups.push(Group { kind, rows: at..at + 1 }),
        }
    }
    groups
}

/// Rows that may not be parted from the next one by the end of a page: a unit's or a 类's from its
/// first child, the row above a total from the total, and the last row from the notes, which are
/// rows behind it. `beside` rows have a cell beside them that begins in the heads.
fn bound(rows: &[RowSet], beside: usize, notes: usize) -> Vec<bool> {
    let belongs = |above: &RowSet, below: &RowSet| match (above.role, below.role) {
        (_, Role::Total) => true,
        (Role::Unit, below) => below != Role::Unit,
        (Role::Class(1), below) => matches!(below, Role::Class(2 | 3)),
        _ => false,
    };
    let is_short = |row: &RowSet| longest(row) <= TALL;
    let pairs =
        rows.windows(2).map(|pair| belongs(&pair[0], &pair[1]) && pair.iter().all(is_short));
    let last = rows.last().map(|row| notes > 0 && is_short(row));
    let mut bound: Vec<bool> = pairs.chain(last).collect();
    // What is bound to the next row are heads to Typst, which lays out merged cells twice (0.15.1)
    // when it takes heads to the next page; what is bound to the notes is a foot.
    bound[..beside].fill(false);
    for (at, row) in rows.iter().enumerate() {
        let end = (at + merged(row)).min(rows.len());
        if end - at > 1 {
            let whole = end == rows.len() && bound[end - 1] && end - at <= MERGED;
            bound[at..end].fill(whole);
        }
    }
    bound
}

/// The rows that the tallest cell of a row is merged over.
fn merged(row: &RowSet) -> usize {
    row.cells.iter().map(|set| set.rows).max().unwrap_or(1)
}

/// The characters of a row's longest cell.
fn longest(row: &RowSet) -> usize {
    row.cells.iter().map(|set| set.text.chars().count()).max().unwrap_or_default()
}
