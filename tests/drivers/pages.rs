//! The pages of the 2023 report: sizes, heads, numbers, bookmarks.

use crate::support;

use std::sync::LazyLock;

use support::Made;
use support::pdf::{self, Block, Page, Pdf};
use yusuan::report::plain;

static MADE: LazyLock<Made> = LazyLock::new(|| support::make(&support::text("input/2023.yaml")));
static PDF: LazyLock<Pdf> = LazyLock::new(|| pdf::read(&support::pdf_of(&MADE)));

/// Pages without a printed number: 封面 and 目录.
const UNNUMBERED: usize = 2;

fn bare(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace() && !matches!(c, '\u{200B}' | '\u{2060}')).collect()
}

/// The page's table, by the 表号 in its head.
fn table_on(page: &Page) -> Option<&'static yusuan::report::Table> {
    let text = bare(&page.text);
    let mut tables: Vec<_> = MADE.report.tables().collect();
    tables.reverse();
    let of_head = |table: &&yusuan::report::Table| {
        text.contains(&format!("{}{}", table.number, plain(&table.title)))
            || text.contains(&format!("{}{}{}", table.number, table.entry, plain(&table.title)))
    };
    tables.into_iter().find(of_head)
}

#[test]
fn every_page_is_a4_and_turned_as_its_table_wants() {
    for (at, page) in PDF.pages.iter().enumerate() {
        let landscape = table_on(page).is_some_and(|table| table.landscape);
        let (width, height) = if landscape { (841.89, 595.28) } else { (595.28, 841.89) };
        let right = (page.width_pt - width).abs() < 0.1 && (page.height_pt - height).abs() < 0.1;
        assert!(right, "page {}: {} × {}", at + 1, page.width_pt, page.height_pt);
    }
}

#[test]
fn every_table_page_carries_the_whole_head() {
    let first =
        PDF.pages.iter().position(|page| table_on(page).is_some()).expect("there are tables");
    let mut seen = Vec::new();
    for (at, page) in PDF.pages.iter().enumerate().skip(first) {
        let text = bare(&page.text);
        let table = table_on(page).unwrap_or_else(|| panic!("page {} has no head: {text}", at + 1));
        let after = seen.contains(&table.number);
        let left = if after { &table.left_after } else { &table.left };
        assert!(text.contains(&bare(&plain(left))), "page {}: {}", at + 1, plain(left));
        assert!(text.contains(&bare(&plain(&table.right))), "page {}", at + 1);
        for cell in table.grid.header.iter().flat_map(|row| &row.cells) {
            assert!(
                text.contains(&bare(&plain(&cell.text))),
                "page {}: {}",
                at + 1,
                plain(&cell.text)
            );
        }
        if !after {
            seen.push(table.number.clone());
        }
    }
    let all: Vec<String> = MADE.report.tables().map(|table| table.number.clone()).collect();
    assert_eq!(seen, all, "each table begins a page of its own, in order");
}

#[test]
fn numbers_stand_on_all_pages_but_the_first_two() {
    for (at, page) in PDF.pages.iter().enumerate() {
        let printed: Vec<String> = page
            .artifacts
            .iter()
            .map(|text| bare(text))
            .filter(|text| text.starts_with('—') && text.ends_with('—'))
            .collect();
        let expected: Vec<String> = (at + 1)
            .checked_sub(UNNUMBERED)
            .filter(|number| *number > 0)
            .map(|number| format!("—{number}—"))
            .into_iter()
            .collect();
        assert_eq!(printed, expected, "page {}", at + 1);
    }
}

#[test]
fn the_contents_lead_to_the_pages_they_name() {
    let contents = PDF.blocks.iter().find_map(|block| match block {
        Block::Contents(entries) => Some(entries),
        _ => None,
    });
    for entry in contents.expect("there is a 目录") {
        let entry = bare(entry);
        let title = entry.trim_end_matches(|c: char| c == '.' || c.is_ascii_digit());
        let number: usize =
            entry[title.len()..].trim_matches('.').parse().expect("it ends in a number");
        let bookmark = PDF.bookmarks.iter().find(|(_, text, _)| bare(text) == title);
        let (_, _, page) = bookmark.unwrap_or_else(|| panic!("{title} has a bookmark"));
        assert_eq!(*page, number + UNNUMBERED, "{title}");
    }
}

#[test]
fn the_document_says_its_title_and_language() {
    let title = PDF.title.as_deref().map(bare);
    assert_eq!(title.as_deref(), Some("2023年深圳市人力资源和社会保障数据管理中心部门预算"));
    assert_eq!(PDF.language.as_deref(), Some("zh-CN"));
}
