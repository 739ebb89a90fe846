//! A document as it reads once every tracked change is accepted: paragraphs, tables, and what was
//! revised and said beside the text.

use std::collections::BTreeMap;

use super::draft_beside::gone_text;
use super::fields::Fields;
use super::package::Package;
use crate::exchange::docx::element::{Element, Node};
use crate::finding::Finding;

/// What is called after the reader: so much of it is nested.
const CONTAINERS: [&str; 9] = [
    "w:hyperlink",
    "w:smartTag",
    "w:customXml",
    "w:dir",
    "w:bdo",
    "w:sdt",
    "w:sdtContent",
    "mc:AlternateContent",
    "mc:Choice",
];

/// More paragraphs and rows than any report has.
const MOST_BLOCKS: usize = 20_000;

#[derive(Debug, Default)]
pub struct Draft {
    pub blocks: Vec<Block>,
    pub revisions: Vec<Revision>,
    pub comments: Vec<Comment>,
    /// What stands in the text that is no text: by its name.
    pub others: Vec<&'static str>,
}

#[derive(Debug, Clone, PartialEq)]
pub enum Block {
    Paragraph(Paragraph),
    Table(Vec<Row>),
}

#[derive(Debug, Clone, Default, PartialEq)]
pub struct Paragraph {
    pub text: String,
    /// The names of bookmarks that begin in it.
    pub bookmarks: Vec<String>,
}

#[derive(Debug, Clone, Default, PartialEq)]
pub struct Row {
    pub cells: Vec<Cell>,
    pub bookmarks: Vec<String>,
}

#[derive(Debug, Clone, Default, PartialEq)]
pub struct Cell {
    pub column: usize,
    /// It is the lower part of the cell above.
    pub goes_on: bool,
    pub text: String,
}

/// Something that was changed with 修订 on.
#[derive(Debug, Clone, PartialEq)]
pub struct Revision {
    pub author: String,
    pub date: String,
    /// 插入, 删除 …
    pub what: &'static str,
    pub text: String,
    /// The number of the block that it is in.
    pub block: usize,
}

/// 批注.
#[derive(Debug, Clone, PartialEq)]
pub struct Comment {
    pub author: String,
    pub date: String,
    pub text: String,
    pub block: usize,
    /// The row and the number of the cell in it, in a table.
    pub cell: Option<(usize, usize)>,
    /// Where in the text it begins, in bytes, and the words it stands at.
    pub start: usize,
    pub at: String,
}

/// Reads the text of a document.
pub fn read(package: &Package) -> Result<Draft, Finding> {
    let document = package.document()?;
    let comments = package.word("comments");
    let comments = comments.iter().flat_map(Element::elements);
    let known = comments.filter_map(|it| Some((it.attribute("w:id")?.to_owned(), it.clone())));
    let styles = package.word("styles");
    let styles = styles.iter().flat_map(Element::elements).filter_map(|style| {
        let name = style.value("w:name")?.to_ascii_lowercase();
        Some((style.attribute("w:styleId")?.to_owned(), name))
    });
    let mut reader = Reader {
        draft: Draft::default(),
        fields: Fields::default(),
        styles: styles.collect(),
        known: known.collect(),
        open: BTreeMap::new(),
        waiting: Vec::new(),
        goes_on: None,
        cell: None,
    };
    let body = document.get("w:body").ok_or_else(super::package::damaged)?;
    reader.blocks(body);
    let unfinished = reader.goes_on.take().filter(|it| !it.text.trim().is_empty());
    reader.draft.blocks.extend(unfinished.map(Block::Paragraph));
    let rows = |block: &Block| if let Block::Table(rows) = block { rows.len() } else { 1 };
    if reader.draft.blocks.iter().map(rows).sum::<usize>() > MOST_BLOCKS {
        return Err(super::package::too_long());
    }
    reader.draft.others.sort_unstable();
    reader.draft.others.dedup();
    Ok(reader.draft)
}

pub struct Reader {
    pub(super) draft: Draft,
    fields: Fields,
    /// Names of styles by id.
    styles: BTreeMap<String, String>,
    /// The comments by id.
    pub(super) known: BTreeMap<String, Element>,
    /// Comments that have begun: where in the text.
    pub(super) open: BTreeMap<String, usize>,
    /// Bookmarks that begin before the next paragraph.
    pub(super) waiting: Vec<String>,
    /// A paragraph whose end is gone: the next one goes on with it.
    goes_on: Option<Paragraph>,
    pub(super) cell: Option<(usize, usize)>,
}

impl Reader {
    fn blocks(&mut self, parent: &Element) {
        for element in parent.elements() {
            match &*element.name {
                "w:p" => {
                    if let Some(paragraph) = self.paragraph(element) {
                        self.draft.blocks.push(Block::Paragraph(paragraph));
                    }
                }
                "w:tbl" => {
                    let rows = self.table(element);
                    if !rows.is_empty() {
                        self.draft.blocks.push(Block::Table(rows));
                    }
                }
                "w:bookmarkStart" => self.bookmark(element),
                "w:sdt" if is_contents(element) => {}
                "w:altChunk" => self.draft.others.push("嵌入的文件"),
                "w:sdt" | "w:sdtContent" | "w:customXml" | "w:ins" | "w:moveTo" => {
                    self.blocks(element);
                }
                _ => {}
            }
        }
    }

