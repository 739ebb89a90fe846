//! 结转: next year's source from this year's. This year's figures become last year's, locked; what
//! is written anew each year is emptied or marked 待填; all else stays as it was typed.

pub mod locking;
mod pattern;
pub mod plan;
mod years;

use std::collections::BTreeMap;

use serde_json::Value as Schema;

use crate::budget::Budget;
use crate::finding::Finding;
use crate::form::{Form, codes};
use crate::source::edit::{self, Edit, Path, Step, Value, is_missing};
use crate::source::leaves::{TO_DO, leaves, property};
use crate::source::tree::{Key, Kind, Node};
use crate::source::{Leaf, Located, lock, schema, shape, text, tree_of};
use locking::{Basis, Locked};
use pattern::Pattern;
use plan::{Action, Carried, Plan};

/// Next year's source, and what was done for it.
#[derive(Debug)]
pub struct NextYear {
    pub bytes: Vec<u8>,
    /// 上年数 that were carried over and locked.
    pub locked: usize,
    /// Values emptied or marked, to be filled.
    pub to_do: usize,
}

/// Makes next year's source. `bytes` are the approved source as it was read, `budget` what it says.
pub fn next_year(form: &Form, budget: &Budget, bytes: &[u8]) -> Result<NextYear, Vec<Finding>> {
    let file = &budget.source.file;
    let Some(plan) = &form.new_year else {
        let message =
            format!("表式“{}”没有写新的一年怎么从上一年来", form.manifest.value.name.text);
        return Err(vec![
            Finding::error("F02", message).help("在表式里加 new-year.yaml，见 docs/forms.md"),
        ]);
    };
    let tree = &budget.source.tree;
    let roll = Roll {
        form,
        budget,
        plan: &plan.value,
        tree,
        year: budget.source.value.year.count,
        actions: patterns(plan, plan.value.actions.0.iter().map(|(path, it)| (path, *it)))?,
        years_stay: patterns(plan, plan.value.years_stay.iter().map(|path| (path, ())))?,
        carried: patterns(plan, plan.value.carried.iter().map(|it| (&it.to, it.clone())))?,
    };
    let mut edits = roll.carry(plan)?;
    let carried: Vec<Path> = edits.iter().filter_map(set_path).collect();
    roll.walk(tree, &Path::default(), schema(), None, &carried, &mut edits);
    edits.extend(roll.comments());
    edits.push(Edit::Set(Path::default().key("年度"), (roll.year + 1).to_string()));
    let rolled = edit::apply(&file.name, bytes, &edits)?;
    let basis = Basis { name: base_name(&file.name), digest: lock::of_file(bytes) };
    let Locked { bytes, figures, .. } = locking::lock(plan, &file.name, &rolled, &basis, None)?;
    let rolled = text::decode(&file.name, &bytes)?;
    let tree = tree_of(&rolled).ok_or_else(Vec::new)?;
    let to_do = leaves(&tree, schema()).iter().filter(|leaf| !leaf.is_filled()).count();
    Ok(NextYear { bytes, locked: figures, to_do })
}

/// A file's name without its folder.
pub fn base_name(name: &str) -> &str {
    name.rsplit(['/', '\\']).next().unwrap_or(name)
}

fn set_path(edit: &Edit) -> Option<Path> {
    match edit {
        Edit::Set(path, _) => Some(path.clone()),
        _ => None,
    }
}

/// The patterns of a plan, read.
fn patterns<'p, T>(
    plan: &'p Located<Plan>,
    texts: impl Iterator<Item = (&'p crate::source::scalar::Text, T)>,
) -> Result<Vec<(Pattern, T)>, Vec<Finding>> {
    let mut faults = Vec::new();
    let mut read = Vec::new();
    for (text, with) in texts {
        match Pattern::read(&text.text) {
            Ok(pattern) => read.push((pattern, with)),
            Err(message) => {
                faults.push(Finding::error("F01", message).at(&plan.file, text.place.clone()));
            }
        }
    }
    if faults.is_empty() { Ok(read) } else { Err(faults) }
}

/// One source on its way into the next year.
struct Roll<'a> {
    form: &'a Form,
    budget: &'a Budget,
    plan: &'a Plan,
    tree: &'a Node,
    /// The year that it is of.
    year: u32,
    actions: Vec<(Pattern, Action)>,
    years_stay: Vec<(Pattern, ())>,
    carried: Vec<(Pattern, Carried)>,
}

