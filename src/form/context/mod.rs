//! What templates can name: the budget's figures and texts under their Chinese names.
//!
//! `docs/forms.md` lists the names. Texts of the source are rendered here, once, with the figures
//! in view; what goes wrong in them is collected.

mod account;

use std::cell::RefCell;
use std::sync::Arc;

use minijinja::Environment;
use minijinja::value::Value;

use super::Form;
use super::codes::CodeNames;
use super::engine;
use super::pen::Pen;
use super::values::{TextValue, Totals};
use crate::budget::income::Sources;
use crate::budget::targets::Task;
use crate::budget::{Budget, Figure, Format, account as budget_account};
use crate::finding::Finding;
use crate::source::model::{TableSettings, UnitKind};
use crate::source::scalar::{Count, Place, Prose, Text};

/// A map value from `"名称" => value` pairs.
macro_rules! object {
    ($($key:literal => $value:expr),* $(,)?) => {
        Value::from_pairs([$(($key, Value::from($value))),*])
    };
}
use object;

/// Builds the values that templates read.
pub struct Context<'a> {
    budget: &'a Budget,
    codes: &'a Arc<CodeNames>,
    constants: &'a [(Text, Text)],
    pen: Pen,
    prose_engine: Environment<'static>,
    /// The department's account and its units', built once: every table reads them.
    whole: Value,
    units: Vec<Value>,
    /// What the prose of the source may name: figures and names, no other prose.
    figures: Value,
    findings: RefCell<Vec<Finding>>,
}

impl<'a> Context<'a> {
    pub fn new(budget: &'a Budget, form: &'a Form, pen: &Pen) -> Self {
        let mut context = Self {
            budget,
            codes: &form.codes,
            constants: &form.manifest.value.constants.0,
            pen: pen.clone(),
            prose_engine: engine::for_prose(pen),
            whole: Value::UNDEFINED,
            units: Vec::new(),
            figures: Value::UNDEFINED,
            findings: RefCell::default(),
        };
        context.whole = account::value(&context, &budget.whole);
        context.units = budget.units.iter().map(|unit| account::value(&context, unit)).collect();
        context.figures = context.figures();
        context
    }

    /// The figures and names that short texts may read.
    pub fn names(&self) -> &Value {
        &self.figures
    }

    pub fn into_findings(self) -> Vec<Finding> {
        self.findings.into_inner()
    }

    /// Figures and names: the whole view of prose, and the ground of everything else.
    fn figures(&self) -> Value {
        let source = &self.budget.source.value;
        let projects = self.budget.whole.projects.iter().map(|project| {
            let name = &project.facts.name.text;
            (name.clone(), self.project_figures(&self.projects_named(name, project)))
        });
        let year = source.year.count;
        object! {
            "年" => self.text(&year.to_string(), &source.year.place),
            "上年" => self.text(&year.saturating_sub(1).to_string(), &source.year.place),
            "部门" => self.department_names(),
            "合计" => Value::from_object(Totals { account: self.whole.clone(), pen: self.pen.clone() }),
            "各单位" => self.units.clone(),
            "项目" => Value::from_pairs(projects),
            "上年预算" => self.budget.last_year.as_ref().map(|(income, spending)| object! {
                "收入" => self.pen.figure(income),
                "支出" => self.pen.figure(spending),
            }),
            "机关运行经费" => self.budget.operating.as_ref().map(|(this, last)| object! {
                "本年" => self.pen.figure(this),
                "上年" => self.pen.figure(last),
            }),
            "国有资产" => self.assets(),
            "常数" => Value::from_pairs(self.constants.iter().map(|(name, text)| {
                (name.text.clone(), Value::from(text.text.clone()))
            })),
        }
    }

    /// All that a form's templates may name.
    pub fn everything(&self) -> Value {
        let source = &self.budget.source.value;
        let department = &source.department;
        let notes = &source.official_notes;
        let words = object! {
            "简介" => object! {
                "职责" => self.list(&department.duties, |duty| self.prose(duty)),
                "内设部门" => self.list(&department.offices, TextValue::value),
                "人员说明" => self.optional_prose(&department.staff_note),
                "在职人数" => self.optional_count(&department.staff),
                "离休人数" => self.optional_count(&department.veterans),
                "退休人数" => self.optional_count(&department.retired),
                "工作目标" => self.optional_prose(&department.goals),
                "主要工作" => self.list(&department.tasks, |task| self.prose(task)),
            },
            "收支增减原因" => self.optional_prose(&source.change_reason),
            "单位说明" => self.list(&source.units, |unit| object! {
                "人员支出" => self.optional_prose(&unit.notes.staff),
                "公用支出" => self.optional_prose(&unit.notes.public),
                "补助支出" => self.optional_prose(&unit.notes.subsidy),
            }),
            "单位项目" => self.list(&self.budget.units, |unit| {
                self.list(&unit.projects, |project| self.project(project))
            }),
            "三公说明" => object! {
                "出国" => self.optional_prose(&notes.abroad),
                "接待" => self.optional_prose(&notes.reception),
                "购置" => self.optional_prose(&notes.car_purchase),
                "运行" => self.optional_prose(&notes.car_running),
            },
            "绩效管理" => object! {
                "称谓" => self.prose_or(&source.performance.title, &TextValue::value(&department.name)),
                "单位范围" => self.optional_prose(&source.performance.scope),
                "备注" => self.optional_prose(&source.performance.remark),
            },
            "机关运行说明" => source.operating.as_ref().map(|cost| self.optional_prose(&cost.note)),
            "上级专项转移支付" => self.optional_prose(&source.transfers),
            "绩效目标" => self.targets(),
            "名词解释" => self.list(&source.glossary.0, |(word, meaning)| object! {
                "名词" => TextValue::value(word),
                "解释" => self.prose(meaning),
            }),
        };
        merged(&self.figures, words)
    }

