//! 收支: the income and spending of one unit, or of the department as the sum of its units.

use std::collections::BTreeMap;
use std::sync::Arc;

use rust_decimal::Decimal;

use super::classes::{self, Class, Classes};
use super::figure::Figure;
use super::income::Sources;
use crate::source::model::{self, ClassLine, Fund, Source, StatedTotal, TwoYears, Unit, UnitKind};

/// What a unit, or the department, takes in and spends.
#[derive(Debug, Clone)]
pub struct Account {
    pub name: String,
    /// 性质; the department has none of its own unless it is the only unit.
    pub kind: Option<UnitKind>,
    pub income: Sources,
    /// All funds together.
    pub spending: Arc<Spending>,
    /// 一般公共预算, 政府性基金预算, … each on its own; a fund that nothing is spent from is absent.
    pub by_fund: BTreeMap<Fund, Arc<Spending>>,
    /// 结转下年
    pub carried_forward: Figure,
    pub projects: Vec<Project>,
    pub procurement: Procurement,
    pub official: Official,
}

/// Spending by class, and its totals.
#[derive(Debug, Clone)]
pub struct Spending {
    /// 按功能分类
    pub functional: Classes,
    /// 按经济分类
    pub economic: Classes,
    /// 支出合计
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
    /// 资金来源 of the 基本支出, where the source states it for every class.
    pub basic_sources: Option<Sources>,
}

/// A project (项目): its facts and figures.
#[derive(Debug, Clone)]
pub struct Project {
    pub facts: model::Project,
    pub amount: Figure,
    pub last_year: Option<Figure>,
    pub details: Vec<Figure>,
    /// What the details should add up to, where the source says so.
    pub details_total: Option<Figure>,
    pub sources: Option<Sources>,
}

/// 政府采购 by kind.
#[derive(Debug, Clone)]
pub struct Procurement {
    pub goods: Figure,
    pub works: Figure,
    pub services: Figure,
}

/// “三公”经费 of two years.
#[derive(Debug, Clone)]
pub struct Official {
    pub this: OfficialYear,
    pub last: OfficialYear,
}

/// “三公”经费 of one year.
#[derive(Debug, Clone)]
pub struct OfficialYear {
    /// 因公出国（境）费
    pub abroad: Figure,
    /// 公务接待费
    pub reception: Figure,
    /// 公务用车购置费
    pub car_purchase: Figure,
    /// 公务用车运行维护费
    pub car_running: Figure,
    /// 公务用车购置及运行维护费小计
    pub cars: Figure,
    /// 总计
    pub total: Figure,
}

impl Account {
    /// One unit's account.
    pub fn of(unit: &Unit, source: &Source, slack: Decimal) -> Self {
        let of_fund = |fund| (fund, Arc::new(Spending::of(unit, fund, slack)));
        let by_fund: BTreeMap<Fund, Arc<Spending>> = funds(unit).into_iter().map(of_fund).collect();
        let spending = Spending::sum(by_fund.values().map(Arc::as_ref));
        let spending = Arc::new(spending.stated(unit.total.as_ref(), slack));
        // A stated total speaks of the whole unit; with one fund it is that fund's total too.
        let by_fund = match by_fund.len() {
            1 => by_fund.into_keys().map(|fund| (fund, spending.clone())).collect(),
            _ => by_fund,
        };
        Self {
            name: unit.name.as_ref().unwrap_or(&source.department.name).text.clone(),
            kind: Some(unit.kind),
            income: Sources::of(&unit.income, slack),
            spending,
            by_fund,
            carried_forward: Figure::stated_or_zero(unit.carried_forward.as_ref(), slack),
            projects: unit.projects.iter().map(|project| Project::of(project, slack)).collect(),
            procurement: Procurement::of(&unit.procurement, slack),
            official: Official::of(&unit.official, slack),
        }
    }

