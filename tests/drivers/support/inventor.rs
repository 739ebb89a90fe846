//! Sources that nobody would write, but that the schema allows: many units, none of anything,
//! huge amounts, long names.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicU64, Ordering};

use serde_json::{Map, Value, json};
use yusuan::form::Form;

use super::leaves::{HUGE_AMOUNTS, Inventor, perhaps};
use super::making;
use crate::common::chance::Chance;

const FUNCTIONAL: &str = include_str!("../../../templates/shenzhen-2023/codes/functional.tsv");
const ECONOMIC: &str = include_str!("../../../templates/shenzhen-2023/codes/economic.tsv");

const FUNDS: [&str; 5] =
    ["一般公共预算", "政府性基金预算", "国有资本经营预算", "财政专户管理资金", "单位资金"];
/// An invented source as YAML.
pub fn source(seed: u64) -> String {
    let mut inventor = Inventor { chance: Chance::new(seed), decimals: 0, huge_left: HUGE_AMOUNTS };
    serde_yaml::to_string(&inventor.source()).expect("JSON values are YAML values")
}

impl Inventor {
    fn source(&mut self) -> Value {
        self.decimals = self.chance.between(0, 2);
        let mut source = object(json!({
            "表式": "shenzhen-2023",
            "年度": self.chance.between(1990, 2099),
            "金额": {"单位": *self.chance.one_of(&["元", "万元"]), "小数": self.decimals},
            "部门": self.department(),
        }));
        perhaps!(self, 50, source, "日期", "2023-02-28");
        perhaps!(self, 50, source, "印刷", self.print());
        perhaps!(self, 70, source, "上年预算", {
            let mut last = object(json!({"收入总计": self.amount()}));
            perhaps!(self, 50, last, "支出总计", self.amount());
            last
        });
        perhaps!(self, 50, source, "收支增减原因", self.prose(200));
        let projects = self.units(&mut source);
        let notes = ["因公出国（境）费", "公务接待费", "公务用车购置费", "公务用车运行维护费"];
        perhaps!(self, 60, source, "三公经费说明", self.proses(&notes));
        perhaps!(self, 60, source, "绩效管理", self.proses(&["称谓", "单位范围", "备注"]));
        perhaps!(self, 50, source, "机关运行经费", {
            let mut cost = object(json!({"本年": self.amount(), "上年": self.amount()}));
            perhaps!(self, 50, cost, "说明", self.prose(60));
            cost
        });
        perhaps!(self, 60, source, "国有资产", self.assets());
        perhaps!(self, 30, source, "上级专项转移支付", self.prose(80));
        perhaps!(self, 70, source, "整体支出绩效目标", self.targets(&projects));
        perhaps!(self, 50, source, "名词解释", {
            let count = self.chance.between(0, 30);
            self.keyed(count, |inventor| json!(inventor.prose(150)))
        });
        perhaps!(self, 60, source, "表格", self.table_settings());
        perhaps!(self, 40, source, "部分", self.part_settings());
        if let Some(Value::Object(print)) = source.get_mut("印刷") {
            self.finer(print);
        }
        Value::Object(source)
    }

    fn part_settings(&mut self) -> Value {
        let parts = "一二三四五六七八九".chars().filter_map(|number| {
            let Value::Object(mut print) = self.print() else { return None };
            self.finer(&mut print);
            self.chance.happens(50).then(|| (format!("第{number}部分"), Value::Object(print)))
        });
        Value::Object(parts.collect())
    }

    /// How zeros and rates are printed.
    fn finer(&mut self, print: &mut Map<String, Value>) {
        perhaps!(self, 30, print, "去尾零", *self.chance.one_of(&["是", "否"]));
        perhaps!(self, 30, print, "率小数", self.chance.between(0, 2));
        perhaps!(self, 30, print, "零", *self.chance.one_of(&["—", "按小数", "0"]));
    }

    fn department(&mut self) -> Value {
        let mut department = object(json!({"名称": self.name(60)}));
        perhaps!(self, 60, department, "简称", self.name(30));
        perhaps!(self, 60, department, "主管部门", self.name(60));
        perhaps!(self, 60, department, "职责", self.list(20, |inventor| inventor.prose(120)));
        perhaps!(self, 60, department, "内设部门", self.list(30, |inventor| inventor.name(20)));
        perhaps!(self, 40, department, "人员说明", self.prose(40));
        perhaps!(self, 60, department, "在职人数", self.count());
        perhaps!(self, 40, department, "离休人数", self.count());
        perhaps!(self, 40, department, "退休人数", self.count());
        perhaps!(self, 60, department, "工作目标", self.prose(300));
        perhaps!(self, 60, department, "主要工作", self.list(10, |inventor| inventor.prose(120)));
        Value::Object(department)
    }

