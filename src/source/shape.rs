//! Judges a tree against the JSON Schema that the Rust types give, everything in one run, and
//! turns it into the value that serde reads.
//!
//! The schema is the one truth: editors complete from it, this module complains from it.

use std::sync::Arc;

use serde_json::Value as Schema;
use serde_yaml::value::{Tag, TaggedValue};
use serde_yaml::{Mapping, Value};

use super::scalar::{Leaf, Place, place_tag};
use super::tree::{Key, Kind, Node};
use crate::finding::{File, Finding};

/// What an unspecified amount setting allows: fen.
const DEFAULT_DECIMALS: u32 = 2;

/// Judges `node` against `schema`; the value is whole only when there is no finding.
pub fn judge(file: &Arc<File>, node: &Node, schema: &Schema) -> Result<Value, Vec<Finding>> {
    let decimals = node
        .get("金额")
        .and_then(|amounts| amounts.get("小数")?.scalar()?.parse().ok())
        .unwrap_or(DEFAULT_DECIMALS);
    let mut judge = Judge { file, root: schema, decimals, findings: Vec::new() };
    let value = judge.value(node, schema, None);
    if judge.findings.is_empty() { Ok(value) } else { Err(judge.findings) }
}

struct Judge<'a> {
    file: &'a Arc<File>,
    root: &'a Schema,
    decimals: u32,
    findings: Vec<Finding>,
}

impl Judge<'_> {
    fn value(&mut self, node: &Node, schema: &Schema, key: Option<&Key>) -> Value {
        let schema = resolve(self.root, schema);
        if is_missing(node) {
            self.missing_value(node, key);
            return Value::Null;
        }
        match (&node.kind, schema["type"].as_str()) {
            (Kind::Map(entries), Some("object")) => self.map(node, entries, schema, key),
            (Kind::List(items), Some("array")) => Value::Sequence(
                items.iter().map(|item| self.value(item, &schema["items"], None)).collect(),
            ),
            (Kind::Scalar { text, .. }, _) if schema["enum"].is_array() => {
                self.choice(node, text, &schema["enum"])
            }
            (Kind::Scalar { text, .. }, _) if leaf(schema).is_some() => {
                self.leaf(node, text, leaf(schema))
            }
            _ => {
                self.wrong_type(node, schema, key);
                Value::Null
            }
        }
    }

    fn map(
        &mut self,
        node: &Node,
        entries: &[(Key, Node)],
        schema: &Schema,
        owner: Option<&Key>,
    ) -> Value {
        let properties = &schema["properties"];
        let any_key = schema.get("additionalProperties").filter(|schema| schema.is_object());
        let mut mapping = Mapping::new();
        for (key, value) in entries {
            let known = properties.get(&key.text).or(any_key);
            match known {
                Some(schema) => {
                    let value = self.value(value, schema, Some(key));
                    mapping.insert(tagged(&key.range, &key.text), value);
                }
                None => self.unknown_key(key, properties),
            }
        }
        for required in schema["required"].as_array().into_iter().flatten() {
            let name = required.as_str().unwrap_or_default();
            if !entries.iter().any(|(key, _)| key.text == name) {
                self.missing_key(node, name, owner);
            }
        }
        Value::Mapping(mapping)
    }

    fn leaf(&mut self, node: &Node, text: &str, leaf: Option<Leaf>) -> Value {
        let complaint = leaf.and_then(|leaf| leaf.complaint(text, self.decimals));
        if let Some((code, message, help)) = complaint {
            self.find(Finding::error(code, message).help(help), &node.range);
        }
        tagged(&node.range, text)
    }

    fn choice(&mut self, node: &Node, text: &str, choices: &Schema) -> Value {
        let mut choices: Vec<String> = choices
            .as_array()
            .into_iter()
            .flatten()
            .map(|choice| choice.as_str().map_or_else(|| choice.to_string(), str::to_owned))
            .collect();
        choices.dedup();
        if !choices.iter().any(|choice| choice == text) {
            let finding = Finding::error("S12", format!("“{text}”不在可选的词里"))
                .help(format!("可以写：{}", choices.join("、")));
            self.find(finding, &node.range);
        }
        Value::String(text.to_owned())
    }

    fn unknown_key(&mut self, key: &Key, properties: &Schema) {
        let names = properties.as_object().into_iter().flat_map(|map| map.keys());
        let finding = Finding::error("S06", format!("不认识的键“{}”", key.text));
        let finding = match nearest(&key.text, names.clone().map(String::as_str)) {
            Some(near) => finding.help(format!("是不是“{near}”？")),
            None => {
                let names: Vec<&str> = names.map(String::as_str).collect();
                finding.help(format!("这里可以有：{}", names.join("、")))
            }
        };
        self.find(finding, &key.range);
    }

    fn missing_key(&mut self, node: &Node, name: &str, owner: Option<&Key>) {
        let (place, whose) = match owner {
            Some(owner) => (owner.range.clone(), format!("“{}”下面", owner.text)),
            None => (first_line(self.file, &node.range), "这里".to_owned()),
        };
        let finding = Finding::error("S07", format!("{whose}缺少“{name}”"))
            .help(format!("补一行“{name}: …”"));
        self.find(finding, &place);
    }

    fn missing_value(&mut self, node: &Node, key: Option<&Key>) {
        let what = key.map_or("这一项".to_owned(), |key| format!("“{}”", key.text));
        let place = match key {
            Some(key) if node.range.is_empty() => &key.range,
            _ => &node.range,
        };
        let finding = Finding::error("S07", format!("{what}没有填"))
            .help("填上内容；没有这一项就删掉这一行，数是零就写 0");
        self.find(finding, place);
    }

    fn wrong_type(&mut self, node: &Node, schema: &Schema, key: Option<&Key>) {
        let what = key.map_or("这里".to_owned(), |key| format!("“{}”", key.text));
        let wanted = match schema["type"].as_str() {
            Some("object") => "下面几行“键: 值”".to_owned(),
            Some("array") => "一个清单（每项前面写“- ”）".to_owned(),
            _ => leaf(schema).map_or("一个词", Leaf::name).to_owned(),
        };
        let got = match &node.kind {
            Kind::Scalar { .. } => "一个值",
            Kind::List(_) => "一个清单",
            Kind::Map(_) => "几行“键: 值”",
        };
        let help = match node.scalar() {
            Some(text) if text.contains('：') => {
                "是不是用了全角冒号？改成半角冒号加空格".to_owned()
            }
            _ if text_in_braces(node) => "{{ … }} 要放在引号里：\"{{ … }}\"".to_owned(),
            _ => format!("照 input/2023.yaml 里{what}的样子写"),
        };
        let finding = Finding::error("S06", format!("{what}要写{wanted}，现在是{got}")).help(help);
        let place = first_line(self.file, &node.range);
        self.find(finding, &place);
    }

    fn find(&mut self, finding: Finding, place: &Place) {
        self.findings.push(finding.at(self.file, place.clone()));
    }
}

