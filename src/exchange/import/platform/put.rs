//! Compares what detail lines come to with what a source states, and makes edits of it.

use rust_decimal::Decimal;

use super::super::amount::like;
use super::super::{Change, Changes, LEFT, UNFIT};
use super::fold::{Class, Sum, Sums, Unit, name_of};
use super::lines::ORDINARY;
use super::single::Figure;
use crate::budget::figure::round_half_up;
use crate::budget::print;
use crate::exchange::facts::Path;
use crate::source::edit::{Edit, Value};
use crate::source::model::{Exactness, MoneyUnit, Source};
use crate::source::tree::{Kind, Node};

/// At the end of a map or list.
const LAST: usize = usize::MAX;

pub fn put(sums: &Sums, tree: &Node, source: &Source, changes: &mut Changes) {
    let mut putting = Putting { tree, source, changes, rounded: 0 };
    for (at, unit) in &sums.units {
        let path = Path::default().key("预算单位").item(*at);
        let before = (putting.changes.changes.len(), putting.changes.removals.len());
        putting.unit(&path, unit, sums);
        if source.units.len() > 1 {
            let all = &mut *putting.changes;
            let own = all.changes[before.0..].iter_mut().chain(&mut all.removals[before.1..]);
            own.for_each(|change| {
                change.what = format!("{}：{}", name_of(source, *at), change.what)
            });
        }
    }
    let rounded = putting.rounded;
    if rounded > 0 {
        let facts = &source.amounts;
        let message = format!("有 {rounded} 个数按数据文件的单位四舍五入了");
        if facts.exactness == Some(Exactness::Exact) {
            changes.doubt(UNFIT, message, "数据文件说它的数是准确的：改它的“金额”，或改明细");
        } else {
            changes.remark(LEFT, message);
        }
    }
}

struct Putting<'a> {
    tree: &'a Node,
    source: &'a Source,
    changes: &'a mut Changes,
    rounded: usize,
}

