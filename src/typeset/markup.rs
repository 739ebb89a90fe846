//! A report as Typst markup, through the layout template of its form.
//!
//! The template sees the report under English names, as the Typst functions that it calls are
//! English; `<< … >>` prints, and every text becomes a literal.

use std::ops::Range;
use std::sync::{Arc, Mutex, PoisonError};

use minijinja::syntax::SyntaxConfig;
use minijinja::value::Value;
use minijinja::{AutoEscape, Environment, Error, ErrorKind, UndefinedBehavior};

use super::cell::{CellValue, align};
use super::desk::MAIN;
use super::line::{LineValue, Part};
use super::literal;
use super::measure::Widths;
use super::shape::Shape;
use crate::compare::{Mark, Marks, Site};
use crate::form::manifest;
use crate::marks;
use crate::report::{
    self, Address, Block, Cell, Grid, Group, Line, Origin, Report, Role, Row, Table,
};
use crate::source::scalar::Text;

/// A text of the report in the markup.
#[derive(Debug, Clone)]
pub struct Placed {
    pub address: Address,
    pub origin: Origin,
    pub text: String,
    /// The file that holds its literal, by its number, and the literal's bytes there.
    pub file: usize,
    pub range: Range<usize>,
}

/// A report as Typst files.
#[derive(Debug, Clone)]
pub struct Markup {
    /// Names and texts, the main file first.
    pub files: Vec<(String, String)>,
    /// Where each text of the report stands, file by file, in order.
    pub placed: Vec<Placed>,
}

/// How marks look in a form that says nothing of them; its own `changed` and `removed` come later.
const MARKS: &str = "\
#let changed(body) = underline(body)
#let removed(body) = strike(body)
";

/// What the layout needs besides the report.
#[derive(Debug)]
pub struct Setting<'a> {
    pub roles: &'a [(Text, manifest::Role)],
    pub widths: &'a Widths,
    /// The word across every page of a draft.
    pub watermark: Option<&'a str>,
    /// What differs from another report, and is to be seen.
    pub marks: Option<&'a Marks>,
}

/// Writes the markup with the layout template `template`, called `name`.
pub fn write(
    report: &Report,
    setting: &Setting<'_>,
    name: &str,
    template: &str,
) -> Result<Markup, Error> {
    let files = Files::default();
    let env = environment(setting.widths.clone(), files.clone());
    let mut index = Index { placed: Vec::new(), marks: setting.marks };
    let context = Value::from_pairs([
        ("report", index.report(report)),
        ("roles", roles(setting.roles)),
        ("watermark", setting.watermark.map_or(Value::from(()), Value::from)),
    ]);
    let main = env.template_from_named_str(name, template)?.render(context)?;
    let before = if setting.marks.is_some() { MARKS } else { "" };
    let mut markup = Markup { files: Vec::new(), placed: Vec::new() };
    let parts = std::mem::take(&mut *files.lock().unwrap_or_else(PoisonError::into_inner));
    for (name, rendered) in std::iter::once((MAIN.to_owned(), main)).chain(parts) {
        index.resolve(name, &(before.to_owned() + &rendered), &mut markup);
    }
    Ok(markup)
}

/// Names and texts of files that the template has written beside the main one.
type Files = Arc<Mutex<Vec<(String, String)>>>;

fn environment(widths: Widths, files: Files) -> Environment<'static> {
    let mut env = Environment::new();
    env.set_undefined_behavior(UndefinedBehavior::Strict);
    env.set_debug(true);
    let syntax = SyntaxConfig::builder()
        .variable_delimiters("<<", ">>")
        .block_delimiters("<%", "%>")
        .comment_delimiters("<#", "#>")
        .trim_blocks(true)
        .lstrip_blocks(true)
        .build();
    env.set_syntax(syntax.expect("the delimiters differ"));
    env.set_auto_escape_callback(|_| AutoEscape::Custom("typst".into()));
    env.set_formatter(|out, _state, value| {
        let text = written(value)?;
        out.write_str(&text).map_err(Error::from)
    });
    env.add_filter("code", |value: Value| {
        // A filter sees undefined values even where printing them is an error.
        if value.is_undefined() {
            return Err(Error::from(ErrorKind::UndefinedError));
        }
        Ok(Value::from_safe_string(literal::code(&value.to_string())))
    });
    env.add_filter("words", |line: Value| match line.downcast_object_ref::<LineValue>() {
        Some(line) => Ok(line.words()),
        None => Err(Error::new(ErrorKind::InvalidOperation, "words 只能用于一行文字")),
    });
    // What a report has in common with the last one need not be read again by Typst, file by file.
    env.add_filter("file", move |text: &str, name: &str| {
        let mut files = files.lock().unwrap_or_else(PoisonError::into_inner);
        files.push((name.to_owned(), text.to_owned()));
        Value::from_safe_string(format!("#include {}", literal::code(name)))
    });
    // A text of unknown width is as wide as that many Han characters.
    let of_text = widths.clone();
    env.add_filter("ems", move |line: Value, role: &str| {
        let text = line.to_string();
        let ems = of_text.ems(role, &text).unwrap_or_else(|| text.chars().count() as f64);
        Value::from_safe_string(format!("{ems:.3}"))
    });
    env.add_filter("lines", move |grid: Value, role: &str, width: f64, insets: f64| {
        match grid.downcast_object_ref::<Shape>() {
            Some(shape) => Ok(shape.lines(&widths, role, width, insets)),
            None => Err(Error::new(ErrorKind::InvalidOperation, "lines 只能用于 grid")),
        }
    });
    env
}

