//! The program as a user runs it, in a folder of its own.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use crate::common;

struct Folder(tempfile::TempDir);

impl Folder {
    fn new() -> Self {
        Self(tempfile::tempdir().expect("there is room for a folder"))
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn write(&self, name: &str, text: &str) -> PathBuf {
        let path = self.path(name);
        std::fs::create_dir_all(path.parent().expect("it is in a folder")).expect("it can be made");
        std::fs::write(&path, text).expect("it can be written");
        path
    }

    fn run(&self, arguments: &[&str]) -> Output {
        Command::new(env!("CARGO_BIN_EXE_yusuan"))
            .args(arguments)
            .current_dir(self.0.path())
            .output()
            .expect("the program runs")
    }

    fn names(&self, folder: &str) -> Vec<String> {
        let entries = std::fs::read_dir(self.path(folder)).expect("the folder is there");
        let mut names: Vec<String> = entries
            .map(|entry| entry.expect("it can be read").file_name().to_string_lossy().into_owned())
            .collect();
        names.sort();
        names
    }
}

fn source() -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("input/2023.yaml");
    std::fs::read_to_string(path).expect("the shipped source is there")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).expect("it prints UTF-8")
}

#[test]
fn builds_everything_in_input_from_any_folder() {
    let folder = Folder::new();
    folder.write("input/2023.yaml", &source());
    let output = folder.run(&["build"]);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    assert!(text(&output.stdout).starts_with("output/2023.pdf（36 页）"));
    assert_eq!(folder.names("output"), ["2023.pdf"]);
}

#[test]
fn one_bad_source_stops_no_other_and_decides_the_code() {
    let folder = Folder::new();
    folder.write("a.yaml", &source());
    folder.write("b.yaml", "表式：x\n");
    folder.write("c.yaml", &source());
    let output = folder.run(&["build", "a.yaml", "b.yaml", "c.yaml", "-o", "out/"]);
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(folder.names("out"), ["a.pdf", "c.pdf"]);
    assert!(text(&output.stdout).ends_with("共 3 份，生成 2 份，没有生成 1 份\n"));
    assert_eq!(
        std::fs::read(folder.path("out/a.pdf")).ok(),
        std::fs::read(folder.path("out/c.pdf")).ok()
    );
}

#[test]
fn an_error_leaves_the_old_pdf_alone() {
    let folder = Folder::new();
    folder.write("bad.yaml", &source().replace("预算: 794", "预算: 7,94"));
    folder.write("out.pdf", "old");
    let output = folder.run(&["build", "bad.yaml", "-o", "out.pdf"]);
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(std::fs::read_to_string(folder.path("out.pdf")).expect("it is there"), "old");
    assert_eq!(folder.names("."), ["bad.yaml", "out.pdf"]);
}

