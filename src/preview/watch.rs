//! Watches the folders of the source, its form and its fonts: folders, because many editors write
//! a new file and rename it.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender};
use std::time::{Duration, Instant};

use notify::event::{AccessKind, AccessMode, EventKind, ModifyKind, RenameMode};
use notify::{Config, Event, PollWatcher, RecommendedWatcher, RecursiveMode, Watcher};

use super::Settings;
use super::maker::{Change, Order};
use crate::cli::outcome::Failure;

/// Where the system does not say that a file is whole, it is when nothing more happened for so long …
const QUIET: Duration = Duration::from_millis(8);
/// … but nobody waits longer than this.
const LONGEST: Duration = Duration::from_millis(25);
/// How often files are looked at with `--poll`.
const POLL: Duration = Duration::from_millis(400);

/// What matters among all that happens in the folders.
#[derive(Debug, Clone)]
struct Scope {
    /// The names of the source: as typed, and where a link leads.
    sources: Vec<(PathBuf, OsString)>,
    /// Folders of which every file matters.
    folders: Vec<PathBuf>,
}

/// Something happened to a file that matters.
#[derive(Debug, Clone, Copy)]
struct Sign {
    change: Change,
    /// The file was closed, or renamed into place: there is nothing to wait for.
    whole: bool,
}

/// Sends an order for each change, for as long as the answer is kept.
pub fn watch(settings: &Settings, orders: Sender<Order>) -> Result<Box<dyn Watcher>, Failure> {
    let scope = Scope::of(settings);
    let (signs, seen) = std::sync::mpsc::channel();
    let (of, polled) = (scope.clone(), signs.clone());
    let tell = move |event: notify::Result<Event>| {
        let Ok(event) = event else { return };
        if let Some(beyond) = of.judge(&event) {
            let change = Change { since: Instant::now(), beyond };
            let _ = signs.send(Sign { change, whole: is_whole(&event) });
        }
    };
    let fail =
        |error: notify::Error| Failure(format!("看不住文件的改动：{error}；网络盘上请加 --poll"));
    let mut watcher: Box<dyn Watcher> = if settings.poll {
        poll(settings.source.clone(), polled)?;
        let config = Config::default().with_poll_interval(POLL);
        Box::new(PollWatcher::new(tell, config).map_err(fail)?)
    } else {
        let mut watcher = RecommendedWatcher::new(tell, Config::default()).map_err(fail)?;
        for (folder, _) in &scope.sources {
            watcher.watch(folder, RecursiveMode::NonRecursive).map_err(fail)?;
        }
        Box::new(watcher)
    };
    for folder in &scope.folders {
        watcher.watch(folder, RecursiveMode::Recursive).map_err(fail)?;
    }
    start(move || settle(&seen, &orders))?;
    Ok(watcher)
}

fn start(work: impl FnOnce() + Send + 'static) -> Result<(), Failure> {
    let started = std::thread::Builder::new().spawn(work);
    started.map(drop).map_err(|error| Failure(format!("预览开不起来：{error}")))
}

/// Reads the source again and again: the times of a network drive are too coarse to go by, and two
/// saves in one second would look like one.
fn poll(source: PathBuf, signs: Sender<Sign>) -> Result<(), Failure> {
    let mut before = std::fs::read(&source).ok();
    start(move || {
        loop {
            std::thread::sleep(POLL);
            let now = std::fs::read(&source).ok();
            if now == before {
                continue;
            }
            before = now;
            let change = Change { since: Instant::now(), beyond: false };
            if signs.send(Sign { change, whole: true }).is_err() {
                return;
            }
        }
    })
}

/// Makes one order of all that happens at once.
fn settle(seen: &Receiver<Sign>, orders: &Sender<Order>) {
    while let Ok(mut sign) = seen.recv() {
        while !sign.whole {
            let left = LONGEST.saturating_sub(sign.change.since.elapsed());
            match seen.recv_timeout(QUIET.min(left)) {
                Ok(more) => {
                    sign.change.beyond |= more.change.beyond;
                    sign.whole = more.whole;
                }
                Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => break,
            }
        }
        if orders.send(Order::Again(sign.change)).is_err() {
            return;
        }
    }
}

fn is_whole(event: &Event) -> bool {
    let renamed = EventKind::Modify(ModifyKind::Name(RenameMode::To));
    event.kind == EventKind::Access(AccessKind::Close(AccessMode::Write)) || event.kind == renamed
}

impl Scope {
    fn of(settings: &Settings) -> Self {
        let typed = settings.source.clone();
        let leads = typed.canonicalize().ok();
        let mut sources: Vec<_> =
            [Some(typed), leads].iter().flatten().filter_map(|path| split(path)).collect();
        sources.dedup();
        let templates = settings.places.templates.clone().unwrap_or_else(|| "templates".into());
        let folders = [Some(templates), settings.places.fonts.clone()].into_iter().flatten();
        let folders = folders.filter_map(|folder| folder.canonicalize().ok());
        Self { sources, folders: folders.collect() }
    }

    /// None when it does not matter; else whether it goes beyond the source.
    fn judge(&self, event: &Event) -> Option<bool> {
        let matters = match event.kind {
            EventKind::Access(AccessKind::Close(AccessMode::Write)) | EventKind::Any => true,
            EventKind::Create(_) | EventKind::Modify(_) | EventKind::Remove(_) => true,
            EventKind::Access(_) | EventKind::Other => false,
        };
        if !matters {
            return None;
        }
        let named = |path: &PathBuf| {
            let of = |(folder, name): &(PathBuf, OsString)| {
                path.file_name() == Some(name) && path.parent() == Some(folder)
            };
            self.sources.iter().any(of)
        };
        let below = |path: &PathBuf| {
            let name = path.file_name().map(OsString::from).unwrap_or_default();
            // Editors keep their own files beside the ones that they edit.
            let own =
                name.to_string_lossy().starts_with('.') || name.to_string_lossy().ends_with('~');
            !own && self.folders.iter().any(|folder| path.starts_with(folder))
        };
        if event.paths.iter().any(below) {
            return Some(true);
        }
        event.paths.iter().any(named).then_some(false)
    }
}

/// A file's folder, in full, and its name in it.
fn split(path: &Path) -> Option<(PathBuf, OsString)> {
    let parent = match path.parent() {
        Some(parent) if parent != Path::new("") => parent,
        _ => Path::new("."),
    };
    Some((parent.canonicalize().ok()?, path.file_name()?.to_owned()))
}
