//! A form needs no Rust: a small one of another place and year, with its own parts, tables and look.

use crate::support;

use support::pdf::{self, Block};
use yusuan::form::Form;
use yusuan::typeset::{Faces, Typesetter, export};
use yusuan::{audit, budget, source};

fn made(yaml: &str) -> support::Made {
    let source = source::read("mini.yaml", yaml.as_bytes()).expect("the source is sound");
    let form = Form::load("mini", &["tests/forms".into()]).expect("the form is sound");
    let budget = budget::build(source);
    let report = form.report(&budget).expect("the report can be made");
    support::Made { budget, form, report }
}

#[test]
fn its_own_parts_tables_and_look() {
    let made = made(&support::text("tests/forms/mini.yaml"));
    let typesetter = Typesetter::new(Faces::load(&[]).expect("the shipped faces load"));
    let chosen = &made.budget.source.value.fonts;
    let (pages, _) =
        typesetter.typeset(&made.form, &made.report, chosen, None).expect("it can be laid out");
    let pdf = pdf::read(&export::pdf(&pages, &made.report, true).expect("it meets its standards"));
    let headings: Vec<&str> = pdf
        .blocks
        .iter()
        .filter_map(|block| match block {
            Block::Heading(_, text) => Some(text.as_str()),
            _ => None,
        })
        .collect();
    assert_eq!(
        headings,
        [
            "某县水务局2031年预算一览",
            "说明",
            "甲 概况",
            "乙 收支",
            "总数",
            "附表",
            "收入表",
            "支出表",
            "项目表"
        ]
    );
    let tables: Vec<Vec<Vec<&str>>> = pdf
        .blocks
        .iter()
        .filter_map(|block| match block {
            Block::Table(table) => Some(table),
            _ => None,
        })
        .map(|table| {
            let rows = table.head.iter().chain(&table.rows);
            rows.map(|row| row.iter().map(|cell| cell.text.as_str()).collect()).collect()
        })
        .collect();
    assert_eq!(
        tables,
        [
            vec![
                vec!["来源", "金额"],
                vec!["财政", "30.25"],
                vec!["其他", "1.75"],
                vec!["合计", "32.00"]
            ],
            // This table prints yuan.
            vec![
                vec!["编码", "科目", "金额"],
                vec!["213", "农林水支出", "200,000.00"],
                vec!["221", "住房保障支出", "120,000.00"],
                vec!["合计", "320,000.00"]
            ],
            vec![vec!["项目", "金额", "目标"], vec!["渠道维修", "12.00", "修渠三公里"]],
        ]
    );
}

#[test]
fn its_own_rules() {
    let yaml = support::text("tests/forms/mini.yaml");
    let findings = |yaml: &str| {
        let made = made(yaml);
        let found = audit::audit(&made.form, &made.budget, &made.report);
        found.into_iter().map(|finding| finding.code).collect::<Vec<_>>()
    };
    assert_eq!(findings(&yaml), Vec::<String>::new());
    assert_eq!(findings(&yaml.replace("30.25", "31.25")), ["M-01"]);
}
