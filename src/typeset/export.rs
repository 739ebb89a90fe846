//! Pages as files: PDF, SVG, PNG.

use typst::foundations::{Datetime, Smart};
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards, Timestamp};

use super::Pages;
use crate::finding::Finding;
use crate::report::Report;

/// The program as the PDF names it. No version: the same report gives the same bytes for ever.
const CREATOR: &str = "yusuan";

/// The report as PDF/A-2a and PDF/UA-1 together: archivable, tagged, with a title and a language.
/// With files attached it is PDF/A-3a.
///
/// Without `standards` a draft can be printed that lacks a glyph.
pub fn pdf(pages: &Pages, report: &Report, standards: bool) -> Result<Vec<u8>, Vec<Finding>> {
    let archive = if pages.attached { PdfStandard::A_3a } else { PdfStandard::A_2a };
    let both = [archive, PdfStandard::Ua_1];
    let list = if standards { &both[..] } else { &[] };
    let standards = PdfStandards::new(list);
    let date = &report.date;
    let timestamp = Datetime::from_ymd(date.year, date.month, date.day).map(Timestamp::new_utc);
    let options = PdfOptions {
        ident: Smart::Custom(format!("{} {}", report.author, report.title_text())),
        creator: Smart::Custom(Some(CREATOR.to_owned())),
        timestamp,
        standards: standards.expect("PDF/A and PDF/UA-1 go together"),
        ..PdfOptions::default()
    };
    typst_pdf::pdf(&pages.document, &options).map_err(|errors| {
        let findings = errors
            .iter()
            .map(|error| Finding::error("P02", format!("做不成 PDF：{}", error.message)));
        findings.collect()
    })
}

/// One SVG a page.
pub fn svg(pages: &Pages) -> Vec<String> {
    (0..pages.document.pages().len()).filter_map(|page| svg_of(pages, page)).collect()
}

/// The SVG of one page, counted from 0.
pub fn svg_of(pages: &Pages, page: usize) -> Option<String> {
    let page = pages.document.pages().get(page)?;
    Some(typst_svg::svg(page, &typst_svg::SvgOptions::default()))
}

/// One PNG a page, at twice the size of the screen's points.
pub fn png(pages: &Pages) -> Result<Vec<Vec<u8>>, String> {
    let options = typst_render::RenderOptions { pixel_per_pt: 2.0.into(), ..Default::default() };
    let pages = pages.document.pages().iter();
    pages
        .map(|page| typst_render::render(page, &options).encode_png().map_err(|e| e.to_string()))
        .collect()
}
