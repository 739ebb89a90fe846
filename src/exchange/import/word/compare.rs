//! What a draft says differently than the report that it was exported from: lines that changed, and
//! paragraphs and rows that are new, gone or elsewhere.

use super::draft::{Block, Draft, Row};
use super::spots::{At, Base};
use std::collections::BTreeMap;

use crate::exchange::docx::align::{Given, Known, Pair, align};
use crate::exchange::docx::plan::{Body, Item, Sheet, Site, Slot, slots};
use crate::exchange::docx::table::row_bookmark;
use crate::report::plain;

/// What stands between the cells of a row that is matched by its words.
const BETWEEN: &str = " | ";
/// So many rows tell tables apart.
const FIRST_ROWS: usize = 3;

/// Everything that differs.
#[derive(Debug, Default)]
pub struct Differences {
    pub changed: Vec<(At, String)>,
    /// Paragraphs that are gone.
    pub gone: Vec<Site>,
    /// New paragraphs.
    pub new: Vec<New>,
    /// Paragraphs and rows that stand elsewhere.
    pub moved: Vec<At>,
    /// Tables that are gone, or new, as what they are called.
    pub tables: Vec<String>,
    /// Rows that are gone (heads counted), and new ones behind a row.
    pub rows_gone: Vec<(Site, usize)>,
    pub rows_new: Vec<NewRow>,
    /// Rows whose columns cannot be told.
    pub unclear: Vec<(Site, usize)>,
    /// Which row of a table (heads counted) a row of the draft is.
    pub rows: BTreeMap<(Site, usize), usize>,
    /// Of each block of the draft, what it is in the report.
    pub places: Vec<Option<Site>>,
}

/// A paragraph of the draft's own.
#[derive(Debug, Clone, PartialEq)]
pub struct New {
    /// What stands before it.
    pub after: Option<Site>,
    pub text: String,
    bookmarks: Vec<String>,
}

/// A row of the draft's own.
#[derive(Debug, Clone, PartialEq)]
pub struct NewRow {
    pub site: Site,
    /// The row before it, heads counted.
    pub after: Option<usize>,
    /// Texts by column.
    pub cells: Vec<(usize, String)>,
    bookmarks: Vec<String>,
}

pub fn compare(base: &Base<'_>, draft: &Draft) -> Differences {
    let known: Vec<usize> = (0..base.items.len()).filter(|at| is_shown(base, *at)).collect();
    let names: Vec<Known> = known.iter().map(|at| known_as(&base.items[*at])).collect();
    let tables: Vec<Vec<String>> = draft.blocks.iter().map(table_marks).collect();
    let given = draft.blocks.iter().zip(&tables).map(|(block, marks)| given_as(block, marks));
    let given: Vec<Given<'_>> = given.collect();
    let mut found = Differences { places: vec![None; given.len()], ..Differences::default() };
    let mut last = None;
    for pair in align(&names, &given) {
        match pair {
            Pair::Both(a, b) => {
                let item = &base.items[known[a]];
                last = Some(item.site);
                found.places[b] = last;
                match (&item.body, &draft.blocks[b]) {
                    (Body::Line(line), Block::Paragraph(paragraph)) => {
                        let differs = clean(&plain(line)) != clean(&paragraph.text);
                        let change = ((item.site, None), clean(&paragraph.text));
                        found.changed.extend(differs.then_some(change));
                    }
                    (Body::Grid(sheet), Block::Table(rows)) => {
                        found.table(item.site, sheet, rows);
                    }
                    (Body::Line(_), Block::Table(rows)) => found.tables.push(rows_text(rows)),
                    (Body::Grid(_), Block::Paragraph(_)) => {
                        found.tables.push(base.called((item.site, None)));
                    }
                }
            }
            Pair::Known(a) => {
                let item = &base.items[known[a]];
                match &item.body {
                    Body::Line(_) => found.gone.push(item.site),
                    Body::Grid(_) => found.tables.push(base.called((item.site, Some((0, 0))))),
                }
            }
            Pair::Given(b) => match &draft.blocks[b] {
                Block::Paragraph(paragraph) => found.new.push(New {
                    after: last,
                    text: clean(&paragraph.text),
                    bookmarks: paragraph.bookmarks.clone(),
                }),
                Block::Table(rows) => found.tables.push(rows_text(rows)),
            },
        }
    }
    found.join_moved(base);
    found
}

fn known_as(item: &Item<'_>) -> Known {
    let text = match &item.body {
        Body::Line(line) => plain(line),
        Body::Grid(sheet) => grid_text(sheet),
    };
    Known { bookmark: item.site.bookmark(), text: clean(&text) }
}

fn given_as<'d>(block: &'d Block, marks: &'d [String]) -> Given<'d> {
    match block {
        Block::Paragraph(paragraph) => {
            Given { bookmarks: &paragraph.bookmarks, text: clean(&paragraph.text) }
        }
        Block::Table(rows) => Given { bookmarks: marks, text: rows_text(rows) },
    }
}

/// Whether an item leaves anything in the document: an empty paragraph is none.
fn is_shown(base: &Base<'_>, at: usize) -> bool {
    base.items[at].text().is_none_or(|text| !text.trim().is_empty())
}

/// What editors change of a text without anybody's doing: spaces at its ends, kinds of spaces.
pub fn clean(text: &str) -> String {
    text.replace('\u{A0}', " ").trim().to_owned()
}

