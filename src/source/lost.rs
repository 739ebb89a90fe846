//! Text that YAML drops, swallows or prints, though its writer meant a mark: `#`, a key, `- `.
//!
//! Quotes say that a text is meant as it stands, so a text on one line in quotes is never accused.

use std::collections::BTreeSet;
use std::sync::{Arc, LazyLock};

use regex::Regex;

use super::excerpt::{brief, place_within};
use super::scalar::Place;
use super::text::is_sentence;
use crate::finding::{File, Finding, Severity};

/// A scalar whose text is to be judged.
pub struct Scalar<'a> {
    pub file: &'a Arc<File>,
    pub range: &'a Place,
    /// Without quotes, on its own line or lines.
    pub plain: bool,
    /// Under `|` or `>`.
    pub block: bool,
    pub keys: &'a BTreeSet<String>,
}

const CODE: &str = "S17";
/// What begins an item of a list, in prose.
const BULLETS: &str = "-－–−—•●▪*＊+■◆▶►➢➤·";
const QUOTE: &str = "真要这样印，就把整段文字放进英文双引号";

impl Scalar<'_> {
    pub fn findings(&self) -> Vec<Finding> {
        let mut found = Vec::new();
        if self.plain {
            found.extend(self.dropped());
            found.extend(self.opener());
        }
        if self.plain || self.block {
            found.extend(self.unended());
            for (at, line) in self.lines() {
                let starts_line = self.block || at > self.range.start;
                let key = starts_line.then(|| self.key(at, line)).flatten();
                found.extend(key.or_else(|| self.dash(at, line, starts_line)));
                found.extend(self.printed_comment(at, line));
            }
        }
        found
    }

    fn find(&self, place: Place, message: impl Into<String>, help: impl Into<String>) -> Finding {
        Finding::warning(CODE, message).at(self.file, place).help(help)
    }

    /// The lines of the text without their indentation, and where each begins.
    fn lines(&self) -> Vec<(usize, &str)> {
        let raw = &self.file.text[self.range.clone()];
        let mut at = self.range.start;
        let mut lines = Vec::new();
        for line in raw.split('\n') {
            let body = line.trim_start();
            let is_header = self.block && lines.is_empty() && is_header(body);
            if !is_header && !body.is_empty() {
                lines.push((at + line.len() - body.len(), body.trim_end()));
            }
            at += line.len() + 1;
        }
        lines
    }

    /// What stands behind ` #` is dropped: a note, or a part of the text?
    fn dropped(&self) -> Option<Finding> {
        let rest = self.file.text[self.range.end..].lines().next().unwrap_or_default();
        let comment = rest.trim_start();
        let gap = rest.len() - comment.len();
        let note = comment.strip_prefix('#').filter(|_| gap > 0)?;
        let text = &self.file.text[self.range.clone()];
        let joins = match note.trim_start_matches('#').chars().next()? {
            c if c.is_ascii_alphanumeric() => true,
            c if c.is_whitespace() => gap == 1 && !is_sentence(text) && is_sentence(note),
            _ => gap == 1 || !is_sentence(text) && is_sentence(note),
        };
        let start = self.range.end + gap;
        joins.then(|| {
            let message = "“ #”后面的字是注释，不会印出来";
            let help = "要印出来，就把整段文字放进英文双引号；是注释，就在“#”前后各空两格、一格";
            self.find(start..start + comment.trim_end().len(), message, help)
        })
    }

    /// Full-width marks at the start of a value, where half-width ones would mean something.
    fn opener(&self) -> Option<Finding> {
        let text = self.file.text[self.range.clone()].trim();
        let first = text.chars().next()?;
        let last = text.chars().next_back()?;
        let after = text[first.len_utf8()..].trim_start_matches(['-', '+', '－', '＋']);
        let after = after.trim_start_matches(|c: char| c.is_ascii_digit());
        let place = self.range.start..self.range.start + first.len_utf8();
        let wide = |what: &str, half: &str| {
            let mark =
                if what == "引号" { format!("{first} {last}") } else { format!("“{first}”") };
            let message = format!("这里用了全角{what} {mark}，它会印出来");
            Some(self.find(place.clone(), message, format!("改成半角的 {half}；{QUOTE}")))
        };
        let whole = text.matches(first).count() == 1;
        match (first, last) {
            ('＞', _) if after.is_empty() || after.starts_with(char::is_whitespace) => {
                wide("大于号", ">")
            }
            ('｜', _) if after.is_empty() || after.starts_with(char::is_whitespace) => {
                wide("竖线", "|")
            }
            ('“', '”') | ('‘', '’') if whole => wide("引号", "\"…\""),
            ('＂', '＂') | ('＇', '＇') => wide("引号", "\"…\""),
            ('［', '］') | ('｛', '｝') if whole => wide("括号", "[ ] 或 { }"),
            _ => None,
        }
    }

    /// An item on a line of its own that runs on into the next, for line ends print nothing.
    fn unended(&self) -> Vec<Finding> {
        if self.file.text[self.range.clone()].starts_with('|') {
            return Vec::new();
        }
        let lines = self.lines();
        let runs_on = |pair: &&[(usize, &str)]| {
            begins_item(pair[1].1) && pair[0].1.ends_with(char::is_alphanumeric)
        };
        let told = lines.windows(2).filter(runs_on).map(|pair| {
            let (at, line) = pair[0];
            let start = at + line.char_indices().next_back().map_or(0, |(last, _)| last);
            let message = "这一行末尾没有标点，印出来与下一行连在一起";
            let help = "补上句号或分号；各占一段的，把上面的 >- 改成 |";
            self.find(start..at + line.len(), message, help)
        });
        told.collect()
    }

    /// A key that stands too deep is text of the value above it.
    fn key(&self, at: usize, line: &str) -> Option<Finding> {
        let colon = line.find([':', '：'])?;
        let (name, value) = (line[..colon].trim_end(), &line[colon..]);
        let name = name.trim_start_matches("- ").trim_matches(['"', '\'']);
        let is_key = match value.strip_prefix(':') {
            Some(value) => value.is_empty() || value.starts_with(char::is_whitespace),
            None => !is_sentence(value) && value.chars().count() <= 20,
        };
        (is_key && self.keys.contains(name)).then(|| {
            let message = format!("“{name}”在这里是上面那一项的文字，不是键");
            let help = format!("是键就少缩进，与它同级的键对齐，后面用半角冒号加空格；{QUOTE}");
            self.find(at..at + colon, message, help)
        })
    }

    /// An item that stands too deep, or under `>-`, is text.
    fn dash(&self, at: usize, line: &str, starts_line: bool) -> Option<Finding> {
        let dash = line.chars().next().filter(|c| BULLETS.contains(*c))?;
        let after = &line[dash.len_utf8()..];
        let is_item = match dash {
            '—' => after.starts_with(' '),
            '-' => starts_line && after.starts_with(|c: char| !c.is_ascii() || c == ' '),
            '*' | '+' => starts_line && after.starts_with([' ', '\u{3000}']),
            '－' => true,
            _ => starts_line,
        };
        (is_item && !after.trim().is_empty()).then(|| {
            let message = format!("“{dash}”在这里是文字，会印出来，不是清单的一项");
            let help = format!(
                "清单的每一项用“- ”（半角减号加一个空格）开头，各项对齐，上面的键后面不写 >- 或 |；{QUOTE}"
            );
            self.find(at..at + dash.len_utf8(), message, help)
        })
    }

    /// Under `|` and `>` a `#` begins no comment, nor anywhere behind a mark or a wide blank; a
    /// full-width one never does.
    fn printed_comment(&self, at: usize, line: &str) -> Option<Finding> {
        let (start, mark) = line.char_indices().find(|(start, c)| {
            let before = &line[..*start];
            let after = line[start + c.len_utf8()..].trim_start_matches(['#', '＃']);
            let begins = before.is_empty()
                || before.ends_with(char::is_whitespace)
                || before.ends_with(['。', '；', '！', '？']);
            let is_mark = matches!(c, '#' | '＃');
            let next = after.chars().next();
            is_mark && begins && next.is_some_and(|c| !c.is_ascii_alphanumeric() && c != '}')
        })?;
        let message = format!("“{mark}”在这里不是注释，它和后面的字会印出来");
        let help = match mark {
            '＃' => "注释用半角的 #，前面空一格；真要印，就把整段文字放进英文双引号".to_owned(),
            _ if self.block => format!("把注释移到 >- 或 | 的那一行的后面，或移到上一行；{QUOTE}"),
            _ => format!("是注释，就在“#”前后各空两格、一格；{QUOTE}"),
        };
        Some(self.find(at + start..at + line.len(), message, help))
    }
}

