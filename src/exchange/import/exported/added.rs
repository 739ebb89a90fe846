//! Rows that a workbook adds: an item for the list of its owner, which may have no list yet, or be
//! new itself; or a figure that stands in no list.

use super::super::{Change, Changes, UNFIT};
use crate::exchange::facts::{List, Path, Step, figure_below, units};
use crate::source::edit::{Edit, Value, is_missing};
use crate::source::schema;
use crate::source::tree::{Kind, Node};

/// At the end of a map or list.
pub const LAST: usize = usize::MAX;
/// What an item of a list is known by.
pub const NAMES: [&str; 3] = ["名称", "编码", "任务名称"];

/// The new rows of all sheets.
pub struct Added<'a> {
    tree: &'a Node,
    rows: Vec<New>,
}

/// A row as it is on its sheet.
pub struct Row<'r> {
    pub cell: String,
    /// Whose it is, from the unit down; blank where there is but one.
    pub owners: &'r [String],
    pub own: &'r [String],
    pub figures: Vec<(String, String)>,
}

struct New {
    /// The list that it is an item of.
    list: Path,
    /// Where it is put, as what.
    into: Path,
    key: Option<String>,
    value: Value,
    cell: String,
    what: String,
    told: Vec<String>,
}

impl<'a> Added<'a> {
    pub fn new(tree: &'a Node) -> Self {
        Self { tree, rows: Vec::new() }
    }

    /// An item of a list.
    pub fn item(&mut self, list: &List, row: &Row<'_>, changes: &mut Changes) {
        let like = list.rows.first().and_then(|row| row.path.0.split_last());
        let Some((_, steps)) = like else { return };
        let heads = &list.texts[..list.context];
        let (above, found) = (self.paths(steps, row.owners), self.newcomers(steps, row.owners));
        let value = item(&list.texts[list.context..], row);
        let what = format!("{} {}", list.name, row.own.join(" ").trim());
        match (above.as_slice(), found.as_slice()) {
            ([path], []) => self.put(path, value, what, row),
            ([], [at]) => self.put_below(*at, steps, value, &what, row),
            ([], []) => changes.doubt(
                UNFIT,
                format!("{} 是新加的行，但{}在数据文件里没有", row.cell, quoted(heads, row.owners)),
                "照同类的行填，写法一样；本身也是新加的，先加在它的那一页",
            ),
            _ => changes.doubt(
                UNFIT,
                format!(
                    "{} 是新加的行，可以属于 {} 处，不知道是哪一处",
                    row.cell,
                    above.len() + found.len()
                ),
                &format!("填上它的{}", heads.join("、")),
            ),
        }
    }

    /// A figure that stands in no list, by its keys: 收入 / 事业收入.
    pub fn figure(&mut self, row: &Row<'_>, changes: &mut Changes) {
        let owner = row.owners.first().map_or("", String::as_str);
        let keys: Vec<&str> = row.own.iter().flat_map(|it| it.split('/')).map(str::trim).collect();
        let [(_, amount)] = row.figures.as_slice() else {
            return changes.doubt(UNFIT, format!("{} 是新加的行，但没有数", row.cell), "填上数");
        };
        let mut tops = vec![(Path::default(), schema())];
        let list = Path::default().key(units().0);
        tops.extend(self.items(&list, owner).into_iter().map(|path| (path, units().1)));
        tops.retain(|(_, schema)| figure_below(schema, &keys));
        let tops: Vec<Path> = tops.into_iter().map(|(path, _)| path).collect();
        let doubt = |why: String, help: &str| {
            (format!("{} 是新加的行，但{why}", row.cell), help.to_owned())
        };
        let (message, help) = match tops.as_slice() {
            [] if self.items(&list, owner).is_empty() => {
                doubt(format!("没有叫“{owner}”的预算单位"), "照别的行填，写法一样")
            }
            [] => doubt(
                format!("“{}”不是可以填的数", row.own.join(" ")),
                "“项”照数据文件里的键写，一层一层用“/”隔开，例如“收入 / 事业收入”",
            ),
            [top] => match self.missing(top, &keys) {
                Some((into, key, below)) => {
                    let mut value = Value::Map(Vec::new());
                    match below {
                        [] => value = Value::Scalar(amount.clone()),
                        below => value.put(below, amount),
                    }
                    return self.rows.push(New {
                        list: Path::default(),
                        into,
                        key: Some(key),
                        value,
                        cell: row.cell.clone(),
                        what: keys.join(" / "),
                        told: vec![amount.clone()],
                    });
                }
                None => doubt(format!("“{}”已经有了", keys.join(" / ")), "改它原来的那一行"),
            },
            _ => doubt("不知道是哪个预算单位的".to_owned(), "填上预算单位"),
        };
        changes.doubt(UNFIT, message, &help);
    }

    /// The changes that they make; what goes into one new list or map is one.
    pub fn finish(self, changes: &mut Changes) {
        let mut made: Vec<New> = Vec::new();
        for row in self.rows {
            let same = |have: &&mut New| {
                row.key.is_some() && (&have.into, &have.key) == (&row.into, &row.key)
            };
            match made.iter_mut().find(same) {
                Some(have) => {
                    merge(&mut have.value, row.value);
                    have.what = format!("{}；{}", have.what, row.what);
                    have.told.extend(row.told);
                }
                None => made.push(row),
            }
        }
        changes.changes.extend(made.into_iter().map(
            |New { into, key, value, cell, what, told, .. }| Change {
                edit: Edit::Insert { into, before: LAST, key, value },
                cell,
                what: format!("新加 {what}"),
                before: None,
                after: Some(told.join("、")),
            },
        ));
    }

