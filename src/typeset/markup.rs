//! A report as Typst markup, through the layout template of its form.
//!
//! The template sees the report under English names, as the Typst functions that it calls are
//! English; `<< … >>` prints, and every text becomes a literal.

use std::ops::Range;
use std::sync::{Arc, Mutex, PoisonError};

use minijinja::syntax::SyntaxConfig;
use minijinja::value::Value;
use minijinja::{AutoEscape, Environment, Error, ErrorKind, UndefinedBehavior};

use super::desk::MAIN;
use super::fit::{Paper, Room};
use super::grid::{Framed, GridValue};
use super::lay;
use super::line::{LineValue, Part};
use super::literal;
use super::measure::Widths;
use crate::compare::{Mark, Marks, Site};
use crate::form::manifest;
use crate::marks;
use crate::report::{self, Address, Block, Cell, Grid, Group, Line, Origin, Report, Table};
use crate::source::model::YesNo;
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
    pub narrow: &'a manifest::Narrow,
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
        ("narrow", narrow(setting.narrow)),
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
    // What a report has in common with the last one need not be read again by Typst, file by file.
    env.add_filter("file", move |text: &str, name: &str| {
        let mut files = files.lock().unwrap_or_else(PoisonError::into_inner);
        files.push((name.to_owned(), text.to_owned()));
        Value::from_safe_string(format!("#include {}", literal::code(name)))
    });
    measuring(&mut env, &widths);
    env
}

/// Filters that know how wide text is.
fn measuring(env: &mut Environment<'static>, widths: &Widths) {
    let of = widths.clone();
    env.add_filter("words", move |value: Value, role: &str, room: f64| {
        let line = value.downcast_object_ref::<LineValue>().ok_or_else(no_line)?;
        Ok::<_, Error>(line.words(&of, role, room))
    });
    let of = widths.clone();
    env.add_filter("within", move |value: Value, role: &str, room: f64| {
        let line = value.downcast_object::<LineValue>().ok_or_else(no_line)?;
        Ok::<_, Error>(Value::from_dyn_object(line.within(&of, role, room)))
    });
    // A character of unknown width is as wide as a Han character.
    let of = widths.clone();
    env.add_filter("ems", move |text: Value, role: &str| {
        Value::from_safe_string(format!("{:.3}", of.at_most(role, &text.to_string())))
    });
    let of = widths.clone();
    env.add_filter("fit", move |grid: Value, role: &str, room: Value| {
        let Some(grid) = grid.downcast_object_ref::<GridValue>() else {
            return Err(Error::new(ErrorKind::InvalidOperation, "fit 只能用于 grid"));
        };
        fit(grid, &of, role, &room)
    });
}

fn no_line() -> Error {
    Error::new(ErrorKind::InvalidOperation, "words 和 within 只能用于一行文字")
}

/// Lays out a grid in a room: `sizes`, `papers` (`landscape`, `width`, `height`), `insets`, `parts`.
fn fit(grid: &GridValue, widths: &Widths, role: &str, room: &Value) -> Result<Value, Error> {
    let wrong = || Error::new(ErrorKind::InvalidOperation, "fit 要有字号（sizes）和纸（papers）");
    let number = |value: &Value| value.to_string().parse::<f64>().map_err(|_| wrong());
    let sizes = room.get_attr("sizes")?.try_iter()?.map(|size| number(&size));
    let mut sizes = sizes.collect::<Result<Vec<f64>, _>>()?;
    let own = *sizes.first().ok_or_else(wrong)?;
    sizes.retain(|size| *size <= own);
    let papers = room.get_attr("papers")?.try_iter()?.map(|paper| {
        let side = |name: &str| number(&paper.get_attr(name)?);
        let landscape = paper.get_attr("landscape")?.is_true();
        Ok(Paper { landscape, width: side("width")?, height: side("height")? })
    });
    let papers = papers.collect::<Result<Vec<Paper>, Error>>()?;
    papers.first().ok_or_else(wrong)?;
    let insets = number(&room.get_attr("insets")?)?;
    let parts = room.get_attr("parts")?.is_true();
    Ok(lay::lay(grid, &Room { widths, role, sizes: &sizes, papers: &papers, insets, parts }))
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
            Block::Table(grid) => {
                let grid = self.grid(grid, |row, cell| (address, Some((row, cell))));
                let name = format!("b{}", self.placed.len());
                let grid = Value::from_object(GridValue { splits: true, name, ..grid });
                let values = vec![("kind", Value::from("table"))];
                Value::from_object(Framed { values, grid })
            }
        }
    }

    fn table(&mut self, table: &Table, number: usize) -> Value {
        let whole = (Address::Head { table: number }, None);
        let heads = table.grid.header.len();
        let site = |row: usize, cell| match row.checked_sub(heads) {
            Some(row) => (Address::Cell { table: number, row, cell }, None),
            None => whole,
        };
        let notes: Vec<Value> = table.notes.iter().map(|note| self.line(note, whole)).collect();
        let values = Vec::from([
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
            ("notes", Value::from(notes)),
        ]);
        let grid = self.grid(&table.grid, site);
        let (name, notes) = (format!("t{}", number + 1), table.notes.len());
        let grid = Value::from_object(GridValue { name, notes, ..grid });
        Value::from_object(Framed { values, grid })
    }

    fn grid(&mut self, grid: &Grid, site: impl Fn(usize, usize) -> Site) -> GridValue {
        let is_marked = self.marks.is_some();
        let line = |cell: &Cell, row, number| self.parts(&cell.text, site(row, number));
        GridValue { is_marked, ..GridValue::new(grid, line) }
    }

    fn line(&mut self, line: &Line, site: Site) -> Value {
        Value::from_object(self.parts(line, site))
    }

    fn parts(&mut self, line: &Line, site: Site) -> LineValue {
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
        LineValue::new(parts)
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

/// What a table may do whose numbers are too wide.
fn narrow(narrow: &manifest::Narrow) -> Value {
    let sizes = narrow.sizes.iter().map(|size| Value::from_safe_string(size.text.clone()));
    Value::from_pairs([
        ("sizes", sizes.collect()),
        ("turns", Value::from(narrow.turns == Some(YesNo::Yes))),
        ("parts", Value::from(narrow.parts == Some(YesNo::Yes))),
    ])
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