/// Several items in one: a full-width comma does not part the items of a list. Whoever parts others
/// rightly means a 、 as it stands.
pub fn undivided(file: &Arc<File>, place: &Place, text: &str, alone: bool) -> Option<Finding> {
    let mut depth = 0_usize;
    let (at, mark) = text.char_indices().find(|(_, c)| {
        match c {
            '（' | '(' | '《' | '“' | '〔' => depth += 1,
            '）' | ')' | '》' | '”' | '〕' => depth = depth.saturating_sub(1),
            _ => {}
        }
        depth == 0 && (matches!(c, '，' | '；' | '｜' | ';' | '|') || *c == '、' && alone)
    })?;
    let start = place.start + at;
    let message = format!("“{mark}”不能把清单分成几项，这里只算一项");
    let help = format!("各项之间写半角逗号加一个空格，或每项另起一行、前面写“- ”；{QUOTE}");
    Some(Finding::warning(CODE, message).at(file, start..start + mark.len_utf8()).help(help))
}

/// Several items in one: nothing but a line end or a blank parts them. Sentences (`prose`) may run
/// over lines.
pub fn run_together(file: &Arc<File>, place: &Place, prose: bool) -> Option<Finding> {
    let raw = &file.text[place.clone()];
    let mut at = 0;
    loop {
        let start = at + raw[at..].find(char::is_whitespace)?;
        let end = start + raw[start..].find(|c: char| !c.is_whitespace())?;
        let breaks = raw[start..end].contains('\n');
        let parts = match prose {
            true => breaks && is_sentence(&raw[..start]),
            false => breaks || are_names(raw),
        };
        if parts {
            let what = if breaks { "换行" } else { "空格" };
            let message = format!("{what}不能把清单分成几项，这里只算一项");
            let help = format!("各项之间写半角逗号加一个空格，或每项另起一行、前面写“- ”；{QUOTE}");
            let word = raw[..start].rsplit(char::is_whitespace).next().map_or(0, str::len);
            let place = place.start + start - word..place.start + start;
            return Some(Finding::warning(CODE, message).at(file, place).help(help));
        }
        at = end;
    }
}