impl Roll<'_> {
    /// This year's figures at last year's places.
    fn carry(&self, plan: &Located<Plan>) -> Result<Vec<Edit>, Vec<Finding>> {
        let mut edits = Vec::new();
        // What is put into a map that is not there yet.
        let mut fresh: BTreeMap<String, Vec<(String, Value)>> = BTreeMap::new();
        for (to, carried) in &self.carried {
            let Some((parent, key)) = to.parent() else { continue };
            for holder in self.all(&parent) {
                let captures = parent.captures(&holder, self.tree).unwrap_or_default();
                if let Some(amount) = self.amount(plan, carried, &captures)? {
                    edits.push(self.put(&holder, &key, amount));
                }
            }
            let missing = parent.is_closed() && self.all(&parent).is_empty();
            if let (true, Some((_, owner))) = (missing, parent.parent())
                && let Some(amount) = self.amount(plan, carried, &[])?
            {
                fresh.entry(owner).or_default().push((key, Value::Scalar(amount)));
            }
        }
        let top = Path::default();
        edits.extend(fresh.into_iter().map(|(key, entries)| Edit::Insert {
            before: place_of(self.tree, schema(), &key),
            into: top.clone(),
            key: Some(key),
            value: Value::Map(entries),
        }));
        Ok(edits)
    }

    /// A key of a map set, or put where the schema has it.
    fn put(&self, holder: &Path, key: &str, amount: String) -> Edit {
        let path = holder.key(key);
        let node = holder.find(self.tree).unwrap_or(self.tree);
        if node.get(key).is_some() {
            return Edit::Set(path, amount);
        }
        let before = place_of(node, schema_at(holder), key);
        let (into, key) = (holder.clone(), Some(key.to_owned()));
        Edit::Insert { into, before, key, value: Value::Scalar(amount) }
    }

    /// The amount that is carried over, as it is typed.
    fn amount(
        &self,
        plan: &Located<Plan>,
        carried: &Carried,
        captures: &[Step],
    ) -> Result<Option<String>, Vec<Finding>> {
        let figure = |text: &crate::source::scalar::Text| {
            let fault = |message: String| {
                vec![Finding::error("F01", message).at(&plan.file, text.place.clone())]
            };
            let figure = self.form.short_texts(self.budget).figure(&text.text);
            let figure = figure.ok_or_else(|| fault(format!("报告里没有“{}”这个数", text.text)))?;
            Ok::<_, Vec<Finding>>(figure.amount())
        };
        if let Some(name) = &carried.figure {
            let amount = figure(name)?;
            let same = carried.unless.as_ref().map(figure).transpose()? == Some(amount);
            return Ok((!same).then(|| amount.normalize().to_string()));
        }
        let Some(from) = &carried.from else { return Ok(None) };
        let pattern = Pattern::read(&from.text).map_err(|message| {
            vec![Finding::error("F01", message).at(&plan.file, from.place.clone())]
        })?;
        let node = pattern.filled(captures).and_then(|path| path.find(self.tree));
        let typed = node.and_then(Node::scalar).filter(|text| !text.trim().is_empty());
        Ok(Some(typed.unwrap_or("0").to_owned()))
    }

    /// Every path that a pattern fits.
    fn all(&self, pattern: &Pattern) -> Vec<Path> {
        let mut found = Vec::new();
        each(self.tree, &Path::default(), &mut |path| {
            found.extend(pattern.captures(path, self.tree).map(|_| path.clone()));
        });
        found
    }

    /// What becomes of a value and all below it.
    fn walk(
        &self,
        node: &Node,
        path: &Path,
        schema: &Schema,
        above: Option<Action>,
        carried: &[Path],
        edits: &mut Vec<Edit>,
    ) {
        if carried.contains(path) || *path == Path::default().key("年度") {
            return;
        }
        let fits = |pattern: &Pattern| pattern.captures(path, self.tree).is_some();
        let own = self.actions.iter().find(|(pattern, _)| fits(pattern)).map(|(_, it)| *it);
        let action = own.or(above);
        match (action, &node.kind) {
            (Some(Action::Remove), _) if own.is_some() => edits.push(Edit::Remove(path.clone())),
            (Some(Action::RemoveFigures), Kind::Map(entries)) if own.is_some() => {
                edits.extend(self.without_figures(path, entries, schema));
            }
            (Some(Action::Empty), Kind::List(_) | Kind::Map(_)) => {
                edits.push(Edit::Empty(path.clone()));
            }
            (_, Kind::List(items)) => {
                let inner = &shape::resolve(crate::source::schema(), schema)["items"];
                for (at, item) in items.iter().enumerate() {
                    self.walk(item, &path.item(at), inner, action, carried, edits);
                }
            }
            (_, Kind::Map(entries)) => {
                let schema = shape::resolve(crate::source::schema(), schema);
                for (key, value) in entries {
                    let path = path.key(key.text.as_str());
                    let inner = property(schema, &key.text);
                    self.walk(value, &path, inner, action, carried, edits);
                }
            }
            (action, Kind::Scalar { text, .. }) if !is_missing(node) => {
                edits.extend(self.value(path, text, schema, action));
            }
            _ => {}
        }
    }

    /// What becomes of a single value.
    fn value(
        &self,
        path: &Path,
        text: &str,
        schema: &Schema,
        action: Option<Action>,
    ) -> Option<Edit> {
        let schema = shape::resolve(crate::source::schema(), schema);
        let leaf = schema["format"].as_str().and_then(Leaf::from_format);
        let is_text = matches!(leaf, Some(Leaf::Text | Leaf::Prose));
        let speaks_of_change = || self.plan.change_words.iter().any(|it| text.contains(&it.text));
        let action = action.unwrap_or_else(|| match leaf {
            Some(Leaf::Amount) => Action::Empty,
            Some(Leaf::Prose) if speaks_of_change() => Action::ToDo,
            _ => Action::Keep,
        });
        let stays = self.years_stay.iter().any(|(it, ())| it.captures(path, self.tree).is_some());
        let later = if stays { text.to_owned() } else { years::advanced(text, self.year) };
        match action {
            Action::ToDo if is_text && text.starts_with(TO_DO) => None,
            Action::ToDo if is_text => Some(Edit::Set(path.clone(), format!("{TO_DO}：{later}"))),
            Action::Keep if is_text && later != text => Some(Edit::Set(path.clone(), later)),
            Action::Keep => None,
            Action::Remove | Action::RemoveFigures | Action::Empty | Action::ToDo => {
                Some(Edit::Empty(path.clone()))
            }
        }
    }

    /// Takes the figures out of a class, or the whole where its name need not be kept: it has none,
    /// or the form knows it.
    fn without_figures(&self, path: &Path, entries: &[(Key, Node)], map: &Schema) -> Vec<Edit> {
        let map = shape::resolve(schema(), map);
        let is_figure = |(key, node): &&(Key, Node)| {
            let own = shape::resolve(schema(), property(map, &key.text));
            let leaf = own["format"].as_str().and_then(Leaf::from_format);
            leaf == Some(Leaf::Amount) || !matches!(node.kind, Kind::Scalar { .. })
        };
        let figures: Vec<&(Key, Node)> = entries.iter().filter(is_figure).collect();
        let text = |wanted: &str| {
            let found = entries.iter().find(|(key, _)| key.text == wanted);
            found.and_then(|(_, node)| node.scalar()).unwrap_or_default()
        };
        let (code, name) = (text("编码"), text("名称"));
        let codes = &self.form.codes;
        let known = |names: &codes::Names| names.get(code).is_some_and(|have| have == name);
        match name.is_empty() || known(&codes.functional) || known(&codes.economic) {
            true if !figures.is_empty() => vec![Edit::Remove(path.clone())],
            _ => figures.iter().map(|(key, _)| Edit::Remove(path.key(&*key.text))).collect(),
        }
    }

    /// The years in the comments above the first key.
    fn comments(&self) -> Vec<Edit> {
        let text = &self.budget.source.file.text;
        let head = &text[..self.tree.range.start];
        let mut edits = Vec::new();
        let mut at = 0;
        for line in head.split_inclusive('\n') {
            let later = years::advanced(line, self.year);
            if line.starts_with('#') && later != line {
                edits.push(Edit::Comment(at..at + line.len(), later));
            }
            at += line.len();
        }
        edits
    }
}

