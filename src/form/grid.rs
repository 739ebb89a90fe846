//! Reads a rendered table: a line a row, cells behind pipes, cell specifiers as in AsciiDoc.
//!
//! ```text
//! [cols="<5,^2,>3"]                    columns: alignment and relative width
//! .2+| 预算单位 2+| 支出                header rows; .2+ spans two rows, 2+ two columns
//! | 基本支出 | 项目支出
//! ===
//! 单位 续 | 某中心 | | 9,896            续: stands again on each page of the rows below it
//! 类 | 208 | 社会保障和就业支出 | 9,896  a role, then cells
//! ---
//! 注：……                                notes, a line each
//! ```
//!
//! Specifiers: `2+` columns, `.3+` rows, `2.3+` both; `<`, `^`, `>` alignment; `i1` indent.

use super::pen::Pen;
use crate::marks;
use crate::report::{Align, Cell, Column, Grid, Line, Role, Row};

/// The levels of classes, as rows say theirs and heads name their columns.
pub const LEVELS: [&str; 3] = ["类", "款", "项"];

/// What a total is called, as a row's role and by name.
pub const TOTALS: [&str; 2] = ["合计", "总计"];

/// Parses the lines of a table into its grid and notes.
pub fn parse<'a>(
    lines: impl Iterator<Item = &'a str>,
    pen: &Pen,
) -> Result<(Grid, Vec<Line>), String> {
    let mut lines = lines.map(str::trim).filter(|line| !line.is_empty()).peekable();
    let columns = columns(lines.next().unwrap_or_default())?;
    let mut header = Layout::new(&columns, pen);
    let mut body = Layout::new(&columns, pen);
    let mut part = Part::Header;
    let mut notes = Vec::new();
    for line in lines {
        match (line, part) {
            ("===", Part::Header) => part = Part::Body,
            ("---", Part::Body) => part = Part::Notes,
            ("---", Part::Header) => break,
            (row, Part::Header) => header.row(row, true)?,
            (row, Part::Body) => body.row(row, false)?,
            (note, Part::Notes) => notes.push(pen.line(note)),
        }
    }
    if part == Part::Header {
        return Err("表头后面缺少一行 ===".to_owned());
    }
    Ok((Grid { header: header.finish()?, rows: body.finish()?, columns }, notes))
}

#[derive(Clone, Copy, PartialEq)]
enum Part {
    Header,
    Body,
    Notes,
}

/// `[cols="<5,^2,>3"]`
fn columns(line: &str) -> Result<Vec<Column>, String> {
    let wrong =
        || format!("第一行要写各栏，例如 [cols=\"<5,^2,>3\"]，现在是“{}”", marks::unmarked(line));
    let list = line
        .strip_prefix("[cols=\"")
        .and_then(|rest| rest.strip_suffix("\"]"))
        .ok_or_else(wrong)?;
    list.split(',')
        .map(|column| {
            let column = column.trim();
            let align = column.chars().next().and_then(align).ok_or_else(wrong)?;
            let width = column[1..].parse().map_err(|_| wrong())?;
            Ok(Column { align, width })
        })
        .collect()
}

fn align(c: char) -> Option<Align> {
    match c {
        '<' => Some(Align::Left),
        '^' => Some(Align::Center),
        '>' => Some(Align::Right),
        _ => None,
    }
}

/// Places cells into columns, past those that span down from above.
struct Layout<'a> {
    columns: &'a [Column],
    pen: &'a Pen,
    rows: Vec<Row>,
    /// For each column, how many further rows a cell above still covers.
    covered: Vec<usize>,
}

/// What a cell specifier says.
#[derive(Default)]
struct Spec {
    columns: Option<usize>,
    rows: Option<usize>,
    align: Option<Align>,
    indent: usize,
}

impl<'a> Layout<'a> {
    fn new(columns: &'a [Column], pen: &'a Pen) -> Self {
        Self { columns, pen, rows: Vec::new(), covered: vec![0; columns.len()] }
    }

