//! A YAML text as a tree in which every value knows its place.
//!
//! `saphyr-parser` reads the events; this module keeps the bytes that each stands on, and refuses
//! what a source has no use for: anchors, tags, several documents, deep nesting.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::Arc;

use saphyr_parser::{Event, Parser, ScalarStyle, Span, StrInput};

use super::excerpt::{aligned, brief};
use super::slips::Slips;
use super::syntax;
use super::text::is_control;
use crate::finding::{File, Finding};

/// Deeper nesting than any source needs; it keeps recursion shallow.
const MAX_DEPTH: usize = 32;

/// A value and the bytes it stands on.
#[derive(Debug)]
pub struct Node {
    pub range: Range<usize>,
    pub kind: Kind,
}

#[derive(Debug)]
pub enum Kind {
    /// A scalar; `plain` when it was written without quotes, `block` under `|` or `>`.
    Scalar {
        text: String,
        plain: bool,
        block: bool,
    },
    List(Vec<Node>),
    /// Entries in their order. Keys are always scalars.
    Map(Vec<(Key, Node)>),
}

#[derive(Debug)]
pub struct Key {
    pub text: String,
    pub range: Range<usize>,
}

impl Node {
    /// The value under a key, when this is a map that has it.
    pub fn get(&self, key: &str) -> Option<&Node> {
        let Kind::Map(entries) = &self.kind else { return None };
        entries.iter().find(|(have, _)| have.text == key).map(|(_, node)| node)
    }

    /// The same, so many bytes further on.
    #[must_use]
    pub fn moved(self, by: usize) -> Self {
        if by == 0 {
            return self;
        }
        let on = |range: Range<usize>| range.start + by..range.end + by;
        let kind = match self.kind {
            Kind::List(items) => Kind::List(items.into_iter().map(|item| item.moved(by)).collect()),
            Kind::Map(entries) => {
                let moved = |(key, node): (Key, Self)| {
                    (Key { range: on(key.range), ..key }, node.moved(by))
                };
                Kind::Map(entries.into_iter().map(moved).collect())
            }
            scalar => scalar,
        };
        Self { range: on(self.range), kind }
    }

    /// This node with what only the one below it says; maps key by key.
    #[must_use]
    pub fn over(self, below: Self) -> Self {
        let kind = match (self.kind, below.kind) {
            (Kind::Map(mut own), Kind::Map(others)) => {
                for (key, node) in others {
                    match own.iter_mut().find(|(have, _)| have.text == key.text) {
                        Some((_, above)) => {
                            let blank = Self { range: 0..0, kind: Kind::List(Vec::new()) };
                            *above = std::mem::replace(above, blank).over(node);
                        }
                        None => own.push((key, node)),
                    }
                }
                Kind::Map(own)
            }
            (own, _) => own,
        };
        Self { range: self.range, kind }
    }

    /// The text of a scalar.
    pub fn scalar(&self) -> Option<&str> {
        match &self.kind {
            Kind::Scalar { text, .. } => Some(text),
            _ => None,
        }
    }
}

/// What a text gives: the tree, unless it cannot be read to its end, and what is wrong.
pub struct Parsed {
    pub tree: Option<Node>,
    pub findings: Vec<Finding>,
}

/// Parses a text.
pub fn parse<'a>(file: &'a Arc<File>, slips: &'a Slips<'a>) -> Parsed {
    let mut builder = Builder {
        file,
        slips,
        parser: Parser::new_from_str(&file.text),
        bytes: byte_offsets(&file.text),
        findings: Vec::new(),
    };
    let document = builder.document();
    let mut findings = builder.findings;
    let tree = match document {
        Ok(tree) => Some(tree),
        Err(stop) => {
            match stop {
                Stop::Syntax(at, message) => {
                    findings.extend(syntax::explain(file, at, &message, slips));
                }
                Stop::Finding(finding) => findings.push(*finding),
            }
            None
        }
    };
    Parsed { tree, findings }
}

/// The byte on which each character starts, and the length: saphyr counts in characters.
fn byte_offsets(text: &str) -> Vec<usize> {
    text.char_indices().map(|(at, _)| at).chain([text.len()]).collect()
}

/// Why parsing cannot go on.
enum Stop {
    Syntax(usize, String),
    Finding(Box<Finding>),
}

impl From<Finding> for Stop {
    fn from(finding: Finding) -> Self {
        Self::Finding(Box::new(finding))
    }
}

