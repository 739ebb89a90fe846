//! From a YAML text to the facts that it states, each with its place; or everything that is wrong.
//!
//! ```text
//! bytes ─text─▶ UTF-8 ─tree─▶ nodes with places ─shape─▶ judged value ─serde_yaml─▶ Source
//! ```

pub mod alike;
mod draft;
pub mod edit;
pub mod excerpt;
mod leaf;
pub mod leaves;
pub mod lock;
mod lost;
pub mod model;
pub mod near;
pub mod progress;
pub mod scalar;
pub mod schema;
pub mod shape;
mod slipped;
mod slips;
mod syntax;
pub mod text;
pub mod tree;

use std::sync::Arc;

use schemars::JsonSchema;
use serde::de::DeserializeOwned;

use crate::finding::{self, File, Finding};
pub use draft::draft;
pub use leaf::Leaf;
pub use model::Source;
pub use schema::schema;
use slips::Slips;
use tree::Parsed;

/// Something read from a YAML file, and the file, for findings to point into.
#[derive(Debug, Clone)]
pub struct Located<T> {
    pub value: T,
    pub file: Arc<File>,
    /// What `value` was read from.
    pub tree: Arc<tree::Node>,
    /// What is wrong with it, though it could be read.
    pub findings: Vec<Finding>,
}

/// Reads a source from its bytes. `name` is what messages call the file.
pub fn read(name: &str, bytes: &[u8]) -> Result<Located<Source>, Vec<Finding>> {
    read_as(name, bytes, schema())
}

/// The values of a source with their places, when it is YAML at all.
pub fn tree_of(file: &Arc<File>) -> Option<tree::Node> {
    tree::parse(file, &slips::Slips::new(file, schema())).tree
}

/// Reads any YAML file whose type has a schema: sources and forms alike.
pub fn read_as<T: DeserializeOwned + JsonSchema>(
    name: &str,
    bytes: &[u8],
    schema: &serde_json::Value,
) -> Result<Located<T>, Vec<Finding>> {
    read_over(&[(name, bytes)], schema)
}

/// Reads a YAML file that says only what is different from the ones after it, key by key.
///
/// They become one file, the first one's name and lines in front, so that every place is in it.
pub fn read_over<T: DeserializeOwned + JsonSchema>(
    files: &[(&str, &[u8])],
    schema: &serde_json::Value,
) -> Result<Located<T>, Vec<Finding>> {
    let (mut read, mut tree, mut faults) = (Vec::new(), None, Vec::new());
    for (name, bytes) in files {
        let file = text::decode(name, bytes)?;
        let Parsed { tree: own, findings } = tree::parse(&file, &Slips::new(&file, schema));
        let start = read.iter().map(|file: &Arc<File>| file.text.len() + 1).sum();
        let own = own.map(|own| own.moved(start));
        tree = match (tree, own) {
            (Some(above), Some(own)) => Some(tree::Node::over(above, own)),
            (above, own) => above.or(own),
        };
        faults.extend(findings);
        read.push(file);
    }
    let file = match read.as_slice() {
        [only] => only.clone(),
        files => {
            let texts: Vec<&str> = files.iter().map(|file| file.text.as_str()).collect();
            File::new(files.first().map_or("", |file| &file.name), texts.join("\n"))
        }
    };
    let slips = Slips::new(&file, schema);
    let Some(tree) = tree else {
        finding::sort(&mut faults);
        return Err(faults);
    };
    let judged = shape::judge(&file, &tree, schema, &slips);
    let findings = judged.findings;
    faults.extend(judged.faults);
    if !faults.is_empty() {
        faults.extend(findings);
        finding::sort(&mut faults);
        return Err(faults);
    }
    match serde_yaml::from_value(judged.value) {
        Ok(value) => Ok(Located { value, file: file.clone(), tree: Arc::new(tree), findings }),
        Err(error) => Err(vec![
            Finding::error("S99", "读不懂这份文件").at(&file, 0..0).help(error.to_string()),
        ]),
    }
}
