//! What changed between two reports: every case of `tests/diff/cases.md` with its whole answer
//! beside it (`UPDATE=1` rewrites the answers), all forms of an answer, PDFs and git.

use crate::common;

use std::path::Path;
use std::process::{Command, Output};

use yusuan::compare::{self, Change, Comparison};

fn changed(text: &str, block: &str) -> String {
    block.lines().fold(text.to_owned(), |text, line| {
        let (old, new) = line.split_once(" => ").unwrap_or_else(|| panic!("no change: {line}"));
        let old = old.replace("\\n", "\n");
        assert!(text.contains(&old), "the base has no “{old}”");
        text.replacen(&old, &new.replace("\\n", "\n"), 1)
    })
}

/// The cases: a name, and the changes of its block.
fn cases() -> Vec<(String, String)> {
    let text = common::read("tests/diff/cases.md");
    let sections = text.split("\n## ").skip(1);
    sections
        .map(|section| {
            let (name, rest) = section.split_once('\n').expect("a name");
            let block = rest.split("```").nth(1).expect("a block");
            (name.trim().to_owned(), block.trim_start_matches('\n').to_owned())
        })
        .collect()
}

fn compared(old: &str, new: &str) -> Comparison {
    let report = |text: &str| match common::make(common::form(), text) {
        Ok(made) => made.report,
        Err(findings) => panic!("{}", common::told(&findings)),
    };
    compare::compare(&report(old), &report(new))
}

#[test]
fn every_case_has_its_answer() {
    let base = common::read("tests/rules/base.yaml");
    let cases = cases();
    assert!(cases.len() >= 10);
    for (name, block) in cases {
        let answer = compare::to_text(&compared(&base, &changed(&base, &block)), false);
        let path = common::root().join(format!("tests/diff/{name}.txt"));
        if std::env::var_os("UPDATE").is_some() {
            std::fs::write(&path, &answer).unwrap();
        }
        let wanted = std::fs::read_to_string(&path).unwrap_or_default();
        assert_eq!(answer, wanted, "{name}");
    }
}

/// What is new one way round is gone the other way round, and every address leads to its text.
#[test]
fn both_ways_round() {
    let base = common::read("tests/rules/base.yaml");
    for (name, block) in cases() {
        let new = changed(&base, &block);
        let (there, back) = (compared(&base, &new), compared(&new, &base));
        let count = |it: &Comparison, change: Change| {
            let rows = it.tables.iter().flat_map(|table| &table.rows);
            rows.filter(|row| row.change == change).count()
                + it.texts.iter().filter(|text| text.change == change).count()
        };
        assert_eq!(count(&there, Change::Added), count(&back, Change::Removed), "{name}");
        assert_eq!(count(&there, Change::Removed), count(&back, Change::Added), "{name}");
        assert_eq!(there.totals.len(), back.totals.len(), "{name}");
        let report = common::make(common::form(), &new).map(|made| made.report).ok().unwrap();
        let tables: Vec<_> = report.tables().collect();
        for cell in there.tables.iter().flat_map(|table| &table.rows).flat_map(|row| &row.cells) {
            let Some(printed) = &cell.new else { continue };
            let yusuan::report::Address::Cell { table, row, cell } = printed.address else {
                panic!("{name}: a cell stands in a table")
            };
            let there = &tables[table].grid.rows[row].cells[cell];
            assert_eq!(yusuan::report::plain(&there.text), printed.text, "{name}");
        }
    }
}

struct Folder(tempfile::TempDir);

impl Folder {
    fn new() -> Self {
        Self(tempfile::tempdir().expect("there is room for a folder"))
    }

    fn write(&self, name: &str, text: &str) {
        std::fs::write(self.0.path().join(name), text).expect("it can be written");
    }

    fn run(&self, program: &str, arguments: &[&str]) -> Output {
        Command::new(program)
            .args(arguments)
            .current_dir(self.0.path())
            .env("HOME", self.0.path())
            .env_remove("XDG_CONFIG_HOME")
            .env("GIT_CONFIG_NOSYSTEM", "1")
            .output()
            .expect("the program runs")
    }

    fn yusuan(&self, arguments: &[&str]) -> Output {
        self.run(env!("CARGO_BIN_EXE_yusuan"), arguments)
    }
}

fn out(output: &Output) -> String {
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{errors}");
    String::from_utf8(output.stdout.clone()).expect("UTF-8")
}

const NEW: (&str, &str) = ("基本支出: 1149}", "基本支出: 1169}");

fn two_sources() -> Folder {
    let folder = Folder::new();
    let text = common::source_2023();
    folder.write("old.yaml", &text);
    folder.write("new.yaml", &text.replace(NEW.0, NEW.1));
    folder
}

#[test]
fn every_form_of_an_answer() {
    let folder = two_sources();
    let json = out(&folder.yusuan(&["diff", "old.yaml", "new.yaml", "--to", "json"]));
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(json["totals"][0]["difference"], "+20");
    assert_eq!(json["totals"][0]["because"][0]["row"], "事业运行");
    let html = out(&folder.yusuan(&["diff", "old.yaml", "new.yaml", "--to", "html"]));
    assert!(html.contains("<del>10,327</del><ins>10,347</ins>"), "{html}");
    out(&folder.yusuan(&["diff", "old.yaml", "new.yaml", "--to", "pdf", "-o", "a.pdf"]));
    out(&folder.yusuan(&["diff", "old.yaml", "new.yaml", "--to", "pdf", "-o", "b.pdf"]));
    let read = |name: &str| std::fs::read(folder.0.path().join(name)).unwrap();
    assert_eq!(read("a.pdf"), read("b.pdf"), "the same bytes on every run");
    let pdf = lopdf::Document::load_mem(&read("a.pdf")).unwrap();
    let pages: Vec<u32> = pdf.get_pages().keys().copied().collect();
    let plain = out(&folder.yusuan(&["build", "old.yaml", "-o", "c.pdf"]));
    assert!(plain.contains("c.pdf"));
    let bare = lopdf::Document::load_mem(&read("c.pdf")).unwrap();
    assert!(pages.len() > bare.get_pages().len(), "a summary stands behind the report");
}

