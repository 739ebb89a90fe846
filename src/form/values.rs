//! What templates see: figures, texts and changes as minijinja objects.

use std::cmp::Ordering;
use std::fmt;
use std::sync::Arc;

use minijinja::value::{DynObject, Enumerator, Object, ObjectRepr, Value};
use minijinja::{Error, State};

use super::pen::Pen;
use super::words;
use crate::budget::{Figure, Format};
use crate::source::scalar::Text;

/// A figure in a template, perhaps with a format of its own.
#[derive(Debug, Clone)]
pub struct FigureValue {
    pub figure: Figure,
    pub format: Option<Format>,
    /// Whether a division left digits that a number cannot hold.
    pub endless: bool,
    pub pen: Pen,
}

impl Object for FigureValue {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Plain
    }

    /// By amount, exactly: as texts, 10,327 would be less than 4,670.
    fn custom_cmp(self: &Arc<Self>, other: &DynObject) -> Option<Ordering> {
        let other = other.downcast_ref::<Self>()?;
        Some(self.figure.amount().cmp(&other.figure.amount()))
    }

    /// A figure counts as true when it is not zero.
    fn is_true(self: &Arc<Self>) -> bool {
        !self.figure.is_zero()
    }

    /// As it is printed, with its mark: what becomes part of a text still knows where it came from.
    fn render(self: &Arc<Self>, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.pen.mark_figure(&self.figure, self.format))
    }
}

/// A text of the source in a template.
#[derive(Debug, Clone)]
pub struct TextValue(pub Text);

impl TextValue {
    pub fn value(text: &Text) -> Value {
        Value::from_object(Self(text.clone()))
    }
}

impl Object for TextValue {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Plain
    }

    fn is_true(self: &Arc<Self>) -> bool {
        !self.0.text.is_empty()
    }

    fn render(self: &Arc<Self>, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.text)
    }
}

/// 增减: the change from last year to this.
#[derive(Debug, Clone)]
pub struct Change {
    pub this: Figure,
    pub last: Figure,
    pub pen: Pen,
}

impl Object for Change {
    fn is_true(self: &Arc<Self>) -> bool {
        true
    }

    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        let difference = self.this.minus(&self.last);
        let direction = ["减少", "持平", "增加"][usize::try_from(difference.sign() + 1).ok()?];
        Some(match key.as_str()? {
            "方向" => direction.into(),
            "额" => self.pen.figure(&difference.abs()),
            "差" => self.pen.figure(&difference),
            "上年为零" => self.last.is_zero().into(),
            // A base of zero has no rate; a form that asks for it all the same gets an error.
            "率" => self.pen.figure(&self.this.rate_from(&self.last)?),
            _ => return None,
        })
    }
}

/// 合计: the department's account, and, called, the sum of figures.
#[derive(Debug)]
pub struct Totals {
    pub account: Value,
    pub pen: Pen,
}

impl Object for Totals {
    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        self.account.get_item(key).ok().filter(|value| !value.is_undefined())
    }

    fn enumerate(self: &Arc<Self>) -> Enumerator {
        self.account
            .try_iter()
            .map_or(Enumerator::NonEnumerable, |keys| Enumerator::Values(keys.collect()))
    }

    fn call(self: &Arc<Self>, _: &mut State<'_, '_>, parts: &[Value]) -> Result<Value, Error> {
        words::sum(&self.pen, parts)
    }
}
