//! What is generated from the form's rules and kept in `docs/` must be what the program says today.
//! `UPDATE=1 cargo test --release --test docs` writes it anew.

mod common;

use std::process::Command;

use yusuan::audit::rules::Rules;
use yusuan::source::schema::schema_of;

fn same(path: &str, now: &str) {
    let file = common::root().join(path);
    if std::env::var_os("UPDATE").is_some_and(|value| value == "1") {
        std::fs::create_dir_all(file.parent().expect("a folder")).expect("docs/ can be made");
        std::fs::write(&file, now).expect("docs/ can be written");
    }
    let kept = std::fs::read_to_string(&file).unwrap_or_default();
    assert!(kept == now, "{path} is out of date: UPDATE=1 cargo test --release --test docs");
}

fn yusuan(arguments: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_yusuan"))
        .args(arguments)
        .current_dir(common::root())
        .output()
        .expect("the program runs");
    assert!(output.status.success(), "{arguments:?}: {output:?}");
    String::from_utf8(output.stdout).expect("the program prints UTF-8")
}

#[test]
fn rules_md_is_what_the_program_prints() {
    same("docs/rules.md", &yusuan(&["rules", "--markdown"]));
}

#[test]
fn rules_schema_is_that_of_the_types() {
    same("docs/rules.schema.json", &format!("{:#}\n", schema_of::<Rules>()));
}

/// A list that leaves a rule out would be worse than none.
#[test]
fn every_rule_is_listed_and_explained() {
    let listed = yusuan(&["rules"]);
    let rules = common::form().rules.as_ref().expect("the form has rules");
    for entry in &rules.value.rules {
        let (code, sentence) = (&entry.code.text, &entry.sentence.text);
        assert!(
            listed
                .lines()
                .any(|line| line.starts_with(code.as_str()) && line.ends_with(sentence.as_str())),
            "{code} is not listed"
        );
    }
    // One of each kind: a formula, a check, a code of the program.
    assert!(yusuan(&["explain", "T1-01"]).contains("表1.收入总计 = 表1.支出总计"));
    assert!(yusuan(&["explain", "C-12"]).contains("变动原因（10）"));
    assert!(yusuan(&["explain", "R-01"]).contains("尾数误差"));
}
