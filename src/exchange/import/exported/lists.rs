//! The sheets of facts: rows are known by their 位置, columns by their heads.

use std::collections::{BTreeMap, BTreeSet};

use rust_decimal::Decimal;

use super::super::amount::like;
use super::super::book::{Book, Content, Sheet};
use super::super::{BAD_CELL, Change, Changes, LEFT, UNFIT};
use super::added::{Added, LAST, NAMES, Row as New};
use super::names::Names;
use super::{Says, figure, note_rounding};
use crate::exchange::facts::{List, OTHERS, Path, Row, Slot, Step, joined};
use crate::exchange::xlsx::{POSITION, PREFIX};
use crate::source::alike;
use crate::source::edit::{Edit, Value};
use crate::source::model::MoneyUnit;

/// What a cell says; a name stands on one line, without unseen characters.
fn meant(text: &str, head: &str) -> String {
    if NAMES.contains(&head) { alike::typed(text) } else { text.trim().to_owned() }
}

pub fn compare(book: &Book, lists: &[List], names: &Names, unit: MoneyUnit, changes: &mut Changes) {
    let Some(tree) = names.tree() else { return };
    let mut added = Added::new(tree);
    for list in lists {
        let name = format!("{PREFIX}{}", list.name);
        match book.sheet(&name) {
            Some(sheet) => Compared::new(sheet, list, names, unit).run(&mut added, changes),
            None => changes.remark(LEFT, format!("没有“{name}”这一页，它的数照旧")),
        }
    }
    added.finish(changes);
}

/// A sheet beside the facts that were put on it.
struct Compared<'a> {
    sheet: &'a Sheet,
    list: &'a List,
    names: &'a Names,
    /// The unit of the source's money.
    unit: MoneyUnit,
    /// The columns of the sheet by their heads.
    heads: BTreeMap<String, u32>,
}

impl<'a> Compared<'a> {
    fn new(sheet: &'a Sheet, list: &'a List, names: &'a Names, unit: MoneyUnit) -> Self {
        let first = sheet.cells.iter().take_while(|cell| cell.row == 0);
        let heads = first.map(|cell| (cell.content.text().trim().to_owned(), cell.column));
        Self { sheet, list, names, unit, heads: heads.collect() }
    }

    fn run(&self, added: &mut Added<'_>, changes: &mut Changes) {
        let Some(&position) = self.heads.get(POSITION) else {
            return changes.doubt(
                UNFIT,
                format!("“{}”没有“{POSITION}”这一栏，不知道各行是什么", self.sheet.name),
                "第一行的栏名不要改；重新导出一份，把数抄过去",
            );
        };
        let mut known: BTreeMap<String, &Row> =
            self.list.rows.iter().map(|row| (row.path.to_string(), row)).collect();
        let mut seen: BTreeMap<String, u32> = BTreeMap::new();
        for (at, _) in self.sheet.rows().filter(|(at, _)| *at > 0) {
            let text = self.sheet.text(at, position);
            if text.is_empty() {
                self.added(at, added, changes);
            } else if let Some(row) = known.remove(&text) {
                self.row(at, row, changes);
                seen.insert(text, at);
            } else {
                let name = self.sheet.name_of(at, position);
                let message = match seen.get(&text) {
                    Some(first) => {
                        format!("{name} 的位置与第 {} 行一样，不知道哪一行算数", first + 1)
                    }
                    None => format!("{name} 的位置“{text}”在数据文件里没有"),
                };
                changes.doubt(UNFIT, message, "位置一栏不要改；复制出来、新加的行，这一栏清空");
            }
        }
        let gone = self.list.rows.iter().filter(|row| known.contains_key(&row.path.to_string()));
        changes.removals.extend(gone.map(|row| Change {
            edit: Edit::Remove(row.path.clone()),
            cell: self.sheet.name.clone(),
            what: format!("{} {}", self.list.name, self.list.describe(row)),
            before: None,
            after: None,
        }));
        self.left(changes);
    }

    /// Columns that no export wrote.
    fn left(&self, changes: &mut Changes) {
        let list = self.list;
        let ours: BTreeSet<u32> = list
            .texts
            .iter()
            .chain(&list.figures)
            .map(String::as_str)
            .chain([POSITION])
            .filter_map(|head| self.heads.get(head).copied())
            .collect();
        let others = self.sheet.cells.iter().filter(|cell| !ours.contains(&cell.column));
        if let Some(cell) = others.min_by_key(|cell| (cell.column, cell.row)) {
            let name = self.sheet.name_of(cell.row, cell.column);
            changes.remark(LEFT, format!("{name} 不在导出的各栏里，没有读"));
        }
    }

    fn row(&self, at: u32, row: &Row, changes: &mut Changes) {
        for (number, (head, was)) in self.list.texts.iter().zip(&row.texts).enumerate() {
            if let Some(&column) = self.heads.get(head) {
                let own = number >= self.list.context && self.list.name != OTHERS;
                self.text((at, column), row, head, was, own, changes);
            }
        }
        for (head, slot) in self.list.figures.iter().zip(&row.figures) {
            match self.heads.get(head) {
                Some(&column) => self.slot((at, column), row, head, slot, changes),
                None if slot.stated.is_some() => {
                    let message =
                        format!("“{}”没有“{head}”这一栏，这一栏的数照旧", self.sheet.name);
                    if !changes.remarks.iter().any(|remark| remark.message == message) {
                        changes.remark(LEFT, message);
                    }
                }
                None => {}
            }
        }
    }

