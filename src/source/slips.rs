//! Usual slips of the hand that YAML takes for something else, or for nothing: full-width
//! punctuation, missing spaces, tabs.
//!
//! They are looked for only when something is wrong, and only around keys that the schema knows:
//! a text may hold any of these characters.

use std::cell::OnceCell;
use std::collections::BTreeSet;
use std::sync::Arc;

use serde_json::Value as Schema;

use super::scalar::Place;
use crate::finding::{File, Finding};

const COLON_HELP: &str = "键后面写半角冒号加一个空格，例如“年度: 2023”";
const DASH_HELP: &str = "清单的每一项用“- ”开头：半角减号加一个空格";

/// The slips of a file, found when first asked for.
pub struct Slips<'a> {
    file: &'a Arc<File>,
    schema: &'a Schema,
    keys: OnceCell<BTreeSet<String>>,
    found: OnceCell<Vec<Finding>>,
}

impl<'a> Slips<'a> {
    pub fn new(file: &'a Arc<File>, schema: &'a Schema) -> Self {
        Self { file, schema, keys: OnceCell::new(), found: OnceCell::new() }
    }

    pub fn schema(&self) -> &'a Schema {
        self.schema
    }

    pub fn all(&self) -> &[Finding] {
        self.found.get_or_init(|| {
            let keys = self.keys();
            let mut scanner =
                Scanner { file: self.file, keys, at: 0, column: 0, found: Vec::new() };
            scanner.lines();
            scanner.found
        })
    }

    /// Every key that the schema knows.
    pub fn keys(&self) -> &BTreeSet<String> {
        self.keys.get_or_init(|| {
            let mut keys = BTreeSet::new();
            collect_keys(self.schema, &mut keys);
            keys
        })
    }

    /// The slips in a stretch of the file.
    pub fn within(&self, place: &Place) -> Vec<Finding> {
        let inside = |finding: &&Finding| {
            finding.spot.as_ref().is_some_and(|spot| place.contains(&spot.range.start))
        };
        self.all().iter().filter(inside).cloned().collect()
    }
}

/// Every key that a schema knows, wherever it may stand.
fn collect_keys(schema: &Schema, keys: &mut BTreeSet<String>) {
    match schema {
        Schema::Object(map) => {
            if let Some(properties) = map.get("properties").and_then(Schema::as_object) {
                keys.extend(properties.keys().cloned());
            }
            map.values().for_each(|schema| collect_keys(schema, keys));
        }
        Schema::Array(items) => items.iter().for_each(|schema| collect_keys(schema, keys)),
        _ => {}
    }
}

/// Reads a text as its writer meant it: lines, keys, brackets.
struct Scanner<'a> {
    file: &'a Arc<File>,
    keys: &'a BTreeSet<String>,
    at: usize,
    /// Where on its line the last key or dash stands: the text of a block is indented deeper.
    column: usize,
    found: Vec<Finding>,
}

