//! What keeps a text from being YAML, in the words of somebody who has never heard of YAML.

use std::sync::Arc;

use serde_json::Value as Schema;

use super::excerpt::brief;
use super::slips::Slips;
use crate::finding::{File, Finding};

const TAGGED: &str = "这里用了 YAML 的锚点（&名字）或标签（!名字）";
const QUOTED: &str = "整段文字放进英文双引号，例如 \"…\"";
/// A text that begins with a bracket.
pub const BRACKET: &str = "文字里有 [ ] 或 { } 的，整段文字放进英文双引号；或改用【】、（）";
const HASH: &str = "“ #”后面的字都成了注释，括号也在里面：整段文字放进英文双引号";
/// A dash alone in the place of a value.
const DASH: &str = "没有数就写 0，没有这一项就删掉；要的就是横线，加引号";
/// A text with a colon and a blank in it.
pub const COLON: &str =
    "半角冒号加空格（: ）前面的字被当成了键。是文字的，整段文字放进英文双引号，或改用全角冒号“：”";

/// Explains a parse error at byte `at`: by a slip when one stands on that line or beside
/// it, else by what stands there.
pub fn explain(file: &Arc<File>, at: usize, message: &str, slips: &Slips) -> Vec<Finding> {
    let mut findings = slips.all().to_vec();
    let explains = |slip: &Finding| {
        slip.spot.as_ref().is_some_and(|spot| {
            let (a, b) = (at.min(spot.range.start), at.max(spot.range.start));
            lines_with_content(&file.text[a..b]) <= 2
        })
    };
    if !findings.iter().any(explains) {
        findings.push(by_character(file, at, message, slips));
    }
    findings
}

/// The lines of a stretch of text, without blank ones and those of comments.
fn lines_with_content(text: &str) -> usize {
    let says = |line: &&str| {
        let line = line.trim();
        !line.is_empty() && !line.starts_with('#')
    };
    // The first and the last one count, though only a part of them is in the stretch.
    let inner = text.split('\n').skip(1);
    1 + inner.clone().filter(says).count() + usize::from(inner.last().is_some_and(|l| !says(&l)))
}

/// What a file that has nothing in it must have.
pub fn outline(schema: &Schema) -> String {
    let required = schema["required"].as_array().into_iter().flatten();
    let keys: Vec<&str> = required.filter_map(Schema::as_str).collect();
    let more = if std::ptr::eq(schema, super::schema()) {
        "；各键怎么写，看 yusuan schema --markdown"
    } else {
        ""
    };
    format!("至少要写：{}，一行一个“键: 值”{more}", keys.join("、"))
}

/// An anchor (&) or tag (!), which sources do not have.
pub fn tagged() -> Finding {
    Finding::error("S03", TAGGED).help(opens_with("& 或 !"))
}

/// An alias (*), which sources do not have.
pub fn alias() -> Finding {
    Finding::error("S03", "这里的 * 在 YAML 里是引用别处的内容")
        .help(format!("{}；清单的每一项用“- ”开头；要引用数，写 {{{{ … }}}}", opens_with("*")))
}

fn opens_with(mark: &str) -> String {
    format!("文字以 {mark} 开头的，{QUOTED}")
}

/// `{{ … }}` or `{% … %}` at byte `start`, without quotes.
pub fn unquoted(file: &Arc<File>, start: usize) -> Finding {
    let rest = &file.text[start..];
    let (open, close) = if rest.starts_with("{%") { ("{%", "%}") } else { ("{{", "}}") };
    let line = rest.lines().next().unwrap_or_default();
    let length = line.find(close).map_or(line.len(), |end| end + close.len());
    Finding::error("S03", format!("{open} … {close} 没有放在引号里"))
        .at(file, start..start + length)
        .help(format!("整段文字放进英文双引号：\"{open} … {close}…\""))
}

