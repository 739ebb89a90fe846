//! 批注 and 文本框: what people write over the cells of a workbook, which no cell holds.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use regex::bytes::Regex;

use super::parts::{attribute, pattern, place, relations};

/// So much of a comment is told, and so many comments.
const FIRST_CHARS: usize = 30;
const MOST: usize = 10;

/// The parts of a workbook that hold comments, or say where they are, by name.
pub type Kept = BTreeMap<String, Vec<u8>>;

/// Whether a part is one of them.
pub fn is_kept(name: &str) -> bool {
    name.starts_with("xl/worksheets/_rels/") || name.contains("comment") && name.ends_with(".xml")
}

/// The comments of the sheet at `path`, by cell: `(B3, 张三: 减到 50 万)`. Of a thread, all that was
/// said; the ordinary comment that stands in for it is none.
pub fn comments(path: &str, kept: &Kept) -> Vec<(String, String)> {
    let (folder, name) = path.rsplit_once('/').unwrap_or_default();
    let Some(rels) = kept.get(&format!("{folder}/_rels/{name}.rels")) else { return Vec::new() };
    let of = |kind: &str| {
        let mut by_cell: BTreeMap<String, String> = BTreeMap::new();
        let parts = relations(rels).filter(|it| it.kind.ends_with(kind));
        for part in parts.filter_map(|it| kept.get(&resolved(folder, it.target))) {
            for (cell, words) in written(part) {
                let all = by_cell.entry(cell).or_default();
                *all = format!("{all} {words}").trim().to_owned();
            }
        }
        by_cell
    };
    let mut all = of("/comments");
    all.extend(of("/threadedComment"));
    let mut all: Vec<(String, String)> = all.into_iter().collect();
    all.sort_by(|a, b| place(&a.0).cmp(&place(&b.0)));
    all
}

/// The name of a part, from the folder that a relation stands in.
fn resolved(folder: &str, target: &str) -> String {
    let target = target.replace('\\', "/").to_ascii_lowercase();
    let mut steps: Vec<&str> = folder.split('/').filter(|_| !target.starts_with('/')).collect();
    for step in target.split('/') {
        match step {
            "" | "." => {}
            ".." => drop(steps.pop()),
            step => steps.push(step),
        }
    }
    steps.join("/")
}

/// Each comment of a part: its cell and its words.
fn written(part: &[u8]) -> Vec<(String, String)> {
    static COMMENT: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?s)(<(?:\w+:)?(?:comment|threadedComment)\s[^>]*>)(.*?)</(?:\w+:)?(?:comment|threadedComment)>",
        )
    });
    static WORDS: LazyLock<Regex> =
        LazyLock::new(|| pattern(r"<(?:\w+:)?(?:t|text)(?:\s[^>]*)?>([^<]*)"));
    let all = COMMENT.captures_iter(part).filter_map(|found| {
        Some((attribute(&found[1], "ref")?.to_owned(), joined(&WORDS, &found[2])))
    });
    all.filter(|(_, words)| !words.is_empty()).collect()
}

/// The words in the shapes of a drawing.
pub fn in_shapes(drawing: &[u8]) -> String {
    static WORDS: LazyLock<Regex> = LazyLock::new(|| pattern(r"<a:t(?:\s[^>]*)?>([^<]*)"));
    joined(&WORDS, drawing)
}

/// What a pattern finds, one after the other, with single spaces.
fn joined(words: &Regex, part: &[u8]) -> String {
    let pieces: Vec<u8> = words.captures_iter(part).flat_map(|found| found[1].to_vec()).collect();
    let text = String::from_utf8_lossy(&pieces);
    let marks = [
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&quot;", "\""),
        ("&apos;", "'"),
        ("&#10;", " "),
        ("&#xA;", " "),
        ("&#13;", " "),
        ("&#xD;", " "),
        ("&amp;", "&"),
    ];
    let text = marks.iter().fold(text.into_owned(), |text, (mark, c)| text.replace(mark, c));
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// What is told of comments: `表5!C3“张三: 减到 50 万”、…`
pub fn told(all: &[(String, String)]) -> Option<String> {
    let first = all.iter().take(MOST).map(|(cell, words)| format!("{cell}“{}”", brief(words)));
    let first = first.collect::<Vec<_>>().join("、");
    let rest = if all.len() > MOST { " 等" } else { "" };
    let help = "要改的，改在单元格或数据文件里";
    (!all.is_empty()).then(|| format!("有 {} 处批注没有取，{help}：{first}{rest}", all.len()))
}

/// The beginning of a text.
pub fn brief(words: &str) -> String {
    let dots = if words.chars().count() > FIRST_CHARS { "…" } else { "" };
    words.chars().take(FIRST_CHARS).collect::<String>() + dots
}
