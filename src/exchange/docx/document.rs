//! The main part: sections, paragraphs, tables, and the 目录.

use std::collections::BTreeSet;

use super::element::{Element, el, val};
use super::numbers::Numbers;
use super::paper::Paper;
use super::plan::{Body, Item, Section, Sheet, Site, Start};
use super::styles::{self, CellStyle, ENTRIES, id, twips};
use super::table::{self, Room, RowText};
use super::text::{self, Counter, Whole};
use crate::compare::Word;
use crate::exchange::{Subject, Trouble};
use crate::report::{Report, plain};

/// What is written of an item: its words or rows, and whether it is new or gone as a whole.
#[derive(Debug)]
pub struct Written<'r> {
    pub item: Item<'r>,
    pub whole: Whole,
    pub content: Content<'r>,
}

#[derive(Debug)]
pub enum Content<'r> {
    Words(Vec<Word>),
    Rows(Vec<RowText<'r>>),
}

impl<'r> From<Item<'r>> for Written<'r> {
    /// An item that nothing changed in.
    fn from(item: Item<'r>) -> Self {
        let content = match &item.body {
            Body::Line(line) => Content::Words(text::same(&plain(line))),
            Body::Grid(sheet) => Content::Rows(table::rows(item.site, sheet.grid)),
        };
        Self { item, whole: Whole::Kept, content }
    }
}

/// Writes the main part; also says which styles of cells it uses.
pub fn document(
    subject: &Subject<'_>,
    numbers: &Numbers,
    items: Vec<Written<'_>>,
) -> Result<(Element, BTreeSet<CellStyle>), Trouble> {
    let mut writer = Writer {
        report: subject.report,
        numbers,
        paper: Paper::of(subject.form)?,
        counter: Counter::new(&subject.report.date),
        used: BTreeSet::new(),
        sizes: sizes(subject)?,
        body: Vec::new(),
        section: Section::Cover,
        is_numbered: false,
    };
    for item in items {
        writer.item(item);
    }
    let last = writer.section_properties();
    let body = el("w:body").with(writer.body).with([last]);
    Ok((super::parts::root("w:document").with([body]), writer.used))
}

/// What is left free above a title that stands alone on its page, as a share of it: programs do
/// not agree on vertical alignment.
fn above(start: Start) -> Option<f64> {
    match start {
        Start::Section(Section::Cover) => Some(0.27),
        Start::Section(Section::Alone) => Some(0.37),
        _ => None,
    }
}

/// The sizes of type of tables: what the form says of cells, then smaller ones.
fn sizes(subject: &Subject<'_>) -> Result<Vec<f64>, Trouble> {
    let manifest = &subject.form.manifest.value;
    let own = manifest.document.styles.get(styles::CELL).map(|style| &style.size);
    let all = own.into_iter().chain(&manifest.narrow.sizes);
    let mut sizes =
        all.map(|size| styles::number(styles::CELL, size)).collect::<Result<Vec<f64>, _>>()?;
    if sizes.is_empty() {
        sizes.push(styles::PLAIN_SIZE);
    }
    Ok(sizes)
}

struct Writer<'a> {
    report: &'a Report,
    numbers: &'a Numbers,
    paper: Paper,
    counter: Counter,
    used: BTreeSet<CellStyle>,
    sizes: Vec<f64>,
    body: Vec<Element>,
    section: Section,
    /// Pages have numbers from here on.
    is_numbered: bool,
}

