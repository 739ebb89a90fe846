//! The sheets of facts: rows are known by their 位置, columns by their heads.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use super::super::amount::like;
use super::super::book::{Book, Sheet};
use super::super::{BAD_CELL, Change, Changes, LEFT, UNFIT};
use super::{Says, figure, note_rounding};
use crate::exchange::facts::{List, OTHERS, Path, Row, Slot, Step, joined};
use crate::exchange::xlsx::{POSITION, PREFIX};
use crate::source::edit::{Edit, Value};

/// At the end of a map or list.
const LAST: usize = usize::MAX;

pub fn compare(book: &Book, lists: &[List], changes: &mut Changes) {
    for list in lists {
        let name = format!("{PREFIX}{}", list.name);
        match book.sheet(&name) {
            Some(sheet) => Compared::new(sheet, list).run(changes),
            None => changes.remark(LEFT, format!("没有“{name}”这一页，它的数照旧")),
        }
    }
}

/// A sheet beside the facts that were put on it.
struct Compared<'a> {
    sheet: &'a Sheet,
    list: &'a List,
    /// The columns of the sheet by their heads.
    heads: BTreeMap<String, u32>,
}

impl<'a> Compared<'a> {
    fn new(sheet: &'a Sheet, list: &'a List) -> Self {
        let first = sheet.cells.iter().take_while(|cell| cell.row == 0);
        let heads = first.map(|cell| (cell.content.text().trim().to_owned(), cell.column));
        Self { sheet, list, heads: heads.collect() }
    }

    fn run(&self, changes: &mut Changes) {
        let Some(&position) = self.heads.get(POSITION) else {
            return changes.doubt(
                UNFIT,
                format!("“{}”没有“{POSITION}”这一栏，不知道各行是什么", self.sheet.name),
                "第一行的栏名不要改；重新导出一份，把数抄过去",
            );
        };
        let mut missing: BTreeMap<String, &Row> =
            self.list.rows.iter().map(|row| (row.path.to_string(), row)).collect();
        let mut parents: BTreeMap<String, Path> = BTreeMap::new();
        for row in &self.list.rows {
            parents.entry(self.context(row)).or_insert_with(|| parent(&row.path));
        }
        for (at, _) in self.sheet.rows().filter(|(at, _)| *at > 0) {
            let text = self.sheet.text(at, position);
            if text.is_empty() {
                self.added(at, &parents, changes);
            } else if let Some(row) = missing.remove(&text) {
                self.row(at, row, changes);
            } else {
                let name = self.sheet.name_of(at, position);
                changes.doubt(
                    UNFIT,
                    format!("{name} 的位置“{text}”在数据文件里没有，或写了两行"),
                    "位置一栏不要改；新加的行，这一栏空着",
                );
            }
        }
        for row in missing.values() {
            let what = describe(self.list, row, None);
            changes.doubt(
                UNFIT,
                format!("“{}”里少了 {what} 这一行", self.sheet.name),
                "不再有的，金额填 0；要整行去掉，改数据文件",
            );
        }
    }

    /// The texts of a row that say whose it is, without its own names.
    fn context(&self, row: &Row) -> String {
        let own = row.path.0.iter().filter(|step| matches!(step, Step::Item(_))).count();
        let depth = own.saturating_sub(1).min(self.list.texts.len());
        row.texts[..depth.min(row.texts.len())].join("\u{1F}")
    }

    fn row(&self, at: u32, row: &Row, changes: &mut Changes) {
        for (head, was) in self.list.texts.iter().zip(&row.texts) {
            let Some(&column) = self.heads.get(head) else { continue };
            let now = self.sheet.text(at, column);
            if now.trim() != was.trim() {
                let name = self.sheet.name_of(at, column);
                changes.remark(
                    LEFT,
                    format!("{name} 的文字由“{was}”改成了“{now}”，没有取；改名请改数据文件"),
                );
            }
        }
        for (head, slot) in self.list.figures.iter().zip(&row.figures) {
            let Some(&column) = self.heads.get(head) else {
                if slot.stated.is_some() {
                    let message =
                        format!("“{}”没有“{head}”这一栏，这一栏的数照旧", self.sheet.name);
                    if !changes.remarks.iter().any(|remark| remark.message == message) {
                        changes.remark(LEFT, message);
                    }
                }
                continue;
            };
            self.slot(at, column, row, head, slot, changes);
        }
    }

