//! 收支 for templates: income, spending by class, 政府采购, “三公”经费.

use std::collections::BTreeMap;

use minijinja::value::Value;

use super::{Context, object};
use crate::budget::Figure;
use crate::budget::account::{Account, OfficialYear, Spending};
use crate::budget::classes::{Class, Classes, level};
use crate::budget::income::Sources;
use crate::finding::Finding;
use crate::form::codes::{self, Names};
use crate::form::values::{FigureValue, TextValue};
use crate::source::model::{Fund, UnitKind};
use crate::source::scalar::Text;

/// The funds whose spending makes up 政府预算拨款支出.
const GOVERNMENT_FUNDS: [Fund; 3] = [Fund::General, Fund::Government, Fund::Capital];

pub fn value(context: &Context<'_>, account: &Account) -> Value {
    let fund =
        |fund: Fund| spending(context, account.by_fund.get(&fund).unwrap_or(&Spending::none()));
    let government =
        Spending::sum(GOVERNMENT_FUNDS.iter().filter_map(|fund| account.by_fund.get(fund)));
    let official = &account.official;
    object! {
        "名称" => Value::from(account.name.clone()),
        "性质" => account.kind.map(kind_name),
        "收入" => sources(Some(&account.income)),
        "支出" => spending(context, &account.spending),
        "一般公共预算" => fund(Fund::General),
        "政府性基金预算" => fund(Fund::Government),
        "国有资本经营预算" => fund(Fund::Capital),
        "政府预算拨款" => spending(context, &government),
        "结转下年" => FigureValue::value(&account.carried_forward),
        "支出总计" => total_with(&account.spending.total, &account.carried_forward),
        "拨款收入总计" => total_with(&account.income.appropriation, &account.income.carried_over),
        "拨款支出总计" => total_with(&government.total, &account.carried_forward),
        "项目支出资金" => sources(project_sources(account).as_ref()),
        "项目" => context.list(&account.projects, |project| context.project_figures(project)),
        "政府采购" => object! {
            "货物" => FigureValue::value(&account.procurement.goods),
            "工程" => FigureValue::value(&account.procurement.works),
            "服务" => FigureValue::value(&account.procurement.services),
        },
        "三公" => object! {
            "本年" => official_year(&official.this),
            "上年" => official_year(&official.last),
            "增减" => official_year(&official.this.minus(&official.last)),
        },
    }
}

/// Money by source; all blank where the source does not state it.
pub fn sources(sources: Option<&Sources>) -> Value {
    let figure = |of: fn(&Sources) -> &Figure| match sources {
        Some(sources) => FigureValue::value(of(sources)),
        None => Value::from_safe_string(String::new()),
    };
    object! {
        "政府预算拨款" => figure(|s| &s.appropriation),
        "一般公共预算拨款" => figure(|s| &s.general),
        "政府性基金预算拨款" => figure(|s| &s.fund),
        "国有资本经营预算拨款" => figure(|s| &s.capital),
        "财政专户管理资金" => figure(|s| &s.special),
        "单位资金" => figure(|s| &s.own),
        "事业收入" => figure(|s| &s.service),
        "事业单位经营收入" => figure(|s| &s.business),
        "上级补助收入" => figure(|s| &s.superior),
        "附属单位上缴收入" => figure(|s| &s.subordinate),
        "其他收入" => figure(|s| &s.other),
        "上年结转" => figure(|s| &s.carried_over),
        "本年收入合计" => figure(|s| &s.year_total),
        "收入总计" => figure(|s| &s.total),
    }
}

/// Where the money of all projects comes from: known only when every project is listed (secret ones
/// are not) and says so.
fn project_sources(account: &Account) -> Option<Sources> {
    let listed = Figure::sum(account.projects.iter().map(|project| project.amount.clone()));
    let missing = account.spending.project.minus(&listed);
    let whole = missing.amount().abs() <= missing.slack();
    let sources = account.projects.iter().map(|project| project.sources.as_ref());
    Sources::sum_if_all_known(sources).filter(|_| whole)
}