/// A value as it enters the markup: lines as marked literals, bare numbers, nothing else unescaped.
fn written(value: &Value) -> Result<String, Error> {
    if let Some(line) = value.downcast_object_ref::<LineValue>() {
        return Ok(line.marked());
    }
    match value.as_str() {
        Some(text) if value.is_safe() => Ok(text.to_owned()),
        Some(text) => Ok(literal::markup(text)),
        None if value.is_number() => Ok(value.to_string()),
        None if value.is_undefined() => Err(Error::from(ErrorKind::UndefinedError)),
        None => Err(Error::new(ErrorKind::InvalidOperation, "这里印不出来：不是文字，也不是数")),
    }
}

/// Turns a report into template values, and numbers its texts on the way.
struct Index<'a> {
    placed: Vec<Placed>,
    marks: Option<&'a Marks>,
}

impl Index<'_> {
    fn report(&mut self, report: &Report) -> Value {
        let (mut chapters, mut tables) = (0, 0);
        let groups = report.groups.iter().map(|group| {
            let value = self.group(group, chapters, tables);
            chapters += group.chapters.len();
            tables += group.tables.len();
            value
        });
        let groups: Vec<Value> = groups.collect();
        let cover = report.title.iter().enumerate();
        let cover = cover.map(|(cover, line)| self.line(line, (Address::Cover { cover }, None)));
        let cover: Vec<Value> = cover.collect();
        Value::from_pairs([
            ("title", Value::from(report.title_text())),
            ("author", Value::from(report.author.clone())),
            ("cover", Value::from(cover)),
            ("year", Value::from(report.date.year)),
            ("month", Value::from(report.date.month)),
            ("day", Value::from(report.date.day)),
            ("contents", Value::from(report.contents.clone())),
            ("groups", Value::from(groups)),
        ])
    }

    fn group(&mut self, group: &Group, chapters: usize, tables: usize) -> Value {
        let chapters = group.chapters.iter().enumerate().map(|(at, chapter)| {
            let blocks = chapter.blocks.iter().zip(depths(&chapter.blocks)).enumerate();
            let blocks = blocks.map(|(block, (value, depth))| {
                self.block(value, depth, Address::Block { chapter: chapters + at, block })
            });
            let blocks: Vec<Value> = blocks.collect();
            Value::from_pairs([
                ("file", Value::from(format!("part-{}.typ", chapters + at + 1))),
                (
                    "title",
                    self.line(&chapter.title, (Address::Title { title: chapters + at }, None)),
                ),
                ("blocks", Value::from(blocks)),
            ])
        });
        let chapters: Vec<Value> = chapters.collect();
        let tables =
            group.tables.iter().enumerate().map(|(at, table)| self.table(table, tables + at));
        let tables: Vec<Value> = tables.collect();
        Value::from_pairs([
            ("title", Value::from(report::plain(&group.title))),
            ("own_page", Value::from(group.own_page)),
            ("chapters", Value::from(chapters)),
            ("tables", Value::from(tables)),
        ])
    }

    fn block(&mut self, block: &Block, depth: usize, address: Address) -> Value {
        match block {
            Block::Heading(level, line) => Value::from_pairs([
                ("kind", Value::from("heading")),
                ("level", Value::from(*level)),
                ("depth", Value::from(depth)),
                ("line", self.line(line, (address, None))),
            ]),
            Block::Paragraph(line) => Value::from_pairs([
                ("kind", Value::from("paragraph")),
                ("line", self.line(line, (address, None))),
            ]),
            Block::Table(grid) => Value::from_pairs([
                ("kind", Value::from("table")),
                ("columns", columns(grid)),
                (
                    "header",
                    self.rows(&grid.header, grid, SMALL, |row, cell| (address, Some((row, cell)))),
                ),
                ("rows", {
                    let heads = grid.header.len();
                    let site = |row, cell| (address, Some((heads + row, cell)));
                    self.rows(&grid.rows, grid, SMALL, site)
                }),
                ("grid", self.grid(grid)),
            ]),
        }
    }

    fn table(&mut self, table: &Table, number: usize) -> Value {
        let whole = (Address::Head { table: number }, None);
        let site = |row, cell| (Address::Cell { table: number, row, cell }, None);
        let notes: Vec<Value> = table.notes.iter().map(|note| self.line(note, whole)).collect();
        Value::from_pairs([
            ("file", Value::from(format!("table-{}.typ", number + 1))),
            ("number", Value::from(table.number.clone())),
            ("entry", Value::from(table.entry.clone())),
            ("title", self.line(&table.title, whole)),
            ("subtitle", self.line(&table.subtitle, whole)),
            ("left", self.line(&table.left, whole)),
            ("left_after", self.line(&table.left_after, whole)),
            ("right", self.line(&table.right, whole)),
            ("landscape", Value::from(table.landscape)),
            ("size", Value::from_safe_string(table.size.clone())),
            ("columns", columns(&table.grid)),
            ("header", self.rows(&table.grid.header, &table.grid, HUGE, |_, _| whole)),
            ("rows", self.rows(&table.grid.rows, &table.grid, HUGE, site)),
            ("grid", self.grid(&table.grid)),
            ("keep", Value::from(kept(&table.grid.rows, table.notes.len()))),
            ("notes", Value::from(notes)),
        ])
    }

    /// Rows as cells; those with more characters than `most` in a cell may split over pages.
    fn rows(
        &mut self,
        rows: &[Row],
        grid: &Grid,
        most: usize,
        site: impl Fn(usize, usize) -> Site,
    ) -> Value {
        let huge: Vec<bool> = rows.iter().map(|row| longest(row) >= most).collect();
        let rows = rows.iter().enumerate().map(|(at, row)| {
            let cells = row.cells.iter().enumerate().map(|(number, cell)| {
                let splits = huge[at..].iter().take(cell.rows).any(|huge| *huge);
                self.cell(cell, grid, splits, site(at, number))
            });
            Value::from(cells.collect::<Vec<Value>>())
        });
        Value::from(rows.collect::<Vec<Value>>())
    }

    /// What the heights of rows depend on; what marks add to a text is not known.
    fn grid(&self, grid: &Grid) -> Value {
        Value::from_object(if self.marks.is_none() { Shape::of(grid) } else { Shape::default() })
    }

    fn cell(&mut self, cell: &Cell, grid: &Grid, splits: bool, site: Site) -> Value {
        let line = self.line(&cell.text, site);
        let column = grid.columns.get(cell.column).map(|column| column.align);
        Value::from_object(CellValue::new(cell, column, splits, line))
    }

    fn line(&mut self, line: &Line, site: Site) -> Value {
        let address = site.0;
        let marks = self.marks.and_then(|marks| marks.get(&site)).map_or(&[][..], Vec::as_slice);
        let mut parts = Vec::new();
        let mut at = 0;
        for piece in line {
            for (range, mark) in cut(at..at + piece.text.len(), marks) {
                let gone = mark.filter(|mark| mark.range.start == range.start);
                parts.extend(gone.and_then(|mark| mark.gone.clone()).map(Part::Removed));
                let text = piece.text.get(range.start - at..range.end - at).unwrap_or_default();
                if text.is_empty() {
                    continue;
                }
                let part = if mark.is_some() { Part::Changed } else { Part::Text };
                parts.push(part(self.placed.len(), text.to_owned()));
                self.placed.push(Placed {
                    address,
                    origin: piece.origin.clone(),
                    text: text.to_owned(),
                    file: 0,
                    range: 0..0,
                });
            }
            at += piece.text.len();
        }
        let behind = marks.iter().filter(|mark| at > 0 && mark.range == (at..at));
        parts.extend(behind.filter_map(|mark| mark.gone.clone()).map(Part::Removed));
        Value::from_object(LineValue { parts })
    }

    /// Takes the marks out of a rendered file and keeps where they stood.
    fn resolve(&self, name: String, rendered: &str, markup: &mut Markup) {
        let file = markup.files.len();
        let mut text = String::with_capacity(rendered.len());
        let mut last = None;
        for run in marks::runs(rendered) {
            let start = text.len();
            text.push_str(run.text);
            let Some((number, known)) = run.number.and_then(|at| Some((at, self.placed.get(at)?)))
            else {
                continue;
            };
            match markup.placed.last_mut() {
                // The words of a title are one text.
                Some(whole) if last == Some(number) => whole.range.end = text.len(),
                _ => {
                    let range = start..text.len();
                    markup.placed.push(Placed { file, range, ..known.clone() });
                }
            }
            last = Some(number);
        }
        markup.files.push((name, text));
    }
}

