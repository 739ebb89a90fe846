//! Tables of a draft: rows and cells as they read once every tracked change is accepted.

use super::draft::{Cell, Paragraph, Reader, Row};
use super::draft_beside::gone_text;
use crate::exchange::docx::element::Element;

impl Reader {
    pub(super) fn table(&mut self, table: &Element) -> Vec<Row> {
        let mut rows = Vec::new();
        self.rows(table, &mut rows);
        self.cell = None;
        rows
    }

    fn rows(&mut self, parent: &Element, rows: &mut Vec<Row>) {
        for element in parent.elements() {
            match &*element.name {
                "w:tr" => {
                    let properties = element.get("w:trPr");
                    if let Some(gone) = properties.and_then(|it| it.get("w:del")) {
                        self.revision(gone, "删除行", &gone_text(element));
                        continue;
                    }
                    let mut row = Row::default();
                    let before = properties.and_then(|it| it.value("w:gridBefore"));
                    let mut column = before.and_then(|it| it.parse().ok()).unwrap_or(0);
                    self.cells(element, rows.len(), &mut column, &mut row);
                    if let Some(new) = properties.and_then(|it| it.get("w:ins")) {
                        let texts: Vec<&str> =
                            row.cells.iter().map(|it| it.text.as_str()).collect();
                        self.revision(new, "插入行", &texts.join(" "));
                    }
                    rows.push(row);
                }
                "w:bookmarkStart" => self.bookmark(element),
                "w:sdt" | "w:sdtContent" | "w:customXml" | "w:ins" => self.rows(element, rows),
                _ => {}
            }
        }
    }

    fn cells(&mut self, parent: &Element, row_at: usize, column: &mut usize, row: &mut Row) {
        for element in parent.elements() {
            match &*element.name {
                "w:tc" => {
                    let properties = element.get("w:tcPr");
                    let span = properties.and_then(|it| it.value("w:gridSpan"));
                    let columns = span.and_then(|it| it.parse().ok()).unwrap_or(1_usize);
                    let merged = properties.and_then(|it| it.get("w:vMerge"));
                    let goes_on = merged.is_some_and(|it| it.attribute("w:val") != Some("restart"));
                    self.cell = Some((row_at, row.cells.len()));
                    let mut texts = Vec::new();
                    self.in_cell(element, &mut texts, &mut row.bookmarks);
                    let text = texts.join("\n");
                    row.cells.push(Cell { column: *column, goes_on, text });
                    *column += columns.min(1000);
                }
                "w:bookmarkStart" => self.bookmark(element),
                "w:sdt" | "w:sdtContent" | "w:customXml" => {
                    self.cells(element, row_at, column, row);
                }
                _ => {}
            }
        }
    }

    fn in_cell(&mut self, cell: &Element, texts: &mut Vec<String>, bookmarks: &mut Vec<String>) {
        for element in cell.elements() {
            match &*element.name {
                "w:p" => {
                    let mut paragraph = Paragraph::default();
                    self.content(element, &mut paragraph);
                    bookmarks.append(&mut self.waiting);
                    bookmarks.append(&mut paragraph.bookmarks);
                    texts.push(paragraph.text);
                }
                "w:tbl" => self.draft.others.push("表中的表"),
                "w:bookmarkStart" => self.bookmark(element),
                "w:sdt" | "w:sdtContent" | "w:customXml" => self.in_cell(element, texts, bookmarks),
                _ => {}
            }
        }
    }
}
