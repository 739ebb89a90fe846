//! Findings for programs and for the file: JSON, SARIF and HTML; and what --deny and --allow do.

use crate::common;

use std::collections::BTreeSet;
use std::process::{Command, Output};

use serde_json::Value;
use tempfile::TempDir;

/// A source with every kind of finding: an error, a warning, an explained warning, remarks.
fn faulty() -> String {
    let base = common::read("tests/rules/base.yaml");
    let text = base.replacen("其他收入: 2}", "其他收入: 100}", 1);
    assert_ne!(text, base, "the base has changed");
    let text = text.replacen(
        "工作目标: 提高综合管理水平。",
        "工作目标: 用于用于<script>alert(1)</script>。。方便,及时",
        1,
    );
    assert!(text.contains("<script>"), "the base has changed");
    text + "说明: {C-03: 照原文}\n"
}

/// A folder with a source.
fn folder(text: &str) -> TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder");
    std::fs::write(folder.path().join("a.yaml"), text).expect("a file can be written");
    folder
}

fn check(text: &str, arguments: &[&str]) -> Output {
    let folder = folder(text);
    Command::new(env!("CARGO_BIN_EXE_yusuan"))
        .args(["check", "a.yaml", "--templates"])
        .arg(common::root().join("templates"))
        .args(arguments)
        .current_dir(folder.path())
        .output()
        .expect("the program runs")
}

fn printed(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).expect("the program prints UTF-8")
}

fn json(text: &str, arguments: &[&str]) -> Value {
    let output = check(text, &[&["--json"], arguments].concat());
    serde_json::from_str(&printed(&output)).expect("--json prints JSON")
}

fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(number) if number.is_u64() => "count",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}

/// The keys and types of an object, exactly.
fn shaped(object: &Value, shape: &[(&str, &[&str])]) {
    let map = object.as_object().unwrap_or_else(|| panic!("no object: {object}"));
    let have: BTreeSet<&str> = map.keys().map(String::as_str).collect();
    let want: BTreeSet<&str> = shape.iter().map(|(key, _)| *key).collect();
    assert_eq!(have, want, "{object:#}");
    for (key, kinds) in shape {
        assert!(kinds.contains(&kind(&map[*key])), "{key} is {}: {object:#}", kind(&map[*key]));
    }
}

#[test]
fn json_has_exactly_its_keys() {
    let report = json(&faulty(), &[]);
    shaped(&report, &[("findings", &["array"]), ("summary", &["object"])]);
    shaped(
        &report["summary"],
        &[
            ("error", &["count"]),
            ("warning", &["count"]),
            ("info", &["count"]),
            ("audited", &["boolean"]),
        ],
    );
    let findings = report["findings"].as_array().expect("a list");
    let text: &[&str] = &["string", "null"];
    for finding in findings {
        shaped(
            finding,
            &[
                ("code", &["string"]),
                ("severity", &["string"]),
                ("message", &["string"]),
                ("file", text),
                ("line", &["count", "null"]),
                ("column", &["count", "null"]),
                ("table", text),
                ("row", text),
                ("column_name", text),
                ("page", &["count", "null"]),
                ("expected", text),
                ("actual", text),
                ("difference", text),
                ("help", text),
                ("reason", text),
                ("feeds", &["array"]),
            ],
        );
        for feed in finding["feeds"].as_array().expect("a list") {
            shaped(feed, &[("file", &["string"]), ("line", &["count"]), ("column", &["count"])]);
        }
    }
    let severities: BTreeSet<&str> =
        findings.iter().filter_map(|finding| finding["severity"].as_str()).collect();
    assert_eq!(severities, BTreeSet::from(["error", "info", "warning"]), "not every kind is there");
}

#[test]
fn the_summary_counts_what_is_listed() {
    let report = json(&faulty(), &[]);
    for severity in ["error", "warning", "info"] {
        let listed = report["findings"].as_array().expect("a list").iter();
        let count = listed.filter(|finding| finding["severity"] == severity).count();
        assert!(count > 0, "no {severity} to count");
        assert_eq!(report["summary"][severity], count, "{severity}");
    }
}

