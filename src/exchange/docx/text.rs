//! Runs of text and paragraphs, with tracked changes (修订) where there are any.

use super::element::{Element, Node, el, val};
use crate::compare::Word;
use crate::source::scalar::Date;

/// Who a tracked change is by.
const AUTHOR: &str = "yusuan";

/// Whether a paragraph or a row is new or gone as a whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Whole {
    #[default]
    Kept,
    New,
    Gone,
}

/// Numbers for bookmarks and changes, which have to differ all over a document.
#[derive(Debug)]
pub struct Counter {
    next: usize,
    date: String,
}

impl Counter {
    pub fn new(date: &Date) -> Self {
        Self { next: 1, date: timestamp(date) }
    }

    pub fn next(&mut self) -> usize {
        self.next += 1;
        self.next - 1
    }

    /// An element that says that something was changed.
    pub fn revision(&mut self, name: &'static str) -> Element {
        let id = self.next();
        el(name).attr("w:id", id).attr("w:author", AUTHOR).attr("w:date", &self.date)
    }
}

/// The first moment of a day.
pub fn timestamp(date: &Date) -> String {
    format!("{:04}-{:02}-{:02}T00:00:00Z", date.year, date.month, date.day)
}

/// A text with nothing changed in it.
pub fn same(text: &str) -> Vec<Word> {
    vec![Word::Same(text.to_owned())]
}

/// A run of text; `name` is `w:t`, or what text is called that is gone.
fn run(text: &str, name: &'static str) -> Element {
    let mut run = el("w:r");
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let mark = match c {
            '\n' => Some("w:br"),
            '\t' => Some("w:tab"),
            _ => None,
        };
        if let Some(mark) = mark {
            run = run.with([el(mark)]);
            rest = &rest[1..];
            continue;
        }
        let end = rest.find(['\n', '\t']).unwrap_or(rest.len());
        run = run.with([el(name).attr("xml:space", "preserve").text(&rest[..end])]);
        rest = &rest[end..];
    }
    run
}

/// Text that is neither new nor gone.
pub fn plain_run(text: &str) -> Element {
    run(text, "w:t")
}

/// Words, those new or gone as tracked changes.
pub fn runs(words: &[Word], counter: &mut Counter) -> Vec<Element> {
    let runs = words.iter().filter_map(|word| match word {
        Word::Same(text) | Word::Added(text) | Word::Removed(text) if text.is_empty() => None,
        Word::Same(text) => Some(plain_run(text)),
        Word::Added(text) => Some(counter.revision("w:ins").with([plain_run(text)])),
        Word::Removed(text) => Some(counter.revision("w:del").with([run(text, "w:delText")])),
    });
    runs.collect()
}

/// A field: what it says to Word, and what it shows until Word fills it in anew.
pub fn field(instruction: &str, shown: &str) -> Vec<Element> {
    let mut runs = begin(instruction);
    if !shown.is_empty() {
        runs.extend([mark("separate"), plain_run(shown)]);
    }
    runs.push(mark("end"));
    runs
}

/// The beginning of a field, up to what it shows.
pub fn begin(instruction: &str) -> Vec<Element> {
    let code = el("w:instrText").attr("xml:space", "preserve").text(instruction);
    vec![mark("begin"), el("w:r").with([code])]
}

/// A mark of a field: `begin`, `separate` or `end`.
pub fn mark(kind: &str) -> Element {
    el("w:r").with([el("w:fldChar").attr("w:fldCharType", kind)])
}

/// A paragraph in a style. What `more` adds to its properties stands in the order of the schema.
pub fn paragraph(style: &str, more: Vec<Element>, content: Vec<Element>) -> Element {
    let properties = el("w:pPr").with([val("w:pStyle", style)]).with(more);
    el("w:p").with([properties]).with(content)
}

/// What says in its properties that a paragraph is new or gone.
pub fn whole_mark(whole: Whole, counter: &mut Counter) -> Option<Element> {
    let name = match whole {
        Whole::Kept => return None,
        Whole::New => "w:ins",
        Whole::Gone => "w:del",
    };
    Some(el("w:rPr").with([counter.revision(name)]))
}

/// Content within a bookmark.
pub fn bookmarked(name: &str, content: Vec<Element>, counter: &mut Counter) -> Vec<Element> {
    let id = counter.next();
    let start = el("w:bookmarkStart").attr("w:id", id).attr("w:name", name);
    let end = el("w:bookmarkEnd").attr("w:id", id);
    [start].into_iter().chain(content).chain([end]).collect()
}

/// Puts a section's properties into the last paragraph of it.
pub fn end_section(paragraph: &mut Element, section: Element) {
    if let Some(Node::Element(properties)) = paragraph.children.first_mut() {
        properties.children.push(Node::Element(section));
    }
}
