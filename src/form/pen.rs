//! The pen that templates print with: every printed value is marked with its origin, so that text
//! from a source can never be taken for the structure of a template, and every word on the page
//! knows where it came from.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::budget::{Figure, Format};
use crate::marks;
use crate::report::{Line, Origin, Piece};
use crate::source::scalar::Text;

/// Marks values, remembers their origins, and prints figures in the format of the moment.
#[derive(Debug, Clone)]
pub struct Pen(Arc<Mutex<State>>);

#[derive(Debug)]
struct State {
    format: Format,
    origins: Vec<Origin>,
}

impl Pen {
    pub fn new(format: Format) -> Self {
        Self(Arc::new(Mutex::new(State { format, origins: Vec::new() })))
    }

    /// Begins a report: nothing is marked yet.
    pub fn begin(&self, format: Format) {
        *self.state() = State { format, origins: Vec::new() };
    }

    /// Sets the format of what is printed from here on.
    pub fn set_format(&self, format: Format) {
        self.state().format = format;
    }

    pub fn format(&self) -> Format {
        self.state().format
    }

    pub fn mark(&self, text: &str, origin: Origin) -> String {
        let mut state = self.state();
        state.origins.push(origin);
        marks::mark(state.origins.len() - 1, text)
    }

    pub fn mark_text(&self, text: &Text) -> String {
        self.mark(&text.text, Origin::Text(text.place.clone()))
    }

    pub fn mark_figure(&self, figure: &Figure, format: Option<Format>) -> String {
        let format = format.unwrap_or_else(|| self.format());
        self.mark(&format.print(figure), Origin::Figure(figure.clone(), format))
    }

    /// Marks whatever of a rendered text is not marked yet.
    pub fn mark_rest(&self, rendered: &str, origin: &Origin) -> String {
        marks::runs(rendered)
            .map(|run| match run.number {
                None => self.mark(run.text, origin.clone()),
                Some(_) => run.whole.to_owned(),
            })
            .collect()
    }

    /// Turns rendered text into pieces; what is not marked is the form's own.
    pub fn line(&self, rendered: &str) -> Line {
        let mut line: Line = Vec::new();
        for run in marks::runs(rendered) {
            let origin = run.number.map_or(Origin::Form, |number| self.origin(number));
            match line.last_mut() {
                Some(last) if last.origin == Origin::Form && origin == Origin::Form => {
                    last.text += run.text;
                }
                _ if run.text.is_empty() && !matches!(origin, Origin::Figure(..)) => {}
                _ => line.push(Piece { text: run.text.to_owned(), origin }),
            }
        }
        line
    }

    fn origin(&self, number: usize) -> Origin {
        self.state().origins.get(number).cloned().unwrap_or(Origin::Form)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
