//! What was changed in a workbook that `export` wrote: it is read beside a fresh export of the same
//! source, so that whatever differs was changed by hand.

mod added;
mod lists;
mod names;
mod tables;

use super::amount::Amount;
use super::book::{self, Book, Cell, Content};
use super::{BAD_CELL, Changes, LEFT, year};
use crate::exchange::facts::{List, facts};
use crate::exchange::{Subject, xlsx};
use crate::finding::Finding;
use crate::source::model::MoneyUnit;
use names::Names;

/// Everything that a workbook says differently than the source it was exported from; `subject` is
/// the report of that source. `year` is that of the source it goes into, `file` the workbook's name.
pub fn changes(
    book: &Book,
    subject: &Subject<'_>,
    year: Option<u32>,
    file: &str,
) -> Result<Changes, Finding> {
    let trouble = |error: String| Finding::error(super::UNREADABLE, format!("对照不了：{error}"));
    let fresh = xlsx::xlsx(subject).map_err(|error| trouble(error.to_string()))?;
    let fresh = book::open(&fresh)?;
    let lists: Vec<List> = facts(&subject.budget.source.tree);
    let mut changes = Changes { remarks: book.remarks.clone(), ..Changes::default() };
    for sheet in &book.sheets {
        if fresh.sheet(&sheet.name).is_none() {
            changes.remark(LEFT, format!("“{}”不是导出的页，没有读", sheet.name));
        }
    }
    if let Some(own) = year {
        year::compare_exported(subject.budget.source.value.year.count, own, &mut changes);
        year::Places::changed(book, &fresh, file).compare(own, &mut changes);
        if let Some(doubt) = changes.doubts.drain(..).next() {
            return Err(doubt);
        }
    }
    let names = Names::of(&subject.report.file);
    let unit = subject.budget.source.value.amounts.unit;
    lists::compare(book, &lists, &names, unit, &mut changes);
    tables::compare(book, &fresh, &lists, subject, &mut changes);
    Ok(changes)
}

/// What a cell says in a place of figures.
enum Says {
    Nothing,
    Amount(Amount),
}

/// Reads a cell as a figure; a doubt when it is none, or shows another unit than its place has: a
/// number of things has none.
fn figure(
    cell: Option<&Cell>,
    name: &str,
    unit: Option<MoneyUnit>,
    changes: &mut Changes,
) -> Option<Says> {
    let Some(cell) = cell else { return Some(Says::Nothing) };
    match &cell.content {
        Content::Number(Amount { shown, unit: Some(says), .. }) if Some(*says) != unit => {
            let wanted =
                unit.map_or("不是金额".to_owned(), |unit| format!("以{}为单位", unit.name()));
            changes.doubt(
                BAD_CELL,
                format!("{name} 显示的是“{shown}{}”，而这里的数{wanted}", says.name()),
                "换算好再填，并把单元格格式改为“数值”",
            );
            None
        }
        Content::Number(amount) => Some(Says::Amount(*amount)),
        Content::Uncomputed => {
            changes.doubt(
                BAD_CELL,
                format!("{name} 是公式，但没有保存算好的结果"),
                "在 Excel 里打开，存一次，再导入",
            );
            None
        }
        Content::Text(text) => match Amount::typed(text) {
            Some(amount) => Some(Says::Amount(amount)),
            None => {
                let text: String = text.chars().take(20).collect();
                changes.doubt(
                    BAD_CELL,
                    format!("{name} 应是数，现在是文字“{text}”"),
                    "只填数：不写单位和说明",
                );
                None
            }
        },
        Content::Other(what) => {
            changes.doubt(
                BAD_CELL,
                format!("{name} 应是数，现在是{what}"),
                "填上数，并把单元格格式改为“数值”",
            );
            None
        }
    }
}

/// Says so when a cell shows fewer digits than it holds.
fn note_rounding(name: &str, amount: Amount, changes: &mut Changes) {
    if amount.held != amount.shown {
        let message = format!("{name} 里是 {}，显示 {}，按显示的算", amount.held, amount.shown);
        changes.remark(LEFT, message);
    }
}
