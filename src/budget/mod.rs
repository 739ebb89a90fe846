//! From facts to figures: what a budget is in general, whatever form it will be printed in.
//!
//! Everything that can be computed is computed here once: roll-ups of classes, sums of units,
//! totals of income. Nothing here knows of tables or of official wording.

pub mod account;
pub mod classes;
pub mod figure;
pub mod income;
pub mod print;
pub mod targets;

use std::collections::BTreeSet;

use rust_decimal::Decimal;

use crate::finding::Finding;
use crate::source::model::{ClassLine, Income, Source, Unit};
use crate::source::scalar::{MAX_DIGITS, Money};
use crate::source::{Located, shape};
pub use account::Account;
pub use figure::{Figure, Measure, Origin};
pub use print::Format;
use targets::Task;

/// One department's budget of one year.
#[derive(Debug, Clone)]
pub struct Budget {
    pub source: Located<Source>,
    /// The whole department (部门), its units added up.
    pub whole: Account,
    /// The units (预算单位), in the order of the source.
    pub units: Vec<Account>,
    /// Last year's 收入总计 and 支出总计.
    pub last_year: Option<(Figure, Figure)>,
    /// 机关运行经费, this year and last.
    pub operating: Option<(Figure, Figure)>,
    /// 年度主要任务, with their amounts.
    pub tasks: Vec<Task>,
    /// How money is printed unless a table says otherwise.
    pub format: Format,
}

/// Computes the budget of a source, or says what in the source cannot be computed with.
pub fn build(source: Located<Source>) -> Result<Budget, Vec<Finding>> {
    let mut findings = Vec::new();
    bounded(&source, &mut findings);
    for unit in &source.value.units {
        distinct_codes(&source, &unit.functional, &[3, 5, 7], "功能分类", &mut findings);
        distinct_codes(&source, &unit.economic, &[3, 5], "经济分类", &mut findings);
    }
    one_unit_at_least(&source, &mut findings);
    let slack = print::slack(&source.value.amounts);
    let facts = &source.value;
    let units: Vec<Account> =
        facts.units.iter().map(|unit| Account::of(unit, facts, slack)).collect();
    let whole = Account::sum(facts, &units);
    let tasks = targets::tasks(&source, &whole, slack, &mut findings);
    let last_year = facts.last_year.as_ref().map(|last| {
        let income = Figure::stated(&last.income, slack);
        let spending = last
            .spending
            .as_ref()
            .map_or_else(|| income.clone(), |money| Figure::stated(money, slack));
        (income, spending)
    });
    let operating = facts
        .operating
        .as_ref()
        .map(|cost| (Figure::stated(&cost.this, slack), Figure::stated(&cost.last, slack)));
    let format = Format::of(&facts.amounts).with(&facts.print);
    if !findings.is_empty() {
        return Err(findings);
    }
    Ok(Budget { whole, units, last_year, operating, tasks, format, source })
}

/// Bounds the sum of all amounts, so that no sum of some of them can overflow later.
fn bounded(source: &Located<Source>, findings: &mut Vec<Finding>) {
    let most = Decimal::from(7) * Decimal::from(10_u128.pow(MAX_DIGITS as u32));
    let mut sum = Decimal::ZERO;
    for money in amounts(&source.value) {
        match sum.checked_add(money.amount).filter(|sum| *sum <= most) {
            Some(more) => sum = more,
            None => {
                findings.push(
                    Finding::error("B01", "金额太大，加到这里已超出能准确计算的范围")
                        .at(&source.file, money.place.clone())
                        .help("检查有没有多打了零，或把单位改成万元"),
                );
                return;
            }
        }
    }
}

/// Every amount of a source: any of them may become part of a sum.
fn amounts(source: &Source) -> impl Iterator<Item = &Money> {
    let last_year =
        source.last_year.iter().flat_map(|last| [Some(&last.income), last.spending.as_ref()]);
    let operating = source.operating.iter().flat_map(|cost| [Some(&cost.this), Some(&cost.last)]);
    let tasks = source.targets.iter().flat_map(|targets| &targets.tasks);
    let tasks = tasks.flat_map(|task| [task.total.as_ref(), task.other.as_ref()]);
    let all = source.units.iter().flat_map(unit_amounts).chain(last_year).chain(operating);
    all.chain(tasks).flatten()
}

