//! Which rows of a table stand under which heads, and which of them page breaks do not part.

use std::ops::Range;

use super::grid::RowSet;
use crate::report::Role;

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

/// What groups depend on besides the rows.
#[derive(Debug)]
pub struct Around<'a> {
    /// How many notes stand under them.
    pub notes: usize,
    /// Names may stand again: not all is sure to be on one page.
    pub again: bool,
    /// For each row, whether it is short: what is kept together has to fit a page.
    pub short: &'a [bool],
}

/// The groups of the rows of a section, below its heads.
pub fn groups(rows: &[RowSet], section: &Section, around: &Around<'_>) -> Vec<Group> {
    let first = section.start + section.heads;
    let heads = rows[section.start..first].iter().enumerate();
    let ends = heads.map(|(at, row)| (section.start + at + merged(row)).saturating_sub(first));
    let beside = ends.max().unwrap_or_default();
    let rows = &rows[first..section.end];
    let bound = bound(rows, beside.min(rows.len()), around);
    let last = bound.iter().rposition(|bound| !bound).map_or(0, |at| at + 1);
    let is_unit = |row: &RowSet| row.role == Role::Unit && merged(row) == 1;
    let mut units = rows.iter().zip(around.short).filter(|(row, _)| is_unit(row));
    let again = around.again && units.all(|(_, short)| *short);
    let first_unit = rows.iter().position(|row| again && row.repeats && is_unit(row));
    let kind = |at: usize| {
        let row = &rows[at];
        let has_rows = rows.get(at + 1).is_some_and(|next| next.role != Role::Unit);
        match first_unit {
            _ if at >= last => "last",
            Some(first) if at >= first && is_unit(row) => {
                if has_rows && row.repeats {
                    "unit"
                } else {
                    "end"
                }
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
fn bound(rows: &[RowSet], beside: usize, around: &Around<'_>) -> Vec<bool> {
    let short = around.short;
    let belongs = |above: &RowSet, below: &RowSet| match (above.role, below.role) {
        (_, Role::Total) => true,
        (Role::Unit, below) => below != Role::Unit,
        (Role::Class(1), below) => matches!(below, Role::Class(2 | 3)),
        _ => false,
    };
    let pairs = rows.windows(2).zip(short.windows(2));
    let pairs = pairs.map(|(pair, short)| belongs(&pair[0], &pair[1]) && short[0] && short[1]);
    let last = short.last().map(|short| around.notes > 0 && *short);
    let mut bound: Vec<bool> = pairs.chain(last).collect();
    // What is bound to the next row are heads to Typst, which lays out merged cells twice (0.15.1)
    // when it takes heads to the next page; what is bound to the notes is a foot.
    bound[..beside].fill(false);
    for (at, row) in rows.iter().enumerate() {
        let end = (at + merged(row)).min(rows.len());
        if end - at > 1 {
            let is_last = end == rows.len() && bound[end - 1] && end - at <= MERGED;
            let whole = is_last && short[at..end].iter().all(|short| *short);
            bound[at..end].fill(whole);
        }
    }
    bound
}

/// The rows that the tallest cell of a row is merged over.
fn merged(row: &RowSet) -> usize {
    row.cells.iter().map(|set| set.rows).max().unwrap_or(1)
}