    /// The department's account: its units added up.
    pub fn sum(source: &Source, units: &[Arc<Self>]) -> Self {
        let mut by_fund = BTreeMap::new();
        for fund in units.iter().flat_map(|unit| unit.by_fund.keys()) {
            by_fund.entry(*fund).or_insert_with(|| {
                let of_units = units.iter().filter_map(|unit| unit.by_fund.get(fund));
                Arc::new(Spending::sum(of_units.map(Arc::as_ref)))
            });
        }
        let figure =
            |of: fn(&Self) -> &Figure| Figure::sum(units.iter().map(|unit| of(unit).clone()));
        Self {
            name: source.department.name.text.clone(),
            kind: if let [only] = units { only.kind } else { None },
            income: Sources::sum(units.iter().map(|unit| &unit.income)),
            spending: Arc::new(Spending::sum(units.iter().map(|unit| unit.spending.as_ref()))),
            by_fund,
            carried_forward: figure(|unit| &unit.carried_forward),
            projects: units.iter().flat_map(|unit| unit.projects.clone()).collect(),
            procurement: Procurement {
                goods: figure(|unit| &unit.procurement.goods),
                works: figure(|unit| &unit.procurement.works),
                services: figure(|unit| &unit.procurement.services),
            },
            official: Official {
                this: OfficialYear::sum(units.iter().map(|unit| &unit.official.this)),
                last: OfficialYear::sum(units.iter().map(|unit| &unit.official.last)),
            },
        }
    }

    /// What is spent from some of the funds.
    pub fn spending_of(&self, funds: &[Fund]) -> Arc<Spending> {
        let parts: Vec<_> = funds.iter().filter_map(|fund| self.by_fund.get(fund)).collect();
        match parts.as_slice() {
            [only] => (*only).clone(),
            _ => Arc::new(Spending::sum(parts.into_iter().map(Arc::as_ref))),
        }
    }
}

/// The funds that a unit spends from.
fn funds(unit: &Unit) -> Vec<Fund> {
    let mut funds: Vec<Fund> =
        unit.functional.iter().chain(&unit.economic).map(|line| line.fund).collect();
    funds.sort_unstable();
    funds.dedup();
    funds
}

impl Spending {
    fn of(unit: &Unit, fund: Fund, slack: Decimal) -> Self {
        let of_fund = |lines: &[ClassLine]| {
            let lines: Vec<&ClassLine> = lines.iter().filter(|line| line.fund == fund).collect();
            classes::fold(&lines, slack)
        };
        Self::from_classes(of_fund(&unit.functional), of_fund(&unit.economic))
    }

    /// Totals come from the functional classes; a fund that has none takes the economic ones.
    fn from_classes(functional: Classes, economic: Classes) -> Self {
        let leading = if functional.is_empty() { &economic } else { &functional };
        let top = |of: fn(&Class) -> &Figure| classes::top_sum(leading, of);
        let tops = economic.values().filter(|class| classes::level(&class.code) == 1);
        Self {
            total: top(|class| &class.total),
            basic: top(|class| &class.basic),
            project: top(|class| &class.project),
            procurement: classes::top_sum(&functional, |class| &class.procurement),
            small_medium: classes::top_sum(&functional, |class| &class.small_medium),
            small_micro: classes::top_sum(&functional, |class| &class.small_micro),
            basic_sources: Sources::sum_if_all_known(tops.map(|class| class.sourced())),
            functional,
            economic,
        }
    }

