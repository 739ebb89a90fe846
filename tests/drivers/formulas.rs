//! The formula language: what it reads, what it refuses, and that a wrong rule is reported where
//! it was written instead of being skipped.

use crate::common;

use std::sync::Arc;

use yusuan::audit::formula::{Columns, Factor, Formula, Relation, Row, Rows, Sign, Term};
use yusuan::audit::ids::Ids;
use yusuan::finding::{Finding, Severity};

/// Reads a line with the ids of twelve tables and one part.
fn read(line: &str) -> Result<Arc<Formula>, String> {
    let tables = (1..=12).map(|number| format!("表{number}"));
    Ids::new(tables.chain(["公开01表".into()]).collect(), vec!["第四部分".into()]).read(line)
}

fn cell(table: Option<&str>, row: Option<Row>, column: Option<&str>) -> Term {
    Term::Cell { table: table.map(Into::into), row, column: column.map(Into::into) }
}

fn named(name: &str) -> Option<Row> {
    Some(Row::Named(name.into()))
}

#[test]
fn a_plain_comparison() {
    let formula =
        read("表1.收入总计 = 表1.本年收入合计 + 表1.「上年结余、结转」 - 3").expect("readable");
    assert_eq!(formula.scope.rows, Rows::Named);
    assert_eq!(formula.claim.relation, Relation::Equal);
    assert_eq!(formula.claim.left, [(Sign::Plus, cell(Some("表1"), named("收入总计"), None))]);
    let right = [
        (Sign::Plus, cell(Some("表1"), named("本年收入合计"), None)),
        (Sign::Plus, cell(Some("表1"), named("上年结余、结转"), None)),
        (Sign::Minus, Term::Number(3.into())),
    ];
    assert_eq!(formula.claim.right, right);
}

#[test]
fn scopes() {
    let formula =
        read("表7 每行 有编码: 支出总计 = 表3.同行.支出总计 当 表10.合计行.支出总计 = 0 且 1 ≤ 2")
            .expect("readable");
    assert_eq!(formula.scope.table.as_deref(), Some("表7"));
    assert_eq!(formula.scope.rows, Rows::Each);
    assert!(formula.scope.coded);
    assert_eq!(formula.claim.left, [(Sign::Plus, cell(None, None, Some("支出总计")))]);
    assert_eq!(
        formula.claim.right,
        [(Sign::Plus, cell(Some("表3"), Some(Row::Same), Some("支出总计")))]
    );
    assert_eq!(formula.conditions.len(), 2);
    assert_eq!(formula.conditions[1].relation, Relation::AtMost);

    let formula = read("表1 每级 支出: 上级 = 下级之和").expect("readable");
    assert_eq!(formula.scope.rows, Rows::Parents);
    assert_eq!(formula.scope.columns, Some(Columns::Under("支出".into())));
    assert_eq!(formula.claim.left, [(Sign::Plus, Term::Parent)]);
    assert_eq!(formula.claim.right, [(Sign::Plus, Term::ChildrenSum)]);

    let formula = read("表9 每单位 每列: 增减变化金额 = 2023年 - 2022年").expect("readable");
    assert_eq!(
        (formula.scope.rows, formula.scope.columns.clone()),
        (Rows::Units, Some(Columns::All))
    );
}

#[test]
fn texts_and_quoted_names() {
    let formula = read("第四部分「共计#万元」 = 表3.合计行.小计").expect("readable");
    let text =
        Term::Text { part: "第四部分".into(), before: "共计".into(), after: "万元".into() };
    assert_eq!(formula.claim.left, [(Sign::Plus, text)]);
    // what stands in quotes is no operator
    let formula = read("表1.「甲 + 乙 = 丙」 ≥ 0").expect("readable");
    assert_eq!(formula.claim.left, [(Sign::Plus, cell(Some("表1"), named("甲 + 乙 = 丙"), None))]);
    assert_eq!(formula.claim.relation, Relation::AtLeast);
}

#[test]
fn products_percents_and_brackets() {
    let formula = read("公开01表.甲 = (表1.乙 - 表1.丙) ÷ 表1.丙 × 12.5%").expect("readable");
    assert_eq!(formula.claim.left, [(Sign::Plus, cell(Some("公开01表"), named("甲"), None))]);
    let minuend = (Sign::Plus, cell(Some("表1"), named("乙"), None));
    let less = (Sign::Minus, cell(Some("表1"), named("丙"), None));
    let factors = vec![
        (Factor::Over, cell(Some("表1"), named("丙"), None)),
        (Factor::Times, Term::Percent("12.5".parse().expect("a number"))),
    ];
    let product = Term::Product(Box::new(Term::Group(vec![minuend, less])), factors);
    assert_eq!(formula.claim.right, [(Sign::Plus, product)]);
}

