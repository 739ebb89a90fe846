//! Reads the published report (`published-2023.txt`) as what a reader of the printed report sees:
//! the cover, the list of contents, the paragraphs and the tables.
//!
//! The file is a conversion of a PDF, page by page. What the conversion did to the report is
//! undone here and nowhere else:
//!
//! * It cut paragraphs and cells at the end of a page. They are joined again when the first half
//!   has no end mark ([`ended`]); every join is listed in [`Published::joins`].
//! * It repeats the head of a table on every page of that table. The column heads are kept once,
//!   the 部门名称 line of each page is kept in [`PublishedTable::pages`].
//! * It added spaces, `<u>`, `<p>`, LaTeX, `#`, and a Markdown rule `--` inside a table. [`plain`]
//!   takes the first four away, [`is_rule`] the last.
//!
//! What it did *not* do stays: the faults of the report (form.md, section 5), half-width commas
//! and brackets, shifted cells of Table 12 (see [`in_columns`]). The tables 2, 4 and 5 are missing
//! from the file, so they are missing here.
#![allow(dead_code, reason = "test material: no single test crate uses every item")]

use std::ops::Range;

/// The published report, cut into what a reader sees.
///
/// Every text in it has gone through [`plain`].
#[derive(Debug, Default)]
pub struct Published {
    /// The word over the list of contents: 目录.
    pub contents_title: String,
    /// The lines under that word: its two headings and the parts and tables they list.
    pub contents: Vec<String>,
    /// Paragraphs and headings in order: the cover title, 一、文字部分 and its nine parts, and at
    /// the end the heading 二、表格部分. The 备注 under the table of part seven is a paragraph.
    pub paragraphs: Vec<String>,
    /// The table of part seven, then the tables of 表格部分, in order.
    pub tables: Vec<PublishedTable>,
    /// Every join that [`read`] made, as `end of the first half / start of the second half`.
    pub joins: Vec<String>,
}

/// One table of the report, its pages put together.
#[derive(Debug, Default)]
pub struct PublishedTable {
    /// `表1`, or `第七部分` for the table inside that part.
    pub number: String,
    /// The title over the table; for the table inside a part, the title of the part.
    pub title: String,
    /// One for each printed page.
    pub pages: Vec<PublishedPage>,
    /// The column heads, once. A cell merged over columns is followed by empty cells, a cell
    /// merged over rows has empty cells under it. Table 12 is a form without column heads.
    pub header: Vec<Vec<String>>,
    /// The body rows; merged cells as in `header`.
    pub rows: Vec<Vec<String>>,
    /// The lines under the last page of the table.
    pub notes: Vec<String>,
}

/// What stands on one printed page of a table.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct PublishedPage {
    /// The whole line `部门名称：…`. Empty where the page has none: in Table 12, in part seven.
    pub department: String,
    /// The line that Table 12 has in its place: `2023年度`.
    pub period: String,
    /// The whole line `单位：万元`; empty where the page has none.
    pub unit: String,
    /// The rows of [`PublishedTable::rows`] that begin on this page.
    pub rows: Range<usize>,
}

/// Table 12 is a form: its first line is filled in like all others and is no column head.
/// The form whose rows have other columns than its head.
pub const FORM_TABLE: &str = "表12";

/// Reads the text of `published-2023.txt`.
///
/// # Panics
///
/// When the text is not built like that file, with a message that says what is missing.
#[must_use]
pub fn read(text: &str) -> Published {
    let lines: Vec<&str> = text.lines().collect();
    let contents = position(&lines, 0, "目录");
    let body = position(&lines, contents, "# 一、文字部分");
    let tables = position(&lines, body, "## 二、表格部分");

    let mut report = Published {
        contents_title: plain(unmarked(lines[contents])),
        contents: texts(&lines[contents + 1..body]),
        paragraphs: texts(&lines[..contents]),
        ..Published::default()
    };
    read_parts(&lines[body..tables], &mut report);
    report.paragraphs.push(plain(unmarked(lines[tables])));
    read_tables(&lines[tables + 1..], &mut report);
    report
}

/// Text with everything removed that the conversion added: all white space, `<u>` and `<p>`, and
/// LaTeX (`$\geq 90\%$` becomes `≥90%`).
///
/// Characters without width go too: a PDF may hold them where a line can break, and no reader
/// sees them. So the same function prepares the text of a PDF for a comparison.
#[must_use]
pub fn plain(text: &str) -> String {
    let mut text = without_latex(text);
    for tag in ["<u>", "</u>", "<p>", "</p>"] {
        text = text.replace(tag, "");
    }
    text.retain(|c| !c.is_whitespace() && !is_invisible(c));
    text
}

/// The filled cells of a row, without the empty ones that stand for merged cells.
#[must_use]
pub fn filled(row: &[String]) -> Vec<&str> {
    row.iter().map(String::as_str).filter(|cell| !cell.is_empty()).collect()
}

