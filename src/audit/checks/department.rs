//! 单位: what a source says of its department, against what else it says.

use std::sync::Arc;

use super::{Hit, View};
use crate::budget::classes::Class;
use crate::source::model::UnitKind;

impl View<'_> {
    /// 简称 that is no shortening of the name: it has characters that the name has not.
    pub(super) fn short_name(&self) -> Vec<Hit> {
        let department = &self.budget.source.value.department;
        let Some(short) = &department.short_name else { return Vec::new() };
        let name = &department.name;
        let mut rest: Vec<char> = name.text.chars().collect();
        let mut take = |c| rest.iter().position(|other| *other == c).map(|at| rest.remove(at));
        if short.text.chars().all(|c| take(c).is_some()) {
            return Vec::new();
        }
        vec![Hit {
            message: format!("“{}”不是“{}”的缩写", short.text, name.text),
            place: Some(short.place.clone()),
            feeds: vec![name.place.clone()],
            ..Hit::default()
        }]
    }

    /// 性质 that the classes of a unit speak against: `行政=行政运行` and `事业=事业运行` say which
    /// names belong to which kind.
    pub(super) fn unit_kinds(&self, words: &[String]) -> Result<Vec<Hit>, String> {
        let mut of_kind = [Vec::new(), Vec::new()];
        for word in words {
            match word.split_once('=') {
                Some(("行政", name)) => of_kind[0].push(name),
                Some(("事业", name)) => of_kind[1].push(name),
                _ => return Err(format!("“{word}”要写成 行政=名称 或 事业=名称")),
            }
        }
        let names = &self.form.codes.functional;
        let mut hits = Vec::new();
        for (facts, unit) in self.budget.source.value.units.iter().zip(&self.budget.units) {
            let classes: Vec<&Class> = unit.spending.functional.values().map(Arc::as_ref).collect();
            let name = |class: &Class| match &class.name {
                Some((name, _)) => name.clone(),
                None => names.get(&class.code).cloned().unwrap_or_default(),
            };
            let of = |wanted: &[&str]| {
                classes.iter().find(|class| wanted.iter().any(|it| name(class).contains(it)))
            };
            let (kind, against) = match (facts.kind, of(&of_kind[0]), of(&of_kind[1])) {
                (UnitKind::Institution, Some(class), None) => ("事业单位", class),
                (UnitKind::Administrative, None, Some(class)) => ("行政单位", class),
                _ => continue,
            };
            let class = format!("{} {}", against.code, name(against));
            hits.push(Hit {
                message: format!("{}的性质是{kind}，支出里却有“{class}”", unit.name),
                place: Some(against.place.clone()),
                ..Hit::default()
            });
        }
        Ok(hits)
    }
}