    /// Several spendings added up, class by class.
    pub fn sum<'a>(parts: impl Iterator<Item = &'a Self> + Clone) -> Self {
        let sum =
            |of: fn(&Self) -> &Figure| Figure::sum(parts.clone().map(|part| of(part).clone()));
        Self {
            functional: classes::add(parts.clone().map(|part| &part.functional)),
            economic: classes::add(parts.clone().map(|part| &part.economic)),
            total: sum(|part| &part.total),
            basic: sum(|part| &part.basic),
            project: sum(|part| &part.project),
            procurement: sum(|part| &part.procurement),
            small_medium: sum(|part| &part.small_medium),
            small_micro: sum(|part| &part.small_micro),
            basic_sources: Sources::sum_if_all_known(
                parts.clone().map(|part| (&part.basic, part.basic_sources.as_ref())),
            ),
        }
    }

    /// Puts stated totals in place of the computed ones.
    fn stated(self, stated: Option<&StatedTotal>, slack: Decimal) -> Self {
        let Some(stated) = stated else { return self };
        let figure = |money: &Option<_>, computed: Figure| {
            money.as_ref().map_or(computed, |money| Figure::stated(money, slack))
        };
        let basic = figure(&stated.basic, self.basic.clone());
        let project = figure(&stated.project, self.project.clone());
        let parts_stated = stated.basic.is_some() || stated.project.is_some();
        let computed = if parts_stated {
            Figure::sum([basic.clone(), project.clone()])
        } else {
            self.total.clone()
        };
        Self { total: figure(&stated.total, computed), basic, project, ..self }
    }

    /// The basic spending of an economic 类: 301 人员支出, 302 公用支出, 303 对个人和家庭补助.
    pub fn basic_of(&self, code: &str) -> Figure {
        self.economic.get(code).map_or_else(Figure::zero, |class| class.basic.clone())
    }
}

impl Project {
    fn of(facts: &model::Project, slack: Decimal) -> Self {
        Self {
            amount: Figure::stated(&facts.amount, slack),
            last_year: facts.last_year.as_ref().map(|money| Figure::stated(money, slack)),
            details: facts
                .details
                .iter()
                .map(|detail| Figure::stated(&detail.amount, slack))
                .collect(),
            details_total: facts.details_total.as_ref().map(|money| Figure::stated(money, slack)),
            sources: facts.sources.as_ref().map(|income| Sources::of(income, slack)),
            facts: facts.clone(),
        }
    }
}

impl Procurement {
    fn of(facts: &model::Procurement, slack: Decimal) -> Self {
        let figure = |money: &Option<_>| Figure::stated_or_zero(money.as_ref(), slack);
        Self {
            goods: figure(&facts.goods),
            works: figure(&facts.works),
            services: figure(&facts.services),
        }
    }
}

impl Official {
    fn of(facts: &model::Official, slack: Decimal) -> Self {
        let year = |of: fn(&TwoYears) -> &Option<_>| {
            let figure = |years| Figure::stated_or_zero(of(years).as_ref(), slack);
            OfficialYear::new(
                figure(&facts.abroad),
                figure(&facts.reception),
                figure(&facts.car_purchase),
                figure(&facts.car_running),
            )
        };
        Self { this: year(|years| &years.this), last: year(|years| &years.last) }
    }
}

impl OfficialYear {
    fn new(abroad: Figure, reception: Figure, car_purchase: Figure, car_running: Figure) -> Self {
        let cars = Figure::sum([car_purchase.clone(), car_running.clone()]);
        let total = Figure::sum([abroad.clone(), reception.clone(), cars.clone()]);
        Self { abroad, reception, car_purchase, car_running, cars, total }
    }

    /// 增减变化金额, column by column.
    pub fn minus(&self, other: &Self) -> Self {
        Self {
            abroad: self.abroad.minus(&other.abroad),
            reception: self.reception.minus(&other.reception),
            car_purchase: self.car_purchase.minus(&other.car_purchase),
            car_running: self.car_running.minus(&other.car_running),
            cars: self.cars.minus(&other.cars),
            total: self.total.minus(&other.total),
        }
    }

    fn sum<'a>(parts: impl Iterator<Item = &'a Self> + Clone) -> Self {
        let sum =
            |of: fn(&Self) -> &Figure| Figure::sum(parts.clone().map(|part| of(part).clone()));
        Self::new(
            sum(|part| &part.abroad),
            sum(|part| &part.reception),
            sum(|part| &part.car_purchase),
            sum(|part| &part.car_running),
        )
    }
}
