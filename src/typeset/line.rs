//! A line of the report as the layout template sees it.

use std::ops::Range;

use minijinja::value::{Object, ObjectRepr, Value};

use super::literal;
use super::words::words;
use crate::marks;

/// A line of the report in the template; it prints as literals, piece by piece.
#[derive(Debug)]
pub struct LineValue {
    pub parts: Vec<Part>,
}

/// A stretch of a line.
#[derive(Debug)]
pub enum Part {
    /// A text, with its number among all.
    Text(usize, String),
    /// One that differs from the report that this one is compared with.
    Changed(usize, String),
    /// Words of that report which stood here.
    Removed(String),
}

impl Part {
    /// What is printed of the report.
    fn text(&self) -> &str {
        match self {
            Self::Text(_, text) | Self::Changed(_, text) => text,
            Self::Removed(_) => "",
        }
    }
}

impl LineValue {
    /// Its words, each with the stretches that it is made of.
    pub fn words(&self) -> Value {
        let text: String = self.parts.iter().map(Part::text).collect();
        let mut start = 0;
        let words = words(&text).into_iter().map(|word| {
            let word = start..start + word.len();
            start = word.end;
            Value::from_object(self.stretch(word))
        });
        Value::from(words.collect::<Vec<Value>>())
    }

    /// Some bytes of its text.
    fn stretch(&self, wanted: Range<usize>) -> Self {
        let mut end = 0;
        let parts = self.parts.iter().filter_map(|part| {
            let start = end;
            end += part.text().len();
            let own = wanted.start.max(start)..wanted.end.min(end);
            let text = || part.text()[own.start - start..own.end - start].to_owned();
            (!own.is_empty()).then(|| match part {
                Part::Text(number, _) => Part::Text(*number, text()),
                Part::Changed(number, _) => Part::Changed(*number, text()),
                Part::Removed(gone) => Part::Removed(gone.clone()),
            })
        });
        Self { parts: parts.collect() }
    }

    pub fn marked(&self) -> String {
        let mut out = String::new();
        for part in &self.parts {
            match part {
                Part::Text(number, text) => {
                    marks::write_mark(&mut out, *number, |out| literal::write_markup(out, text));
                }
                Part::Changed(number, text) => {
                    out.push_str("#changed[");
                    marks::write_mark(&mut out, *number, |out| literal::write_markup(out, text));
                    out.push_str("];");
                }
                Part::Removed(text) => {
                    out.push_str("#removed[");
                    literal::write_markup(&mut out, text);
                    out.push_str("];");
                }
            }
        }
        out
    }
}

impl Object for LineValue {
    fn repr(self: &std::sync::Arc<Self>) -> ObjectRepr {
        ObjectRepr::Plain
    }

    fn is_true(self: &std::sync::Arc<Self>) -> bool {
        !self.parts.is_empty()
    }

    fn render(self: &std::sync::Arc<Self>, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.parts.iter().try_for_each(|part| f.write_str(part.text()))
    }
}