/// The rows of Table 12 with every cell in its column.
///
/// `rows` of Table 12 are as the file has them. There the conversion moved the cells of most
/// indicator rows of its second page to the left, because it lost the columns of 年度绩效指标, 产出
/// and 数量, which are merged over rows. Such a row is known by its empty fifth column (目标值)
/// beside a filled fourth; its filled cells belong at the right end.
#[must_use]
pub fn in_columns(rows: &[Vec<String>]) -> Vec<Vec<String>> {
    rows.iter()
        .map(|row| match row.as_slice() {
            [_, _, _, target, last] if !target.is_empty() && last.is_empty() => right_aligned(row),
            _ => row.clone(),
        })
        .collect()
}

/// The filled cells of `row` at its right end, empty cells before them.
fn right_aligned(row: &[String]) -> Vec<String> {
    let cells = filled(row);
    let mut aligned = vec![String::new(); row.len() - cells.len()];
    aligned.extend(cells.into_iter().map(String::from));
    aligned
}

/// Where the line `wanted` stands, at or after line `from`.
///
/// A `wanted` without `#` is found at any level of heading, and spaces do not count.
fn position(lines: &[&str], from: usize, wanted: &str) -> usize {
    lines[from..]
        .iter()
        .position(|line| {
            let line = if wanted.starts_with('#') { line } else { unmarked(line) };
            plain(line) == plain(wanted)
        })
        .map_or_else(
            || panic!("the published text has no line `{wanted}` after line {from}"),
            |found| from + found,
        )
}

/// The printed text of each line that has any.
fn texts(lines: &[&str]) -> Vec<String> {
    lines.iter().map(|line| plain(unmarked(line))).filter(|text| !text.is_empty()).collect()
}

/// The line without the mark of a Markdown heading or list item.
fn unmarked(line: &str) -> &str {
    let line = line.trim();
    line.strip_prefix("- ").unwrap_or_else(|| line.trim_start_matches('#')).trim()
}

/// The nine text parts: paragraphs, headings and the table inside part seven.
fn read_parts(lines: &[&str], report: &mut Published) {
    let mut part = "";
    let mut table = Draft::default();
    // Only a paragraph of text can have been cut: a heading or a table ends what came before.
    let mut cut = false;
    let mut after_gap = true;
    for line in lines {
        if is_row(line) {
            if table.is_empty() {
                table.name(part);
            }
            table.row(line, after_gap);
            cut = false;
        } else if line.starts_with('#') {
            part = part_title(line).unwrap_or(part);
            report.paragraphs.push(plain(unmarked(line)));
            cut = false;
        } else if !line.trim().is_empty() {
            let text = plain(line);
            match report.paragraphs.last_mut().filter(|_| cut) {
                Some(above) => report.joins.push(join(above, &text)),
                None => report.paragraphs.push(text.clone()),
            }
            cut = !ended(&text);
        }
        after_gap = line.trim().is_empty();
    }
    table.finish(report);
}

/// `第七部分 重点项目预算绩效情况说明` of a heading of a part; nothing for any other heading.
fn part_title(heading: &str) -> Option<&str> {
    let title = unmarked(heading);
    let number = title.split_whitespace().next()?;
    (number.starts_with('第') && number.ends_with("部分")).then_some(title)
}

/// The tables of 表格部分.
fn read_tables(lines: &[&str], report: &mut Published) {
    let mut table = Draft::default();
    let mut after_gap = true;
    for line in lines {
        let text = plain(unmarked(line));
        if is_row(line) {
            table.row(line, after_gap);
        } else if is_table_number(&text) {
            if table.number != text {
                std::mem::take(&mut table).finish(report);
                table.number = text;
            }
            table.pages.push(DraftPage::default());
        } else if !text.is_empty() {
            table.line(text);
        }
        after_gap = line.trim().is_empty();
    }
    table.finish(report);
}

/// Whether a line is `表1`, `表2`, …
fn is_table_number(text: &str) -> bool {
    text.strip_prefix('表')
        .is_some_and(|digits| !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit()))
}

/// Whether a line is a row of a table: the conversion puts tabs between cells, and nowhere else.
fn is_row(line: &str) -> bool {
    line.contains('\t')
}

/// Whether a row is the rule that Markdown draws under a table head, not a row of the report.
fn is_rule(row: &[String]) -> bool {
    let dashes = |cell: &&str| cell.len() > 1 && cell.bytes().all(|b| b == b'-');
    let cells = filled(row);
    !cells.is_empty() && cells.iter().all(dashes)
}

/// A table while its lines are read.
#[derive(Default)]
struct Draft {
    number: String,
    title: String,
    pages: Vec<DraftPage>,
    notes: Vec<String>,
}

/// One page of a [`Draft`]: its head lines, and its rows with the column heads still in them.
#[derive(Default)]
struct DraftPage {
    page: PublishedPage,
    rows: Vec<Vec<String>>,
}

impl Draft {
    fn is_empty(&self) -> bool {
        self.pages.is_empty()
    }

    /// Takes number and title from the heading of the part that the table stands in.
    fn name(&mut self, part: &str) {
        let (number, title) = part
            .split_once(char::is_whitespace)
            .unwrap_or_else(|| panic!("a table stands under `{part}`, which is no part's heading"));
        self.number = plain(number);
        self.title = plain(title);
    }