    /// A text beside the figures: a row's own is taken, whose it is cannot be changed here.
    fn text(
        &self,
        (at, column): (u32, u32),
        row: &Row,
        head: &str,
        was: &str,
        own: bool,
        changes: &mut Changes,
    ) {
        let name = self.sheet.name_of(at, column);
        let cell = self.sheet.cell(at, column);
        if cell.is_some_and(|cell| matches!(cell.content, Content::Uncomputed | Content::Other(_)))
        {
            return changes.doubt(
                BAD_CELL,
                format!("{name} 应是文字，现在读不出来"),
                "把文字重新打在这一格里",
            );
        }
        // Whose a row is may be merged over its rows; what it states of its own may not.
        let now = match own {
            true => self.sheet.text(at, column),
            false => self.sheet.merged_text(at, column),
        };
        let now = meant(&now, head);
        if now == meant(was, head) {
            return;
        }
        if !own {
            let message = format!("{name} 由“{was}”改成了“{now}”，没有取；改它请改数据文件");
            return changes.remark(LEFT, message);
        }
        let path = row.path.key(head);
        let edit = match (was.is_empty(), now.is_empty()) {
            (true, _) => insert(&path, now.clone()),
            (false, true) => Edit::Remove(path.clone()),
            (false, false) => Edit::Set(path.clone(), now.clone()),
        };
        self.names.note(&name, was, &path, changes);
        changes.changes.push(Change {
            edit,
            cell: name,
            what: format!("{} {head}", self.list.describe(row)),
            before: Some(was.to_owned()).filter(|was| !was.is_empty()),
            after: Some(now).filter(|now| !now.is_empty()),
        });
    }

    fn slot(
        &self,
        (at, column): (u32, u32),
        row: &Row,
        head: &str,
        slot: &Slot,
        changes: &mut Changes,
    ) {
        let name = self.sheet.name_of(at, column);
        let unit = slot.is_money.then_some(self.unit);
        let Some(says) = figure(self.sheet.cell(at, column), &name, unit, changes) else { return };
        let path = joined(&row.path, &slot.path);
        let before = slot.stated.as_ref().map(|stated| stated.text.clone());
        let (edit, after) = match (says, &before) {
            (Says::Nothing, None) => return,
            (Says::Nothing, Some(_)) => (Edit::Remove(path), None),
            (Says::Amount(amount), before) => {
                let was = before.as_deref().and_then(|text| Decimal::from_str_exact(text).ok());
                if was == Some(amount.held) || was == Some(amount.shown) {
                    return;
                }
                note_rounding(&name, amount, changes);
                let text = like(before.as_deref(), &amount.shown.to_string());
                let edit = match before {
                    Some(_) => Edit::Set(path, text.clone()),
                    None => insert(&path, text.clone()),
                };
                (edit, Some(text))
            }
        };
        let head = if self.list.name == OTHERS { "" } else { head };
        let what = format!("{} {head}", self.list.describe(row)).trim_end().to_owned();
        changes.changes.push(Change { edit, cell: name, what, before, after });
    }

    /// A row without a position is new.
    fn added(&self, at: u32, added: &mut Added<'_>, changes: &mut Changes) {
        let text = |head: &String| {
            let column = self.heads.get(head);
            column.map(|at_head| meant(&self.sheet.text(at, *at_head), head)).unwrap_or_default()
        };
        let texts: Vec<String> = self.list.texts.iter().map(text).collect();
        let (owners, own) = texts.split_at(self.list.context.min(texts.len()));
        let cell = self.sheet.name_of(at, 0);
        if own.iter().all(String::is_empty) {
            let heads = self.list.texts[self.list.context..].join("、");
            return changes.doubt(
                UNFIT,
                format!("{cell} 这一行没有位置，也没有{heads}，不知道是什么"),
                "新加的行，照同类的行填；不要的内容删掉",
            );
        }
        let row = New { cell, owners, own, figures: self.new_figures(at, changes) };
        match self.list.name == OTHERS {
            true => added.figure(&row, changes),
            false => added.item(self.list, &row, changes),
        }
    }

    /// The figures of a new row, by their heads.
    fn new_figures(&self, at: u32, changes: &mut Changes) -> Vec<(String, String)> {
        let mut amounts = Vec::new();
        let like = self.list.rows.first();
        for (nth, head) in self.list.figures.iter().enumerate() {
            let Some(&column) = self.heads.get(head) else { continue };
            let name = self.sheet.name_of(at, column);
            let is_money = like.is_none_or(|row| row.figures[nth].is_money);
            let unit = is_money.then_some(self.unit);
            match figure(self.sheet.cell(at, column), &name, unit, changes) {
                Some(Says::Amount(amount)) => {
                    note_rounding(&name, amount, changes);
                    amounts.push((head.clone(), amount.shown.to_string()));
                }
                Some(Says::Nothing) | None => {}
            }
        }
        amounts
    }
}

/// The list that an item is in.
fn parent(path: &Path) -> Path {
    Path(path.0[..path.0.len().saturating_sub(1)].to_vec())
}

/// A new key of a map that is there already.
fn insert(path: &Path, text: String) -> Edit {
    let key = match path.0.last() {
        Some(Step::Key(key)) => Some(key.clone()),
        _ => None,
    };
    Edit::Insert { into: parent(path), before: LAST, key, value: Value::Scalar(text) }
}
