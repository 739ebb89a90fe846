//! From a report to pages: markup, faces, layout, and what the pages show.

pub mod attachment;
mod bounds;
mod breaks;
mod cell;
pub mod desk;
mod edit;
pub mod export;
pub mod faces;
mod fit;
pub mod geometry;
mod grid;
mod groups;
mod lay;
mod line;
mod literal;
pub mod markup;
mod measure;
mod misplaced;
mod names;
pub mod pages;
mod passes;
mod roles;
mod words;

use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

use typst::diag::SourceDiagnostic;
use typst::syntax::{DiagSpanKind, Source};
use typst_layout::PagedDocument;

use crate::compare::Marks;
use crate::finding::{self, File, Finding, Required};
use crate::form::{Form, fault};
use crate::report::{Address, Origin, Report};
use crate::source::alike;
use crate::source::scalar::{Entries, Place, Text};
pub use attachment::{Attachment, Relation};
use desk::Desk;
use geometry::Area;
use markup::{Markup, Placed, Setting};
use pages::{MissingGlyph, Printed};
pub use roles::{DIGITS, Faces, RoleReport};

/// A report laid out.
#[derive(Debug)]
pub struct Pages {
    pub document: PagedDocument,
    pub markup: Markup,
    /// The files of the markup as Typst numbered their parts: the pages point into them.
    pub numbered: Vec<Source>,
    /// Where each text is printed; empty unless it was asked for.
    pub printed: Vec<Printed>,
    /// Characters that no face of their role draws.
    pub missing: Vec<MissingGlyph>,
    /// Files travel with them.
    pub attached: bool,
}

/// What a report is laid out with.
#[derive(Debug, Clone, Copy, Default)]
pub struct Wishes<'a> {
    /// The word across every page.
    pub watermark: Option<&'a str>,
    /// Files that travel in the PDF.
    pub attachments: &'a [Attachment],
    /// What differs from another report.
    pub marks: Option<&'a Marks>,
    /// The markup is for the stock compiler, which knows faces only by the names that it reads.
    pub stock: bool,
    /// An earlier layout of the same source: its page numbers are probably still right.
    pub earlier: Option<&'a Pages>,
}

/// How long the stages of typesetting took.
#[derive(Debug, Clone, Copy, Default)]
pub struct Times {
    pub markup: Duration,
    pub layout: Duration,
    pub reading: Duration,
}

/// A desk with faces, ready for report after report of one form or several.
pub struct Typesetter {
    desk: Desk,
    faces: Faces,
}

impl Typesetter {
    pub fn new(faces: Faces) -> Self {
        Self { desk: Desk::new(faces.all(), faces.book()), faces }
    }

    /// Lays out a report. With `watermark`, the word stands across every page.
    pub fn typeset(
        &self,
        form: &Form,
        report: &Report,
        chosen: &Entries<Text>,
        watermark: Option<&str>,
    ) -> Result<(Pages, Times), Vec<Finding>> {
        self.typeset_with(form, report, chosen, Wishes { watermark, ..Wishes::default() })
    }

