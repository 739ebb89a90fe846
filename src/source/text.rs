//! From bytes to text: UTF-8 with or without BOM, nothing else.

use std::sync::Arc;

use crate::finding::{File, Finding};

/// Decodes a file's bytes, or says why they are no text that an office would want printed.
pub fn decode(name: &str, bytes: &[u8]) -> Result<Arc<File>, Vec<Finding>> {
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let Ok(text) = std::str::from_utf8(bytes) else {
        return Err(vec![not_utf8(name, bytes)]);
    };
    let file = File::new(name, text);
    let controls = control_characters(&file);
    if controls.is_empty() { Ok(file) } else { Err(controls) }
}

fn not_utf8(name: &str, bytes: &[u8]) -> Finding {
    let what = match bytes {
        [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..] => "文件是 UTF-16 编码",
        _ => "文件不是 UTF-8 编码（多半是 GBK，即记事本里的 ANSI）",
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
/// the latter are judged where they stand).
fn control_characters(file: &Arc<File>) -> Vec<Finding> {
    file.text
        .char_indices()
        .filter(|(_, c)| c.is_control() && !matches!(c, '\n' | '\r' | '\t'))
        .map(|(at, c)| {
            Finding::error("S02", format!("文件里有控制字符 U+{:04X}", c as u32))
                .at(file, at..at + c.len_utf8())
                .help("删掉它；它看不见，多半是从别处粘贴来的")
        })
        .collect()
}