    /// `everything`, and what one table needs besides, under 本表.
    pub fn for_table(&self, everything: &Value, settings: &TableSettings, format: Format) -> Value {
        let department = &self.budget.source.value.department;
        let name = TextValue::value(&department.name);
        let this = object! {
            "单位" => format.unit_name(),
            "部门名称" => self.prose_or(&settings.department, &name),
            "续页部门名称" => self.prose_or(&settings.department_after, &name),
            "注" => self.optional_prose(&settings.note),
            "各行" => self.unit_rows(settings, &name),
        };
        merged(everything, object! { "本表" => this })
    }

    /// The totals that a table by unit has: the department's where it has one, then each unit's.
    fn unit_rows(&self, settings: &TableSettings, department: &Value) -> Value {
        let units = &self.budget.units;
        let mut rows = Vec::new();
        if units.len() != 1 || settings.summary.is_some() {
            rows.push(object! {
                "名称" => self.prose_or(&settings.summary, department),
                "汇总" => true,
                "续" => "",
                "收支" => self.whole.clone(),
            });
        }
        for (account, facts) in self.units.iter().zip(&self.budget.source.value.units) {
            let own = TextValue::value(
                facts.name.as_ref().unwrap_or(&self.budget.source.value.department.name),
            );
            let name = if units.len() == 1 { self.prose_or(&settings.unit_row, &own) } else { own };
            // The only unit without a name of its own is the department, which every page names.
            let again = if units.len() > 1 || facts.name.is_some() { "续" } else { "" };
            let account = account.clone();
            rows.push(
                object! { "名称" => name, "汇总" => false, "续" => again, "收支" => account },
            );
        }
        Value::from(rows)
    }

    fn department_names(&self) -> Value {
        let department = &self.budget.source.value.department;
        let name = &department.name;
        object! {
            "名称" => TextValue::value(name),
            "简称" => TextValue::value(department.short_name.as_ref().unwrap_or(name)),
            "主管部门" => TextValue::value(department.parent.as_ref().unwrap_or(name)),
            "在职人数" => self.optional_count(&department.staff),
            "离休人数" => self.optional_count(&department.veterans),
            "退休人数" => self.optional_count(&department.retired),
            "内设部门" => self.list(&department.offices, TextValue::value),
            "有行政单位" => self.budget.source.value.units.iter().any(|unit| unit.kind != UnitKind::Institution),
        }
    }

    fn assets(&self) -> Option<Value> {
        let assets = self.budget.source.value.assets.as_ref()?;
        let count = |count: &Count| self.pen.figure(&Figure::count(count));
        Some(object! {
            "截至" => TextValue::value(&assets.until),
            "车辆" => count(&assets.cars),
            "车辆用途" => self.list(&assets.cars_by_use.0, |(purpose, cars)| object! {
                "用途" => TextValue::value(purpose),
                "数量" => count(cars),
            }),
            "通用设备单价" => count(&assets.general.threshold),
            "通用设备" => count(&assets.general.count),
            "专用设备单价" => count(&assets.special.threshold),
            "专用设备" => count(&assets.special.count),
            "新增车辆" => count(&assets.planned.cars),
            "新增通用设备" => count(&assets.planned.general),
            "新增专用设备" => count(&assets.planned.special),
        })
    }

