//! The year that a workbook speaks of: in its titles, in the names of its sheets and its own.

use std::sync::LazyLock;

use regex::Regex;

use super::super::book::{Book, Content};
use super::super::{Changes, UNFIT};
use super::ask::Answers;
use super::lines::Lines;
use crate::source::model::Source;

/// The title with the year stands in one of the first rows.
const FIRST_ROWS: u32 = 20;

/// The first year of a title.
pub fn first(book: &Book) -> Option<u32> {
    titles(book).find_map(|text| years(&text).first().copied())
}

/// Asks where the workbook names other years, and never the source's.
pub fn compare(lines: &Lines, answers: &Answers, source: &Source, changes: &mut Changes) {
    if answers.any_year {
        return;
    }
    let places = [
        ("标题", lines.titles.clone()),
        ("页名", lines.sheets.iter().map(|sheet| name(sheet)).collect()),
        ("文件名", vec![name(&answers.file)]),
    ];
    for (place, texts) in places {
        let found: Vec<u32> = texts.iter().flat_map(|text| years(text)).collect();
        let own = source.year.count;
        if let Some(other) = found.first().filter(|_| !found.contains(&own)) {
            changes.doubt(
                UNFIT,
                format!("明细的{place}写着 {other} 年，数据文件是 {own} 年的"),
                "换成同一年的；确实要这样取的，加 --any-year",
            );
            return;
        }
    }
}

fn titles(book: &Book) -> impl Iterator<Item = String> {
    let sheets = book.sheets.iter().filter(|sheet| !sheet.hidden);
    let cells =
        sheets.flat_map(|sheet| sheet.cells.iter().take_while(|cell| cell.row < FIRST_ROWS));
    let texts = cells.filter(|cell| matches!(cell.content, Content::Text(_)));
    texts.map(|cell| cell.content.text())
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
    YEAR.captures_iter(&text).filter_map(|found| found[1].parse().ok()).collect()
}

/// A name, with 年 behind each four digits that stand alone.
fn name(text: &str) -> String {
    static ALONE: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"(^|\D)((?:19|20)\d\d)(\D|$)").expect("a pattern of the program is one")
    });
    ALONE.replace_all(text, "$1${2}年$3").into_owned()
}
