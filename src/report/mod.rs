//! What a form makes of a budget: cover, chapters and tables in order, text and figures with their
//! origins. One value, made once, that every reader shares: the typesetter, the exporters, the
//! audit, the preview.

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
    pub title: Line,
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
    /// A figure, printed.
    Figure(Figure),
}

/// An official table: its place in the report, its head, its cells, its notes.
#[derive(Debug, Clone)]
pub struct Table {
    /// 表号, such as 表1.
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
    pub grid: Grid,
    pub notes: Vec<Line>,
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
        match self.text.as_slice() {
            [Piece { origin: Origin::Figure(figure), .. }] => Some(figure),
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
}