    /// Takes a row; a row after an empty line begins a page, unless the page has no rows yet.
    fn row(&mut self, line: &str, after_gap: bool) {
        let full = |page: &DraftPage| !page.rows.is_empty();
        if self.pages.last().is_none_or(|page| full(page) && after_gap) {
            self.pages.push(DraftPage::default());
        }
        let row: Vec<String> = line.split('\t').map(plain).collect();
        if !is_rule(&row) {
            self.page().rows.push(row);
        }
    }

    /// Takes a line of text: over the rows it belongs to the head, under them it is a note.
    fn line(&mut self, text: String) {
        assert!(!self.is_empty(), "`{text}` stands before the first table of 表格部分");
        if !self.page().rows.is_empty() {
            self.notes.push(text);
        } else if self.title.is_empty() {
            self.title = text;
        } else if text.starts_with("部门名称") {
            self.page().page.department = text;
        } else if text.starts_with("单位") {
            self.page().page.unit = text;
        } else if text != self.title {
            self.page().page.period = text;
        }
    }

    fn page(&mut self) -> &mut DraftPage {
        self.pages.last_mut().expect("a page is begun before it is filled")
    }

    /// Puts the pages together and hands the table to the report.
    fn finish(self, report: &mut Published) {
        let Some(first) = self.pages.first() else {
            return;
        };
        let heads = if self.number == FORM_TABLE { 0 } else { head_rows(&first.rows) };
        let mut table = PublishedTable {
            header: first.rows[..heads].to_vec(),
            number: self.number,
            title: self.title,
            notes: self.notes,
            ..PublishedTable::default()
        };
        for mut draft in self.pages {
            if draft.rows.starts_with(&table.header) {
                draft.rows.drain(..heads);
            } else if is_cut(table.rows.last(), draft.rows.first()) {
                let rest = draft.rows.remove(0);
                report.joins.extend(join_row(&mut table.rows, &rest));
            }
            let start = table.rows.len();
            table.rows.append(&mut draft.rows);
            draft.page.rows = start..table.rows.len();
            table.pages.push(draft.page);
        }
        report.tables.push(table);
    }
}

/// How many of the rows are column heads.
///
/// A head merged over columns leaves an empty cell at its right and needs one more row under it
/// for the columns' own heads. Empty cells at the left only show that a head reaches down.
fn head_rows(rows: &[Vec<String>]) -> usize {
    let merged =
        |row: &Vec<String>| row.iter().skip_while(|cell| cell.is_empty()).any(String::is_empty);
    let merged_rows = rows.iter().take_while(|row| merged(row)).count();
    (merged_rows + 1).min(rows.len())
}

/// Whether the first row of a page without column heads is the rest of the row above it.
///
/// A row that a page cut has no text in its first column, and each of its texts continues one
/// that has not ended. A row under a merged first column is not that: it fills columns anew.
fn is_cut(above: Option<&Vec<String>>, row: Option<&Vec<String>>) -> bool {
    let (Some(above), Some(row)) = (above, row) else {
        return false;
    };
    row.first().is_some_and(String::is_empty)
        && above
            .iter()
            .zip(row)
            .all(|(start, rest)| rest.is_empty() || !(start.is_empty() || ended(start)))
}

/// Joins the cells of `rest` to the last of `rows`; says which were joined.
fn join_row(rows: &mut [Vec<String>], rest: &[String]) -> Vec<String> {
    let above = rows.last_mut().expect("only a row that is there is cut");
    above
        .iter_mut()
        .zip(rest)
        .filter(|(_, rest)| !rest.is_empty())
        .map(|(start, rest)| join(start, rest))
        .collect()
}

/// Appends `rest` to `start`; says where, in a form that a person can check.
fn join(start: &mut String, rest: &str) -> String {
    const SHOWN: usize = 8;
    let skipped = start.chars().count().saturating_sub(SHOWN);
    let end: String = start.chars().skip(skipped).collect();
    let begin: String = rest.chars().take(SHOWN).collect();
    start.push_str(rest);
    format!("{end} / {begin}")
}

/// Whether a paragraph or a cell is complete: it ends with a mark that can end one.
pub fn ended(text: &str) -> bool {
    text.ends_with(['。', '：', '；', '！', '？'])
}

/// Characters that take no room on paper.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}'..='\u{200d}' | '\u{2060}' | '\u{feff}')
}

/// The text with `$…$` replaced by the characters it prints. A `$` that holds no command stays.
fn without_latex(text: &str) -> String {
    let Some((before, rest)) = text.split_once('$') else {
        return text.to_owned();
    };
    match rest.split_once('$') {
        Some((math, after)) if math.contains('\\') => {
            let shown = math.replace("\\geq", "≥").replace("\\leq", "≤").replace("\\%", "%");
            assert!(!shown.contains('\\'), "unknown LaTeX `{math}` in the published text");
            format!("{before}{shown}{}", without_latex(after))
        }
        _ => format!("{before}${}", without_latex(rest)),
    }
}
