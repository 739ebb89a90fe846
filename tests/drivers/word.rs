//! Word out, and back: a document that nobody edited changes nothing; drafts as
//! `tests/word/NAME.edits` makes them of an exported document, and everything that the program says
//! and changes in `NAME.txt`. `UPDATE=1` rewrites what is expected.

use crate::support;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use support::word::{self, Hand};
use support::{inventor, making, samples};
use yusuan::exchange::Subject;
use yusuan::exchange::docx::{self, Numbers};
use yusuan::exchange::import::word as import;
use yusuan::form::Form;

const CASES: &str = "tests/word";
/// `YUSUAN_RANDOM=300 cargo test --release --test drivers word::` tries more.
const SOURCES: u64 = 300;

fn assert_unchanged(form: &Form, name: &str, text: &str) {
    let budget = making::shown(making::budget(text));
    let report = making::shown(form.report(&budget));
    let subject = Subject { form, budget: &budget, report: &report };
    let written = || docx::docx(&subject, &Numbers::new(), false).expect("it can be exported");
    let bytes = written();
    assert!(bytes == written(), "{name}: other bytes at the second time");
    let document = import::open(&bytes).unwrap_or_else(|finding| panic!("{}", finding.message));
    let origin = document.origin(None).unwrap_or_else(|finding| panic!("{}", finding.message));
    let plain = text.trim_start_matches('\u{FEFF}');
    assert!(origin.text == plain, "{name}: the source inside the document is different");
    let (changes, said) = import::changes(&document, &subject, &|_| Err(Vec::new()), false)
        .expect("they can be compared");
    assert!(changes.changes.is_empty(), "{name}: {:?}", changes.changes);
    assert!(changes.removals.is_empty(), "{name}: {:?}", changes.removals);
    assert!(changes.doubts.is_empty(), "{name}: {}", making::text_of(&changes.doubts));
    assert!(changes.remarks.is_empty(), "{name}: {}", making::text_of(&changes.remarks));
    assert!(said.is_empty() && changes.summary.is_empty(), "{name}: {:?}", changes.summary);
}

#[test]
fn the_real_report_comes_back() {
    let form = making::shipped_form();
    let text = std::fs::read_to_string("input/2023.yaml").expect("it is there");
    assert_unchanged(&form, "2023", &text);
    let windows = text.replace('\n', "\r\n");
    assert_unchanged(&form, "2023 with carriage returns", &windows);
}

#[test]
fn large_reports_come_back_however_they_print() {
    let form = making::shipped_form();
    for (name, text) in samples::all() {
        assert_unchanged(&form, name, &text);
        for print in samples::PRINTS {
            assert_unchanged(&form, &format!("{name}, {print}"), &samples::printed(&text, print));
        }
    }
}

#[test]
fn another_form_comes_back() {
    let form = making::shown(making::form_in("tests/forms", "mini"));
    let text = std::fs::read_to_string("tests/forms/mini.yaml").expect("it is there");
    assert_unchanged(&form, "mini", &text);
}

#[test]
fn invented_reports_come_back() {
    let form = making::shipped_form();
    inventor::for_reports(&form, SOURCES, |seed, text| {
        assert_unchanged(&form, &format!("seed {seed}"), text);
    });
}

/// What the program says of a draft, its exit code, and the lines that it changed.
fn outcome(draft: &Path, folder: &Path, options: &[&str]) -> String {
    let before =
        std::fs::read_to_string(Path::new(CASES).join("source.yaml")).expect("it is there");
    let source = folder.join("source.yaml");
    std::fs::write(&source, &before).expect("the temporary folder can be written");
    let output = Command::new(env!("CARGO_BIN_EXE_yusuan"))
        .arg("import")
        .arg(draft)
        .arg("--into")
        .arg(&source)
        .args(options)
        .output()
        .expect("the program runs");
    let after = std::fs::read_to_string(&source).unwrap_or_default();
    let said = [output.stdout, output.stderr].map(|text| String::from_utf8(text).expect("UTF-8"));
    let said = said.concat().replace(&folder.display().to_string(), "FOLDER");
    let changed: String = word::changed_lines(&before, &after);
    format!("{said}返回码 {}\n{changed}", output.status.code().unwrap_or(-1))
}

fn same(name: &str, outcome: &str) {
    support::same(&Path::new(CASES).join(format!("{name}.txt")), outcome);
}

