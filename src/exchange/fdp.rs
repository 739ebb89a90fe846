//! A Fiscal Data Package: `datapackage.json` with its model, and CSV files of facts, a line each.
//!
//! Only the lowest classes are given, so that a reader may add lines up without counting twice.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

use rust_decimal::Decimal;
use serde_json::{Value, json};

use super::Subject;
use super::csv::guarded;
use crate::budget::account::{Account, Project, Spending};
use crate::budget::classes::{Class, Classes};
use crate::budget::income::Sources;
use crate::budget::{Figure, Format};
use crate::form::Form;
use crate::source::model::Fund;

/// One CSV file and what is said of it.
struct Resource {
    name: &'static str,
    title: &'static str,
    /// 收入 or 支出, as the specification calls it.
    direction: &'static str,
    fields: Vec<Field>,
    lines: Vec<Vec<String>>,
}

/// A column: its name, its title, and the dimension of the model that it belongs to.
#[derive(Clone, Copy)]
struct Field {
    name: &'static str,
    title: &'static str,
    dimension: Option<&'static str>,
    is_key: bool,
}

const fn field(
    name: &'static str,
    title: &'static str,
    dimension: Option<&'static str>,
    is_key: bool,
) -> Field {
    Field { name, title, dimension, is_key }
}

const YEAR: Field = field("year", "年度", Some("date"), true);
const UNIT: Field = field("unit", "预算单位", Some("administrative-classification"), true);
const FUND: Field = field("fund", "预算资金", Some("fund-classification"), true);
const NATURE: Field = field("nature", "支出性质", Some("nature"), true);
const SOURCE: Field = field("income-source", "资金来源", Some("income-source"), true);
const PROJECT: Field = field("project", "项目", Some("activity"), true);
const AMOUNT: Field = field("amount", "金额（元）", None, false);

/// Files by name.
pub fn fdp(subject: &Subject<'_>) -> Result<Vec<(String, Vec<u8>)>, csv::Error> {
    let resources = [
        income(subject),
        spending(subject, &FUNCTIONAL),
        spending(subject, &ECONOMIC),
        projects(subject),
    ];
    let resources: Vec<Resource> =
        resources.into_iter().filter(|resource| !resource.lines.is_empty()).collect();
    let package = format!("{:#}\n", package(subject, &resources));
    let mut files = vec![("datapackage.json".to_owned(), package.into_bytes())];
    for resource in &resources {
        let mut writer = csv::Writer::from_writer(Vec::new());
        writer.write_record(resource.fields.iter().map(|field| field.name))?;
        for line in &resource.lines {
            // The amount stands last, as it is.
            let last = line.len() - 1;
            let guard = |(at, text)| if at == last { Cow::Borrowed(text) } else { guarded(text) };
            let texts = line.iter().map(String::as_str).enumerate().map(guard);
            writer.write_record(texts.map(Cow::into_owned))?;
        }
        let bytes = writer.into_inner().map_err(|error| error.into_error())?;
        files.push((format!("{}.csv", resource.name), bytes));
    }
    Ok(files)
}

fn package(subject: &Subject<'_>, resources: &[Resource]) -> Value {
    let facts = &subject.budget.source.value;
    let date = &subject.report.date;
    let descriptions = resources.iter().map(|resource| {
        let fields = resource.fields.iter().map(|field| match field.name {
            "year" => json!({ "name": field.name, "title": field.title, "type": "integer" }),
            "amount" => json!({ "name": field.name, "title": field.title, "type": "number" }),
            _ => json!({ "name": field.name, "title": field.title, "type": "string" }),
        });
        json!({
            "name": resource.name,
            "title": resource.title,
            "profile": "tabular-data-resource",
            "path": format!("{}.csv", resource.name),
            "format": "csv",
            "mediatype": "text/csv",
            "encoding": "utf-8",
            "schema": { "fields": fields.collect::<Vec<_>>() },
        })
    });
    json!({
        "name": format!("budget-{}", facts.year.count),
        "title": subject.report.title_text(),
        "profile": "tabular-data-package",
        "countryCode": "CN",
        "author": subject.report.author,
        "fiscalPeriod": {
            "start": format!("{}-01-01", facts.year.count),
            "end": format!("{}-12-31", facts.year.count),
        },
        "created": format!("{:04}-{:02}-{:02}T00:00:00Z", date.year, date.month, date.day),
        "model": { "measures": measures(resources), "dimensions": dimensions(resources) },
        "resources": descriptions.collect::<Vec<_>>(),
    })
}

/// One measure a file: its amounts, planned, in yuan.
fn measures(resources: &[Resource]) -> Value {
    let measures = resources.iter().map(|resource| {
        let measure = json!({
            "source": AMOUNT.name,
            "resource": resource.name,
            "currency": "CNY",
            "direction": resource.direction,
            "phase": "approved",
        });
        (format!("{}-amount", resource.name), measure)
    });
    Value::Object(measures.collect())
}

fn dimensions(resources: &[Resource]) -> Value {
    let mut dimensions = serde_json::Map::new();
    for resource in resources {
        let mut names: Vec<&str> = resource.fields.iter().filter_map(|f| f.dimension).collect();
        names.dedup();
        for dimension in names {
            let fields: Vec<&Field> =
                resource.fields.iter().filter(|field| field.dimension == Some(dimension)).collect();
            let attributes = fields.iter().map(|field| {
                let attribute =
                    json!({ "source": field.name, "resource": resource.name, "title": field.title });
                (field.name.to_owned(), attribute)
            });
            let keys: Vec<&str> =
                fields.iter().filter(|field| field.is_key).map(|field| field.name).collect();
            let kind = match dimension {
                "date" => "datetime",
                "administrative-classification" => "entity",
                "activity" => "activity",
                _ => "classification",
            };
            let value = json!({
                "dimensionType": kind,
                "primaryKey": keys,
                "attributes": Value::Object(attributes.collect()),
            });
            dimensions.insert(format!("{}-{dimension}", resource.name), value);
        }
    }
    Value::Object(dimensions)
}

