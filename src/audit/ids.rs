//! What a form calls its tables and parts: the names by which its rules and settings know them.

use std::sync::Arc;

use super::formula::Formula;
use super::grammar;
use super::memo::Memo;
use crate::source::excerpt::enumerate;
use crate::source::near;

/// The ids of a form, and the formulas that were read with them.
#[derive(Debug)]
pub struct Ids {
    pub tables: Vec<String>,
    pub parts: Vec<String>,
    read: Memo<Arc<Formula>>,
}

impl Ids {
    pub fn new(tables: Vec<String>, parts: Vec<String>) -> Self {
        Self { tables, parts, read: Memo::new() }
    }

    /// Reads a rule's line, or says in Chinese what cannot be read.
    pub fn read(&self, line: &str) -> Result<Arc<Formula>, String> {
        self.read.get(line, |line| grammar::parse(line, self).map(Arc::new))
    }

    pub fn is_table(&self, name: &str) -> bool {
        self.tables.iter().any(|table| table == name)
    }

    pub fn is_part(&self, name: &str) -> bool {
        self.parts.iter().any(|part| part == name)
    }

    /// Whether only its digits keep a name from being that of a table.
    pub fn looks_like_table(&self, name: &str) -> bool {
        let without = |name: &str| name.split(|c: char| c.is_ascii_digit()).collect::<String>();
        let digits = |name: &str| name.contains(|c: char| c.is_ascii_digit());
        digits(name) && self.tables.iter().any(|it| digits(it) && without(it) == without(name))
    }

    pub fn no_table(&self, name: &str) -> String {
        format!("没有{name}这张表{}", meant(name, self.tables.iter().map(String::as_str)))
    }

    pub fn no_part(&self, name: &str) -> String {
        format!("没有{name}这一部分{}", meant(name, self.parts.iter().map(String::as_str)))
    }
}

/// The nearest of the names that there are, or all of them.
pub fn meant<'n>(name: &str, known: impl Iterator<Item = &'n str> + Clone) -> String {
    const MOST: usize = 20;
    match near::nearest(name, known.clone()) {
        Some(near) => format!("，是不是“{near}”？"),
        None if known.clone().next().is_none() => String::new(),
        None => format!("；有：{}", enumerate(known.take(MOST))),
    }
}