#[test]
fn codes() {
    let folder = two_sources();
    let code = |arguments: &[&str]| folder.yusuan(arguments).status.code();
    assert_eq!(code(&["diff", "old.yaml", "new.yaml"]), Some(0));
    assert_eq!(code(&["diff", "old.yaml", "new.yaml", "--exit-code"]), Some(1));
    assert_eq!(code(&["diff", "old.yaml", "old.yaml", "--exit-code"]), Some(0));
    assert_eq!(code(&["diff", "old.yaml", "none.yaml"]), Some(2));
    folder.write("bad.yaml", "年度: 二〇二三\n");
    assert_eq!(code(&["diff", "old.yaml", "bad.yaml"]), Some(1));
}

#[test]
fn a_pdf_with_its_source() {
    let folder = two_sources();
    out(&folder.yusuan(&["build", "old.yaml", "--attach", "-o", "old.pdf"]));
    let same = out(&folder.yusuan(&["diff", "old.pdf", "old.yaml"]));
    assert_eq!(same, "两份报告一样。\n");
    let changed = out(&folder.yusuan(&["diff", "old.pdf", "new.yaml"]));
    assert!(changed.contains("2080150 事业运行：支出总计 1,149 → 1,169（+20）"), "{changed}");
    out(&folder.yusuan(&["build", "old.yaml", "-o", "bare.pdf"]));
    let bare = folder.yusuan(&["diff", "bare.pdf", "old.yaml"]);
    assert_eq!(bare.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&bare.stderr).contains("没有附数据文件"));
}

/// A repository in which the source was changed, and git told how to compare it.
#[test]
fn git() {
    let folder = Folder::new();
    let git = |arguments: &[&str]| out(&folder.run("git", arguments));
    let program = env!("CARGO_BIN_EXE_yusuan");
    assert!(Path::new(program).exists());
    git(&["init", "-q"]);
    git(&["config", "user.name", "测试"]);
    git(&["config", "user.email", "test@example.org"]);
    folder.write(".gitattributes", "*.yaml diff=yusuan\n");
    folder.write("2023.yaml", &common::source_2023());
    git(&["add", "."]);
    git(&["commit", "-qm", "初稿"]);
    folder.write("2023.yaml", &common::source_2023().replace(NEW.0, NEW.1));

    git(&["config", "diff.yusuan.textconv", &format!("'{program}' diff --git")]);
    let lines = git(&["diff"]);
    assert!(lines.contains("事业运行 | 1,169 | 1,169 | 0"), "{lines}");
    assert!(lines.contains("比2022年增加5,677万元"), "{lines}");

    git(&["config", "diff.yusuan.command", &format!("'{program}' diff --git")]);
    let told = git(&["diff"]);
    assert!(told.starts_with("2023.yaml\n"), "{told}");
    assert!(told.contains("2080150 事业运行：支出总计 1,149 → 1,169（+20）"), "{told}");

    let tool = format!("'{program}' diff");
    let told = git(&["difftool", "-y", "--extcmd", &tool]);
    assert!(told.contains("[-10,327-]{+10,347+}"), "{told}");

    // A version that gives no report, a new file and a deleted one stop nothing.
    git(&["commit", "-qam", "二稿"]);
    folder.write("2023.yaml", "年度: 二〇二三\n");
    folder.write("2024.yaml", &common::source_2023());
    git(&["add", "-N", "2024.yaml"]);
    let told = git(&["diff"]);
    assert!(told.contains("有一版做不出报告") && told.contains("新增的文件"), "{told}");
}

/// What changed in a table inside a part is marked in its own cells.
#[test]
fn a_table_inside_a_part_is_marked_cell_by_cell() {
    let old = common::source_2023();
    let name = "名称: 信息化运维项目\n        预算: 1953";
    assert!(old.contains(name));
    let new = old.replace(name, "名称: 信息化运维服务项目\n        预算: 1900");
    let new = new.replace("信息化运维项目]", "信息化运维服务项目]");
    let new = new.replace("进行不少于2次的信息", "进行不少于3场次的信息");
    let report = |text: &str| match common::make(common::form(), text) {
        Ok(made) => made.report,
        Err(findings) => panic!("{}", common::told(&findings)),
    };
    let (old, new) = (report(&old), report(&new));
    let mut told = Vec::new();
    for ((address, place), marks) in compare::marks(&compare::compare(&old, &new), &new) {
        let Some((row, cell)) = place else { continue };
        let yusuan::report::Address::Block { chapter, block } = address else {
            panic!("a table inside a part is a block")
        };
        let chapter = new.chapters().nth(chapter).expect("the part is there");
        let yusuan::report::Block::Table(grid) = &chapter.blocks[block] else {
            panic!("only a table has rows")
        };
        let row_of = grid.header.iter().chain(&grid.rows).nth(row).expect("the row is there");
        let text = yusuan::report::plain(&row_of.cells[cell].text);
        told.extend(marks.into_iter().map(|mark| {
            let gone = mark.gone.unwrap_or_default();
            format!("{row}/{cell} [-{gone}-]{{+{}+}}", &text[mark.range])
        }));
    }
    assert_eq!(told, ["4/0 [--]{+服务+}", "4/1 [-1953-]{+1900+}", "4/2 [-2-]{+3场+}"]);
}