#[test]
fn json_says_where_and_how_much() {
    let report = json(&faulty(), &[]);
    let findings = report["findings"].as_array().expect("a list");
    let found = findings.iter().find(|finding| finding["code"] == "T1-01").expect("T1-01");
    // 594 + 98 against 594
    assert_eq!((&found["actual"], &found["expected"]), (&"692".into(), &"594".into()));
    assert_eq!((&found["difference"], &found["table"]), (&"98".into(), &"表1".into()));
    assert_eq!((&found["file"], &found["reason"]), (&"a.yaml".into(), &Value::Null));
    let explained = findings.iter().find(|finding| finding["code"] == "C-03").expect("C-03");
    assert_eq!(explained["reason"], "照原文");
}

#[test]
fn pages_are_numbered_when_asked() {
    let report = json(&faulty(), &["--pages"]);
    let findings = report["findings"].as_array().expect("a list");
    let in_tables = findings.iter().filter(|finding| finding["row"].is_string());
    for finding in in_tables {
        assert!(finding["page"].as_u64().is_some_and(|page| page > 1), "{finding:#}");
    }
}

/// The members that SARIF 2.1.0 requires, and the values that it allows (OASIS, sections 3.13 ff.).
#[test]
fn sarif_has_what_its_standard_requires() {
    let log: Value = serde_json::from_str(&printed(&check(&faulty(), &["--format", "sarif"])))
        .expect("SARIF is JSON");
    assert_eq!(log["version"], "2.1.0");
    assert!(log["$schema"].as_str().is_some_and(|uri| uri.contains("sarif-2.1.0")));
    let runs = log["runs"].as_array().expect("runs is required");
    assert_eq!(runs.len(), 1);
    let driver = &runs[0]["tool"]["driver"];
    assert!(driver["name"].as_str().is_some_and(|name| !name.is_empty()), "driver.name");
    let rules: Vec<&str> = driver["rules"]
        .as_array()
        .expect("rules")
        .iter()
        .map(|rule| rule["id"].as_str().expect("a rule's id is required"))
        .collect();
    assert_eq!(rules.iter().collect::<BTreeSet<_>>().len(), rules.len(), "ids are unique");
    assert_eq!(runs[0]["columnKind"], "unicodeCodePoints");
    let results = runs[0]["results"].as_array().expect("results");
    let mut suppressed = 0;
    for result in results {
        assert!(result["message"]["text"].as_str().is_some_and(|text| !text.is_empty()));
        assert!(["none", "note", "warning", "error"].contains(&result["level"].as_str().unwrap()));
        assert!(rules.contains(&result["ruleId"].as_str().expect("a rule")), "{result:#}");
        let locations =
            ["locations", "relatedLocations"].map(|key| result[key].as_array().unwrap());
        for location in locations.into_iter().flatten() {
            let place = &location["physicalLocation"];
            assert!(place["artifactLocation"]["uri"].is_string(), "{result:#}");
            let at = |key: &str| place["region"][key].as_u64().filter(|&n| n > 0).expect("from 1");
            let (start, end) =
                ((at("startLine"), at("startColumn")), (at("endLine"), at("endColumn")));
            assert!(start <= end, "{result:#}");
        }
        for suppression in result["suppressions"].as_array().into_iter().flatten() {
            let kind = suppression["kind"].as_str().expect("a suppression's kind is required");
            assert!(["inSource", "external"].contains(&kind));
            suppressed += 1;
        }
    }
    assert!(suppressed > 0, "the explained warning is suppressed");
    let report = json(&faulty(), &[]);
    assert_eq!(results.len(), report["findings"].as_array().expect("a list").len());
}

#[test]
fn html_has_every_finding_and_no_markup_of_the_source() {
    let page = printed(&check(&faulty(), &["--format", "html"]));
    assert!(page.starts_with("<!doctype html>") && page.trim_end().ends_with("</html>"));
    assert!(!page.contains("<script"), "the source's markup came through");
    assert!(page.contains("&lt;script&gt;"), "what the source says is to be read");
    let escaped = |text: &str| {
        let text = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
        text.replace('"', "&quot;").replace('\'', "&#x27;").replace('/', "&#x2f;")
    };
    for finding in json(&faulty(), &[])["findings"].as_array().expect("a list") {
        let message = escaped(finding["message"].as_str().expect("a message"));
        let code = finding["code"].as_str().expect("a code");
        assert!(
            page.contains(&format!("<td class=\"code\">{code}</td><td>{message}</td>")),
            "{message}"
        );
    }
}

