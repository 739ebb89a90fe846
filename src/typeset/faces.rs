//! Faces: the ones that travel with the program, and an office's own.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::LazyLock;

use rust_embed::RustEmbed;
use ttf_parser::Face;
use typst::foundations::Bytes;
use typst::text::Font;
use typst::utils::hash128;

use super::names::{self, Names};
use super::roles::DIGITS;
use crate::finding::{self, Finding};
use crate::form::manifest::Manifest;

#[derive(RustEmbed)]
#[folder = "fonts/"]
struct Shipped;

/// The shipped faces, parsed once a process.
pub fn shipped() -> &'static [Font] {
    static FACES: LazyLock<Vec<Font>> = LazyLock::new(|| {
        let files: Vec<_> = Shipped::iter().filter(|name| name.ends_with(".ttf")).collect();
        std::thread::scope(|scope| {
            let faces: Vec<_> =
                files.iter().map(|name| scope.spawn(|| parse_shipped(name))).collect();
            faces.into_iter().flat_map(|face| face.join().unwrap_or_default()).collect()
        })
    });
    &FACES
}

fn parse_shipped(name: &str) -> Vec<Font> {
    let Some(file) = Shipped::get(name) else { return Vec::new() };
    let faces: Vec<Font> = Font::iter(Bytes::new(file.data)).collect();
    // Typst knows a face by the digest of its file, which takes longer than all else: here every
    // file has a thread of its own.
    for face in &faces {
        let _ = hash128(face);
    }
    faces
}

/// Whether the shipped faces of a form's roles draw all of `characters`: found out in a moment,
/// because nothing is loaded.
pub fn draw(manifest: &Manifest, characters: &BTreeSet<char>) -> bool {
    let files: Vec<_> = Shipped::iter().filter_map(|name| Shipped::get(&name)).collect();
    let parsed = files.iter().filter_map(|file| Face::parse(&file.data, 0).ok());
    let named: Vec<(Vec<String>, Face)> = parsed.map(|face| (names::keys(&face), face)).collect();
    let shown = |c: &&char| !c.is_control() && !c.is_whitespace();
    manifest.roles.0.iter().all(|(name, role)| {
        let whole = role.faces.iter().filter(|face| face.covers.is_none());
        let wanted: Vec<String> = whole.map(|face| names::key(&face.name.text)).collect();
        let is_wanted =
            |(keys, _): &&(Vec<String>, Face)| wanted.iter().any(|key| keys.contains(key));
        let faces: Vec<_> = named.iter().filter(is_wanted).collect();
        let of_role = characters.iter().filter(|c| c.is_ascii() == (name.text == DIGITS));
        of_role.filter(shown).all(|c| faces.iter().any(|(_, face)| face.glyph_index(*c).is_some()))
    })
}

/// A face of an office's own.
pub struct Own {
    pub font: Font,
    /// What its file calls it.
    pub names: Names,
    /// Typst cannot read what the file calls it.
    pub renamed: bool,
}

/// Every face in a folder of the office's own.
pub fn in_folder(folder: &Path) -> Result<Vec<Own>, Finding> {
    let unreadable = |error: std::io::Error| {
        let why = finding::reason(&error);
        Finding::error("P03", format!("读不了字体文件夹 {}：{why}", folder.display()))
            .help("检查 --fonts 后面的路径")
    };
    let mut paths: Vec<_> = std::fs::read_dir(folder)
        .map_err(unreadable)?
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| is_font(path) && path.is_file())
        .collect();
    paths.sort();
    let mut faces = Vec::new();
    for path in paths {
        let bytes = std::fs::read(&path).map_err(unreadable)?;
        let count = ttf_parser::fonts_in_collection(&bytes).unwrap_or(1);
        let bytes = Bytes::new(bytes);
        faces.extend((0..count).filter_map(|index| {
            let names = names::of_file(&bytes, index);
            let as_it_is = Font::new(bytes.clone(), index);
            let renamed = as_it_is.is_none();
            let font = as_it_is.or_else(|| names::readable(&bytes, index))?;
            Some(Own { font, names, renamed })
        }));
    }
    Ok(faces)
}

fn is_font(path: &Path) -> bool {
    let ending = path.extension().map(|ending| ending.to_ascii_lowercase());
    ending.is_some_and(|ending| ["ttf", "otf", "ttc", "otc"].iter().any(|known| ending == *known))
}
