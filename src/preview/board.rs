//! The board that the maker writes and the server reads: the last good state, what keeps the next
//! one from being made, and some earlier states to compare with.

use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::watch;

use super::shown::Shown;
use crate::finding::Finding;

/// Earlier states that are kept besides the first one.
const KEPT: usize = 6;

/// What there is to see.
#[derive(Clone, Default)]
pub struct Snapshot {
    /// The last state that could be made.
    pub shown: Option<Arc<Shown>>,
    /// Why there is no newer one.
    pub failure: Option<Arc<Vec<Finding>>>,
}

pub struct Board {
    latest: watch::Sender<Snapshot>,
    /// The first state of the session, then the latest ones, oldest first.
    states: Mutex<Vec<Arc<Shown>>>,
    /// The last other source that was compared with.
    other: Mutex<Option<Arc<Shown>>>,
}

impl Board {
    pub fn new() -> Self {
        let latest = watch::Sender::new(Snapshot::default());
        Self { latest, states: Mutex::default(), other: Mutex::default() }
    }

    pub fn latest(&self) -> Snapshot {
        self.latest.borrow().clone()
    }

    pub fn subscribe(&self) -> watch::Receiver<Snapshot> {
        self.latest.subscribe()
    }

    pub fn show(&self, shown: Arc<Shown>) {
        let mut states = self.states.lock().unwrap_or_else(PoisonError::into_inner);
        states.push(shown.clone());
        if states.len() > KEPT + 1 {
            states.remove(1);
        }
        drop(states);
        self.latest.send_replace(Snapshot { shown: Some(shown), failure: None });
    }

    /// Puts a failure over the last good state; nobody is told twice of the same one.
    pub fn fail(&self, findings: Vec<Finding>) {
        self.latest.send_if_modified(|snapshot| {
            let news = snapshot.failure.as_ref().is_none_or(|known| **known != findings);
            snapshot.failure = Some(Arc::new(findings));
            news
        });
    }

    /// Takes a failure away: the source is again what the last state was made from.
    pub fn mend(&self) {
        self.latest.send_if_modified(|snapshot| snapshot.failure.take().is_some());
    }

    /// The states at hand, oldest first.
    pub fn states(&self) -> Vec<Arc<Shown>> {
        self.states.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub fn keep_other(&self, shown: Arc<Shown>) {
        *self.other.lock().unwrap_or_else(PoisonError::into_inner) = Some(shown);
    }

    /// The SVG of a page of any state at hand, the latest first.
    pub fn svg(&self, page: usize, hash: &str) -> Option<String> {
        let other = self.other.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let states = self.states();
        states.iter().rev().chain(&other).find_map(|shown| shown.svg(page, hash))
    }
}
