//! What keeps a text from being YAML, in the words of somebody who has never heard of YAML.

use std::ops::Range;
use std::sync::Arc;

use crate::finding::{File, Finding};

/// Explains a parse error at byte `at`: by the usual slips when the text has any, else in general.
pub fn explain(file: &Arc<File>, at: usize, message: &str) -> Vec<Finding> {
    let slips: Vec<Finding> =
        lines(&file.text).flat_map(|(start, line)| slip(file, start, line)).collect();
    if slips.is_empty() { vec![general(file, at, message)] } else { slips }
}

fn lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.split_inclusive('\n').scan(0, |start, line| {
        let this = *start;
        *start += line.len();
        Some((this, line.trim_end()))
    })
}

fn slip(file: &Arc<File>, start: usize, line: &str) -> Option<Finding> {
    let indent = line.len() - line.trim_start().len();
    if let Some(tab) = line[..indent].find('\t') {
        return Some(
            Finding::error("S05", "缩进里有制表符（Tab）")
                .at(file, start + tab..start + tab + 1)
                .help("缩进只用空格，每级两个"),
        );
    }
    full_width_colon(&line[indent..]).map(|colon| {
        let at = start + indent + colon.start;
        Finding::error("S05", "这里用了全角冒号“：”")
            .at(file, at..at + colon.len())
            .help("键后面写半角冒号加一个空格，例如“年度: 2023”")
    })
}

/// A full-width colon where a key should end: early in a line that has no `: ` of its own.
fn full_width_colon(line: &str) -> Option<Range<usize>> {
    let line_body = line.trim_start_matches(['-', ' ', '{']);
    if line_body.starts_with(['#', '"', '\'']) || line.contains(": ") || line.ends_with(':') {
        return None;
    }
    let at = line.find('：')?;
    let key = &line[..at];
    let like_a_key = key.chars().count() <= 24 && !key.contains(['，', '。', '；', ',']);
    like_a_key.then(|| at..at + '：'.len_utf8())
}

fn general(file: &Arc<File>, at: usize, message: &str) -> Finding {
    let start = at.min(file.text.len());
    let end = start + file.text[start..].chars().next().map_or(0, char::len_utf8);
    let hint = if message.contains("quot") {
        "引号没有成对；文字里有引号时用“”"
    } else if message.contains('}') || message.contains(']') || message.contains("flow") {
        "括号 { } 或 [ ] 没有成对，或各项之间少了逗号"
    } else {
        "看这一行和上一行：缩进要对齐，键后面是半角冒号加空格，含 : # { } [ ] 的文字要加引号"
    };
    Finding::error("S05", "这里不合 YAML 的写法").at(file, start..end).help(hint)
}
