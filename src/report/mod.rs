//! What a form makes of a budget: cover, chapters and tables in order, text and figures with their
//! origins. One value, made once, that every reader shares: the typesetter, the exporters, the
//! audit, the preview.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::budget::{Figure, Format};
use crate::finding::File;
use crate::source::scalar::{Date, Place};

/// A finished report.
#[derive(Debug, Clone)]
pub struct Report {
    /// The source, for places to point into.
    pub file: Arc<File>,
    /// Title lines of the cover (封面).
    pub title: Vec<Line>,
    /// The department, as the document's author.
    pub author: String,
    pub date: Date,
    /// How amounts are printed unless a part or table says otherwise.
    pub format: Format,
    /// The word over the table of contents (目录).
    pub contents: String,
    pub groups: Vec<Group>,
}

/// A group of parts or of tables: 一、文字部分, 二、表格部分.
#[derive(Debug, Clone)]
pub struct Group {
    pub title: Line,
    /// The title stands on a page of its own.
    pub own_page: bool,
    pub chapters: Vec<Chapter>,
    pub tables: Vec<Table>,
}

/// A text part (第一部分 …).
#[derive(Debug, Clone)]
pub struct Chapter {
    /// What rules, settings and messages call it: 第一部分.
    pub id: String,
    pub title: Line,
    /// How its amounts are printed unless they say otherwise.
    pub format: Format,
    pub blocks: Vec<Block>,
}

#[derive(Debug, Clone)]
pub enum Block {
    /// A heading below the part's title; level 1 is 一、, 2 is （一）, 3 is 1., 4 is (1).
    Heading(usize, Line),
    Paragraph(Line),
    Table(Grid),
}

/// A run of text, piece by piece, each with its origin.
pub type Line = Vec<Piece>;

#[derive(Debug, Clone, PartialEq)]
pub struct Piece {
    pub text: String,
    pub origin: Origin,
}

/// Where a printed text comes from.
#[derive(Debug, Clone, PartialEq)]
pub enum Origin {
    /// The form's own words.
    Form,
    /// A text of the source.
    Text(Place),
    /// A figure, and how it is printed.
    Figure(Figure, Format),
}

/// An official table: its place in the report, its head, its cells, its notes.
#[derive(Debug, Clone)]
pub struct Table {
    /// What rules, settings and messages call it: 表1.
    pub id: String,
    /// 表号 as printed.
    pub number: String,
    /// What stands before the title in the 目录, such as （一）.
    pub entry: String,
    pub title: Line,
    pub subtitle: Line,
    /// The head's left side on the first page and on the others (部门名称).
    pub left: Line,
    pub left_after: Line,
    /// The head's right side (单位：万元).
    pub right: Line,
    pub landscape: bool,
    /// The size of cell text, in points, as the form writes it.
    pub size: String,
    pub format: Format,
    /// The headings of the columns that hold the parts of codes, where the form says so.
    pub code_columns: Vec<String>,
    /// Where 合计行 stands, where the form says so.
    pub total: Option<TotalRow>,
    pub grid: Grid,
    pub notes: Vec<Line>,
}

/// Where the total of a table stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Deserialize, schemars::JsonSchema)]
#[schemars(inline)]
pub enum TotalRow {
    #[serde(rename = "首行")]
    First,
    #[serde(rename = "末行")]
    Last,
}

