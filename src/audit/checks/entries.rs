//! 科目和要素: codes against the form's code tables, and what must be published.

use super::{Hit, View};
use crate::form::codes::meant;

impl View<'_> {
    /// Names that differ from the code table, or codes that it does not have.
    pub(super) fn codes(&self, names: bool) -> Vec<Hit> {
        let spending = &self.budget.whole.spending;
        let codes = &self.form.codes;
        let pairs =
            [(&spending.functional, &codes.functional), (&spending.economic, &codes.economic)];
        let mut hits = Vec::new();
        for (classes, table) in pairs {
            for class in classes.values() {
                let Some((name, place)) = &class.name else { continue };
                let code = &class.code;
                let near = match meant(table, code, name) {
                    Some(near) => format!("，是不是 {near} {name}？"),
                    None => String::new(),
                };
                let message = match table.get(code) {
                    Some(official) if names && official != name && !codes.is_dated(code) => {
                        format!("{code} 写作“{name}”，科目表是“{official}”{near}")
                    }
                    None if !names && !table.is_empty() => format!("{code} {name}{near}"),
                    _ => continue,
                };
                hits.push(Hit { message, place: Some(place.clone()), ..Hit::default() });
            }
        }
        hits
    }

    /// 要素=部分: what the law wants published, and where it must stand.
    pub(super) fn required(&self, words: &[String]) -> Result<Vec<Hit>, String> {
        let mut hits = Vec::new();
        for word in words {
            let (what, part) =
                word.split_once('=').ok_or_else(|| format!("“{word}”要写成 要素=部分"))?;
            let present = self.passages.part(part).next().is_some();
            if !present {
                let message = format!("“{what}”应在{part}，没有找到");
                hits.push(Hit { message, part: part.to_owned(), ..Hit::default() });
            }
        }
        Ok(hits)
    }
}
