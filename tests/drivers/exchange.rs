//! Out and back: a workbook that nobody edited changes nothing, one that somebody edited changes
//! what he edited; a PDF with its source inside is what its source says.

use crate::support;

use std::process::Command;

use support::workbook::{Hand, edited, reformatted, widths as workbook_widths};
use support::{inventor, making, samples};
use yusuan::exchange::import::{self, Changes};
use yusuan::exchange::{Kind, Subject, Written, export};
use yusuan::finding::File;
use yusuan::form::Form;
use yusuan::report::plain;

/// `YUSUAN_RANDOM=300 cargo test --release --test drivers exchange::` tries more.
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
    let changes = import::changes(&book, &subject, None, "").expect("they can be compared");
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
fn large_reports_come_back_however_they_print() {
    let form = making::shipped_form();
    for (name, text) in samples::all() {
        assert_unchanged(&form, name, &text);
    }
    for (name, text) in samples::all().into_iter().take(2) {
        for print in samples::PRINTS {
            assert_unchanged(&form, &format!("{name}, {print}"), &samples::printed(&text, print));
        }
    }
}

#[test]
fn samples_of_pages_come_back_and_show_every_number() {
    let form = making::shipped_form();
    for entry in std::fs::read_dir("tests/pages").expect("the folder is there") {
        let path = entry.expect("it can be read").path();
        let text = std::fs::read_to_string(&path).expect("it is text");
        let name = path.display().to_string();
        assert_unchanged(&form, &name, &text);
        let report = making::shown(form.report(&making::shown(making::budget(&text))));
        let sheets = workbook_widths(&workbook(&form, &text));
        for (table, widths) in report.tables().zip(sheets) {
            let cells = table.grid.rows.iter().flat_map(|row| &row.cells);
            for cell in cells.filter(|cell| cell.figure().is_some()) {
                let across = cell.column..cell.column + cell.columns;
                let room: f64 = across.map(|column| widths[column]).sum();
                let text = plain(&cell.text);
                // Excel counts widths in digits of 10.5 points.
                let size: f64 = table.size.parse().expect("a size is a number");
                let needed = text.len() as f64 * size / 10.5;
                assert!(room > needed, "{name}, {}: {text} in {room}", table.number);
            }
        }
    }
}

/// An amount that is typed over in an official table is taken, however the tables print.
#[test]
fn an_amount_is_typed_over_in_any_print() {
    let form = making::shipped_form();
    let base = support::text("tests/rules/base.yaml");
    for print in samples::PRINTS {
        let text = format!("{base}\n{print}\n");
        let workbook = workbook(&form, &text);
        let (sheet, cell, shown) = TYPED_OVER;
        let more = if print.starts_with(IN_YUAN) { "2070000" } else { shown };
        let book = by_hand(&workbook, &[(sheet, cell, &format!("<v>{more}</v>"))]);
        let (changes, back) = imported(&form, &book, &text);
        assert!(changes.doubts.is_empty(), "{print}: {}", making::text_of(&changes.doubts));
        let new: Vec<&str> = back.lines().filter(|line| !text.contains(line)).collect();
        assert!(new.len() == 1 && new[0].contains("2010301, 基本支出: 207"), "{print}: {new:?}");
    }
}

/// The base's 200 万元 of 2010301 in table 3.
const TYPED_OVER: (&str, &str, &str) = ("表3 支出总表", "E10", "207");
/// The print that has it in 元.
const IN_YUAN: &str = "印刷: {零: 空白, 单位: 元";