/// How deep each heading stands, as PDF/UA counts: a group is 1, a part 2, and no level is left out,
/// though a report may leave out a level of its numbering.
fn depths(blocks: &[Block]) -> Vec<usize> {
    let mut open: Vec<usize> = Vec::new();
    let depth = |block: &Block| {
        if let Block::Heading(level, _) = block {
            open.retain(|above| above < level);
            open.push(*level);
        }
        2 + open.len()
    };
    blocks.iter().map(depth).collect()
}

/// A stretch of a line, cut where marks begin and end.
fn cut(whole: Range<usize>, marks: &[Mark]) -> Vec<(Range<usize>, Option<&Mark>)> {
    let mut stretches = Vec::new();
    let mut at = whole.start;
    for mark in marks {
        if mark.range.start >= whole.end || mark.range.end < at {
            continue;
        }
        let start = mark.range.start.max(at);
        let end = mark.range.end.min(whole.end);
        if at < start {
            stretches.push((at..start, None));
        }
        if start < end || mark.range.start >= whole.start {
            stretches.push((start..end.max(start), Some(mark)));
        }
        at = end.max(start);
    }
    if at < whole.end {
        stretches.push((at..whole.end, None));
    }
    stretches
}

/// Rows that may not be parted from the next one by the end of a page: a unit's or a 类's from its
/// first child, the row above a total from the total, and the last row from the notes, which are
/// rows behind it. Tall rows may: what is kept together has to fit a page.
fn kept(rows: &[Row], notes: usize) -> Vec<usize> {
    let belongs = |above: &Row, below: &Row| match (above.role, below.role) {
        (_, Role::Total) => true,
        (Role::Unit, below) => below != Role::Unit,
        (Role::Class(1), below) => matches!(below, Role::Class(2 | 3)),
        _ => false,
    };
    let pairs = rows.windows(2).enumerate();
    let bound = pairs.filter(|(_, pair)| {
        belongs(&pair[0], &pair[1]) && pair.iter().all(|row| longest(row) <= TALL)
    });
    let noted = rows.last().filter(|row| notes > 0 && longest(row) <= TALL);
    let notes = noted.map_or(0..0, |_| rows.len() - 1..rows.len() - 1 + notes);
    bound.map(|(row, _)| row).chain(notes).collect()
}