impl<'a> Scanner<'a> {
    fn rest(&self) -> &'a str {
        let file: &'a File = self.file;
        &file.text[self.at..]
    }

    fn find(&mut self, place: Place, message: impl Into<String>, help: &str) {
        self.found.push(Finding::error("S05", message).at(self.file, place).help(help));
    }

    fn lines(&mut self) {
        let mut in_block = false;
        while !self.rest().is_empty() {
            let line = self.rest().lines().next().unwrap_or_default();
            let body = line.trim_start();
            let indent = line.len() - body.len();
            in_block &= body.is_empty() || indent > self.column;
            if in_block || body.is_empty() || body.starts_with('#') {
                self.skip_line();
                continue;
            }
            if self.wrapper(body.trim_end(), indent) {
                self.skip_line();
                continue;
            }
            self.indentation(&line[..indent]);
            self.at += indent;
            self.column = indent;
            in_block = self.line();
            self.skip_line();
        }
    }

    /// A line that wraps a text elsewhere, and came along when it was copied.
    fn wrapper(&mut self, line: &str, indent: usize) -> bool {
        let Some(first) = line.chars().next() else { return false };
        let run = line.chars().take_while(|c| *c == first).count();
        let whole = run == line.chars().count();
        let place = self.at + indent..self.at + indent + line.len();
        let (message, help) = match first {
            '`' | '~' if run >= 3 => (
                format!("“{line}”是聊天、网页里包代码的标记（Markdown），不是数据"),
                "删掉这一行；开头和末尾各有一行的，两行都删",
            ),
            '=' | '*' | '_' | '＝' | '—' | '─' | '━' | '+' if whole && run >= 3 => {
                ("这一行只是一道分隔线，不是数据".to_owned(), "删掉这一行，或在前面加 # 和一个空格")
            }
            '-' if whole && run > 3 => {
                ("这一行只是一道分隔线，不是数据".to_owned(), "删掉这一行，或在前面加 # 和一个空格")
            }
            '<' if line.ends_with('>') => {
                (format!("“{line}”是网页的标记，不是数据"), "删掉这一行，和末尾与它成对的那一行")
            }
            '>' if indent == 0 && line[1..].contains([':', '-']) => (
                "行首的“>”是邮件、聊天里的引用号，不是数据".to_owned(),
                "删掉每一行前面的“>”和一个空格",
            ),
            _ => return false,
        };
        // A text that was quoted has the mark before every line.
        if first != '>' || self.found.iter().all(|slip| slip.message != message) {
            self.find(place, message, help);
        }
        true
    }

    fn skip_line(&mut self) {
        self.at += self.rest().find('\n').map_or(self.rest().len(), |end| end + 1);
    }

    fn indentation(&mut self, indent: &str) {
        let Some((at, odd)) = indent.char_indices().find(|(_, c)| *c != ' ') else { return };
        let run = indent[at..].chars().take_while(|c| *c == odd).count() * odd.len_utf8();
        let place = self.at + at..self.at + at + run;
        match odd {
            '\t' => self.find(place, "缩进里有制表符（Tab）", "缩进只用空格，每级两个"),
            '\u{3000}' => self.find(place, "缩进里有全角空格", "缩进只用半角空格，每级两个"),
            _ => {
                let message = format!("缩进里有特殊的空格（U+{:04X}）", odd as u32);
                self.find(place, message, "缩进只用半角空格，每级两个");
            }
        }
    }

    /// Reads a line behind its indentation; says whether the text of a block follows.
    fn line(&mut self) -> bool {
        while self.rest().starts_with("- ") {
            self.at += 2;
            self.column += 2;
            self.spaces();
        }
        self.odd_dash();
        if !self.key() {
            self.unknown_key();
        }
        self.value();
        self.rest().starts_with(['|', '>'])
    }

    /// A dash that YAML does not take for one, before a known key.
    fn odd_dash(&mut self) {
        let Some(dash) = self.rest().chars().next().filter(|c| "-－—–".contains(*c)) else {
            return;
        };
        let place = self.at..self.at + dash.len_utf8();
        self.at = place.end;
        self.spaces();
        if self.known_key().is_none() {
            self.at = place.start;
        } else if dash == '-' {
            self.find(place, "“-”后面少一个空格", DASH_HELP);
        } else {
            self.find(place, format!("这里用了全角“{dash}”"), DASH_HELP);
        }
    }

    fn spaces(&mut self) {
        self.at += self.rest().len() - self.rest().trim_start_matches(' ').len();
    }

    /// The bytes up to the colon when a known key stands here.
    fn known_key(&self) -> Option<usize> {
        let colon = self.rest().find([':', '：', '\n', ',', '，'])?;
        let name = self.rest()[..colon].trim().trim_matches(['"', '\'']);
        let is_colon = self.rest()[colon..].starts_with([':', '：']);
        (is_colon && self.keys.contains(name)).then_some(colon)
    }

    /// Passes a known key and its colon, when they stand here.
    fn key(&mut self) -> bool {
        let Some(length) = self.known_key() else { return false };
        self.at += length;
        let start = self.at;
        let mut next = self.rest().chars();
        let colon = next.next().unwrap_or(':');
        self.at += colon.len_utf8();
        match next.next() {
            _ if colon == '：' => {
                self.find(start..self.at, "这里用了全角冒号“：”", COLON_HELP);
            }
            Some('\t') => self.find(self.at..self.at + 1, "这里有制表符（Tab）", "改成空格"),
            Some(c) if !c.is_whitespace() => {
                self.find(start..self.at, "冒号后面少一个空格", COLON_HELP);
            }
            _ => {}
        }
        true
    }

    /// Passes a key that no schema knows, such as a word to be explained.
    fn unknown_key(&mut self) {
        let line = self.rest().lines().next().unwrap_or_default();
        if !line.starts_with(['"', '\'', '{', '[', '｛', '［'])
            && let Some(colon) = line.find(": ")
        {
            self.at += colon + 1;
        }
    }

    /// Reads what stands behind a key or dash, as far as it may hold keys of its own.
    fn value(&mut self) {
        self.spaces();
        match self.rest().chars().next() {
            Some(quote @ ('"' | '\'')) => self.quoted(quote),
            Some('{' | '[' | '｛' | '［') => self.flow(),
            _ => {}
        }
    }

    /// Passes a text in quotes, over as many lines as it takes.
    fn quoted(&mut self, quote: char) {
        let mut characters = self.rest().char_indices().skip(1);
        while let Some((at, c)) = characters.next() {
            if c == '\\' && quote == '"' {
                characters.next();
            } else if c == quote {
                self.at += at + 1;
                return;
            }
        }
        self.at += self.rest().len();
    }

    /// Reads what stands in brackets, to the last one that closes.
    fn flow(&mut self) {
        let mut depth = 0;
        while let Some(c) = self.rest().chars().next() {
            let start = self.at;
            if matches!(c, '"' | '\'') {
                self.quoted(c);
                continue;
            }
            self.at += c.len_utf8();
            match c {
                '{' | '[' | '｛' | '［' => depth += 1,
                '}' | ']' | '｝' | '］' => depth -= 1,
                _ => {}
            }
            if depth == 0 {
                return;
            }
            if matches!(c, '{' | '[' | ',' | '｛' | '［' | '，' | '、' | '；') {
                self.entry(c, start);
            }
        }
    }

    /// Reads the start of an item, behind the bracket or comma at `start`.
    fn entry(&mut self, opener: char, start: usize) {
        let blank = self.rest().len() - self.rest().trim_start().len();
        self.at += blank;
        let place = start..start + opener.len_utf8();
        if self.known_key().is_some() {
            match opener {
                '｛' | '［' => {
                    self.find(
                        place,
                        format!("这里用了全角括号“{opener}”"),
                        "改成半角的 { } 或 [ ]",
                    );
                }
                '，' => {
                    let help = "{ } 和 [ ] 里的各项之间写半角逗号加一个空格";
                    self.find(place, "这里用了全角逗号“，”", help);
                }
                _ => {}
            }
        }
        self.key();
    }
}
