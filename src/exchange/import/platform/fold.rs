//! Adds detail lines up: by unit to classes and projects.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use super::super::{Changes, LEFT, UNFIT};
use super::aliases::Aliases;
use super::lines::{Line, Lines};
use super::single::{Figure, Groups};
use crate::audit::bare;
use crate::source::model::Source;

/// What the lines of a unit come to, all in yuan.
#[derive(Debug, Default)]
pub struct Unit {
    pub functional: BTreeMap<(String, String), Class>,
    pub economic: BTreeMap<(String, String), Class>,
    /// In the order of the lines.
    pub projects: Vec<(String, Sum)>,
    /// In the order of the form.
    pub singles: Vec<Figure>,
    /// Basic spending and that of projects.
    all: [Sum; 2],
}

/// A class, by code and fund.
#[derive(Debug, Default)]
pub struct Class {
    pub name: String,
    pub basic: Sum,
    pub project: Sum,
    pub procurement: Sum,
}

/// A sum and where its first part stands.
#[derive(Debug, Default)]
pub struct Sum {
    pub amount: Decimal,
    pub first: String,
    pub parts: usize,
}

/// What all lines come to, by the number of the unit in the source.
#[derive(Debug, Default)]
pub struct Sums {
    pub units: BTreeMap<usize, Unit>,
    pub has_functional: bool,
    pub has_economic: bool,
    pub has_projects: bool,
    pub has_procurement: bool,
}

impl Sum {
    pub fn add(&mut self, amount: Decimal, cell: &str) {
        if self.parts == 0 {
            self.first = cell.to_owned();
        }
        self.amount += amount;
        self.parts += 1;
    }

    /// Adds what other lines came to.
    pub fn join(&mut self, other: &Self) {
        if self.parts == 0 {
            self.first.clone_from(&other.first);
        }
        self.amount += other.amount;
        self.parts += other.parts;
    }
}

pub fn fold(lines: &Lines, aliases: &Aliases, source: &Source, changes: &mut Changes) -> Sums {
    let mut sums = Sums {
        units: BTreeMap::new(),
        has_functional: lines.has_functional,
        has_economic: lines.has_economic,
        has_projects: lines.has_projects,
        has_procurement: lines.has_procurement,
    };
    let mut groups = Groups::default();
    let mut unknown: Vec<String> = Vec::new();
    for line in &lines.lines {
        match unit_of(&line.unit, source) {
            Some(unit) => {
                sums.units.entry(unit).or_default().add(line);
                groups.add(unit, line);
            }
            None if unknown.contains(&line.unit) => {}
            None => {
                let what = if line.unit.is_empty() { "空的" } else { &line.unit };
                changes.doubt(
                    UNFIT,
                    format!("{} 的预算单位“{what}”，数据文件里没有", line.cell),
                    "改成数据文件里的名称，或先在数据文件里加上这个预算单位",
                );
                unknown.push(line.unit.clone());
            }
        }
    }
    for obstacle in groups.figures(&mut sums.units, lines, &aliases.singles) {
        changes.remark(LEFT, obstacle);
    }
    let units = source.units.iter().enumerate();
    // Lines that could not be read may have been theirs.
    let all_read = changes.doubts.is_empty();
    for (_, unit) in units.filter(|(at, _)| all_read && !sums.units.contains_key(at)) {
        let name = &unit.name.as_ref().unwrap_or(&source.department.name).text;
        changes.remark(LEFT, format!("明细里没有预算单位“{name}”的行，它的数照旧"));
    }
    changes.summary =
        sums.units.iter().map(|(at, unit)| summary(name_of(source, *at), unit)).collect();
    sums
}

/// What a unit is called in a source.
pub fn name_of(source: &Source, at: usize) -> &str {
    let own = source.units.get(at).and_then(|unit| unit.name.as_ref());
    &own.unwrap_or(&source.department.name).text
}

/// What was read of a unit, in a line.
fn summary(name: &str, unit: &Unit) -> String {
    let sum = |basic: bool| unit.all[usize::from(!basic)].amount.normalize();
    let (basic, project) = (sum(true), sum(false));
    let lines = unit.all.iter().map(|sum| sum.parts).sum::<usize>();
    let (all, projects) = ((basic + project).normalize(), unit.projects.len());
    format!(
        "{name}：{lines} 行，基本支出 {basic} 元，项目支出 {project} 元（{projects} 个项目），合计 {all} 元"
    )
}

/// The unit that a line speaks of: by its name; a single unit needs none.
fn unit_of(name: &str, source: &Source) -> Option<usize> {
    let wanted = bare(name);
    let own = |unit: &crate::source::model::Unit| {
        let name = unit.name.as_ref().unwrap_or(&source.department.name);
        wanted.ends_with(&bare(&name.text))
    };
    let exact = |unit: &crate::source::model::Unit| {
        let name = unit.name.as_ref().unwrap_or(&source.department.name);
        wanted == bare(&name.text)
    };
    let units = &source.units;
    let found = units.iter().position(exact).or_else(|| units.iter().position(own));
    found.or((wanted.is_empty() && source.units.len() == 1).then_some(0))
}

impl Unit {
    fn add(&mut self, line: &Line) {
        self.all[usize::from(!line.is_basic)].add(line.amount, &line.cell);
        let sides =
            [(&line.functional, &mut self.functional), (&line.economic, &mut self.economic)];
        for (code, classes) in sides {
            let Some(code) = code else { continue };
            let class = classes.entry((code.code.clone(), line.fund.clone())).or_default();
            if class.name.is_empty() {
                class.name.clone_from(&code.name);
            }
            let sum = if line.is_basic { &mut class.basic } else { &mut class.project };
            sum.add(line.amount, &line.cell);
            if let Some(amount) = line.procurement {
                class.procurement.add(amount, &line.cell);
            }
        }
        if line.project.is_empty() {
            return;
        }
        match self.projects.iter_mut().find(|(name, _)| *name == line.project) {
            Some((_, sum)) => sum.add(line.amount, &line.cell),
            None => {
                let mut sum = Sum::default();
                sum.add(line.amount, &line.cell);
                self.projects.push((line.project.clone(), sum));
            }
        }
    }
}
