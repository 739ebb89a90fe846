//! What is not in its place on the pages, as findings.

use std::collections::BTreeMap;

use super::bounds::{self, Outside, Where};
use super::markup::Placed;
use super::{Pages, at_origin};
use crate::finding::{self, Finding};
use crate::report::{Address, Cell, Origin, Report, plain};

/// Characters of a text that are enough to know it by.
const ENOUGH: usize = 24;

/// What is told together: a column of a table, or anything else that has an address.
type Site = (Option<Address>, Option<usize>);

impl Pages {
    /// A finding for everything that reaches out of its cell, over another text or off its page;
    /// one for each column of a table.
    pub fn misplaced(&self, report: &Report) -> Vec<Finding> {
        let placed = &self.markup.placed;
        let outside = bounds::outside(&self.document, &self.numbered, placed);
        let mut sites: BTreeMap<Site, (usize, &Outside)> = BTreeMap::new();
        for one in &outside {
            let address = one.placed.map(|at| placed[at].address);
            let (count, first) = sites.entry(site(address, report)).or_insert((0, one));
            *count += 1;
            if (one.at, one.page) < (first.at, first.page) {
                *first = one;
            }
        }
        let findings = sites.into_values().map(|(count, first)| {
            let text = first.placed.map(|at| &placed[at]);
            let finding = told(first, count, text, report);
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

fn site(address: Option<Address>, report: &Report) -> Site {
    match address {
        Some(Address::Cell { table, row, cell }) => {
            let column = column(report, table, row, cell);
            (Some(Address::Head { table }), column)
        }
        other => (other, None),
    }
}

fn column(report: &Report, table: usize, row: usize, cell: usize) -> Option<usize> {
    let row = report.tables().nth(table)?.grid.rows.get(row)?;
    row.cells.get(cell).map(|cell| cell.column)
}

fn told(one: &Outside, count: usize, placed: Option<&Placed>, report: &Report) -> Finding {
    let what = match one.at {
        Where::OffPage => "排到了纸边以外",
        Where::OverRule => "超出了格子",
        Where::OverText => "压住了旁边的字",
    };
    let place = placed.map(|text| place(&text.address, report)).unwrap_or_default();
    let text =
        placed.map_or_else(|| "有的字".to_owned(), |text| format!("“{}”", brief(&text.text)));
    let others = if count > 1 { format!("等 {count} 处") } else { String::new() };
    let is_figure = placed.is_some_and(|text| matches!(text.origin, Origin::Figure(..)));
    let help = match is_figure {
        true => {
            "放不下这个数：改用万元或少印小数（印刷: {单位: 万元, 小数: 0}），或在表式的“放不下”里写更小的字号"
        }
        false => "改短这段文字；或在表式里给这一栏更多的宽度",
    };
    let message = format!("第 {} 页{place}的{text}{others}{what}", one.page);
    Finding::error("P05", message).help(help)
}

/// The table and the head of the column that a text stands in.
fn place(address: &Address, report: &Report) -> String {
    let Address::Cell { table, row, cell } = *address else { return String::new() };
    let column = column(report, table, row, cell);
    let Some(table) = report.tables().nth(table) else { return String::new() };
    let mut heads = table.grid.header.iter().rev().flat_map(|row| &row.cells);
    let covers = |head: &&Cell, column| (head.column..head.column + head.columns).contains(&column);
    let head = column.and_then(|column| heads.find(|head| covers(head, column)));
    let head = head.map(|head| format!("“{}”栏", plain(&head.text))).unwrap_or_default();
    format!("，{}{head}", table.id)
}

fn brief(text: &str) -> String {
    let start: String = text.chars().take(ENOUGH).collect();
    if start.len() < text.len() { start + "…" } else { start }
}
