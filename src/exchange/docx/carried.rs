//! What travels in a document so that it can come back: the source, and how its report was made.
//! Where an editor drops that part, the fingerprint among the document's properties is left.

use super::element::{Element, el, parse};
use super::parts::CARRIED;
use crate::exchange::attach::{Record, record};
use crate::exchange::{Subject, Trouble, base_name, fingerprint};

/// The names of our properties.
const NAME: &str = "yusuan-source";
const FINGERPRINT: &str = "yusuan-sha256";
/// How a line ends that has a carriage return.
const RETURN: &str = "CR";
/// What all custom properties are known by.
const FORMAT: &str = "{D5CDD505-2E9C-101B-9397-08002B2CF9AE}";

/// What a document says of where it comes from.
#[derive(Debug, Clone, Default)]
pub struct Carried {
    /// The record and the source, if they are still there and fit together.
    pub whole: Option<(Record, String)>,
    /// The name and fingerprint of the source.
    pub name: Option<String>,
    pub fingerprint: Option<String>,
}

/// The part with the source in it.
pub fn part(subject: &Subject<'_>, balance: bool) -> Result<Element, Trouble> {
    let text = &subject.report.file.text;
    let record = record(subject, text.as_bytes(), balance);
    let record = serde_json::to_string(&record).map_err(|error| Trouble(error.to_string()))?;
    // XML makes one of all line ends: an attribute says which ones had a carriage return.
    let lines = text.split('\n').map(|line| match line.strip_suffix('\r') {
        Some(line) => el("line").attr("end", RETURN).text(line),
        None => el("line").text(line),
    });
    Ok(el("yusuan").attr("xmlns", CARRIED).with([el("record").text(record)]).with(lines))
}

impl Carried {
    /// Reads the custom XML parts and the custom properties of a document.
    pub fn read<'p>(items: impl Iterator<Item = &'p [u8]>, properties: Option<&[u8]>) -> Self {
        let whole = items.filter_map(parse).find_map(|item| source_of(&item));
        let properties = properties.and_then(parse);
        let named = |name: &str| {
            let all = properties.as_ref()?.elements();
            let mut named = all.filter(|it| it.attribute("name") == Some(name));
            named.next().map(|it| it.all_text().trim().to_owned())
        };
        Self { whole, name: named(NAME), fingerprint: named(FINGERPRINT) }
    }
}

/// The record and the source in a part of ours, when it is as it was written.
fn source_of(item: &Element) -> Option<(Record, String)> {
    if item.name != "yusuan" || item.attribute("xmlns") != Some(CARRIED) {
        return None;
    }
    let record: Record = serde_json::from_str(&item.get("record")?.all_text()).ok()?;
    let lines = item.elements().filter(|element| element.name == "line").map(|line| {
        let end = if line.attribute("end") == Some(RETURN) { "\r" } else { "" };
        line.all_text() + end
    });
    let text = lines.collect::<Vec<_>>().join("\n");
    (fingerprint(&text) == record.source_sha256).then_some((record, text))
}

/// The part of custom properties: what is left when everything else is dropped.
pub fn properties(subject: &Subject<'_>) -> Element {
    let text = &subject.report.file.text;
    let name = base_name(&subject.report.file.name);
    let values = [(NAME, name.to_owned()), (FINGERPRINT, fingerprint(text))];
    let properties = values.into_iter().zip(2..).map(|((name, value), id)| {
        el("property")
            .attr("fmtid", FORMAT)
            .attr("pid", id)
            .attr("name", name)
            .with([el("vt:lpwstr").text(value)])
    });
    el("Properties")
        .attr("xmlns", "http://schemas.openxmlformats.org/officeDocument/2006/custom-properties")
        .attr("xmlns:vt", "http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes")
        .with(properties)
}
