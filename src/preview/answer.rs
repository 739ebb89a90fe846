//! What the browser is told, as JSON.

use std::time::Duration;

use serde_json::{Value, json};

use super::origin::line_of;
use super::shown::{Shown, Times};
use crate::finding::{self, Finding};
use crate::report::{Address, Block, Report, Row, Table, plain};
use crate::typeset::geometry::{Area, Rect};

/// The pages of a state: number, look, printed number, size in points.
pub fn pages(shown: &Shown) -> Value {
    let pages = shown.pages.document.pages().iter().zip(&shown.hashes).enumerate();
    let pages = pages.map(|(at, (page, hash))| {
        let size = page.frame.size();
        json!({
            "number": at + 1,
            "hash": hash,
            "printed": shown.printed_number(at),
            "width": rounded(size.x.to_pt()),
            "height": rounded(size.y.to_pt()),
        })
    });
    pages.collect()
}

/// `event: report`
pub fn event(shown: &Shown) -> Value {
    json!({
        "revision": shown.revision,
        "title": shown.made.report.title_text(),
        "open": shown.open(),
        "pages": pages(shown),
        "changed": shown.changed,
        "findings": shown.summary(),
        "ms": times(&shown.times),
    })
}

fn times(times: &Times) -> Value {
    let ms = |time: Duration| rounded(time.as_secs_f64() * 1000.0);
    json!({
        "wait": ms(times.wait),
        "read": ms(times.read),
        "report": ms(times.report),
        "audit": ms(times.audit),
        "typeset": ms(times.typeset),
        "total": ms(times.total),
    })
}

/// Findings with the line of each, and where on the pages it is to be seen.
pub fn findings(findings: &[Finding], shown: Option<&Shown>) -> Value {
    let first = shown.map(Shown::first_areas).unwrap_or_default();
    let mut json = finding::to_json(findings);
    let list = json["findings"].as_array_mut().into_iter().flatten();
    for (value, finding) in list.zip(findings) {
        if let Some(spot) = &finding.spot {
            let line = line_of(&spot.file, &spot.range);
            value["end_column"] = line["end_column"].clone();
            value["excerpt"] = line["excerpt"].clone();
        }
        let at = finding.shown.as_ref().and_then(|shown| first.get(&shown.address));
        value["at"] = at.map_or(Value::Null, area);
        value["blocks"] = finding.blocks().into();
        value["label"] = finding.label.clone().into();
    }
    json
}

/// A rectangle on a page counted from 1.
pub fn area(area: &Area) -> Value {
    let Rect { x, y, width, height } = area.rect;
    json!({
        "page": area.page + 1,
        "x": rounded(x),
        "y": rounded(y),
        "width": rounded(width),
        "height": rounded(height),
    })
}

fn rounded(value: f64) -> f64 {
    (value * 100.0).round() / 100.0
}

/// 目录: groups, parts and tables with the pages that they begin on.
pub fn outline(shown: &Shown) -> Value {
    let first = shown.first_areas();
    let page = |wanted: &dyn Fn(&Address) -> bool| {
        first.iter().filter(|(address, _)| wanted(address)).map(|(_, area)| area.page + 1).min()
    };
    let (mut chapters, mut tables) = (0, 0);
    let groups = shown.made.report.groups.iter().map(|group| {
        let parts = group.chapters.iter().map(|part| {
            let number = chapters;
            chapters += 1;
            let of = move |address: &Address| {
                matches!(address, Address::Block { chapter, .. } if *chapter == number)
            };
            json!({"title": plain(&part.title), "page": page(&of)})
        });
        let parts: Vec<Value> = parts.collect();
        let sheets = group.tables.iter().map(|sheet| {
            let number = tables;
            tables += 1;
            // Its title stands in the 目录, too.
            let of = move |address: &Address| {
                matches!(address, Address::Cell { table, .. } if *table == number)
            };
            json!({"title": title_of(sheet), "page": page(&of)})
        });
        let sheets: Vec<Value> = sheets.collect();
        let parts = [parts, sheets].concat();
        json!({"title": plain(&group.title), "parts": parts})
    });
    json!({"groups": groups.collect::<Vec<_>>()})
}

fn title_of(table: &Table) -> String {
    format!("{} {}", table.id, plain(&table.title))
}

/// Where something stands, in the reader's words: 表3 支出总表 · 事业运行 · 支出总计.
pub fn label(report: &Report, address: Address) -> String {
    match address {
        Address::Cover { .. } => "封面".to_owned(),
        Address::Title { title } => {
            report.chapters().nth(title).map(|chapter| plain(&chapter.title)).unwrap_or_default()
        }
        Address::Block { chapter, block } => {
            let chapter = report.chapters().nth(chapter);
            let heading = chapter.and_then(|chapter| {
                chapter.blocks[..block].iter().rev().find_map(|block| match block {
                    Block::Heading(_, line) => Some(plain(line)),
                    _ => None,
                })
            });
            let part = chapter.map(|chapter| plain(&chapter.title));
            [part, heading].into_iter().flatten().collect::<Vec<_>>().join(" · ")
        }
        Address::Head { table } => report.tables().nth(table).map(title_of).unwrap_or_default(),
        Address::Cell { table, row, cell } => {
            let Some(table) = report.tables().nth(table) else { return String::new() };
            let row = &table.grid.rows[row];
            let column = column_name(table, row.cells[cell].column);
            [title_of(table), row_name(row), column]
                .into_iter()
                .filter(|word| !word.is_empty())
                .collect::<Vec<_>>()
                .join(" · ")
        }
    }
}

/// The first words of a row that are no figure.
fn row_name(row: &Row) -> String {
    let texts = row.cells.iter().filter(|cell| cell.figure().is_none());
    let mut texts = texts.map(|cell| plain(&cell.text)).filter(|text| !text.is_empty());
    let first = texts.next().unwrap_or_default();
    let short = |text: &str| text.chars().take(24).collect::<String>();
    match texts.next() {
        // A code alone says little.
        Some(name) if first.chars().all(|c| c.is_ascii_digit()) => {
            short(&format!("{first} {name}"))
        }
        _ => short(&first),
    }
}

/// The lowest column head over a column.
fn column_name(table: &Table, column: usize) -> String {
    let cells = table.grid.header.iter().rev().flat_map(|row| &row.cells);
    let mut over = cells.filter(|cell| (cell.column..cell.column + cell.columns).contains(&column));
    over.next().map(|cell| plain(&cell.text)).unwrap_or_default()
}
