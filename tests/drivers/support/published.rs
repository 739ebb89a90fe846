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
//! * It added spaces, `<u>`, `<p>`, LaTeX, `#`, and a Markdown rule `--` inside a table.
//!
//! What it did *not* do stays: the faults of the report (form.md, section 5), half-width commas
//! and brackets, shifted cells of Table 12 (see [`in_columns`]). The tables 2, 4 and 5 are missing
//! from the file, so they are missing here.

use std::{mem, ops::Range};

/// The published report, cut into what a reader sees. Every text has gone through [`plain`].
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
    pub header: Rows,
    /// The body rows; merged cells as in `header`.
    pub rows: Rows,
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

/// Rows of cells.
pub type Rows = Vec<Vec<String>>;

/// Table 12 is a form: its first line is filled in like all others and is no column head.
const FORM_TABLE: &str = "表12";

/// The marks that the conversion added, and what a reader sees in their place.
const MARKS: [(&str, &str); 7] = [
    ("<u>", ""),
    ("</u>", ""),
    ("<p>", ""),
    ("</p>", ""),
    ("\\geq", "≥"),
    ("\\leq", "≤"),
    ("\\%", "%"),
];

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
    let printed = |lines: &[&str]| {
        let texts = lines.iter().map(|line| plain(unmarked(line)));
        texts.filter(|text| !text.is_empty()).collect()
    };
    let mut report = Published {
        contents_title: plain(unmarked(lines[contents])),
        contents: printed(&lines[contents + 1..body]),
        paragraphs: printed(&lines[..contents]),
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
    // A `$` that stands in a text without commands is money.
    let latex = text.contains('\\');
    let mut text =
        MARKS.iter().fold(text.to_owned(), |text, (mark, seen)| text.replace(mark, seen));
    text.retain(|c| {
        let invisible = matches!(c, '\u{ad}' | '\u{200b}'..='\u{200d}' | '\u{2060}' | '\u{feff}');
        !(c.is_whitespace() || invisible || latex && c == '$')
    });
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
pub fn in_columns(rows: &[Vec<String>]) -> Rows {
    let in_columns = |row: &Vec<String>| match row.as_slice() {
        [_, _, _, target, last] if !target.is_empty() && last.is_empty() => {
            let cells = filled(row);
            let mut aligned = vec![String::new(); row.len() - cells.len()];
            aligned.extend(cells.into_iter().map(String::from));
            aligned
        }
        _ => row.clone(),
    };
    rows.iter().map(in_columns).collect()
}

/// Where the line `wanted` stands, at or after line `from`; spaces do not count.
///
/// A `wanted` without `#` is found at any level of heading.
fn position(lines: &[&str], from: usize, wanted: &str) -> usize {
    let shown = |line: &str| plain(if wanted.starts_with('#') { line } else { unmarked(line) });
    let found = lines[from..].iter().position(|line| shown(line) == plain(wanted));
    from + found.unwrap_or_else(|| panic!("no line `{wanted}` after line {from}"))
}

/// The line without the mark of a Markdown heading or list item.
fn unmarked(line: &str) -> &str {
    let line = line.trim();
    line.strip_prefix("- ").unwrap_or_else(|| line.trim_start_matches('#')).trim()
}

/// The nine text parts: paragraphs, headings and the table inside part seven.
fn read_parts(lines: &[&str], report: &mut Published) {
    let mut table = Draft::default();
    // Only a paragraph of text can have been cut: a heading or a table ends what came before.
    let mut cut = false;
    let mut after_gap = true;
    for line in lines {
        let text = plain(unmarked(line));
        if is_row(line) {
            table.row(line, after_gap);
            cut = false;
        } else if line.starts_with('#') {
            // The table is named after the part it stands in, so before its first row.
            if table.pages.is_empty()
                && let Some((number, title)) = part(line)
            {
                (table.number, table.title) = (plain(number), plain(title));
            }
            report.paragraphs.push(text);
            cut = false;
        } else if !text.is_empty() {
            let ends = ended(&text);
            match report.paragraphs.last_mut().filter(|_| cut) {
                Some(above) => report.joins.push(join(above, &text)),
                None => report.paragraphs.push(text),
            }
            cut = !ends;
        }
        after_gap = line.trim().is_empty();
    }
    table.finish(report);
}

/// `第七部分` and `重点项目预算绩效情况说明` of a heading of a part; nothing for any other heading.
fn part(heading: &str) -> Option<(&str, &str)> {
    let (number, title) = unmarked(heading).split_once(char::is_whitespace)?;
    (number.starts_with('第') && number.ends_with("部分")).then_some((number, title))
}

/// The tables of 表格部分.
fn read_tables(lines: &[&str], report: &mut Published) {
    let mut table = Draft::default();
    let mut after_gap = true;
    for line in lines {
        let text = plain(unmarked(line));
        if is_row(line) {
            table.row(line, after_gap);
        } else if text.strip_prefix('表').is_some_and(|number| number.parse::<u32>().is_ok()) {
            if table.number != text {
                mem::take(&mut table).finish(report);
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

/// Whether a line is a row of a table: the conversion puts tabs between cells, and nowhere else.
fn is_row(line: &str) -> bool {
    line.contains('\t')
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
    rows: Rows,
}

impl Draft {
    /// Takes a row; a row after an empty line begins a page, unless the page has no rows yet.
    fn row(&mut self, line: &str, after_gap: bool) {
        if self.pages.last().is_none_or(|page| !page.rows.is_empty() && after_gap) {
            self.pages.push(DraftPage::default());
        }
        let row: Vec<String> = line.split('\t').map(plain).collect();
        // Under a table head, Markdown draws a rule, which is no row of the report.
        let rule = |cell: &&str| cell.len() > 1 && cell.bytes().all(|byte| byte == b'-');
        let cells = filled(&row);
        if cells.is_empty() || !cells.iter().all(rule) {
            self.page().rows.push(row);
        }
    }

    /// Takes a line of text: over the rows it belongs to the head, under them it is a note.
    fn line(&mut self, text: String) {
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
        self.pages.last_mut().expect("nothing stands before the first table of 表格部分")
    }

    /// Puts the pages together and hands the table to the report.
    fn finish(self, report: &mut Published) {
        let Some(first) = self.pages.first() else { return };
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
            } else if let (Some(above), Some(rest)) = (table.rows.last_mut(), draft.rows.first())
                && is_cut(above, rest)
            {
                let halves = above.iter_mut().zip(rest).filter(|(_, rest)| !rest.is_empty());
                report.joins.extend(halves.map(|(start, rest)| join(start, rest)));
                draft.rows.remove(0);
            }
            let start = table.rows.len();
            table.rows.append(&mut draft.rows);
            table.pages.push(PublishedPage { rows: start..table.rows.len(), ..draft.page });
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
        |row: &&Vec<String>| row.iter().skip_while(|cell| cell.is_empty()).any(String::is_empty);
    (rows.iter().take_while(merged).count() + 1).min(rows.len())
}

/// Whether the first row of a page without column heads is the rest of the row above it.
///
/// A row that a page cut has no text in its first column, and each of its texts continues one
/// that has not ended. A row under a merged first column is not that: it fills columns anew.
fn is_cut(above: &[String], row: &[String]) -> bool {
    let continues =
        |(start, rest): (&String, &String)| rest.is_empty() || !(start.is_empty() || ended(start));
    row.first().is_some_and(String::is_empty) && above.iter().zip(row).all(continues)
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
fn ended(text: &str) -> bool {
    text.ends_with(['。', '：', '；', '！', '？'])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn published() -> Published {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fidelity/published-2023.txt");
        let text = std::fs::read_to_string(path);
        read(&text.unwrap_or_else(|error| panic!("cannot read {path}: {error}")))
    }

    fn table<'a>(report: &'a Published, number: &str) -> &'a PublishedTable {
        let found = report.tables.iter().find(|table| table.number == number);
        found.unwrap_or_else(|| panic!("no table {number}"))
    }

    #[test]
    fn plain_undoes_the_conversion() {
        for (file, seen) in [
            ("制卡成功率 $\\geq 90\\%$ 等。", "制卡成功率≥90%等。"),
            ("<u>基本支出 事项</u>", "基本支出事项"),
            ("<p>1. 甲；</p> <p>2. 乙。</p>", "1.甲；2.乙。"),
            ("收\u{3000}入\u{a0}10,327\u{200b} 万元", "收入10,327万元"),
            ("US$ 5, 6$", "US$5,6$"),
        ] {
            assert_eq!(plain(file), seen);
        }
    }

    #[test]
    fn every_part_and_table_is_there_once() {
        let report = published();
        // 一、文字部分, 9 parts, 二、表格部分, 12 tables.
        assert_eq!(
            (report.contents_title.as_str(), report.contents.len()),
            ("目录", 1 + 9 + 1 + 12)
        );
        // The cover, 一、文字部分, what stands in parts one to nine, 二、表格部分.
        let parts = 8 + 3 + 11 + 2 + 6 + 5 + 3 + 8 + 10;
        assert_eq!(report.paragraphs.len(), 1 + 1 + parts + 1);
        // Number, rows of column heads, columns, rows on each page, notes.
        let expected = [
            "第七部分 1 3 [1, 3, 0] 0",
            "表1 2 4 [11, 7] 2",
            "表3 2 9 [11, 5] 0",
            "表6 2 4 [16, 2] 0",
            "表7 1 6 [13, 4] 0",
            "表8 1 6 [13, 14, 7] 0",
            "表9 2 8 [3] 1",
            "表10 1 6 [2] 1",
            "表11 1 6 [2] 1",
            "表12 0 0 [7, 13, 11] 0",
        ];
        let found = report.tables.iter().map(|table| {
            let columns = table.header.first().map_or(0, Vec::len);
            let rows: Vec<usize> = table.pages.iter().map(|page| page.rows.len()).collect();
            let (heads, notes) = (table.header.len(), table.notes.len());
            format!("{} {heads} {columns} {rows:?} {notes}", table.number)
        });
        assert_eq!(found.collect::<Vec<_>>(), expected);
    }

    #[test]
    fn what_a_page_cut_is_joined() {
        let expected = [
            "关系的一体化服务 / 平台为突破口，统",
            "、对个人和家庭的 / 补助支出66万元",
            "2年预算增加0万 / 元，增长0%，主",
            "实施部门预算绩效 / 管理的单位范围只",
            "当年拨付的一般公 / 共预算资金。",
            "套网络安全产品的 / 采购,提高单位网",
            "全培训,进行维护 / 的设备不少于64",
        ];
        assert_eq!(published().joins, expected);
    }

    #[test]
    fn each_page_keeps_its_own_head() {
        let report = published();
        let eight = &table(&report, "表8").pages;
        let departments = eight.iter().map(|page| page.department.trim_start_matches("部门名称："));
        let centre = "深圳市人力资源和社会保障数据管理中心";
        assert!(departments.eq(["深圳市人力资源和社会保障局", centre, centre]));
        let twelve = &table(&report, FORM_TABLE).pages[0];
        assert_eq!((twelve.period.as_str(), twelve.unit.as_str()), ("2023年度", "单位：万元"));
        assert_eq!(table(&report, "第七部分").title, "重点项目预算绩效情况说明");
    }

    #[test]
    fn the_cells_of_table_12_can_be_put_in_their_columns() {
        let report = published();
        let rows = &table(&report, FORM_TABLE).rows;
        assert_eq!(rows[10], ["进行维护的设备台数", "", "", "≥64台", ""]);
        let rows = in_columns(rows);
        assert_eq!(rows[10], ["", "", "", "进行维护的设备台数", "≥64台"]);
        // A cell merged to the right stays at the left.
        assert_eq!((rows[7][0].as_str(), rows[14][2].as_str()), ("年度总体目标", "质量"));
        assert!(rows[8..].iter().all(|row| row.len() == 5 && !row[4].is_empty()));
    }
}
