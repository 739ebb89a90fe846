//! The JSON Schema of a source, from its Rust types: what `yusuan schema` prints, what editors
//! complete from, what [`shape`](super::shape) judges by.

use std::sync::LazyLock;

use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use serde_json::Value;

use super::model::Source;

/// The schema of a source.
pub fn schema() -> &'static Value {
    static SCHEMA: LazyLock<Value> = LazyLock::new(schema_of::<Source>);
    &SCHEMA
}

/// The schema of any type that is read through [`shape`](super::shape).
pub fn schema_of<T: JsonSchema>() -> Value {
    let mut schema = SchemaSettings::draft2020_12()
        .for_deserialize()
        .into_generator()
        .into_root_schema_for::<T>()
        .to_value();
    plainer(&mut schema);
    schema
}

/// A key that has nothing to say is left out, never `null`: editors and the program agree on it.
fn plainer(schema: &mut Value) {
    match schema {
        Value::Object(map) => {
            if let Some(Value::Array(variants)) = map.get("anyOf")
                && let [one, null] = variants.as_slice()
                && null["type"] == "null"
            {
                let one = one.clone();
                map.remove("anyOf");
                map.extend(one.as_object().cloned().unwrap_or_default());
            }
            // Choices with a remark each come as `oneOf`; one list of words serves everybody.
            if let Some(Value::Array(variants)) = map.remove("oneOf") {
                let words = variants.iter().flat_map(|variant| match variant.get("const") {
                    Some(word) => vec![word.clone()],
                    None => variant["enum"].as_array().cloned().unwrap_or_default(),
                });
                map.insert("enum".into(), words.collect());
            }
            if let Some(Value::Array(types)) = map.get_mut("type") {
                types.retain(|name| name != "null");
                if let [only] = types.as_slice() {
                    let only = only.clone();
                    map.insert("type".into(), only);
                }
            }
            if let Some(Value::Array(choices)) = map.get_mut("enum") {
                choices.retain(|choice| !choice.is_null());
            }
            if map.get("default").is_some_and(Value::is_null) {
                map.remove("default");
            }
            map.values_mut().for_each(plainer);
        }
        Value::Array(items) => items.iter_mut().for_each(plainer),
        _ => {}
    }
}