    fn slot(
        &self,
        at: u32,
        column: u32,
        row: &Row,
        head: &str,
        slot: &Slot,
        changes: &mut Changes,
    ) {
        let name = self.sheet.name_of(at, column);
        let Some(says) = figure(self.sheet.cell(at, column), &name, changes) else { return };
        let path = joined(&row.path, &slot.path);
        let what = describe(self.list, row, Some(head));
        let before = slot.stated.as_ref().map(|stated| stated.text.clone());
        let (edit, after) = match (says, &before) {
            (Says::Uncomputed, _) => {
                return changes.doubt(
                    BAD_CELL,
                    format!("{name} 是公式，但没有保存算好的结果"),
                    "在 Excel 里打开，存一次，再导入",
                );
            }
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
        changes.changes.push(Change { edit, cell: name, what, before, after });
    }

    /// A row without a position is new: an item for the list that its neighbours are in.
    fn added(&self, at: u32, parents: &BTreeMap<String, Path>, changes: &mut Changes) {
        let texts: Vec<String> = self
            .list
            .texts
            .iter()
            .map(|head| {
                self.heads.get(head).map(|column| self.sheet.text(at, *column)).unwrap_or_default()
            })
            .collect();
        let cell = self.sheet.name_of(at, 0);
        let row = Row { path: Path::default(), texts, figures: Vec::new() };
        let depth = self.list.rows.first().map_or(0, |row| {
            let items = row.path.0.iter().filter(|step| matches!(step, Step::Item(_))).count();
            items.saturating_sub(1)
        });
        let own = &row.texts[depth.min(row.texts.len())..];
        let context = row.texts[..depth.min(row.texts.len())].join("\u{1F}");
        // What stands in no list of the source has no list to be added to.
        let into = parents.get(&context).filter(|_| self.list.name != OTHERS);
        let (Some(into), true) = (into, own.iter().any(|text| !text.is_empty())) else {
            return changes.doubt(
                UNFIT,
                format!("{cell} 这一行没有位置，也看不出属于哪里"),
                "新加的行，照同类的行填上预算单位、名称或编码；不要的内容删掉",
            );
        };
        let heads = &self.list.texts[depth.min(self.list.texts.len())..];
        let mut entries: Vec<(String, Value)> = heads
            .iter()
            .zip(own)
            .filter(|(_, text)| !text.is_empty())
            .map(|(head, text)| (head.clone(), Value::Scalar(text.clone())))
            .collect();
        let amounts = self.new_figures(at, changes);
        let told: Vec<String> =
            amounts.iter().map(|(head, amount)| format!("{head} {amount}")).collect();
        entries.extend(amounts.into_iter().map(|(head, amount)| (head, Value::Scalar(amount))));
        let what = format!("新加 {} {}", self.list.name, own.join(" ").trim());
        changes.changes.push(Change {
            edit: Edit::Insert {
                into: into.clone(),
                before: LAST,
                key: None,
                value: Value::Map(entries),
            },
            cell,
            what,
            before: None,
            after: Some(told.join("、")),
        });
    }
}

impl Compared<'_> {
    /// The figures of a new row, by their heads.
    fn new_figures(&self, at: u32, changes: &mut Changes) -> Vec<(String, String)> {
        let mut amounts = Vec::new();
        for head in &self.list.figures {
            let Some(&column) = self.heads.get(head) else { continue };
            let name = self.sheet.name_of(at, column);
            match figure(self.sheet.cell(at, column), &name, changes) {
                Some(Says::Amount(amount)) if !head.contains('.') => {
                    note_rounding(&name, amount, changes);
                    amounts.push((head.clone(), amount.shown.to_string()));
                }
                Some(Says::Nothing) | None => {}
                Some(_) => changes.doubt(
                    BAD_CELL,
                    format!("{name} 在新加的行里，取不了"),
                    "在数据文件里写这一项",
                ),
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

/// 2080150 事业运行 基本支出
fn describe(list: &List, row: &Row, head: Option<&str>) -> String {
    let mut words: Vec<&str> = Vec::new();
    for text in row.texts.iter().map(String::as_str).filter(|text| !text.is_empty()) {
        if !words.contains(&text) {
            words.push(text);
        }
    }
    let own = words.len().saturating_sub(2);
    let mut words = words.split_off(own);
    if list.name != OTHERS {
        words.extend(head);
    }
    words.join(" ")
}
