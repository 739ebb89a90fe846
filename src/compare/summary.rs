//! 修改一览: pages behind the report that say what changed, as a part of their own.

use super::{Change, Comparison, TableChange, TextChange, Word};
use crate::report::{
    Align, Block, Cell, Chapter, Column, Grid, Group, Line, Origin, Piece, Report, Role, Row,
};

/// The new report with its summary behind it. No address of the report changes.
pub fn with_summary(report: &Report, comparison: &Comparison) -> Report {
    let mut report = report.clone();
    let mut blocks = vec![paragraph(&format!("旧：{}；新：{}。", comparison.old, comparison.new))];
    if comparison.is_empty() {
        blocks.push(paragraph("两份报告一样。"));
    }
    if !comparison.totals.is_empty() {
        blocks.push(heading("一、合计的变化"));
        let rows = comparison.totals.iter().map(|total| {
            [
                format!("{} {} {}", total.table, total.row, total.column),
                total.old.clone(),
                total.new.clone(),
                total.difference.clone(),
            ]
        });
        blocks.push(grid(["合计", "旧", "新", "增减"], rows.collect()));
    }
    let rows: Vec<[String; 4]> = comparison.tables.iter().flat_map(table_rows).collect();
    if !rows.is_empty() {
        blocks.push(heading("二、表格的修改"));
        blocks.push(grid(["表、行、栏", "旧", "新", "增减"], rows));
    }
    if !comparison.texts.is_empty() {
        blocks.push(heading("三、文字的修改"));
        blocks.extend(comparison.texts.iter().map(|text| paragraph(&sentence(text))));
    }
    let format = report.format;
    report.groups.push(Group {
        title: line("附：修改一览"),
        own_page: false,
        chapters: vec![Chapter {
            id: String::new(),
            title: line("与上一稿的比较"),
            format,
            blocks,
        }],
        tables: Vec::new(),
    });
    report
}

/// A line for each changed cell, or row without any.
fn table_rows(table: &TableChange) -> Vec<[String; 4]> {
    let mut rows = Vec::new();
    for text in &table.texts {
        let (old, new) = sides(&text.words);
        rows.push([format!("{} 表头或注", table.number), old, new, String::new()]);
    }
    for row in &table.rows {
        let mut title = format!("{} {}", table.number, row.title());
        match (row.change, &row.old_name) {
            (Change::Changed, Some(_)) => title += &format!("（{}）", in_words(&row.words)),
            (Change::Changed, None) => {}
            (change, _) => title += &format!("（{}）", change.word()),
        }
        for cell in &row.cells {
            let text = |printed: &Option<super::Printed>| {
                printed.as_ref().map(|printed| printed.text.clone()).unwrap_or_default()
            };
            rows.push([
                format!("{title} {}", cell.column),
                text(&cell.old),
                text(&cell.new),
                cell.difference.clone().unwrap_or_default(),
            ]);
        }
        if row.cells.is_empty() {
            rows.push([title, String::new(), String::new(), String::new()]);
        }
    }
    rows
}

fn sides(words: &[Word]) -> (String, String) {
    let (mut old, mut new) = (String::new(), String::new());
    for word in words {
        match word {
            Word::Same(text) => {
                old += text;
                new += text;
            }
            Word::Removed(text) => old += text,
            Word::Added(text) => new += text,
        }
    }
    (old, new)
}

/// What became of a text.
fn sentence(text: &TextChange) -> String {
    let part = &text.part;
    match (text.change, text.words.as_slice()) {
        (Change::Added, [Word::Added(words)]) => format!("{part}：新增“{words}”。"),
        (Change::Removed, [Word::Removed(words)]) => format!("{part}：删除“{words}”。"),
        (Change::Moved, [Word::Same(words)]) => format!("{part}：移动“{words}”。"),
        (_, words) => format!("{part}：{}。", in_words(words)),
    }
}

/// Which words became which.
fn in_words(words: &[Word]) -> String {
    let mut changes = Vec::new();
    let mut rest = words;
    while let [word, after @ ..] = rest {
        rest = after;
        match (word, after) {
            (Word::Removed(old), [Word::Added(new), after @ ..]) => {
                changes.push(format!("“{old}”改为“{new}”"));
                rest = after;
            }
            (Word::Removed(old), _) => changes.push(format!("去掉“{old}”")),
            (Word::Added(new), _) => changes.push(format!("加上“{new}”")),
            (Word::Same(_), _) => {}
        }
    }
    changes.join("，")
}

fn line(text: &str) -> Line {
    vec![Piece { text: text.to_owned(), origin: Origin::Form }]
}

fn heading(text: &str) -> Block {
    Block::Heading(1, line(text))
}

fn paragraph(text: &str) -> Block {
    Block::Paragraph(line(&text.replace('\n', "")))
}

fn grid(heads: [&str; 4], rows: Vec<[String; 4]>) -> Block {
    let align = [Align::Left, Align::Right, Align::Right, Align::Right];
    let columns =
        align.iter().zip([9, 4, 4, 3]).map(|(align, width)| Column { align: *align, width });
    let row = |texts: [&str; 4], of: &dyn Fn(usize) -> Align| Row {
        role: Role::Plain,
        repeats: false,
        cells: texts
            .iter()
            .enumerate()
            .map(|(column, text)| Cell {
                column,
                columns: 1,
                rows: 1,
                align: of(column),
                indent: 0,
                text: if text.is_empty() { Vec::new() } else { line(text) },
            })
            .collect(),
    };
    Block::Table(Grid {
        columns: columns.collect(),
        header: vec![row(heads, &|_| Align::Center)],
        rows: rows
            .iter()
            .map(|texts| row(texts.each_ref().map(String::as_str), &|column| align[column]))
            .collect(),
    })
}
