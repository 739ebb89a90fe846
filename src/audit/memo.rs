//! What is read from a rule's text, remembered: the reports of a run share their rules.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Texts that are remembered; a preview may see many, as rules can hold figures.
const MOST: usize = 2_000;

/// Values by the text that they were made of.
#[derive(Debug)]
pub struct Memo<T>(Mutex<BTreeMap<String, T>>);

impl<T: Clone> Memo<T> {
    pub const fn new() -> Self {
        Self(Mutex::new(BTreeMap::new()))
    }

    /// What `make` makes of a text, now or earlier. What fails is not remembered.
    pub fn get<E>(&self, text: &str, make: impl FnOnce(&str) -> Result<T, E>) -> Result<T, E> {
        if let Some(known) = self.known().get(text) {
            return Ok(known.clone());
        }
        let made = make(text)?;
        let mut known = self.known();
        if known.len() == MOST {
            known.clear();
        }
        known.insert(text.to_owned(), made.clone());
        Ok(made)
    }

    fn known(&self) -> MutexGuard<'_, BTreeMap<String, T>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
