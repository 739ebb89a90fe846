//! From bytes to text: UTF-8 with or without BOM, nothing else.

use std::sync::Arc;

use encoding_rs::{Encoding, GB18030, UTF_16BE, UTF_16LE};

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
    let mut lines = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((line, after)) = rest.split_once('\r') {
        lines.push_str(line);
        lines.push(if after.starts_with('\n') { '\r' } else { '\n' });
        rest = after;
    }
    lines + rest
}

/// Says what a file is instead, and shows the line as its writer sees it where that can be told.
fn not_utf8(name: &str, bytes: &[u8]) -> Finding {
    const SAVE: &str = "用编辑器打开后“另存为”，编码选 UTF-8";
    let valid = std::str::from_utf8(bytes).map_or_else(|error| error.valid_up_to(), str::len);
    let read_as = |encoding: &'static Encoding| {
        let (text, _, faulty) = encoding.decode(bytes);
        (!faulty).then(|| text.into_owned())
    };
    let lossy = || String::from_utf8_lossy(bytes).into_owned();
    let gbk = || read_as(GB18030).filter(|_| bytes[..valid].is_ascii());
    let finding = |text: String, is_first: fn(char) -> bool, what| {
        let file = File::new(name, text);
        let start = file.text.find(is_first).unwrap_or(0);
        let end = start + file.text[start..].chars().next().map_or(0, char::len_utf8);
        Finding::error("S01", what).at(&file, start..end)
    };
    let not_ascii = |c: char| !c.is_ascii();
    if let Some(encoding) = utf_16(bytes) {
        let text = read_as(encoding).unwrap_or_else(lossy);
        finding(text, not_ascii, "文件是 UTF-16 编码（记事本里的 Unicode）")
            .label("按 UTF-16 读是这样")
            .help(SAVE)
    } else if let Some(text) = gbk() {
        finding(text, not_ascii, "文件不是 UTF-8 编码，是 GBK（记事本里的 ANSI）")
            .label("按 GBK 读是这样")
            .help(SAVE)
    } else {
        // Characters before it are read as UTF-8: a stretch was pasted in, or the file is damaged.
        finding(lossy(), |c| c == '\u{FFFD}', "文件里有不是 UTF-8 编码的字")
            .label("从这里起读不出文字")
            .help(format!("这几个字重新打一遍，再{SAVE}"))
    }
}

/// In UTF-16 every ASCII character has a zero byte beside it; a source is full of colons.
fn utf_16(bytes: &[u8]) -> Option<&'static Encoding> {
    let has = |character: [u8; 2]| bytes.chunks_exact(2).any(|have| have == character);
    match bytes {
        [0xFF, 0xFE, ..] => Some(UTF_16LE),
        [0xFE, 0xFF, ..] => Some(UTF_16BE),
        _ if has([b':', 0]) => Some(UTF_16LE),
        _ if has([0, b':']) => Some(UTF_16BE),
        _ => None,
    }
}

/// Control characters have no glyph and no meaning in a report (line ends and tabs excepted:
/// the latter are judged where they stand); the other two kinds end lines or files elsewhere.
pub fn is_control(c: char) -> bool {
    c.is_control() && !matches!(c, '\n' | '\r' | '\t')
        || matches!(c, '\u{2028}' | '\u{2029}' | '\u{FEFF}')
}

/// Characters that nobody sees: they keep names from matching, or turn the writing direction.
pub fn is_unseen(c: char) -> bool {
    matches!(c, '\u{AD}' | '\u{34F}' | '\u{115F}' | '\u{1160}' | '\u{17B4}' | '\u{17B5}'
        | '\u{180B}'..='\u{180F}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}'
        | '\u{2060}'..='\u{206F}' | '\u{2800}' | '\u{3164}' | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}'
        | '\u{FFA0}' | '\u{FFF9}'..='\u{FFFB}' | '\u{E0000}'..='\u{E007F}' | '\u{E0100}'..='\u{E01EF}')
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

/// Whether a text is brought to its end by a mark, perhaps in quotes or brackets.
pub fn is_sentence(text: &str) -> bool {
    let text = text.trim_end_matches(|c: char| c.is_control() || c.is_whitespace());
    let text = text.trim_end_matches(['”', '’', '）', ')', '』', '」']);
    text.ends_with(['。', '；', '！', '？', '…', '.', ';', '!', '?'])
}
