//! What keeps a text from being YAML, in the words of somebody who has never heard of YAML.

use std::sync::Arc;

use super::slips::Slips;
use crate::finding::{File, Finding};

const TAGGED: &str = "这里用了 YAML 的锚点（&名字）或标签（!名字）";
const TAGGED_HELP: &str = "文字以 & * ! 开头时，请给它加引号";

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
        findings.push(by_character(file, at, message));
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

/// An anchor (&) or tag (!), which sources do not have.
pub fn tagged() -> Finding {
    Finding::error("S03", TAGGED).help(TAGGED_HELP)
}

/// An alias (*), which sources do not have.
pub fn alias() -> Finding {
    Finding::error("S03", "这里引用了别处的内容（*名字）")
        .help("本文件不用 YAML 的锚点和引用；要引用数，写 {{ … }}")
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

fn by_character(file: &Arc<File>, at: usize, message: &str) -> Finding {
    let start = at.min(file.text.len());
    let here = file.text[start..].chars().next();
    let place = start..start + here.map_or(0, char::len_utf8);
    let help = match here {
        Some('%') if file.text[..start].ends_with('{') => return unquoted(file, start - 1),
        Some('!' | '&') => return tagged().at(file, place),
        Some('*') => return alias().at(file, place),
        Some(c @ ('@' | '`' | '%')) => &format!("文字以 {c} 开头时，请给它加引号"),
        Some('-') => "“-”后面空一格再写内容；要的就是横线，加引号；没有数就写 0，没有就删掉这一项",
        _ if message.contains("escape") => "双引号里的 \\ 有特别的意思：改用单引号，或写成 \\\\",
        _ if message.contains("quot") => "引号没有成对；文字里有引号时用“”",
        Some('}' | ']') => "括号 { } 或 [ ] 没有成对，或各项之间少了逗号",
        _ if message.contains("flow") || message.contains(['}', ']']) => {
            "括号 { } 或 [ ] 没有成对，或各项之间少了逗号"
        }
        _ => "看这一行和上一行：缩进要对齐，键后面是半角冒号加空格，含 : # { } [ ] 的文字要加引号",
    };
    Finding::error("S05", "这里不合 YAML 的写法").at(file, place).help(help)
}
