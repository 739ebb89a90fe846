//! The source that a workbook was exported from: it travels on a sheet of its own.

use super::UNREADABLE;
use super::book::{Book, Sheet};
use crate::exchange::fingerprint;
use crate::exchange::xlsx::{POSITION, PREFIX, RETURN, SOURCE, SOURCE_LINES};
use crate::finding::Finding;

/// A source as it was when the workbook was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Base {
    pub name: String,
    pub text: String,
}

/// The source of a workbook; `None` in workbooks that `export` did not write.
pub fn base(book: &Book) -> Result<Option<Base>, Finding> {
    let Some(sheet) = book.sheet(SOURCE) else {
        let of_facts = |sheet: &&Sheet| {
            let mut head = sheet.cells.iter().take_while(|cell| cell.row == 0);
            sheet.name.starts_with(PREFIX) && head.any(|cell| cell.content.text() == POSITION)
        };
        return match book.sheets.iter().find(of_facts) {
            None => Ok(None),
            Some(sheet) => {
                let message = format!(
                    "有“{}”，是导出的工作簿，但没有“{SOURCE}”这一页，不知道导出时是什么样子",
                    sheet.name
                );
                Err(Finding::error(UNREADABLE, message).help(format!(
                    "“{SOURCE}”不要删、不要改名；没有了的，重新导出一份，把改的数抄过去"
                )))
            }
        };
    };
    let mut lines: Vec<String> = Vec::new();
    for (row, cells) in sheet.rows().filter(|(row, _)| *row >= SOURCE_LINES) {
        let number = (row - SOURCE_LINES) as usize;
        // A sheet has a million rows; the last line stands on the last one that is written.
        lines.resize(number, String::new());
        let pieces = cells.iter().filter(|cell| cell.column > 0).map(|cell| match &cell.content {
            super::book::Content::Text(text) => text.clone(),
            content => content.text(),
        });
        let mut line: String = pieces.collect();
        if cells.iter().any(|cell| cell.column == 0 && cell.content.text() == RETURN) {
            line.push('\r');
        }
        lines.push(line);
    }
    let (name, wanted) = (sheet.text(1, 0), sheet.text(1, 1));
    let text = lines.join("\n");
    // Blank lines at the end leave nothing on the sheet.
    for candidate in [text.clone(), format!("{text}\n"), format!("{text}\n\n")] {
        if fingerprint(&candidate) == wanted {
            return Ok(Some(Base { name, text: candidate }));
        }
    }
    let message = format!("“{SOURCE}”这一页被改过，不知道导出时是什么样子");
    Err(Finding::error(UNREADABLE, message).help("用导出的原件，只改前面各页的数；或重新导出"))
}