    /// Fills in the units; returns the names of their projects.
    fn units(&mut self, source: &mut Map<String, Value>) -> Vec<String> {
        let most = *self.chance.one_of(&[1, 3, 12, 40]);
        let units = self.chance.between(1, most);
        let mut projects = Vec::new();
        let list: Vec<Value> = (0..units).map(|_| self.unit(units, &mut projects)).collect();
        source.insert("预算单位".to_owned(), json!(list));
        projects
    }

    fn unit(&mut self, units: usize, projects: &mut Vec<String>) -> Value {
        let kind = *self.chance.one_of(&["行政单位", "参公单位", "事业单位"]);
        let mut unit = object(json!({"性质": kind}));
        if units > 1 || self.chance.happens(50) {
            unit.insert("名称".to_owned(), json!(self.name(60)));
        }
        perhaps!(self, 80, unit, "收入", {
            let mut income = object(self.income());
            perhaps!(self, 20, income, "本年收入合计", self.amount());
            perhaps!(self, 20, income, "收入总计", self.amount());
            income
        });
        let lines = if units > 10 { 6 } else { 30 };
        perhaps!(self, 85, unit, "功能分类", self.classes(FUNCTIONAL, &[3, 5, 7], lines));
        perhaps!(self, 85, unit, "经济分类", self.classes(ECONOMIC, &[3, 5], lines));
        perhaps!(self, 30, unit, "支出合计", {
            let mut total = Map::new();
            perhaps!(self, 50, total, "支出总计", self.amount());
            perhaps!(self, 50, total, "基本支出", self.amount());
            perhaps!(self, 50, total, "项目支出", self.amount());
            total
        });
        perhaps!(self, 30, unit, "结转下年", self.amount());
        let notes = ["人员支出", "公用支出", "对个人和家庭补助支出"];
        perhaps!(self, 60, unit, "支出说明", self.proses(&notes));
        perhaps!(self, 70, unit, "项目", {
            let list: Vec<Value> = (0..self.chance.between(0, 60 / units.min(15)))
                .map(|_| self.project(projects))
                .collect();
            list
        });
        perhaps!(self, 60, unit, "政府采购", self.amounts(&["货物", "工程", "服务"]));
        perhaps!(self, 60, unit, "三公经费", {
            let kinds = ["因公出国（境）费", "公务接待费", "公务用车购置费", "公务用车运行维护费"];
            let years = kinds.map(|kind| (kind.to_owned(), self.amounts(&["本年", "上年"])));
            Map::from_iter(years)
        });
        Value::Object(unit)
    }

    fn classes(&mut self, codes: &str, lengths: &[usize], most: usize) -> Value {
        let known: Vec<&str> = codes
            .lines()
            .filter_map(|line| line.split('\t').next())
            .filter(|code| lengths.contains(&code.len()) && code.parse::<u32>().is_ok())
            .collect();
        let mut seen = BTreeSet::new();
        let mut lines = Vec::new();
        for _ in 0..self.chance.between(0, most) {
            let code = *self.chance.one_of(&known);
            let fund = if self.chance.happens(60) { FUNDS[0] } else { self.chance.one_of(&FUNDS) };
            if !seen.insert((code, fund)) {
                continue;
            }
            let mut line = object(json!({"编码": code, "预算": fund}));
            perhaps!(self, 40, line, "名称", self.name(60));
            perhaps!(self, 10, line, "支出总计", self.amount());
            perhaps!(self, 70, line, "基本支出", self.amount());
            perhaps!(self, 50, line, "项目支出", self.amount());
            perhaps!(self, 30, line, "采购", self.amount());
            perhaps!(self, 20, line, "中小企业", self.amount());
            perhaps!(self, 20, line, "小微企业", self.amount());
            perhaps!(self, 60, line, "资金来源", self.income());
            lines.push(Value::Object(line));
        }
        // Parents have names of their own only where the code table knows them.
        json!(lines)
    }

