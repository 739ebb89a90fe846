//! Text as Typst string literals: the one way in which text of a report reaches Typst.
//!
//! Inside a literal only `\` and `"` have a meaning, so nothing that a source holds can become
//! markup or code.

/// A literal in code: `"…"`.
pub fn code(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    write_code(&mut out, text);
    out
}

/// A literal in markup: `#"…";` — the semicolon ends it whatever follows.
pub fn markup(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 4);
    write_markup(&mut out, text);
    out
}

/// Writes a literal in markup.
pub fn write_markup(out: &mut String, text: &str) {
    out.push('#');
    write_code(out, text);
    out.push(';');
}

fn write_code(out: &mut String, text: &str) {
    out.push('"');
    let mut rest = text;
    while let Some(at) = rest.find(is_special) {
        let (plain, special) = rest.split_at(at);
        out.push_str(plain);
        let mut characters = special.chars();
        match characters.next() {
            Some(c @ ('\\' | '"')) => out.extend(['\\', c]),
            Some('\n') => out.push_str("\\n"),
            Some('\t') => out.push(' '),
            // They would turn the order of what follows; the text prints as it was written.
            Some(c) if turns_direction(c) => {}
            Some(c) => out.push_str(&format!("\\u{{{:x}}}", c as u32)),
            None => {}
        }
        rest = characters.as_str();
    }
    out.push_str(rest);
    out.push('"');
}

/// A character that does not stand for itself in a literal.
fn is_special(c: char) -> bool {
    matches!(c, '\\' | '"') || c.is_control() || turns_direction(c)
}

/// Invisible characters that set the writing direction (U+202E and its kin).
fn turns_direction(c: char) -> bool {
    matches!(c, '\u{200E}' | '\u{200F}' | '\u{061C}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}
