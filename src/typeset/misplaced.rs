//! What is not in its place on the pages, as findings.

use super::bounds::{self, Outside, Where};
use super::markup::Placed;
use super::{Pages, at_origin};
use crate::finding::{self, Finding};
use crate::report::{Address, Origin, Report, plain};

/// Characters of a text that are enough to know it by.
const ENOUGH: usize = 16;

impl Pages {
    /// A finding for every text that reaches out of its cell, over another one or off its page.
    pub fn misplaced(&self, report: &Report) -> Vec<Finding> {
        let placed = &self.markup.placed;
        let outside = bounds::outside(&self.document, &self.numbered, placed);
        let findings = outside.iter().map(|one| {
            let text = one.placed.map(|at| &placed[at]);
            let finding = told(one, text, report);
            match text {
                Some(text) => at_origin(finding, text, report),
                None => finding,
            }
        });
        let mut findings: Vec<Finding> = findings.collect();
        finding::sort(&mut findings);
        findings
    }
}

fn told(one: &Outside, placed: Option<&Placed>, report: &Report) -> Finding {
    let what = match one.at {
        Where::OffPage => "排到了纸边以外",
        Where::OverRule => "超出了格子",
        Where::OverText => "压住了旁边的字",
    };
    let place = placed.map(|text| place(&text.address, report)).unwrap_or_default();
    let text =
        placed.map_or_else(|| "有的字".to_owned(), |text| format!("“{}”", brief(&text.text)));
    let is_figure = placed.is_some_and(|text| matches!(text.origin, Origin::Figure(..)));
    let help = match is_figure {
        true => {
            "这一栏放不下这个数：改用万元、少印小数（印刷: {单位: 万元, 小数: 0}），或在表式的“放不下”里写更小的字号"
        }
        false => "改短这段文字；或在表式里给这一栏更多的宽度",
    };
    let message = format!("第 {} 页{place}的{text}{what}", one.page);
    Finding::error("P05", message).help(help)
}

/// The table and the head of the column that a text stands in.
fn place(address: &Address, report: &Report) -> String {
    let Address::Cell { table, row, cell } = address else { return String::new() };
    let Some(table) = report.tables().nth(*table) else { return String::new() };
    let column = table.grid.rows.get(*row).and_then(|row| row.cells.get(*cell));
    let heads = table.grid.header.iter().rev().flat_map(|row| &row.cells);
    let head = column.and_then(|column| {
        heads
            .into_iter()
            .find(|head| (head.column..head.column + head.columns).contains(&column.column))
    });
    let head = head.map(|head| format!("“{}”栏", plain(&head.text))).unwrap_or_default();
    format!("，{}{head}", table.number)
}

fn brief(text: &str) -> String {
    let start: String = text.chars().take(ENOUGH).collect();
    if start.len() < text.len() { start + "…" } else { start }
}
