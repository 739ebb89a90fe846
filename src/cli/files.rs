//! Files in and out: which sources there are, where output goes, and writing that never harms what
//! is already there.

use std::collections::BTreeSet;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::args::Jobs;
use super::outcome::Failure;

/// What the names of files begin with that are being written.
const UNFINISHED: &str = ".yusuan-";
/// The folder that is read when no source is named.
const INPUT: &str = "input";
/// The folder that is written to when no path is given.
pub const OUTPUT: &str = "output";

/// The sources that were named, else every YAML file of `input/`, in order.
pub fn sources(named: &[PathBuf]) -> Result<Vec<PathBuf>, Failure> {
    if !named.is_empty() {
        return Ok(named.to_vec());
    }
    let folder = Path::new(INPUT);
    let entries =
        std::fs::read_dir(folder).map_err(|error| Failure::io("读不了文件夹", folder, &error))?;
    let mut found: Vec<PathBuf> =
        entries.filter_map(|entry| Some(entry.ok()?.path())).filter(|path| is_yaml(path)).collect();
    found.sort();
    if found.is_empty() {
        return Err(Failure(format!("{INPUT}/ 里没有 YAML 文件")));
    }
    Ok(found)
}

/// The other YAML files in the folder of a source, in order.
pub fn beside(source: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder_of(source)).into_iter().flatten();
    let files = entries.filter_map(|entry| Some(source.with_file_name(entry.ok()?.file_name())));
    let other = |path: &PathBuf| is_yaml(path) && path.file_name() != source.file_name();
    let mut files: Vec<PathBuf> = files.filter(other).collect();
    files.sort();
    files
}

fn is_yaml(path: &Path) -> bool {
    let hidden = path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.'));
    let ending = path.extension().map(|ending| ending.to_ascii_lowercase());
    !hidden && ending.is_some_and(|ending| ending == "yaml" || ending == "yml")
}

/// Each source that is meant, and where what is made of it goes.
pub fn jobs(wanted: &Jobs, ending: &str) -> Result<Vec<(PathBuf, PathBuf)>, Failure> {
    let sources = sources(&wanted.sources.named)?;
    let targets = targets(&sources, wanted.output.as_deref(), ending)?;
    Ok(sources.into_iter().zip(targets).collect())
}

/// Where the output of each source goes: `ending` is `.pdf` for a file, `-svg` for a folder.
fn targets(
    sources: &[PathBuf],
    output: Option<&Path>,
    ending: &str,
) -> Result<Vec<PathBuf>, Failure> {
    let named = |folder: &Path, source: &PathBuf| {
        let stem = source.file_stem().unwrap_or(source.as_os_str()).to_string_lossy();
        folder.join(format!("{stem}{ending}"))
    };
    if let Some(path) = output.filter(|path| sources.len() > 1 && !is_folder(path))
        && path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("pdf"))
    {
        let (count, path) = (sources.len(), path.display());
        return Err(Failure(format!("有 {count} 份，不能都写到 {path}；-o 后面写一个文件夹")));
    }
    let targets: Vec<PathBuf> = match output {
        None => sources.iter().map(|source| named(Path::new(OUTPUT), source)).collect(),
        Some(path) if is_folder(path) || sources.len() > 1 => {
            sources.iter().map(|source| named(path, source)).collect()
        }
        Some(path) => vec![path.to_owned()],
    };
    for (source, target) in sources.iter().zip(&targets) {
        if let (Ok(source), Ok(target)) = (source.canonicalize(), target.canonicalize())
            && source == target
        {
            return Err(Failure(format!(
                "{} 是数据文件，不能写到它上面；换一个路径",
                source.display()
            )));
        }
    }
    for (at, target) in targets.iter().enumerate() {
        if let Some(before) = targets[..at].iter().position(|earlier| earlier == target) {
            return Err(Failure(format!(
                "{} 和 {} 会写到同一个地方 {}；改一个文件名",
                sources[before].display(),
                sources[at].display(),
                target.display()
            )));
        }
    }
    Ok(targets)
}

/// What a build leaves that was killed is older than this.
const LEFT_BEHIND: Duration = Duration::from_mins(10);

