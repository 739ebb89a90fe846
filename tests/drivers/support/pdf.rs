//! Reads a tagged PDF as a screen reader does: text from the content streams, in the order of the
//! structure tree; panics where the two do not fit. White space is as in the file, where a line
//! break leaves none: compare texts without it, and without the marks of no width (U+2060, U+200B).

use lopdf::Object::{self, Array, Dictionary as Dict, Integer, Name};
use lopdf::content::{Content, Operation};
use lopdf::{Dictionary, Document, ObjectId, decode_text_string};
use std::{collections::HashMap, mem, slice};

/// A piece of a document. Its text is trimmed; each block inside it begins a new line.
#[derive(Debug, PartialEq, Eq)]
pub enum Block {
    /// A heading with its level, 1 to 6.
    Heading(u8, String),
    /// A paragraph, list item, caption or note (these come first), or text that stands untagged.
    Paragraph(String),
    Table(Table),
    /// A list of contents: a text for each entry, all levels in order.
    Contents(Vec<String>),
}

#[derive(Debug, Default, PartialEq, Eq)]
pub struct Table {
    /// The rows at the top with heads of columns only; once, though each page repeats them.
    pub head: Vec<Vec<Cell>>,
    pub rows: Vec<Vec<Cell>>,
    /// The first page with text of it, from 1; 0 when there is none.
    pub first_page: usize,
}

#[derive(Debug, Default, PartialEq, Eq)]
pub struct Cell {
    pub text: String,
    /// Whether it is the head of a column or of a row.
    pub header: bool,
    /// How many rows and columns it covers, at least 1.
    pub rows: usize,
    pub columns: usize,
    /// The pages that its text is on, from 1.
    pub pages: Vec<usize>,
}

#[derive(Debug, Default)]
pub struct Page {
    pub width_pt: f64,
    pub height_pt: f64,
    /// Texts marked as no part of the document: repeated heads, page numbers, leaders.
    pub artifacts: Vec<String>,
    /// Everything drawn on it, in the order of drawing.
    pub text: String,
}

#[derive(Debug)]
pub struct Pdf {
    pub blocks: Vec<Block>,
    pub pages: Vec<Page>,
    pub title: Option<String>,
    pub language: Option<String>,
    /// Level, title and page, both numbers from 1. One that leads to no page is left out.
    pub bookmarks: Vec<(usize, String, usize)>,
}

/// Reads a tagged PDF; panics when it is broken, untagged, or tags and content do not fit.
pub fn read(bytes: &[u8]) -> Pdf {
    let doc = &Document::load_mem(bytes).expect("this is no PDF");
    let ids: Vec<ObjectId> = doc.page_iter().collect();
    let mut drawing = Drawing::default();
    let pages = ids.iter().map(|id| drawing.page(doc, *id)).collect();
    let catalog = doc.catalog().expect("the PDF has no catalog");
    let root = doc.get_dict_in_dict(catalog, b"StructTreeRoot").expect("the PDF has no tags");
    let roles = doc.get_dict_in_dict(root, b"RoleMap").ok();
    let mut tree = Tree { roles, pages: ids, marked: drawing.marked, ..Tree::default() };
    tree.element(doc, root);
    tree.marked.retain(|_, text| !text.trim().is_empty());
    assert!(tree.marked.is_empty(), "text without a tag: {:?}", tree.marked.values());
    let info = doc.get_dict_in_dict(&doc.trailer, b"Info");
    let bookmarks = doc.get_toc().map(|toc| toc.toc).unwrap_or_default().into_iter();
    Pdf {
        blocks: tree.blocks,
        pages,
        title: info.and_then(|it| it.get_deref(b"Title", doc)).and_then(decode_text_string).ok(),
        language: catalog.get_deref(b"Lang", doc).and_then(decode_text_string).ok(),
        bookmarks: bookmarks.map(|entry| (entry.level, entry.title, entry.page)).collect(),
    }
}

