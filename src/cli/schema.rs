//! `yusuan schema`: the JSON Schema of a source, or its keys as a document.

use serde_json::{Map, Value};

use super::{Code, args, say};
use crate::source;

pub fn run(args: &args::Schema) -> Code {
    let text =
        if args.markdown { keys(source::schema()) } else { format!("{:#}\n", source::schema()) };
    say::tell!("{}", text.trim_end());
    Code::Fine
}

/// All keys as `docs/keys.md` keeps them: the whole file first, then every block in it.
fn keys(schema: &Value) -> String {
    let mut text = "# 数据文件的键\n\n由 `yusuan schema --markdown` 生成，不要手改。“必填”以外的键，没有就不写。\n".to_owned();
    text += &block("整个文件", schema);
    let blocks = schema["$defs"].as_object().into_iter().flatten();
    for (name, definition) in blocks {
        text += &block(owner(schema, name).as_deref().unwrap_or(name), definition);
    }
    text
}

/// The key under which a block stands.
fn owner(schema: &Value, name: &str) -> Option<String> {
    let reference = format!("#/$defs/{name}");
    let definitions = schema["$defs"].as_object()?.values().chain([schema]);
    let mut keys = definitions.filter_map(|definition| definition["properties"].as_object());
    keys.find_map(|keys: &Map<String, Value>| {
        let mut uses =
            keys.iter().filter(|(_, value)| refers(value, &reference)).map(|(key, _)| key);
        let first = uses.next()?.clone();
        Some(uses.fold(first, |all, key| format!("{all}、{key}")))
    })
}

fn refers(value: &Value, reference: &str) -> bool {
    match value {
        Value::String(text) => text == reference,
        Value::Object(map) => map.values().any(|value| refers(value, reference)),
        Value::Array(list) => list.iter().any(|value| refers(value, reference)),
        _ => false,
    }
}

fn block(title: &str, definition: &Value) -> String {
    let remark = definition["description"].as_str().unwrap_or_default().replace('\n', "");
    let mut text =
        format!("\n## {title}\n\n{remark}\n\n| 键 | 写什么 | 必填 | 说明 |\n|---|---|---|---|\n");
    let required = definition["required"].as_array();
    for (key, value) in definition["properties"].as_object().into_iter().flatten() {
        let must = required.is_some_and(|list| list.iter().any(|name| name == key));
        let remark = value["description"].as_str().unwrap_or_default().replace('\n', "");
        text += &format!(
            "| {key} | {} | {} | {remark} |\n",
            shape(value),
            if must { "是" } else { "" }
        );
    }
    text
}

/// What stands behind a key, in a word.
fn shape(value: &Value) -> String {
    if let Some(choices) = value["enum"].as_array() {
        let words = choices
            .iter()
            .map(|choice| choice.as_str().map_or_else(|| choice.to_string(), str::to_owned));
        let mut words: Vec<String> = words.collect();
        words.dedup();
        return words.join("、");
    }
    match (value["format"].as_str(), value["type"].as_str()) {
        (Some("amount"), _) => "金额".into(),
        (Some("code"), _) => "科目编码".into(),
        (Some("count" | "year"), _) => "整数".into(),
        (Some("date"), _) => "日期".into(),
        (Some(_), _) => "文字".into(),
        (_, Some("array")) => format!("清单，每项是{}", shape(&value["items"])),
        (_, Some("object")) if value["additionalProperties"].is_object() => {
            format!("名称 → {}", shape(&value["additionalProperties"]))
        }
        _ => "几行键".into(),
    }
}