struct Builder<'a> {
    file: &'a Arc<File>,
    slips: &'a Slips<'a>,
    parser: Parser<'a, StrInput<'a>>,
    bytes: Vec<usize>,
    /// What is wrong without keeping the rest from being read.
    findings: Vec<Finding>,
}

impl<'a> Builder<'a> {
    fn document(&mut self) -> Result<Node, Stop> {
        loop {
            match self.next()? {
                (Event::StreamStart | Event::DocumentStart(_) | Event::Nothing, _) => {}
                (Event::StreamEnd, _) => return Err(self.empty().into()),
                (event, span) => {
                    let node = self.node(event, span, 0)?;
                    if node.range.is_empty() {
                        return Err(self.empty().into());
                    }
                    self.only_document()?;
                    return Ok(node);
                }
            }
        }
    }

    fn empty(&self) -> Finding {
        Finding::error("S03", "文件是空的")
            .at(self.file, 0..0)
            .help(syntax::outline(self.slips.schema()))
    }

    fn only_document(&mut self) -> Result<(), Stop> {
        loop {
            match self.next()? {
                (Event::StreamEnd, _) => return Ok(()),
                (Event::DocumentStart(_), span) => {
                    let range = self.range(span);
                    if self.file.text[range.end..].trim().is_empty() {
                        return Err(Finding::error("S03", "末尾的 --- 又开始了一份数据")
                            .at(self.file, range)
                            .help("删掉这一行")
                            .into());
                    }
                    return Err(Finding::error("S03", "一个文件里有两份 YAML 文档")
                        .at(self.file, range)
                        .label("第二份从这里开始")
                        .help("删掉单独一行的 --- 或 ...，或把第二份存成另一个文件")
                        .into());
                }
                _ => {}
            }
        }
    }

    fn next(&mut self) -> Result<(Event<'a>, Span), Stop> {
        match self.parser.next_event() {
            Some(Ok(event)) => Ok(event),
            Some(Err(error)) => {
                let at = self.byte(error.marker().index());
                Err(Stop::Syntax(at, error.info().to_owned()))
            }
            None => Ok((Event::StreamEnd, Span::default())),
        }
    }

    fn node(&mut self, event: Event<'a>, span: Span, depth: usize) -> Result<Node, Stop> {
        let mut range = self.range(span);
        if depth > MAX_DEPTH {
            return Err(Finding::error("S03", format!("嵌套超过 {MAX_DEPTH} 层"))
                .at(self.file, range)
                .help("检查缩进，或多余的 [ 与 {")
                .into());
        }
        let kind = match event {
            Event::Scalar(text, style, anchor, tag) => {
                self.no_anchor(anchor, tag.is_some(), &range);
                let plain = style == ScalarStyle::Plain;
                let block = matches!(style, ScalarStyle::Literal | ScalarStyle::Folded);
                if plain && range.is_empty() {
                    Kind::Scalar { text: String::new(), plain, block }
                } else {
                    range.end = self.trimmed_end(&range);
                    let text = self.unfold(text, style, &range);
                    self.no_controls(&text, &range);
                    Kind::Scalar { text, plain, block }
                }
            }
            Event::SequenceStart(anchor, tag) => {
                self.no_anchor(anchor, tag.is_some(), &range);
                let (list, end) = self.list(depth)?;
                range.end = end.max(range.end);
                Kind::List(list)
            }
            Event::MappingStart(anchor, tag) => {
                self.no_anchor(anchor, tag.is_some(), &range);
                let (map, end) = self.map(depth)?;
                range.end = end.max(range.end);
                Kind::Map(map)
            }
            _ => {
                return Err(syntax::alias().at(self.file, range).into());
            }
        };
        Ok(Node { range, kind })
    }

    fn list(&mut self, depth: usize) -> Result<(Vec<Node>, usize), Stop> {
        let mut nodes = Vec::new();
        loop {
            match self.next()? {
                (Event::SequenceEnd, span) => {
                    let end = nodes.last().map_or(0, |node: &Node| node.range.end);
                    return Ok((nodes, self.closing(span, end)));
                }
                (event, span) => nodes.push(self.node(event, span, depth + 1)?),
            }
        }
    }

