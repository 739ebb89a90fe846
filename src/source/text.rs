//! From bytes to text: UTF-8 with or without BOM, nothing else.

use std::sync::Arc;

use crate::finding::{File, Finding};

/// Decodes a file's bytes, or says why they are no text that an office would want printed.
pub fn decode(name: &str, bytes: &[u8]) -> Result<Arc<File>, Vec<Finding>> {
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let Ok(text) = std::str::from_utf8(bytes) else {
        return Err(vec![not_utf8(name, bytes)]);
    };
    let file = File::new(name, with_line_feeds(text));
    let controls = control_characters(&file);
    if controls.is_empty() { Ok(file) } else { Err(controls) }
}

/// Lines that end in a carriage return alone become lines like any other, at the same places.
fn with_line_feeds(text: &str) -> String {
    let mut characters = text.chars().peekable();
    let mut lines = String::with_capacity(text.len());
    while let Some(c) = characters.next() {
        let alone = c == '\r' && characters.peek() != Some(&'\n');
        lines.push(if alone { '\n' } else { c });
    }
    lines
}

fn not_utf8(name: &str, bytes: &[u8]) -> Finding {
    // In UTF-16 every ASCII character has a zero byte beside it; a source is full of `: `.
    let colon_of_two_bytes = |pair: &[u8]| matches!(pair, [b':', 0] | [0, b':']);
    let is_utf_16 = matches!(bytes, [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..])
        || bytes.windows(2).any(colon_of_two_bytes);
    let what = match is_utf_16 {
        true => "文件是 UTF-16 编码",
        false => "文件不是 UTF-8 编码（多半是 GBK，即记事本里的 ANSI）",
    };
    let file = File::new(name, String::from_utf8_lossy(bytes));
    let start = file.text.find('\u{FFFD}').unwrap_or(0);
    let end = start + file.text[start..].chars().next().map_or(0, char::len_utf8);
    Finding::error("S01", what)
        .at(&file, start..end)
        .label("从这里起读不出文字")
        .help("用编辑器打开后“另存为”，编码选 UTF-8")
}

/// Control characters have no glyph and no meaning in a report (line ends and tabs excepted:
/// the latter are judged where they stand); the other two kinds end lines or files elsewhere.
pub fn is_control(c: char) -> bool {
    c.is_control() && !matches!(c, '\n' | '\r' | '\t')
        || matches!(c, '\u{2028}' | '\u{2029}' | '\u{FEFF}')
}

/// Characters that take no room: in prose they do no harm, in what has to match they do.
pub fn is_unseen(c: char) -> bool {
    matches!(c, '\u{AD}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}')
}

fn control_characters(file: &Arc<File>) -> Vec<Finding> {
    file.text
        .char_indices()
        .filter(|(_, c)| is_control(*c))
        .map(|(at, c)| {
            let what = if c.is_control() { "控制字符" } else { "看不见的字符" };
            Finding::error("S02", format!("文件里有{what} U+{:04X}", c as u32))
                .at(file, at..at + c.len_utf8())
                .help("删掉它；它看不见，多半是从别处粘贴来的")
        })
        .collect()
}