#[test]
fn an_audit_error_stops_the_final_pdf_and_not_the_draft() {
    let folder = Folder::new();
    folder.write("bad.yaml", &source().replace("一般公共预算拨款: 7302", "一般公共预算拨款: 7402"));
    let output = folder.run(&["build", "bad.yaml", "-o", "out.pdf"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(text(&output.stderr).contains("错误[T1-01]"));
    assert!(!folder.path("out.pdf").exists());
    let output = folder.run(&["build", "bad.yaml", "-o", "out.pdf", "--draft"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(folder.path("out.pdf").exists());
}

#[test]
fn what_cannot_be_read_or_written_is_one_line_and_code_2() {
    let folder = Folder::new();
    folder.write("a.yaml", &source());
    folder.write("file", "");
    for arguments in [
        &["build", "nothing.yaml"][..],
        &["build", "."],
        &["build", "a.yaml", "-o", "file/out.pdf"],
        &["build", "a.yaml", "-o", "a.yaml"],
        &["build", "a.yaml", "--to", "svg", "-o", "file"],
        &["build", "x/a.yaml", "y/a.yaml"],
        &["build", "a.yaml", "b.yaml", "-o", "both.pdf"],
    ] {
        let output = folder.run(arguments);
        let error = text(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {error}");
        assert!(
            error.starts_with("错误：") && error.lines().count() == 1,
            "{arguments:?}: {error}"
        );
    }
    assert_eq!(folder.names("."), ["a.yaml", "file"]);
}

#[test]
fn what_a_killed_build_left_is_swept() {
    let folder = Folder::new();
    folder.write("a.yaml", &source());
    folder.write("out/.yusuan-young", "");
    folder.write("out/.yusuan-old", "");
    let old = std::fs::File::options().write(true).open(folder.path("out/.yusuan-old"));
    old.and_then(|file| file.set_modified(std::time::UNIX_EPOCH)).expect("the file is there");
    folder.run(&["build", "a.yaml", "-o", "out/"]);
    assert_eq!(folder.names("out"), [".yusuan-young", "a.pdf"]);
}

#[test]
fn writes_pages_and_typst_files() {
    let folder = Folder::new();
    folder.write("a.yaml", &source());
    for (to, count) in [("svg", 36), ("png", 36), ("typ", 23)] {
        // Twice: the second run takes the place of the first.
        for _ in 0..2 {
            let output = folder.run(&["build", "a.yaml", "--to", to, "-o", "out/"]);
            assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
        }
        assert_eq!(folder.names(&format!("out/a-{to}")).len(), count);
    }
    assert_eq!(folder.names("out"), ["a-png", "a-svg", "a-typ"]);
}

#[test]
fn json_has_the_promised_members() {
    let folder = Folder::new();
    folder.write("a.yaml", &source());
    let output = folder.run(&["check", "a.yaml", "--json"]);
    assert_eq!(output.status.code(), Some(0));
    let json: serde_json::Value = serde_json::from_slice(&output.stdout).expect("it is JSON");
    assert_eq!(json["summary"]["error"], 0);
    let findings = json["findings"].as_array().expect("a list");
    assert!(!findings.is_empty());
    for finding in findings {
        for member in [
            "code",
            "severity",
            "message",
            "file",
            "line",
            "column",
            "table",
            "row",
            "column_name",
            "page",
            "expected",
            "actual",
            "difference",
            "help",
        ] {
            assert!(finding.get(member).is_some(), "{member} in {finding}");
        }
    }
}

#[test]
fn deny_and_allow_change_one_run() {
    let folder = Folder::new();
    folder.write("a.yaml", &source());
    assert_eq!(folder.run(&["check", "a.yaml", "--deny", "warnings"]).status.code(), Some(1));
    let unexplained = source().split("\n说明:\n").next().expect("it has reasons").to_owned();
    folder.write("b.yaml", &unexplained);
    assert_eq!(folder.run(&["check", "b.yaml"]).status.code(), Some(1));
    let mut allowed = vec!["check", "b.yaml"];
    for code in ["C-02", "C-03", "C-07", "C-08", "C-11", "C-13"] {
        allowed.extend(["--allow", code]);
    }
    assert_eq!(folder.run(&allowed).status.code(), Some(0));
}

#[test]
fn help_is_chinese() {
    let folder = Folder::new();
    for arguments in
        [&["--help"][..], &["build", "--help"], &["check", "--help"], &["fonts", "--help"]]
    {
        let help = text(&folder.run(arguments).stdout);
        for word in ["Usage", "Options", "Arguments", "Commands", "possible values", "default"] {
            assert!(!help.contains(word), "{word} in {arguments:?}:\n{help}");
        }
    }
}

#[test]
fn rules_are_explained() {
    let folder = Folder::new();
    let output = folder.run(&["explain", "T1-01"]);
    assert!(text(&output.stdout).contains("表1.收入总计 = 表1.支出总计"));
    assert_eq!(folder.run(&["explain", "T1-99"]).status.code(), Some(1));
}

/// Whatever the program prints in [ ] can be asked for.
#[test]
fn every_code_that_is_printed_is_explained() {
    fn scan(folder: &std::path::Path, codes: &mut BTreeSet<String>) {
        let code = regex::Regex::new(r#""([A-Z]\d*-?\d\d)""#).expect("a pattern");
        for entry in std::fs::read_dir(folder).expect("it is there") {
            let path = entry.expect("it can be read").path();
            if path.is_dir() {
                scan(&path, codes);
            } else if !path.ends_with("audit/codes.rs") {
                let text = std::fs::read_to_string(&path).unwrap_or_default();
                codes.extend(code.captures_iter(&text).map(|it| it[1].to_owned()));
            }
        }
    }
    let mut codes = BTreeSet::new();
    scan(&common::root().join("src"), &mut codes);
    assert!(codes.len() > 40 && codes.contains("S14"), "{codes:?}");
    let folder = Folder::new();
    codes.retain(|code| folder.run(&["explain", code]).status.code() != Some(0));
    assert!(codes.is_empty(), "explain does not know {codes:?}");
    assert_eq!(folder.run(&["explain", "s14"]).status.code(), Some(0));
}

#[test]
fn a_code_that_is_none_is_not_passed_over() {
    let folder = Folder::new();
    folder.write("a.yaml", &source());
    let output = folder.run(&["check", "a.yaml", "--deny", "c-02"]);
    let said = text(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{said}");
    assert!(said.contains("没有 c-02 这个代码，是不是 C-02？"), "{said}");
}

/// A link stays and what it points to is written; a pipe is nobody's to replace.
#[cfg(unix)]
#[test]
fn writing_follows_links_keeps_modes_and_spares_pipes() {
    use std::os::unix::fs::{FileTypeExt, PermissionsExt, symlink};
    let folder = Folder::new();
    folder.write("2023.yaml", &source());
    let real = folder.write("web/real.json", "old");
    let shut = std::fs::Permissions::from_mode(0o640);
    std::fs::set_permissions(&real, shut).expect("its mode can be set");
    symlink("web/real.json", folder.path("one.json")).expect("a link can be made");
    symlink("one.json", folder.path("two.json")).expect("a link can be made");
    let export = |to: &str| folder.run(&["export", "2023.yaml", "--to", "json", "-o", to]);
    let output = export("two.json");
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    assert!(folder.path("one.json").is_symlink() && folder.path("two.json").is_symlink());
    assert!(std::fs::read(&real).expect("it is there").len() > 1000, "the target is written");
    let mode = std::fs::metadata(&real).expect("it is there").permissions().mode();
    assert_eq!(mode & 0o777, 0o640);

    let made = Command::new("mkfifo").arg(folder.path("pipe")).status().expect("mkfifo runs");
    assert!(made.success());
    let output = export("pipe");
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stderr).contains("不是普通文件"), "{}", text(&output.stderr));
    let kind = std::fs::symlink_metadata(folder.path("pipe")).expect("it is there").file_type();
    assert!(kind.is_fifo());
}

/// A folder of files is written like a file: links stay, modes stay, what is not ours stays. A file
/// with a second name keeps both.
#[cfg(unix)]
#[test]
fn folders_and_second_names_stay() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let folder = Folder::new();
    folder.write("2023.yaml", &source());
    let export =
        |to: &str, kind: &str| folder.run(&["export", "2023.yaml", "--to", kind, "-o", to]);
    std::fs::create_dir(folder.path("web")).expect("a folder can be made");
    let shut = std::fs::Permissions::from_mode(0o750);
    std::fs::set_permissions(folder.path("web"), shut).expect("its mode can be set");
    std::fs::create_dir(folder.path("csv")).expect("a folder can be made");
    symlink("../web", folder.path("csv/2023-csv")).expect("a link can be made");
    let output = export("csv", "csv");
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    assert!(
        folder.path("csv/2023-csv").is_symlink() && folder.path("web/表1-收支总表.csv").is_file()
    );
    let mode = std::fs::metadata(folder.path("web")).expect("it is there").permissions().mode();
    assert_eq!(mode & 0o777, 0o750);

    symlink("/dev/null", folder.path("web/null.csv")).expect("a link can be made");
    assert_eq!(export("csv", "csv").status.code(), Some(2), "a link inside is somebody's own");
    let made = Command::new("mkfifo").arg(folder.path("pipe")).status().expect("mkfifo runs");
    assert!(made.success());
    assert_eq!(export("pipe", "csv").status.code(), Some(2));
    assert!(folder.path("pipe").exists() && !folder.path("pipe").is_dir());
    assert_eq!(folder.run(&["lock", "pipe", "--from", "2023.yaml"]).status.code(), Some(2));
    for command in ["check", "status", "verify", "import"] {
        let output = folder.run(&[command, "pipe"]);
        assert_eq!(output.status.code(), Some(2), "nobody ever writes to it");
        assert!(text(&output.stderr).contains("不是普通文件"));
    }

    let first = folder.write("one.json", "old");
    std::fs::hard_link(&first, folder.path("other.json")).expect("a second name can be given");
    assert_eq!(export("one.json", "json").status.code(), Some(0));
    let both = [first, folder.path("other.json")].map(|path| std::fs::read(path).expect("there"));
    assert!(both[0] == both[1] && both[0].len() > 1000);
}