/// Removes the unfinished files that a killed build has left beside its targets. Folders stay: one
/// may hold what stood in the target's place before.
pub fn sweep<'t>(targets: impl Iterator<Item = &'t Path>) {
    let folders: BTreeSet<&Path> = targets.map(folder_of).collect();
    let entries = folders.into_iter().filter_map(|folder| std::fs::read_dir(folder).ok());
    for entry in entries.flatten().flatten() {
        let is_old = |file: &std::fs::Metadata| {
            let age = file.modified().ok().and_then(|then| then.elapsed().ok());
            file.is_file() && age.is_some_and(|age| age > LEFT_BEHIND)
        };
        let ours = entry.file_name().to_string_lossy().starts_with(UNFINISHED);
        if ours && entry.metadata().is_ok_and(|file| is_old(&file)) {
            // Whoever may not remove it has no use for hearing of it.
            let _ = std::fs::remove_file(entry.path());
        }
    }
}

fn is_folder(path: &Path) -> bool {
    path.is_dir() || path.as_os_str().to_string_lossy().ends_with(['/', '\\'])
}

/// Whether a path leads to a file or folder: nobody may ever write to a pipe, and a device may have
/// no end.
fn is_ordinary(path: &Path) -> Option<bool> {
    std::fs::metadata(path).ok().map(|found| found.is_file() || found.is_dir())
}

/// Whether a shell hands the program what it reads: /dev/stdin, <(a command).
fn is_handed_in(path: &Path) -> bool {
    let places = ["/dev/stdin", "/dev/fd/", "/proc/self/fd/"];
    places.iter().any(|place| path.to_string_lossy().starts_with(place))
}

/// What is handed in may have no end: so much of it is read.
const MOST_OF_STREAM: u64 = 256 << 20;

pub fn read(path: &Path) -> Result<Vec<u8>, Failure> {
    let fail = |error| Failure::io("读不了", path, &error);
    if is_ordinary(path) != Some(false) {
        return std::fs::read(path).map_err(fail);
    }
    if !is_handed_in(path) {
        return Err(Failure(format!("读不了 {}：它不是普通文件；换一个路径", path.display())));
    }
    let mut bytes = Vec::new();
    let file = std::fs::File::open(path).map_err(fail)?;
    file.take(MOST_OF_STREAM + 1).read_to_end(&mut bytes).map_err(fail)?;
    if bytes.len() as u64 > MOST_OF_STREAM {
        let path = path.display();
        return Err(Failure(format!("读不了 {path}：它没有尽头")));
    }
    Ok(bytes)
}

/// Reads a file that will be written again: a pipe would be waited for, and never be written.
pub fn read_to_change(path: &Path) -> Result<Vec<u8>, Failure> {
    match is_ordinary(path) {
        Some(false) => Err(not_ordinary(path)),
        _ => read(path),
    }
}

fn not_ordinary(path: &Path) -> Failure {
    Failure(format!("写不了 {}：它不是普通文件；换一个路径", path.display()))
}

/// Writes a file beside its target and renames it: the old one stays until the new one is whole.
/// A link stays, and what it points to is written; the old file's mode and owner stay.
pub fn write(target: &Path, bytes: &[u8]) -> Result<(), Failure> {
    let fail = |error| Failure::io("写不了", target, &error);
    // A pipe that is named through a link (/dev/stdout) has no path of its own.
    if std::fs::metadata(target).is_ok_and(|old| !old.is_file()) {
        return Err(not_ordinary(target));
    }
    let place = followed(target).map_err(fail)?;
    let old = std::fs::metadata(&place).ok();
    if old.is_some() {
        // What may not be written to is not replaced either.
        std::fs::OpenOptions::new().write(true).open(&place).map_err(fail)?;
    }
    let folder = folder_of(&place);
    if !folder.is_dir() {
        std::fs::create_dir_all(folder)
            .map_err(|error| Failure::io("建不了文件夹", folder, &error))?;
    }
    let mut file = tempfile::Builder::new().prefix(UNFINISHED).tempfile_in(folder).map_err(fail)?;
    file.write_all(bytes).map_err(fail)?;
    file.as_file().sync_all().map_err(fail)?;
    match open_as(file.as_file(), old.as_ref()).map_err(fail)? {
        true => file.persist(&place).map(drop).map_err(|error| fail(error.error)),
        // Another name leads to the old file, or it cannot be given to its owner: it has to stay.
        false => std::fs::write(&place, bytes).map_err(fail),
    }
}

/// Links in a row that are followed; more are a circle.
const LINKS: usize = 40;

