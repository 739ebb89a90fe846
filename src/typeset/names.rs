//! What a face is called: every name of its name table, in any language and encoding.

use ttf_parser::name::Name;
use ttf_parser::{Face, PlatformId, RawFace, name_id};
use typst::foundations::Bytes;
use typst::text::Font;

/// The names that people call a face by: of its family first, then its own.
const CALLED: [u16; 4] =
    [name_id::FAMILY, name_id::TYPOGRAPHIC_FAMILY, name_id::FULL_NAME, name_id::POST_SCRIPT_NAME];

/// Macintosh and Windows number the encodings of Chinese differently.
const MAC_BIG5: u16 = 2;
const MAC_GB2312: u16 = 25;
const WINDOWS_GBK: u16 = 3;
const WINDOWS_BIG5: u16 = 4;

/// What is called by any name.
pub const ANY: &str = "*";

/// How a name is compared: case, blanks, hyphens and underscores say nothing.
pub fn key(name: &str) -> String {
    let kept = name.chars().filter(|c| !c.is_whitespace() && !matches!(c, '-' | '_' | '－' | '＿'));
    kept.flat_map(char::to_lowercase).collect()
}

/// Whether a key is what was asked for; `*` at an end stands for anything.
pub fn matches(wanted: &str, key: &str) -> bool {
    match (wanted.strip_prefix('*'), wanted.strip_suffix('*')) {
        (Some(rest), Some(_)) => key.contains(rest.trim_end_matches('*')),
        (Some(end), None) => key.ends_with(end),
        (None, Some(start)) => key.starts_with(start),
        (None, None) => key == wanted,
    }
}

/// What a PostScript name says of the face's characters begins with this: FZXBSK--GBK1-0.
const COLLECTION: &str = "--";

/// All that a face is called, and how far down the list of kinds each name stands.
pub type Names = Vec<(usize, String)>;

/// What a face of a file is called; nothing when its tables cannot be read.
pub fn of_file(data: &[u8], index: u32) -> Names {
    Face::parse(data, index).map(|face| of(&face)).unwrap_or_default()
}

/// All that a face is called, as it is compared.
pub fn keys(face: &Face) -> Vec<String> {
    of(face).iter().map(|(_, name)| key(name)).collect()
}

fn of(face: &Face) -> Names {
    let names = face.names().into_iter().filter_map(|name| {
        let rank = CALLED.iter().position(|id| *id == name.name_id)?;
        Some((rank, text(&name)?))
    });
    let with_short = names.flat_map(|(rank, name)| {
        let short = name.split_once(COLLECTION).map(|(short, _)| (rank, short.to_owned()));
        [Some((rank, name)), short].into_iter().flatten()
    });
    with_short.filter(|(_, name)| !name.trim().is_empty()).collect()
}

fn text(name: &Name) -> Option<String> {
    // Windows calls GBK and Big5 by number, and ttf-parser reads only Unicode.
    let encoding = match (name.platform_id, name.encoding_id) {
        (PlatformId::Macintosh, MAC_GB2312) | (PlatformId::Windows, WINDOWS_GBK) => {
            encoding_rs::GBK
        }
        (PlatformId::Macintosh, MAC_BIG5) | (PlatformId::Windows, WINDOWS_BIG5) => {
            encoding_rs::BIG5
        }
        (PlatformId::Macintosh, 0) => encoding_rs::MACINTOSH,
        _ => return name.to_string(),
    };
    // Some faces fill two bytes for each letter of Latin names.
    let bytes: Vec<u8> = name.name.iter().copied().filter(|byte| *byte != 0).collect();
    encoding
        .decode_without_bom_handling_and_without_replacement(&bytes)
        .map(|text| text.into_owned())
}

/// A face whose family Typst cannot read, given that name again as Typst reads it.
pub fn readable(data: &[u8], index: u32) -> Option<Font> {
    let face = Face::parse(data, index).ok()?;
    let (_, family) = of(&face).into_iter().min_by_key(|(rank, _)| *rank)?;
    let raw = RawFace::parse(data, index).ok()?;
    let tables = raw.table_records.into_iter().map(|record| {
        let table = match &record.tag.to_bytes() {
            b"name" => Some(name_table(&family)),
            _ => raw.table(record.tag).map(<[u8]>::to_vec),
        };
        Some((record.tag.to_bytes(), table?))
    });
    Font::new(Bytes::new(file(data.get(..4)?, &tables.collect::<Option<Vec<_>>>()?)?), 0)
}

/// A name table with one name: the family, for Windows, in Unicode.
fn name_table(family: &str) -> Vec<u8> {
    let text: Vec<u8> = family.encode_utf16().flat_map(u16::to_be_bytes).collect();
    let length = u16::try_from(text.len()).unwrap_or_default();
    let words = [0, 1, 18, 3, 1, 0x409, name_id::FAMILY, length, 0];
    words.into_iter().flat_map(u16::to_be_bytes).chain(text).collect()
}

/// A font file of these tables, with the version of the file that they come from.
fn file(version: &[u8], tables: &[([u8; 4], Vec<u8>)]) -> Option<Vec<u8>> {
    let version = if version == b"ttcf" { &[0, 1, 0, 0] } else { version };
    let mut out = [version, &u16::try_from(tables.len()).ok()?.to_be_bytes(), &[0; 6]].concat();
    let mut offset = out.len() + 16 * tables.len();
    for (tag, table) in tables {
        out.extend(tag);
        out.extend([0; 4]);
        out.extend(u32::try_from(offset).ok()?.to_be_bytes());
        out.extend(u32::try_from(table.len()).ok()?.to_be_bytes());
        offset += table.len().next_multiple_of(4);
    }
    for (_, table) in tables {
        out.extend(table);
        out.resize(out.len().next_multiple_of(4), 0);
    }
    Some(out)
}
