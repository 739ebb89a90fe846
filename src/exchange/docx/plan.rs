//! A report as the run of paragraphs and tables that a Word document is: one answer for writing
//! and for comparing.

use super::styles as style;
use crate::report::{Block, Cell, Grid, Group, Line, Origin, Piece, Report, Table, plain};

/// What the names of our bookmarks begin with.
const PREFIX: &str = "_ys";
/// What stands between 部门名称 and 单位 over a table.
const TAB: &str = "\t";

/// Where in the report a paragraph or table of the document stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Site {
    Cover(usize),
    Contents,
    Group(usize),
    /// Parts and tables are counted over the whole report.
    Title(usize),
    Block(usize, usize),
    Number(usize),
    Subject(usize),
    Subtitle(usize),
    Sides(usize),
    Table(usize),
    Note(usize, usize),
}

impl Site {
    /// The name of its bookmark: one that Word hides, and keeps through every edit.
    pub fn bookmark(self) -> String {
        let (letter, at, nth) = match self {
            Self::Cover(at) => ('c', at, 0),
            Self::Contents => ('k', 0, 0),
            Self::Group(at) => ('g', at, 0),
            Self::Title(at) => ('t', at, 0),
            Self::Block(at, nth) => ('b', at, nth),
            Self::Number(at) => ('n', at, 0),
            Self::Subject(at) => ('u', at, 0),
            Self::Subtitle(at) => ('v', at, 0),
            Self::Sides(at) => ('s', at, 0),
            Self::Table(at) => ('m', at, 0),
            Self::Note(at, nth) => ('z', at, nth),
        };
        format!("{PREFIX}{letter}{at}_{nth}")
    }

    /// What a bookmark of ours stands for, and the row in it.
    pub fn of_bookmark(name: &str) -> Option<(Self, Option<usize>)> {
        let rest = name.strip_prefix(PREFIX)?;
        let mut characters = rest.chars();
        let letter = characters.next()?;
        let mut numbers = characters.as_str().split('_').map(|number| number.parse().ok());
        let (at, nth) = (numbers.next()??, numbers.next()??);
        let row = numbers.next().flatten();
        let site = match letter {
            'c' => Self::Cover(at),
            'k' => Self::Contents,
            'g' => Self::Group(at),
            't' => Self::Title(at),
            'b' => Self::Block(at, nth),
            'n' => Self::Number(at),
            'u' => Self::Subject(at),
            'v' => Self::Subtitle(at),
            's' => Self::Sides(at),
            'm' => Self::Table(at),
            'z' => Self::Note(at, nth),
            _ => return None,
        };
        Some((site, row))
    }
}

/// How what begins here stands to what was before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Start {
    /// Where the last ended; on a new page if its style says so.
    Flow,
    /// The same, but never on a new page.
    SamePage,
    Section(Section),
}

/// The pages that a section consists of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Section {
    /// 封面 and 目录: pages without a number.
    Cover,
    Contents,
    /// The first with numbers, which begin with 1.
    Text,
    /// A title alone on its page.
    Alone,
    Table {
        landscape: bool,
    },
}

#[derive(Debug, Clone)]
pub struct Item<'r> {
    pub site: Site,
    pub start: Start,
    pub style: &'static str,
    pub body: Body<'r>,
}

#[derive(Debug, Clone)]
pub enum Body<'r> {
    Line(Line),
    Grid(Sheet<'r>),
}

/// A grid, and what its page says of it.
#[derive(Debug, Clone, Copy)]
pub struct Sheet<'r> {
    pub grid: &'r Grid,
    /// The size of its type as the form writes it; tables inside a part have none of their own.
    pub size: Option<&'r str>,
    pub landscape: bool,
    /// The table that it is the grid of.
    pub table: Option<&'r Table>,
}

/// A report as paragraphs and tables, in order.
pub fn plan(report: &Report) -> Vec<Item<'_>> {
    let mut plan = Plan { items: Vec::new(), chapters: 0, tables: 0 };
    for (at, line) in report.title.iter().enumerate() {
        let start = if at == 0 { Start::Section(Section::Cover) } else { Start::Flow };
        plan.line(Site::Cover(at), start, style::COVER, line.clone());
    }
    let contents = vec![Piece { text: report.contents.clone(), origin: Origin::Form }];
    plan.line(Site::Contents, Start::Section(Section::Contents), style::CONTENTS, contents);
    for (at, group) in report.groups.iter().enumerate() {
        plan.group(at, group);
    }
    plan.items
}

struct Plan<'r> {
    items: Vec<Item<'r>>,
    chapters: usize,
    tables: usize,
}

