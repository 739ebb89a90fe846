//! From a Word document back to its source: a draft is compared with what was exported, and each
//! change is put back where it came from.
//!
//! ```text
//! bytes ─package─▶ parts ─draft─▶ Draft ─compare─▶ Differences ─resolve, proof─▶ Changes
//! ```

mod added;
mod comments;
mod compare;
mod draft;
mod draft_beside;
mod draft_table;
mod fields;
mod form_words;
mod hunks;
mod inside;
mod items;
mod package;
mod patches;
mod proof;
mod removed;
mod resolve;
mod spots;

use std::collections::BTreeMap;

use super::{Changes, LEFT, UNREADABLE};
use crate::exchange::Subject;
use crate::exchange::attach::Record;
use crate::exchange::docx::carried::Carried;
use crate::exchange::docx::plan::plan;
use crate::exchange::fingerprint;
use crate::finding::Finding;

pub use comments::{Said, written};
use draft::Draft;
use form_words::FormWords;
pub use package::is_word;
use proof::Proof;
pub use proof::Remake;
use resolve::Resolver;
use spots::Base;

/// 表式的文字: what only the form can change.
pub const FORM_WORDS: &str = "X06";

/// A document that was let in.
pub struct Document {
    draft: Draft,
    carried: Carried,
    remarks: Vec<Finding>,
}

/// The source that a document was made from.
#[derive(Debug, Clone)]
pub struct Origin {
    pub name: String,
    pub text: String,
    /// How it was made, where the document says so still.
    pub record: Option<Record>,
}

/// Reads a document.
pub fn open(bytes: &[u8]) -> Result<Document, Finding> {
    let package = package::open(bytes)?;
    let carried = Carried::read(package.items(), package.properties());
    Ok(Document { draft: draft::read(&package)?, carried, remarks: package.remarks })
}

impl Document {
    /// Whether `export` wrote it, as far as can be told.
    fn is_ours(&self) -> bool {
        self.carried.whole.is_some() || self.carried.fingerprint.is_some()
    }

    /// The source inside; where an editor dropped it, the one that is to be changed, if the
    /// document was made from it as it is.
    pub fn origin(&self, into: Option<(&str, &str)>) -> Result<Origin, Finding> {
        let refused = |message: String, help: &str| Finding::error(UNREADABLE, message).help(help);
        if let Some((record, text)) = &self.carried.whole {
            let (name, text) = (record.source.clone(), text.clone());
            return Ok(Origin { name, text, record: Some(record.clone()) });
        }
        let lost = "导出时的数据文件不在这份文档里了";
        match (into, &self.carried.fingerprint) {
            _ if !self.is_ours() => Err(refused(
                "这不是 yusuan 导出的 Word 文档，不知道各段是哪里来的".to_owned(),
                "用 yusuan export --to docx 导出一份，改在它上面",
            )),
            (None, _) => {
                Err(refused(format!("{lost}（另存时丢了）"), "加 --into 导出时用的数据文件"))
            }
            (Some((name, text)), Some(wanted)) if fingerprint(text) == *wanted => {
                Ok(Origin { name: name.to_owned(), text: text.to_owned(), record: None })
            }
            (Some((name, _)), _) => Err(refused(
                format!("{lost}，而 {name} 在导出以后改过，对照不了"),
                "用 --into 给出导出时的那一版；或重新导出一份，把改动做在上面",
            )),
        }
    }
}

/// Everything that a document says differently than the source it was exported from; `subject` is
/// the report of that source, `remake` makes the report of a changed one. With `remove`, what is gone
/// goes from the source, too.
pub fn changes(
    document: &Document,
    subject: &Subject<'_>,
    remake: &Remake<'_>,
    remove: bool,
) -> Result<(Changes, Vec<Said>), Finding> {
    let items = plan(subject.report);
    let base = Base::new(subject.report, &items)
        .ok_or_else(|| Finding::error(UNREADABLE, "读不懂导出时的数据文件"))?;
    let draft = &document.draft;
    let found = compare::compare(&base, draft);
    let mut resolver = Resolver {
        base: &base,
        form: FormWords { form: subject.form },
        changes: Changes { remarks: document.remarks.clone(), ..Changes::default() },
        patches: BTreeMap::new(),
        wants: Vec::new(),
        claims: Vec::new(),
        leaving: Vec::new(),
    };
    resolver.lines(&found);
    resolver.gone(&found);
    let mut arrivals = resolver.new_ones(&found);
    arrivals.extend(std::mem::take(&mut resolver.leaving).into_iter().filter(|_| remove));
    let (mut changes, wants, claims) = resolver.finish();
    let proof = Proof { base: &base, remake };
    proof.sets(&wants, &mut changes);
    if remove {
        changes.changes.append(&mut changes.removals);
    }
    proof.arrivals(&arrivals, &mut changes);
    proof.claims(claims, &mut changes);
    if !draft.others.is_empty() {
        let message = format!("文档里有{}，没有取", draft.others.join("、"));
        changes.remark(LEFT, message);
    }
    for revision in &draft.revisions {
        let place = found.places.get(revision.block).copied().flatten();
        let place = place.map(|site| base.called((site, None))).unwrap_or_default();
        let who = comments::signed(&revision.author, &revision.date);
        let words = spots::brief(&revision.text);
        changes.summary.push(format!("修订：{who} {}“{words}”（{place}）", revision.what));
    }
    let said = comments::said(&base, draft, &found);
    for one in &said {
        changes.summary.push(format!("批注：{}（{}）", one.words, one.place));
    }
    Ok((changes, said))
}