    fn put(&mut self, list: &Path, value: Value, what: String, row: &Row<'_>) {
        let is_there = list
            .find(self.tree)
            .is_some_and(|node| matches!(node.kind, Kind::List(_)) || is_missing(node));
        let (into, key, value) = match list.0.split_last() {
            Some((Step::Key(key), above)) if !is_there => {
                (Path(above.to_vec()), Some(key.clone()), Value::List(vec![value]))
            }
            _ => (list.clone(), None, value),
        };
        let (list, cell) = (list.clone(), row.cell.clone());
        self.rows.push(New { list, into, key, value, cell, what, told: told(row) });
    }

    /// Puts an item into a list of a row that is new itself.
    fn put_below(&mut self, at: usize, steps: &[Step], value: Value, what: &str, row: &Row<'_>) {
        let Some(Step::Key(key)) = steps.last() else { return };
        let below = Value::Map(vec![(key.clone(), Value::List(vec![value]))]);
        let New { value, told, .. } = &mut self.rows[at];
        match value {
            Value::List(items) => items.iter_mut().take(1).for_each(|it| merge(it, below.clone())),
            value => merge(value, below),
        }
        told.push(format!("{what} {}", self::told(row).join("、")));
    }

    /// The lists that such steps lead to, below items of these names.
    fn paths(&self, steps: &[Step], names: &[String]) -> Vec<Path> {
        let items = steps.iter().filter(|step| matches!(step, Step::Item(_))).count();
        // A column that no row filled is not on the sheet.
        let mut names = std::iter::repeat_n("", items.saturating_sub(names.len()))
            .chain(names.iter().map(String::as_str));
        let mut paths = vec![Path::default()];
        for step in steps {
            paths = match step {
                Step::Key(key) => paths.iter().map(|path| path.key(key.as_str())).collect(),
                Step::Item(_) => {
                    let name = names.next().unwrap_or_default();
                    paths.iter().flat_map(|path| self.items(path, name)).collect()
                }
            };
        }
        paths
    }

    /// New rows that have such a name, and stand where such steps lead.
    fn newcomers(&self, steps: &[Step], names: &[String]) -> Vec<usize> {
        let ([lists @ .., Step::Item(_), Step::Key(_)], [above @ .., name]) = (steps, names) else {
            return Vec::new();
        };
        let lists = self.paths(lists, above);
        let is_it = |row: &New| lists.contains(&row.list) && row.is_called(name);
        (0..self.rows.len()).filter(|at| is_it(&self.rows[*at])).collect()
    }

    /// The items of a list that have a name; any, when it is blank.
    fn items(&self, list: &Path, name: &str) -> Vec<Path> {
        let Some(Kind::List(items)) = list.find(self.tree).map(|node| &node.kind) else {
            return Vec::new();
        };
        let department = self.tree.get("部门").and_then(|node| node.get("名称"));
        let called = |item: &Node| {
            let own = NAMES.iter().find_map(|key| item.get(key));
            own.or(department).and_then(Node::scalar).is_some_and(|own| alike(own, name))
        };
        let fits = |(_, item): &(usize, &Node)| name.is_empty() || called(item);
        items.iter().enumerate().filter(fits).map(|(at, _)| list.item(at)).collect()
    }

    /// Where the first of these keys is missing, that key, and those below it.
    fn missing<'k>(
        &self,
        top: &Path,
        keys: &'k [&'k str],
    ) -> Option<(Path, String, &'k [&'k str])> {
        let mut path = top.clone();
        for (at, key) in keys.iter().enumerate() {
            let next = path.key(*key);
            if next.find(self.tree).is_none() {
                return Some((path, (*key).to_owned(), &keys[at + 1..]));
            }
            path = next;
        }
        None
    }
}

impl New {
    fn is_called(&self, name: &str) -> bool {
        let value = match &self.value {
            Value::List(items) => items.first(),
            value => Some(value),
        };
        let Some(Value::Map(entries)) = value else { return false };
        let is_name = |(key, value): &(String, Value)| {
            NAMES.contains(&key.as_str()) && matches!(value, Value::Scalar(own) if alike(own, name))
        };
        name.is_empty() || entries.iter().any(is_name)
    }
}

/// A row as an item.
fn item(heads: &[String], row: &Row<'_>) -> Value {
    let mut value = Value::Map(Vec::new());
    let named = heads.iter().zip(row.own).filter(|(_, text)| !text.is_empty());
    named.for_each(|(head, text)| value.put(&[head], text));
    for (head, amount) in &row.figures {
        value.put(&head.split('.').collect::<Vec<_>>(), amount);
    }
    value
}

fn told(row: &Row<'_>) -> Vec<String> {
    row.figures.iter().map(|(head, amount)| format!("{head} {amount}")).collect()
}

/// 预算单位“本级”、项目“旧一”
fn quoted(heads: &[String], names: &[String]) -> String {
    let named = heads.iter().zip(names).filter(|(_, name)| !name.is_empty());
    let named: Vec<String> = named.map(|(head, name)| format!("{head}“{name}”")).collect();
    if named.is_empty() { "它的上一级".to_owned() } else { named.join("的") }
}

/// The same name, however it is spaced.
fn alike(one: &str, other: &str) -> bool {
    let dense = |text: &str| text.split_whitespace().collect::<String>();
    dense(one) == dense(other)
}

/// Puts what a list or map holds into another.
fn merge(value: &mut Value, other: Value) {
    match (value, other) {
        (Value::List(items), Value::List(more)) => items.extend(more),
        (Value::Map(entries), Value::Map(more)) => {
            for (key, value) in more {
                match entries.iter_mut().find(|(have, _)| *have == key) {
                    Some((_, have)) => merge(have, value),
                    None => entries.push((key, value)),
                }
            }
        }
        _ => {}
    }
}
