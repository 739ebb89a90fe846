//! The figures that a source states, as tables: the lists of the source a table each, everything
//! else a line each. What is a figure and which figures an item can have is read from the schema.

use serde_json::Value as Schema;
use std::ops::Range;

pub use crate::source::edit::{Path, Step};
use crate::source::schema;
use crate::source::shape::resolve;
use crate::source::tree::{Kind, Node};

/// The table of figures that stand in no list.
pub const OTHERS: &str = "其他";

const UNITS: &str = "预算单位";

/// What is written in a source for a figure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stated {
    pub text: String,
    pub range: Range<usize>,
}

/// A table of figures.
#[derive(Debug, Clone, PartialEq)]
pub struct List {
    pub name: String,
    /// Heads of the columns that say what a row is, then of those that hold figures.
    pub texts: Vec<String>,
    /// So many of the texts say whose a row is; the others are its own.
    pub context: usize,
    pub figures: Vec<String>,
    pub rows: Vec<Row>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    pub path: Path,
    pub texts: Vec<String>,
    /// For each figure's column, what stands there.
    pub figures: Vec<Slot>,
}

/// A figure that a row has or could have.
#[derive(Debug, Clone, PartialEq)]
pub struct Slot {
    /// Its way from the row's value.
    pub path: Path,
    /// An amount of money, not a number of things.
    pub is_money: bool,
    pub stated: Option<Stated>,
}

/// Every figure of a source, in tables.
pub fn facts(root: &Node) -> Vec<List> {
    let department = root.get("部门").and_then(|node| node.get("名称")).and_then(Node::scalar);
    let mut walk = Walk { lists: Vec::new(), department: department.unwrap_or_default() };
    let rest = walk.map(root, schema(), &Path::default(), &[]);
    let rows: Vec<Row> = rest.into_iter().flatten().collect();
    walk.others().rows.extend(rows);
    walk.lists.retain(|list| !list.rows.is_empty());
    walk.lists.iter_mut().for_each(List::without_empty_columns);
    walk.lists
}

/// What a list's item is called, one level up.
#[derive(Clone)]
struct Above {
    list: String,
    name: String,
}

struct Walk<'a> {
    lists: Vec<List>,
    department: &'a str,
}

impl Walk<'_> {
    /// Figures below a map that stand in no list of their own, as rows of [`OTHERS`].
    fn map(
        &mut self,
        node: &Node,
        schema: &Schema,
        path: &Path,
        above: &[Above],
    ) -> Option<Vec<Row>> {
        let schema = resolve(crate::source::schema(), schema);
        match &node.kind {
            Kind::Scalar { text, .. } => is_figure(schema).then(|| {
                let names = above.iter().map(|above| above.name.as_str()).collect::<Vec<_>>();
                let keys = keys_after_items(path);
                let stated = Stated { text: text.clone(), range: node.range.clone() };
                vec![Row {
                    path: path.clone(),
                    texts: vec![names.join("、"), keys.join(" / ")],
                    figures: vec![Slot {
                        path: Path::default(),
                        is_money: is_money(schema),
                        stated: Some(stated),
                    }],
                }]
            }),
            Kind::Map(entries) => {
                let mut rows = Vec::new();
                for (key, value) in entries {
                    let Some(below) = property(schema, &key.text) else { continue };
                    rows.extend(
                        self.map(value, below, &path.key(key.text.as_str()), above)
                            .into_iter()
                            .flatten(),
                    );
                }
                Some(rows)
            }
            Kind::List(items) => {
                self.list(items, &schema["items"], path, above);
                None
            }
        }
    }

    fn list(&mut self, items: &[Node], schema: &Schema, path: &Path, above: &[Above]) {
        let schema = resolve(crate::source::schema(), schema);
        let Some(properties) = schema["properties"].as_object() else { return };
        let Some(Step::Key(key)) = path.0.last() else { return };
        let name = match above {
            [_, .., last] => format!("{}{key}", last.list),
            _ => key.clone(),
        };
        // The units part the department: their own figures are lines, not columns.
        let parts_department = path.0.len() == 1;
        for (nth, item) in items.iter().enumerate() {
            let path = path.item(nth);
            let mut above = above.to_vec();
            above.push(Above { list: name.clone(), name: self.name_of(item) });
            if parts_department {
                let rows = self.map(item, schema, &path, &above).unwrap_or_default();
                self.others().rows.extend(rows);
                continue;
            }
            self.row(item, properties, &path, &above);
            for (key, below) in properties {
                let below = resolve(crate::source::schema(), below);
                if let Some(Kind::List(items)) = item.get(key).map(|node| &node.kind) {
                    self.list(items, &below["items"], &path.key(key.as_str()), &above);
                }
            }
        }
    }

    fn name_of(&self, item: &Node) -> String {
        let name = ["名称", "编码", "任务名称"].iter().find_map(|key| item.get(key)?.scalar());
        name.unwrap_or(self.department).to_owned()
    }

    /// One item of a list as a row of its table.
    fn row(
        &mut self,
        item: &Node,
        properties: &serde_json::Map<String, Schema>,
        path: &Path,
        above: &[Above],
    ) {
        let columns = Columns::of(properties);
        if columns.figures.is_empty() {
            return;
        }
        let (own, context) = above.split_last().expect("an item has a list");
        let text = |key: &str| item.get(key).and_then(Node::scalar).unwrap_or_default().to_owned();
        let figures = columns.figures.iter().map(|(path, is_money)| {
            let stated = path.find(item).and_then(|node| {
                Some(Stated { text: node.scalar()?.to_owned(), range: node.range.clone() })
            });
            Slot { path: path.clone(), is_money: *is_money, stated }
        });
        let names = context.iter().map(|above| above.name.clone());
        let row = Row {
            path: path.clone(),
            texts: names.chain(columns.texts.iter().map(|key| text(key))).collect(),
            figures: figures.collect(),
        };
        let list = match self.lists.iter().position(|list| list.name == own.list) {
            Some(at) => &mut self.lists[at],
            None => {
                let heads = context.iter().map(|above| above.list.clone());
                self.lists.push(List {
                    name: own.list.clone(),
                    context: context.len(),
                    texts: heads.chain(columns.texts).collect(),
                    figures: columns.figures.iter().map(|(path, _)| path.to_string()).collect(),
                    rows: Vec::new(),
                });
                self.lists.last_mut().expect("just pushed")
            }
        };
        list.rows.push(row);
    }

    fn others(&mut self) -> &mut List {
        if !self.lists.iter().any(|list| list.name == OTHERS) {
            let texts = vec![UNITS.to_owned(), "项".to_owned()];
            let figures = vec!["数".to_owned()];
            let name = OTHERS.to_owned();
            self.lists.insert(0, List { name, texts, context: 1, figures, rows: Vec::new() });
        }
        self.lists.iter_mut().find(|list| list.name == OTHERS).expect("just put there")
    }
}

