//! 收入 and 资金来源: where money comes from, with its subtotals.

use rust_decimal::Decimal;

use super::figure::Figure;
use crate::source::model::Income;

/// Money by source (资金来源), the columns of 收入总表.
#[derive(Debug, Clone)]
pub struct Sources {
    /// 一般公共预算拨款
    pub general: Figure,
    /// 政府性基金预算拨款
    pub fund: Figure,
    /// 国有资本经营预算拨款
    pub capital: Figure,
    /// 财政专户管理资金
    pub special: Figure,
    /// 事业收入
    pub service: Figure,
    /// 事业单位经营收入
    pub business: Figure,
    /// 上级补助收入
    pub superior: Figure,
    /// 附属单位上缴收入
    pub subordinate: Figure,
    /// 其他收入
    pub other: Figure,
    /// 上年结余、结转
    pub carried_over: Figure,
    /// 政府预算拨款小计
    pub appropriation: Figure,
    /// 单位资金小计
    pub own: Figure,
    /// 本年收入合计
    pub year_total: Figure,
    /// 收入总计
    pub total: Figure,
}

impl Sources {
    /// The stated sources; subtotals are computed, the two totals may be stated.
    pub fn of(income: &Income, slack: Decimal) -> Self {
        let figure = |money: &Option<_>| Figure::stated_or_zero(money.as_ref(), slack);
        let general = figure(&income.general);
        let fund = figure(&income.fund);
        let capital = figure(&income.capital);
        let special = figure(&income.special);
        let service = figure(&income.service);
        let business = figure(&income.business);
        let superior = figure(&income.superior);
        let subordinate = figure(&income.subordinate);
        let other = figure(&income.other);
        let carried_over = figure(&income.carried_over);
        let appropriation = Figure::sum([general.clone(), fund.clone(), capital.clone()]);
        let own = Figure::sum([
            service.clone(),
            business.clone(),
            superior.clone(),
            subordinate.clone(),
            other.clone(),
        ]);
        let year_total = income.year_total.as_ref().map_or_else(
            || Figure::sum([appropriation.clone(), special.clone(), own.clone()]),
            |money| Figure::stated(money, slack),
        );
        let total = income.total.as_ref().map_or_else(
            || Figure::sum([year_total.clone(), carried_over.clone()]),
            |money| Figure::stated(money, slack),
        );
        Self {
            general,
            fund,
            capital,
            special,
            service,
            business,
            superior,
            subordinate,
            other,
            carried_over,
            appropriation,
            own,
            year_total,
            total,
        }
    }

    /// The sum, column by column: units to the department.
    pub fn sum<'a>(parts: impl IntoIterator<Item = &'a Self>) -> Self {
        let parts: Vec<&Self> = parts.into_iter().collect();
        let sum = |of: fn(&Self) -> &Figure| Figure::sum(parts.iter().map(|part| of(part).clone()));
        Self {
            general: sum(|part| &part.general),
            fund: sum(|part| &part.fund),
            capital: sum(|part| &part.capital),
            special: sum(|part| &part.special),
            service: sum(|part| &part.service),
            business: sum(|part| &part.business),
            superior: sum(|part| &part.superior),
            subordinate: sum(|part| &part.subordinate),
            other: sum(|part| &part.other),
            carried_over: sum(|part| &part.carried_over),
            appropriation: sum(|part| &part.appropriation),
            own: sum(|part| &part.own),
            year_total: sum(|part| &part.year_total),
            total: sum(|part| &part.total),
        }
    }

    /// The sum where every part is known, and there is one; one unknown part makes the sum unknown.
    /// A part without money need not say where it comes from.
    pub fn sum_if_all_known<'a>(
        parts: impl IntoIterator<Item = (&'a Figure, Option<&'a Self>)>,
    ) -> Option<Self> {
        let parts = parts.into_iter().filter(|(money, it)| it.is_some() || !money.is_zero());
        let parts: Option<Vec<&Self>> = parts.map(|(_, sources)| sources).collect();
        parts.filter(|parts| !parts.is_empty()).map(Self::sum)
    }
}