impl Putting<'_> {
    fn unit(&mut self, path: &Path, unit: &Unit, sums: &Sums) {
        if sums.has_functional {
            self.classes(path, "功能分类", &unit.functional, sums.has_procurement);
        }
        if sums.has_economic {
            self.classes(path, "经济分类", &unit.economic, false);
        }
        if sums.has_projects {
            self.projects(path, &unit.projects);
        }
        for figure in &unit.singles {
            self.single(path, figure);
        }
    }

    /// An amount of yuan as the source writes it.
    fn written(&mut self, yuan: Decimal) -> String {
        let amounts = &self.source.amounts;
        let exact = match amounts.unit {
            MoneyUnit::Yuan => yuan,
            MoneyUnit::TenThousand => yuan / Decimal::from(10_000),
        };
        let rounded = round_half_up(exact, print::decimals(amounts));
        self.rounded += usize::from(rounded != exact);
        rounded.normalize().to_string()
    }

    fn classes(
        &mut self,
        unit: &Path,
        list: &str,
        classes: &std::collections::BTreeMap<(String, String), Class>,
        procurement: bool,
    ) {
        let path = unit.key(list);
        let items = items(self.tree, &path);
        for ((code, fund), class) in classes {
            let is_it = |item: &&Node| text(item, "编码") == code && same_fund(item, fund);
            let what = format!("{list} {code}");
            let mut figures = vec![("基本支出", &class.basic), ("项目支出", &class.project)];
            if procurement {
                figures.push(("采购", &class.procurement));
            }
            match items.iter().position(is_it) {
                Some(at) => {
                    for (key, sum) in figures {
                        self.figure(&path.item(at), items[at], key, sum, &what);
                    }
                }
                None => self.new_class(&path, (code, fund), class, &figures),
            }
        }
        for (at, item) in items.iter().enumerate() {
            let (code, fund) = (text(item, "编码"), text(item, "预算"));
            let told = classes.keys().any(|(have, of)| have == code && same_fund(item, of));
            let above = classes.keys().any(|(have, of)| {
                have.len() > code.len() && have.starts_with(code) && same_fund(item, of)
            });
            if told {
                continue;
            }
            let what = format!("{list} {code} {} {fund}", text(item, "名称"));
            if above && states_a_name_alone(item) {
                continue;
            }
            if above {
                let message = format!(
                    "{}是写明的合计，照旧；用 yusuan check 核对",
                    what.trim_end().to_owned() + " "
                );
                self.changes.remark(LEFT, message);
            } else {
                self.missing(path.item(at), &what, None);
            }
        }
    }

    /// What the source has and no line speaks of.
    fn missing(&mut self, path: Path, what: &str, before: Option<&str>) {
        self.changes.removals.push(Change {
            edit: Edit::Remove(path),
            cell: "明细".to_owned(),
            what: what.trim().to_owned(),
            before: before.map(str::to_owned),
            after: None,
        });
    }

    /// A figure that stands alone: set, or put where it belongs with the maps that it needs.
    fn single(&mut self, unit: &Path, figure: &Figure) {
        let paths: Vec<Path> = figure
            .keys
            .iter()
            .scan(unit.clone(), |at, key| {
                *at = at.key(key.as_str());
                Some(at.clone())
            })
            .collect();
        let here = paths.iter().take_while(|path| path.find(self.tree).is_some()).count();
        let Some((last, rest)) = figure.keys.split_last() else { return };
        let what = rest.join(" ");
        let owner = paths.len().checked_sub(2).and_then(|at| paths.get(at)).unwrap_or(unit);
        if here + 1 >= figure.keys.len() {
            if let Some(node) = owner.find(self.tree) {
                self.figure(owner, node, last, &figure.sum, &what);
            }
            return;
        }
        if figure.sum.amount.is_zero() {
            return;
        }
        let amount = self.written(figure.sum.amount);
        let into = here.checked_sub(1).and_then(|at| paths.get(at)).unwrap_or(unit).clone();
        let (key, below) = (&figure.keys[here], &figure.keys[here + 1..]);
        for change in &mut self.changes.changes {
            if let Edit::Insert { into: have, key: Some(name), value, .. } = &mut change.edit
                && (&*have, &*name) == (&into, key)
            {
                value.put(below, &amount);
                let told = format!("；{what} {last} {amount}");
                change.after.get_or_insert_default().push_str(&told);
                return;
            }
        }
        let mut value = Value::Map(Vec::new());
        value.put(below, &amount);
        self.changes.changes.push(Change {
            edit: Edit::Insert { into, before: LAST, key: Some(key.clone()), value },
            cell: cell(&figure.sum),
            what: format!("新加{what} {last}"),
            before: None,
            after: Some(amount),
        });
    }

    fn figure(&mut self, item_path: &Path, item: &Node, key: &str, sum: &Sum, what: &str) {
        let before = item.get(key).and_then(Node::scalar);
        if sum.parts == 0 {
            // No line speaks of it: that is no zero.
            if before.is_some_and(|text| Decimal::from_str_exact(text).is_ok_and(|d| !d.is_zero()))
            {
                self.missing(item_path.key(key), &format!("{what} {key}"), before);
            }
            return;
        }
        let after = like(before, &self.written(sum.amount));
        let same =
            |text: &str| Decimal::from_str_exact(text).ok() == Decimal::from_str_exact(&after).ok();
        let path = item_path.key(key);
        let edit = match before {
            Some(text) if same(text) => return,
            Some(_) => Edit::Set(path, after.clone()),
            None if sum.amount.is_zero() => return,
            None => Edit::Insert {
                into: item_path.clone(),
                before: LAST,
                key: Some(key.to_owned()),
                value: Value::Scalar(after.clone()),
            },
        };
        self.changes.changes.push(Change {
            edit,
            cell: cell(sum),
            what: format!("{what} {key}"),
            before: before.filter(|text| !text.is_empty()).map(str::to_owned),
            after: Some(after),
        });
    }

    fn new_class(
        &mut self,
        path: &Path,
        (code, fund): (&str, &str),
        class: &Class,
        figures: &[(&str, &Sum)],
    ) {
        let mut entries = vec![("编码".to_owned(), Value::from(code))];
        if !class.name.is_empty() {
            entries.push(("名称".to_owned(), Value::from(class.name.as_str())));
        }
        if !fund.is_empty() && fund != ORDINARY {
            entries.push(("预算".to_owned(), Value::from(fund)));
        }
        let mut told = Vec::new();
        for (key, sum) in figures.iter().filter(|(_, sum)| !sum.amount.is_zero()) {
            let amount = self.written(sum.amount);
            told.push(format!("{key} {amount}"));
            entries.push(((*key).to_owned(), Value::Scalar(amount)));
        }
        if told.is_empty() {
            return;
        }
        let first = figures.iter().find(|(_, sum)| sum.parts > 0);
        let cell = first.map(|(_, sum)| cell(sum)).unwrap_or_default();
        self.insert(
            path,
            Value::Map(entries),
            cell,
            format!("新加{} {code} {}", list_name(path), class.name),
            told,
        );
    }

    fn projects(&mut self, unit: &Path, projects: &[(String, Sum)]) {
        let path = unit.key("项目");
        let items = items(self.tree, &path);
        for (name, sum) in projects {
            match items.iter().position(|item| text(item, "名称") == name) {
                Some(at) => self.figure(&path.item(at), items[at], "预算", sum, name),
                None => {
                    let amount = self.written(sum.amount);
                    let entries = vec![
                        ("名称".to_owned(), Value::from(name.as_str())),
                        ("预算".to_owned(), Value::Scalar(amount.clone())),
                    ];
                    let told = vec![format!("预算 {amount}")];
                    self.insert(
                        &path,
                        Value::Map(entries),
                        cell(sum),
                        format!("新加项目 {name}"),
                        told,
                    );
                }
            }
        }
        for (at, item) in items.iter().enumerate() {
            let name = text(item, "名称");
            if !projects.iter().any(|(have, _)| have == name) {
                self.missing(path.item(at), &format!("项目“{name}”"), None);
            }
        }
    }

    /// A new item of a list; a list that is not there yet comes with its first item.
    fn insert(&mut self, list: &Path, value: Value, cell: String, what: String, told: Vec<String>) {
        let after = Some(told.join("、"));
        let edit = if list.find(self.tree).is_some() {
            Edit::Insert { into: list.clone(), before: LAST, key: None, value }
        } else {
            let (unit, key) = split(list);
            for change in &mut self.changes.changes {
                if let Edit::Insert { into, key: Some(have), value: Value::List(items), .. } =
                    &mut change.edit
                    && *into == unit
                    && *have == key
                {
                    items.push(value);
                    let told = format!("；{what}，{}", told.join("、"));
                    change.after.get_or_insert_default().push_str(&told);
                    return;
                }
            }
            Edit::Insert {
                into: unit,
                before: LAST,
                key: Some(key),
                value: Value::List(vec![value]),
            }
        };
        self.changes.changes.push(Change { edit, cell, what, before: None, after });
    }
}

