//! `yusuan schema`: the JSON Schema of a source.

use super::{Code, say};
use crate::source;

pub fn run() -> Code {
    say::tell!("{}", text().trim_end());
    Code::Fine
}

/// The schema as it is printed and kept in `docs/source.schema.json`.
pub fn text() -> String {
    format!("{:#}\n", source::schema())
}
