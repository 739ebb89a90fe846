//! Things of the budget as templates see them: fields under Chinese names, made when they are asked for.

use std::fmt;
use std::sync::Arc;

use minijinja::value::{Enumerator, Object, Value};

use super::pen::Pen;

/// The fields of a thing: what templates call them, and how each is made.
pub type Names<T> = &'static [(&'static str, fn(&T, &Pen) -> Value)];

/// A thing with fields. A report reads few of them, so that none is made beforehand.
struct Fields<T: 'static> {
    of: T,
    names: Names<T>,
    pen: Pen,
}

/// A map that templates read a thing through.
pub fn fields<T: Send + Sync + 'static>(pen: &Pen, of: T, names: Names<T>) -> Value {
    Value::from_object(Fields { of, names, pen: pen.clone() })
}

impl<T> fmt::Debug for Fields<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.names.iter().map(|(name, _)| name)).finish()
    }
}

impl<T: Send + Sync + 'static> Object for Fields<T> {
    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        let key = key.as_str()?;
        let (_, make) = self.names.iter().find(|(name, _)| *name == key)?;
        Some(make(&self.of, &self.pen))
    }

    fn enumerate(self: &Arc<Self>) -> Enumerator {
        Enumerator::Values(self.names.iter().map(|(name, _)| Value::from(*name)).collect())
    }
}
