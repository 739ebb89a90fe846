//! Text as Typst string literals: the one way in which text of a report reaches Typst.
//!
//! Inside a literal only `\` and `"` have a meaning, so nothing that a source holds can become
//! markup or code.

/// A literal in code: `"…"`.
pub fn code(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for c in text.chars() {
        match c {
            '\\' | '"' => out.extend(['\\', c]),
            '\n' => out.push_str("\\n"),
            '\t' => out.push(' '),
            // They would turn the order of what follows; the text prints as it was written.
            _ if turns_direction(c) => {}
            _ if c.is_control() => out.push_str(&format!("\\u{{{:x}}}", c as u32)),
            _ => out.push(c),
        }
    }
    out.push('"');
    out
}

/// A literal in markup: `#"…";` — the semicolon ends it whatever follows.
pub fn markup(text: &str) -> String {
    format!("#{};", code(text))
}

/// Invisible characters that set the writing direction (U+202E and its kin).
fn turns_direction(c: char) -> bool {
    matches!(c, '\u{200E}' | '\u{200F}' | '\u{061C}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}
