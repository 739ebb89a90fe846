//! Workbooks and what comes of importing them: `tests/import/NAME.xlsx` into `source.yaml`, and
//! everything that the program says and changes in `NAME.txt`. `make.py` writes the workbooks.
//! `UPDATE=1` rewrites what is expected.

use crate::support;

use std::io::{Cursor, Write};
use std::path::{Path, PathBuf};
use std::process::Command;

use support::workbook::{self, Hand};

const CASES: &str = "tests/import";

/// What the program says of a workbook, its exit code, and the lines that it changed. A workbook
/// called new-… goes into no source: what it makes is shown whole.
fn outcome(workbook: &Path, folder: &Path) -> String {
    let before =
        std::fs::read_to_string(Path::new(CASES).join("source.yaml")).expect("it is there");
    let source = folder.join("source.yaml");
    std::fs::write(&source, &before).expect("the temporary folder can be written");
    // Options of the command stand beside the workbook.
    let options = std::fs::read_to_string(workbook.with_extension("options")).unwrap_or_default();
    let fresh = workbook.file_name().is_some_and(|name| name.to_string_lossy().starts_with("new-"));
    if fresh {
        std::fs::remove_file(&source).expect("it was just written");
    }
    let output = Command::new(env!("CARGO_BIN_EXE_yusuan"))
        .arg("import")
        .arg(workbook)
        .arg(if fresh { "--output" } else { "--into" })
        .arg(&source)
        .args(options.split_whitespace())
        .output()
        .expect("the program runs");
    let after = std::fs::read_to_string(&source).unwrap_or_default();
    let said = [output.stdout, output.stderr].map(|text| String::from_utf8(text).expect("UTF-8"));
    let said = said.concat().replace(&folder.display().to_string(), "FOLDER");
    let old: Vec<&str> = if fresh { Vec::new() } else { before.lines().collect() };
    let new = after.lines().filter(|line| !old.contains(line));
    let changed: String = new.map(|line| format!("+{line}\n")).collect();
    format!("{said}返回码 {}\n{changed}", output.status.code().unwrap_or(-1))
}

fn same(name: &str, outcome: &str) {
    support::same(&Path::new(CASES).join(format!("{name}.txt")), outcome);
}

#[test]
fn every_workbook_of_the_folder() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let mut paths: Vec<PathBuf> = std::fs::read_dir(CASES)
        .expect("the cases are there")
        .map(|entry| entry.expect("it can be read").path())
        .filter(|path| path.extension().is_some_and(|ending| ending == "xlsx" || ending == "xls"))
        .collect();
    paths.sort();
    assert!(paths.len() > 15, "the workbooks are gone");
    for path in paths {
        let name = path.file_stem().expect("it has a name").to_string_lossy().into_owned();
        same(&name, &outcome(&path, folder.path()));
    }
}

/// A zip archive of one part.
fn archive(part: &str, content: impl Iterator<Item = Vec<u8>>) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default();
    writer.start_file("xl/workbook.xml", options).expect("a part can be begun");
    writer.write_all(b"<workbook/>").expect("a part can be written");
    writer.start_file(part, options).expect("a part can be begun");
    for piece in content {
        writer.write_all(&piece).expect("a part can be written");
    }
    writer.finish().expect("an archive can be finished").into_inner()
}

/// Files too large or too odd for the repository.
#[test]
fn files_that_are_no_workbooks_of_an_office() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let lines = std::fs::read(Path::new(CASES).join("lines.xlsx")).expect("it is there");
    let zeros = || std::iter::repeat_n(vec![b' '; 1 << 20], 300);
    let mut locked = vec![0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1];
    locked.extend("EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes));
    let cases = [
        ("bomb", archive("xl/worksheets/sheet1.xml", zeros())),
        ("fifty-megabytes", [lines.clone(), vec![0; 50 << 20]].concat()),
        ("half-a-file", lines[..lines.len() / 2].to_vec()),
        ("with-a-password", locked),
        ("plain-text", "不是工作簿".as_bytes().to_vec()),
        ("empty-file", Vec::new()),
        ("zip-of-something-else", archive("xl/other.xml", std::iter::empty())),
    ];
    for (name, bytes) in cases {
        let path = folder.path().join(format!("{name}.xlsx"));
        std::fs::write(&path, bytes).expect("the temporary folder can be written");
        same(name, &outcome(&path, folder.path()));
    }
}

/// Detail lines make a source where there is none; nothing that is there is written over.
#[test]
fn a_new_source_from_detail_lines() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let target = folder.path().join("new.yaml");
    let import = || {
        Command::new(env!("CARGO_BIN_EXE_yusuan"))
            .args(["import", "tests/import/new-class.xlsx", "-o"])
            .arg(&target)
            .output()
            .expect("the program runs")
    };
    let first = import();
    assert!(first.status.success(), "{}", String::from_utf8_lossy(&first.stderr));
    let text = std::fs::read_to_string(&target).expect("it was written");
    same("a-new-source", &text);
    assert_eq!(import().status.code(), Some(2));
    assert!(std::fs::read_to_string(&target).expect("it is still there") == text);
}

