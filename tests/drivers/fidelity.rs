//! The 2023 report against the published one, word for word, read back from the PDF itself.
//!
//! White space is left out of every comparison: the published text's spaces between Han and digits
//! come from its conversion.
#![allow(clippy::print_stdout, reason = "what was compared is worth reading")]

use crate::support;
use crate::support::published;

use std::sync::LazyLock;

use published::{Published, PublishedTable, plain};
use support::pdf::{Block, Cell, Pdf, Table};

static PUBLISHED: LazyLock<Published> =
    LazyLock::new(|| published::read(&support::text("tests/fidelity/published-2023.txt")));
static PDF: LazyLock<Pdf> = LazyLock::new(|| {
    let made = support::make(&support::text("input/2023.yaml"));
    support::pdf::read(&support::pdf_of(&made))
});

/// The heading that begins the tables.
const TABLES: &str = "二、表格部分";

/// Headings and paragraphs up to the tables, the cover's lines as one.
fn our_paragraphs() -> Vec<String> {
    let mut texts = Vec::new();
    for block in &PDF.blocks {
        match block {
            Block::Heading(_, text) | Block::Paragraph(text) => texts.push(plain(text)),
            Block::Table(_) | Block::Contents(_) => {}
        }
        if texts.last().is_some_and(|text| text == TABLES) {
            break;
        }
    }
    let contents = texts.iter().position(|text| text == "目录").expect("there is a 目录");
    let mut whole = vec![texts[..contents].concat()];
    whole.extend_from_slice(&texts[contents + 1..]);
    whole
}

type Rows = Vec<&'static [Cell]>;

/// A table of ours.
struct Ours {
    head: Rows,
    rows: Rows,
    notes: Vec<String>,
}

/// The table that stands behind the heading of an official table, or inside a chapter. A note is a
/// row of the table's foot: one cell across it. Where heads stand between the rows, each with its
/// rows is a table to a reader who hears them.
fn our_table(published: &PublishedTable) -> Ours {
    let at = PDF
        .blocks
        .iter()
        .position(|block| match block {
            Block::Heading(_, text) => {
                let text = plain(text);
                text.ends_with(&plain(&published.title)) || text.starts_with(&published.number)
            }
            _ => false,
        })
        .unwrap_or_else(|| panic!("no heading of {}", published.number));
    let behind = PDF.blocks[at + 1..].iter().skip_while(|block| !matches!(block, Block::Table(_)));
    let mut tables: Vec<&'static Table> = Vec::new();
    for block in behind {
        match block {
            Block::Table(table) => tables.push(table),
            _ => break,
        }
    }
    let rows = |rows: &'static [Vec<Cell>]| rows.iter().map(Vec::as_slice);
    let (head, all): (Rows, Rows) = match tables[..] {
        [] => panic!("no table behind {}", published.number),
        [table] => (rows(&table.head).collect(), rows(&table.rows).collect()),
        _ => {
            let all = tables.iter().flat_map(|table| rows(&table.head).chain(rows(&table.rows)));
            (Vec::new(), all.collect())
        }
    };
    let body = all.iter().position(|row| row.len() == 1).unwrap_or(all.len());
    let notes = all[body..].iter().copied().flatten().map(|note| plain(&note.text)).collect();
    Ours { head, rows: all[..body].to_vec(), notes }
}

fn texts(rows: &[&[Cell]]) -> Vec<Vec<String>> {
    rows.iter().map(|row| row.iter().map(|cell| plain(&cell.text)).collect()).collect()
}

fn tall_labels(rows: &[&[Cell]]) -> Vec<String> {
    let cells = rows.iter().copied().flatten();
    let tall = cells.filter(|cell| cell.rows > 1 && !cell.text.is_empty());
    tall.map(|cell| plain(&cell.text)).collect()
}

fn without_blanks(rows: &[Vec<String>]) -> Vec<Vec<String>> {
    let filled = |row: &Vec<String>| row.iter().filter(|text| !text.is_empty()).cloned().collect();
    rows.iter().map(filled).collect()
}

#[test]
fn every_paragraph_is_the_published_one() {
    let ours = our_paragraphs();
    for (at, (ours, published)) in ours.iter().zip(&PUBLISHED.paragraphs).enumerate() {
        assert_eq!(ours, published, "paragraph {at}");
    }
    assert_eq!(ours.len(), PUBLISHED.paragraphs.len());
    println!("{} paragraphs compared", ours.len());
}

#[test]
fn the_contents_are_the_published_ones() {
    let contents = PDF.blocks.iter().find_map(|block| match block {
        Block::Contents(entries) => Some(entries),
        _ => None,
    });
    let ours: Vec<String> = contents
        .expect("there is a table of contents")
        .iter()
        .map(|entry| {
            plain(entry).trim_end_matches(|c: char| c == '.' || c.is_ascii_digit()).to_owned()
        })
        .collect();
    assert_eq!(ours, PUBLISHED.contents);
}

#[test]
fn every_row_of_every_table_is_the_published_one() {
    let mut rows = 0;
    for published in &PUBLISHED.tables {
        let Ours { head, rows: body, notes } = our_table(published);
        let published_rows = published::in_columns(&published.rows);
        // The conversion puts the text of a cell merged over many rows beside any one of them.
        let labels = tall_labels(&body);
        let theirs: Vec<String> = published_rows.concat();
        labels.iter().for_each(|label| assert!(theirs.contains(label), "{label} is published"));
        let bare = |row: &[String]| -> Vec<String> {
            let kept = row.iter().filter(|text| !text.is_empty() && !labels.contains(text));
            kept.cloned().collect()
        };
        for (at, (ours, theirs)) in texts(&body).iter().zip(&published_rows).enumerate() {
            // Merged cells leave other blanks here and there; texts and their order are the same.
            if ours != theirs {
                assert_eq!(bare(ours), bare(theirs), "{}, row {at}", published.number);
            }
        }
        assert_eq!(body.len(), published.rows.len(), "rows of {}", published.number);
        assert_eq!(
            without_blanks(&texts(&head)),
            without_blanks(&published.header),
            "head of {}",
            published.number
        );
        if published.number.starts_with('表') {
            let theirs: Vec<String> = published.notes.iter().map(|note| plain(note)).collect();
            assert_eq!(notes, theirs, "notes of {}", published.number);
        }
        rows += published.rows.len();
    }
    println!("{} tables, {rows} rows compared", PUBLISHED.tables.len());
}