/// Amounts in yuan, whatever the source counts in.
fn yuan(subject: &Subject<'_>, figure: &Figure) -> String {
    let held_in = Format::of(&subject.budget.source.value.amounts);
    let per_unit = match held_in.unit_name() {
        "万元" => Decimal::from(10_000),
        _ => Decimal::ONE,
    };
    (figure.amount() * per_unit).normalize().to_string()
}

fn year(subject: &Subject<'_>) -> String {
    subject.budget.source.value.year.count.to_string()
}

fn income(subject: &Subject<'_>) -> Resource {
    let line = |unit: &Account, name: &str, figure: &Figure| {
        vec![year(subject), unit.name.clone(), name.to_owned(), yuan(subject, figure)]
    };
    let lines = subject.budget.units.iter().flat_map(|unit| {
        let sources = by_name(&unit.income).into_iter().filter(|(_, figure)| !figure.is_zero());
        sources.map(|(name, figure)| line(unit, name, figure)).collect::<Vec<_>>()
    });
    Resource {
        name: "income",
        title: "收入预算",
        direction: "revenue",
        fields: vec![YEAR, UNIT, SOURCE, AMOUNT],
        lines: lines.collect(),
    }
}

fn by_name(income: &Sources) -> [(&'static str, &Figure); 10] {
    [
        ("一般公共预算拨款", &income.general),
        ("政府性基金预算拨款", &income.fund),
        ("国有资本经营预算拨款", &income.capital),
        ("财政专户管理资金", &income.special),
        ("事业收入", &income.service),
        ("事业单位经营收入", &income.business),
        ("上级补助收入", &income.superior),
        ("附属单位上缴收入", &income.subordinate),
        ("其他收入", &income.other),
        ("上年结余、结转", &income.carried_over),
    ]
}

/// One of the two ways to class spending.
struct Classing {
    resource: &'static str,
    title: &'static str,
    code: Field,
    name: Field,
    names: fn(&Form) -> &BTreeMap<String, String>,
    classes: fn(&Spending) -> &Classes,
}

const FUNCTIONAL: Classing = Classing {
    resource: "spending-by-function",
    title: "支出预算，按功能分类",
    code: field("function-code", "功能分类科目编码", Some("functional-classification"), true),
    name: field("function-name", "功能分类科目名称", Some("functional-classification"), false),
    names: |form| &form.codes.functional,
    classes: |spending| &spending.functional,
};

const ECONOMIC: Classing = Classing {
    resource: "spending-by-economic-class",
    title: "支出预算，按经济分类",
    code: field("economic-code", "经济分类科目编码", Some("economic-classification"), true),
    name: field("economic-name", "经济分类科目名称", Some("economic-classification"), false),
    names: |form| &form.codes.economic,
    classes: |spending| &spending.economic,
};

fn spending(subject: &Subject<'_>, classing: &Classing) -> Resource {
    let names = (classing.names)(subject.form);
    let mut lines = Vec::new();
    for unit in &subject.budget.units {
        for (fund, spending) in &unit.by_fund {
            for class in lowest((classing.classes)(spending)) {
                let stated = class.name.as_ref().map(|(name, _)| name);
                let name = stated.or_else(|| names.get(&class.code)).cloned().unwrap_or_default();
                let natures = [("基本支出", &class.basic), ("项目支出", &class.project)];
                lines.extend(natures.iter().filter(|(_, figure)| !figure.is_zero()).map(
                    |(nature, figure)| {
                        vec![
                            year(subject),
                            unit.name.clone(),
                            fund_name(*fund).to_owned(),
                            class.code.clone(),
                            name.clone(),
                            (*nature).to_owned(),
                            yuan(subject, figure),
                        ]
                    },
                ));
            }
        }
    }
    Resource {
        name: classing.resource,
        title: classing.title,
        direction: "expenditure",
        fields: vec![YEAR, UNIT, FUND, classing.code, classing.name, NATURE, AMOUNT],
        lines,
    }
}

/// Classes that have none below them.
fn lowest(classes: &Classes) -> impl Iterator<Item = &Class> {
    classes.values().map(Arc::as_ref).filter(|class| {
        let below = |code: &String| code.len() > class.code.len() && code.starts_with(&class.code);
        // Codes are sorted: what is below a class comes right after it.
        !classes.range(class.code.clone()..).nth(1).is_some_and(|(next, _)| below(next))
    })
}

fn projects(subject: &Subject<'_>) -> Resource {
    let lines = subject.budget.units.iter().flat_map(|unit| {
        let line = |project: &Project| {
            let name = project.facts.name.text.clone();
            vec![year(subject), unit.name.clone(), name, yuan(subject, &project.amount)]
        };
        unit.projects.iter().map(line).collect::<Vec<_>>()
    });
    Resource {
        name: "projects",
        title: "项目支出预算",
        direction: "expenditure",
        fields: vec![YEAR, UNIT, PROJECT, AMOUNT],
        lines: lines.collect(),
    }
}

fn fund_name(fund: Fund) -> &'static str {
    match fund {
        Fund::General => "一般公共预算",
        Fund::Government => "政府性基金预算",
        Fund::Capital => "国有资本经营预算",
        Fund::Special => "财政专户管理资金",
        Fund::Own => "单位资金",
    }
}
