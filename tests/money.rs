//! Amounts print exactly as they were typed, whatever the unit, the decimals and the grouping:
//! compared with arithmetic on strings, which shares nothing with the program's.

mod support;

use support::chance::Chance;
use support::making;
use yusuan::budget::{Budget, Figure, Format};
use yusuan::report::plain;
use yusuan::source::model::{Decimals, MoneyUnit, Print, YesNo, Zero};

const UNITS: [(&str, MoneyUnit); 2] = [("元", MoneyUnit::Yuan), ("万元", MoneyUnit::TenThousand)];
const DECIMALS: [Decimals; 3] = [Decimals::Zero, Decimals::One, Decimals::Two];
/// So many of the longest amounts stay below the bound on their sum.
const AMOUNTS: usize = 6;

/// A source whose only project has these details; totals mean nothing here.
fn source(unit: &str, amounts: &[String]) -> String {
    let details: String =
        amounts.iter().map(|amount| format!("{{名称: 甲, 金额: {amount}}}, ")).collect();
    format!(
        "表式: shenzhen-2023\n年度: 2023\n金额: {{单位: {unit}}}\n部门: {{名称: 某局}}\n\
         预算单位:\n  - 性质: 行政单位\n    项目: [{{名称: 项, 预算: 0, 明细: [{details}]}}]\n"
    )
}

fn details(budget: &Budget) -> &[Figure] {
    &budget.units[0].projects[0].details
}

