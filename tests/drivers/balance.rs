//! 舍位平衡: what may be moved in print, what may not, and that every move is told.

use crate::common;

use std::collections::{BTreeMap, BTreeSet};

use common::budgets::{self, SMALL, Style};
use common::chance::Chance;
use yusuan::audit;
use yusuan::finding::Finding;
use yusuan::report::{Origin, Report, Role, plain};

/// Reports of one source before and after balancing, and what balancing says that it moved.
struct Balanced {
    before: Report,
    after: Report,
    moved: Vec<Finding>,
    audit_before: Vec<Finding>,
    audit_after: Vec<Finding>,
}

/// Balances as `--rounding balance` does.
fn balanced(text: &str) -> Balanced {
    let form = common::form();
    let made = common::make(form, text).unwrap_or_else(|found| panic!("{}", common::told(&found)));
    let mut budget = made.budget;
    let audit_before = audit::audit(form, &budget, &made.report);
    budget.format.balance = true;
    let before = form.report(&budget).expect("a report was made before");
    let mut after = before.clone();
    let moved = audit::balance(form, &budget, &mut after);
    let audit_after = audit::audit(form, &budget, &after);
    Balanced { before, after, moved, audit_before, audit_after }
}

/// Amounts of a column by the row's code, or its name; the first row of a name counts.
fn column(report: &Report, table: &str, heading: &str) -> BTreeMap<String, String> {
    let table = report.tables().find(|one| one.number == table).expect("the form has the table");
    let header = table.grid.header.iter().flat_map(|row| &row.cells);
    let column = header
        .filter(|cell| plain(&cell.text) == heading)
        .map(|cell| cell.column)
        .next()
        .expect("the table has the column");
    let mut found = BTreeMap::new();
    for row in &table.grid.rows {
        let texts: Vec<String> = row.cells.iter().map(|cell| plain(&cell.text)).collect();
        let name = texts.iter().find(|text| !text.is_empty()).cloned().unwrap_or_default();
        if let Some(cell) = row.cells.iter().find(|cell| cell.column == column) {
            found.entry(name).or_insert_with(|| plain(&cell.text));
        }
    }
    found
}

/// A department of one unit that spends what its classes say, in exact 元.
fn source(functional: &[(&str, &str)], print: &str) -> String {
    let lines = |lines: &[(&str, &str)]| -> String {
        let line = |(code, amount): &(&str, &str)| format!("{{编码: {code}, 基本支出: {amount}}}");
        lines.iter().map(line).collect::<Vec<_>>().join(", ")
    };
    format!(
        "表式: shenzhen-2023\n年度: 2023\n金额: {{单位: 元, 小数: 2}}\n印刷: {print}\n\
         部门: {{名称: 测试市综合管理局}}\n\
         预算单位: [{{性质: 行政单位, 功能分类: [{}]}}]\n",
        lines(functional)
    )
}

/// The example of UFO's manual: 50.23 + 5.24 = 55.47, a tenth of it 5.02 + 0.52 ≠ 5.55; the part
/// that lost most in rounding (0.524 → 0.52) takes the missing digit.
#[test]
fn the_example_of_the_textbooks() {
    let text = source(&[("2010301", "50230.00"), ("2010302", "5240.00")], "{单位: 万元, 小数: 2}");
    let result = balanced(&text);
    let before = column(&result.before, "表3", "支出总计");
    assert_eq!(
        (&*before["2010301"], &*before["2010302"], &*before["201"]),
        ("5.02", "0.52", "5.55")
    );
    let after = column(&result.after, "表3", "支出总计");
    assert_eq!((&*after["2010301"], &*after["2010302"], &*after["201"]), ("5.02", "0.53", "5.55"));
}

/// 1.4 + 1.3 + 1.3 + 1.2 = 5.2 prints 1 + 1 + 1 + 1 against 5: the largest remainder goes up. And
/// 1.6 + 1.7 + 1.5 = 4.8 prints 2 + 2 + 2 against 5: the one that gained most goes down.
#[test]
fn the_largest_remainder_is_moved() {
    let parts = [
        ("2010301", "13000.00"),
        ("2010302", "14000.00"),
        ("2010350", "13000.00"),
        ("2010399", "12000.00"),
    ];
    let after =
        column(&balanced(&source(&parts, "{单位: 万元, 小数: 0}")).after, "表3", "支出总计");
    let printed =
        |codes: &[&str]| codes.iter().map(|code| after[*code].clone()).collect::<Vec<_>>();
    assert_eq!(printed(&["2010301", "2010302", "2010350", "2010399"]), ["1", "2", "1", "1"]);

    let parts = [("2010301", "16000.00"), ("2010302", "17000.00"), ("2010350", "15000.00")];
    let after =
        column(&balanced(&source(&parts, "{单位: 万元, 小数: 0}")).after, "表3", "支出总计");
    let printed: Vec<_> = ["2010301", "2010302", "2010350"].map(|code| after[code].clone()).into();
    assert_eq!(printed, ["2", "2", "1"]);
}