fn by_character(file: &Arc<File>, at: usize, message: &str, slips: &Slips) -> Finding {
    let start = at.min(file.text.len());
    let here = file.text[start..].chars().next();
    let place = start..start + here.map_or(0, char::len_utf8);
    if let Some(finding) = line_above(file, start) {
        return finding;
    }
    let line = Line::of(file, start);
    let flow = "括号 { } 或 [ ] 没有成对，或各项之间少了逗号".to_owned();
    let help = match here {
        Some('%') if file.text[..start].ends_with('{') => return unquoted(file, start - 1),
        Some('!' | '&') => return tagged().at(file, place),
        Some('*') => return alias().at(file, place),
        Some(c @ ('@' | '`' | '%')) => opens_with(&c.to_string()),
        Some('-') if line.value.trim() == "-" => DASH.to_owned(),
        Some('-') if line.has_key => "清单的每一项另起一行，缩进两格，用“- ”开头".to_owned(),
        Some('-') => "“-”后面空一格再写内容".to_owned(),
        _ if line.value.starts_with(['>', '|']) => block_header(line.value),
        _ if line.text_follows_bracket(start) => BRACKET.to_owned(),
        Some('[' | '{') if line.is_within_text(start) => BRACKET.to_owned(),
        Some(':') if line.splits_text(start, slips) => COLON.to_owned(),
        _ if line.value_is_cut() => HASH.to_owned(),
        _ if message.contains("escape") => {
            "双引号里的 \\ 有特别的意思：改用单引号，或写成 \\\\".to_owned()
        }
        _ if message.contains("quot") || line.value.starts_with(['"', '\'']) => {
            "英文引号没有成对，或引号外面还有字；文字里的引号用“”".to_owned()
        }
        Some('}' | ']') => flow,
        _ if message.contains("flow") || message.contains(['}', ']']) => flow,
        Some(':') => by_colon(file, start, &line, slips),
        _ => INDENT.to_owned(),
    };
    Finding::error("S05", "这里不合 YAML 的写法").at(file, place).help(help)
}

/// `> -`, or a text behind `>-`.
fn block_header(value: &str) -> String {
    let mark = &value[..1];
    let rest = value[1..].trim_start_matches(['-', '+']);
    let lines = "文字从下一行写起，比键多缩进两格";
    match rest.trim() {
        "-" => format!("写成 {mark}-，中间不空格；{lines}"),
        _ if rest.starts_with([' ', '\t']) || rest.len() + 1 < value.len() => {
            let header = &value[..value.len() - rest.len()];
            format!("{header} 后面不写字：{lines}；文字本来以 {mark} 开头的，{QUOTED}")
        }
        _ => opens_with(mark),
    }
}

/// What the line above did wrong, where an error is told at the beginning of a line.
fn line_above(file: &Arc<File>, at: usize) -> Option<Finding> {
    let start = file.text[..at].rfind('\n').map_or(0, |end| end + 1);
    if !file.text[start..at].trim().is_empty() {
        return None;
    }
    let mut lines = file.text[..start].lines().rev().filter(|line| !line.trim().is_empty());
    let (last, above) = (lines.next()?, lines.next()?);
    let place = file.text[..start].rfind(last)?;
    let (text, indent) = (last.trim_start(), last.len() - last.trim_start().len());
    let place = place + indent..place + last.trim_end().len();
    let header = above.trim_end().trim_end_matches(['-', '+']);
    let opens = header.ends_with(": >") || header.ends_with(": |");
    let (message, help) = match text.strip_prefix('-') {
        _ if opens && !text.contains(": ") => {
            ("这一行没有比上面的键多缩进，不算它的文字", "文字的每一行都比键多缩进两格")
        }
        Some(item) if item.starts_with(|c: char| !c.is_whitespace() && c != '-') => (
            "“-”后面少一个空格，这一行不算清单的一项",
            "清单的每一项用“- ”开头：半角减号加一个空格",
        ),
        _ => return None,
    };
    Some(Finding::error("S05", message).at(file, place).help(help))
}