fn exported(folder: &Path) -> Vec<u8> {
    let target = folder.join("exported.docx");
    let output = Command::new(env!("CARGO_BIN_EXE_yusuan"))
        .args(["export", "--to", "docx", "-o"])
        .arg(&target)
        .arg(Path::new(CASES).join("source.yaml"))
        .output()
        .expect("the program runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    std::fs::read(target).expect("it was written")
}

#[test]
fn every_draft_of_the_folder() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let exported = exported(folder.path());
    let mut paths: Vec<PathBuf> = std::fs::read_dir(CASES)
        .expect("the cases are there")
        .map(|entry| entry.expect("it can be read").path())
        .filter(|path| path.extension().is_some_and(|ending| ending == "edits"))
        .collect();
    paths.sort();
    assert!(paths.len() > 15, "the drafts are gone");
    for path in paths {
        let name = path.file_stem().expect("it has a name").to_string_lossy().into_owned();
        let edits = std::fs::read_to_string(&path).expect("it is text");
        let (options, hands) = Hand::read(&edits);
        let draft = folder.path().join(format!("{name}.docx"));
        std::fs::write(&draft, word::edited(&exported, &hands)).expect("it can be written");
        let options: Vec<&str> = options.iter().map(String::as_str).collect();
        same(&name, &outcome(&draft, folder.path(), &options));
    }
}

/// Files that are no drafts of an office.
#[test]
fn files_that_are_no_drafts() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let exported = exported(folder.path());
    let part = |name: &str, content: &[u8]| {
        word::with_part(&exported, BTreeMap::from([(name.to_owned(), content.to_vec())]))
    };
    let mut locked = vec![0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1];
    locked.extend("EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes));
    let deep = format!("{}{}", "<w:sdt>".repeat(100_000), "</w:sdt>".repeat(100_000));
    let link = r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/attachedTemplate" Target="http://example.com/a.dotm" TargetMode="External"/></Relationships>"#;
    let doctype = r#"<!DOCTYPE a [<!ENTITY b "bbbbbbbb">]><w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body><w:p><w:r><w:t>&b;</w:t></w:r></w:p></w:body></w:document>"#;
    let cases = [
        ("file-bomb", part("word/media/a.xml", &vec![b' '; 300 << 20])),
        ("file-deep", part("word/document.xml", deep.as_bytes())),
        ("file-entities", part("word/document.xml", doctype.as_bytes())),
        ("file-broken", part("word/document.xml", b"<w:document><w:body>")),
        ("file-macros", part("word/vbaProject.bin", b"Sub AutoOpen()")),
        ("file-link", part("word/_rels/settings.xml.rels", link.as_bytes())),
        ("file-half", exported[..exported.len() / 2].to_vec()),
        ("file-password", locked),
        ("file-old", vec![0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1]),
        ("file-empty", Vec::new()),
        ("file-text", "不是文档".as_bytes().to_vec()),
        (
            "file-source-changed",
            word::replaced(&exported, "customXml/item1.xml", "示例市", "别的市"),
        ),
        ("file-of-others", {
            let bare = word::with_part(
                &exported,
                BTreeMap::from([("customXml/item1.xml".to_owned(), b"<a/>".to_vec())]),
            );
            word::with_part(
                &bare,
                BTreeMap::from([("docProps/custom.xml".to_owned(), b"<a/>".to_vec())]),
            )
        }),
    ];
    for (name, bytes) in cases {
        let path = folder.path().join(format!("{name}.docx"));
        std::fs::write(&path, bytes).expect("the temporary folder can be written");
        same(name, &outcome(&path, folder.path(), &[]));
    }
}

/// A comparison in Word: as it is, or all accepted, it is the new report; the source inside is the new.
#[test]
fn a_marked_document_comes_back() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let source =
        std::fs::read_to_string(Path::new(CASES).join("source.yaml")).expect("it is there");
    let old = folder.path().join("old.yaml");
    let earlier = source
        .replace("金额: 180, 用途: 老旧图纸的扫描和著录", "金额: 180, 用途: 图纸扫描")
        .replace("    - 指导各单位的档案工作。\n", "")
        .replace("      - {编码: 30102, 名称: 津贴补贴, 基本支出: 200}\n", "");
    std::fs::write(&old, earlier).expect("it can be written");
    let target = folder.path().join("marked.docx");
    let output = Command::new(env!("CARGO_BIN_EXE_yusuan"))
        .args(["diff", "--to", "docx", "-o"])
        .arg(&target)
        .arg(&old)
        .arg(Path::new(CASES).join("source.yaml"))
        .output()
        .expect("the program runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    same("marked", &outcome(&target, folder.path(), &[]));
    let rejected = word::rejected(&std::fs::read(&target).expect("it is there"));
    let path = folder.path().join("rejected.docx");
    std::fs::write(&path, rejected).expect("it can be written");
    same("marked-rejected", &outcome(&path, folder.path(), &["--dry-run"]));
}