impl Row {
    /// What says whose the row is, and its own texts.
    pub fn parts(&self, context: usize) -> (&[String], &[String]) {
        self.texts.split_at(context.min(self.texts.len()))
    }
}

impl List {
    /// What a row is called, with its owner where the list has several: 2080150 事业运行.
    pub fn describe(&self, row: &Row) -> String {
        let (context, own) = row.parts(self.context);
        let several = self.rows.iter().any(|other| other.parts(self.context).0 != context);
        let owner = context.last().filter(|_| several);
        let words = owner.into_iter().chain(own).filter(|text| !text.is_empty());
        words.map(String::as_str).collect::<Vec<_>>().join(" ")
    }

    /// Columns that no row fills are left out, but for figures that an item itself can have.
    fn without_empty_columns(&mut self) {
        for at in (0..self.texts.len()).rev() {
            if self.rows.iter().all(|row| row.texts[at].is_empty()) {
                self.texts.remove(at);
                self.context -= usize::from(at < self.context);
                self.rows.iter_mut().for_each(|row| drop(row.texts.remove(at)));
            }
        }
        for at in (0..self.figures.len()).rev() {
            let own = self.rows.iter().all(|row| row.figures[at].path.0.len() <= 1);
            if !own && self.rows.iter().all(|row| row.figures[at].stated.is_none()) {
                self.figures.remove(at);
                self.rows.iter_mut().for_each(|row| drop(row.figures.remove(at)));
            }
        }
    }
}

/// What an item of a list can have, in the order of the schema.
struct Columns {
    texts: Vec<String>,
    /// With whether they are money.
    figures: Vec<(Path, bool)>,
}

impl Columns {
    fn of(properties: &serde_json::Map<String, Schema>) -> Self {
        let mut columns = Self { texts: Vec::new(), figures: Vec::new() };
        for (key, schema) in properties {
            let schema = resolve(crate::source::schema(), schema);
            let path = Path::default().key(key.as_str());
            if is_figure(schema) {
                columns.figures.push((path, is_money(schema)));
            } else if matches!(schema["format"].as_str(), Some("text" | "code"))
                || schema["enum"].is_array()
            {
                columns.texts.push(key.clone());
            } else if let Some(below) = schema["properties"].as_object() {
                let figures = below.iter().filter_map(|(key, schema)| {
                    let schema = resolve(crate::source::schema(), schema);
                    is_figure(schema).then(|| (path.key(key.as_str()), is_money(schema)))
                });
                columns.figures.extend(figures);
            }
        }
        columns
    }
}

fn is_figure(schema: &Schema) -> bool {
    matches!(schema["format"].as_str(), Some("amount" | "count"))
}

fn is_money(schema: &Schema) -> bool {
    schema["format"] == "amount"
}

/// Whether such keys lead from a value of this schema to a figure.
pub fn figure_below(above: &Schema, keys: &[&str]) -> bool {
    let mut at = resolve(schema(), above);
    for key in keys {
        let Some(below) = property(at, key) else { return false };
        at = resolve(schema(), below);
    }
    is_figure(at)
}

/// The list of the units, and the schema of one.
pub fn units() -> (&'static str, &'static Schema) {
    let list = resolve(schema(), &schema()["properties"][UNITS]);
    (UNITS, &list["items"])
}

fn property<'s>(schema: &'s Schema, key: &str) -> Option<&'s Schema> {
    let any_key = schema.get("additionalProperties").filter(|schema| schema.is_object());
    schema["properties"].get(key).or(any_key)
}

/// A path, then another.
pub fn joined(path: &Path, below: &Path) -> Path {
    Path(path.0.iter().chain(&below.0).cloned().collect())
}

/// The keys below the last item of a list.
fn keys_after_items(path: &Path) -> Vec<&str> {
    let start = path.0.iter().rposition(|step| matches!(step, Step::Item(_)));
    let below = &path.0[start.map_or(0, |at| at + 1)..];
    let keys = below.iter().filter_map(|step| match step {
        Step::Key(key) => Some(key.as_str()),
        Step::Item(_) => None,
    });
    keys.collect()
}