/// The objects of an array; one object may stand for an array of one.
fn list<'a>(doc: &'a Document, dict: &'a Dictionary, key: &[u8]) -> &'a [Object] {
    let all = |object: &'a Object| object.as_array().map_or(slice::from_ref(object), Vec::as_slice);
    dict.get_deref(key, doc).map_or(&[], all)
}

fn attr<'a>(doc: &'a Document, element: &'a Dictionary, key: &[u8]) -> Option<&'a Object> {
    let mut owners = list(doc, element, b"A").iter().flat_map(|owner| doc.dereference(owner));
    owners.find_map(|(_, owner)| owner.as_dict().ok()?.get_deref(key, doc).ok())
}

/// The two-byte units of a string: codes of a font, or UTF-16.
fn units(string: &Object) -> impl Iterator<Item = u16> {
    let units = string.as_str().expect("this is no string").as_chunks().0.iter();
    units.map(|unit| u16::from_be_bytes(*unit))
}

/// The text of each code of a font. lopdf's own map takes two codes of one text for a range.
fn characters(doc: &Document, font: ObjectId) -> HashMap<u16, String> {
    let map = doc.get_dictionary(font).and_then(|font| font.get_deref(b"ToUnicode", doc));
    let map = map.and_then(|map| map.as_stream()?.get_plain_content()).expect("no ToUnicode");
    let mut characters = HashMap::new();
    // The map has the syntax of page content: strings, then the word for what they are.
    for Operation { operator, operands } in Content::decode(&map).expect("no map").operations {
        let size = if operator == "endbfchar" { 2 } else { 3 };
        for range in operands.chunks_exact(size).filter(|_| operator.starts_with("endbf")) {
            let [first, last] = [0, size - 2].map(|it| units(&range[it]).next().expect("no code"));
            for code in first..=last {
                let (text, offset) = match &range[size - 1] {
                    Array(texts) => (&texts[usize::from(code - first)], 0),
                    text => (text, code - first),
                };
                let mut text: Vec<u16> = units(text).collect();
                text.last_mut().into_iter().for_each(|last| *last += offset);
                characters.insert(code, String::from_utf16(&text).expect("no UTF-16"));
            }
        }
    }
    characters
}

/// Collects what the content streams draw.
#[derive(Default)]
struct Drawing {
    fonts: HashMap<ObjectId, HashMap<u16, String>>,
    font: Option<ObjectId>,
    /// Marked content that has begun: whether it is an artifact, its properties and its text.
    open: Vec<(bool, Object, String)>,
    page: Page,
    number: usize,
    /// The texts that tags can refer to, by page and number.
    marked: HashMap<(usize, i64), String>,
}

impl Drawing {
    fn page(&mut self, doc: &Document, id: ObjectId) -> Page {
        self.number += 1;
        // Typst writes size and resources on each page, and leaves none to the group around.
        let page = doc.get_dictionary(id).expect("a page is missing");
        let resources = doc.get_dict_in_dict(page, b"Resources").expect("a page has no resources");
        self.draw(doc, &doc.get_page_content(id), resources);
        assert!(self.open.is_empty(), "page {} ends in marked content", self.number);
        let sides = list(doc, page, b"MediaBox");
        let at = |side: usize| f64::from(sides[side].as_float().expect("a side is a number"));
        Page { width_pt: at(2) - at(0), height_pt: at(3) - at(1), ..mem::take(&mut self.page) }
    }