/// What a hand does, as `edits/cases.md` says it.
fn hand(line: &str) -> Hand<'_> {
    if let Some((sheet, cells)) = line.split_once(" + ") {
        return Hand::Add(sheet, cells.split('|').map(str::trim).collect());
    }
    if let Some((sheet, row)) = line.split_once(" - ") {
        return Hand::Delete(sheet, row.parse().expect("a row has a number"));
    }
    let (place, content) = line.split_once('=').unwrap_or_else(|| panic!("no edit: {line}"));
    let (sheet, cell) = place.trim().split_once('!').expect("SHEET!CELL");
    let content = match content.trim() {
        quoted if quoted.starts_with('"') => workbook::text(quoted.trim_matches('"')),
        xml if xml.is_empty() || xml.starts_with('<') => xml.to_owned(),
        number => format!("<v>{number}</v>"),
    };
    Hand::Put(sheet, cell, content)
}

/// Exported, edited by hand, and back.
#[test]
fn every_edit_by_hand() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = |name: &str| folder.path().join(name);
    let source = std::fs::read_to_string("tests/rules/base.yaml").expect("it is there");
    std::fs::write(path("source.yaml"), &source).expect("the temporary folder can be written");
    let yusuan = |arguments: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_yusuan"));
        command.args(arguments).current_dir(folder.path()).output().expect("the program runs")
    };
    assert!(yusuan(&["export", "source.yaml", "-o", "out.xlsx"]).status.success());
    let exported = std::fs::read(path("out.xlsx")).expect("it was written");
    let cases = std::fs::read_to_string(format!("{CASES}/edits/cases.md")).expect("it is there");
    for case in cases.split("\n## ").skip(1) {
        let (name, rest) = case.split_once('\n').expect("a case has a name");
        let block = rest.split("```").nth(1).expect("a case has a block").trim();
        let (options, edits): (Vec<&str>, Vec<&str>) =
            block.lines().partition(|line| line.starts_with("--"));
        let hands: Vec<Hand<'_>> = edits.into_iter().map(hand).collect();
        std::fs::write(path("edited.xlsx"), workbook::edited(&exported, &hands)).expect("written");
        std::fs::write(path("source.yaml"), &source).expect("written");
        let arguments =
            [&["import", "edited.xlsx", "--into", "source.yaml"], &options[..]].concat();
        let output = yusuan(&arguments);
        let after = std::fs::read_to_string(path("source.yaml")).expect("it is still there");
        let said = [output.stdout, output.stderr].map(|it| String::from_utf8(it).expect("UTF-8"));
        let (old, new): (Vec<&str>, Vec<&str>) =
            (source.lines().collect(), after.lines().collect());
        let lines = |sign: &str, own: &[&str], other: &[&str]| -> String {
            let own = own.iter().filter(|line| !other.contains(line));
            own.map(|line| format!("{sign}{line}\n")).collect()
        };
        let code = output.status.code().unwrap_or(-1);
        let came = lines("-", &old, &new) + &lines("+", &new, &old);
        same(&format!("edits/{name}"), &format!("{}返回码 {code}\n{came}", said.concat()));
    }
}

/// A source that is not finished, as `new` leaves it, takes detail lines, too; the rest stays open.
#[test]
fn lines_into_an_unfinished_source() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let source = folder.path().join("next.yaml");
    let whole = std::fs::read_to_string(format!("{CASES}/source.yaml")).expect("it is there");
    let open =
        ["基本支出", "项目支出", "    预算", "一般公共预算拨款"].iter().fold(whole, |text, key| {
            let pattern = regex::Regex::new(&format!(r"{key}: [0-9.]+")).expect("a pattern");
            pattern.replace_all(&text, format!("{key}: ")).into_owned()
        });
    let open = open.replace("性质: 事业单位", "性质:") + "上级专项转移支付: 待填：没有\n日期:\n";
    std::fs::write(&source, open).expect("the temporary folder can be written");
    let output = Command::new(env!("CARGO_BIN_EXE_yusuan"))
        .args(["import", "tests/import/lines.xlsx", "--into"])
        .arg(&source)
        .output()
        .expect("the program runs");
    let after = std::fs::read_to_string(&source).expect("it is still there");
    let said = [output.stdout, output.stderr].map(|text| String::from_utf8(text).expect("UTF-8"));
    let said = said.concat().replace(&folder.path().display().to_string(), "FOLDER");
    same("unfinished", &format!("{said}\n{after}"));
}