    /// Lays out a report with everything that is wished for.
    pub fn typeset_with(
        &self,
        form: &Form,
        report: &Report,
        chosen: &Entries<Text>,
        wishes: Wishes<'_>,
    ) -> Result<(Pages, Times), Vec<Finding>> {
        let mut roles = self.faces.roles(&form.manifest.value, chosen, &report.file)?;
        let manifest = &form.manifest.value;
        self.faces.complete(&mut roles, &manifest.extensions, &report.characters());
        if wishes.stock {
            self.faces.keep_stock(&mut roles);
        }
        for name in &manifest.layout_files {
            let file = form.file(&name.text).ok_or_else(|| vec![missing_file(form, name)])?;
            let base = name.text.rsplit('/').next().unwrap_or(&name.text);
            self.desk.put(base, &file.text);
        }
        let template = form
            .file(&manifest.layout.text)
            .ok_or_else(|| vec![missing_file(form, &manifest.layout)])?;
        let start = Instant::now();
        let widths = self.faces.widths(&roles);
        let setting = Setting {
            roles: &roles,
            narrow: &manifest.narrow,
            widths: &widths,
            watermark: wishes.watermark,
            marks: wishes.marks,
        };
        let mut markup = markup::write(report, &setting, &template.name, &template.text)
            .map_err(|error| vec![fault::in_template(&error, Some(template))])?;
        markup.files[0].1 += &attachment::lay_out(&self.desk, wishes.attachments);
        let numbered = markup.files.iter().map(|(name, text)| self.desk.put(name, text));
        let numbered: Vec<Source> = numbered.collect();
        let written = Instant::now();
        let document = self
            .desk
            .compile(wishes.earlier.map(|pages| pages.document.clone()))
            .map_err(|errors| {
                errors
                    .iter()
                    .map(|error| self.explain(error, report, &markup, &numbered))
                    .collect::<Vec<_>>()
            })?;
        let laid_out = Instant::now();
        let missing = pages::missing(&document, &numbered, &markup.placed);
        let times = Times {
            markup: written - start,
            layout: laid_out - written,
            reading: laid_out.elapsed(),
        };
        let attached = !wishes.attachments.is_empty();
        Ok((Pages { document, markup, numbered, printed: Vec::new(), missing, attached }, times))
    }

    /// Finds out where every text is printed: for findings, and for going from page to source.
    pub fn locate(&self, pages: &mut Pages) {
        pages.printed = pages::printed(&pages.document, &pages.numbered, &pages.markup.placed);
    }

    /// The Typst files of pages, for the stock compiler: `main.typ`, what it includes, and the
    /// form's layout files.
    pub fn files(&self, form: &Form, pages: &Pages) -> Vec<(String, Vec<u8>)> {
        let layout = form.manifest.value.layout_files.iter().filter_map(|name| {
            let base = name.text.rsplit('/').next().unwrap_or(&name.text);
            Some((base.to_owned(), form.file(&name.text)?.text.clone().into_bytes()))
        });
        let files = pages.markup.files.iter();
        files.map(|(name, text)| (name.clone(), text.clone().into_bytes())).chain(layout).collect()
    }

    /// A fault of Typst's in the report's own terms: its place in the source where there is one.
    fn explain(
        &self,
        error: &SourceDiagnostic,
        report: &Report,
        markup: &Markup,
        numbered: &[Source],
    ) -> Finding {
        let range = match error.span.get() {
            DiagSpanKind::Number { id, num, sub_range } => self
                .desk
                .source(id)
                .and_then(|source| source.range(num, sub_range))
                .map(|range| (id, range)),
            DiagSpanKind::Range { id, range } => Some((id, range)),
            DiagSpanKind::Detached => None,
        };
        let finding = Finding::error("P02", format!("排版出错：{}", error.message));
        let Some((id, range)) = range else { return finding };
        let file = numbered.iter().position(|source| source.id() == id);
        match file.and_then(|file| pages::find(&markup.placed, file, &range)) {
            Some(at) => at_origin(finding, &markup.placed[at], report),
            None => {
                let name = id.vpath().get_without_slash().to_owned();
                let text = self.desk.source(id).map(|source| source.text().to_owned());
                finding.at(&File::new(name, text.unwrap_or_default()), range)
            }
        }
    }
}

/// A character, and the bytes of the source that it stands on, where it stands there.
type CharacterAt<'a> = (&'a str, Option<(usize, usize)>);

impl Pages {
    /// Where every text of the report stands on its page.
    pub fn areas(&self) -> Vec<Area> {
        geometry::areas(&self.document, &self.numbered, &self.markup.placed)
    }

    /// A number for each page, the same while it looks the same.
    pub fn fingerprints(&self) -> Vec<u128> {
        self.document.pages().iter().map(geometry::fingerprint).collect()
    }

