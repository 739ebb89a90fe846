//! The styles of a document: those of Word that its Chinese edition names so, and our own, with the
//! faces and sizes of the form.

use std::collections::BTreeSet;

use super::element::{Element, el, val};
use crate::exchange::Trouble;
use crate::form::Form;
use crate::form::document::{Alignment, Style};
use crate::report::Align;
use crate::source::scalar::Text;
use crate::source::{Located, Source};
use crate::typeset::DIGITS;

pub const BODY: &str = "正文";
pub const COVER: &str = "标题";
pub const CONTENTS: &str = "TOC 标题";
pub const NUMBER: &str = "表号";
pub const SUBJECT: &str = "表题";
pub const SUBTITLE: &str = "副标题";
pub const SIDES: &str = "表头";
pub const CELL: &str = "表格";
pub const NOTE: &str = "表注";
pub const FOOTER: &str = "页脚";
/// The size of type where a form says nothing of it: Word's own, 五号.
pub const PLAIN_SIZE: f64 = 10.5;
/// The style of tables themselves: 网格型.
pub const GRID: &str = "TableGrid";
const HEADINGS: [&str; 6] = ["标题 1", "标题 2", "标题 3", "标题 4", "标题 5", "标题 6"];
pub const ENTRIES: [&str; 3] = ["目录 1", "目录 2", "目录 3"];

/// The style of a heading, from 0: groups, parts and what is below them.
pub fn heading(level: usize) -> &'static str {
    HEADINGS[level.min(HEADINGS.len() - 1)]
}

/// What Word's Chinese edition calls a style, its name in the file, and its id.
const NAMES: [(&str, &str, &str); 19] = [
    (BODY, "Normal", "Normal"),
    (COVER, "Title", "Title"),
    (CONTENTS, "TOC Heading", "TOCHeading"),
    (ENTRIES[0], "toc 1", "TOC1"),
    (ENTRIES[1], "toc 2", "TOC2"),
    (ENTRIES[2], "toc 3", "TOC3"),
    (HEADINGS[0], "heading 1", "Heading1"),
    (HEADINGS[1], "heading 2", "Heading2"),
    (HEADINGS[2], "heading 3", "Heading3"),
    (HEADINGS[3], "heading 4", "Heading4"),
    (HEADINGS[4], "heading 5", "Heading5"),
    (HEADINGS[5], "heading 6", "Heading6"),
    (NUMBER, NUMBER, "TableNumber"),
    (SUBJECT, SUBJECT, "TableSubject"),
    (SUBTITLE, "Subtitle", "Subtitle"),
    (SIDES, SIDES, "TableHead"),
    (CELL, CELL, "TableText"),
    (NOTE, NOTE, "TableNote"),
    (FOOTER, "footer", "Footer"),
];

/// Twentieths of a point, in which Word counts lengths.
pub fn twips(points: f64) -> i64 {
    (points * 20.0).round() as i64
}

pub fn id(style: &str) -> &'static str {
    NAMES.iter().find(|(name, ..)| *name == style).map_or("Normal", |(.., id)| *id)
}

/// A number that the form states.
pub fn number(of: &str, text: &Text) -> Result<f64, Trouble> {
    let number = text.text.trim().parse::<f64>().ok().filter(|it| it.abs() < 10_000.0);
    number.ok_or_else(|| Trouble(format!("表式的“文档”里，{of}的“{}”不是数", text.text)))
}

/// The size of type and the alignment of cells: a style for each that a document uses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct CellStyle {
    /// In halves of a point.
    pub size: u32,
    pub align: CellAlign,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum CellAlign {
    Left,
    Center,
    Right,
}

impl From<Align> for CellAlign {
    fn from(align: Align) -> Self {
        match align {
            Align::Left => Self::Left,
            Align::Center => Self::Center,
            Align::Right => Self::Right,
        }
    }
}

impl CellStyle {
    pub fn id(self) -> String {
        format!("{}{}{:?}", id(CELL), self.size, self.align)
    }

    fn element(self) -> Element {
        let (word, jc) = match self.align {
            CellAlign::Left => ("居左", "left"),
            CellAlign::Center => ("居中", "center"),
            CellAlign::Right => ("居右", "right"),
        };
        let points = f64::from(self.size) / 2.0;
        paragraph(&self.id(), &format!("{CELL} {points} 磅 {word}"))
            .with([val("w:basedOn", id(CELL))])
            .with([el("w:pPr").with([val("w:jc", jc)])])
            .with([el("w:rPr").with([val("w:sz", self.size), val("w:szCs", self.size)])])
    }
}

fn paragraph(id: &str, name: &str) -> Element {
    el("w:style").attr("w:type", "paragraph").attr("w:styleId", id).with([val("w:name", name)])
}

/// The part that holds all styles.
pub fn part(
    form: &Form,
    source: &Located<Source>,
    cells: &BTreeSet<CellStyle>,
) -> Result<Element, Trouble> {
    let faces = Faces { form, source };
    let mut styles = vec![defaults(&faces)];
    for (name, word, id) in NAMES {
        if let Some(style) = form.manifest.value.document.styles.get(name) {
            styles.push(own(name, word, id, style, &faces)?);
        } else if name == BODY {
            styles.push(paragraph(id, word).attr("w:default", 1));
        } else {
            styles.push(paragraph(id, word).with(outline(name)));
        }
    }
    styles.extend(cells.iter().map(|cell| cell.element()));
    styles.extend(grid());
    Ok(super::parts::root("w:styles").with(styles))
}