/// 综合处 业务处: names beside each other, not one name with a blank in it (港池 疏浚).
fn are_names(text: &str) -> bool {
    let is_han = |c: char| matches!(c, '\u{4E00}'..='\u{9FFF}');
    let words: Vec<&str> = text.split_whitespace().collect();
    let ends: BTreeSet<Option<char>> = words.iter().map(|it| it.chars().next_back()).collect();
    words.len() > 1
        && words.iter().all(|word| word.chars().count() > 1 && word.chars().all(is_han))
        && (words.len() > 2 || ends.len() == 1)
}

/// A number in front of an item that the report numbers itself.
pub fn numbered(file: &Arc<File>, place: &Place, text: &str) -> Option<Finding> {
    let number = item_number(text)?;
    let message = format!("“{number}”是序号，程序会再印一个");
    let place = place_within(file, place, text, 0..number.len());
    Some(Finding::warning(CODE, message).at(file, place).help("删掉各项前面自己写的序号"))
}

/// Marks of web pages, Markdown and programs: they print as they stand, in quotes, too.
pub fn markup(file: &Arc<File>, place: &Place, text: &str) -> Vec<Finding> {
    static MARKUP: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(concat!(
            r"(?i)(?P<line>\\r\\n|\\[nrt](?:[^a-z]|$)|</?(?:br|p|div|li|tr)\b[^<>{}]*>)",
            r"|(?P<blank>&(?:nbsp|emsp|ensp|#160);)",
            r"|(?P<bold>\*\*[^*{}\s][^*{}]*\*\*|~~[^~{}]+~~|__[^_{}\s]+__)",
            r"|(?P<mark></[abiu]>|</?(?:em|strong|span|font|sub|sup|ul|ol|table|td|th|img|h\d)\b[^<>{}]*>",
            r"|<!--[^{}]*?-->|`[^`{}]+`|!?\[[^\[\]{}]+\]\((?:https?:|/|\.)[^(){}\s]*\)",
            r"|\\u[0-9a-f]{4}|\\x[0-9a-f]{2}",
            r"|&(?:[lg]t|amp|quot|[lr]dquo|[lr]squo|mdash|hellip|middot|#x?\d+);)",
        ))
        .expect("the pattern is valid")
    });
    let mut found: Vec<Finding> = Vec::new();
    // Few texts hold any of these, and the pattern is dear.
    if !text.contains(['\\', '<', '&', '*', '~', '_', '`', '[']) {
        return found;
    }
    for marks in MARKUP.captures_iter(text) {
        let Some(whole) = marks.get(0) else { continue };
        let before = &text[..whole.start()];
        // What stands in an expression is not printed as it stands.
        if before.matches("{{").count() > before.matches("}}").count() {
            continue;
        }
        let range = match whole.as_str().strip_prefix('\\') {
            Some(_) if marks.name("line").is_some() && whole.as_str() != "\\r\\n" => {
                whole.start()..whole.start() + 2
            }
            _ => whole.range(),
        };
        let (what, help) = match () {
            () if marks.name("line").is_some() => {
                ("换行的记号", "删掉它；要分行，在键后面写 |-，下面一行一段")
            }
            () if marks.name("blank").is_some() => ("空格的记号", "删掉它，或改成普通的空格"),
            () if marks.name("bold").is_some() => {
                ("加粗、删除线的记号", "删掉前后的记号；字体、字形由表式定")
            }
            () => ("网页、程序的记号", "删掉它，或改成它所表示的字"),
        };
        let message = format!("“{}”是{what}，在这里会照样印出来", brief(&text[range.clone()]));
        if found.iter().all(|other| other.message != message) {
            let place = place_within(file, place, text, range);
            found.push(Finding::warning(CODE, message).at(file, place).help(help));
        }
    }
    found
}