#[test]
fn invented_reports_come_back() {
    let form = making::shipped_form();
    inventor::for_reports(&form, SOURCES, |seed, text| {
        assert_unchanged(&form, &format!("seed {seed}"), text);
    });
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

/// In the archive's raw directory, the system that made each entry is Unix, wherever it was made.
#[test]
fn a_workbook_says_the_same_maker_everywhere() {
    let text = std::fs::read_to_string("input/2023.yaml").expect("it is there");
    let workbook = workbook(&making::shipped_form(), &text);
    let entries = workbook.windows(4).enumerate().filter(|(_, at)| *at == b"PK\x01\x02");
    let makers: Vec<u8> = entries.map(|(at, _)| workbook[at + 5]).collect();
    assert!(makers.len() > 10 && makers.iter().all(|maker| *maker == 3), "{makers:?}");
}

fn by_hand(workbook: &[u8], cells: &[(&str, &str, &str)]) -> Vec<u8> {
    let hands = cells.iter().map(|(sheet, cell, xml)| Hand::Put(sheet, cell, (*xml).to_owned()));
    edited(workbook, &hands.collect::<Vec<_>>())
}

/// Edits of the 2023 workbook: what is put into which cell, and what then differs in the source.
fn edit_2023(cells: &[(&str, &str, &str)]) -> (Changes, Vec<String>) {
    let form = making::shipped_form();
    let text = std::fs::read_to_string("input/2023.yaml").expect("it is there");
    let (changes, back) = imported(&form, &by_hand(&workbook(&form, &text), cells), &text);
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
fn an_amount_that_shows_another_unit_is_a_doubt() {
    let form = making::shipped_form();
    let text = support::text("tests/rules/base.yaml").replace("小数: 0", "小数: 1");
    let workbook = reformatted(&workbook(&form, &text), "#,##0.0", "#,##0.0&quot;元&quot;");
    let (changes, back) = imported(&form, &workbook, &text);
    let says = |wanted: &str| changes.doubts.iter().any(|it| it.message.contains(wanted));
    assert!(says("数据-项目!C2 显示的是“120元”，而这里的数以万元为单位"));
    assert!(says("表3 支出总表!E10 显示的是") && back == text);
}

#[test]
fn a_workbook_without_its_source_is_told_to_be_one() {
    let form = making::shipped_form();
    let text = support::text("tests/rules/base.yaml");
    let mut book = import::open(&workbook(&form, &text)).expect("it can be opened");
    book.sheets.retain(|sheet| sheet.name != "数据文件");
    let message = import::base(&book).expect_err("its source is gone").message;
    assert!(message.contains("没有“数据文件”这一页"), "{message}");
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
    let workbook = by_hand(&workbook(&form, &text), &[("数据文件", "B11", "<v>1</v>")]);
    let book = import::open(&workbook).expect("it can be opened");
    assert!(import::base(&book).is_err());
}

/// A copy of a PDF with another word in an attached file.
fn forged(pdf: &[u8], old: &str, new: &str) -> Vec<u8> {
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
        if text.contains(old) {
            stream.set_plain_content(text.replace(old, new).into_bytes());
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
    std::fs::write(&other, forged(&pdf, "基本支出: 1149", "基本支出: 1148"))
        .expect("the folder can be written");
    let (code, said) = run(&[verify, other.as_os_str()]);
    assert!(code == Some(1) && said.contains("2023.yaml 与生成时的指纹不同"), "{said}");

    let plain = folder.path().join("plain.pdf");
    let build = ["build", "input/2023.yaml", "-o"].map(std::ffi::OsStr::new);
    assert_eq!(run(&[&build[..], &[plain.as_os_str()]].concat()).0, Some(0));
    let (code, said) = run(&[verify, plain.as_os_str()]);
    assert!(code == Some(1) && said.contains("没有附数据文件"), "{said}");
}

/// A form of one's own travels in the PDF: verify needs no folder, and sees when it was changed.
#[test]
fn a_form_of_ones_own_is_verified_too() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let form = folder.path().join("templates/own");
    support::copy(std::path::Path::new("templates/shenzhen-2023"), &form);
    let wording = form.join("tables/01-totals.j2");
    let table = std::fs::read_to_string(&wording).expect("the form has a first table");
    assert!(table.contains("可能存在尾数误差"));
    let own = table.replace("可能存在尾数误差", "会有尾数误差");
    std::fs::write(&wording, own).expect("it can be written");
    let text = std::fs::read_to_string("input/2023.yaml").expect("it is there");
    let source = text.replace("表式: shenzhen-2023", "表式: own");
    std::fs::write(folder.path().join("own.yaml"), source).expect("it can be written");
    let run = |arguments: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_yusuan"));
        let output = command.args(arguments).current_dir(folder.path()).output();
        let output = output.expect("the program runs");
        let said =
            [output.stdout, output.stderr].map(|text| String::from_utf8_lossy(&text).into_owned());
        (output.status.code(), said.concat())
    };
    let (code, said) = run(&["build", "own.yaml", "--attach", "-o", "own.pdf"]);
    assert_eq!(code, Some(0), "{said}");
    std::fs::remove_dir_all(folder.path().join("templates")).expect("it can be removed");
    let (code, said) = run(&["verify", "own.pdf"]);
    assert!(code == Some(0) && said.contains("相符"), "{said}");

    let pdf = std::fs::read(folder.path().join("own.pdf")).expect("it was written");
    let other = forged(&pdf, "会有尾数误差", "没有尾数误差");
    std::fs::write(folder.path().join("forged.pdf"), other).expect("it can be written");
    let (code, said) = run(&["verify", "forged.pdf"]);
    assert!(
        code == Some(1) && said.contains("所附的表式 own 与生成时的指纹不同，被改过"),
        "{said}"
    );
}

/// Spreadsheets compute what looks like a formula: no text may, every text comes back, and no
/// amount is touched.
#[test]
fn no_text_of_a_csv_file_is_a_formula() {
    let form = making::shipped_form();
    let text = std::fs::read_to_string("tests/rules/base.yaml").expect("it is there");
    let name = "=HYPERLINK(1)";
    let text = text.replace("名称: 城市管理服务", &format!("名称: \"{name}\""));
    let text = text.replace("[城市管理服务, ", &format!("[\"{name}\", "));
    let text = text.replace("名称: 测试市便民服务中心", "名称: \"'测试\"");
    let budget = making::shown(making::budget(&text));
    let report = making::shown(form.report(&budget));
    let subject = Subject { form: &form, budget: &budget, report: &report };
    let (mut names, mut signed) = (std::collections::BTreeSet::new(), 0);
    for kind in [Kind::Csv, Kind::Fdp] {
        let Ok(Written::Folder(files)) = export(&subject, kind) else { panic!("files by name") };
        for (_, bytes) in files.iter().filter(|(name, _)| name.ends_with(".csv")) {
            let text = std::str::from_utf8(bytes).expect("UTF-8").trim_start_matches('\u{FEFF}');
            for line in text.lines().skip(1) {
                let cells: Vec<&str> = line.split(',').collect();
                let amount = if kind == Kind::Csv { cells.len() - 2 } else { cells.len() - 1 };
                signed += usize::from(cells[amount].starts_with('-'));
                assert!(cells[amount].parse::<f64>().is_ok(), "{line}");
                let texts = cells.iter().enumerate().filter(|(at, _)| *at != amount);
                for (_, text) in texts {
                    assert!(!text.starts_with(['=', '+', '-', '@']), "{line}");
                    names.extend(text.strip_prefix('\'').map(str::to_owned));
                }
            }
        }
    }
    assert!(signed > 0, "三公 has a row of differences");
    assert_eq!(names.into_iter().collect::<Vec<_>>(), ["'测试", name]);
}