    fn project(&mut self, names: &mut Vec<String>) -> Value {
        let name = self.name(60);
        names.push(name.clone());
        let mut project = object(json!({"名称": name, "预算": self.amount()}));
        perhaps!(self, 20, project, "文中名称", self.name(40));
        perhaps!(self, 60, project, "上年预算", self.amount());
        perhaps!(self, 60, project, "明细", {
            self.list(5, |inventor| {
                let mut detail = object(json!({
                    "名称": inventor.name(30), "金额": inventor.amount(),
                }));
                perhaps!(inventor, 60, detail, "用途", inventor.prose(80));
                Value::Object(detail)
            })
        });
        perhaps!(self, 40, project, "增减原因", self.prose(60));
        perhaps!(self, 20, project, "增减说法", self.prose(30));
        perhaps!(self, 40, project, "绩效目标", self.long_prose(300));
        perhaps!(self, 40, project, "资金来源", self.income());
        Value::Object(project)
    }

    fn assets(&mut self) -> Value {
        let mut equipment = || json!({"单价万元": 50, "数量": self.count()});
        let (general, special) = (equipment(), equipment());
        json!({
            "截至": "2022年12月31日", "车辆": self.count(), "通用设备": general, "专用设备": special,
            "车辆用途": self.keyed(3, |inventor| inventor.count()),
            "计划新增": {"车辆": self.count(), "通用设备": self.count(), "专用设备": self.count()},
        })
    }

    fn targets(&mut self, projects: &[String]) -> Value {
        let mut targets = Map::new();
        perhaps!(self, 80, targets, "主要任务", {
            self.list(8, |inventor| {
                let mut covers: Vec<&str> = vec!["基本支出"];
                covers.extend(projects.iter().take(5).map(String::as_str));
                covers.truncate(inventor.chance.between(0, covers.len()));
                let mut task = object(json!({
                    "任务名称": inventor.name(40), "主要内容": inventor.long_prose(400), "包含": covers,
                }));
                perhaps!(inventor, 30, task, "总额", inventor.amount());
                perhaps!(inventor, 20, task, "其他资金", inventor.amount());
                Value::Object(task)
            })
        });
        perhaps!(self, 80, targets, "总体目标", self.long_prose(900));
        perhaps!(self, 80, targets, "绩效指标", {
            let firsts = self.chance.between(0, 4);
            self.keyed(firsts, |inventor| {
                let seconds = inventor.chance.between(0, 4);
                inventor.keyed(seconds, |inventor| {
                    let indicator = |inventor: &mut Self| {
                        json!({"指标": inventor.prose(80), "目标值": inventor.prose(30)})
                    };
                    json!(inventor.list(12, indicator))
                })
            })
        });
        Value::Object(targets)
    }

    fn table_settings(&mut self) -> Value {
        let tables = (1..=12).filter_map(|number| {
            let mut table = Map::new();
            perhaps!(self, 20, table, "部门名称", self.name(40));
            perhaps!(self, 20, table, "续页部门名称", self.name(40));
            perhaps!(self, 20, table, "汇总行", self.name(40));
            perhaps!(self, 20, table, "单位行", self.name(40));
            perhaps!(self, 20, table, "注", self.prose(200));
            perhaps!(self, 50, table, "印刷", self.print());
            self.chance.happens(50).then(|| (format!("表{number}"), Value::Object(table)))
        });
        Value::Object(tables.collect())
    }
}

fn object(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(map) => map,
        _ => unreachable!("every caller writes an object"),
    }
}

/// Tries invented sources of which a report can be made, so many or as many as `YUSUAN_RANDOM` says.
pub fn for_reports(form: &Form, wanted: u64, check: impl Fn(u64, &str) + Sync) {
    let asked = std::env::var("YUSUAN_RANDOM").ok().and_then(|text| text.parse().ok());
    let wanted = asked.unwrap_or(wanted);
    let (next, done) = (AtomicU64::new(1), AtomicU64::new(0));
    making::side_by_side(2, || {
        loop {
            let seed = next.fetch_add(1, Ordering::Relaxed);
            let text = source(seed);
            if seed > 2 * wanted || done.load(Ordering::Relaxed) >= wanted {
                break;
            }
            // Two projects may have one name, which no report can be made of.
            let sound = making::budget(&text).and_then(|budget| form.report(&budget)).is_ok();
            if sound {
                check(seed, &text);
                done.fetch_add(1, Ordering::Relaxed);
            }
        }
    });
    assert!(done.into_inner() >= wanted, "too few invented sources make a report");
}