/// What stands in `{# … #}` is not printed. On lines of its own in a block, where YAML has no comments,
/// it is one and nothing is told.
pub fn hidden(file: &Arc<File>, place: &Place, block: bool) -> Vec<Finding> {
    static COMMENT: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r"(?s)\{#[-+]?(.*?)[-+]?#\}").expect("the pattern is valid"));
    let raw = &file.text[place.clone()];
    let shares_line = |range: &Place| {
        let before = raw[..range.start].rsplit('\n').next().unwrap_or_default();
        let after = raw[range.end..].split('\n').next().unwrap_or_default();
        !block || !before.trim().is_empty() || !after.trim().is_empty()
    };
    let told = COMMENT.captures_iter(raw).filter_map(|found| {
        let (whole, words) = (found.get(0)?.range(), found[1].trim());
        let message = format!("“{}”在 {{# #}} 里，不会印出来", brief(words));
        let help = "要印的去掉 {# 和 #}；不印的删掉，或在 >- 下面自成一行";
        let at = place.start + whole.start..place.start + whole.end;
        let finding = Finding::new(CODE, Severity::Info, message).at(file, at).help(help);
        (shares_line(&whole) && !words.is_empty()).then_some(finding)
    });
    told.collect()
}

/// `>-`, `|2`, perhaps with a comment.
fn is_header(line: &str) -> bool {
    line.strip_prefix(['|', '>']).is_some_and(|rest| {
        let rest = rest.trim_start_matches(|c: char| matches!(c, '-' | '+') || c.is_ascii_digit());
        rest.trim().is_empty() || rest.trim_start().starts_with('#')
    })
}

fn begins_item(line: &str) -> bool {
    item_number(line).is_some()
}

/// 1. （一） 一、 二是: what begins an item of a list in prose.
fn item_number(line: &str) -> Option<&str> {
    let bare = line.trim_start_matches(['（', '(']);
    let behind = bare.trim_start_matches(|c: char| {
        c.is_ascii_digit() || "一二三四五六七八九十".contains(c) || ('①'..='⑳').contains(&c)
    });
    let (number, end) = (bare.chars().next()?, line.len() - behind.len());
    let mut rest = behind.chars();
    let mark = rest.next().unwrap_or_default();
    let is_number = match mark {
        _ if behind.len() == bare.len() => false,
        '.' | '．' => rest.next().is_some_and(|c| !c.is_ascii_digit()),
        '、' | '）' | ')' => true,
        '是' => !number.is_ascii_digit(),
        _ => return ('①'..='⑳').contains(&number).then(|| &line[..end]),
    };
    is_number.then(|| &line[..end + mark.len_utf8()])
}
