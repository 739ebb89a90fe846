//! Word documents as a hand would leave them.

use std::collections::BTreeMap;
use std::io::{Cursor, Read, Write};

use yusuan::exchange::docx::element::{Element, Node, el, parse};

const DOCUMENT: &str = "word/document.xml";
const WHO: [(&str, &str); 2] = [("w:author", "张三"), ("w:date", "2023-02-01T09:30:00Z")];

/// One thing that a hand does, as a line of an `.edits` file says it: `改 旧 => 新`.
#[derive(Debug)]
pub struct Hand {
    verb: String,
    /// The table that it is done in: `@表3`.
    table: Option<String>,
    at: String,
    to: String,
}

impl Hand {
    /// The options of the command (a line of them), and what is done, line by line.
    pub fn read(edits: &str) -> (Vec<String>, Vec<Self>) {
        let mut options = Vec::new();
        let mut hands = Vec::new();
        for line in edits.lines().filter(|line| !line.trim().is_empty() && !line.starts_with('#')) {
            if line.starts_with("--") {
                options.extend(line.split_whitespace().map(str::to_owned));
                continue;
            }
            let (verb, rest) = line.split_once(' ').unwrap_or((line, ""));
            let (table, rest) = match rest.strip_prefix('@').and_then(|rest| rest.split_once(' ')) {
                Some((table, rest)) => (Some(table.to_owned()), rest),
                None => (None, rest),
            };
            let (at, to) = rest.split_once(" => ").unwrap_or((rest, ""));
            let (verb, at, to) = (verb.to_owned(), at.to_owned(), to.replace("\\n", "\n"));
            hands.push(Self { verb, table, at, to });
        }
        (options, hands)
    }