impl<'r> Plan<'r> {
    fn line(&mut self, site: Site, start: Start, style: &'static str, line: Line) {
        self.items.push(Item { site, start, style, body: Body::Line(line) });
    }

    fn group(&mut self, at: usize, group: &'r Group) {
        let section = if group.own_page { Section::Alone } else { Section::Text };
        let (site, start) = (Site::Group(at), Start::Section(section));
        self.line(site, start, style::heading(0), group.title.clone());
        for (at, chapter) in group.chapters.iter().enumerate() {
            let start = match (at, group.own_page) {
                (0, false) => Start::SamePage,
                (0, true) => Start::Section(Section::Text),
                _ => Start::Flow,
            };
            let number = self.chapters;
            self.line(Site::Title(number), start, style::heading(1), chapter.title.clone());
            for (at, block) in chapter.blocks.iter().enumerate() {
                self.block(Site::Block(number, at), block);
            }
            self.chapters += 1;
        }
        for table in &group.tables {
            self.table(self.tables, table);
            self.tables += 1;
        }
    }

    fn block(&mut self, site: Site, block: &'r Block) {
        match block {
            Block::Heading(level, line) => {
                self.line(site, Start::Flow, style::heading(level + 1), line.clone());
            }
            Block::Paragraph(line) => self.line(site, Start::Flow, style::BODY, line.clone()),
            Block::Table(grid) => {
                let sheet = Sheet { grid, size: None, landscape: false, table: None };
                self.grid(site, sheet);
            }
        }
    }

    fn table(&mut self, at: usize, table: &'r Table) {
        let landscape = table.landscape;
        let number = vec![Piece { text: table.number.clone(), origin: Origin::Form }];
        let start = Start::Section(Section::Table { landscape });
        self.line(Site::Number(at), start, style::NUMBER, number);
        self.line(Site::Subject(at), Start::Flow, style::SUBJECT, table.title.clone());
        if !table.subtitle.is_empty() {
            self.line(Site::Subtitle(at), Start::Flow, style::SUBTITLE, table.subtitle.clone());
        }
        if !(table.left.is_empty() && table.right.is_empty()) {
            let tab = Piece { text: TAB.to_owned(), origin: Origin::Form };
            let line = table.left.iter().chain([&tab]).chain(&table.right).cloned().collect();
            self.line(Site::Sides(at), Start::Flow, style::SIDES, line);
        }
        let size = Some(table.size.as_str());
        self.grid(
            Site::Table(at),
            Sheet { grid: &table.grid, size, landscape, table: Some(table) },
        );
        for (nth, note) in table.notes.iter().enumerate() {
            self.line(Site::Note(at, nth), Start::Flow, style::NOTE, note.clone());
        }
    }

    fn grid(&mut self, site: Site, sheet: Sheet<'r>) {
        let (start, style) = (Start::Flow, style::CELL);
        self.items.push(Item { site, start, style, body: Body::Grid(sheet) });
    }
}

impl Item<'_> {
    /// Its words, when it is a paragraph.
    pub fn text(&self) -> Option<String> {
        match &self.body {
            Body::Line(line) => Some(plain(line)),
            Body::Grid(_) => None,
        }
    }
}

/// A place of a row: a cell that begins there, goes on there from above, or nothing.
#[derive(Debug, Clone, Copy)]
pub enum Slot<'g> {
    Cell(usize, &'g Cell),
    /// So many columns of a cell that begins above.
    Below(usize),
    Nothing,
}

/// The rows of a grid, heads first, as a Word table has them: each place from left to right.
pub fn slots(grid: &Grid) -> Vec<Vec<Slot<'_>>> {
    let width = grid.columns.len();
    // For each column: how many rows a cell still covers, and how many columns it has.
    let mut covered = vec![(0_usize, 1_usize); width];
    let rows = grid.header.iter().chain(&grid.rows).map(|row| {
        let mut slots = Vec::new();
        let mut column = 0;
        while column < width {
            let (left, across) = covered[column];
            let own = row.cells.iter().enumerate().find(|(_, cell)| cell.column == column);
            let (slot, across) = match (left, own) {
                (1.., _) => {
                    covered[column].0 -= 1;
                    (Slot::Below(across), across)
                }
                (0, Some((at, cell))) => {
                    let across = cell.columns.clamp(1, width - column);
                    covered[column] = (cell.rows.saturating_sub(1), across);
                    (Slot::Cell(at, cell), across)
                }
                (0, None) => (Slot::Nothing, 1),
            };
            slots.push(slot);
            column += across;
        }
        slots
    });
    rows.collect()
}
