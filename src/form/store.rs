//! Where forms live: `--templates DIR`, `templates/` in the working folder, or the binary.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use rust_embed::RustEmbed;

use crate::finding::{File, Finding};
use crate::source::excerpt::enumerate;
use crate::source::near;

/// The forms that travel with the program.
#[derive(RustEmbed)]
#[folder = "templates/"]
struct Shipped;

/// The files of a form, by their path in its folder.
pub type Files = BTreeMap<String, Vec<u8>>;

/// Where the `form.yaml` of a form that another builds on is kept among its files.
pub const BASES: &str = "继承";

/// How many forms may build on each other.
const MOST_BASES: usize = 8;

/// The files of the form called `name`, and, where it builds on others, theirs that it does not
/// have itself. The second item is whether it came with the program as it is.
pub fn whole(name: &str, folders: &[PathBuf]) -> Result<(String, Files, bool), Finding> {
    let (folder, mut files) = find(name, folders)?;
    let shipped = is_shipped(name, &files);
    let (mut own, mut bases) = (folder.clone(), Vec::from([name.to_owned()]));
    let mut manifest = files.get("form.yaml").cloned().unwrap_or_default();
    while let Some(base) = base_of(&manifest) {
        let at_name = |finding: Finding| {
            let file = File::new(format!("{own}/form.yaml"), String::from_utf8_lossy(&manifest));
            let place = file.text.find(&base).unwrap_or(0);
            finding.at(&file, place..place + base.len())
        };
        if bases.contains(&base) || bases.len() > MOST_BASES {
            return Err(at_name(Finding::error("F04", format!("表式“{base}”继承到了自己"))));
        }
        let (folder, inherited) = find(&base, folders).map_err(at_name)?;
        let next = inherited.get("form.yaml").cloned().unwrap_or_default();
        files.insert(format!("{BASES}/{base}/form.yaml"), next.clone());
        for (path, bytes) in inherited {
            files.entry(path).or_insert(bytes);
        }
        (own, manifest) = (folder, next);
        bases.push(base);
    }
    Ok((folder, files, shipped))
}

/// What a `form.yaml` says it builds on, read without judging the rest.
pub fn base_of(manifest: &[u8]) -> Option<String> {
    let manifest = std::str::from_utf8(manifest).ok().filter(|text| text.contains(BASES))?;
    let manifest: serde_yaml::Value = serde_yaml::from_str(manifest).ok()?;
    Some(manifest.get(BASES)?.as_str()?.to_owned())
}

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

/// Whether these are files of the form of that name that travels with the program.
fn is_shipped(name: &str, files: &Files) -> bool {
    files.iter().all(|(path, bytes)| {
        let own = Shipped::get(&format!("{name}/{path}"));
        own.is_some_and(|file| file.data.as_ref() == bytes.as_slice())
    })
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