/// Where a path leads through links, whether or not something is there yet.
fn followed(path: &Path) -> std::io::Result<PathBuf> {
    let mut place = path.to_owned();
    for _ in 0..LINKS {
        match std::fs::read_link(&place) {
            Ok(next) => place = folder_of(&place).join(next),
            Err(_) => return Ok(place),
        }
    }
    Err(std::io::Error::other("链接绕成了圈"))
}

/// Writes a folder of files beside its target and puts it in the target's place.
/// A link stays, and what it points to is replaced; the old folder's mode and owner stay.
pub fn write_folder(target: &Path, files: &[(String, Vec<u8>)]) -> Result<(), Failure> {
    let fail = |error| Failure::io("写不了", target, &error);
    let place = followed(target).map_err(fail)?;
    let target = place.as_path();
    let before = std::fs::metadata(target).ok();
    if let Some(other) = not_ours(target) {
        return Err(Failure(format!("{} 不是以前生成的，不能代替；换一个路径", other.display())));
    }
    let above = folder_of(target);
    std::fs::create_dir_all(above).map_err(|error| Failure::io("建不了文件夹", above, &error))?;
    let fresh = tempfile::Builder::new().prefix(UNFINISHED).tempdir_in(above).map_err(fail)?;
    for (name, bytes) in files {
        std::fs::write(fresh.path().join(name), bytes).map_err(fail)?;
    }
    let old = tempfile::Builder::new().prefix(UNFINISHED).tempdir_in(above).map_err(fail)?;
    let aside = old.path().join("old");
    if target.exists() {
        std::fs::rename(target, &aside).map_err(fail)?;
    }
    let fresh = fresh.keep();
    let done = std::fs::rename(&fresh, target);
    let done = done.and_then(|()| open_folder_as(target, before.as_ref()));
    done.map_err(|error| {
        // Put the old one back; if even that fails, it is still beside the target.
        let _ = std::fs::rename(&aside, target);
        let _ = std::fs::remove_dir_all(&fresh);
        fail(error)
    })
}

/// Something at the target that is no folder of pages, Typst files or tables: somebody's own.
fn not_ours(target: &Path) -> Option<PathBuf> {
    if target.exists() && !target.is_dir() {
        return Some(target.to_owned());
    }
    let entries = std::fs::read_dir(target).ok()?.filter_map(|entry| Some(entry.ok()?.path()));
    entries.into_iter().find(|path| {
        let ending = path.extension().and_then(|ending| ending.to_str());
        let is_file = path.symlink_metadata().is_ok_and(|it| it.is_file());
        !is_file || !matches!(ending, Some("svg" | "png" | "typ" | "csv" | "json"))
    })
}

fn folder_of(target: &Path) -> &Path {
    match target.parent() {
        Some(parent) if parent != Path::new("") => parent,
        _ => Path::new("."),
    }
}

/// A temporary file is its owner's alone; a report is for everybody, unless the one before was not.
/// Whether it can stand in for the one before.
#[cfg(unix)]
fn open_as(file: &std::fs::File, old: Option<&std::fs::Metadata>) -> std::io::Result<bool> {
    use std::os::unix::fs::{MetadataExt, PermissionsExt};
    let can = old.is_none_or(|old| {
        // Only an administrator may give a file away.
        let given = std::os::unix::fs::fchown(file, Some(old.uid()), Some(old.gid())).is_ok();
        given && old.nlink() == 1
    });
    let mode = old.map_or(0o644, |old| old.permissions().mode() & 0o7777);
    file.set_permissions(std::fs::Permissions::from_mode(mode)).map(|()| can)
}

#[cfg(unix)]
fn open_folder_as(folder: &Path, old: Option<&std::fs::Metadata>) -> std::io::Result<()> {
    use std::os::unix::fs::{MetadataExt, PermissionsExt, chown};
    if let Some(old) = old {
        // Only an administrator may give a folder away; others write their own.
        let _ = chown(folder, Some(old.uid()), Some(old.gid()));
    }
    let mode = old.map_or(0o755, |old| old.permissions().mode() & 0o7777);
    std::fs::set_permissions(folder, std::fs::Permissions::from_mode(mode))
}

#[cfg(not(unix))]
fn open_as(_file: &std::fs::File, _old: Option<&std::fs::Metadata>) -> std::io::Result<bool> {
    Ok(true)
}

#[cfg(not(unix))]
fn open_folder_as(_folder: &Path, _old: Option<&std::fs::Metadata>) -> std::io::Result<()> {
    Ok(())
}
