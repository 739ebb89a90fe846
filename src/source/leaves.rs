//! Every single value of a source: where it stands, what it is for, whether it is filled.

use serde_json::Value as Schema;

use super::edit::{Path, is_missing};
use super::leaf::Leaf;
use super::shape::resolve;
use super::tree::{Kind, Node};

/// What marks a text that is still to be written.
pub const TO_DO: &str = "待填";

/// A single value.
#[derive(Debug)]
pub struct LeafAt<'t> {
    pub path: Path,
    /// The path with names for numbers, which outlives reordering: `预算单位[本级].项目[甲].预算`.
    pub address: String,
    pub node: &'t Node,
    /// What the schema wants here, unless it is a choice of words.
    pub leaf: Option<Leaf>,
    /// The first of the words to choose from.
    pub choice: Option<String>,
}

impl LeafAt<'_> {
    /// Whether there is something, and it is not marked 待填.
    pub fn is_filled(&self) -> bool {
        let text = self.node.scalar().unwrap_or_default();
        !is_missing(self.node) && !text.trim().is_empty() && !text.trim_start().starts_with(TO_DO)
    }
}

/// All single values of a tree, in order. A key without a value counts as one.
pub fn leaves<'t>(tree: &'t Node, schema: &Schema) -> Vec<LeafAt<'t>> {
    let mut leaves = Vec::new();
    let walk = Walk { root: schema };
    walk.node(tree, schema, (Path::default(), String::new()), &mut leaves);
    leaves
}

struct Walk<'s> {
    root: &'s Schema,
}

impl Walk<'_> {
    fn node<'t>(
        &self,
        node: &'t Node,
        schema: &Schema,
        (path, address): (Path, String),
        out: &mut Vec<LeafAt<'t>>,
    ) {
        let schema = resolve(self.root, schema);
        match &node.kind {
            Kind::Scalar { .. } => {
                let leaf = schema["format"].as_str().and_then(Leaf::from_format);
                let choice = schema["enum"][0].as_str().map(str::to_owned);
                out.push(LeafAt { path, address, node, leaf, choice });
            }
            Kind::List(items) => {
                for (at, item) in items.iter().enumerate() {
                    let address = format!("{address}[{}]", item_name(item, at));
                    self.node(item, &schema["items"], (path.item(at), address), out);
                }
            }
            Kind::Map(entries) => {
                for (key, value) in entries {
                    let inner = property(schema, &key.text);
                    let dot = if address.is_empty() { "" } else { "." };
                    let address = format!("{address}{dot}{}", key.text);
                    self.node(value, inner, (path.key(key.text.as_str()), address), out);
                }
            }
        }
    }
}

/// The schema of a key.
pub fn property<'s>(schema: &'s Schema, key: &str) -> &'s Schema {
    schema["properties"].get(key).unwrap_or(&schema["additionalProperties"])
}

/// What an item of a list is known by.
pub fn item_name(item: &Node, at: usize) -> String {
    let named = ["名称", "编码", "任务名称", "指标"].iter().find_map(|key| item.get(key)?.scalar());
    match (named, item.get("性质")) {
        (Some(name), _) => name.to_owned(),
        // A unit without a name is the department itself.
        (None, Some(_)) => "本级".to_owned(),
        (None, None) => (at + 1).to_string(),
    }
}
