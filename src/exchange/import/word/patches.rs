//! New words of one text, from wherever in a draft, as one change of it.

use std::ops::Range;

use super::super::{Change, Changes, LEFT, UNFIT};
use super::resolve::{Claim, Resolver, Want};
use super::spots::{At, brief};
use crate::budget::Origin as Source;
use crate::report::{Origin, Piece};
use crate::source::edit::{Edit, Path};

/// So many of the places that a change has are named.
const MOST_NAMED: usize = 3;

/// New words in a text of the source.
#[derive(Debug, Clone, PartialEq)]
pub struct Patch {
    /// Bytes of the text.
    pub range: Range<usize>,
    pub text: String,
    pub cell: String,
}

impl Resolver<'_> {
    /// Each text that was patched becomes one change.
    pub fn finish(mut self) -> (Changes, Vec<Want>, Vec<Claim>) {
        for (path, patches) in std::mem::take(&mut self.patches) {
            self.combine(path, patches);
        }
        let mut paths: Vec<Path> = self.wants.iter().map(|want| want.path.clone()).collect();
        paths.sort();
        paths.dedup();
        for path in &paths {
            self.note_elsewhere(path);
        }
        (self.changes, self.wants, self.claims)
    }

    fn combine(&mut self, path: Path, mut patches: Vec<Patch>) {
        let text = path.find(self.base.tree()).and_then(|node| node.scalar());
        let Some(text) = text else { return };
        patches.sort_by_key(|patch| (patch.range.start, patch.range.end));
        patches.dedup_by(|a, b| a.range == b.range && a.text == b.text);
        let clash = patches.windows(2).find(|pair| {
            let [a, b] = pair else { return false };
            b.range.start < a.range.end || a.range == b.range
        });
        if let Some([a, b]) = clash {
            let [one, other] = [a, b].map(|it| format!("{} 说是“{}”", it.cell, brief(&it.text)));
            let message = format!("{one}，{other}，是数据文件里的同一处");
            return self.changes.doubt(UNFIT, message, "两处改成一样，或只改一处");
        }
        let mut after = text.to_owned();
        for patch in patches.iter().rev() {
            after.replace_range(patch.range.clone(), &patch.text);
        }
        let told = |words: &dyn Fn(&Patch) -> String| {
            let quoted = patches.iter().map(|patch| format!("“{}”", words(patch)));
            quoted.collect::<Vec<_>>().join("；")
        };
        self.changes.changes.push(Change {
            cell: patches[0].cell.clone(),
            what: path.to_string(),
            before: Some(told(&|patch: &Patch| brief(&text[patch.range.clone()]))),
            after: Some(told(&|patch: &Patch| brief(&patch.text))),
            edit: Edit::Set(path, after),
        });
    }

    /// Says so where what was changed is printed elsewhere, too: it changes there with it.
    fn note_elsewhere(&mut self, path: &Path) {
        let Some(node) = path.find(self.base.tree()) else { return };
        let own = |piece: &Piece| match &piece.origin {
            Origin::Text(place) => node.range.contains(&place.start),
            Origin::Figure(figure, _) => match figure.origin() {
                Source::Stated(place) => node.range.contains(&place.start),
                _ => false,
            },
            Origin::Form => false,
        };
        let changed = |at: &At| self.wants.iter().any(|want| want.path == *path && want.at == *at);
        let lines = self.base.lines.iter().filter(|(_, line)| line.iter().any(own));
        let others: Vec<String> =
            lines.filter(|(at, _)| !changed(at)).map(|(at, _)| self.base.called(*at)).collect();
        if others.is_empty() || node.scalar().is_some_and(|text| text.contains('\n')) {
            return;
        }
        let first = others.iter().take(MOST_NAMED).cloned().collect::<Vec<_>>().join("、");
        let more = if others.len() > MOST_NAMED { "等" } else { "" };
        let message = format!("{path} 还印在 {} 处，会一起变：{first}{more}", others.len());
        self.changes.remark(LEFT, message);
    }
}
