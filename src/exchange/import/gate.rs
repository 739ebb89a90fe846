//! What is let in: Excel workbooks of a reasonable size. Everything else gets a clear answer.

use std::collections::BTreeMap;
use std::io::{Cursor, Read, Write};

use zip::ZipArchive;

use super::parts::{self, Hidden};
use super::{UNREADABLE, comments};
use crate::finding::{Finding, Severity};

/// The largest file, and the most that it may unpack to.
pub const MOST_BYTES: usize = 32 << 20;
pub const MOST_UNPACKED: u64 = 256 << 20;
pub const MOST_PARTS: usize = 10_000;

/// How old Excel files, and workbooks with a password, begin.
pub const COMPOUND: &[u8] = &[0xD0, 0xCF, 0x11, 0xE0];
/// The name of the part of a compound file that holds an encrypted workbook, in UTF-16.
const ENCRYPTED: &str = "EncryptedPackage";

/// What is known of a workbook that was let in.
pub struct Admitted {
    /// What will not be read of it.
    pub remarks: Vec<Finding>,
    pub has_formulas: bool,
    /// The workbook as it can be read, where that is not as it came.
    pub mended: Option<Vec<u8>>,
    /// Rows and columns that do not show, by the place of the sheet.
    pub hidden: BTreeMap<usize, Hidden>,
    /// Comments by cell, by the place of the sheet.
    pub comments: BTreeMap<usize, Vec<(String, String)>>,
}

/// Lets a workbook in.
pub fn check(bytes: &[u8]) -> Result<Admitted, Finding> {
    if bytes.len() > MOST_BYTES {
        let megabytes = bytes.len().div_ceil(1 << 20);
        return Err(refuse(
            format!("工作簿有 {megabytes} MB，最多 {} MB", MOST_BYTES >> 20),
            "多半是整列设了格式或贴了图片：把要导入的几页另存成新的工作簿",
        ));
    }
    if bytes.starts_with(COMPOUND) {
        return Err(match is_locked(bytes) {
            true => refuse("工作簿有密码".to_owned(), "在 Excel 里去掉密码，另存后再导入"),
            false => refuse(
                "这是旧版的 .xls 文件".to_owned(),
                "在 Excel 里另存为“Excel 工作簿（.xlsx）”后再导入",
            ),
        });
    }
    let mut archive = ZipArchive::new(Cursor::new(bytes))
        .map_err(|_| refuse("这不是 Excel 工作簿，或文件已损坏".to_owned(), RESAVE))?;
    let names: Vec<String> =
        archive.file_names().filter_map(|name| Some(plain(&name.ok()?))).collect();
    if !names.iter().any(|name| name == "xl/workbook.xml") {
        let other = match names.iter().any(|name| name == "xl/workbook.bin") {
            true => "这是 .xlsb 工作簿",
            false => "这个压缩文件里没有 Excel 工作簿",
        };
        return Err(refuse(other.to_owned(), RESAVE));
    }
    let mut unpacked = unpack(&mut archive)?;
    let has_formulas = unpacked.has_formulas;
    let mended = match unpacked.mended.is_empty() {
        true => None,
        false => Some(repack(&mut archive, &unpacked.mended)?),
    };
    let paths = parts::sheets(&unpacked.workbook, &unpacked.relations);
    let paths: Vec<String> = paths.iter().map(|path| plain(path)).collect();
    let hidden = paths.iter().enumerate();
    let hidden = hidden.filter_map(|(at, path)| Some((at, unpacked.hidden.remove(path)?)));
    let hidden = hidden.collect();
    let comments = paths.iter().map(|path| comments::comments(path, &unpacked.comments));
    let comments = comments.enumerate().collect();
    let remarks = ignored(&names).into_iter().chain(in_shapes(&unpacked.shapes)).collect();
    Ok(Admitted { remarks, has_formulas, mended, hidden, comments })
}

/// Whether a compound file holds one with a password.
pub fn is_locked(bytes: &[u8]) -> bool {
    let name: Vec<u8> = ENCRYPTED.encode_utf16().flat_map(u16::to_le_bytes).collect();
    bytes.windows(name.len()).any(|window| window == name)
}

const RESAVE: &str = "用 Excel 打开，另存为“Excel 工作簿（.xlsx）”后再导入";

/// The name of a part as Excel finds it: in any case, with either kind of slashes.
fn plain(name: &str) -> String {
    name.replace('\\', "/").trim_start_matches('/').to_ascii_lowercase()
}

/// What was seen while everything was unpacked.
#[derive(Default)]
struct Unpacked {
    has_formulas: bool,
    /// Parts that cannot be read as they are, by their number.
    mended: BTreeMap<usize, Vec<u8>>,
    hidden: BTreeMap<String, Hidden>,
    comments: comments::Kept,
    /// The words of each drawing.
    shapes: Vec<String>,
    workbook: Vec<u8>,
    relations: Vec<u8>,
}

