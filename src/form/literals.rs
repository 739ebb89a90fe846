//! What templates print as it stands in them: cells of their text, and the quoted words of
//! expressions.

use std::collections::BTreeSet;

use crate::audit::sheet::name_of;

/// Of all templates, as names of rows.
pub fn of<'f>(files: impl Iterator<Item = (&'f str, &'f str)>) -> BTreeSet<String> {
    let templates = files.filter(|(path, _)| path.ends_with(".j2"));
    let mut names = BTreeSet::new();
    for (_, text) in templates {
        let text = outside(text);
        names.extend(text.lines().flat_map(|line| line.split('|')).map(name_of));
    }
    names
}

/// A template without its expressions and tags, whose quoted words stay, each on its line.
fn outside(template: &str) -> String {
    let mut text = String::new();
    let mut rest = template;
    while let Some(at) = rest.find("{{").into_iter().chain(rest.find("{%")).min() {
        text += &rest[..at];
        let close = if rest[at..].starts_with("{{") { "}}" } else { "%}" };
        let (inside, after) = rest[at..].split_once(close).unwrap_or((&rest[at..], ""));
        let quoted = inside.split(['"', '\'']).skip(1).step_by(2);
        quoted.for_each(|word| text += &format!("\n{word}\n"));
        rest = after;
    }
    text + rest
}