/// The names of tables that have one of their rows here.
fn table_marks(block: &Block) -> Vec<String> {
    let Block::Table(rows) = block else { return Vec::new() };
    let marks = rows.iter().flat_map(|row| &row.bookmarks);
    let sites = marks.filter_map(|mark| Some(Site::of_bookmark(mark)?.0.bookmark()));
    let mut sites: Vec<String> = sites.collect();
    sites.sort_unstable();
    sites.dedup();
    sites
}

/// What a table is known by where it has no bookmark: its first rows.
fn rows_text(rows: &[Row]) -> String {
    rows.iter().take(FIRST_ROWS).map(row_text).collect::<Vec<_>>().join("\n")
}

fn row_text(row: &Row) -> String {
    let cells = row.cells.iter().filter(|cell| !cell.goes_on).map(|cell| clean(&cell.text));
    cells.collect::<Vec<_>>().join(BETWEEN)
}

fn grid_text(sheet: &Sheet<'_>) -> String {
    let rows = slots(sheet.grid);
    rows.iter().take(FIRST_ROWS).map(|slots| slots_text(slots)).collect::<Vec<_>>().join("\n")
}

/// The first column of each place of a row.
fn columns(slots: &[Slot<'_>]) -> Vec<usize> {
    let mut at = 0;
    let columns = slots.iter().map(|slot| {
        let column = at;
        at += match slot {
            Slot::Cell(_, cell) => cell.columns,
            Slot::Below(across) => *across,
            Slot::Nothing => 1,
        };
        column
    });
    columns.collect()
}

fn slots_text(slots: &[Slot<'_>]) -> String {
    let cells = slots.iter().filter_map(|slot| match slot {
        Slot::Cell(_, cell) => Some(clean(&plain(&cell.text))),
        Slot::Nothing => Some(String::new()),
        Slot::Below(_) => None,
    });
    cells.collect::<Vec<_>>().join(BETWEEN)
}

impl Differences {
    /// Compares a table row by row.
    fn table(&mut self, site: Site, sheet: &Sheet<'_>, rows: &[Row]) {
        let own = slots(sheet.grid);
        let known = own
            .iter()
            .enumerate()
            .map(|(at, slots)| Known { bookmark: row_bookmark(site, at), text: slots_text(slots) });
        let known: Vec<Known> = known.collect();
        // A table without rows is written with a blank one.
        let is_blank = |row: &&Row| row.cells.iter().all(|cell| cell.text.trim().is_empty());
        let last = rows.last().filter(is_blank).filter(|_| sheet.grid.rows.is_empty());
        let rows = &rows[..rows.len() - usize::from(last.is_some())];
        let given = rows.iter().map(|row| Given { bookmarks: &row.bookmarks, text: row_text(row) });
        let given: Vec<Given<'_>> = given.collect();
        let mut last = None;
        for pair in align(&known, &given) {
            match pair {
                Pair::Both(a, b) => {
                    last = Some(a);
                    self.rows.insert((site, b), a);
                    self.row(site, a, &own[a], &rows[b]);
                }
                Pair::Known(a) => self.rows_gone.push((site, a)),
                Pair::Given(b) => {
                    // Editors count columns anew; the row before it has as many cells.
                    let like = last.map(|last| columns(&own[last])).unwrap_or_default();
                    let same = like.len() == rows[b].cells.len();
                    let cells =
                        rows[b].cells.iter().enumerate().map(|(at, it)| {
                            (if same { like[at] } else { it.column }, clean(&it.text))
                        });
                    let (cells, bookmarks) = (cells.collect(), rows[b].bookmarks.clone());
                    self.rows_new.push(NewRow { site, after: last, cells, bookmarks });
                }
            }
        }
    }

    /// What is gone here and new there, with its bookmark or its words, was moved.
    fn join_moved(&mut self, base: &Base<'_>) {
        let texts = self
            .gone
            .iter()
            .filter_map(|site| Some((*site, clean(&plain(base.line((*site, None))?)))));
        let texts: BTreeMap<Site, String> = texts.collect();
        let sites = |marks: &[String]| -> Vec<(Site, Option<usize>)> {
            marks.iter().filter_map(|mark| Site::of_bookmark(mark)).collect()
        };
        for new in std::mem::take(&mut self.new) {
            let own = sites(&new.bookmarks);
            let was =
                |gone: &Site| own.contains(&(*gone, None)) || texts.get(gone) == Some(&new.text);
            match self.gone.iter().position(was) {
                Some(at) => self.moved.push((self.gone.remove(at), None)),
                None => self.new.push(new),
            }
        }
        for new in std::mem::take(&mut self.rows_new) {
            let own = sites(&new.bookmarks);
            let was = |(site, row): &(Site, usize)| own.contains(&(*site, Some(*row)));
            match self.rows_gone.iter().position(was) {
                Some(at) => {
                    let (site, row) = self.rows_gone.remove(at);
                    self.moved.push((site, Some((row, 0))));
                }
                None => self.rows_new.push(new),
            }
        }
    }

    fn row(&mut self, site: Site, row: usize, slots: &[Slot<'_>], given: &Row) {
        let kind = |slot: &Slot<'_>| matches!(slot, Slot::Below(_));
        let same = slots.len() == given.cells.len()
            && slots.iter().zip(&given.cells).all(|(slot, cell)| kind(slot) == cell.goes_on);
        if !same {
            return self.unclear.push((site, row));
        }
        for (slot, there) in slots.iter().zip(&given.cells) {
            let Slot::Cell(number, cell) = slot else { continue };
            let (was, now) = (clean(&plain(&cell.text)), clean(&there.text));
            if was != now {
                self.changed.push(((site, Some((row, *number))), now));
            }
        }
    }
}
