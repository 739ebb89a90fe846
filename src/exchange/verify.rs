//! The way back from a PDF: the files that travel in it, and where another making of it differs.

use std::collections::{BTreeMap, BTreeSet};

use lopdf::{Dictionary, Document, Object, ObjectId};

use super::attach::Record;
use super::attach::{FORM_FOLDER, RECORD};
use crate::form::store;

/// More bytes than any source, workbook or form needs, all attachments together.
const MOST_BYTES: usize = 256 << 20;

/// What travels in a PDF, by name.
pub type Attached = BTreeMap<String, Vec<u8>>;

/// Why a PDF cannot be made again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Missing {
    #[error("它不是 PDF，或文件已损坏")]
    NotPdf,
    #[error("PDF 里没有附数据文件")]
    NoSource,
    #[error("PDF 里附的生成记录读不懂")]
    BadRecord,
    #[error("PDF 里附的文件太大")]
    TooLarge,
}

/// Takes the attachments out of a PDF.
pub fn attached(pdf: &[u8]) -> Result<Attached, Missing> {
    let document = Document::load_mem(pdf).map_err(|_| Missing::NotPdf)?;
    let mut files = Attached::new();
    let mut total = 0;
    for object in document.objects.values() {
        let Ok(spec) = object.as_dict() else { continue };
        let Some((name, stream)) = embedded(&document, spec) else { continue };
        let data = content(&document, stream, MOST_BYTES - total).ok_or(Missing::TooLarge)?;
        total += data.len();
        files.insert(name, data);
    }
    if files.contains_key(RECORD) { Ok(files) } else { Err(Missing::NoSource) }
}

/// The record among the attachments, and the source that it names.
pub fn record(files: &Attached) -> Result<(Record, &[u8]), Missing> {
    let record = files.get(RECORD).ok_or(Missing::NoSource)?;
    let record: Record = serde_json::from_slice(record).map_err(|_| Missing::BadRecord)?;
    let source = files.get(&record.source).ok_or(Missing::NoSource)?;
    Ok((record, source))
}

/// The files of the attached form, by their path in its folder.
pub fn form_files(files: &Attached, form: &str) -> store::Files {
    let prefix = format!("{FORM_FOLDER}{form}/");
    let own = files
        .iter()
        .filter_map(|(name, data)| Some((name.strip_prefix(&prefix)?.to_owned(), data.clone())));
    own.collect()
}

/// The name and the stream of a file specification that embeds a file.
fn embedded(document: &Document, spec: &Dictionary) -> Option<(String, ObjectId)> {
    let files = resolve(document, spec.get(b"EF").ok()?)?.as_dict().ok()?;
    let name = spec.get(b"UF").or_else(|_| spec.get(b"F")).ok()?;
    let name = lopdf::decode_text_string(name).ok()?;
    let stream = files.get(b"F").or_else(|_| files.get(b"UF")).ok()?.as_reference().ok()?;
    Some((name, stream))
}

fn resolve<'d>(document: &'d Document, object: &'d Object) -> Option<&'d Object> {
    document.dereference(object).ok().map(|(_, object)| object)
}

/// A stream's bytes, unless they are more than `most`.
fn content(document: &Document, id: ObjectId, most: usize) -> Option<Vec<u8>> {
    let stream = document.get_object(id).ok()?.as_stream().ok()?;
    let claims = stream.dict.get(b"Params").ok().and_then(|params| {
        resolve(document, params)?.as_dict().ok()?.get(b"Size").ok()?.as_i64().ok()
    });
    if claims.is_some_and(|size| usize::try_from(size).map_or(true, |size| size > most)) {
        return None;
    }
    let data = match stream.dict.has(b"Filter") {
        true => stream.decompressed_content().ok()?,
        false => stream.content.clone(),
    };
    (data.len() <= most).then_some(data)
}

/// The faces that a PDF embeds and another making of it does not.
pub fn other_faces(given: &[u8], made: &[u8]) -> Vec<String> {
    let made = faces(made);
    faces(given).into_iter().filter(|face| !made.contains(face)).collect()
}

/// The names of the embedded faces, without the six letters that say which part of them.
fn faces(pdf: &[u8]) -> BTreeSet<String> {
    let Ok(document) = Document::load_mem(pdf) else { return BTreeSet::new() };
    let named = document.objects.values().filter_map(|object| {
        let name = object.as_dict().ok()?.get(b"FontName").ok()?.as_name().ok()?;
        let name = String::from_utf8_lossy(name);
        Some(name.split_once('+').map_or(&*name, |(_, name)| name).to_owned())
    });
    named.collect()
}

/// Where two PDFs differ, in words for the user; empty when they are the same.
pub fn differences(given: &[u8], made: &[u8]) -> Vec<String> {
    if given == made {
        return Vec::new();
    }
    let mut found = Vec::new();
    let (Ok(given), Ok(made)) = (Document::load_mem(given), Document::load_mem(made)) else {
        return vec!["PDF 的结构".to_owned()];
    };
    let (pages, fresh) = (given.get_pages(), made.get_pages());
    if pages.len() != fresh.len() {
        found.push(format!("页数：{} 页，重做是 {} 页", pages.len(), fresh.len()));
    }
    let changed: Vec<String> = pages
        .iter()
        .zip(&fresh)
        .filter(|((_, page), (_, own))| {
            given.get_page_content(**page) != made.get_page_content(**own)
        })
        .map(|((number, _), _)| number.to_string())
        .collect();
    if !changed.is_empty() {
        found.push(format!("第 {} 页的内容", changed.join("、")));
    }
    found.extend(attachments_differ(&given, &made));
    if found.is_empty() {
        found.push("页面和附件以外的部分（文档信息、结构、字体等）".to_owned());
    }
    found
}

fn attachments_differ(given: &Document, made: &Document) -> Vec<String> {
    let files = |document: &Document| -> Attached {
        let specs = document.objects.values().filter_map(|object| object.as_dict().ok());
        specs
            .filter_map(|spec| {
                let (name, stream) = embedded(document, spec)?;
                Some((name, content(document, stream, MOST_BYTES)?))
            })
            .collect()
    };
    let (given, made) = (files(given), files(made));
    let names: BTreeSet<&String> = given.keys().chain(made.keys()).collect();
    let differ = names.into_iter().filter(|name| given.get(*name) != made.get(*name));
    differ.map(|name| format!("所附的 {name}")).collect()
}