/// 类 5.2 = 款 2.6 + 款 2.6; each 款 = 1.3 + 1.3. From the top down: 5 = 3 + 2 (the 款 printed 3
/// and 3), then 3 = 2 + 1 and 2 = 1 + 1 below.
#[test]
fn levels_are_balanced_from_the_top_down() {
    let parts = [
        ("2010301", "13000.00"),
        ("2010302", "13000.00"),
        ("2010501", "13000.00"),
        ("2010506", "13000.00"),
    ];
    let text = source(&parts, "{单位: 万元, 小数: 0}").replace("编码: 2010501", "编码: 2010507");
    let after = column(&balanced(&text).after, "表3", "支出总计");
    let number = |code: &str| after[code].parse::<i64>().expect("a whole number");
    assert_eq!(number("201"), 5);
    assert_eq!(number("20103") + number("20105"), 5);
    assert_eq!(number("2010301") + number("2010302"), number("20103"));
    assert_eq!(number("2010506") + number("2010507"), number("20105"));
}

/// The rules whose both sides stand in one of the tables that balancing works on.
const WITHIN: [&str; 9] =
    ["T3-01", "T3-02", "T3-03", "T5-02", "T7-01", "T7-02", "T7-03", "T8-01", "T8-02"];

fn rounded_within(findings: &[Finding]) -> Vec<Finding> {
    let within =
        |found: &&Finding| WITHIN.iter().any(|code| found.message.contains(&format!("（{code}）")));
    findings.iter().filter(|found| found.code == audit::ROUNDING).filter(within).cloned().collect()
}

#[test]
fn the_2023_source_adds_up_once_balanced() {
    let result = balanced(&common::source_2023());
    assert!(!rounded_within(&result.audit_before).is_empty(), "nothing to balance proves nothing");
    let left = rounded_within(&result.audit_after);
    assert!(left.is_empty(), "{}", common::told(&left));
    // Table 5's other parts, and the total of all: as published.
    let after = column(&result.after, "表3", "支出总计");
    assert_eq!(after["深圳市人力资源和社会保障数据管理中心"], "10,327");
}

/// Every table cell that prints a figure: table, row, cell, and the two prints of it.
fn cells(result: &Balanced) -> Vec<(String, Role, usize, String, String)> {
    let mut found = Vec::new();
    for (before, after) in result.before.tables().zip(result.after.tables()) {
        for (old, new) in before.grid.rows.iter().zip(&after.grid.rows) {
            for (old_cell, new_cell) in old.cells.iter().zip(&new.cells) {
                if let Some(figure) = new_cell.figure() {
                    found.push((
                        after.number.clone(),
                        new.role,
                        figure.identity(),
                        plain(&old_cell.text),
                        plain(&new_cell.text),
                    ));
                }
            }
        }
    }
    found
}

fn random_sources() -> impl Iterator<Item = (u64, String)> {
    (0..60).map(|seed| {
        let mut random = Chance::new(seed);
        let budget = budgets::random(&mut random, SMALL);
        let style = Style { rounded_to: None, totals: seed % 2 == 0 };
        (seed, budgets::source(&budget, style, &mut random))
    })
}

#[test]
fn a_total_is_never_moved() {
    let mut moved = 0;
    for (seed, text) in random_sources() {
        for (table, role, _, before, after) in cells(&balanced(&text)) {
            if matches!(role, Role::Unit | Role::Total) {
                assert_eq!(before, after, "seed {seed}, {table}: a total was moved");
            }
            moved += usize::from(before != after);
        }
    }
    assert!(moved > 100, "only {moved} cells were moved: that proves little");
}

/// One amount must not print 5 in table 3 and 6 in table 7, nor in the text.
#[test]
fn a_figure_prints_the_same_everywhere() {
    for (seed, text) in random_sources() {
        let result = balanced(&text);
        let mut prints: BTreeMap<usize, BTreeSet<String>> = BTreeMap::new();
        for (table, _, identity, _, after) in cells(&result) {
            // Table 12 prints without commas.
            if table != "表12" {
                prints.entry(identity).or_default().insert(after);
            }
        }
        for block in result.after.chapters().flat_map(|chapter| &chapter.blocks) {
            if let yusuan::report::Block::Paragraph(line) = block {
                for piece in line {
                    if let Origin::Figure(figure, _) = &piece.origin
                        && let Some(prints) = prints.get_mut(&figure.identity())
                        && (piece.text.contains(',') || piece.text.len() <= 3)
                    {
                        prints.insert(piece.text.clone());
                    }
                }
            }
        }
        let differ: Vec<_> = prints.values().filter(|prints| prints.len() > 1).collect();
        assert!(differ.is_empty(), "seed {seed}: {differ:?}");
    }
}