/// What the amount should print as: the point moved, halves rounded up, a comma every three digits.
fn expected(amount: &str, point_left: i32, decimals: usize, grouping: bool) -> String {
    let (integer, fraction) = amount.split_once('.').unwrap_or((amount, ""));
    let digits = format!("{}{integer}{fraction}{}", "0".repeat(30), "0".repeat(30));
    // Where the point stands in `digits`, and how many of them are printed.
    let point = (30 + integer.len()) as i32 - point_left;
    let kept = point as usize + decimals;
    let mut printed: Vec<u8> = digits.as_bytes()[..kept].to_vec();
    if digits.as_bytes()[kept] >= b'5' {
        let mut at = kept - 1;
        while printed[at] == b'9' {
            printed[at] = b'0';
            at -= 1;
        }
        printed[at] += 1;
    }
    let printed = String::from_utf8(printed).expect("digits");
    let (integer, fraction) = printed.split_at(point as usize);
    let integer = integer.trim_start_matches('0');
    let integer = if integer.is_empty() { "0" } else { integer };
    let mut grouped = String::new();
    for (at, digit) in integer.chars().enumerate() {
        if grouping && at > 0 && (integer.len() - at) % 3 == 0 {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    if decimals == 0 { grouped } else { format!("{grouped}.{fraction}") }
}

fn point_left(held: MoneyUnit, printed: MoneyUnit) -> i32 {
    match (held, printed) {
        (MoneyUnit::Yuan, MoneyUnit::TenThousand) => 4,
        (MoneyUnit::TenThousand, MoneyUnit::Yuan) => -4,
        _ => 0,
    }
}

/// Checks the amounts in every unit, with any decimals, grouped or not.
fn check(amounts: &[String]) {
    for (name, held) in UNITS {
        let budget = making::shown(making::budget(&source(name, amounts)));
        for (_, unit) in UNITS {
            for (places, decimals) in DECIMALS.into_iter().enumerate() {
                for (grouping, word) in [(true, YesNo::Yes), (false, YesNo::No)] {
                    let print = Print {
                        unit: Some(unit),
                        decimals: Some(decimals),
                        grouping: Some(word),
                        ..Print::default()
                    };
                    let format = budget.format.with(&print);
                    for (amount, figure) in amounts.iter().zip(details(&budget)) {
                        let wanted = expected(amount, point_left(held, unit), places, grouping);
                        assert_eq!(format.print(figure), wanted, "{amount} {name}, {print:?}");
                    }
                }
            }
        }
    }
}

#[test]
fn the_expectation_itself_is_right() {
    assert_eq!(expected("1234567.89", 0, 1, true), "1,234,567.9");
    assert_eq!(expected("9999.5", 4, 2, false), "1.00");
    assert_eq!(expected("0.05", -4, 0, false), "500");
    assert_eq!(expected("99995", 4, 0, true), "10");
}

#[test]
fn amounts_of_any_length_print_exactly() {
    let mut chance = Chance::new(24);
    for _ in 0..300 {
        let amounts: Vec<String> = (0..AMOUNTS).map(|_| amount(&mut chance)).collect();
        check(&amounts);
    }
}

/// Of 1 to 24 digits, with up to two decimals.
fn amount(chance: &mut Chance) -> String {
    let length = chance.between(1, 24);
    // Nines carry, fives round.
    let digits: String = match chance.between(0, 3) {
        0 => "9".repeat(length),
        1 => chance.digits(length).replace(['0', '1', '2'], "5"),
        _ => chance.digits(length),
    };
    let (integer, fraction) = digits.split_at(length - chance.between(0, 2).min(length - 1));
    if fraction.is_empty() { digits } else { format!("{integer}.{fraction}") }
}

#[test]
fn halves_are_rounded_up() {
    let amounts = ["0.5", "1.5", "2.5", "0.49", "0.05", "0.25"].map(str::to_owned);
    check(&amounts);
    let amounts = ["4999", "5000", "14999", "15000", "25000", "0"].map(str::to_owned);
    check(&amounts);
    // As the reader knows them, not only as the expectation computes them.
    let shown = |amount: &str, unit: &str, print: &Print| {
        let budget = making::shown(making::budget(&source(unit, &[amount.to_owned()])));
        budget.format.with(print).print(&details(&budget)[0])
    };
    let whole = Print { decimals: Some(Decimals::Zero), ..Print::default() };
    let large = Print { unit: Some(MoneyUnit::TenThousand), ..whole.clone() };
    for (amount, rounded) in [("0.5", "1"), ("1.5", "2"), ("2.5", "3"), ("0.49", "0")] {
        assert_eq!(shown(amount, "元", &whole), rounded, "{amount}");
    }
    for (amount, rounded) in [("4999", "0"), ("5000", "1"), ("4999.99", "0"), ("25000", "3")] {
        assert_eq!(shown(amount, "元", &large), rounded, "{amount} 元 in 万元");
    }
}

#[test]
fn zero_prints_as_the_settings_say() {
    let budget = making::shown(making::budget(&source("元", &["0".into(), "0.01".into()])));
    let printed = |zero: Option<Zero>, at: usize| {
        let print = Print { zero, decimals: Some(Decimals::One), ..Print::default() };
        budget.format.with(&print).print(&details(&budget)[at])
    };
    assert_eq!(printed(None, 0), "0.0");
    assert_eq!(printed(Some(Zero::Digit), 0), "0.0");
    assert_eq!(printed(Some(Zero::Blank), 0), "");
    assert_eq!(printed(Some(Zero::Dash), 0), "-");
    // A small amount is no zero: blank would say that there is nothing.
    assert_eq!(printed(Some(Zero::Blank), 1), "0.0");
    assert_eq!(printed(Some(Zero::Dash), 1), "0.0");
}

/// 因公出国 falls from 8 to 3, 公务接待 rises from 0 to 2.
const OFFICIAL: &str =
    "    三公经费: {因公出国（境）费: {本年: 3, 上年: 8}, 公务接待费: {本年: 2}}\n";

#[test]
fn only_changes_are_negative() {
    let yaml = source("元", &["7".into()]) + OFFICIAL;
    let report = making::shown(making::report(&making::shipped_form(), &yaml));
    let mut negative = Vec::new();
    for table in report.tables() {
        for row in &table.grid.rows {
            let cells: Vec<String> = row.cells.iter().map(|cell| plain(&cell.text)).collect();
            if cells.iter().any(|text| text.starts_with('-')) {
                negative.push((table.number.clone(), cells));
            }
        }
    }
    let wanted = ["增减变化金额", "-3.00", "-5.00", "2.00", "0.00", "0.00", "0.00"];
    assert_eq!(negative, [("表9".to_owned(), wanted.map(str::to_owned).to_vec())]);
    let words: String = report.chapters().map(|chapter| format!("{:?}", chapter.blocks)).collect();
    assert!(words.contains("减少") && !words.contains("\"-"), "prose says 减少, never a minus");
}

/// Settings of one table over those of the report, through the form to the cells.
#[test]
fn a_table_prints_in_its_own_unit() {
    let yaml = source("元", &["7".into()])
        + "    收入: {一般公共预算拨款: 123456789.55}\n\
           印刷: {单位: 万元, 小数: 2, 零: 空白}\n\
           表格: {表2: {印刷: {单位: 元, 小数: 1, 分节: 否, 零: '-'}}}\n";
    let report = making::shown(making::report(&making::shipped_form(), &yaml));
    let row = |number: &str, at: usize| -> Vec<String> {
        let table = report.tables().find(|table| table.number == number).expect("it is there");
        table.grid.rows[at].cells.iter().map(|cell| plain(&cell.text)).collect()
    };
    assert_eq!(row("表1", 1)[..2], ["1.一般公共预算拨款", "12,345.68"]);
    assert_eq!(row("表1", 2)[..2], ["2.政府性基金预算拨款", ""]);
    assert_eq!(row("表2", 0)[1..5], ["123456789.6", "123456789.6", "123456789.6", "-"]);
    let right = |number: &str| {
        let table = report.tables().find(|table| table.number == number).expect("it is there");
        plain(&table.right)
    };
    assert_eq!([right("表1"), right("表2")], ["单位：万元", "单位：元"]);
}

/// Sums that no Decimal holds are refused with a finding, never computed wrongly, never a panic.
#[test]
fn too_large_sums_are_refused() {
    let most = "9".repeat(24);
    let units = |fact: &str| -> String {
        let unit = format!("  - {{名称: 甲, 性质: 行政单位, {fact}}}\n").repeat(12);
        format!(
            "表式: shenzhen-2023\n年度: 2023\n金额: {{单位: 万元, 小数: 0}}\n印刷: {{单位: 元}}\n\
             部门: {{名称: 某局}}\n预算单位:\n{unit}"
        )
    };
    let form = making::shipped_form();
    let facts = [
        format!("收入: {{其他收入: {most}}}"),
        format!("项目: [{{名称: 项, 预算: {most}}}]"),
        format!("三公经费: {{公务接待费: {{本年: {most}}}}}"),
        format!("三公经费: {{公务接待费: {{上年: {most}}}}}"),
        format!("政府采购: {{货物: {most}}}"),
        format!("结转下年: {most}"),
        format!("支出合计: {{支出总计: {most}}}"),
        format!("功能分类: [{{编码: 2010301, 小微企业: {most}}}]"),
        format!("功能分类: [{{编码: 2010301, 基本支出: {most}}}]"),
        format!("项目: [{{名称: 项, 预算: 0, 资金来源: {{其他收入: {most}}}}}]"),
        format!("经济分类: [{{编码: 30101, 基本支出: 1, 资金来源: {{其他收入: {most}}}}}]"),
    ];
    for fact in facts {
        let made = std::panic::catch_unwind(|| making::report(&form, &units(&fact)));
        let findings = made.unwrap_or_else(|_| panic!("{fact} panics")).expect_err(&fact);
        assert_eq!(findings[0].code, "B01", "{fact}: {}", making::text_of(&findings));
    }
}

/// The format of a source that says nothing is the one of its amounts.
#[test]
fn nothing_said_prints_as_typed() {
    let budget = making::shown(making::budget(&source("万元", &["1234.5".into()])));
    let wanted =
        Format { grouping: true, decimals: 2, unit: MoneyUnit::TenThousand, ..budget.format };
    assert_eq!(budget.format, wanted);
    assert_eq!(budget.format.print(&details(&budget)[0]), "1,234.50");
}