fn resolve<'a>(root: &'a Schema, schema: &'a Schema) -> &'a Schema {
    match schema["$ref"].as_str().and_then(|path| path.strip_prefix('#')) {
        Some(pointer) => root.pointer(pointer).unwrap_or(schema),
        None => schema,
    }
}

fn leaf(schema: &Schema) -> Option<Leaf> {
    Leaf::from_format(schema["format"].as_str()?)
}

/// `key:`, `key: ~` and `key: null` say nothing; in quotes they are words.
fn is_missing(node: &Node) -> bool {
    let Kind::Scalar { text, plain } = &node.kind else { return false };
    text.trim().is_empty() || *plain && matches!(text.as_str(), "~" | "null" | "Null" | "NULL")
}

fn text_in_braces(node: &Node) -> bool {
    matches!(&node.kind, Kind::Map(entries) if entries.is_empty() || entries.len() == 1)
}

fn tagged(place: &Place, text: &str) -> Value {
    let value = Value::String(text.to_owned());
    Value::Tagged(Box::new(TaggedValue { tag: Tag::new(place_tag(place)), value }))
}

fn first_line(file: &File, range: &Place) -> Place {
    let text = &file.text[range.clone()];
    range.start..range.start + text.find('\n').unwrap_or(text.len())
}

/// The known name that a typing slip most likely meant.
pub fn nearest<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    known
        .map(|known| (strsim::normalized_damerau_levenshtein(name, known), known))
        .filter(|(likeness, _)| *likeness >= 0.5)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, known)| known)
}
