//! The budget platform's own detail lines (预算平台的明细): a row each, columns by their heads,
//! added up to what a source states.

mod aliases;
mod ask;
mod code;
mod fold;
mod fresh;
mod head;
mod lines;
mod money;
mod parts;
mod put;
mod single;
mod subtotals;
mod unit;

use std::sync::Arc;

use super::book::Book;
use super::{Changes, UNREADABLE, year};
use crate::finding::{File, Finding};
use crate::source::model::Source;
use crate::source::tree_of;
pub use aliases::Aliases;
pub use ask::Answers;
pub use fresh::{fresh, unfilled};

/// What detail lines say differently than a source, which need not be finished. A line that cannot be read keeps all sums from
/// being taken: they would lack it.
pub fn platform(
    book: &Book,
    aliases: &Aliases,
    answers: &Answers,
    source: &Source,
    file: &Arc<File>,
) -> Result<Changes, Vec<Finding>> {
    let mut changes = Changes { remarks: book.remarks.clone(), ..Changes::default() };
    let lines = match lines::read(book, aliases, answers, &mut changes) {
        Ok(lines) => lines,
        Err(finding) => return Err(instead(changes, finding)),
    };
    if !answers.any_year {
        let places = year::Places {
            titles: lines.titles.clone(),
            sheets: lines.sheets.clone(),
            file: answers.file.clone(),
            below: lines.below.clone(),
            lines: lines.years.iter().copied().collect(),
        };
        places.compare(source.year.count, &mut changes);
    }
    let sums = fold::fold(&lines, aliases, source, &mut changes);
    if !changes.doubts.is_empty() {
        return Err(changes.remarks.into_iter().chain(changes.doubts).collect());
    }
    let tree = tree_of(file).ok_or_else(|| vec![unreadable(file)])?;
    put::put(&sums, &tree, source, &mut changes);
    Ok(changes)
}

/// What is wrong where no lines were found: what was asked for and is not there tells more.
fn instead(changes: Changes, finding: Finding) -> Vec<Finding> {
    let finding = changes.doubts.is_empty().then_some(finding);
    changes.remarks.into_iter().chain(changes.doubts).chain(finding).collect()
}

fn unreadable(file: &Arc<File>) -> Finding {
    Finding::error(UNREADABLE, "读不懂这份数据文件").at(file, 0..0)
}
