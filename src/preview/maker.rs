//! The thread that makes states of the report, one after the other. Of several changes that wait,
//! only the last is worth a state.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, TryRecvError};
use std::time::Instant;

use tokio::sync::oneshot;

use super::Settings;
use super::board::Board;
use super::shown::{Shown, Times};
use crate::cli::outcome::Failure;
use crate::cli::stage::{self, Forms, Made, Stop};
use crate::finding::Finding;
use crate::source::{Located, Source};
use crate::typeset::{Faces, Typesetter, Wishes, export};

/// Typst recurses deeply; the usual 2 MiB of a thread are few.
const STACK: usize = 16 * 1024 * 1024;

/// The answer to an order.
pub type Reply<T> = oneshot::Sender<Result<T, Vec<Finding>>>;

/// What the maker can be asked for.
pub enum Order {
    /// Files have changed.
    Again(Change),
    /// The PDF of the latest state as a draft.
    Draft(Reply<Vec<u8>>),
    /// A state of another source.
    Other(PathBuf, Reply<Arc<Shown>>),
}

/// A change of files.
#[derive(Debug, Clone, Copy)]
pub struct Change {
    /// The first sign of it.
    pub since: Instant,
    /// Not only the source: its form or fonts.
    pub beyond: bool,
}

impl Order {
    /// The order that every session begins with.
    pub fn first() -> Self {
        Self::Again(Change { since: Instant::now(), beyond: true })
    }
}

pub struct Maker {
    settings: Settings,
    board: Arc<Board>,
    forms: Forms,
    /// None until faces could be read.
    typesetter: Option<Typesetter>,
    revision: u64,
}

impl Maker {
    /// Starts the thread.
    pub fn start(
        settings: Settings,
        board: Arc<Board>,
        orders: Receiver<Order>,
    ) -> Result<(), Failure> {
        let forms = forms(&settings);
        let mut maker = Self { settings, board, forms, typesetter: None, revision: 0 };
        let thread = std::thread::Builder::new().stack_size(STACK);
        let started = thread.spawn(move || maker.work(&orders));
        started.map(|_| ()).map_err(|error| Failure(format!("预览开不起来：{error}")))
    }

    fn work(&mut self, orders: &Receiver<Order>) {
        while let Ok(order) = orders.recv() {
            let mut order = order;
            // What waits behind a change is seen first: a newer change takes the older one's place.
            while let Order::Again(change) = order {
                match orders.try_recv() {
                    Ok(Order::Again(newer)) => {
                        let beyond = change.beyond || newer.beyond;
                        order = Order::Again(Change { since: newer.since, beyond });
                    }
                    Ok(other) => {
                        self.obey(Order::Again(change));
                        order = other;
                    }
                    Err(TryRecvError::Empty | TryRecvError::Disconnected) => break,
                }
            }
            self.obey(order);
        }
    }

    fn obey(&mut self, order: Order) {
        let obeyed = catch_unwind(AssertUnwindSafe(|| match order {
            Order::Again(change) => self.again(change),
            Order::Draft(reply) => drop(reply.send(self.draft())),
            Order::Other(path, reply) => drop(reply.send(self.other(&path).map_err(told))),
        }));
        if obeyed.is_err() {
            // What a broken run left behind is not to be trusted.
            self.typesetter = None;
            let finding = Finding::error("P09", "程序内部出错，这一次没有做成");
            self.board.fail(vec![finding.help("撤销刚才的改动；并把数据文件发给程序的作者")]);
        }
    }

    /// Makes the source's report again, or says why it cannot be made.
    fn again(&mut self, change: Change) {
        let began = Instant::now();
        if change.beyond {
            self.forms = forms(&self.settings);
            self.typesetter = None;
        }
        let wait = began - change.since;
        match self.next(change, began) {
            Ok(None) => self.board.mend(),
            Ok(Some(mut shown)) => {
                self.revision += 1;
                shown.after(self.board.latest().shown.as_ref(), self.revision);
                shown.times.wait = wait;
                shown.times.total = change.since.elapsed();
                self.board.show(Arc::new(shown));
            }
            Err(stop) => self.board.fail(told(stop)),
        }
    }

    /// The next state; none when the source reads as it did.
    fn next(&mut self, change: Change, began: Instant) -> Result<Option<Shown>, Stop> {
        let source = stage::read(&self.settings.source)?;
        let latest = self.board.latest().shown;
        let same = |shown: &Arc<Shown>| shown.made.report.file.text == source.file.text;
        if !change.beyond && latest.as_ref().is_some_and(same) {
            return Ok(None);
        }
        self.lay_out(source, began).map(Some)
    }

    fn lay_out(&mut self, source: Located<Source>, began: Instant) -> Result<Shown, Stop> {
        let read = began.elapsed();
        let made = self.forms.report(source)?;
        let report = began.elapsed() - read;
        self.warm()?;
        let typesetter = self.typesetter.as_ref().expect("it was just made");
        let latest = self.board.latest().shown;
        let start = Instant::now();
        let (audited, typeset) = std::thread::scope(|scope| {
            let audit = scope.spawn(|| (made.findings(), start.elapsed()));
            let chosen = &made.budget.source.value.fonts;
            let wishes =
                Wishes { earlier: latest.as_ref().map(|it| &it.pages), ..Wishes::default() };
            let typeset = typesetter.typeset_with(&made.form, &made.report, chosen, wishes);
            (audit.join(), typeset)
        });
        let (mut findings, audit) =
            audited.unwrap_or_else(|panic| std::panic::resume_unwind(panic));
        let (pages, _) = typeset?;
        findings.extend(pages.missing_glyphs(&made.report));
        findings.extend(pages.misplaced(&made.report));
        let mut shown = Shown::new(made, pages, findings);
        let typeset = start.elapsed();
        shown.times = Times { read, report, audit, typeset, ..Times::default() };
        Ok(shown)
    }

    /// Makes sure that there is a typesetter.
    fn warm(&mut self) -> Result<(), Vec<Finding>> {
        if self.typesetter.is_none() {
            let faces = Faces::load(self.settings.places.fonts.as_slice())?;
            self.typesetter = Some(Typesetter::new(faces));
        }
        Ok(())
    }

    /// The latest state as `yusuan build --draft` prints it.
    fn draft(&mut self) -> Result<Vec<u8>, Vec<Finding>> {
        self.warm()?;
        let typesetter = self.typesetter.as_ref().expect("it was just made");
        let shown = self.board.latest().shown.ok_or_else(Vec::new)?;
        let Made { form, report, budget, .. } = &shown.made;
        let word = stage::watermark(&shown.made.findings());
        let chosen = &budget.source.value.fonts;
        let (pages, _) = typesetter.typeset(form, report, chosen, Some(&word))?;
        export::pdf(&pages, report, pages.missing.is_empty())
    }

    /// A state of another source, to compare with.
    fn other(&mut self, path: &Path) -> Result<Arc<Shown>, Stop> {
        let shown = Arc::new(self.lay_out(stage::read(path)?, Instant::now())?);
        self.board.keep_other(shown.clone());
        Ok(shown)
    }
}

fn forms(settings: &Settings) -> Forms {
    Forms::new(&settings.places).balanced(settings.balance)
}

/// Why there is no report, as findings.
fn told(stop: Stop) -> Vec<Finding> {
    match stop {
        Stop::Findings(findings) => findings,
        Stop::Failure(Failure(message)) => vec![Finding::error("P04", message)],
    }
}
