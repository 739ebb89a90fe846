//! 收支 for templates: income, spending by class, 政府采购, “三公”经费.

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use minijinja::value::Value;

use super::{Context, object};
use crate::budget::Figure;
use crate::budget::account::{Account, OfficialYear, Spending};
use crate::budget::classes::{Class, Classes, has_any, level};
use crate::budget::income::Sources;
use crate::finding::{Finding, Severity};
use crate::form::codes::{self, CodeNames};
use crate::form::fields::{Names, fields};
use crate::form::pen::Pen;
use crate::form::values::TextValue;
use crate::source::model::{Fund, UnitKind};
use crate::source::scalar::{Place, Text};

/// The funds whose spending makes up 政府预算拨款支出.
const GOVERNMENT_FUNDS: [Fund; 3] = [Fund::General, Fund::Government, Fund::Capital];

/// An account as templates see it; classes that nobody names are found at once.
pub fn value(context: &Context<'_>, account: &Arc<Account>) -> Value {
    let (codes, whole) = (context.codes, &context.budget.whole.spending);
    for spending in std::iter::once(&account.spending).chain(account.by_fund.values()) {
        let (functional, economic) = (&codes.functional, &codes.economic);
        let others = ("经济分类", economic);
        find_nameless(context, &spending.functional, &whole.functional, functional, others);
        let others = ("功能分类", functional);
        find_nameless(context, &spending.economic, &whole.economic, economic, others);
    }
    let pen = &context.pen;
    let spent = |spending: &Arc<Spending>| spent(pen, spending, whole, codes);
    let fund = |fund: Fund| spent(&account.spending_of(&[fund]));
    let government = account.spending_of(&GOVERNMENT_FUNDS);
    let official = &account.official;
    object! {
        "名称" => Value::from(account.name.clone()),
        "性质" => account.kind.map(kind_name),
        "收入" => sources(pen, Some(&account.income)),
        "支出" => spent(&account.spending),
        "一般公共预算" => fund(Fund::General),
        "政府性基金预算" => fund(Fund::Government),
        "国有资本经营预算" => fund(Fund::Capital),
        "政府预算拨款" => spent(&government),
        "结转下年" => context.pen.figure(&account.carried_forward),
        "支出总计" => total_with(pen, &account.spending.total, &account.carried_forward),
        "拨款收入总计" => total_with(pen, &account.income.appropriation, &account.income.carried_over),
        "拨款支出总计" => total_with(pen, &government.total, &account.carried_forward),
        "项目支出资金" => sources(pen, project_sources(account).as_ref()),
        "项目" => context.list(&account.projects, |project| context.project_figures(project)),
        "政府采购" => fields(pen, account.clone(), PROCUREMENT),
        "三公" => object! {
            "本年" => fields(pen, official.this.clone(), OFFICIAL_YEAR),
            "上年" => fields(pen, official.last.clone(), OFFICIAL_YEAR),
            "增减" => fields(pen, official.this.minus(&official.last), OFFICIAL_YEAR),
        },
    }
}

const PROCUREMENT: Names<Arc<Account>> = &[
    ("货物", |a, pen| pen.figure(&a.procurement.goods)),
    ("工程", |a, pen| pen.figure(&a.procurement.works)),
    ("服务", |a, pen| pen.figure(&a.procurement.services)),
];

const OFFICIAL_YEAR: Names<OfficialYear> = &[
    ("总计", |y, pen| pen.figure(&y.total)),
    ("出国", |y, pen| pen.figure(&y.abroad)),
    ("接待", |y, pen| pen.figure(&y.reception)),
    ("用车", |y, pen| pen.figure(&y.cars)),
    ("购置", |y, pen| pen.figure(&y.car_purchase)),
    ("运行", |y, pen| pen.figure(&y.car_running)),
];

/// Money by source; all blank where the source does not state it.
pub fn sources(pen: &Pen, sources: Option<&Sources>) -> Value {
    fields(pen, sources.cloned(), SOURCES)
}

/// The figure of a column of sources, or the blank in its place.
macro_rules! source {
    ($column:ident) => {
        |sources, pen| match sources {
            Some(sources) => pen.figure(&sources.$column),
            None => Value::from_safe_string(String::new()),
        }
    };
}

const SOURCES: Names<Option<Sources>> = &[
    ("政府预算拨款", source!(appropriation)),
    ("一般公共预算拨款", source!(general)),
    ("政府性基金预算拨款", source!(fund)),
    ("国有资本经营预算拨款", source!(capital)),
    ("财政专户管理资金", source!(special)),
    ("单位资金", source!(own)),
    ("事业收入", source!(service)),
    ("事业单位经营收入", source!(business)),
    ("上级补助收入", source!(superior)),
    ("附属单位上缴收入", source!(subordinate)),
    ("其他收入", source!(other)),
    ("上年结转", source!(carried_over)),
    ("本年收入合计", source!(year_total)),
    ("收入总计", source!(total)),
];

/// Where the money of all projects comes from: known only when every project is listed (secret ones
/// are not) and says so.
fn project_sources(account: &Account) -> Option<Sources> {
    let listed = Figure::sum(account.projects.iter().map(|project| project.amount.clone()));
    let missing = account.spending.project.minus(&listed);
    let whole = missing.amount().abs() <= missing.slack();
    let projects = account.projects.iter();
    Sources::sum_if_all_known(projects.map(|it| (&it.amount, it.sources.as_ref())))
        .filter(|_| whole)
}

/// Spending, and the names of its classes. Tables walk the same lists again and again.
struct Spent {
    spending: Arc<Spending>,
    /// All of the department's, where a class may have its name.
    whole: Arc<Spending>,
    codes: Arc<CodeNames>,
    functional: OnceLock<Value>,
    economic: OnceLock<Value>,
}