    fn draw(&mut self, doc: &Document, content: &[u8], resources: &Dictionary) {
        let find = |kind: &str, name: &[u8]| {
            let all = doc.get_dict_in_dict(resources, kind.as_bytes());
            all.and_then(|all| all.get(name)).expect("a resource is missing")
        };
        // The decoder that is not strict drops all that follows an error.
        let content = Content::decode_strict(content).expect("a content stream is broken");
        let mut fonts = vec![self.font];
        for Operation { operator, operands } in content.operations {
            match (operator.as_str(), operands.as_slice()) {
                ("q", _) => fonts.push(self.font),
                ("Q", _) => self.font = fonts.pop().expect("Q without q"),
                ("Tf", [Name(font), _]) => self.font = find("Font", font).as_reference().ok(),
                ("Tj" | "'" | "\"", [.., codes]) => self.show(doc, slice::from_ref(codes)),
                ("TJ", [Array(parts)]) => self.show(doc, parts),
                ("BMC" | "BDC", [Name(tag), dict @ ..]) => {
                    let dict = dict.first().unwrap_or(&Object::Null);
                    let dict = dict.as_name().map_or(dict, |name| find("Properties", name));
                    self.open.push((tag == b"Artifact", dict.clone(), String::new()));
                }
                ("EMC", _) => self.end(doc),
                ("Do", [Name(it)]) => {
                    let form = doc.dereference(find("XObject", it)).and_then(|it| it.1.as_stream());
                    // An image has neither text nor this box.
                    if let Some(form) = form.ok().filter(|form| form.dict.has(b"BBox")) {
                        let own = doc.get_dict_in_dict(&form.dict, b"Resources");
                        let content = form.get_plain_content().expect("a form is broken");
                        self.draw(doc, &content, own.unwrap_or(resources));
                    }
                }
                _ => {}
            }
        }
        self.font = fonts[0];
    }

    /// Draws strings. The numbers between them only move them.
    fn show(&mut self, doc: &Document, parts: &[Object]) {
        let id = self.font.expect("text without a font");
        let font = self.fonts.entry(id).or_insert_with(|| characters(doc, id));
        let codes = parts.iter().filter(|part| part.as_str().is_ok()).flat_map(units);
        let text = codes.map(|code| font.get(&code).map_or("\u{fffd}", String::as_str));
        self.open.last_mut().map_or(&mut self.page.text, |(.., inside)| inside).extend(text);
    }

    /// Ends marked content; its text belongs to what is around it, too.
    fn end(&mut self, doc: &Document) {
        let (artifact, properties, text) = self.open.pop().expect("EMC without BDC");
        let properties = doc.dereference(&properties).and_then(|(_, object)| object.as_dict());
        let property = |key| properties.as_ref().ok()?.get_deref(key, doc).ok();
        let text = property(b"ActualText").map_or(Ok(text), decode_text_string).expect("no text");
        self.open.last_mut().map_or(&mut self.page.text, |(.., around)| around).push_str(&text);
        if let Some(Ok(id)) = property(b"MCID").map(Object::as_i64) {
            self.marked.entry((self.number, id)).or_default().push_str(&text);
        } else if artifact && !text.trim().is_empty() {
            self.page.artifacts.push(text);
        }
    }
}

/// The types of elements that are parts of a line, unless they are placed as blocks.
const INLINE: &str = "Annot BibEntry Code Em Formula Lbl Link Quote Reference Ruby Span Strong";

/// Turns the structure tree into blocks.
#[derive(Default)]
struct Tree<'a> {
    roles: Option<&'a Dictionary>,
    pages: Vec<ObjectId>,
    marked: HashMap<(usize, i64), String>,
    blocks: Vec<Block>,
    /// What has been read and is in no block yet.
    text: Cell,
    row: Vec<Cell>,
    table: Table,
    /// Whether `text` is that of one block, with all that is in it.
    inside: bool,
    /// Whether `row` has heads of columns only.
    is_head: bool,
}

impl<'a> Tree<'a> {
    fn nodes(&mut self, doc: &'a Document, parent: &'a Dictionary) {
        for kid in list(doc, parent, b"K") {
            match doc.dereference(kid).expect("a tag is missing").1 {
                id @ Integer(_) => self.content(Ok(id), parent),
                Dict(kid) if kid.has_type(b"MCR") => self.content(kid.get(b"MCID"), kid),
                Dict(kid) if kid.has_type(b"OBJR") => {} // The area of a link, without a text.
                Dict(kid) => self.element(doc, kid),
                other => panic!("a tag holds {other:?}"),
            }
        }
    }

