//! XML as a tree, written and read through `quick-xml`. What is read is untrusted: no DTD, no
//! entities but XML's own, no deep nesting.

use std::borrow::Cow;
use std::io;

use quick_xml::events::{BytesDecl, BytesEnd, BytesStart, BytesText, Event};
use quick_xml::{Reader, Writer};

/// Deeper nesting than any document needs.
const MOST_DEPTH: usize = 200;
/// More elements and texts than any report has.
const MOST_EVENTS: usize = 3_000_000;
/// More prefixes than any document declares for the namespaces that we know.
const MOST_PREFIXES: usize = 64;

/// Names of namespaces under which we know their elements, whatever prefix a file gives them.
const PREFIXES: [(&str, &str); 6] = [
    ("http://schemas.openxmlformats.org/wordprocessingml/2006/main", "w"),
    ("http://purl.oclc.org/ooxml/wordprocessingml/main", "w"),
    ("http://schemas.openxmlformats.org/officeDocument/2006/relationships", "r"),
    ("http://schemas.openxmlformats.org/markup-compatibility/2006", "mc"),
    ("http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes", "vt"),
    ("http://schemas.microsoft.com/office/word/2010/wordml", "w14"),
];

type Str = Cow<'static, str>;

/// An element with its attributes and what is in it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Element {
    pub name: Str,
    pub attributes: Vec<(Str, String)>,
    pub children: Vec<Node>,
}

#[derive(Debug, Clone, PartialEq)]
pub enum Node {
    Element(Element),
    Text(String),
}

/// An element without anything in it.
pub fn el(name: &'static str) -> Element {
    Element { name: name.into(), ..Element::default() }
}

/// An element whose only attribute is `w:val`.
pub fn val(name: &'static str, value: impl ToString) -> Element {
    el(name).attr("w:val", value)
}

impl Element {
    #[must_use]
    pub fn attr(mut self, name: &'static str, value: impl ToString) -> Self {
        self.attributes.push((name.into(), value.to_string()));
        self
    }

    #[must_use]
    pub fn with(mut self, children: impl IntoIterator<Item = Self>) -> Self {
        self.children.extend(children.into_iter().map(Node::Element));
        self
    }

    #[must_use]
    pub fn text(mut self, text: impl Into<String>) -> Self {
        self.children.push(Node::Text(text.into()));
        self
    }

    /// The elements right below.
    pub fn elements(&self) -> impl Iterator<Item = &Self> {
        self.children.iter().filter_map(|child| match child {
            Node::Element(element) => Some(element),
            Node::Text(_) => None,
        })
    }

    /// The first element of a name right below.
    pub fn get(&self, name: &str) -> Option<&Self> {
        self.elements().find(|element| element.name == name)
    }

    /// The first element at the end of a way down.
    pub fn find(&self, path: &[&str]) -> Option<&Self> {
        path.iter().try_fold(self, |element, name| element.get(name))
    }

    pub fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(have, _)| have == name).map(|(_, value)| value.as_str())
    }

    /// The `w:val` of an element right below.
    pub fn value(&self, name: &str) -> Option<&str> {
        self.get(name)?.attribute("w:val")
    }

    /// All text inside.
    pub fn all_text(&self) -> String {
        let text = |child: &Node| match child {
            Node::Text(text) => text.clone(),
            Node::Element(element) => element.all_text(),
        };
        self.children.iter().map(text).collect()
    }

    /// The bytes of a part that has this element at its top.
    pub fn to_part(&self) -> io::Result<Vec<u8>> {
        let mut writer = Writer::new(Vec::new());
        writer.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), Some("yes"))))?;
        self.write(&mut writer)?;
        Ok(writer.into_inner())
    }

    fn write(&self, writer: &mut Writer<Vec<u8>>) -> io::Result<()> {
        let attributes = self.attributes.iter().map(|(name, value)| (&**name, value.as_str()));
        let start = BytesStart::new(&*self.name).with_attributes(attributes);
        if self.children.is_empty() {
            return writer.write_event(Event::Empty(start));
        }
        writer.write_event(Event::Start(start))?;
        for child in &self.children {
            match child {
                Node::Element(element) => element.write(writer)?,
                Node::Text(text) => writer.write_event(Event::Text(BytesText::new(text)))?,
            }
        }
        writer.write_event(Event::End(BytesEnd::new(&*self.name)))
    }
}

