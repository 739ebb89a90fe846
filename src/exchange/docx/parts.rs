//! The parts of a document beside its text: what they are, how they hang together, page numbers.

use std::collections::BTreeSet;

use super::element::{Element, el, val};
use super::styles::{self, id};
use super::text::{self, timestamp};
use crate::report::Report;

/// A part and the relation that leads to it.
#[derive(Debug, Clone, Copy)]
pub struct Part {
    pub id: &'static str,
    pub path: &'static str,
    relation: &'static str,
    content: &'static str,
}

const OFFICE: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const PACKAGE: &str = "http://schemas.openxmlformats.org/package/2006/relationships";
const WORD: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml.";
const CORE: &str =
    "http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties";

pub const ODD: Part =
    Part { id: "rId3", path: "word/footer1.xml", relation: "footer", content: "footer+xml" };
pub const EVEN: Part =
    Part { id: "rId4", path: "word/footer2.xml", relation: "footer", content: "footer+xml" };
pub const STYLES: Part =
    Part { id: "rId1", path: "word/styles.xml", relation: "styles", content: "styles+xml" };
pub const SETTINGS: Part =
    Part { id: "rId2", path: "word/settings.xml", relation: "settings", content: "settings+xml" };
pub const FONTS: Part = Part {
    id: "rId6",
    path: "word/fontTable.xml",
    relation: "fontTable",
    content: "fontTable+xml",
};
/// Word looks for colours and faces in it that no style here asks for.
pub const THEME: &str = "word/theme/theme1.xml";
pub const THEME_TEXT: &str = include_str!("theme.xml");
pub const DOCUMENT: &str = "word/document.xml";
/// The custom XML part that carries the source, and what identifies it.
pub const ITEM: &str = "customXml/item1.xml";
pub const ITEM_PROPERTIES: &str = "customXml/itemProps1.xml";
/// The namespace of what is carried.
pub const CARRIED: &str = "urn:yusuan:source";

/// The top of a part of Word's, with its namespaces.
pub fn root(name: &'static str) -> Element {
    el(name)
        .attr("xmlns:w", "http://schemas.openxmlformats.org/wordprocessingml/2006/main")
        .attr("xmlns:r", OFFICE)
}

fn relation(id: &str, kind: &str, target: &str) -> Element {
    el("Relationship").attr("Id", id).attr("Type", kind).attr("Target", target)
}

fn relations(all: impl IntoIterator<Item = Element>) -> Element {
    el("Relationships").attr("xmlns", PACKAGE).with(all)
}

/// Every part that is the same for all reports, or made of a few words of theirs.
pub fn others(report: &Report) -> Vec<(&'static str, Element)> {
    let office = |name: &str| format!("{OFFICE}/{name}");
    let word = [STYLES, SETTINGS, ODD, EVEN, FONTS];
    let own = word.map(|part| {
        let target = part.path.trim_start_matches("word/");
        relation(part.id, &office(part.relation), target)
    });
    let more = [
        relation("rId5", &office("customXml"), "../customXml/item1.xml"),
        relation("rId7", &office("theme"), "theme/theme1.xml"),
    ];
    vec![
        ("[Content_Types].xml", content_types(&word)),
        (
            "_rels/.rels",
            relations([
                relation("rId1", &office("officeDocument"), DOCUMENT),
                relation("rId2", CORE, "docProps/core.xml"),
                relation("rId3", &office("extended-properties"), "docProps/app.xml"),
                relation("rId4", &office("custom-properties"), "docProps/custom.xml"),
            ]),
        ),
        ("word/_rels/document.xml.rels", relations(own.into_iter().chain(more))),
        (
            "customXml/_rels/item1.xml.rels",
            relations([relation("rId1", &office("customXmlProps"), "itemProps1.xml")]),
        ),
        (ITEM_PROPERTIES, item_properties()),
        ("docProps/core.xml", core(report)),
        ("docProps/app.xml", app()),
        (SETTINGS.path, settings()),
        (ODD.path, footer(true)),
        (EVEN.path, footer(false)),
    ]
}

