//! Where exactly values stand: with their dashes, colons, block headers and closing quotes, which
//! the tree does not keep.

use std::ops::Range;

use crate::source::tree::{Kind, Node};

/// How a value is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    Missing,
    Plain,
    /// In ' or ".
    Quoted(char),
    /// After | or >, on lines of its own.
    Lines,
    /// In [ ] or { }.
    Flow,
    /// A map or list in lines.
    Block,
}

/// A value, from its first to its last character.
#[derive(Debug)]
pub struct Site {
    pub range: Range<usize>,
    pub style: Style,
    pub entries: Vec<Entry>,
}

/// An entry of a map or list.
#[derive(Debug)]
pub struct Entry {
    /// Where its key, dash, or value in brackets starts.
    pub start: usize,
    /// Behind its colon or dash.
    pub opened: usize,
    pub site: Site,
}

impl Entry {
    pub fn end(&self) -> usize {
        self.site.range.end.max(self.opened)
    }
}

impl Site {
    /// The sites of a whole text.
    pub fn new(text: &str, node: &Node) -> Self {
        site(text, node, 0)
    }

    pub fn is_flow(&self) -> bool {
        self.style == Style::Flow
    }
}

/// The site of a value that starts at or after `from`.
fn site(text: &str, node: &Node, from: usize) -> Site {
    let missing = || Site { range: from..from, style: Style::Missing, entries: Vec::new() };
    match &node.kind {
        Kind::Scalar { plain: true, .. } if node.range.is_empty() => missing(),
        Kind::Scalar { plain, .. } => {
            let (range, style) = scalar(text, &node.range, *plain, from);
            Site { range, style, entries: Vec::new() }
        }
        Kind::List(items) => collection(text, from, |entries, flow, at| {
            for item in items {
                let before = entries.last().map_or(at, Entry::end);
                let start = if flow { item.range.start } else { skip_blank(text, before) };
                let opened = if flow { start } else { start + 1 };
                entries.push(Entry { start, opened, site: site(text, item, opened) });
            }
        }),
        Kind::Map(map) => collection(text, from, |entries, _, _| {
            for (key, value) in map {
                let colon = skip_blank(text, key.range.end);
                let has_colon = text[colon..].starts_with(':');
                let opened = if has_colon { colon + 1 } else { key.range.end };
                let start = key.range.start;
                entries.push(Entry { start, opened, site: site(text, value, opened) });
            }
        }),
    }
}

fn collection(text: &str, from: usize, fill: impl Fn(&mut Vec<Entry>, bool, usize)) -> Site {
    let first = skip_blank(text, from);
    let flow = text[first..].starts_with(['[', '{']);
    let mut entries = Vec::new();
    fill(&mut entries, flow, if flow { first + 1 } else { first });
    let last = entries.last().map_or(first, Entry::end);
    let end = if flow { bracket(text, last.max(first + 1)) } else { last };
    let style = if flow { Style::Flow } else { Style::Block };
    Site { range: first..end, style, entries }
}

/// Behind the bracket that closes after the last entry, and perhaps a comma.
fn bracket(text: &str, last: usize) -> usize {
    let at = skip_blank(text, last);
    let at = if text[at..].starts_with(',') { skip_blank(text, at + 1) } else { at };
    (at + 1).min(text.len())
}

fn scalar(text: &str, range: &Range<usize>, plain: bool, from: usize) -> (Range<usize>, Style) {
    if plain {
        return (range.clone(), Style::Plain);
    }
    let start = skip_blank(text, from);
    match text[start..].chars().next() {
        Some('|' | '>') => (start..range.end.max(start + 1), Style::Lines),
        Some(quote) => (start..closing(text, start, quote), Style::Quoted(quote)),
        None => (range.clone(), Style::Plain),
    }
}

/// Behind the quote that closes the one at `start`.
fn closing(text: &str, start: usize, quote: char) -> usize {
    let mut rest = text[start..].char_indices().skip(1).peekable();
    while let Some((at, c)) = rest.next() {
        let next = rest.peek().map(|(_, c)| *c);
        match c {
            '\\' if quote == '"' => drop(rest.next()),
            '\'' if quote == '\'' && next == Some('\'') => drop(rest.next()),
            _ if c == quote => return start + at + 1,
            _ => {}
        }
    }
    text.len()
}

/// The first character from `at` that is neither white space nor comment.
pub fn skip_blank(text: &str, at: usize) -> usize {
    let mut at = at;
    loop {
        let rest = &text[at..];
        at += rest.len() - rest.trim_start().len();
        match text[at..].starts_with('#') {
            true => at += text[at..].find('\n').unwrap_or(text.len() - at),
            false => return at,
        }
    }
}