/// Characters of a cell that make many lines, and so many that they may not fit a page.
const TALL: usize = 100;
const HUGE: usize = 600;
/// Rows of a table inside a part may all split.
const SMALL: usize = 0;

/// The characters of a row's longest cell.
fn longest(row: &Row) -> usize {
    let lengths = row.cells.iter().map(|cell| report::plain(&cell.text).chars().count());
    lengths.max().unwrap_or_default()
}

fn columns(grid: &Grid) -> Value {
    let columns = grid.columns.iter().map(|column| {
        Value::from_pairs([
            ("width", Value::from(column.width)),
            ("align", Value::from_safe_string(align(column.align).to_owned())),
        ])
    });
    Value::from(columns.collect::<Vec<Value>>())
}

fn roles(roles: &[(Text, manifest::Role)]) -> Value {
    let roles = roles.iter().map(|(name, role)| {
        let faces = role.faces.iter().map(|face| {
            Value::from_pairs([
                ("name", Value::from(face.name.text.clone())),
                (
                    "covers",
                    face.covers
                        .as_ref()
                        .map_or(Value::from(()), |covers| covers.text.clone().into()),
                ),
            ])
        });
        let features = role.features.iter().map(|feature| Value::from(feature.text.clone()));
        Value::from_pairs([
            ("name", Value::from_safe_string(name.text.clone())),
            ("faces", Value::from(faces.collect::<Vec<Value>>())),
            ("weight", Value::from(role.weight.count)),
            ("features", Value::from(features.collect::<Vec<Value>>())),
        ])
    });
    Value::from(roles.collect::<Vec<Value>>())
}