/// The words of C-06 stand in what was really printed around them.
#[test]
fn mixed_names_are_shown_in_their_context() {
    let text =
        common::read("tests/rules/base.yaml").replacen("提高综合管理水平", "提高我局管理水平", 1);
    let report = json(&text, &[]);
    let findings = report["findings"].as_array().expect("a list");
    let found = findings.iter().find(|finding| finding["code"] == "C-06").expect("C-06 is found");
    let message = found["message"].as_str().expect("a message");
    assert!(message.contains("“本部门、我局”（…"), "{message}");
    assert!(message.contains("提高我局管理水平"), "{message}");
}

fn code(output: &Output) -> i32 {
    output.status.code().expect("the program ends by itself")
}

fn warning_only() -> String {
    let base = common::read("tests/rules/base.yaml");
    base.replacen("提高综合管理水平。", "用于用于提高水平。", 1)
}

#[test]
fn allow_lets_a_warning_pass_once() {
    let text = warning_only();
    assert_eq!(code(&check(&text, &[])), 1);
    assert_eq!(code(&check(&text, &["--allow", "C-02"])), 0);
    let found = json(&text, &["--allow", "C-02"]);
    let reasons = found["findings"].as_array().expect("a list").iter();
    assert!(reasons.filter(|f| f["code"] == "C-02").all(|f| f["reason"].is_string()));
    // Another code lets nothing pass, and an error does not pass at all.
    assert_eq!(code(&check(&text, &["--allow", "C-03"])), 1);
    assert_eq!(code(&check(&faulty(), &["--allow", "T1-01", "--allow", "C-02"])), 1);
}

#[test]
fn deny_makes_errors() {
    let base = common::read("tests/rules/base.yaml");
    assert_eq!(code(&check(&base, &[])), 0);
    // Half-width marks are a remark only.
    let remark = base.replacen("提高综合管理水平。", "提高管理,服务水平。", 1);
    assert_eq!(code(&check(&remark, &[])), 0);
    assert_eq!(code(&check(&remark, &["--deny", "C-04"])), 1);
    assert_eq!(code(&check(&base, &["--deny", "warnings"])), 0);
    let explained = warning_only() + "说明: {C-02: 照原文}\n";
    assert_eq!(code(&check(&explained, &[])), 0);
    assert_eq!(code(&check(&explained, &["--deny", "warnings"])), 1);
    let found = json(&explained, &["--deny", "warnings"]);
    let denied = found["findings"].as_array().expect("a list").iter().find(|f| f["code"] == "C-02");
    assert_eq!(denied.expect("C-02")["severity"], "error");
    // Denied and allowed: denied.
    assert_eq!(code(&check(&explained, &["--deny", "C-02", "--allow", "C-02"])), 1);
}

/// A fault that keeps the report from being made hides everything behind it: that is said.
#[test]
fn what_was_not_audited_is_said_to_be() {
    let text = faulty().replacen("编码: 2010301", "编码: 20103012", 1);
    let output = check(&text, &[]);
    assert_eq!(code(&output), 1);
    let last = printed(&output);
    assert!(last.contains("\n还没有审核：a.yaml。"), "{last}");
    assert_eq!(json(&text, &[])["summary"]["audited"], false);
    assert!(printed(&check(&text, &["--format", "html"])).contains("还没有审核：a.yaml"));
    assert!(!printed(&check(&faulty(), &[])).contains("还没有审核"));
    assert_eq!(json(&faulty(), &[])["summary"]["audited"], true);
}

/// Nothing was read: there is nothing to sum up.
#[test]
fn a_source_that_is_not_there_has_no_summary() {
    let output = Command::new(env!("CARGO_BIN_EXE_yusuan"))
        .args(["check", "nothing.yaml"])
        .current_dir(folder("").path())
        .output()
        .expect("the program runs");
    assert_eq!((code(&output), printed(&output).as_str()), (2, ""));
}

#[test]
fn a_source_in_order_is_said_to_be() {
    let output = check(&common::read("tests/rules/base.yaml"), &[]);
    assert_eq!(code(&output), 0);
    assert!(
        printed(&output).ends_with("错误 0 处，警告 0 处，提示 0 处\n"),
        "{}",
        printed(&output)
    );
}