impl Writer<'_> {
    fn item(&mut self, written: Written<'_>) {
        let Written { item, whole, content } = written;
        if let Start::Section(section) = item.start {
            if !self.body.is_empty() {
                self.end_section();
            }
            self.section = section;
        }
        match (&item.body, content) {
            (Body::Line(_), Content::Words(words)) => self.paragraph(&item, whole, &words),
            (Body::Grid(sheet), Content::Rows(rows)) => self.table(sheet, rows),
            _ => {}
        }
        if item.site == Site::Contents && whole != Whole::Gone {
            self.contents();
        }
    }

    fn paragraph(&mut self, item: &Item<'_>, whole: Whole, words: &[Word]) {
        let mut more = Vec::new();
        if item.start == Start::SamePage {
            more.push(val("w:pageBreakBefore", 0));
        }
        if let (Site::Sides(_), Section::Table { landscape }) = (item.site, self.section) {
            let end = twips(self.paper.width(landscape));
            let tab = val("w:tab", "right").attr("w:pos", end);
            more.push(el("w:tabs").with([tab]));
        }
        if let Some(share) = above(item.start) {
            let before = twips(self.paper.height() * share);
            more.push(el("w:spacing").attr("w:before", before));
        }
        more.extend(text::whole_mark(whole, &mut self.counter));
        let mut content = text::runs(words, &mut self.counter);
        if let Site::Subject(at) = item.site {
            content.extend(self.entry_field(at));
        }
        if whole != Whole::Gone {
            content = text::bookmarked(&item.site.bookmark(), content, &mut self.counter);
        }
        self.body.push(text::paragraph(id(item.style), more, content));
    }

    /// The words that the 目录 has for a table, which are not those over it.
    fn entry_field(&self, at: usize) -> Vec<Element> {
        let Some(table) = self.report.tables().nth(at).filter(|it| !it.entry.is_empty()) else {
            return Vec::new();
        };
        let words = format!("{}{}", table.entry, plain(&table.title)).replace('"', "”");
        text::field(&format!(" TC \"{words}\" \\f t \\l 3 "), "")
    }

    fn table(&mut self, sheet: &Sheet<'_>, rows: Vec<RowText<'_>>) {
        let own = sheet.size.and_then(|size| size.parse::<f64>().ok());
        let mut sizes = self.sizes.clone();
        if let Some(own) = own {
            sizes.retain(|size| *size < own);
            sizes.insert(0, own);
        }
        let room = Room { width: self.paper.width(sheet.landscape), sizes };
        let made = table::table(sheet, rows, &room, &mut self.counter, &mut self.used);
        // Word makes one of two tables that touch.
        if self.body.last().is_some_and(|last| last.name == "w:tbl") {
            self.small_paragraph();
        }
        self.body.push(made);
    }

    /// Puts the section's properties into its last paragraph: Word wants one behind a table.
    fn end_section(&mut self) {
        let properties = self.section_properties();
        if self.body.last().is_none_or(|last| last.name != "w:p") {
            self.small_paragraph();
        }
        if let Some(last) = self.body.last_mut() {
            text::end_section(last, properties);
        }
    }

    /// A paragraph that holds nothing and takes a point.
    fn small_paragraph(&mut self) {
        let small = el("w:spacing")
            .attr("w:before", 0)
            .attr("w:after", 0)
            .attr("w:line", 20)
            .attr("w:lineRule", "exact");
        self.body.push(text::paragraph(id(styles::NOTE), vec![small], Vec::new()));
    }

    fn section_properties(&mut self) -> Element {
        let mut properties = el("w:sectPr");
        let landscape = matches!(self.section, Section::Table { landscape: true });
        let begins =
            !self.is_numbered && !matches!(self.section, Section::Cover | Section::Contents);
        if begins {
            let footer = |kind: &str, id: &str| {
                el("w:footerReference").attr("w:type", kind).attr("r:id", id)
            };
            let odd = footer("default", super::parts::ODD.id);
            let even = footer("even", super::parts::EVEN.id);
            properties = properties.with([even, odd]);
            self.is_numbered = true;
        }
        properties = properties.with([val("w:type", "nextPage")]).with(self.paper.page(landscape));
        if begins {
            properties = properties.with([el("w:pgNumType").attr("w:start", 1)]);
        }
        properties
    }

    /// 目录: a field, with what it shows as the layout has it.
    fn contents(&mut self) {
        let mut entries: Vec<(usize, Site, String)> = Vec::new();
        let (mut chapters, mut tables) = (0, 0);
        for (at, group) in self.report.groups.iter().enumerate() {
            entries.push((0, Site::Group(at), plain(&group.title)));
            for chapter in &group.chapters {
                entries.push((1, Site::Title(chapters), plain(&chapter.title)));
                chapters += 1;
            }
            for table in &group.tables {
                let words = format!("{}{}", table.entry, plain(&table.title));
                entries.push((2, Site::Subject(tables), words));
                tables += 1;
            }
        }
        let count = entries.len();
        let mut paragraphs = Vec::new();
        for (at, (level, site, words)) in entries.into_iter().enumerate() {
            let mut content = Vec::new();
            if at == 0 {
                content = text::begin(" TOC \\o \"1-2\" \\f t \\h \\z ");
                content.push(text::mark("separate"));
            }
            let page = self.numbers.get(&site).map(usize::to_string).unwrap_or_default();
            let link = el("w:hyperlink").attr("w:anchor", site.bookmark()).attr("w:history", 1);
            let code = format!(" PAGEREF {} \\h ", site.bookmark());
            let shown = [text::plain_run(&words), text::plain_run("\t")];
            content.push(link.with(shown).with(text::field(&code, &page)));
            if at + 1 == count {
                content.push(text::mark("end"));
            }
            let end = twips(self.paper.width(false));
            let tab = val("w:tab", "right").attr("w:leader", "dot").attr("w:pos", end);
            let tabs = el("w:tabs").with([tab]);
            paragraphs.push(text::paragraph(id(ENTRIES[level]), vec![tabs], content));
        }
        let gallery = el("w:docPartObj")
            .with([val("w:docPartGallery", "Table of Contents"), el("w:docPartUnique")]);
        let control =
            el("w:sdt").with([el("w:sdtPr").with([gallery]), el("w:sdtContent").with(paragraphs)]);
        self.body.push(control);
    }
}
