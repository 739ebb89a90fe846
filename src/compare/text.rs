//! A comparison for a terminal, and a report as lines for `git diff`.

use super::{CellChange, Change, Comparison, RowChange, TableChange, TextChange, Total, Word};
use crate::report::{Block, Grid, Report, Row, plain};

/// How many characters around changed words are shown.
const AROUND: usize = 16;

/// A comparison for people.
pub fn to_text(comparison: &Comparison, colour: bool) -> String {
    let pen = Pen { colour };
    if comparison.is_empty() {
        return "两份报告一样。\n".to_owned();
    }
    let mut out = format!("旧：{}\n新：{}\n", comparison.old, comparison.new);
    if !comparison.totals.is_empty() {
        out += &format!("\n{}\n", pen.strong("合计的变化"));
        comparison.totals.iter().for_each(|total| out += &pen.total(total));
    }
    for table in &comparison.tables {
        out += &pen.table(table);
    }
    let mut part = "";
    for text in &comparison.texts {
        if text.part != part {
            part = &text.part;
            out += &format!("\n{}\n", pen.strong(part));
        }
        out += &pen.text(text);
    }
    out
}

struct Pen {
    colour: bool,
}

impl Pen {
    fn paint(&self, code: &str, text: &str) -> String {
        if self.colour { format!("\x1b[{code}m{text}\x1b[0m") } else { text.to_owned() }
    }

    fn strong(&self, text: &str) -> String {
        self.paint("1", text)
    }

    fn gone(&self, text: &str) -> String {
        self.paint("31", &format!("[-{text}-]"))
    }

    fn fresh(&self, text: &str) -> String {
        self.paint("32", &format!("{{+{text}+}}"))
    }

    fn total(&self, total: &Total) -> String {
        let Total { table, row, column, old, new, difference, because, explained } = total;
        let line = format!("  {table} {row} {column}：{old} → {new}（{difference}）\n");
        let causes: Vec<String> =
            because.iter().map(|it| format!("{} {}", it.row, it.difference)).collect();
        match causes.is_empty() {
            true => line,
            false => {
                let rest = if *explained { "" } else { "（相加与合计的变化不等）" };
                format!("{line}    来自：{}{rest}\n", causes.join("；"))
            }
        }
    }

    fn table(&self, table: &TableChange) -> String {
        let word = match table.change {
            Change::Changed => String::new(),
            change => format!("（{}）", change.word()),
        };
        let title = format!("{} {}{word}", table.number, table.title);
        let mut out = format!("\n{}\n", self.strong(&title));
        table.texts.iter().for_each(|text| out += &self.text(text));
        let mut unit = None;
        for row in &table.rows {
            if row.unit != unit {
                unit.clone_from(&row.unit);
                unit.iter().for_each(|unit| out += &format!("  {unit}\n"));
            }
            out += &self.row(row);
        }
        out
    }

    fn row(&self, row: &RowChange) -> String {
        let mut title = row.title();
        match row.change {
            Change::Added => title = self.fresh(&title),
            Change::Removed => title = self.gone(&title),
            Change::Changed | Change::Moved => {
                match &row.old_name {
                    Some(old) if !row.is_long() => title += &format!("（原名：{old}）"),
                    Some(_) => title = self.words(&row.words),
                    None => {}
                }
                title += if row.moved { "（移动）" } else { "" };
            }
        }
        let cells: Vec<String> = row.cells.iter().map(|cell| self.cell(cell, row.change)).collect();
        let between = if cells.is_empty() { "" } else { "：" };
        format!("    {title}{between}{}\n", cells.join("；"))
    }

    fn cell(&self, cell: &CellChange, change: Change) -> String {
        let column = &cell.column;
        let text = |printed: &Option<super::Printed>| {
            printed.as_ref().map_or("（空）".to_owned(), |it| it.text.clone())
        };
        let change = match change {
            Change::Added => text(&cell.new),
            Change::Removed => text(&cell.old),
            Change::Changed | Change::Moved => format!("{} → {}", text(&cell.old), text(&cell.new)),
        };
        let difference = cell.difference.as_ref().map(|it| format!("（{it}）")).unwrap_or_default();
        let space = if column.is_empty() { "" } else { " " };
        format!("{column}{space}{change}{difference}")
    }

    fn text(&self, text: &TextChange) -> String {
        format!("  {} {}\n", text.change.word(), self.words(&text.words))
    }

    fn words(&self, words: &[Word]) -> String {
        let last = words.len().saturating_sub(1);
        let words = words.iter().enumerate().map(|(at, word)| match word {
            Word::Removed(text) => self.gone(text),
            Word::Added(text) => self.fresh(text),
            Word::Same(text) => shortened(text, at > 0, at < last),
        });
        words.collect()
    }
}

/// What is the same, as far as it stands beside a change.
fn shortened(text: &str, after: bool, before: bool) -> String {
    let characters: Vec<char> = text.chars().collect();
    let keep = |yes: bool| if yes { AROUND } else { 0 };
    let (head, tail) = (keep(after), keep(before));
    if !after && !before || characters.len() <= head + tail + 1 {
        return text.to_owned();
    }
    let head: String = characters[..head].iter().collect();
    let tail: String = characters[characters.len() - tail..].iter().collect();
    format!("{head}…{tail}")
}

/// A report as plain lines, a paragraph or row each: what `git diff` compares as text.
pub fn report_text(report: &Report) -> String {
    let mut out = format!("{}\n", report.title_text());
    for chapter in report.chapters() {
        out += &format!("\n# {}\n", plain(&chapter.title));
        for block in &chapter.blocks {
            match block {
                Block::Heading(level, line) => {
                    out += &format!("{} {}\n", "#".repeat(level + 1), plain(line));
                }
                Block::Paragraph(line) => out += &format!("{}\n", plain(line)),
                Block::Table(grid) => out += &grid_text(grid),
            }
        }
    }
    for table in report.tables() {
        out += &format!("\n# {} {}\n", table.id, plain(&table.title));
        for line in [&table.subtitle, &table.left, &table.right] {
            if !line.is_empty() {
                out += &format!("{}\n", plain(line));
            }
        }
        out += &grid_text(&table.grid);
        table.notes.iter().for_each(|note| out += &format!("{}\n", plain(note)));
    }
    out
}

fn grid_text(grid: &Grid) -> String {
    let line = |row: &Row| {
        let cells: Vec<String> =
            row.cells.iter().map(|cell| plain(&cell.text).replace('\n', " ")).collect();
        format!("| {} |\n", cells.join(" | "))
    };
    grid.header.iter().chain(&grid.rows).map(line).collect()
}
