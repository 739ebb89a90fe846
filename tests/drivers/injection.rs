//! Whatever a source holds prints as it was written: Typst, template and table markup among it.

use crate::support;

use support::pdf::{self, Block, Pdf};

/// A source with `text` in every kind of place: names, prose, cells, heads, the document's title.
fn source(text: &str) -> String {
    let text = format!("'{}'", text.replace('\'', "''"));
    support::text("tests/injection/source.yaml").replace("〈文〉", &text)
}

/// Text without what a page does not show: white space and characters of no width.
fn bare(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace() && !matches!(c, '\u{200B}' | '\u{2060}')).collect()
}

fn read(yaml: &str) -> Pdf {
    pdf::read(&support::pdf_of(&support::make(yaml)))
}

#[test]
fn every_text_prints_as_it_was_written() {
    for text in support::text("tests/injection/texts.txt").lines() {
        let pdf = read(&source(text));
        let everything: String = pdf.pages.iter().map(|page| bare(&page.text)).collect();
        let found = everything.matches(&bare(text)).count();
        // In the name of the department alone it stands on every table page.
        assert!(found >= 20, "{text:?} is on the pages {found} times");
        assert!(pdf.pages.len() >= 20, "{text:?} leaves all pages standing");
        let title = pdf.title.as_deref().map(bare).unwrap_or_default();
        assert!(title.contains(&bare(text)), "{text:?} in the title {title:?}");
    }
}

/// Characters that turn the writing direction are not drawn; what follows keeps its order.
#[test]
fn direction_marks_turn_nothing() {
    let pdf = read(&source("金额\u{202E}123\u{202C}元"));
    let everything: String = pdf.pages.iter().map(|page| bare(&page.text)).collect();
    assert!(everything.contains("金额123元"));
}

#[test]
fn lines_of_a_text_are_paragraphs_of_a_chapter() {
    let yaml = source("甲").replace("工作目标: '甲'", "工作目标: |-\n    第一行。\n    第二行。");
    let pdf = read(&yaml);
    for line in ["第一行。", "第二行。"] {
        let alone = |block: &Block| matches!(block, Block::Paragraph(text) if bare(text) == line);
        assert!(pdf.blocks.iter().any(alone), "{line} is a paragraph");
    }
}