const INDENT: &str =
    "看这一行和上一行：缩进要对齐，键后面是半角冒号加空格，含 : # { } [ ] 的文字要加引号";

/// A colon where no key may end: it stands in a text, or the line before is no `key: value`.
fn by_colon(file: &File, at: usize, line: &Line, slips: &Slips) -> String {
    if line.has_key && line.start + line.text.len() - line.value.len() < at {
        return COLON.to_owned();
    }
    let says = |line: &&str| !line.trim().is_empty() && !line.trim().starts_with('#');
    let above = file.text[..line.start].lines().rev().find(says).unwrap_or_default();
    let key = line.text.get(..at - line.start).unwrap_or_default().trim();
    if !above.contains(':') && !above.trim_start().starts_with('-') && !above.is_empty() {
        let above = brief(above.trim());
        format!(
            "上一行“{above}”不是“键: 值”：是键的补上冒号，是注释的在前面加 # 和一个空格，多余的删掉"
        )
    } else if slips.keys().contains(key) {
        INDENT.to_owned()
    } else {
        COLON.to_owned()
    }
}

/// A line of the file, as its writer sees it: perhaps dashes, a key, a value.
struct Line<'a> {
    start: usize,
    text: &'a str,
    has_key: bool,
    /// What stands behind the dashes and the key.
    value: &'a str,
}

impl<'a> Line<'a> {
    fn of(file: &'a File, at: usize) -> Self {
        // What ends too early is told at the end of the file, behind the last line.
        let at = at.min(file.text.trim_end().len());
        let start = file.text[..at].rfind('\n').map_or(0, |end| end + 1);
        let text = file.text[start..].lines().next().unwrap_or_default();
        let mut value = text.trim_start();
        while let Some(item) = value.strip_prefix("- ") {
            value = item.trim_start();
        }
        let key = value.find(": ").filter(|_| !value.starts_with(['{', '[', '"', '\'']));
        if let Some(key) = key {
            value = value[key + 2..].trim_start();
        }
        Self { start, text, has_key: key.is_some(), value }
    }

    /// `{名称: 某{甲}项目}`: a bracket behind a character of a text.
    fn is_within_text(&self, at: usize) -> bool {
        let before = self.text.get(..at - self.start).and_then(|it| it.chars().next_back());
        before.is_some_and(|c| !c.is_whitespace() && !":,[{".contains(c))
    }

    /// `{名称: 某: 项目}`: a colon in a value within brackets, and no key before it.
    fn splits_text(&self, at: usize, slips: &Slips) -> bool {
        let before = self.text.get(..at - self.start).unwrap_or_default();
        let item = before.rfind([',', '{', '[']).map_or("", |start| &before[start + 1..]);
        let value = item.split_once(": ").map_or("", |(_, value)| value.trim());
        let last = value.rsplit(' ').next().unwrap_or_default();
        !last.is_empty() && !slips.keys().contains(last)
    }

    /// A ` #` in brackets that are not closed before it.
    fn value_is_cut(&self) -> bool {
        self.text.split_once(" #").is_some_and(|(before, note)| {
            let open = before.matches(['{', '[']).count() > before.matches(['}', ']']).count();
            open && note.contains(['}', ']'])
        })
    }

    /// `[重点]完成任务`: a text whose bracket YAML takes for its own.
    fn text_follows_bracket(&self, at: usize) -> bool {
        let close = match self.value.chars().next() {
            Some('[') => ']',
            Some('{') => '}',
            _ => return false,
        };
        let value = self.start + self.text.len() - self.value.len();
        let Some(end) = self.value.find(close).map(|end| end + 1) else { return false };
        let behind = self.value[end..].trim_start();
        value + end <= at && behind.chars().next().is_some_and(|c| !",}]#:".contains(c))
    }
}
