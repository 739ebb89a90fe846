//! Pages of sources that are not like the shipped one: `tests/pages/*.yaml`, with lines
//! `# 页面：表3 2 某中心` of texts that stand on a page of a table, here the second.
//!
//! On all of them numbers stand whole and have a place, nothing leaves its cell, and the tags are a
//! table's own.

use crate::support::{self, checks, making, paper, pdf};

use std::collections::BTreeMap;
use std::path::Path;

use pdf::{Block, Page};
use yusuan::form::Form;
use yusuan::report::{Origin, Report, plain};
use yusuan::typeset::{Pages, export};

const WANTED: &str = "# 页面：";

fn samples() -> Vec<(String, String)> {
    let entries = std::fs::read_dir("tests/pages").expect("the folder is there");
    let mut samples: Vec<(String, String)> = entries
        .map(|entry| {
            let path = entry.expect("it can be read").path();
            let text = std::fs::read_to_string(&path).expect("it is text");
            (path.display().to_string(), text)
        })
        .collect();
    samples.sort();
    samples
}

#[test]
fn pages_hold_whatever_they_carry() {
    let form = making::shipped_form();
    let typesetter = making::typesetter();
    let mut wrong = Vec::new();
    for (name, text) in samples() {
        let (report, pages) = making::shown(making::pages(&typesetter, &form, &text));
        let mut complaints = checks::complaints(&report, &paper::read(&pages.document));
        complaints.extend(pages.misplaced(&report).into_iter().map(|finding| finding.message));
        complaints.extend(broken(&pages));
        let bytes = export::pdf(&pages, &report, true);
        let pdf = pdf::read(&bytes.unwrap_or_else(|it| panic!("{}", making::text_of(&it))));
        complaints.extend(tags(&report, &pdf.blocks));
        let wanted = text.lines().filter_map(|line| line.strip_prefix(WANTED));
        complaints.extend(
            wanted.filter(|wanted| !stands(wanted, &report, &pdf.pages)).map(str::to_owned),
        );
        wrong.extend(complaints.into_iter().take(5).map(|it| format!("{name}: {it}")));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn what_fits_nowhere_is_told_with_its_column() {
    let folder = tempfile::tempdir().expect("there is room for a folder");
    let own = folder.path().join("shenzhen-2023");
    support::copy(Path::new("templates/shenzhen-2023"), &own);
    let manifest = std::fs::read_to_string(own.join("form.yaml")).expect("it is text");
    let lines = manifest.lines().filter(|line| !line.starts_with("放不下"));
    let rigid = lines.map(|line| line.to_owned() + "\n").collect::<String>();
    std::fs::write(own.join("form.yaml"), rigid).expect("it can be written");
    let form = making::shown(Form::load("shenzhen-2023", &[folder.path().into()]));
    let text = std::fs::read_to_string("tests/pages/largest-yuan.yaml").expect("it is text");
    let (report, pages) = making::shown(making::pages(&making::typesetter(), &form, &text));
    let findings = pages.misplaced(&report);
    let told = findings.iter().find(|finding| finding.message.contains("表2“收入总计”栏"));
    let told = told.unwrap_or_else(|| panic!("{}", making::text_of(&findings)));
    assert_eq!(told.code, "P05");
    assert!(told.spot.is_some(), "it has a place in the source");
}

/// Amounts without a place on the pages, or on two lines of one.
fn broken(pages: &Pages) -> Vec<String> {
    let mut places: BTreeMap<usize, Vec<_>> = BTreeMap::new();
    for area in pages.areas() {
        places.entry(area.placed).or_default().push(area);
    }
    let placed = pages.markup.placed.iter().enumerate();
    let amounts = placed.filter(|(_, text)| matches!(text.origin, Origin::Figure(..)));
    let is_whole = |at: &usize| match places.get(at).map(Vec::as_slice) {
        None => false,
        Some(areas) => areas.windows(2).all(|pair| pair[0].page != pair[1].page),
    };
    let broken = amounts.filter(|(at, _)| !is_whole(at));
    broken.map(|(_, text)| format!("{} at {:?}", text.text, text.address)).collect()
}

/// Tables without heads, or with other columns than their grid.
fn tags(report: &Report, blocks: &[Block]) -> Vec<String> {
    let mut complaints = Vec::new();
    let mut tables = report.tables().peekable();
    let mut open = None;
    for block in blocks {
        match block {
            Block::Heading(_, text) => {
                let next = tables.peek().map(|table| plain(&table.title));
                if next.is_some_and(|title| bare(text).ends_with(&bare(&title))) {
                    open = tables.next();
                }
            }
            Block::Table(table) => {
                let rows = table.head.iter().chain(&table.rows);
                let has_heads = rows.clone().flatten().any(|cell| cell.header);
                let name = open.map_or("a chapter's table", |table| table.number.as_str());
                if !has_heads {
                    complaints.push(format!("{name} has no heads"));
                }
                let widest =
                    rows.map(|row| row.iter().map(|cell| cell.columns).sum::<usize>()).max();
                if open.is_some_and(|table| widest.unwrap_or_default() > table.grid.columns.len()) {
                    complaints.push(format!("{name} has {widest:?} columns"));
                }
            }
            Block::Paragraph(_) | Block::Contents(_) => {}
        }
    }
    complaints.extend(tables.map(|table| format!("{} has no heading", table.number)));
    complaints
}

/// Whether a text stands on a page of a table: `表3 2 某中心`.
fn stands(wanted: &str, report: &Report, pages: &[Page]) -> bool {
    let mut words = wanted.splitn(3, ' ');
    let mut next = || words.next().unwrap_or_default();
    let (number, page, text) = (next(), next(), next());
    let page: usize = page.parse().expect("a page's number");
    let table = report.tables().find(|table| table.number == number).expect("a table");
    let title = bare(&plain(&table.title));
    let heads = ["", &table.entry].map(|entry| format!("{number}{entry}{title}"));
    let is_own = |page: &&Page| heads.iter().any(|head| bare(&page.text).contains(head));
    let own = pages.iter().filter(is_own).nth(page - 1);
    own.is_some_and(|page| bare(&page.text).contains(&bare(text)))
}

fn bare(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}