/// Columns, header rows, rows.
#[derive(Debug, Clone, Default)]
pub struct Grid {
    pub columns: Vec<Column>,
    pub header: Vec<Row>,
    pub rows: Vec<Row>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Column {
    pub align: Align,
    /// Width in relation to the other columns.
    pub width: u32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Align {
    Left,
    Center,
    Right,
}

#[derive(Debug, Clone)]
pub struct Row {
    pub role: Role,
    /// What its name says holds for the rows below it, so it stands again on each of their pages.
    pub repeats: bool,
    pub cells: Vec<Cell>,
}

/// What a row is among its neighbours; page breaks and the audit go by it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// An ordinary row.
    Plain,
    /// 单位: a unit's or the department's total, above its classes.
    Unit,
    /// 类, 款, 项: 1, 2, 3.
    Class(usize),
    /// 合计, 总计: a total below what it adds up.
    Total,
    /// Column heads inside the body: of the rows that the cell beside them is merged over.
    Head,
}

#[derive(Debug, Clone)]
pub struct Cell {
    /// The first column that it covers, from 0.
    pub column: usize,
    pub columns: usize,
    pub rows: usize,
    pub align: Align,
    /// Levels by which a name is indented.
    pub indent: usize,
    pub text: Line,
}

impl Cell {
    /// The figure, when the cell prints one and nothing else.
    pub fn figure(&self) -> Option<&Figure> {
        self.printed().map(|(figure, _)| figure)
    }

    /// That figure, and how it is printed.
    pub fn printed(&self) -> Option<(&Figure, &Format)> {
        match self.text.as_slice() {
            [Piece { origin: Origin::Figure(figure, format), .. }] => Some((figure, format)),
            _ => None,
        }
    }
}

/// Where in a report something stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(untagged)]
pub enum Address {
    /// A line of the cover's title (封面).
    Cover { cover: usize },
    /// The title of a part; parts are counted over the whole report.
    Title { title: usize },
    /// A block of a chapter; chapters are counted over the whole report.
    Block { chapter: usize, block: usize },
    /// A cell of a table's body; tables are counted over the whole report.
    Cell { table: usize, row: usize, cell: usize },
    /// The head, the header rows or the notes of a table.
    Head { table: usize },
}

/// The plain text of a line.
pub fn plain(line: &[Piece]) -> String {
    line.iter().map(|piece| piece.text.as_str()).collect()
}

impl Report {
    /// The title on one line.
    pub fn title_text(&self) -> String {
        self.title.iter().map(|line| plain(line)).collect()
    }

    pub fn tables(&self) -> impl Iterator<Item = &Table> {
        self.groups.iter().flat_map(|group| &group.tables)
    }

    pub fn chapters(&self) -> impl Iterator<Item = &Chapter> {
        self.groups.iter().flat_map(|group| &group.chapters)
    }

    /// Every printed line, those that only its form's layout prints aside.
    pub fn lines(&self) -> impl Iterator<Item = &Line> {
        self.groups.iter().flat_map(Group::lines).chain(&self.title)
    }

    /// Every character that is printed, but for those that only its form's layout prints.
    pub fn characters(&self) -> BTreeSet<char> {
        // Most stand there many times: a bit for each tells which are new.
        let mut seen = vec![0_u64; char::MAX as usize / 64 + 1];
        let new = |c: &char| {
            let (word, bit) = (&mut seen[*c as usize / 64], 1 << (*c as usize % 64));
            let new = *word & bit == 0;
            *word |= bit;
            new
        };
        self.lines().flatten().flat_map(|piece| piece.text.chars()).filter(new).collect()
    }
}

impl Group {
    fn lines(&self) -> impl Iterator<Item = &Line> {
        let chapters = self.chapters.iter().flat_map(|chapter| {
            let blocks = chapter.blocks.iter().flat_map(|block| match block {
                Block::Heading(_, line) | Block::Paragraph(line) => vec![line],
                Block::Table(grid) => grid.lines().collect(),
            });
            blocks.chain([&chapter.title])
        });
        [&self.title].into_iter().chain(chapters).chain(self.tables.iter().flat_map(Table::lines))
    }
}

impl Table {
    fn lines(&self) -> impl Iterator<Item = &Line> {
        let around = [&self.title, &self.subtitle, &self.left, &self.left_after, &self.right];
        around.into_iter().chain(self.grid.lines()).chain(&self.notes)
    }
}

impl Grid {
    fn lines(&self) -> impl Iterator<Item = &Line> {
        let rows = self.header.iter().chain(&self.rows);
        rows.flat_map(|row| &row.cells).map(|cell| &cell.text)
    }
}
