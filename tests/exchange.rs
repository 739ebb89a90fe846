//! Out and back: a workbook that nobody edited changes nothing, one that somebody edited changes
//! what he edited; a PDF with its source inside is what its source says.

mod support;

use std::io::{Cursor, Read, Write};
use std::process::Command;
use std::sync::atomic::{AtomicU64, Ordering};

use regex::Regex;
use support::{inventor, making};
use yusuan::exchange::import::{self, Changes};
use yusuan::exchange::{Kind, Subject, Written, export};
use yusuan::finding::File;
use yusuan::form::Form;

/// `YUSUAN_RANDOM=300 cargo test --release --test exchange` tries more.
const SOURCES: u64 = 300;

fn workbook(form: &Form, text: &str) -> Vec<u8> {
    let budget = making::shown(making::budget(text));
    let report = making::shown(form.report(&budget));
    let subject = Subject { form, budget: &budget, report: &report };
    match export(&subject, Kind::Xlsx).expect("it can be exported") {
        Written::File(bytes) => bytes,
        Written::Folder(_) => panic!("a workbook is one file"),
    }
}

/// What a workbook says differently, and the source with that put in.
fn imported(form: &Form, workbook: &[u8], into: &str) -> (Changes, String) {
    let book = import::open(workbook).unwrap_or_else(|finding| panic!("{}", finding.message));
    let base = import::base(&book).unwrap_or_else(|finding| panic!("{}", finding.message));
    let base = base.expect("the workbook carries its source");
    let budget = making::shown(making::budget(&base.text));
    let report = making::shown(form.report(&budget));
    let subject = Subject { form, budget: &budget, report: &report };
    let changes = import::changes(&book, &subject).expect("they can be compared");
    let file = File::new(base.name, base.text);
    let merged = making::shown(import::merge(&changes, &file, "source.yaml", into.as_bytes()));
    (changes, String::from_utf8(merged.bytes).expect("a source is UTF-8"))
}