/// What a role's text is set in.
struct Faces<'a> {
    form: &'a Form,
    source: &'a Located<Source>,
}

impl Faces<'_> {
    /// The face that the source chooses, else the first that offices have, else the form's own.
    fn of(&self, role: &str) -> Option<&str> {
        let chosen = self.source.value.fonts.get(role).map(|name| name.text.as_str());
        let known = self.form.manifest.value.roles.get(role);
        let own = known.and_then(|role| role.own.iter().find(|name| !name.text.contains('*')));
        let shipped = known.and_then(|role| role.faces.first()).map(|face| &face.name);
        chosen.or(own.or(shipped).map(|name| name.text.as_str()))
    }

    fn element(&self, role: &str) -> Element {
        let latin = self.of(DIGITS).unwrap_or("Times New Roman");
        let han = self.of(role).unwrap_or(latin);
        el("w:rFonts")
            .attr("w:hint", "eastAsia")
            .attr("w:ascii", latin)
            .attr("w:eastAsia", han)
            .attr("w:hAnsi", latin)
            .attr("w:cs", latin)
    }
}

fn defaults(faces: &Faces<'_>) -> Element {
    let language =
        el("w:lang").attr("w:val", "en-US").attr("w:eastAsia", "zh-CN").attr("w:bidi", "ar-SA");
    let run = el("w:rPr").with([faces.element("body"), language]);
    el("w:docDefaults").with([el("w:rPrDefault").with([run]), el("w:pPrDefault")])
}

/// What a heading's style says of where it stands in the outline, and of pages.
fn outline(name: &str) -> Option<Element> {
    let level = HEADINGS.iter().position(|heading| *heading == name);
    let level = level.or((name == SUBJECT).then_some(1));
    level.map(|level| el("w:pPr").with([val("w:outlineLvl", level)]))
}

/// A style as the form has it.
fn own(
    name: &str,
    word: &str,
    id: &str,
    style: &Style,
    faces: &Faces<'_>,
) -> Result<Element, Trouble> {
    let size = number(name, &style.size)?;
    let tracking = style.tracking.as_ref().map(|text| number(name, text)).transpose()?;
    let mut run = el("w:rPr").with([faces.element(&style.role.text)]);
    run = run.with(tracking.map(|tracking| val("w:spacing", twips(tracking))));
    let halves = (size * 2.0).round();
    run = run.with([val("w:sz", halves), val("w:szCs", halves)]);
    let character = size + tracking.unwrap_or_default();
    let mut made = paragraph(id, word);
    if name == BODY {
        made = made.attr("w:default", 1);
    }
    if is_head(name) {
        made = made.with([val("w:next", "Normal")]);
    }
    Ok(made.with([el("w:qFormat"), paragraph_look(name, style, character)?, run]))
}

fn is_head(name: &str) -> bool {
    HEADINGS.contains(&name) || name == SUBJECT
}

/// What a style says of its paragraphs; `character` is how wide one is.
fn paragraph_look(name: &str, style: &Style, character: f64) -> Result<Element, Trouble> {
    let stated = |text: &Option<Text>| text.as_ref().map(|text| number(name, text)).transpose();
    let mut look = el("w:pPr");
    if is_head(name) || [NUMBER, SUBTITLE, SIDES].contains(&name) {
        look = look.with([el("w:keepNext")]);
    }
    if name == HEADINGS[1] {
        look = look.with([el("w:pageBreakBefore")]);
    }
    let mut spacing = el("w:spacing")
        .attr("w:before", twips(stated(&style.before)?.unwrap_or_default()))
        .attr("w:after", twips(stated(&style.after)?.unwrap_or_default()));
    if let Some(pitch) = stated(&style.pitch)? {
        spacing = spacing.attr("w:line", twips(pitch)).attr("w:lineRule", "exact");
    }
    look = look.with([val("w:snapToGrid", 0), spacing]);
    let mut indent = el("w:ind");
    // Word takes the characters; other programs the length.
    for (length, characters, given) in [
        ("w:left", "w:leftChars", &style.indent),
        ("w:firstLine", "w:firstLineChars", &style.first_line),
    ] {
        if let Some(count) = stated(given)? {
            indent = indent.attr(characters, (count * 100.0).round());
            indent = indent.attr(length, twips(count * character));
        }
    }
    if !indent.attributes.is_empty() {
        look = look.with([indent]);
    }
    look = look.with(style.align.map(|align| {
        let word = match align {
            Alignment::Left => "left",
            Alignment::Center => "center",
            Alignment::Right => "right",
            Alignment::Both => "both",
        };
        val("w:jc", word)
    }));
    look.children.extend(outline(name).into_iter().flat_map(|outline| outline.children));
    Ok(look)
}

/// 普通表格 and 网格型: hair lines around every cell.
fn grid() -> [Element; 2] {
    let lines = ["w:top", "w:left", "w:bottom", "w:right", "w:insideH", "w:insideV"];
    let lines = lines
        .map(|side| val(side, "single").attr("w:sz", 4).attr("w:space", 0).attr("w:color", "auto"));
    let style = |name: &str, id: &str| {
        el("w:style").attr("w:type", "table").attr("w:styleId", id).with([val("w:name", name)])
    };
    [
        style("Normal Table", "TableNormal").attr("w:default", 1),
        style("Table Grid", GRID)
            .with([val("w:basedOn", "TableNormal")])
            .with([el("w:tblPr").with([el("w:tblBorders").with(lines)])]),
    ]
}