    fn map(&mut self, depth: usize) -> Result<(Vec<(Key, Node)>, usize), Stop> {
        let mut entries: Vec<(Key, Node)> = Vec::new();
        loop {
            let (event, span) = self.next()?;
            if event == Event::MappingEnd {
                let end = entries.last().map_or(0, |(_, node)| node.range.end);
                return Ok((entries, self.closing(span, end)));
            }
            let key = self.key(event, span, depth)?;
            let (event, span) = self.next()?;
            let node = self.node(event, span, depth + 1)?;
            match entries.iter().find(|(have, _)| have.text == key.text) {
                Some((first, _)) => {
                    let (line, _) = self.file.line_column(first.range.start);
                    self.findings.push(
                        Finding::error("S04", format!("“{}”写了两遍", brief(&key.text)))
                            .at(self.file, key.range)
                            .label(format!("第 {line} 行已有"))
                            .help("留一个，删一个"),
                    );
                }
                None => entries.push((key, node)),
            }
        }
    }

    fn key(&mut self, event: Event<'a>, span: Span, depth: usize) -> Result<Key, Stop> {
        let node = self.node(event, span, depth + 1)?;
        match node.kind {
            Kind::Scalar { text, .. } => Ok(Key { text, range: node.range }),
            Kind::Map(_) if self.file.text[..node.range.start].ends_with('{') => {
                Err(syntax::unquoted(self.file, node.range.start - 1).into())
            }
            _ => Err(Finding::error("S03", "键必须是文字")
                .at(self.file, node.range)
                .help("冒号前面只写一个名字")
                .into()),
        }
    }

    fn no_anchor(&mut self, anchor: usize, tagged: bool, range: &Range<usize>) {
        if anchor > 0 || tagged {
            self.findings.push(syntax::tagged().at(self.file, range.clone()));
        }
    }

    /// The file holds no control characters, but escapes could write them.
    fn no_controls(&mut self, text: &str, range: &Range<usize>) {
        if let Some(c) = text.chars().find(|c| is_control(*c)) {
            self.findings.push(
                Finding::error("S02", format!("文字里有控制字符 U+{:04X}", c as u32))
                    .at(self.file, range.clone())
                    .help("双引号里的 \\ 有特别的意思：改用单引号，或写成 \\\\"),
            );
        }
    }

    /// A flow collection ends with its bracket, a block collection with its last value.
    fn closing(&self, span: Span, last: usize) -> usize {
        let end = self.byte(span.end.index());
        let closes = self.file.text[..end].ends_with([']', '}']) && end > last;
        if closes { end } else { last }
    }

    fn byte(&self, character: usize) -> usize {
        self.bytes[character.min(self.bytes.len() - 1)]
    }

    fn range(&self, span: Span) -> Range<usize> {
        let start = self.byte(span.start.index());
        start..self.byte(span.end.index()).max(start)
    }

    /// The parser lets a multi-line scalar run into the white space behind it.
    fn trimmed_end(&self, range: &Range<usize>) -> usize {
        range.start + self.file.text[range.clone()].trim_end().len()
    }

    /// YAML folds a line end into a space; beside a Han character, and between expressions, there
    /// is none.
    fn unfold(&self, text: Cow<'_, str>, style: ScalarStyle, range: &Range<usize>) -> String {
        let raw = &self.file.text[range.clone()];
        let folds = style != ScalarStyle::Literal && raw.contains('\n');
        if folds { without_folded_spaces(raw, &text) } else { text.into_owned() }
    }
}

/// Drops the spaces that stand for a line end beside a Han character; a typed space stays.
fn without_folded_spaces(raw: &str, text: &str) -> String {
    let folded: BTreeSet<usize> = aligned(raw, text)
        .into_iter()
        .filter(|(_, at)| raw[*at..].trim_start_matches([' ', '\t', '\r']).starts_with('\n'))
        .map(|(at, _)| at)
        .collect();
    let runs_on = |at: usize| {
        let [last, next] = [text[..at].chars().next_back(), text[at..].chars().nth(1)];
        let any = |is: fn(char) -> bool| last.is_some_and(is) || next.is_some_and(is);
        let braces = |c: Option<char>| c.is_some_and(|c| matches!(c, '{' | '}'));
        any(is_han_or_mark) || braces(last) && braces(next)
    };
    text.char_indices()
        .filter(|(at, c)| !(*c == ' ' && folded.contains(at) && runs_on(*at)))
        .map(|(_, c)| c)
        .collect()
}

fn is_han_or_mark(c: char) -> bool {
    matches!(c, '\u{2E80}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}' | '\u{FF00}'..='\u{FFEF}'
        | '\u{20000}'..='\u{3FFFF}' | '“' | '”' | '‘' | '’' | '…' | '—')
}