fn list_name(path: &Path) -> String {
    split(path).1
}

/// A list's own path: its owner's and its key.
fn split(path: &Path) -> (Path, String) {
    let (last, rest) = path.0.split_last().expect("a list has a key");
    let key = match last {
        crate::exchange::facts::Step::Key(key) => key.clone(),
        crate::exchange::facts::Step::Item(_) => String::new(),
    };
    (Path(rest.to_vec()), key)
}

/// `明细!G5 等 3 行`
fn cell(sum: &Sum) -> String {
    match sum.parts {
        0 | 1 => sum.first.clone(),
        parts => format!("{} 等 {parts} 行", sum.first),
    }
}

fn items<'t>(tree: &'t Node, path: &Path) -> Vec<&'t Node> {
    match path.find(tree).map(|node| &node.kind) {
        Some(Kind::List(items)) => items.iter().collect(),
        _ => Vec::new(),
    }
}

fn text<'n>(item: &'n Node, key: &str) -> &'n str {
    item.get(key).and_then(Node::scalar).unwrap_or_default()
}

/// Whether a class is there for its name.
fn states_a_name_alone(item: &Node) -> bool {
    let Kind::Map(entries) = &item.kind else { return false };
    entries.iter().all(|(key, _)| ["编码", "名称", "预算"].contains(&key.text.as_str()))
}

/// A source leaves the ordinary fund out.
fn same_fund(item: &Node, fund: &str) -> bool {
    let named = |fund: &str| if fund.is_empty() { ORDINARY.to_owned() } else { fund.to_owned() };
    named(text(item, "预算")) == named(fund)
}