fn each(node: &Node, path: &Path, visit: &mut impl FnMut(&Path)) {
    visit(path);
    match &node.kind {
        Kind::Scalar { .. } => {}
        Kind::List(items) => {
            items.iter().enumerate().for_each(|(at, item)| each(item, &path.item(at), visit));
        }
        Kind::Map(entries) => {
            let entries = entries.iter();
            entries.for_each(|(key, node)| each(node, &path.key(key.text.as_str()), visit));
        }
    }
}

/// The schema of what a path leads to.
fn schema_at(path: &Path) -> &'static Schema {
    let root = schema();
    path.0.iter().fold(root, |at, step| {
        let at = shape::resolve(root, at);
        match step {
            Step::Item(_) => &at["items"],
            Step::Key(key) => property(at, key),
        }
    })
}

/// Before which entry of a map a new key belongs, in the order of the schema.
fn place_of(node: &Node, map: &Schema, key: &str) -> usize {
    let Kind::Map(entries) = &node.kind else { return 0 };
    let properties = shape::resolve(schema(), map)["properties"].as_object();
    let order = |key: &str| properties.and_then(|map| map.keys().position(|it| it == key));
    let own = order(key);
    entries.iter().position(|(have, _)| order(&have.text) >= own).unwrap_or(entries.len())
}
