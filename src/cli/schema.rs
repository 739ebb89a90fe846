//! `yusuan schema`: the JSON Schema of a source.

use std::io::Write;

use super::Code;
use crate::source;

pub fn run() -> Code {
    let text = text();
    match std::io::stdout().write_all(text.as_bytes()) {
        Ok(()) => Code::Fine,
        // A closed pipe is the reader's choice.
        Err(_) => Code::Failed,
    }
}

/// The schema as it is printed and kept in `docs/source.schema.json`.
pub fn text() -> String {
    format!("{:#}\n", source::schema())
}