    /// Adds the marked content `id` of the page that `holder` names.
    fn content(&mut self, id: lopdf::Result<&Object>, holder: &Dictionary) {
        let page = holder.get(b"Pg").and_then(Object::as_reference).expect("a tag names no page");
        let page = 1 + self.pages.iter().position(|id| *id == page).expect("a tag's page is lost");
        let mark = (page, id.and_then(Object::as_i64).expect("a tag has no MCID"));
        self.text.text += &self.marked.remove(&mark).expect("a tag's content is lost");
        self.text.pages.push(page);
    }

    fn element(&mut self, doc: &'a Document, element: &'a Dictionary) {
        let mut kind = element.get(b"S").and_then(Object::as_name).unwrap_or_default();
        while let Some(Name(role)) = self.roles.and_then(|roles| roles.get(kind).ok()) {
            kind = role;
        }
        let inline = attr(doc, element, b"Placement") != Some(&Name(b"Block".into()))
            && INLINE.split(' ').any(|inline| inline.as_bytes() == kind);
        if kind == b"Note" {
            let note = self.whole(doc, element).text;
            self.blocks.push(Block::Paragraph(note));
        } else if self.inside || inline {
            self.text.text += if inline || self.text.text.ends_with('\n') { "" } else { "\n" };
            self.nodes(doc, element);
        } else {
            self.end_text();
            self.block(doc, element, kind);
            self.end_text();
        }
    }

    fn block(&mut self, doc: &'a Document, element: &'a Dictionary, kind: &[u8]) {
        match kind {
            b"Table" => {
                self.nodes(doc, element);
                let mut table = mem::take(&mut self.table);
                let cells = table.head.iter().chain(&table.rows).flatten();
                table.first_page = cells.flat_map(|cell| &cell.pages).min().copied().unwrap_or(0);
                self.blocks.push(Block::Table(table));
            }
            b"TR" => {
                self.is_head = self.table.rows.is_empty();
                self.nodes(doc, element);
                let rows = if self.is_head { &mut self.table.head } else { &mut self.table.rows };
                rows.push(mem::take(&mut self.row));
            }
            b"TH" | b"TD" => {
                let header = kind == b"TH";
                self.is_head &=
                    header && attr(doc, element, b"Scope") != Some(&Name(b"Row".into()));
                let span = |key| attr(doc, element, key)?.as_i64().ok()?.try_into().ok();
                let [rows, columns] = [b"RowSpan", b"ColSpan"].map(|key| span(key).unwrap_or(1));
                let cell = Cell { header, rows, columns, ..self.whole(doc, element) };
                self.row.push(cell);
            }
            b"P" | b"LI" | b"Caption" => self.text = self.whole(doc, element),
            b"TOCI" | [b'H', b'1'..=b'6'] => {
                let text = self.whole(doc, element).text;
                match (kind, self.blocks.last_mut()) {
                    ([b'H', level], _) => self.blocks.push(Block::Heading(level - b'0', text)),
                    (_, Some(Block::Contents(entries))) => entries.push(text),
                    _ => self.blocks.push(Block::Contents(vec![text])),
                }
            }
            _ => self.nodes(doc, element),
        }
    }

    fn whole(&mut self, doc: &'a Document, element: &'a Dictionary) -> Cell {
        let around = mem::take(&mut self.text);
        let outside = mem::replace(&mut self.inside, true);
        self.nodes(doc, element);
        self.inside = outside;
        let mut cell = mem::replace(&mut self.text, around);
        cell.pages.dedup();
        Cell { text: cell.text.trim().to_owned(), ..cell }
    }

    /// Makes a paragraph of a text, unless it is only space on paper.
    fn end_text(&mut self) {
        let text = mem::take(&mut self.text).text.trim().to_owned();
        if !text.is_empty() {
            self.blocks.push(Block::Paragraph(text));
        }
    }
}