    fn row(&mut self, line: &str, header: bool) -> Result<(), String> {
        let parts = marks::split_outside(line, '|');
        let (before, cells) = parts.split_first().ok_or("空行")?;
        let (mut row, mut spec) = row_and_spec(before, line)?;
        let mut free = Vec::new();
        for (at, covered) in self.covered.iter_mut().enumerate() {
            if *covered > 0 {
                *covered -= 1;
            } else {
                free.push(at);
            }
        }
        for (at, part) in cells.iter().enumerate() {
            let (text, next) = if at + 1 < cells.len() { cut_spec(part) } else { (*part, None) };
            let centred = header || row.role == Role::Head;
            let cell = self.cell(&spec, text, centred, &mut free, line)?;
            row.cells.push(cell);
            spec = next.unwrap_or_default();
        }
        if !free.is_empty() {
            return Err(wrong_width(line, &format!("少了 {} 栏", free.len())));
        }
        self.rows.push(row);
        Ok(())
    }

    fn cell(
        &mut self,
        spec: &Spec,
        text: &str,
        header: bool,
        free: &mut Vec<usize>,
        line: &str,
    ) -> Result<Cell, String> {
        let (width, height) = (spec.columns.unwrap_or(1), spec.rows.unwrap_or(1));
        let fits = free.len() >= width
            && width > 0
            && free[..width].windows(2).all(|pair| pair[1] == pair[0] + 1);
        if !fits {
            return Err(wrong_width(line, "多了一栏"));
        }
        let column = free[0];
        for covered in free.drain(..width) {
            self.covered[covered] = height.saturating_sub(1);
        }
        let align = if header { Align::Center } else { self.columns[column].align };
        Ok(Cell {
            column,
            columns: width,
            rows: height,
            align: spec.align.unwrap_or(align),
            indent: spec.indent,
            text: self.pen.line(text.trim()),
        })
    }

    fn finish(self) -> Result<Vec<Row>, String> {
        if self.covered.iter().any(|&covered| covered > 0) {
            return Err("有一格向下合并的行数超出了表的最后一行".to_owned());
        }
        Ok(self.rows)
    }
}

/// A row as yet without cells, and the specifier of its first cell, from what stands before it.
fn row_and_spec(before: &str, line: &str) -> Result<(Row, Spec), String> {
    let before = marks::unmarked(before);
    let mut row = Row { role: Role::Plain, repeats: false, cells: Vec::new() };
    let mut spec = Spec::default();
    for word in before.split_whitespace() {
        match word {
            "单位" => row.role = Role::Unit,
            "头" => row.role = Role::Head,
            "续" => row.repeats = true,
            _ if TOTALS.contains(&word) => row.role = Role::Total,
            _ => match LEVELS.iter().position(|level| *level == word) {
                Some(at) => row.role = Role::Class(at + 1),
                None => {
                    spec = parse_spec(word)
                        .ok_or_else(|| wrong_width(line, &format!("不认识“{word}”")))?;
                }
            },
        }
    }
    Ok((row, spec))
}

fn wrong_width(line: &str, what: &str) -> String {
    format!("这一行{what}：{}", marks::unmarked(line))
}

/// Cuts the specifier of the next cell from the end of a cell's text.
fn cut_spec(text: &str) -> (&str, Option<Spec>) {
    if text.ends_with(char::is_whitespace) {
        return (text, None);
    }
    let (rest, word) = text.rsplit_once(char::is_whitespace).unwrap_or(("", text));
    match parse_spec(word) {
        Some(spec) => (rest, Some(spec)),
        None => (text, None),
    }
}

fn parse_spec(word: &str) -> Option<Spec> {
    let mut spec = Spec::default();
    let mut rest = word;
    if let Some((spans, after)) = word.split_once('+') {
        let (columns, rows) = spans.split_once('.').unwrap_or((spans, ""));
        spec.columns = if columns.is_empty() { None } else { Some(columns.parse().ok()?) };
        spec.rows = if rows.is_empty() { None } else { Some(rows.parse().ok()?) };
        rest = after;
    }
    if let Some(found) = rest.chars().next().and_then(align) {
        spec.align = Some(found);
        rest = &rest[1..];
    }
    if let Some(indent) = rest.strip_prefix('i') {
        spec.indent = indent.parse().ok()?;
        rest = "";
    }
    (rest.is_empty() && !word.is_empty()).then_some(spec)
}