    fn on(&self, parts: &mut BTreeMap<String, Vec<u8>>, body: &mut Element) {
        let blocks = &mut body.children;
        let at = self.at.as_str();
        match self.verb.as_str() {
            "改" => self.in_paragraph(blocks, |paragraph| {
                let text = paragraph_text(paragraph).replacen(at, &self.to, 1);
                set_text(paragraph, vec![run(&text)]);
            }),
            "修订" => self.in_paragraph(blocks, |paragraph| {
                let text = paragraph_text(paragraph);
                let (before, after) = text.split_once(at).expect("the words are there");
                let mut runs = vec![run(before), revision("w:del", gone(at))];
                runs.extend((!self.to.is_empty()).then(|| revision("w:ins", run(&self.to))));
                runs.push(run(after));
                set_text(paragraph, runs);
            }),
            "批注" => {
                self.in_paragraph(blocks, |paragraph| {
                    let text = paragraph_text(paragraph);
                    let (before, after) = text.split_once(at).expect("the words are there");
                    let mark = |name| el(name).attr("w:id", 7);
                    let reference = el("w:r").with([mark("w:commentReference")]);
                    let runs = [
                        run(before),
                        mark("w:commentRangeStart"),
                        run(at),
                        mark("w:commentRangeEnd"),
                        reference,
                        run(after),
                    ];
                    set_text(paragraph, runs.into());
                });
                let comment =
                    WHO.iter().fold(el("w:comment").attr("w:id", 7), |it, (k, v)| it.attr(k, v));
                let comment = comment.with([el("w:p").with([run(&self.to)])]);
                let part = el("w:comments")
                    .attr("xmlns:w", "http://schemas.openxmlformats.org/wordprocessingml/2006/main")
                    .with([comment]);
                parts.insert(
                    "word/comments.xml".to_owned(),
                    part.to_part().expect("it can be written"),
                );
            }
            "删段" => drop(blocks.remove(self.block(blocks, at))),
            "修订删段" => self.in_paragraph(blocks, |paragraph| {
                let text = paragraph_text(paragraph);
                set_text(paragraph, vec![revision("w:del", gone(&text))]);
                let mark = el("w:rPr").with([revision("w:del", el("w:x")).bare()]);
                properties(paragraph).children.push(Node::Element(mark));
            }),
            "加段" => {
                let at = self.block(blocks, at);
                let fresh = el("w:p").with([run(&self.to)]);
                blocks.insert(at + 1, Node::Element(fresh));
            }
            "移段" => {
                let block = blocks.remove(self.block(blocks, at));
                let to = self.block(blocks, &self.to);
                blocks.insert(to + 1, block);
            }
            "拆段" => {
                let number = self.block(blocks, at);
                let Node::Element(first) = &mut blocks[number] else { panic!("it is an element") };
                let text = paragraph_text(first);
                let split = text.find(at).expect("the words are there");
                set_text(first, vec![run(&text[..split])]);
                let second = el("w:p").with([run(&text[split..])]);
                blocks.insert(number + 1, Node::Element(second));
            }
            "并段" => {
                let number = self.block(blocks, at);
                let Node::Element(second) = blocks.remove(number + 1) else { panic!("an element") };
                let Node::Element(first) = &mut blocks[number] else { panic!("it is an element") };
                let more = second
                    .children
                    .into_iter()
                    .filter(|it| !matches!(it, Node::Element(it) if it.name == "w:pPr"));
                first.children.extend(more);
            }
            "删行" => self.in_rows(blocks, |rows, row| drop(rows.remove(row))),
            "修订删行" => self.in_rows(blocks, |rows, row| {
                let Node::Element(row) = &mut rows[row] else { panic!("a row is an element") };
                let mark = revision("w:del", el("w:x")).bare();
                match row.children.first_mut() {
                    Some(Node::Element(first)) if first.name == "w:trPr" => {
                        first.children.push(Node::Element(mark))
                    }
                    _ => row.children.insert(0, Node::Element(el("w:trPr").with([mark]))),
                }
            }),
            "移行" => self.in_rows(blocks, |rows, row| rows.swap(row, row + 1)),
            "加行" => self.in_rows(blocks, |rows, row| {
                let Node::Element(mut fresh) = rows[row].clone() else { panic!("an element") };
                without_bookmarks(&mut fresh);
                let mut texts = self.to.split('|');
                for child in &mut fresh.children {
                    let Node::Element(cell) = child else { continue };
                    for part in cell.children.iter_mut().filter(|_| cell.name == "w:tc") {
                        if let Node::Element(paragraph) = part
                            && paragraph.name == "w:p"
                        {
                            set_text(paragraph, vec![run(texts.next().unwrap_or_default().trim())]);
                        }
                    }
                }
                rows.insert(row + 1, Node::Element(fresh));
            }),
            "删栏" => self.in_rows(blocks, |rows, _| {
                for row in rows {
                    if let Node::Element(row) = row
                        && row.name == "w:tr"
                    {
                        row.children.pop();
                    }
                }
            }),
            "无书签" => without_bookmarks(body),
            "无数据" => drop(parts.remove("customXml/item1.xml")),
            verb => panic!("nobody knows how to {verb}"),
        }
    }

    /// The block that holds words: a paragraph outside the 目录.
    fn block(&self, blocks: &[Node], words: &str) -> usize {
        let holds = |node: &Node| matches!(node, Node::Element(it) if it.name == "w:p" && paragraph_text(it).contains(words));
        blocks.iter().position(holds).unwrap_or_else(|| panic!("no paragraph has {words}"))
    }