fn assert_unchanged(form: &Form, name: &str, text: &str) {
    let workbook = workbook(form, text);
    let (changes, back) = imported(form, &workbook, text);
    assert!(changes.changes.is_empty(), "{name}: {:?}", changes.changes);
    assert!(changes.doubts.is_empty(), "{name}: {}", making::text_of(&changes.doubts));
    assert!(changes.remarks.is_empty(), "{name}: {}", making::text_of(&changes.remarks));
    assert!(back == text, "{name}: the source came back different");
    let book = import::open(&workbook).expect("it was opened before");
    let base = import::base(&book).expect("it was read before").expect("it was there before");
    assert!(base.text == text, "{name}: the source inside the workbook is different");
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
fn invented_reports_come_back() {
    let form = making::shipped_form();
    let wanted = std::env::var("YUSUAN_RANDOM").ok().and_then(|text| text.parse().ok());
    let wanted = wanted.unwrap_or(SOURCES);
    let (next, done) = (AtomicU64::new(1), AtomicU64::new(0));
    making::side_by_side(2, || {
        loop {
            let seed = next.fetch_add(1, Ordering::Relaxed);
            let text = inventor::source(seed);
            if seed > 2 * wanted || done.load(Ordering::Relaxed) >= wanted {
                break;
            }
            // The inventor may give two projects one name, which no report can be made of.
            let sound = making::budget(&text).and_then(|budget| form.report(&budget)).is_ok();
            if sound {
                assert_unchanged(&form, &format!("seed {seed}"), &text);
                done.fetch_add(1, Ordering::Relaxed);
            }
        }
    });
    assert!(done.into_inner() >= wanted, "too few invented sources make a report");
}

#[test]
fn every_kind_is_the_same_every_time() {
    let form = making::shipped_form();
    let text = std::fs::read_to_string("input/2023.yaml").expect("it is there");
    for kind in [Kind::Xlsx, Kind::Csv, Kind::Json, Kind::Html, Kind::Fdp] {
        let once = || {
            let budget = making::shown(making::budget(&text));
            let report = making::shown(form.report(&budget));
            let subject = Subject { form: &form, budget: &budget, report: &report };
            export(&subject, kind).expect("it can be exported")
        };
        assert!(once() == once(), "{kind:?}");
    }
}

/// The workbook with other contents in cells, as a hand would put them there.
fn edited(workbook: &[u8], cells: &[(&str, &str, &str)]) -> Vec<u8> {
    let mut archive = zip::ZipArchive::new(Cursor::new(workbook)).expect("it is an archive");
    let mut parts = Vec::new();
    for at in 0..archive.len() {
        let mut part = archive.by_index(at).expect("it has this part");
        let mut content = Vec::new();
        part.read_to_end(&mut content).expect("it can be read");
        parts.push((part.name().expect("it has a name").into_owned(), content));
    }
    let book = import::open(workbook).expect("it can be opened");
    for (sheet, cell, content) in cells {
        let nth =
            book.sheets.iter().position(|have| have.name == *sheet).expect("it has the sheet");
        let name = format!("xl/worksheets/sheet{}.xml", nth + 1);
        let (_, xml) = parts.iter_mut().find(|(have, _)| *have == name).expect("it has the part");
        let text = String::from_utf8(xml.clone()).expect("XML is UTF-8");
        let pattern = format!(r#"<c r="{cell}"( s="\d+")?( t="\w+")?(/>|>.*?</c>)"#);
        let pattern = Regex::new(&pattern).expect("it is a pattern");
        assert!(pattern.is_match(&text), "{sheet} has no {cell}");
        let put = format!(r#"<c r="{cell}"$1>{content}</c>"#);
        *xml = pattern.replace(&text, put.as_str()).into_owned().into_bytes();
    }
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in parts {
        let options = zip::write::SimpleFileOptions::default();
        writer.start_file(name, options).expect("a part can be begun");
        writer.write_all(&content).expect("a part can be written");
    }
    writer.finish().expect("it can be finished").into_inner()
}

/// Edits of the 2023 workbook: what is put into which cell, and what then differs in the source.
fn edit_2023(cells: &[(&str, &str, &str)]) -> (Changes, Vec<String>) {
    let form = making::shipped_form();
    let text = std::fs::read_to_string("input/2023.yaml").expect("it is there");
    let (changes, back) = imported(&form, &edited(&workbook(&form, &text), cells), &text);
    let old: Vec<&str> = text.lines().collect();
    let new = back.lines().filter(|line| !old.contains(line)).map(|line| line.trim().to_owned());
    (changes, new.collect())
}

#[test]
fn three_edits_by_hand_change_three_figures_and_nothing_else() {
    let (changes, lines) = edit_2023(&[
        ("数据-功能分类", "E2", "<v>1150</v>"),
        ("数据-其他", "C2", "<v>7303</v>"),
        ("表3 支出总表", "E21", "<v>261</v>"),
    ]);
    assert!(changes.doubts.is_empty(), "{}", making::text_of(&changes.doubts));
    assert_eq!(
        lines,
        [
            "一般公共预算拨款: 7303",
            "- {编码: 2080150, 名称: 事业运行, 基本支出: 1150}",
            "- {编码: 2210203, 名称: 购房补贴, 基本支出: 261}",
        ]
    );
}

#[test]
fn a_blank_that_is_filled_and_a_float_that_is_shown() {
    let (changes, lines) = edit_2023(&[
        ("数据-功能分类", "G2", "<v>7.000000000000001</v>"),
        ("数据-功能分类", "F3", "<v>8518.4</v>"),
    ]);
    // The cell shows no decimals: 8518.4 shows as what is there already.
    assert!(changes.doubts.is_empty(), "{}", making::text_of(&changes.doubts));
    assert_eq!(lines, ["- {编码: 2080150, 名称: 事业运行, 基本支出: 1149, 采购: 7}"]);
}

#[test]
fn a_total_cannot_be_edited() {
    let (changes, lines) = edit_2023(&[("表3 支出总表", "D7", "<v>9999</v>")]);
    assert_eq!(changes.doubts.len(), 1);
    let doubt = &changes.doubts[0];
    assert!(doubt.message.contains("表3 支出总表!D7") && doubt.message.contains("9999"));
    assert!(doubt.help.as_ref().is_some_and(|help| help.contains("数据-功能分类")));
    assert!(lines.is_empty());
}

#[test]
fn words_and_errors_in_cells_of_amounts_are_doubts() {
    let inline = "<is><t>很多</t></is>";
    let (changes, lines) = edit_2023(&[
        ("数据-功能分类", "E2", "<f>1/0</f>"),
        ("数据-其他", "C2", "<v></v>"),
        ("数据-项目", "C2", &format!("<f>A1</f>{inline}")),
    ]);
    assert!(!changes.doubts.is_empty());
    assert!(changes.doubts.iter().any(|doubt| doubt.message.contains("公式")));
    assert!(lines.iter().all(|line| !line.contains("1149")), "{lines:?}");
}

#[test]
fn the_source_inside_cannot_be_edited() {
    let form = making::shipped_form();
    let text = std::fs::read_to_string("input/2023.yaml").expect("it is there");
    let workbook = edited(&workbook(&form, &text), &[("数据文件", "B11", "<v>1</v>")]);
    let book = import::open(&workbook).expect("it can be opened");
    assert!(import::base(&book).is_err());
}

/// A copy of a PDF in which one byte of an attached file is another.
fn forged(pdf: &[u8]) -> Vec<u8> {
    let mut document = lopdf::Document::load_mem(pdf).expect("it is a PDF");
    for object in document.objects.values_mut() {
        let Ok(stream) = object.as_stream_mut() else { continue };
        if !stream
            .dict
            .get(b"Type")
            .is_ok_and(|name| name.as_name().is_ok_and(|n| n == b"EmbeddedFile"))
        {
            continue;
        }
        let content = stream.decompressed_content().unwrap_or_else(|_| stream.content.clone());
        let text = String::from_utf8_lossy(&content).into_owned();
        if text.contains("基本支出: 1149") {
            stream.set_plain_content(text.replace("基本支出: 1149", "基本支出: 1148").into_bytes());
            stream.dict.remove(b"Filter");
        }
    }
    let mut out = Vec::new();
    document.save_to(&mut out).expect("it can be saved");
    out
}

#[test]
fn a_pdf_is_what_its_source_says_or_verify_tells() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("2023.pdf");
    let run = |arguments: &[&std::ffi::OsStr]| {
        let output = Command::new(env!("CARGO_BIN_EXE_yusuan")).args(arguments).output();
        let output = output.expect("the program runs");
        let said = String::from_utf8(output.stdout).expect("UTF-8");
        (output.status.code(), said)
    };
    let build = ["build", "input/2023.yaml", "--attach", "-o"].map(std::ffi::OsStr::new);
    assert_eq!(run(&[&build[..], &[path.as_os_str()]].concat()).0, Some(0));
    let verify = std::ffi::OsStr::new("verify");
    let (code, said) = run(&[verify, path.as_os_str()]);
    assert!(code == Some(0) && said.contains("相符"), "{said}");

    let pdf = std::fs::read(&path).expect("it was written");
    let other = folder.path().join("forged.pdf");
    std::fs::write(&other, forged(&pdf)).expect("the folder can be written");
    let (code, said) = run(&[verify, other.as_os_str()]);
    assert!(code == Some(1) && said.contains("2023.yaml 与生成时的指纹不同"), "{said}");

    let plain = folder.path().join("plain.pdf");
    let build = ["build", "input/2023.yaml", "-o"].map(std::ffi::OsStr::new);
    assert_eq!(run(&[&build[..], &[plain.as_os_str()]].concat()).0, Some(0));
    let (code, said) = run(&[verify, plain.as_os_str()]);
    assert!(code == Some(1) && said.contains("没有附数据文件"), "{said}");
}
