//! The year that a workbook speaks of: in its titles, in the names of its sheets, in its own, and in
//! a column of its lines.

use std::sync::LazyLock;

use regex::Regex;

use super::book::{Book, Content, Sheet};
use super::comments::brief;
use super::{Changes, UNFIT};
use crate::exchange::xlsx::{PREFIX, SOURCE};

/// The title with the year stands in one of the first rows.
const FIRST_ROWS: u32 = 20;
/// So many rows stand above the figures of an exported table; above those of a list there is one.
const TITLE_ROWS: u32 = 4;

/// The first year of a title.
pub fn first(book: &Book) -> Option<u32> {
    let sheets = book.sheets.iter().filter(|sheet| !sheet.hidden);
    sheets.flat_map(titles).find_map(|text| years(&text).first().copied())
}

/// What of a workbook may name its year.
#[derive(Debug, Default)]
pub struct Places {
    pub titles: Vec<String>,
    pub sheets: Vec<String>,
    /// Titles of further tables, each of its own.
    pub below: Vec<String>,
    /// The workbook's name.
    pub file: String,
    /// The years of its lines.
    pub lines: Vec<u32>,
}

impl Places {
    /// What a reader has changed in the titles and names of an exported workbook.
    pub fn changed(book: &Book, fresh: &Book, file: &str) -> Self {
        let mut places = Self { file: file.to_owned(), ..Self::default() };
        for sheet in book.sheets.iter().filter(|sheet| sheet.name != SOURCE) {
            let was = fresh.sheet(&sheet.name);
            places.sheets.extend(was.is_none().then(|| sheet.name.clone()));
            let own = |row: u32, column: u32| was.map(|was| was.text(row, column));
            let rows = if sheet.name.starts_with(PREFIX) { 1 } else { TITLE_ROWS };
            let titles = first_texts(sheet, rows);
            let titles = titles.filter(|(at, text)| own(at.0, at.1).as_ref() != Some(text));
            places.titles.extend(titles.map(|(_, text)| text));
        }
        places
    }

    /// Asks where the workbook names other years, and never the source's.
    pub fn compare(&self, own: u32, changes: &mut Changes) {
        let file = std::slice::from_ref(&self.file);
        let texts = [("标题", self.titles.as_slice()), ("页名", &self.sheets), ("文件名", file)];
        let mut others = texts.into_iter().filter_map(|(place, texts)| {
            let of =
                |text| years(&if place == "标题" { String::clone(text) } else { name(text) });
            let of = |text| of(text).into_iter().map(move |year| (year, text));
            let found: Vec<(u32, &String)> = texts.iter().flat_map(of).collect();
            let (other, text) = found.first().filter(|_| found.iter().all(|it| it.0 != own))?;
            Some(format!("工作簿的{place}“{}”写着 {other} 年", brief(text)))
        });
        let line = self.lines.iter().find(|year| **year != own);
        let line = line.map(|year| format!("工作簿的年度一栏写着 {year} 年"));
        let below = self.below.iter().find_map(|text| {
            let found = years(text);
            let other = found.first().filter(|_| !found.contains(&own))?;
            Some(format!("下面的标题“{}”写着 {other} 年", brief(text)))
        });
        if let Some(what) = line.or_else(|| others.next()).or(below) {
            ask(&what, own, changes);
        }
    }
}

/// Asks about a workbook that was exported from a source of another year.
pub fn compare_exported(exported: u32, own: u32, changes: &mut Changes) {
    if exported != own {
        ask(&format!("它是从 {exported} 年的数据文件导出的"), own, changes);
    }
}

fn ask(what: &str, own: u32, changes: &mut Changes) {
    let help = "换成同一年的；确实要这样取的，加 --any-year";
    changes.doubt(UNFIT, format!("{what}，要写进的数据文件是 {own} 年的"), help);
}

/// The year that a cell of a 年度 column names.
pub fn of_line(text: &str) -> Option<u32> {
    years(&name(text)).first().copied()
}

/// The texts of a sheet's first rows.
pub fn titles(sheet: &Sheet) -> impl Iterator<Item = String> {
    first_texts(sheet, FIRST_ROWS).map(|(_, text)| text)
}

/// The texts of the first rows of a sheet.
fn first_texts(sheet: &Sheet, rows: u32) -> impl Iterator<Item = ((u32, u32), String)> {
    let cells = sheet.cells.iter().take_while(move |cell| cell.row < rows);
    let texts = cells.filter(|cell| matches!(cell.content, Content::Text(_)));
    texts.map(|cell| ((cell.row, cell.column), cell.content.text()))
}

/// `2024年`, `２０２４年度`, `二〇二四年`
fn years(text: &str) -> Vec<u32> {
    static YEAR: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"(?:^|\D)((?:19|20)\d\d)\s*年").expect("a pattern of the program is one")
    });
    let digit = |c: char| match c {
        '０'..='９' => char::from_u32(c as u32 - 0xFEE0).unwrap_or(c),
        '〇' | '○' | '零' => '0',
        c => "一二三四五六七八九"
            .chars()
            .zip('1'..='9')
            .find(|(it, _)| *it == c)
            .map_or(c, |it| it.1),
    };
    let text: String = text.chars().map(digit).collect();
    let text = without_dates(&text);
    YEAR.captures_iter(&text).filter_map(|found| found[1].parse().ok()).collect()
}

/// Days, and the years of rules, are none of a budget: 2022年11月5日, 2022-12-31, 2019年修订.
fn without_dates(text: &str) -> std::borrow::Cow<'_, str> {
    static DATE: LazyLock<Regex> = LazyLock::new(|| {
        let day = r"(?:19|20)\d\d\s*[年/._-]\s*\d{1,2}\s*[月/._-]\s*\d{1,2}";
        let month = r"(?:日期|时间)[:：]?\s*(?:19|20)\d\d\s*年";
        let rule =
            r"(?:19|20)\d\d\s*年?\s*(?:第[^）)]*次)?(?:修订|修正|修改|印发|制定|公布|施行|版)";
        Regex::new(&format!("{day}|{month}|{rule}")).expect("a pattern of the program is one")
    });
    DATE.replace_all(text, "")
}

/// A name, with 年 behind each four digits that stand alone.
fn name(text: &str) -> String {
    static ALONE: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"(^|\D)((?:19|20)\d\d)(\D|$)").expect("a pattern of the program is one")
    });
    ALONE.replace_all(&without_dates(text), "$1${2}年$3").into_owned()
}
