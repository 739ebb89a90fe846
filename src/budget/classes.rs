//! 支出分类: spending by functional (类款项) or economic (类款) class, folded up its code tree.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use rust_decimal::Decimal;

use super::figure::{Figure, Origin};
use super::income::Sources;
use crate::source::model::ClassLine;
use crate::source::scalar::{Money, Place};

/// The amounts of one class (科目).
#[derive(Debug, Clone)]
pub struct Class {
    pub code: String,
    /// The name that the source states, if it does.
    pub name: Option<(String, Place)>,
    /// Where the source first speaks of this class or of one below it.
    pub place: Place,
    /// 支出总计
    pub total: Figure,
    /// 基本支出
    pub basic: Figure,
    /// 项目支出
    pub project: Figure,
    /// 政府采购小计
    pub procurement: Figure,
    /// 面向中小企业
    pub small_medium: Figure,
    /// 面向小型、微型企业
    pub small_micro: Figure,
    /// 资金来源 of the 基本支出, where the source states it.
    pub sources: Option<Sources>,
}

impl Class {
    /// 基本支出, and where it comes from.
    pub fn sourced(&self) -> (&Figure, Option<&Sources>) {
        (&self.basic, self.sources.as_ref())
    }
}

/// Classes by code: 208, 20801, 2080101 … Codes sort as the official tables do.
pub type Classes = BTreeMap<String, Arc<Class>>;

/// The code one level up: 2080150 → 20801 → 208 → none.
pub fn parent(code: &str) -> Option<&str> {
    (code.len() > 3).then(|| &code[..code.len() - 2])
}

/// 级: 1 for 类, 2 for 款, 3 for 项.
pub fn level(code: &str) -> usize {
    (code.len() - 1) / 2
}

/// Whether a class, or one below it, has money in a column.
pub fn has_any(classes: &Classes, code: &str, of: impl Fn(&Class) -> &Figure) -> bool {
    let from = classes.range(code.to_owned()..);
    let mut own = from.take_while(|(below, _)| below.starts_with(code));
    own.any(|(_, class)| !of(class).is_zero())
}

/// Folds the lines of one unit and fund: parents are what is stated, else the sum of their
/// children. Lines must have distinct codes.
pub fn fold(lines: &[&ClassLine], slack: Decimal) -> Classes {
    let stated: BTreeMap<&str, &ClassLine> =
        lines.iter().map(|line| (line.code.code.as_str(), *line)).collect();
    let mut codes: BTreeSet<&str> = BTreeSet::new();
    for code in stated.keys() {
        let mut code = Some(*code);
        while let Some(this) = code {
            codes.insert(this);
            code = parent(this);
        }
    }
    let mut classes = Classes::new();
    // Longest codes first: children stand before their parents ask for them.
    let mut bottom_up: Vec<&str> = codes.into_iter().collect();
    bottom_up.sort_by_key(|code| std::cmp::Reverse(code.len()));
    let mut children: BTreeMap<&str, Vec<Arc<Class>>> = BTreeMap::new();
    for code in bottom_up {
        let below = children.remove(code).unwrap_or_default();
        let class = Arc::new(folded(code, stated.get(code).copied(), &below, slack));
        if let Some(parent) = parent(code) {
            children.entry(parent).or_default().push(class.clone());
        }
        classes.insert(code.to_owned(), class);
    }
    classes
}

fn folded(code: &str, line: Option<&ClassLine>, below: &[Arc<Class>], slack: Decimal) -> Class {
    let column = |stated: fn(&ClassLine) -> Option<&Money>, of: fn(&Class) -> &Figure| match line
        .and_then(stated)
    {
        Some(money) => Figure::stated(money, slack),
        None => sum(below, of),
    };
    let basic = column(|line| line.basic.as_ref(), |class| &class.basic);
    let project = column(|line| line.project.as_ref(), |class| &class.project);
    let is_whole = |class: &Arc<Class>| {
        let parts = [&class.basic, &class.project];
        let known = parts.iter().all(|part| *part.origin() != Origin::Absent);
        known || class.total.amount() == parts.iter().map(|part| part.amount()).sum()
    };
    let total = match line.and_then(|line| line.total.as_ref()) {
        Some(money) => Figure::stated(money, slack),
        None if below.iter().all(is_whole) => Figure::sum([basic.clone(), project.clone()]),
        // 支出总计 is known below, but not all of its parts.
        None => sum(below, |class| &class.total),
    };
    let stated_place = line.map(|line| line.code.place.clone());
    let first_below = below.iter().map(|class| &class.place).min_by_key(|place| place.start);
    Class {
        code: code.to_owned(),
        name: line
            .and_then(|line| line.name.as_ref())
            .map(|name| (name.text.clone(), name.place.clone())),
        place: stated_place.or_else(|| first_below.cloned()).unwrap_or_default(),
        total,
        basic,
        project,
        procurement: column(|line| line.procurement.as_ref(), |class| &class.procurement),
        small_medium: column(|line| line.small_medium.as_ref(), |class| &class.small_medium),
        small_micro: column(|line| line.small_micro.as_ref(), |class| &class.small_micro),
        sources: match line.and_then(|line| line.sources.as_ref()) {
            Some(income) => Some(Sources::of(income, slack)),
            None => Sources::sum_if_all_known(below.iter().map(|class| class.sourced())),
        },
    }
}

/// Adds several folded trees, code by code: funds to a unit, units to the department.
pub fn add<'a>(trees: impl IntoIterator<Item = &'a Classes>) -> Classes {
    let mut by_code: BTreeMap<&str, Vec<Arc<Class>>> = BTreeMap::new();
    for (code, class) in trees.into_iter().flatten() {
        by_code.entry(code).or_default().push(class.clone());
    }
    by_code.into_iter().map(|(code, classes)| (code.to_owned(), merged(classes))).collect()
}

fn merged(classes: Vec<Arc<Class>>) -> Arc<Class> {
    if let [only] = classes.as_slice() {
        return only.clone();
    }
    let first = Class::clone(&classes[0]);
    Arc::new(Class {
        name: classes.iter().find_map(|class| class.name.clone()),
        total: sum(&classes, |class| &class.total),
        basic: sum(&classes, |class| &class.basic),
        project: sum(&classes, |class| &class.project),
        procurement: sum(&classes, |class| &class.procurement),
        small_medium: sum(&classes, |class| &class.small_medium),
        small_micro: sum(&classes, |class| &class.small_micro),
        sources: Sources::sum_if_all_known(classes.iter().map(|class| class.sourced())),
        ..first
    })
}

/// The sum of a column over classes.
pub fn sum<'a>(
    classes: impl IntoIterator<Item = &'a Arc<Class>>,
    of: impl Fn(&Class) -> &Figure,
) -> Figure {
    Figure::sum(classes.into_iter().map(|class| of(class).clone()))
}

/// The sum of a column over the 类 of a tree.
pub fn top_sum(classes: &Classes, of: impl Fn(&Class) -> &Figure) -> Figure {
    sum(classes.values().filter(|class| level(&class.code) == 1), of)
}