/// The archive with some of its parts replaced.
fn repack(
    archive: &mut ZipArchive<Cursor<&[u8]>>,
    mended: &BTreeMap<usize, Vec<u8>>,
) -> Result<Vec<u8>, Finding> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default();
    for part in 0..archive.len() {
        let file = archive.by_index_raw(part).map_err(|_| damaged())?;
        match mended.get(&part) {
            None => writer.raw_copy_file(file).map_err(|_| damaged())?,
            Some(content) => {
                let name = file.name().map_err(|_| damaged())?.into_owned();
                writer.start_file(name, options).map_err(|_| damaged())?;
                writer.write_all(content).map_err(|_| damaged())?;
            }
        }
    }
    Ok(writer.finish().map_err(|_| damaged())?.into_inner())
}

/// Unpacks everything once: what an archive says of its sizes may be a lie.
fn unpack(archive: &mut ZipArchive<Cursor<&[u8]>>) -> Result<Unpacked, Finding> {
    let too_much = || {
        refuse(
            format!("工作簿解开后超过 {} MB，不像是预算表", MOST_UNPACKED >> 20),
            "把要导入的几页另存成新的工作簿",
        )
    };
    if archive.len() > MOST_PARTS {
        return Err(too_much());
    }
    let mut left = MOST_UNPACKED;
    let mut unpacked = Unpacked::default();
    let mut content = Vec::new();
    for part in 0..archive.len() {
        let file = archive.by_index(part).map_err(|_| damaged())?;
        let name = file.name().map(|name| plain(&name)).unwrap_or_default();
        content.clear();
        let read = file.take(left + 1).read_to_end(&mut content).map_err(|_| damaged())?;
        left = left.checked_sub(read as u64).ok_or_else(too_much)?;
        match name.as_str() {
            "xl/workbook.xml" => unpacked.workbook.clone_from(&content),
            "xl/_rels/workbook.xml.rels" => unpacked.relations.clone_from(&content),
            name if name.starts_with("xl/worksheets/") && name.ends_with(".xml") => {
                unpacked.has_formulas = unpacked.has_formulas || holds_formula(&content);
                unpacked.hidden.insert(name.to_owned(), parts::hidden(&content));
                unpacked.mended.extend(parts::mended(&content).map(|it| (part, it)));
            }
            name if name.starts_with("xl/drawings/") && name.ends_with(".xml") => {
                let words = comments::in_shapes(&content);
                unpacked.shapes.extend((!words.is_empty()).then_some(words));
            }
            name if comments::is_kept(name) => {
                unpacked.comments.insert(name.to_owned(), content.clone());
            }
            _ => {}
        }
    }
    Ok(unpacked)
}

/// Whether an element called `f` begins anywhere.
fn holds_formula(xml: &[u8]) -> bool {
    let begins = |at: usize| {
        matches!(xml.get(at.wrapping_sub(1)), Some(b'<' | b':'))
            && matches!(xml.get(at + 1), Some(b'>' | b' ' | b'/'))
    };
    xml.iter().enumerate().any(|(at, byte)| *byte == b'f' && begins(at))
}

pub fn damaged() -> Finding {
    refuse("工作簿已损坏，读不出来".to_owned(), RESAVE)
}

fn refuse(message: String, help: &str) -> Finding {
    Finding::error(UNREADABLE, message).help(help)
}

/// What is told of words that stand in shapes.
fn in_shapes(shapes: &[String]) -> Option<Finding> {
    let words: Vec<String> = shapes.iter().map(|it| format!("“{}”", comments::brief(it))).collect();
    let message = format!("文本框里的字没有取：{}", words.join("、"));
    (!words.is_empty()).then(|| Finding::new(super::LEFT, Severity::Info, message))
}

/// Parts that a workbook can have and that are not looked at.
fn ignored(names: &[String]) -> Vec<Finding> {
    let has = |part: &str| names.iter().any(|name| name.starts_with(part));
    let parts = [
        ("xl/vbaproject", "宏"),
        ("xl/externallinks/", "指向别的工作簿的链接"),
        ("xl/media/", "图片"),
        ("xl/embeddings/", "嵌入的文件"),
        ("xl/connections", "外部数据连接"),
    ];
    let found: Vec<&str> =
        parts.iter().filter(|(part, _)| has(part)).map(|(_, name)| *name).collect();
    if found.is_empty() {
        return Vec::new();
    }
    let message = format!("工作簿里有{}，没有执行，也没有读取", found.join("、"));
    vec![Finding::new(super::LEFT, Severity::Info, message)]
}
