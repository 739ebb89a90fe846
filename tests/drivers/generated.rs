//! Generated files are what the program generates now. `UPDATE=1 cargo test --release` rewrites them.

use std::path::Path;
use std::process::Command;

use yusuan::audit::prose::vocabulary::Vocabulary;
use yusuan::audit::rules::Rules;
use yusuan::exchange::import::platform::Aliases;
use yusuan::form::manifest::Manifest;
use yusuan::source::schema::schema_of;

fn same(path: &str, generated: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&path, generated).expect("the repository can be written to");
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(kept == generated, "{} is stale: run `just accept`", path.display());
}

fn printed(arguments: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_yusuan")).args(arguments).output();
    let output = output.expect("the program runs");
    assert!(output.status.success());
    String::from_utf8(output.stdout).expect("it prints UTF-8")
}

#[test]
fn the_schema_of_a_source() {
    same("docs/source.schema.json", &printed(&["schema"]));
}

#[test]
fn the_keys_of_a_source() {
    same("docs/keys.md", &printed(&["schema", "--markdown"]));
}

#[test]
fn the_schema_of_a_form() {
    same("docs/form.schema.json", &format!("{:#}\n", schema_of::<Manifest>()));
}

#[test]
fn the_schema_of_rules() {
    same("docs/rules.schema.json", &format!("{:#}\n", schema_of::<Rules>()));
}

#[test]
fn the_schema_of_prose() {
    same("docs/prose.schema.json", &format!("{:#}\n", schema_of::<Vocabulary>()));
}

#[test]
fn the_schema_of_platform_words() {
    same("docs/import.schema.json", &format!("{:#}\n", schema_of::<Aliases>()));
}

#[test]
fn the_list_of_rules() {
    same("docs/rules.md", &printed(&["rules", "--markdown"]));
}

/// Editors find the schema through the first line of the file.
#[test]
fn every_yaml_names_a_schema_that_is_there() {
    let files = [
        "input/2023.yaml",
        "templates/shenzhen-2023/form.yaml",
        "templates/shenzhen-2023/rules.yaml",
        "templates/shenzhen-2023/prose.yaml",
        "templates/shenzhen-2023/import.yaml",
    ];
    for file in files {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(file);
        let text = std::fs::read_to_string(&path).expect("the file is there");
        let first = text.lines().next().expect("it has a line");
        let schema = first.strip_prefix("# yaml-language-server: $schema=").expect(file);
        let schema = path.parent().expect("it is in a folder").join(schema);
        assert!(schema.is_file(), "{file} names {}", schema.display());
    }
}