    /// Fills in the page on which each required part begins.
    pub fn find(&self, required: &mut [Required]) {
        let first = self.first_pages();
        for one in required {
            one.page = one.addresses.iter().filter_map(|address| first.get(address)).min().copied();
        }
    }

    /// The first page of everything that is printed.
    fn first_pages(&self) -> BTreeMap<Address, usize> {
        let mut first = BTreeMap::new();
        for text in &self.printed {
            first.entry(self.markup.placed[text.placed].address).or_insert(text.page);
        }
        first
    }

    /// Fills in the page on which each finding is to be seen.
    pub fn number(&self, findings: &mut [Finding]) {
        let first = self.first_pages();
        for shown in findings.iter_mut().filter_map(|finding| finding.shown.as_mut()) {
            shown.page = first.get(&shown.address).copied();
        }
    }

    /// A finding for every character that no face of its role draws, at each place of the source
    /// where it stands; without a place only what has none.
    pub fn missing_glyphs(&self, report: &Report) -> Vec<Finding> {
        let mut pages: BTreeMap<CharacterAt<'_>, BTreeSet<usize>> = BTreeMap::new();
        for glyph in &self.missing {
            let placed = glyph.placed.map(|at| &self.markup.placed[at]);
            let places = placed.map(|placed| places_of(&glyph.text, placed, report));
            for place in places.unwrap_or_else(|| vec![None]) {
                pages.entry((&glyph.text, place)).or_default().insert(glyph.page);
            }
        }
        let has_place = |text: &str| pages.keys().any(|(have, at)| *have == text && at.is_some());
        let mut findings: Vec<Finding> = pages
            .iter()
            .filter(|((text, place), _)| place.is_some() || !has_place(text))
            .map(|((text, place), pages)| {
                let finding = missing_glyph(text, pages);
                match place {
                    Some((start, end)) => finding.at(&report.file, *start..*end),
                    None => finding,
                }
            })
            .collect();
        finding::sort(&mut findings);
        findings
    }
}

fn missing_glyph(text: &str, pages: &BTreeSet<usize>) -> Finding {
    let codes: Vec<String> = text.chars().map(|c| format!("U+{:04X}", c as u32)).collect();
    let first = pages.first().copied().unwrap_or_default();
    let others = if pages.len() > 1 { format!("等 {} 页", pages.len()) } else { String::new() };
    let codes = codes.join(" ");
    let help = match alike::odd(text).first() {
        Some(odd) => odd.help(),
        None => "换一个常用的字；或用 --fonts 给出有这个字的字体，见 yusuan fonts".to_owned(),
    };
    Finding::error("P01", format!("第 {first} 页{others}的“{text}”（{codes}）没有字体能画出来"))
        .help(help)
}

/// Where the source holds a character that is printed: each time that the text has it, or the
/// whole of what it was made from.
fn places_of(character: &str, placed: &Placed, report: &Report) -> Vec<Option<(usize, usize)>> {
    if let Origin::Text(place) = &placed.origin {
        let text = &report.file.text[place.clone()];
        let starts = text.match_indices(character).map(|(offset, _)| place.start + offset);
        let places: Vec<_> = starts.map(|at| Some((at, at + character.len()))).collect();
        if !places.is_empty() {
            return places;
        }
    }
    vec![first_place(&placed.origin).map(|place| (place.start, place.end))]
}

fn at_origin(finding: Finding, placed: &Placed, report: &Report) -> Finding {
    match first_place(&placed.origin) {
        Some(place) => finding.at(&report.file, place),
        None => finding,
    }
}

fn first_place(origin: &Origin) -> Option<Place> {
    match origin {
        Origin::Text(place) => Some(place.clone()),
        Origin::Figure(figure, _) => figure.places().first().cloned(),
        Origin::Form => None,
    }
}

fn missing_file(form: &Form, name: &Text) -> Finding {
    Finding::error("F02", format!("表式里没有“{}”这个文件", name.text))
        .at(&form.manifest.file, name.place.clone())
}
