//! What templates see: figures, texts and changes as minijinja objects.

use std::cmp::Ordering;
use std::fmt;
use std::sync::Arc;

use minijinja::value::{DynObject, Object, ObjectRepr, Value};

use crate::budget::{Figure, Format};
use crate::source::scalar::Text;

/// A figure in a template, perhaps with a format of its own.
#[derive(Debug, Clone)]
pub struct FigureValue {
    pub figure: Figure,
    pub format: Option<Format>,
}

impl FigureValue {
    pub fn value(figure: &Figure) -> Value {
        Value::from_object(Self { figure: figure.clone(), format: None })
    }
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

    fn render(self: &Arc<Self>, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.figure.amount())
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
}

impl Change {
    pub fn value(this: &Figure, last: &Figure) -> Value {
        Value::from_object(Self { this: this.clone(), last: last.clone() })
    }
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
            "额" => FigureValue::value(&difference.abs()),
            "差" => FigureValue::value(&difference),
            "上年为零" => self.last.is_zero().into(),
            // A base of zero has no rate; a form that asks for it all the same gets an error.
            "率" => FigureValue::value(&self.this.rate_from(&self.last)?),
            _ => return None,
        })
    }
}
