//! New values as YAML, in the style of what they replace or stand beside.

use super::Value;
use super::site::Style;
use crate::finding::File;
use crate::source::excerpt::aligned;
use crate::source::tree::Node;

/// Where a value is written.
#[derive(Debug, Clone, Copy)]
pub struct Setting<'a> {
    /// In [ ] or { }.
    pub flow: bool,
    /// What starts a further line of it.
    pub indent: &'a str,
    /// How a line ends.
    pub eol: &'a str,
}

/// A scalar in the style of the one that it replaces, where that style can hold it.
pub fn scalar(text: &str, old: Option<(&str, &str, Style)>, at: Setting<'_>) -> Option<String> {
    let mut candidates = Vec::new();
    if let Some((raw, old, style)) = old {
        if raw.contains('\n') {
            candidates.extend(patched(raw, old, text));
        }
        candidates.extend(styled(text, style, raw, at));
    }
    let lines = text.contains('\n') && !at.flow;
    candidates.extend(lines.then(|| styled(text, Style::Lines, "|-", at)).flatten());
    candidates.extend(styled(text, Style::Plain, "", at));
    candidates.extend(styled(text, Style::Quoted('"'), "", at));
    candidates.into_iter().find(|raw| reads_as(raw, at.flow).as_deref() == Some(text))
}

/// A scalar of many lines with only the lines changed that have to.
fn patched(raw: &str, old: &str, new: &str) -> Option<String> {
    let same = |(a, b): &(char, char)| a == b;
    let before = old.chars().zip(new.chars()).take_while(same).count();
    let most = old.chars().count().min(new.chars().count()) - before;
    let after = old.chars().rev().zip(new.chars().rev()).take(most).take_while(same).count();
    let byte = |text: &str, at: usize| text.char_indices().nth(at).map_or(text.len(), |(b, _)| b);
    let (old_count, new_count) = (old.chars().count(), new.chars().count());
    let middle = &new[byte(new, before)..byte(new, new_count - after)];
    // The header of a block (|-) is no part of the text.
    let head = if raw.starts_with(['|', '>']) { raw.find('\n')? + 1 } else { 0 };
    let places = aligned(&raw[head..], old);
    let raw_at = |at: usize| places.get(at).map(|(_, raw)| head + raw);
    let end_of = |at: usize| Some(raw_at(at)? + old.chars().nth(at)?.len_utf8());
    let start = if before == 0 { raw_at(0)? } else { end_of(before - 1)? };
    let end = if before + after == old_count { start } else { end_of(old_count - after - 1)? };
    Some(format!("{}{middle}{}", &raw[..start], &raw[end.max(start)..]))
}

fn styled(text: &str, style: Style, old: &str, at: Setting<'_>) -> Option<String> {
    Some(match style {
        Style::Plain if text.contains('\n') => return None,
        Style::Plain => text.to_owned(),
        Style::Quoted('\'') => format!("'{}'", text.replace('\'', "''")),
        Style::Quoted(_) => {
            let escaped = text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n");
            format!("\"{escaped}\"")
        }
        Style::Lines if !at.flow => {
            let head = old.lines().next().unwrap_or("|-").trim_end();
            let lines = text.split('\n').map(|line| match line {
                "" => at.eol.to_owned(),
                line => format!("{}{}{line}", at.eol, at.indent),
            });
            format!("{head}{}", lines.collect::<String>())
        }
        _ => return None,
    })
}

/// What a scalar says once it is written after a key; nothing when it is no scalar.
fn reads_as(raw: &str, flow: bool) -> Option<String> {
    let text = if flow { format!("{{k: {raw}}}\n") } else { format!("k: {raw}\n") };
    let node: Node = super::parsed(&File::new("", text.replace("\r\n", "\n"))).ok()?;
    let scalar = node.get("k").filter(|scalar| !super::is_missing(scalar))?;
    scalar.scalar().map(str::to_owned)
}

/// A key as it is written: plain where it can be.
pub fn key(key: &str) -> String {
    let plain = super::parsed(&File::new("", format!("{{{key}: 1}}\n"))).ok();
    match plain.and_then(|node| node.get(key).map(|_| ())) {
        Some(()) => key.to_owned(),
        None => styled(key, Style::Quoted('"'), "", FLOW).unwrap_or_default(),
    }
}

const FLOW: Setting<'static> = Setting { flow: true, indent: "", eol: "\n" };

/// A value in brackets, on one line.
pub fn flow(value: &Value) -> Option<String> {
    Some(match value {
        Value::Missing => String::new(),
        Value::Scalar(text) => scalar(text, None, FLOW)?,
        Value::List(items) => {
            let items: Option<Vec<String>> = items.iter().map(flow).collect();
            format!("[{}]", items?.join(", "))
        }
        Value::Map(entries) => {
            let entries = entries
                .iter()
                .map(|(name, value)| Some(format!("{}: {}", key(name), flow(value)?)));
            format!("{{{}}}", entries.collect::<Option<Vec<String>>>()?.join(", "))
        }
    })
}

/// An entry of a map (with a key) or list in lines; `flat` writes an item in brackets.
pub fn entry(name: Option<&str>, value: &Value, flat: bool, at: Setting<'_>) -> Option<String> {
    let head = match name {
        Some(name) => format!("{}:", key(name)),
        None => "-".to_owned(),
    };
    let deeper = format!("{}  ", at.indent);
    let inner = Setting { indent: &deeper, ..at };
    let after = match value {
        Value::Missing => return Some(head),
        Value::Scalar(text) => scalar(text, None, inner)?,
        Value::Map(entries) if entries.is_empty() => "{}".to_owned(),
        Value::List(items) if items.is_empty() => "[]".to_owned(),
        value if flat => flow(value)?,
        value => {
            let lines = lines(value, inner)?;
            // A map in a list starts behind its dash.
            if name.is_none() && matches!(value, Value::Map(_)) {
                lines.join(&format!("{}{deeper}", at.eol))
            } else {
                let line = |line: String| format!("{}{deeper}{line}", at.eol);
                return Some(head + &lines.into_iter().map(line).collect::<String>());
            }
        }
    };
    Some(format!("{head} {after}"))
}

/// The entries of a map or list, each as it stands behind its indentation.
fn lines(value: &Value, at: Setting<'_>) -> Option<Vec<String>> {
    match value {
        Value::Map(entries) => {
            entries.iter().map(|(name, value)| entry(Some(name), value, false, at)).collect()
        }
        Value::List(items) => items.iter().map(|value| entry(None, value, false, at)).collect(),
        Value::Missing | Value::Scalar(_) => None,
    }
}
