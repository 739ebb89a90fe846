//! The desk that Typst works at: its sources, its faces, and nothing else.
//!
//! `typst-as-lib` builds the world; this module keeps the sources changeable, so that a warm
//! recompilation only lays out what changed, and closes what a report must not reach: no files,
//! no packages, no clock.

use std::borrow::Cow;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use typst::comemo;
use typst::diag::{FileError, FileResult, SourceResult};
use typst::foundations::{Bytes, Datetime, Duration};
use typst::syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Feature, Library, LibraryExt, World};
use typst_as_lib::file_resolver::FileResolver;
use typst_as_lib::{TypstEngine, TypstTemplateCollection, TypstWorld};
use typst_layout::PagedDocument;

use super::{edit, passes};

/// The name of the file that a report becomes.
pub const MAIN: &str = "main.typ";

/// Compilations between two clearings of Typst's memory: while it is cleared, other desks wait.
const BETWEEN_CLEARINGS: usize = 2;

/// Clearings that a result outlives unused: it is there for two compilations more at least, enough
/// for editing back and forth.
const CLEARINGS_OUTLIVED: usize = 1;

/// Typst with the functions that tell heads of rows; the look does without them where they are not.
static LIBRARY: LazyLock<LazyHash<Library>> = LazyLock::new(|| {
    let features = std::iter::once(Feature::A11yExtras).collect();
    LazyHash::new(Library::builder().with_features(features).build())
});

/// Sources, by name, and files that are carried along unread.
#[derive(Clone, Default)]
struct Sources(Arc<Mutex<Vec<Source>>>, Arc<Mutex<Vec<(FileId, Bytes)>>>);

/// A desk with its faces laid out. One compilation at a time.
pub struct Desk {
    engine: TypstEngine<TypstTemplateCollection>,
    sources: Sources,
    faces: Vec<Font>,
    book: LazyHash<FontBook>,
    compilations: AtomicUsize,
}

impl Desk {
    pub fn new(faces: &[Font], book: &FontBook) -> Self {
        let sources = Sources::default();
        let engine = TypstEngine::builder()
            .add_file_resolver(sources.clone())
            .comemo_evict_max_age(None)
            .build();
        let (faces, book) = (faces.to_vec(), LazyHash::new(book.clone()));
        Self { engine, sources, faces, book, compilations: AtomicUsize::new(0) }
    }

    /// Puts a file on the desk, in place of an earlier one of that name; gives it with its parts
    /// numbered.
    pub fn put(&self, name: &str, text: &str) -> Source {
        let mut sources = self.sources.0.lock().unwrap_or_else(PoisonError::into_inner);
        let id = file_id(name);
        match sources.iter_mut().find(|source| source.id() == id) {
            Some(source) => {
                edit::edit(source, text);
                source.clone()
            }
            None => {
                let source = Source::new(id, text.to_owned());
                sources.push(source.clone());
                source
            }
        }
    }

    /// Puts files to carry along on the desk, in place of all earlier ones; gives their names.
    pub fn carry(&self, files: impl Iterator<Item = Bytes>) -> Vec<String> {
        let mut carried = self.sources.1.lock().unwrap_or_else(PoisonError::into_inner);
        carried.clear();
        let named = files.enumerate().map(|(at, bytes)| {
            let name = format!("attached-{}", at + 1);
            carried.push((file_id(&name), bytes));
            name
        });
        named.collect()
    }

    /// Lays out the main file, at first with the page numbers of `known`.
    pub fn compile(&self, known: Option<PagedDocument>) -> SourceResult<PagedDocument> {
        let document = passes::lay_out(&self.world(), known);
        let before = self.compilations.fetch_add(1, Ordering::Relaxed);
        if before % BETWEEN_CLEARINGS == BETWEEN_CLEARINGS - 1 {
            comemo::evict(CLEARINGS_OUTLIVED);
        }
        document
    }

    /// A source on the desk.
    pub fn source(&self, id: FileId) -> Option<Source> {
        let sources = self.sources.0.lock().unwrap_or_else(PoisonError::into_inner);
        sources.iter().find(|source| source.id() == id).cloned()
    }

    fn world(&self) -> Closed<'_> {
        let built = self.engine.world_builder(file_id(MAIN)).build();
        // Building a world fails only on injected inputs, and there are none.
        let world = built.expect("a world without inputs can be built");
        Closed { world, faces: &self.faces, book: &self.book }
    }
}

/// The few names on the desk are used again and again: Typst never forgets a file's id.
fn file_id(name: &str) -> FileId {
    let plain: String = name.chars().filter(|c| !matches!(c, '/' | '\\')).collect();
    let path = VirtualPath::new(format!("/{plain}"));
    RootedPath::new(VirtualRoot::Project, path.expect("a name without slashes is a path")).intern()
}

impl FileResolver for Sources {
    fn resolve_binary(&self, id: FileId) -> FileResult<Cow<'_, Bytes>> {
        let carried = self.1.lock().unwrap_or_else(PoisonError::into_inner);
        let file = carried.iter().find(|(carried, _)| *carried == id);
        file.map(|(_, bytes)| Cow::Owned(bytes.clone())).ok_or_else(|| not_here(id))
    }

    fn resolve_source(&self, id: FileId) -> FileResult<Cow<'_, Source>> {
        let sources = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let source = sources.iter().find(|source| source.id() == id).cloned();
        source.map(Cow::Owned).ok_or_else(|| not_here(id))
    }
}

fn not_here(id: FileId) -> FileError {
    FileError::NotFound(id.vpath().get_without_slash().into())
}

/// The built world with our own faces, without a clock, and safe against face numbers of an earlier
/// world.
struct Closed<'a> {
    world: TypstWorld<'a>,
    faces: &'a [Font],
    book: &'a LazyHash<FontBook>,
}

impl World for Closed<'_> {
    fn library(&self) -> &LazyHash<Library> {
        &LIBRARY
    }

    fn book(&self) -> &LazyHash<FontBook> {
        self.book
    }

    fn main(&self) -> FileId {
        self.world.main()
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        self.world.source(id)
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        self.world.file(id)
    }

    fn font(&self, index: usize) -> Option<Font> {
        self.faces.get(index).cloned()
    }

    fn today(&self, _offset: Option<Duration>) -> Option<Datetime> {
        None
    }
}