    /// The table of this number: that which follows its 表号.
    fn table<'b>(&self, blocks: &'b mut [Node], number: &str) -> &'b mut Element {
        let at = blocks.iter().position(|node| matches!(node, Node::Element(it) if it.name == "w:p" && paragraph_text(it) == number));
        let at = at.unwrap_or_else(|| panic!("there is no {number}"));
        let table = blocks[at..].iter_mut().find_map(|node| match node {
            Node::Element(element) if element.name == "w:tbl" => Some(element),
            _ => None,
        });
        table.expect("a table follows its number")
    }

    fn in_paragraph(&self, blocks: &mut [Node], act: impl FnOnce(&mut Element)) {
        let found = match &self.table {
            Some(number) => first(self.table(blocks, number), &self.at),
            None => {
                let paragraphs = blocks.iter_mut().filter_map(|node| match node {
                    Node::Element(it) if it.name == "w:p" || it.name == "w:tbl" => Some(it),
                    _ => None,
                });
                paragraphs.filter_map(|it| first(it, &self.at)).next()
            }
        };
        act(found.unwrap_or_else(|| panic!("no paragraph has {}", self.at)));
    }

    fn in_rows(&self, blocks: &mut [Node], act: impl FnOnce(&mut Vec<Node>, usize)) {
        let table = self.table(blocks, self.table.as_deref().expect("a row is in a table"));
        let holds = |node: &Node| matches!(node, Node::Element(it) if it.name == "w:tr" && it.all_text().contains(&self.at));
        let row = table
            .children
            .iter()
            .position(holds)
            .unwrap_or_else(|| panic!("no row has {}", self.at));
        act(&mut table.children, row);
    }
}

/// The first paragraph inside that holds words.
fn first<'e>(element: &'e mut Element, words: &str) -> Option<&'e mut Element> {
    if element.name == "w:p" {
        return paragraph_text(element).contains(words).then_some(element);
    }
    element.children.iter_mut().find_map(|child| match child {
        Node::Element(child) => first(child, words),
        Node::Text(_) => None,
    })
}

fn paragraph_text(paragraph: &Element) -> String {
    let texts = paragraph.elements().map(|child| match &*child.name {
        "w:t" => child.all_text(),
        "w:br" => "\n".to_owned(),
        "w:tab" => "\t".to_owned(),
        "w:pPr" | "w:instrText" => String::new(),
        _ => paragraph_text(child),
    });
    texts.collect()
}

/// Other runs in a paragraph, between the bookmarks that it has.
fn set_text(paragraph: &mut Element, runs: Vec<Element>) {
    let keeps = |node: &Node| matches!(node, Node::Element(it) if matches!(&*it.name, "w:pPr" | "w:bookmarkStart" | "w:bookmarkEnd"));
    paragraph.children.retain(keeps);
    let behind = paragraph
        .children
        .iter()
        .position(|node| matches!(node, Node::Element(it) if it.name == "w:bookmarkEnd"));
    let at = behind.unwrap_or(paragraph.children.len());
    paragraph.children.splice(at..at, runs.into_iter().map(Node::Element));
}

fn properties(paragraph: &mut Element) -> &mut Element {
    let has = matches!(paragraph.children.first(), Some(Node::Element(it)) if it.name == "w:pPr");
    if !has {
        paragraph.children.insert(0, Node::Element(el("w:pPr")));
    }
    match &mut paragraph.children[0] {
        Node::Element(element) => element,
        Node::Text(_) => panic!("properties come first"),
    }
}

fn run(text: &str) -> Element {
    let lines = text.split('\n').enumerate().flat_map(|(at, line)| {
        let line = el("w:t").attr("xml:space", "preserve").text(line);
        (at > 0).then(|| el("w:br")).into_iter().chain([line])
    });
    el("w:r").with(lines)
}

fn gone(text: &str) -> Element {
    el("w:r").with([el("w:delText").attr("xml:space", "preserve").text(text)])
}

fn revision(name: &'static str, content: Element) -> Element {
    WHO.iter().fold(el(name).attr("w:id", 900), |it, (k, v)| it.attr(k, v)).with([content])
}

trait Bare {
    fn bare(self) -> Self;
}

impl Bare for Element {
    /// Without what is in it.
    fn bare(mut self) -> Self {
        self.children.clear();
        self
    }
}

