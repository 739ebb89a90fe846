//! 科目编码 of the rows of a table: in one cell, or a part in each of several columns.

use super::bare;
use crate::form::LEVELS;
use crate::report::{Role, Table, plain};

/// The digits that a code in one cell may have where no column is said to hold codes.
const LENGTHS: [usize; 3] = [3, 5, 7];

/// The columns that hold codes: as the form says, else those that are headed 类, 款, 项.
pub fn columns(table: &Table, headings: &[Vec<String>]) -> Vec<usize> {
    let is = |column: usize, name: &str| headings[column].last().is_some_and(|it| it == name);
    if !table.code_columns.is_empty() {
        let find = |name: &String| (0..headings.len()).find(|&column| is(column, &bare(name)));
        return table.code_columns.iter().filter_map(find).collect();
    }
    let starts = |at: &usize| (0..2).all(|nth| is(at + nth, LEVELS[nth]));
    let Some(start) = (0..headings.len().saturating_sub(1)).find(starts) else {
        return Vec::new();
    };
    let levels = LEVELS.iter().enumerate();
    let headed =
        levels.take_while(|(nth, level)| start + nth < headings.len() && is(start + nth, level));
    headed.map(|(nth, _)| start + nth).collect()
}

/// The code of each row.
pub fn of_rows(table: &Table, columns: &[usize]) -> Vec<Option<String>> {
    let mut above = vec![String::new(); columns.len()];
    let rows = table.grid.rows.iter();
    rows.map(|row| {
        let texts = row.cells.iter().filter(|cell| cell.figure().is_none());
        if columns.is_empty() {
            let is_code = |text: &String| LENGTHS.contains(&text.len()) && is_digits(text);
            return texts.map(|cell| plain(&cell.text)).find(is_code);
        }
        if matches!(row.role, Role::Unit | Role::Total) {
            above.iter_mut().for_each(String::clear);
        }
        let mut parts = vec![String::new(); columns.len()];
        for cell in texts {
            if let Some(at) = columns.iter().position(|column| *column == cell.column) {
                parts[at] = bare(&plain(&cell.text));
            }
        }
        joined(&parts, &mut above)
    })
    .collect()
}

/// A code from its parts; what a row leaves blank before its own part is the rows' above it.
fn joined(parts: &[String], above: &mut [String]) -> Option<String> {
    let deepest = parts.iter().rposition(|part| !part.is_empty())?;
    if !parts.iter().all(|part| is_digits(part)) {
        return None;
    }
    for (at, part) in parts.iter().enumerate() {
        if at > deepest {
            above[at].clear();
        } else if !part.is_empty() && above[at] != *part {
            above[at].clone_from(part);
            above[at + 1..].iter_mut().for_each(String::clear);
        }
    }
    let mut code = String::new();
    for part in &above[..=deepest] {
        // A column may hold the code so far: 20805 beside 208.
        match part.len() > code.len() && part.starts_with(&code) {
            true => code.clone_from(part),
            false => code += part,
        }
    }
    Some(code)
}

/// How deep each row's class is: as its role says, else, in a table without such roles, its code.
pub fn levels(table: &Table, codes: &[Option<String>]) -> Vec<Option<usize>> {
    let rows = &table.grid.rows;
    let said = rows.iter().any(|row| matches!(row.role, Role::Class(_)));
    let mut lengths: Vec<usize> = codes.iter().flatten().map(String::len).collect();
    lengths.sort_unstable();
    lengths.dedup();
    let level = |(row, code): (&crate::report::Row, &Option<String>)| match (row.role, code) {
        (Role::Class(level), _) => Some(level),
        (Role::Plain, Some(code)) if !said => {
            lengths.iter().position(|length| *length == code.len()).map(|at| at + 1)
        }
        _ => None,
    };
    rows.iter().zip(codes).map(level).collect()
}

fn is_digits(text: &str) -> bool {
    text.bytes().all(|b| b.is_ascii_digit())
}