#[test]
fn what_cannot_be_read_is_refused_in_chinese() {
    let wrong = [
        ("表1.甲 - 表1.乙 + 表1 = 3", "第 3 项“表1”没有说是哪一行"),
        ("第五部分「共#元」 = 3", "没有第五部分这一部分"),
        ("公开02表.甲 = 3", "没有公开02表这张表，是不是“公开01表”？"),
        ("表1.收入总计", "要有一个 =、≤ 或 ≥"),
        ("表1.收入总计=表1.支出总计", "要有一个 =、≤ 或 ≥"),
        ("表1.甲 = 表1.乙 = 表1.丙", "要有一个 =、≤ 或 ≥"),
        ("表1.甲 = 表1.乙 当 表1.丙 = 0 当 表1.丁 = 0", "“当”只能有一个"),
        ("表1.甲 +  + 表1.乙 = 3", "是空的"),
        ("表1 = 3", "没有说是哪一行"),
        ("表1.甲.乙.丙 = 3", "点太多"),
        ("第四部分「共计」 = 3", "少了代表数的 #"),
        ("表1 每行: 甲: 乙 = 丙", "只能有一个"),
    ];
    for (line, complaint) in wrong {
        let error = read(line).expect_err(line);
        assert!(error.contains(complaint), "{line}: {error}");
    }
}

/// The findings of the 2023 source under a form in which a rule has another formula.
fn with_formula(formula: &str) -> Vec<Finding> {
    let folder = tempfile::tempdir().expect("a temporary folder");
    copy(&common::root().join("templates"), folder.path());
    let path = folder.path().join("shenzhen-2023/rules.yaml");
    let rules = std::fs::read_to_string(&path).expect("the copy is there");
    let old = "公式: 表1.收入总计 = 表1.支出总计,";
    assert!(rules.contains(old), "T1-01 has another formula now");
    let new = format!("公式: \"{formula}\",");
    std::fs::write(&path, rules.replace(old, &new)).expect("the copy can be written");
    let form = common::load_form(folder.path().to_owned());
    common::findings_with(&form, &common::source_2023())
}

fn copy(from: &std::path::Path, to: &std::path::Path) {
    for entry in std::fs::read_dir(from).expect("a folder").flatten() {
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            std::fs::create_dir(&target).expect("a new folder");
            copy(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).expect("a file is copied");
        }
    }
}

#[test]
fn a_rule_that_is_wrong_is_reported_where_it_stands() {
    let line = common::read("templates/shenzhen-2023/rules.yaml")
        .lines()
        .position(|line| line.contains("代码: T1-01"))
        .expect("T1-01 is a rule")
        + 1;
    let wrong = [
        ("表77.收入总计 = 表1.支出总计", "没有表77"),
        ("表1.收入总合 = 表1.支出总计", "表1 没有“收入总合”这一行"),
        ("表3.合计行.支出总合 = 表1.支出总计", "表3 没有“支出总合”这一栏"),
        ("表3.合计行 = 表1.支出总计", "没有说是哪一栏"),
        ("表2.合计行.小计 = 表1.支出总计", "表2 没有“小计”这一栏，或不止一栏"),
        ("表1.收入总计 == 表1.支出总计", "读不懂"),
        ("{{ 没有.这个 }} = 1", ""),
    ];
    for (formula, complaint) in wrong {
        let findings = with_formula(formula);
        let faults: Vec<&Finding> =
            findings.iter().filter(|found| found.severity == Severity::Error).collect();
        let [fault] = faults.as_slice() else {
            panic!("{formula}: one error was expected\n{}", common::told(&findings));
        };
        assert!(fault.message.contains(complaint), "{formula}: {}", fault.message);
        let spot = fault.spot.as_ref().unwrap_or_else(|| panic!("{formula}: no place"));
        let code = if complaint.is_empty() { "S13" } else { "F03" };
        assert_eq!(fault.code, code, "{formula}");
        assert!(spot.file.name.ends_with("rules.yaml"), "{formula}: {}", spot.file.name);
        assert_eq!(common::line_of(spot), line, "{formula}");
    }
}

/// A code that nothing is spent under is zero, not a fault: not every office buys cars.
#[test]
fn a_code_without_a_row_is_zero() {
    let findings = with_formula("表8.30913.支出总计 = 0");
    assert!(common::errors(&findings).is_empty(), "{}", common::told(&findings));
    let findings = with_formula("表8.30913.支出总计 = 5");
    assert_eq!(common::errors(&findings).len(), 1, "{}", common::told(&findings));
}
