//! Faces: the ones that travel with the program, and an office's own.

use std::path::Path;
use std::sync::LazyLock;

use rust_embed::RustEmbed;
use typst::foundations::Bytes;
use typst::text::Font;
use typst::utils::hash128;

use super::names;
use crate::finding::{self, Finding};

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

/// Every face in a folder of the office's own.
pub fn in_folder(folder: &Path) -> Result<Vec<Font>, Finding> {
    let unreadable = |error: std::io::Error| {
        let why = finding::reason(&error);
        Finding::error("P03", format!("读不了字体文件夹 {}：{why}", folder.display()))
            .help("检查 --fonts 后面的路径")
    };
    let mut paths: Vec<_> = std::fs::read_dir(folder)
        .map_err(unreadable)?
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| is_font(path))
        .collect();
    paths.sort();
    let mut faces = Vec::new();
    for path in paths {
        let bytes = std::fs::read(&path).map_err(unreadable)?;
        let count = ttf_parser::fonts_in_collection(&bytes).unwrap_or(1);
        let bytes = Bytes::new(bytes);
        let read =
            |index| Font::new(bytes.clone(), index).or_else(|| names::readable(&bytes, index));
        faces.extend((0..count).filter_map(read));
    }
    Ok(faces)
}

fn is_font(path: &Path) -> bool {
    let ending = path.extension().map(|ending| ending.to_ascii_lowercase());
    ending.is_some_and(|ending| ["ttf", "otf", "ttc", "otc"].iter().any(|known| ending == *known))
}
