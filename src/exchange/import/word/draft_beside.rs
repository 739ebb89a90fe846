//! What stands beside the text of a draft: tracked changes and comments.

use super::draft::{Comment, Paragraph, Reader, Revision};
use crate::exchange::docx::element::Element;

impl Reader {
    pub(super) fn comment(&mut self, reference: &Element, paragraph: &Paragraph) {
        let id = reference.attribute("w:id").unwrap_or_default();
        let Some(comment) = self.known.get(id) else { return };
        let start = self.open.remove(id).unwrap_or(paragraph.text.len());
        let text = comment.elements().filter(|it| it.name == "w:p").map(Element::all_text);
        let said = |name: &str| comment.attribute(name).unwrap_or_default().to_owned();
        self.draft.comments.push(Comment {
            author: said("w:author"),
            date: said("w:date"),
            text: text.collect::<Vec<_>>().join(" ").trim().to_owned(),
            block: self.draft.blocks.len(),
            cell: self.cell,
            start,
            at: paragraph.text.get(start..).unwrap_or_default().to_owned(),
        });
    }

    pub(super) fn revision(&mut self, element: &Element, what: &'static str, text: &str) {
        let said = |name: &str| element.attribute(name).unwrap_or_default().to_owned();
        let (author, date, block) = (said("w:author"), said("w:date"), self.draft.blocks.len());
        if text.is_empty() {
            return;
        }
        if let Some(last) = self.draft.revisions.last_mut()
            && (&last.author, last.what, last.block) == (&author, what, block)
            && last.date == date
            && matches!(what, "插入" | "删除")
        {
            last.text.push_str(text);
            return;
        }
        let text = text.to_owned();
        self.draft.revisions.push(Revision { author, date, what, text, block });
    }
}

/// What a deletion took away.
pub fn gone_text(element: &Element) -> String {
    let own = |child: &Element| match &*child.name {
        "w:delText" | "w:t" => child.all_text(),
        "w:instrText" | "w:delInstrText" => String::new(),
        _ => gone_text(child),
    };
    element.elements().map(own).collect()
}
