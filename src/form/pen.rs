//! The pen that templates print with: every printed value is marked with its origin, so that text
//! from a source can never be taken for the structure of a template, and every word on the page
//! knows where it came from.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use minijinja::value::Value;
use rust_decimal::Decimal;

use super::values::{Change, FigureValue};
use crate::budget::{Figure, Format, Measure};
use crate::marks;
use crate::report::{Line, Origin, Piece};
use crate::source::scalar::Text;

/// Marks values, remembers their origins, and prints figures in the format of the moment.
#[derive(Debug, Clone)]
pub struct Pen(Arc<Mutex<State>>);

#[derive(Debug)]
struct State {
    format: Format,
    /// Of each mark: the origin, and what was printed with it.
    marks: Vec<(Origin, String)>,
}

impl Pen {
    pub fn new(format: Format) -> Self {
        Self(Arc::new(Mutex::new(State { format, marks: Vec::new() })))
    }

    /// Begins a report: nothing is marked yet.
    pub fn begin(&self, format: Format) {
        *self.state() = State { format, marks: Vec::new() };
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
        state.marks.push((origin, text.to_owned()));
        marks::mark(state.marks.len() - 1, text)
    }

    /// Whether the marks in a rendered text stand around what was printed with them. A filter that
    /// replaces or cuts letters may have been at them.
    pub fn wrote(&self, rendered: &str) -> bool {
        let state = self.state();
        marks::runs(rendered).all(|run| match run.number {
            Some(number) => state.marks.get(number).is_some_and(|(_, text)| text == run.text),
            None => !run.text.chars().any(marks::is_part),
        })
    }

    /// A figure as templates see it.
    pub fn figure(&self, figure: &Figure) -> Value {
        let (figure, pen) = (figure.clone(), self.clone());
        Value::from_object(FigureValue { figure, format: None, endless: false, pen })
    }

    /// A figure that an expression states itself.
    pub fn computed(&self, amount: Decimal, measure: Measure) -> Value {
        self.figure(&Figure::computed(amount, Decimal::ZERO, measure, Vec::new()))
    }

    /// 变动 as templates see it.
    pub fn change(&self, this: &Figure, last: &Figure) -> Value {
        Value::from_object(Change { this: this.clone(), last: last.clone(), pen: self.clone() })
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
        self.state().marks.get(number).map_or(Origin::Form, |(origin, _)| origin.clone())
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