/// Reads a part; `None` when it is no sound XML.
pub fn parse(bytes: &[u8]) -> Option<Element> {
    let text = std::str::from_utf8(bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes)).ok()?;
    let mut reader = Reader::from_str(text);
    let mut open: Vec<Element> = vec![Element::default()];
    let mut prefixes: Vec<(String, String)> = Vec::new();
    let mut count = 0;
    loop {
        count += 1;
        if count > MOST_EVENTS {
            return None;
        }
        match reader.read_event().ok()? {
            Event::Start(start) => {
                if open.len() > MOST_DEPTH {
                    return None;
                }
                open.push(element(&start, &mut prefixes)?);
            }
            Event::Empty(start) => {
                let empty = element(&start, &mut prefixes)?;
                open.last_mut()?.children.push(Node::Element(empty));
            }
            Event::End(_) => {
                let closed = open.pop()?;
                open.last_mut()?.children.push(Node::Element(closed));
            }
            Event::Text(text) => add_text(&mut open, &text.xml10_content()),
            Event::CData(text) => add_text(&mut open, &text.xml10_content()),
            Event::GeneralRef(entity) => {
                let character = match entity.resolve_char_ref().ok()? {
                    Some(character) => character,
                    None => match &*entity.into_inner() {
                        "amp" => '&',
                        "lt" => '<',
                        "gt" => '>',
                        "quot" => '"',
                        "apos" => '\'',
                        _ => return None,
                    },
                };
                add_text(&mut open, character.encode_utf8(&mut [0; 4]));
            }
            Event::DocType(_) => return None,
            Event::Decl(_) | Event::Comment(_) | Event::PI(_) => {}
            Event::Eof => break,
        }
    }
    let [top] = <[Element; 1]>::try_from(open).ok()?;
    top.children.into_iter().find_map(|child| match child {
        Node::Element(element) => Some(element),
        Node::Text(_) => None,
    })
}

fn add_text(open: &mut [Element], text: &str) {
    let Some(element) = open.last_mut() else { return };
    match element.children.last_mut() {
        Some(Node::Text(have)) => have.push_str(text),
        _ => element.children.push(Node::Text(text.to_owned())),
    }
}

/// An element as it opens, its prefixes those that we know.
fn element(start: &BytesStart<'_>, prefixes: &mut Vec<(String, String)>) -> Option<Element> {
    let mut attributes = Vec::new();
    for attribute in start.attributes() {
        let attribute = attribute.ok()?;
        let name = attribute.key.into_inner().to_owned();
        let value = attribute.normalized_value(quick_xml::XmlVersion::Implicit1_0).ok()?;
        let declares = name.strip_prefix("xmlns").map(|rest| rest.trim_start_matches(':'));
        let known = PREFIXES.iter().find(|(uri, _)| *uri == &*value).map(|(_, prefix)| *prefix);
        if let (Some(own), Some(known)) = (declares, known) {
            let pair = (own.to_owned(), known.to_owned());
            if !prefixes.contains(&pair) {
                prefixes.push(pair);
            }
            if prefixes.len() > MOST_PREFIXES {
                return None;
            }
        }
        attributes.push((name, value.into_owned()));
    }
    let renamed = |name: &str, is_element: bool| -> Str {
        let (prefix, local) = name.split_once(':').unwrap_or(("", name));
        let known = prefixes.iter().rev().find(|(own, _)| own == prefix);
        match known.filter(|_| is_element || !prefix.is_empty()) {
            Some((_, known)) => format!("{known}:{local}").into(),
            None => name.to_owned().into(),
        }
    };
    let name = renamed(start.name().into_inner(), true);
    let attributes = attributes.into_iter().map(|(name, value)| (renamed(&name, false), value));
    Some(Element { name, attributes: attributes.collect(), children: Vec::new() })
}
