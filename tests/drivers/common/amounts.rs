//! Every amount of a source, found through the schema: an amount that the model gains is in here
//! without anybody adding it.

use std::ops::Range;

use serde_json::Value;
use yusuan::finding::File;
use yusuan::source;
use yusuan::source::tree::{Kind, Node};

/// An amount: how a reader would call it, and the bytes it stands on.
#[derive(Debug, Clone)]
pub struct Amount {
    pub path: String,
    pub range: Range<usize>,
}

pub fn all(text: &str) -> Vec<Amount> {
    let file = File::new("source.yaml", text);
    let tree = source::tree_of(&file).expect("the source is YAML");
    let mut found = Vec::new();
    walk(&tree, source::schema(), String::new(), &mut found);
    found
}

fn walk(node: &Node, schema: &Value, path: String, found: &mut Vec<Amount>) {
    let root = source::schema();
    let schema = match schema["$ref"].as_str().and_then(|path| path.strip_prefix('#')) {
        Some(pointer) => root.pointer(pointer).expect("the schema refers to what it has"),
        None => schema,
    };
    match &node.kind {
        Kind::Scalar { .. } if schema["format"] == "amount" => {
            found.push(Amount { path, range: node.range.clone() });
        }
        Kind::Scalar { .. } => {}
        Kind::List(items) => {
            for (at, item) in items.iter().enumerate() {
                let name =
                    ["编码", "名称", "任务名称"].iter().find_map(|key| item.get(key)?.scalar());
                let name = name.map_or_else(|| at.to_string(), str::to_owned);
                walk(item, &schema["items"], format!("{path}[{name}]"), found);
            }
        }
        Kind::Map(entries) => {
            let dot = if path.is_empty() { "" } else { "." };
            for (key, value) in entries {
                let known = schema["properties"].get(&key.text);
                let below = known.unwrap_or(&schema["additionalProperties"]);
                walk(value, below, format!("{path}{dot}{}", key.text), found);
            }
        }
    }
}