fn without_bookmarks(element: &mut Element) {
    element
        .children
        .retain(|node| !matches!(node, Node::Element(it) if it.name.starts_with("w:bookmark")));
    for child in &mut element.children {
        if let Node::Element(child) = child {
            without_bookmarks(child);
        }
    }
}

fn parts(document: &[u8]) -> BTreeMap<String, Vec<u8>> {
    let mut archive = zip::ZipArchive::new(Cursor::new(document)).expect("it is an archive");
    (0..archive.len())
        .map(|at| {
            let mut part = archive.by_index(at).expect("the part is there");
            let name = part.name().expect("it has a name").into_owned();
            let mut content = Vec::new();
            part.read_to_end(&mut content).expect("it can be unpacked");
            (name, content)
        })
        .collect()
}

fn packed(parts: &BTreeMap<String, Vec<u8>>) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in parts {
        let options = zip::write::SimpleFileOptions::default();
        writer.start_file(name.as_str(), options).expect("a part can be begun");
        writer.write_all(content).expect("a part can be written");
    }
    writer.finish().expect("an archive can be finished").into_inner()
}

/// A document that hands have been at.
pub fn edited(document: &[u8], hands: &[Hand]) -> Vec<u8> {
    let mut parts = parts(document);
    let mut top = parse(&parts[DOCUMENT]).expect("it is XML");
    let body = top.children.iter_mut().find_map(|node| match node {
        Node::Element(it) if it.name == "w:body" => Some(it),
        _ => None,
    });
    let body = body.expect("a document has a body");
    for hand in hands {
        hand.on(&mut parts, body);
    }
    parts.insert(DOCUMENT.to_owned(), top.to_part().expect("it can be written"));
    packed(&parts)
}

/// A document with other parts.
pub fn with_part(document: &[u8], others: BTreeMap<String, Vec<u8>>) -> Vec<u8> {
    let mut parts = parts(document);
    parts.extend(others);
    packed(&parts)
}

/// A document with words replaced in one of its parts.
pub fn replaced(document: &[u8], part: &str, old: &str, new: &str) -> Vec<u8> {
    let text = String::from_utf8(parts(document)[part].clone()).expect("it is text");
    with_part(document, BTreeMap::from([(part.to_owned(), text.replace(old, new).into_bytes())]))
}

/// A document with every tracked change rejected.
pub fn rejected(document: &[u8]) -> Vec<u8> {
    let mut top = parse(&parts(document)[DOCUMENT]).expect("it is XML");
    reject(&mut top);
    with_part(
        document,
        BTreeMap::from([(DOCUMENT.to_owned(), top.to_part().expect("it can be written"))]),
    )
}

fn reject(element: &mut Element) {
    let is_new = |it: &Element| {
        let row = it.find(&["w:trPr", "w:ins"]).is_some();
        let paragraph = it.name == "w:p" && it.find(&["w:pPr", "w:rPr", "w:ins"]).is_some();
        it.name == "w:ins" || row || paragraph
    };
    element.children.retain(|node| !matches!(node, Node::Element(it) if is_new(it)));
    let old = std::mem::take(&mut element.children);
    for node in old {
        match node {
            Node::Element(it) if it.name == "w:del" => element.children.extend(it.children),
            node => element.children.push(node),
        }
    }
    for child in &mut element.children {
        if let Node::Element(child) = child {
            if child.name == "w:delText" {
                child.name = "w:t".into();
            }
            reject(child);
        }
    }
}

/// The lines that differ, as `-` and `+`.
pub fn changed_lines(before: &str, after: &str) -> String {
    let (old, new): (Vec<&str>, Vec<&str>) = (before.lines().collect(), after.lines().collect());
    let gone = old.iter().filter(|line| !new.contains(line)).map(|line| format!("-{line}\n"));
    let fresh = new.iter().filter(|line| !old.contains(line)).map(|line| format!("+{line}\n"));
    gone.chain(fresh).collect()
}