    pub(super) fn bookmark(&mut self, element: &Element) {
        self.waiting.extend(element.attribute("w:name").map(str::to_owned));
    }

    /// A paragraph; none where it is empty, part of the 目录, or goes on.
    fn paragraph(&mut self, element: &Element) -> Option<Paragraph> {
        let mut paragraph = self.goes_on.take().unwrap_or_default();
        let in_contents = self.fields.in_contents();
        self.content(element, &mut paragraph);
        paragraph.bookmarks.append(&mut self.waiting);
        let properties = element.get("w:pPr");
        let style = properties.and_then(|it| it.value("w:pStyle"));
        let style = style.and_then(|id| self.styles.get(id)).map(String::as_str);
        let is_entry = style.is_some_and(|name| {
            name.strip_prefix("toc ").is_some_and(|level| level.bytes().all(|b| b.is_ascii_digit()))
                || name.starts_with("contents ") && name != "contents heading"
        });
        if in_contents || is_entry {
            return None;
        }
        let end = properties.and_then(|it| it.get("w:rPr"));
        let gone = end.and_then(|end| end.get("w:del").or_else(|| end.get("w:moveFrom")));
        if let Some(gone) = gone {
            self.revision(gone, "删除段落", "¶");
            // Of one that is gone as a whole nothing goes on, not even its name.
            self.goes_on = Some(paragraph).filter(|it| !it.text.is_empty());
            return None;
        }
        if let Some(new) = end.and_then(|end| end.get("w:ins")) {
            self.revision(new, "插入段落", "¶");
        }
        (!paragraph.text.trim().is_empty()).then_some(paragraph)
    }

    pub(super) fn content(&mut self, parent: &Element, paragraph: &mut Paragraph) {
        for element in parent.elements() {
            match &*element.name {
                "w:r" => self.run(element, paragraph),
                "w:bookmarkStart" => {
                    paragraph.bookmarks.extend(element.attribute("w:name").map(str::to_owned));
                }
                "w:ins" | "w:moveTo" => {
                    let start = paragraph.text.len();
                    self.content(element, paragraph);
                    let what = if element.name == "w:ins" { "插入" } else { "移来" };
                    let text = paragraph.text[start..].to_owned();
                    self.revision(element, what, &text);
                }
                "w:del" | "w:moveFrom" => {
                    let what = if element.name == "w:del" { "删除" } else { "移走" };
                    self.revision(element, what, &gone_text(element));
                }
                "w:fldSimple" => {
                    let shows = !element.attribute("w:instr").is_some_and(is_entry_field);
                    if shows {
                        self.content(element, paragraph);
                    }
                }
                "w:commentRangeStart" => {
                    let id = element.attribute("w:id").unwrap_or_default().to_owned();
                    self.open.insert(id, paragraph.text.len());
                }
                "m:oMath" | "m:oMathPara" => self.draft.others.push("公式"),
                name if CONTAINERS.contains(&name) => self.content(element, paragraph),
                _ => {}
            }
        }
    }

    fn run(&mut self, run: &Element, paragraph: &mut Paragraph) {
        for element in run.elements() {
            let shows = self.fields.shows();
            match &*element.name {
                "w:t" if shows => {
                    let text = element.children.iter().map(|child| match child {
                        Node::Text(text) => text.as_str(),
                        Node::Element(_) => "",
                    });
                    paragraph.text.extend(text);
                }
                "w:tab" if shows => paragraph.text.push('\t'),
                "w:br" | "w:cr" if shows && !breaks_page(element) => paragraph.text.push('\n'),
                "w:noBreakHyphen" if shows => paragraph.text.push('-'),
                "w:fldChar" => self.fields.mark(element.attribute("w:fldCharType")),
                "w:instrText" => self.fields.instruction(&element.all_text()),
                "w:commentReference" => self.comment(element, paragraph),
                "w:sym" => self.draft.others.push("符号字体的字"),
                "w:drawing" | "w:pict" | "w:object" => {
                    let words = element.all_text();
                    let empty = words.trim().is_empty();
                    self.draft.others.push(if empty { "图片" } else { "文本框" });
                }
                "w:footnoteReference" | "w:endnoteReference" => self.draft.others.push("脚注"),
                "mc:AlternateContent" => self.draft.others.push("文本框或图形"),
                _ => {}
            }
        }
    }
}

/// Whether a content control holds the 目录.
fn is_contents(control: &Element) -> bool {
    let gallery = control.find(&["w:sdtPr", "w:docPartObj", "w:docPartGallery"]);
    gallery.and_then(|it| it.attribute("w:val")) == Some("Table of Contents")
}

/// A field that only marks an entry of a table of contents or an index shows nothing.
fn is_entry_field(instruction: &str) -> bool {
    matches!(instruction.split_whitespace().next(), Some("TC" | "XE" | "TOC"))
}

fn breaks_page(element: &Element) -> bool {
    matches!(element.attribute("w:type"), Some("page" | "column"))
}
