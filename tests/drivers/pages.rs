//! The pages of the 2023 report and of other offices': sizes, heads, numbers, bookmarks.

use crate::support;

use std::sync::LazyLock;

use support::pdf::{self, Block, Page, Pdf};
use support::{Made, samples};
use yusuan::report::{Table, plain};

/// A report, and its PDF as it is read back.
struct Published {
    name: &'static str,
    made: Made,
    pdf: Pdf,
}

impl Published {
    fn new(name: &'static str, text: &str) -> Self {
        let made = support::make(text);
        let pdf = pdf::read(&support::pdf_of(&made));
        Self { name, made, pdf }
    }
}

static SHIPPED: LazyLock<Published> =
    LazyLock::new(|| Published::new("2023", &support::text("input/2023.yaml")));
static OTHERS: LazyLock<Vec<Published>> = LazyLock::new(|| {
    samples::all().iter().take(3).map(|(name, text)| Published::new(name, text)).collect()
});

fn all() -> impl Iterator<Item = &'static Published> {
    std::iter::once(&*SHIPPED).chain(OTHERS.iter())
}

/// Pages without a printed number: 封面 and 目录.
const UNNUMBERED: usize = 2;

fn bare(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace() && !matches!(c, '\u{200B}' | '\u{2060}')).collect()
}

/// The page's table, by the 表号 in its head.
fn table_on<'a>(made: &'a Made, page: &Page) -> Option<&'a Table> {
    let text = bare(&page.text);
    let mut tables: Vec<_> = made.report.tables().collect();
    tables.reverse();
    let of_head = |table: &&Table| {
        text.contains(&format!("{}{}", table.number, plain(&table.title)))
            || text.contains(&format!("{}{}{}", table.number, table.entry, plain(&table.title)))
    };
    tables.into_iter().find(of_head)
}

#[test]
fn every_page_is_a4_and_turned_as_its_table_wants() {
    for Published { name, made, pdf } in all() {
        for (at, page) in pdf.pages.iter().enumerate() {
            let landscape = table_on(made, page).is_some_and(|table| table.landscape);
            let (width, height) = if landscape { (841.89, 595.28) } else { (595.28, 841.89) };
            let right =
                (page.width_pt - width).abs() < 0.1 && (page.height_pt - height).abs() < 0.1;
            assert!(right, "{name}, page {}: {} × {}", at + 1, page.width_pt, page.height_pt);
        }
    }
}

#[test]
fn every_table_page_carries_the_whole_head() {
    for Published { name, made, pdf } in all() {
        let tables = pdf.pages.iter().position(|page| table_on(made, page).is_some());
        let mut seen: Vec<String> = Vec::new();
        for (at, page) in pdf.pages.iter().enumerate().skip(tables.expect("there are tables")) {
            let text = bare(&page.text);
            let place = format!("{name}, page {}", at + 1);
            let table =
                table_on(made, page).unwrap_or_else(|| panic!("{place} has no head: {text}"));
            let after = seen.contains(&table.number);
            let left = if after { &table.left_after } else { &table.left };
            let cells = table.grid.header.iter().flat_map(|row| &row.cells).map(|cell| &cell.text);
            for line in [left, &table.right].into_iter().chain(cells) {
                assert!(text.contains(&bare(&plain(line))), "{place}: {}", plain(line));
            }
            if !after {
                seen.push(table.number.clone());
            }
        }
        let all: Vec<String> = made.report.tables().map(|table| table.number.clone()).collect();
        assert_eq!(seen, all, "{name}: each table begins a page of its own, in order");
    }
}

#[test]
fn numbers_stand_on_all_pages_but_the_first_two() {
    for Published { name, pdf, .. } in all() {
        for (at, page) in pdf.pages.iter().enumerate() {
            let texts = page.artifacts.iter().map(|text| bare(text));
            let printed: Vec<String> =
                texts.filter(|text| text.starts_with('—') && text.ends_with('—')).collect();
            let expected: Vec<String> = (at + 1)
                .checked_sub(UNNUMBERED)
                .filter(|number| *number > 0)
                .map(|number| format!("—{number}—"))
                .into_iter()
                .collect();
            assert_eq!(printed, expected, "{name}, page {}", at + 1);
        }
    }
}

#[test]
fn the_contents_lead_to_the_pages_they_name() {
    for Published { name, pdf, .. } in all() {
        let contents = pdf.blocks.iter().find_map(|block| match block {
            Block::Contents(entries) => Some(entries),
            _ => None,
        });
        for entry in contents.expect("there is a 目录") {
            let entry = bare(entry);
            let title = entry.trim_end_matches(|c: char| c == '.' || c.is_ascii_digit());
            let number: usize =
                entry[title.len()..].trim_matches('.').parse().expect("it ends in a number");
            let bookmark = pdf.bookmarks.iter().find(|(_, text, _)| bare(text) == title);
            let (_, _, page) = bookmark.unwrap_or_else(|| panic!("{name}: {title} has a bookmark"));
            assert_eq!(*page, number + UNNUMBERED, "{name}: {title}");
        }
    }
}

#[test]
fn the_document_says_its_title_and_language() {
    let title = SHIPPED.pdf.title.as_deref().map(bare);
    assert_eq!(title.as_deref(), Some("2023年深圳市人力资源和社会保障数据管理中心部门预算"));
    assert_eq!(SHIPPED.pdf.language.as_deref(), Some("zh-CN"));
}