fn content_types(word: &[Part]) -> Element {
    let default = |ending: &str, kind: &str| {
        el("Default").attr("Extension", ending).attr("ContentType", kind)
    };
    let override_ = |path: &str, kind: String| {
        el("Override").attr("PartName", format!("/{path}")).attr("ContentType", kind)
    };
    let office = "application/vnd.openxmlformats-officedocument.";
    el("Types")
        .attr("xmlns", "http://schemas.openxmlformats.org/package/2006/content-types")
        .with([
            default("rels", "application/vnd.openxmlformats-package.relationships+xml"),
            default("xml", "application/xml"),
            override_(DOCUMENT, format!("{WORD}document.main+xml")),
        ])
        .with(word.iter().map(|part| override_(part.path, format!("{WORD}{}", part.content))))
        .with([
            override_(THEME, format!("{office}theme+xml")),
            override_(ITEM_PROPERTIES, format!("{office}customXmlProperties+xml")),
            override_(
                "docProps/core.xml",
                "application/vnd.openxmlformats-package.core-properties+xml".to_owned(),
            ),
            override_("docProps/app.xml", format!("{office}extended-properties+xml")),
            override_("docProps/custom.xml", format!("{office}custom-properties+xml")),
        ])
}

fn item_properties() -> Element {
    let uses = el("ds:schemaRef").attr("ds:uri", CARRIED);
    el("ds:datastoreItem")
        .attr("xmlns:ds", "http://schemas.openxmlformats.org/officeDocument/2006/customXml")
        .attr("ds:itemID", "{79757375-616E-4D6F-8000-736F75726365}")
        .with([el("ds:schemaRefs").with([uses])])
}

/// Title, author, language and date of the report; no clock.
fn core(report: &Report) -> Element {
    let when = |name| el(name).attr("xsi:type", "dcterms:W3CDTF").text(timestamp(&report.date));
    el("cp:coreProperties")
        .attr("xmlns:cp", "http://schemas.openxmlformats.org/package/2006/metadata/core-properties")
        .attr("xmlns:dc", "http://purl.org/dc/elements/1.1/")
        .attr("xmlns:dcterms", "http://purl.org/dc/terms/")
        .attr("xmlns:xsi", "http://www.w3.org/2001/XMLSchema-instance")
        .with([
            el("dc:title").text(report.title_text()),
            el("dc:creator").text(&report.author),
            el("dc:language").text("zh-CN"),
            el("cp:lastModifiedBy").text(&report.author),
            when("dcterms:created"),
            when("dcterms:modified"),
        ])
}

fn app() -> Element {
    el("Properties")
        .attr("xmlns", "http://schemas.openxmlformats.org/officeDocument/2006/extended-properties")
        .with([el("Application").text("yusuan")])
}

fn settings() -> Element {
    let compatible = el("w:compatSetting")
        .attr("w:name", "compatibilityMode")
        .attr("w:uri", "http://schemas.microsoft.com/office/word")
        .attr("w:val", 15);
    let language = el("w:themeFontLang").attr("w:val", "en-US").attr("w:eastAsia", "zh-CN");
    root("w:settings").with([
        el("w:zoom").attr("w:percent", 100),
        val("w:defaultTabStop", 420),
        el("w:evenAndOddHeaders"),
        val("w:characterSpacingControl", "compressPunctuation"),
        el("w:compat").with([compatible]),
        language,
    ])
}

/// The faces that styles name.
pub fn fonts(styles: &Element) -> Element {
    let mut names = BTreeSet::new();
    let mut waiting = vec![styles];
    while let Some(element) = waiting.pop() {
        waiting.extend(element.elements());
        let faces = ["w:ascii", "w:eastAsia"].map(|of| element.attribute(of));
        names.extend(faces.into_iter().flatten().filter(|_| element.name == "w:rFonts"));
    }
    root("w:fonts").with(names.into_iter().map(|name| el("w:font").attr("w:name", name)))
}

/// The number of a page, outside: right on odd pages, left on even ones.
fn footer(odd: bool) -> Element {
    let look = match odd {
        true => vec![
            el("w:ind")
                .attr("w:leftChars", 0)
                .attr("w:left", 0)
                .attr("w:rightChars", 100)
                .attr("w:right", 280),
            val("w:jc", "right"),
        ],
        false => Vec::new(),
    };
    let dash = |text: &str| text::plain_run(text);
    let number = text::field(" PAGE ", "1");
    let content = [dash("— ")].into_iter().chain(number).chain([dash(" —")]).collect();
    root("w:ftr").with([text::paragraph(id(styles::FOOTER), look, content)])
}