fn spending(context: &Context<'_>, spending: &Spending) -> Value {
    object! {
        "功能" => classes(context, &spending.functional, &context.codes.functional),
        "经济" => classes(context, &spending.economic, &context.codes.economic),
        "合计" => FigureValue::value(&spending.total),
        "基本支出" => FigureValue::value(&spending.basic),
        "项目支出" => FigureValue::value(&spending.project),
        "采购" => FigureValue::value(&spending.procurement),
        "中小企业" => FigureValue::value(&spending.small_medium),
        "小微企业" => FigureValue::value(&spending.small_micro),
        "基本支出资金" => sources(spending.basic_sources.as_ref()),
        "人员支出" => FigureValue::value(&spending.basic_of("301")),
        "公用支出" => FigureValue::value(&spending.basic_of("302")),
        "补助支出" => FigureValue::value(&spending.basic_of("303")),
    }
}

fn classes(context: &Context<'_>, classes: &Classes, names: &Names) -> Value {
    find_nameless(context, classes, names);
    let rows = classes.values().map(|class| {
        let level = level(&class.code);
        object! {
            "编码" => Value::from(class.code.clone()),
            "名称" => class_name(class, names),
            "级" => level,
            "类别" => ["类", "款", "项"][level - 1],
            "支出总计" => FigureValue::value(&class.total),
            "基本支出" => FigureValue::value(&class.basic),
            "项目支出" => FigureValue::value(&class.project),
            "采购" => FigureValue::value(&class.procurement),
            "中小企业" => FigureValue::value(&class.small_medium),
            "小微企业" => FigureValue::value(&class.small_micro),
            "资金" => sources(class.sources.as_ref()),
        }
    });
    rows.collect::<Vec<Value>>().into()
}

/// The name that the source states, else the one of the form's code table.
fn class_name(class: &Class, names: &Names) -> Value {
    match (&class.name, names.get(&class.code)) {
        (Some((text, place)), _) => {
            TextValue::value(&Text { text: text.clone(), place: place.clone() })
        }
        (None, name) => Value::from(name.unwrap_or(&class.code).clone()),
    }
}

/// Classes that nobody names, told at the code that was typed: nobody typed the 类 and 款 above it.
fn find_nameless(context: &Context<'_>, classes: &Classes, names: &Names) {
    let nameless =
        classes.values().filter(|class| class.name.is_none() && !names.contains_key(&class.code));
    let mut by_line: BTreeMap<usize, Vec<&Class>> = BTreeMap::new();
    for class in nameless {
        by_line.entry(class.place.start).or_default().push(class);
    }
    let file = &context.budget.source.file;
    for nameless in by_line.into_values() {
        let place = nameless[0].place.clone();
        let typed = file.text.get(place.clone()).unwrap_or_default();
        let above: Vec<&str> = nameless
            .iter()
            .map(|class| class.code.as_str())
            .filter(|code| *code != typed)
            .collect();
        let list = above.join("、");
        let (message, remedy) = match (above.len() == nameless.len(), above.is_empty()) {
            (true, _) => (format!("科目 {typed} 的上级 {list} 没有名称"), String::new()),
            (_, true) => (format!("科目 {typed} 没有名称"), "在这一行写上“名称: …”".to_owned()),
            _ => (
                format!("科目 {typed} 没有名称，它的上级 {list} 也没有"),
                "在这一行写上“名称: …”，".to_owned(),
            ),
        };
        let lines: Vec<String> =
            above.iter().map(|code| format!("“- {{编码: {code}, 名称: …}}”")).collect();
        let lines =
            if lines.is_empty() { String::new() } else { format!("补上 {}", lines.join(" ")) };
        let name = classes.get(typed).and_then(|class| class.name.as_ref());
        let near = match codes::nearest(names, typed, name.map(|(name, _)| name.as_str())) {
            Some((code, name)) => format!("编码是不是 {code} {name}？"),
            None => String::new(),
        };
        let help = format!("科目表里没有它。{near}编码没错的，{remedy}{lines}");
        context.find(Finding::error("B05", message).at(file, place).help(help));
    }
}

fn official_year(year: &OfficialYear) -> Value {
    object! {
        "总计" => FigureValue::value(&year.total),
        "出国" => FigureValue::value(&year.abroad),
        "接待" => FigureValue::value(&year.reception),
        "用车" => FigureValue::value(&year.cars),
        "购置" => FigureValue::value(&year.car_purchase),
        "运行" => FigureValue::value(&year.car_running),
    }
}

fn total_with(a: &Figure, b: &Figure) -> Value {
    FigureValue::value(&Figure::sum([a.clone(), b.clone()]))
}

fn kind_name(kind: UnitKind) -> &'static str {
    match kind {
        UnitKind::Administrative => "行政单位",
        UnitKind::CivilServiceLike => "参公单位",
        UnitKind::Institution => "事业单位",
    }
}
