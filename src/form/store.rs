//! Where forms live: `--templates DIR`, `templates/` in the working folder, or the binary.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use rust_embed::RustEmbed;

use crate::finding::Finding;
use crate::source::excerpt::enumerate;
use crate::source::near;

/// The forms that travel with the program.
#[derive(RustEmbed)]
#[folder = "templates/"]
struct Shipped;

/// The files of a form, by their path in its folder.
pub type Files = BTreeMap<String, Vec<u8>>;

/// Finds the form called `name`: first in `folders`, then among the shipped ones.
///
/// The first item of the answer is what messages call the form's folder.
pub fn find(name: &str, folders: &[PathBuf]) -> Result<(String, Files), Finding> {
    let plain_name = !name.contains(['/', '\\']) && !name.starts_with('.');
    for folder in folders.iter().filter(|_| plain_name) {
        let folder = folder.join(name);
        if folder.join("form.yaml").is_file() {
            let files = read_folder(&folder).map_err(|error| {
                Finding::error("F02", format!("读不了表式 {}：{error}", folder.display()))
            })?;
            return Ok((folder.display().to_string(), files));
        }
    }
    let prefix = format!("{name}/");
    let files: Files = Shipped::iter()
        .filter_map(|path| {
            let data: Cow<'static, [u8]> = Shipped::get(&path)?.data;
            Some((path.strip_prefix(&prefix)?.to_owned(), data.into_owned()))
        })
        .collect();
    if files.is_empty() {
        return Err(not_found(name, folders));
    }
    Ok((format!("templates/{name}"), files))
}

/// What to say of a name that no form has.
pub fn not_found(name: &str, folders: &[PathBuf]) -> Finding {
    let known = names(folders);
    let help = match near::nearest(name, known.iter().map(String::as_str)) {
        Some(near) => format!("是不是“{near}”？"),
        None => format!("现有的表式：{}", enumerate(known.iter().map(String::as_str))),
    };
    Finding::error("F02", format!("没有叫“{name}”的表式")).help(help)
}

/// The names of all forms that can be found.
pub fn names(folders: &[PathBuf]) -> Vec<String> {
    let mut names: Vec<String> =
        Shipped::iter().filter_map(|path| Some(path.split_once('/')?.0.to_owned())).collect();
    for folder in folders {
        let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
        let forms = entries.filter(|entry| entry.path().join("form.yaml").is_file());
        names.extend(forms.map(|entry| entry.file_name().to_string_lossy().into_owned()));
    }
    names.sort();
    names.dedup();
    names
}

fn read_folder(folder: &Path) -> std::io::Result<Files> {
    let mut files = Files::new();
    let mut waiting = vec![PathBuf::new()];
    while let Some(below) = waiting.pop() {
        for entry in std::fs::read_dir(folder.join(&below))? {
            let entry = entry?;
            let path = below.join(entry.file_name());
            if entry.file_type()?.is_dir() {
                waiting.push(path);
            } else if entry.path().is_file() {
                let name = path.to_string_lossy().replace('\\', "/");
                files.insert(name, std::fs::read(entry.path())?);
            }
        }
    }
    Ok(files)
}
