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
use std::sync::Arc;

use crate::finding::Finding;
use crate::source::alike;
use crate::source::excerpt::{brief, enumerate};
use crate::source::model::{ClassLine, Print, Source};
use crate::source::{Located, near};
pub use account::Account;
pub use figure::{Figure, Measure, Origin};
pub use print::Format;
use targets::Task;

/// One department's budget of one year.
#[derive(Debug, Clone)]
pub struct Budget {
    pub source: Located<Source>,
    /// The whole department (部门), its units added up.
    pub whole: Arc<Account>,
    /// The units (预算单位), in the order of the source.
    pub units: Vec<Arc<Account>>,
    /// Last year's 收入总计 and 支出总计.
    pub last_year: Option<(Figure, Figure)>,
    /// 机关运行经费, this year and last.
    pub operating: Option<(Figure, Figure)>,
    /// 年度主要任务, with their amounts.
    pub tasks: Vec<Task>,
    /// How money is printed unless a part or table says otherwise.
    pub format: Format,
    /// What is wrong with the facts, though they can be computed with: no report is made of errors.
    pub findings: Vec<Finding>,
}

/// Computes the budget of a source.
pub fn build(source: Located<Source>) -> Budget {
    let mut findings = source.findings.clone();
    for unit in &source.value.units {
        distinct_codes(&source, &unit.functional, &[3, 5, 7], "功能分类", &mut findings);
        distinct_codes(&source, &unit.economic, &[3, 5], "经济分类", &mut findings);
    }
    let slack = print::slack(&source.value.amounts);
    let facts = &source.value;
    let units = facts.units.iter().map(|unit| Arc::new(Account::of(unit, facts, slack)));
    let units: Vec<Arc<Account>> = units.collect();
    let whole = Arc::new(Account::sum(facts, &units));
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
    Budget { whole, units, last_year, operating, tasks, format, findings, source }
}

impl Budget {
    /// Prints as the form says, where the source says nothing.
    pub fn print_as(&mut self, form: &Print) {
        let facts = &self.source.value;
        self.format = Format::of(&facts.amounts).with(form).with(&facts.print);
    }
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

/// Complains of a name that should be one of `known`.
fn unknown_name(name: &str, known: &[&str]) -> (String, String) {
    let alike = known.iter().find(|known| alike::folded(known) == alike::folded(name));
    let help = match (alike, near::nearest(name, known.iter().copied())) {
        (Some(known), _) => {
            let difference = alike::difference(name, known);
            format!("它与项目的名称“{}”看起来一样，只差{difference}；写成一样", brief(known))
        }
        (None, Some(near)) => format!("是不是“{near}”？已经取消的，从这里删掉"),
        (None, None) => {
            format!("已经取消的，从这里删掉；可以写：{}", enumerate(known.iter().copied()))
        }
    };
    (format!("没有叫“{}”的", brief(name)), help)
}
