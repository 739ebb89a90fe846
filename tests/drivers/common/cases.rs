//! Cases in Markdown: what `tests/rules/*.md` say, read.

use super::patch;

/// What a case expects of a code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wanted {
    Error,
    Warning,
    /// A warning with a reason.
    Explained,
    Info,
    /// Nothing of this code, of any severity.
    Ok,
}

#[derive(Debug, Clone)]
pub struct Expectation {
    pub wanted: Wanted,
    pub code: String,
    /// Words that the message or the help must hold.
    pub words: Option<String>,
    /// The path whose line must be among the finding's places.
    pub path: Option<String>,
}

#[derive(Debug)]
pub struct Case {
    /// file:line of the fenced block, and the heading above it.
    pub name: String,
    pub patches: Vec<(String, serde_yaml::Value)>,
    pub expected: Vec<Expectation>,
    /// Changes of the form's files: path, old text, new text.
    pub form: Vec<(String, String, String)>,
}

impl Case {
    /// The merged source.
    pub fn source(&self, base: &str) -> String {
        let mut merged: serde_yaml::Value = serde_yaml::from_str(base).expect("the base is YAML");
        for (path, value) in &self.patches {
            patch::put(&mut merged, path, value.clone());
        }
        serde_yaml::to_string(&merged).expect("a merged source can be written")
    }
}

/// All cases of a Markdown text.
pub fn read(file: &str, text: &str) -> Vec<Case> {
    let mut cases = Vec::new();
    let mut heading = "";
    let mut form = Vec::new();
    let mut lines = text.lines().enumerate();
    while let Some((number, line)) = lines.next() {
        if line.starts_with('#') {
            heading = line.trim_start_matches('#').trim();
            form.clear();
        }
        let Some(kind) = line.strip_prefix("```") else { continue };
        let block: Vec<&str> =
            lines.by_ref().map(|(_, line)| line).take_while(|line| *line != "```").collect();
        let name = format!("{file}:{} “{heading}”", number + 1);
        match kind {
            "form" => form = changes(&name, &block),
            "yaml" => cases.push(case(name, &block, std::mem::take(&mut form))),
            other => panic!("{name}: a block is yaml or form, not “{other}”"),
        }
    }
    cases
}

fn case(name: String, block: &[&str], form: Vec<(String, String, String)>) -> Case {
    let mapping: serde_yaml::Mapping = match serde_yaml::from_str(&block.join("\n")) {
        Ok(serde_yaml::Value::Mapping(mapping)) => mapping,
        Ok(serde_yaml::Value::Null) => serde_yaml::Mapping::new(),
        other => panic!("{name}: a patch is PATH: VALUE lines, not {other:?}"),
    };
    let patches = mapping.into_iter().map(|(path, value)| match path {
        serde_yaml::Value::String(path) => (path, value),
        other => panic!("{name}: {other:?} is no path"),
    });
    let expected: Vec<Expectation> =
        block.iter().flat_map(|line| expectations(&name, line)).collect();
    assert!(!expected.is_empty(), "{name}: the case expects nothing");
    Case { patches: patches.collect(), expected, form, name }
}

/// `path: value # error: T1-01, error: T12-01 “差 3”`
fn expectations(name: &str, line: &str) -> Vec<Expectation> {
    let Some((before, comment)) = line.split_once("# ") else { return Vec::new() };
    let path = before.split_once(": ").map(|(path, _)| path.trim().trim_matches('"').to_owned());
    let read = |part: &str| {
        let (wanted, code) = part.split_once(": ").unwrap_or_else(|| {
            panic!("{name}: an expectation is “error: CODE”, not “{part}”");
        });
        let wanted = match wanted {
            "error" => Wanted::Error,
            "warning" => Wanted::Warning,
            "explained" => Wanted::Explained,
            "info" => Wanted::Info,
            "ok" => Wanted::Ok,
            _ => panic!("{name}: “{wanted}” is not error, warning, explained, info or ok"),
        };
        let (code, words) = match code.trim().split_once(' ') {
            Some((code, words)) => (code, Some(words.trim_matches(['“', '”']).to_owned())),
            None => (code.trim(), None),
        };
        Expectation { wanted, code: code.to_owned(), words, path: path.clone() }
    };
    comment.split(", ").map(read).collect()
}

/// A line with a path, then pairs of `- old` and `+ new`.
fn changes(name: &str, block: &[&str]) -> Vec<(String, String, String)> {
    let mut path = "";
    let mut old = "";
    let mut changes = Vec::new();
    for line in block {
        match (line.strip_prefix("- "), line.strip_prefix("+ ")) {
            (Some(text), _) => old = text,
            (_, Some(new)) => changes.push((path.to_owned(), old.to_owned(), new.to_owned())),
            _ => path = line,
        }
    }
    assert!(!changes.is_empty(), "{name}: the block changes nothing");
    changes
}
