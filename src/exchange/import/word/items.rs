//! Items of lists: which one something is printed from, and what a line like another one says.

use super::super::amount::Amount;
use crate::budget::{Figure, Format, Measure};
use crate::report::{Cell, Line, Origin};
use crate::source::edit::{Path, Step};

/// The deepest item of a list that all paths lead into.
pub fn item_of(paths: impl Iterator<Item = Path>) -> Option<Path> {
    let common = paths.reduce(|a, b| {
        let same = a.0.iter().zip(&b.0).take_while(|(a, b)| a == b).count();
        Path(a.0[..same].to_vec())
    })?;
    let last = common.0.iter().rposition(|step| matches!(step, Step::Item(_)))?;
    Some(Path(common.0[..=last].to_vec()))
}

/// The keys below an item.
pub fn keys(steps: &[Step]) -> Option<Vec<String>> {
    let keys = steps.iter().map(|step| match step {
        Step::Key(key) => Some(key.clone()),
        Step::Item(_) => None,
    });
    keys.collect()
}

/// A typed number as the source holds it.
pub fn held(figure: &Figure, format: &Format, text: &str) -> Option<String> {
    let amount = Amount::typed(text)?.shown;
    Some(match figure.measure() {
        Measure::Money => format.held(amount).normalize().to_string(),
        _ => amount.to_string(),
    })
}

/// What a text says where a line like it has values: the form's words stand between them, but for
/// what it begins with, which may be a number.
pub fn read_like(line: &Line, text: &str) -> Option<Vec<String>> {
    let mut values: Vec<String> = Vec::new();
    let mut rest = text;
    let mut open = false;
    for (at, piece) in line.iter().enumerate() {
        if piece.origin != Origin::Form {
            // Nothing between two values: nobody knows where one ends.
            if std::mem::replace(&mut open, true) {
                return None;
            }
            continue;
        }
        let words = match at {
            0 => &piece.text[piece.text.char_indices().next_back()?.0..],
            _ => piece.text.as_str(),
        };
        let (before, after) = rest.split_once(words)?;
        if std::mem::take(&mut open) {
            values.push(before.to_owned());
        } else if at > 0 {
            return None;
        }
        rest = after;
    }
    match open {
        true => values.push(rest.to_owned()),
        false if !rest.is_empty() => return None,
        false => {}
    }
    values.iter().all(|value| !value.trim().is_empty()).then_some(values)
}

/// The keys that lead to an item, whatever its number.
pub fn shape(path: &Path) -> Vec<Option<&str>> {
    let steps = path.0.iter().map(|step| match step {
        Step::Key(key) => Some(key.as_str()),
        Step::Item(_) => None,
    });
    steps.collect()
}

/// The origin of all that a cell prints.
pub fn only_origin(cell: &Cell) -> Option<&Origin> {
    match cell.text.as_slice() {
        [piece] => Some(&piece.origin),
        _ => None,
    }
}
