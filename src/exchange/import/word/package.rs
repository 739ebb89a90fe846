//! What is let in: Word documents of a reasonable size. Everything else gets a clear answer.

use std::collections::BTreeMap;
use std::io::{Cursor, Read};

use zip::ZipArchive;

use super::super::gate::{self, COMPOUND, MOST_BYTES, MOST_PARTS, MOST_UNPACKED};
use super::super::{LEFT, UNREADABLE};
use crate::exchange::docx::element::{Element, parse};
use crate::finding::{Finding, Severity};

const RESAVE: &str = "用 Word 或 WPS 打开，另存为“Word 文档（.docx）”后再导入";
/// The largest part that is read.
const MOST_PART: usize = 64 << 20;
/// The relation that leads to the main part.
const MAIN: &str = "/officeDocument";

/// Parts by their names.
type Parts = BTreeMap<String, Vec<u8>>;

/// The parts of a document.
pub struct Package {
    parts: Parts,
    /// The main part.
    main: String,
    /// What will not be read of it.
    pub remarks: Vec<Finding>,
}

/// Whether this is to be read as a Word document; `name` is the file's.
pub fn is_word(name: &str, bytes: &[u8]) -> bool {
    let name = name.to_ascii_lowercase();
    if name.ends_with(".docx") || name.ends_with(".docm") || name.ends_with(".doc") {
        return true;
    }
    let archive = ZipArchive::new(Cursor::new(bytes)).ok();
    let has_word = |archive: ZipArchive<_>| {
        archive.file_names().any(|name| name.is_ok_and(|name| name.starts_with("word/")))
    };
    archive.is_some_and(has_word)
}

/// Lets a document in.
pub fn open(bytes: &[u8]) -> Result<Package, Finding> {
    if bytes.len() > MOST_BYTES {
        let megabytes = bytes.len().div_ceil(1 << 20);
        return Err(refuse(
            format!("文档有 {megabytes} MB，最多 {} MB", MOST_BYTES >> 20),
            "多半是贴了图片：把图片删掉，另存后再导入",
        ));
    }
    if bytes.starts_with(COMPOUND) {
        return Err(match gate::is_locked(bytes) {
            true => refuse("文档有密码".to_owned(), "在 Word 里去掉密码，另存后再导入"),
            false => refuse("这是旧版的 .doc 文件".to_owned(), RESAVE),
        });
    }
    let mut archive = ZipArchive::new(Cursor::new(bytes))
        .map_err(|_| refuse("这不是 Word 文档，或文件已损坏".to_owned(), RESAVE))?;
    let (parts, mut others) = unpack(&mut archive)?;
    let relations = parts.get("_rels/.rels").and_then(|part| parse(part));
    let target = relations.as_ref().and_then(|relations| {
        let main = relations.elements().find(|it| kind_of(it).ends_with(MAIN))?;
        main.attribute("Target")
    });
    let main = target.unwrap_or("word/document.xml").trim_start_matches('/').to_owned();
    if !main.starts_with("word/") || !parts.contains_key(&main) {
        return Err(refuse("这个文件里没有 Word 文档的正文".to_owned(), RESAVE));
    }
    others.extend(links(&parts));
    let remarks = match others.is_empty() {
        true => Vec::new(),
        false => {
            let message = format!("文档里有{}，没有执行，也没有读取", others.join("、"));
            vec![Finding::new(LEFT, Severity::Info, message)]
        }
    };
    Ok(Package { parts, main, remarks })
}

/// Unpacks everything once: what an archive says of its sizes may be a lie. Also says what there is
/// that nobody reads.
fn unpack(archive: &mut ZipArchive<Cursor<&[u8]>>) -> Result<(Parts, Vec<&'static str>), Finding> {
    let too_much = || {
        refuse(
            format!("文档解开后超过 {} MB，不像是预算报告", MOST_UNPACKED >> 20),
            "把正文另存成新的文档",
        )
    };
    if archive.len() > MOST_PARTS {
        return Err(too_much());
    }
    let mut left = MOST_UNPACKED;
    let mut parts = Parts::new();
    let mut others = Vec::new();
    for at in 0..archive.len() {
        let file = archive.by_index(at).map_err(|_| damaged())?;
        let name = file.name().map(|name| name.replace('\\', "/")).unwrap_or_default();
        let mut content = Vec::new();
        let read = file.take(left + 1).read_to_end(&mut content).map_err(|_| damaged())?;
        left = left.checked_sub(read as u64).ok_or_else(too_much)?;
        let name = name.trim_start_matches('/').to_owned();
        let ignored = [
            ("word/vbaProject", "宏"),
            ("word/media/", "图片"),
            ("word/embeddings/", "嵌入的文件"),
            ("word/activeX/", "控件"),
        ];
        others.extend(ignored.iter().filter(|it| name.starts_with(it.0)).map(|(_, what)| *what));
        if (name.ends_with(".xml") || name.ends_with(".rels")) && read <= MOST_PART {
            parts.insert(name, content);
        }
    }
    others.dedup();
    Ok((parts, others))
}

fn kind_of(relation: &Element) -> &str {
    relation.attribute("Type").unwrap_or_default()
}

/// What of other files the relations lead to; a link for readers is none.
fn links(parts: &Parts) -> Option<&'static str> {
    let all = parts.iter().filter(|(name, _)| name.ends_with(".rels"));
    let mut relations = all.filter_map(|(_, part)| parse(part));
    let outside = |relation: &Element| {
        relation.attribute("TargetMode") == Some("External")
            && !kind_of(relation).ends_with("/hyperlink")
    };
    relations.any(|part| part.elements().any(outside)).then_some("指向别的文件的链接")
}

impl Package {
    /// The main part, read.
    pub fn document(&self) -> Result<Element, Finding> {
        let part = self.parts.get(&self.main).and_then(|part| parse(part));
        part.filter(|part| part.name == "w:document").ok_or_else(damaged)
    }

    /// Another part of Word's by its kind, such as `styles` or `comments`, where it is sound.
    pub fn word(&self, kind: &str) -> Option<Element> {
        parse(self.parts.get(&format!("word/{kind}.xml"))?)
    }

    /// The custom XML parts.
    pub fn items(&self) -> impl Iterator<Item = &[u8]> {
        let items = self.parts.iter().filter(|(name, _)| name.starts_with("customXml/item"));
        items.map(|(_, part)| part.as_slice())
    }

    pub fn properties(&self) -> Option<&[u8]> {
        self.parts.get("docProps/custom.xml").map(Vec::as_slice)
    }
}

pub fn damaged() -> Finding {
    refuse("文档已损坏，读不出来".to_owned(), RESAVE)
}

pub fn too_long() -> Finding {
    refuse("文档的段落和行太多，不像是预算报告".to_owned(), "只留导出的正文，另存后再导入")
}

fn refuse(message: String, help: &str) -> Finding {
    Finding::error(UNREADABLE, message).help(help)
}