#[test]
fn every_move_is_listed() {
    let random: Vec<(u64, String)> = random_sources().collect();
    for (seed, text) in random.into_iter().chain([(2023, common::source_2023())]) {
        let result = balanced(&text);
        let all = cells(&result);
        let moved = all.iter().filter(|(.., before, after)| before != after);
        let moved: BTreeMap<usize, (&String, &String)> =
            moved.map(|(_, _, identity, before, after)| (*identity, (before, after))).collect();
        let told: Vec<&str> = result.moved.iter().map(|found| found.message.as_str()).collect();
        assert!(result.moved.iter().all(|found| found.code == audit::BALANCED && !found.blocks()));
        assert_eq!(moved.len(), told.len(), "seed {seed}: {moved:?}\n{told:#?}");
        for (before, after) in moved.values() {
            let end = format!("由 {before} 印成 {after}");
            assert!(told.iter().any(|line| line.ends_with(&end)), "seed {seed}: {end} is not told");
        }
    }
}

/// 2080505 and 30108 are the same money: another part takes the missing digit.
#[test]
fn what_a_rule_binds_is_not_parted() {
    let result = balanced(&common::source_2023());
    let (by_function, by_class) =
        (column(&result.after, "表7", "基本支出"), column(&result.after, "表8", "基本支出"));
    for (function, class) in [("2080505", "30108"), ("2080506", "30109"), ("2210201", "30113")] {
        assert_eq!(by_function[function], by_class[class], "{function} and {class}");
    }
}

/// A figure is listed once, with every part and table that prints it.
#[test]
fn a_move_names_everywhere_that_it_is_printed() {
    let result = balanced(&common::source_2023());
    let told = |name: &str| {
        let found = result.moved.iter().find(|found| found.message.contains(name));
        found.map(|found| found.message.clone()).unwrap_or_default()
    };
    assert!(
        told("“政府投资项目”").contains("第二部分、第三部分、第七部分、表5"),
        "{}",
        common::told(&result.moved)
    );
}

/// A fault of the source must show as it did: balancing is for rounding alone.
#[test]
fn a_wrong_source_is_not_hidden() {
    let text = common::source_2023();
    let faults = [
        ("名称: 事业单位离退休, 基本支出: 52", "名称: 事业单位离退休, 基本支出: 152"),
        ("名称: 商品和服务支出, 基本支出: 65", "名称: 商品和服务支出, 基本支出: 85"),
        ("预算: 4629", "预算: 4729"),
        ("支出总计: 337", "支出总计: 347"),
    ];
    for (old, new) in faults {
        assert!(text.contains(old), "the source has changed: {old}");
        let result = balanced(&text.replacen(old, new, 1));
        let codes = |findings: &[Finding]| -> BTreeSet<String> {
            common::blocking(findings).into_iter().map(|found| found.code).collect()
        };
        let (before, after) = (codes(&result.audit_before), codes(&result.audit_after));
        assert!(!before.is_empty(), "{new} is no fault");
        assert!(before.is_subset(&after), "{new}: {before:?} became {after:?}");
    }
}

/// A table printed in another unit has digits of its own: what was settled in 万元 is not its.
#[test]
fn a_table_in_another_unit_keeps_its_amounts() {
    let parts = [("2010301", "50230.00"), ("2010302", "5240.00")];
    let text =
        source(&parts, "{单位: 万元, 小数: 2}") + "表格: {表7: {印刷: {单位: 元, 小数: 2}}}\n";
    let after = column(&balanced(&text).after, "表7", "支出总计");
    assert_eq!((&*after["2010301"], &*after["2010302"]), ("50,230.00", "5,240.00"));
    assert_eq!(after["测试市综合管理局"], "55,470.00");
}

#[test]
fn nothing_moves_unless_it_is_asked_for() {
    let form = common::form();
    let made = common::make(form, &common::source_2023()).expect("the source is in order");
    let mut report = made.report.clone();
    assert!(audit::balance(form, &made.budget, &mut report).is_empty());
    assert_eq!(format!("{:?}", made.report.groups), format!("{:?}", report.groups));
}

/// The source can ask for it, for one table or for all.
#[test]
fn a_source_can_ask_for_it() {
    let parts = [("2010301", "50230.00"), ("2010302", "5240.00")];
    let text = source(&parts, "{单位: 万元, 小数: 2, 舍位平衡: 是}");
    let made = common::make(common::form(), &text).expect("the source is in order");
    let mut report = made.report;
    assert!(!audit::balance(common::form(), &made.budget, &mut report).is_empty());
    assert_eq!(column(&report, "表3", "支出总计")["2010302"], "0.53");
}
