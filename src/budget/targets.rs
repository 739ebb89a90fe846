//! 年度主要任务: tasks and the spending that each covers.

use rust_decimal::Decimal;

use super::account::Account;
use super::figure::Figure;
use super::unknown_name;
use crate::finding::Finding;
use crate::source::{Located, Source};

/// What a task writes to cover the whole 基本支出.
const BASIC: &str = "基本支出";

/// The amounts of one task; its words stay in the source.
#[derive(Debug, Clone)]
pub struct Task {
    /// 总额
    pub total: Figure,
    /// 其中：财政拨款
    pub fiscal: Figure,
    /// 其中：其他资金
    pub other: Figure,
}

/// Adds up what each task covers.
pub fn tasks(
    source: &Located<Source>,
    whole: &Account,
    slack: Decimal,
    findings: &mut Vec<Finding>,
) -> Vec<Task> {
    let tasks = source.value.targets.iter().flat_map(|targets| &targets.tasks);
    let known: Vec<&str> = std::iter::once(BASIC)
        .chain(whole.projects.iter().map(|project| project.facts.name.text.as_str()))
        .collect();
    tasks
        .map(|task| {
            let mut covered = Vec::new();
            for name in &task.covers {
                match covered_by(&name.text, whole) {
                    Some(figure) => covered.push(figure),
                    None => {
                        let (message, help) = unknown_name(&name.text, &known);
                        findings.push(
                            Finding::error("B04", format!("{message}支出"))
                                .at(&source.file, name.place.clone())
                                .help(help),
                        );
                    }
                }
            }
            let total = match &task.total {
                Some(money) => Figure::stated(money, slack),
                None => Figure::sum(covered),
            };
            let other = Figure::stated_or_zero(task.other.as_ref(), slack);
            let fiscal = if other.is_zero() { total.clone() } else { total.minus(&other) };
            Task { total, fiscal, other }
        })
        .collect()
}

/// The amount of what a name means; several units may have a project of the same name.
fn covered_by(name: &str, whole: &Account) -> Option<Figure> {
    if name == BASIC {
        return Some(whole.spending.basic.clone());
    }
    let named = whole.projects.iter().filter(|project| project.facts.name.text == name);
    let amounts: Vec<Figure> = named.map(|project| project.amount.clone()).collect();
    (!amounts.is_empty()).then(|| Figure::sum(amounts))
}