fn spent(
    pen: &Pen,
    spending: &Arc<Spending>,
    whole: &Arc<Spending>,
    codes: &Arc<CodeNames>,
) -> Value {
    let spent = Spent {
        spending: spending.clone(),
        whole: whole.clone(),
        codes: codes.clone(),
        functional: OnceLock::new(),
        economic: OnceLock::new(),
    };
    fields(pen, spent, SPENT)
}

const SPENT: Names<Spent> = &[
    ("功能", |s, pen| {
        let list =
            || classes(pen, &s.spending.functional, &s.whole.functional, &s.codes.functional);
        s.functional.get_or_init(list).clone()
    }),
    ("经济", |s, pen| {
        let list = || classes(pen, &s.spending.economic, &s.whole.economic, &s.codes.economic);
        s.economic.get_or_init(list).clone()
    }),
    ("合计", |s, pen| pen.figure(&s.spending.total)),
    ("基本支出", |s, pen| pen.figure(&s.spending.basic)),
    ("项目支出", |s, pen| pen.figure(&s.spending.project)),
    ("采购", |s, pen| pen.figure(&s.spending.procurement)),
    ("中小企业", |s, pen| pen.figure(&s.spending.small_medium)),
    ("小微企业", |s, pen| pen.figure(&s.spending.small_micro)),
    ("基本支出资金", |s, pen| sources(pen, s.spending.basic_sources.as_ref())),
    ("人员支出", |s, pen| pen.figure(&s.spending.basic_of("301"))),
    ("公用支出", |s, pen| pen.figure(&s.spending.basic_of("302"))),
    ("补助支出", |s, pen| pen.figure(&s.spending.basic_of("303"))),
];

/// A class, and what it is called.
struct Named {
    class: Arc<Class>,
    name: Value,
    /// Whether it, or a class below it, has 基本支出.
    has_basic: bool,
}

fn classes(pen: &Pen, classes: &Classes, whole: &Classes, names: &codes::Names) -> Value {
    let rows = classes.values().map(|class| {
        let has_basic = has_any(classes, &class.code, |class| &class.basic);
        let name = class_name(class, whole, names);
        fields(pen, Named { class: class.clone(), name, has_basic }, CLASS)
    });
    rows.collect::<Vec<Value>>().into()
}

const CLASS: Names<Named> = &[
    ("编码", |c, _| Value::from(c.class.code.as_str())),
    ("名称", |c, _| c.name.clone()),
    ("级", |c, _| Value::from(level(&c.class.code))),
    ("类别", |c, _| Value::from(["类", "款", "项"][level(&c.class.code) - 1])),
    ("支出总计", |c, pen| pen.figure(&c.class.total)),
    ("基本支出", |c, pen| pen.figure(&c.class.basic)),
    ("含基本支出", |c, _| Value::from(c.has_basic)),
    ("项目支出", |c, pen| pen.figure(&c.class.project)),
    ("采购", |c, pen| pen.figure(&c.class.procurement)),
    ("中小企业", |c, pen| pen.figure(&c.class.small_medium)),
    ("小微企业", |c, pen| pen.figure(&c.class.small_micro)),
    ("资金", |c, pen| sources(pen, c.class.sources.as_ref())),
];

/// The name that the source states here, else the one of the form's code table, else the one that
/// the source states at another unit or fund.
fn class_name(class: &Class, whole: &Classes, names: &codes::Names) -> Value {
    let elsewhere = || whole.get(&class.code)?.name.as_ref();
    let stated = |(text, place): &(String, Place)| {
        TextValue::value(&Text { text: text.clone(), place: place.clone() })
    };
    match (&class.name, names.get(&class.code)) {
        (Some(name), _) => stated(name),
        (None, Some(name)) => Value::from(name.clone()),
        (None, None) => elsewhere().map_or_else(|| Value::from(class.code.clone()), stated),
    }
}

/// Classes that nobody names, told at the code that was typed: nobody typed the 类 and 款 above it.
/// Some are codes of the other classification.
fn find_nameless(
    context: &Context<'_>,
    classes: &Classes,
    whole: &Classes,
    names: &codes::Names,
    (other, others): (&str, &codes::Names),
) {
    let is_named = |class: &Class| whole.get(&class.code).is_some_and(|it| it.name.is_some());
    let nameless =
        classes.values().filter(|class| !is_named(class) && !names.contains_key(&class.code));
    let mut by_line: BTreeMap<usize, Vec<&Class>> = BTreeMap::new();
    for class in nameless {
        by_line.entry(class.place.start).or_default().push(class);
    }
    let file = &context.budget.source.file;
    for nameless in by_line.into_values() {
        let place = nameless[0].place.clone();
        let typed = file.text.get(place.clone()).unwrap_or_default();
        let typed = typed.trim_matches(['"', '\'']);
        if let Some(name) = others.get(typed) {
            let message = format!("{typed} {name} 是{other}的编码");
            let help = format!("移到“{other}”下面；写错的，改编码");
            context.find(Finding::error("B05", message).at(file, place).help(help));
            continue;
        }
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
        let message = format!("{message}，印的是编码；{remedy}{lines}");
        let help = "科目表只收了一部分科目；编码写错的，改编码";
        context.find(Finding::new("B05", Severity::Info, message).at(file, place).help(help));
    }
}

fn total_with(pen: &Pen, a: &Figure, b: &Figure) -> Value {
    pen.figure(&Figure::sum([a.clone(), b.clone()]))
}

fn kind_name(kind: UnitKind) -> &'static str {
    match kind {
        UnitKind::Administrative => "行政单位",
        UnitKind::CivilServiceLike => "参公单位",
        UnitKind::Institution => "事业单位",
    }
}