fn unit_amounts(unit: &Unit) -> impl Iterator<Item = Option<&Money>> {
    let lines = unit.functional.iter().chain(&unit.economic);
    let classes = lines.flat_map(|line| {
        let columns = [
            &line.total,
            &line.basic,
            &line.project,
            &line.procurement,
            &line.small_medium,
            &line.small_micro,
        ];
        let sources = line.sources.iter().flat_map(income_amounts);
        columns.map(Option::as_ref).into_iter().chain(sources)
    });
    let projects = unit.projects.iter().flat_map(|project| {
        let details = project.details.iter().map(|detail| Some(&detail.amount));
        let sources = project.sources.iter().flat_map(income_amounts);
        [Some(&project.amount), project.last_year.as_ref()]
            .into_iter()
            .chain(details)
            .chain(sources)
    });
    let stated = unit.total.iter().flat_map(|total| [&total.total, &total.basic, &total.project]);
    let kinds = [&unit.procurement.goods, &unit.procurement.works, &unit.procurement.services];
    let official = &unit.official;
    let years =
        [&official.abroad, &official.reception, &official.car_purchase, &official.car_running];
    let official = years.into_iter().flat_map(|years| [&years.this, &years.last]);
    let single = stated.chain(kinds).chain(official).chain([&unit.carried_forward]);
    income_amounts(&unit.income).chain(classes).chain(projects).chain(single.map(Option::as_ref))
}

fn income_amounts(income: &Income) -> impl Iterator<Item = Option<&Money>> {
    let amounts = [
        &income.general,
        &income.fund,
        &income.capital,
        &income.special,
        &income.service,
        &income.business,
        &income.superior,
        &income.subordinate,
        &income.other,
        &income.carried_over,
        &income.year_total,
        &income.total,
    ];
    amounts.map(Option::as_ref).into_iter()
}

fn distinct_codes(
    source: &Located<Source>,
    lines: &[ClassLine],
    lengths: &[usize],
    what: &str,
    findings: &mut Vec<Finding>,
) {
    let mut seen = BTreeSet::new();
    for line in lines {
        let code = &line.code;
        let finding = if !lengths.contains(&code.code.len()) {
            Finding::error("S09", format!("{what}没有 {} 位的编码“{}”", code.code.len(), code.code))
                .help("类 3 位、款 5 位；功能分类另有项 7 位")
        } else if !seen.insert((line.fund, code.code.as_str())) {
            Finding::error("B02", format!("{what}里“{}”写了两行", code.code))
                .help("合成一行；资金不同的，用“预算”分开")
        } else {
            continue;
        };
        findings.push(finding.at(&source.file, code.place.clone()));
    }
}

fn one_unit_at_least(source: &Located<Source>, findings: &mut Vec<Finding>) {
    let units = &source.value.units;
    if units.is_empty() {
        findings.push(
            Finding::error("B03", "“预算单位”下面一个单位也没有")
                .at(&source.file, 0..0)
                .help("只有部门本级时也写一个，不写名称"),
        );
    }
    let unnamed = units.iter().filter(|unit| unit.name.is_none()).count();
    if unnamed > 1 {
        findings.push(
            Finding::error("B03", format!("有 {unnamed} 个预算单位没写名称"))
                .at(&source.file, 0..0)
                .help("只有一个单位（部门本级）时才可以不写名称"),
        );
    }
}

/// Complains of a name that should be one of `known`.
fn unknown_name(name: &str, known: &[&str]) -> (String, String) {
    let help = match shape::nearest(name, known.iter().copied()) {
        Some(near) => format!("是不是“{near}”？"),
        None => format!("可以写：{}", known.join("、")),
    };
    (format!("没有叫“{name}”的"), help)
}