    fn targets(&self) -> Option<Value> {
        let targets = self.budget.source.value.targets.as_ref()?;
        let tasks = targets.tasks.iter().zip(&self.budget.tasks).map(|(facts, task)| {
            object! {
                "名称" => TextValue::value(&facts.name),
                "内容" => self.prose(&facts.content),
                "总额" => self.pen.figure(&task.total),
                "财政拨款" => self.pen.figure(&task.fiscal),
                "其他资金" => self.pen.figure(&task.other),
            }
        });
        let indicators = self.list(&targets.indicators.0, |(first, seconds)| {
            object! {
                "名称" => TextValue::value(first),
                "行数" => seconds.0.iter().map(|(_, list)| list.len()).sum::<usize>(),
                "二级" => self.list(&seconds.0, |(second, list)| object! {
                    "名称" => TextValue::value(second),
                    "指标" => self.list(list, |indicator| object! {
                        "名称" => self.prose(&indicator.name),
                        "目标值" => self.prose(&indicator.target),
                    }),
                }),
            }
        });
        let sum = |of: fn(&Task) -> &Figure| {
            self.pen.figure(&Figure::sum(self.budget.tasks.iter().map(|task| of(task).clone())))
        };
        Some(object! {
            "主要任务" => tasks.collect::<Vec<_>>(),
            "任务合计" => object! {
                "总额" => sum(|task| &task.total),
                "财政拨款" => sum(|task| &task.fiscal),
                "其他资金" => sum(|task| &task.other),
            },
            "总体目标" => self.optional_prose(&targets.overall),
            "指标" => indicators,
        })
    }

    /// The projects of a name as one: several units may have one each.
    fn projects_named(
        &self,
        name: &str,
        first: &budget_account::Project,
    ) -> budget_account::Project {
        let projects = &self.budget.whole.projects;
        let named = || projects.iter().filter(|project| project.facts.name.text == name);
        let last_years: Option<Vec<Figure>> =
            named().map(|project| project.last_year.clone()).collect();
        budget_account::Project {
            amount: Figure::sum(named().map(|project| project.amount.clone())),
            last_year: last_years.map(Figure::sum),
            sources: Sources::sum_if_all_known(
                named().map(|project| (&project.amount, project.sources.as_ref())),
            ),
            ..first.clone()
        }
    }

    fn project_figures(&self, project: &budget_account::Project) -> Value {
        object! {
            "名称" => TextValue::value(&project.facts.name),
            "文中名称" => TextValue::value(
                project.facts.prose_name.as_ref().unwrap_or(&project.facts.name)
            ),
            "预算" => self.pen.figure(&project.amount),
            "上年预算" => project.last_year.as_ref().map(|figure| self.pen.figure(figure)),
            "变动" => project.last_year.as_ref().map(|last| self.pen.change(&project.amount, last)),
            "资金" => account::sources(&self.pen, project.sources.as_ref()),
        }
    }

    /// A project with its words; in them 本项 is the project itself.
    fn project(&self, project: &budget_account::Project) -> Value {
        let figures = self.project_figures(project);
        let view = merged(&self.figures, object! { "本项" => figures.clone() });
        let prose = |prose: &Option<Prose>| prose.as_ref().map(|prose| self.prose_in(prose, &view));
        let facts = &project.facts;
        let details = facts.details.iter().zip(&project.details).map(|(detail, amount)| {
            object! {
                "名称" => TextValue::value(&detail.name),
                "金额" => self.pen.figure(amount),
                "用途" => prose(&detail.purpose),
            }
        });
        let words = object! {
            "明细" => details.collect::<Vec<_>>(),
            "增减原因" => prose(&facts.reason),
            "增减说法" => prose(&facts.change),
            "绩效目标" => prose(&facts.target),
        };
        merged(&figures, words)
    }

    fn prose(&self, prose: &Prose) -> Value {
        self.prose_in(prose, &self.figures)
    }

    fn prose_in(&self, prose: &Prose, view: &Value) -> Value {
        let file = &self.budget.source.file;
        let rendered = engine::render_prose(&self.prose_engine, &self.pen, file, &prose.0, view);
        rendered.unwrap_or_else(|findings| {
            findings.into_iter().for_each(|finding| self.find(finding));
            Value::from_safe_string(String::new())
        })
    }

    /// What is printed in two places would report the same fault twice.
    fn find(&self, finding: Finding) {
        let mut findings = self.findings.borrow_mut();
        if !findings.contains(&finding) {
            findings.push(finding);
        }
    }

    fn optional_prose(&self, prose: &Option<Prose>) -> Option<Value> {
        prose.as_ref().map(|prose| self.prose(prose))
    }

    fn prose_or(&self, prose: &Option<Prose>, otherwise: &Value) -> Value {
        self.optional_prose(prose).unwrap_or_else(|| otherwise.clone())
    }

    fn optional_count(&self, count: &Option<Count>) -> Option<Value> {
        count.as_ref().map(|count| self.pen.figure(&Figure::count(count)))
    }

    fn text(&self, text: &str, place: &Place) -> Value {
        TextValue::value(&Text { text: text.to_owned(), place: place.clone() })
    }

    fn list<T>(&self, items: &[T], value: impl Fn(&T) -> Value) -> Value {
        items.iter().map(value).collect::<Vec<Value>>().into()
    }
}

/// Two maps as one; the second wins.
fn merged(below: &Value, above: Value) -> Value {
    minijinja::value::merge_maps([above, below.clone()])
}
