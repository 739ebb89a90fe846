//! The official tables: a changed cell is taken where it prints one fact of the source, and
//! nothing else.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use super::super::amount::{Amount, like};
use super::super::book::{Book, Cell, Sheet};
use super::super::{BAD_CELL, COMPUTED, Change, Changes, LEFT, UNFIT};
use super::{Says, figure, note_rounding};
use crate::audit::{At, Sheet as Audited};
use crate::budget::{Figure, Format, Measure, Origin};
use crate::exchange::Subject;
use crate::exchange::facts::{List, OTHERS, Path, joined};
use crate::exchange::xlsx::PREFIX;
use crate::exchange::xlsx::frame::{Frame, rows, sheet_name};
use crate::report::Table;
use crate::source::edit::Edit;

/// Where a figure of the source stands among the lists, by the byte it begins at.
struct Fact {
    path: Path,
    text: String,
    /// What it is called, and the sheet that it can be edited on.
    what: String,
    sheet: String,
}

pub fn compare(
    book: &Book,
    fresh: &Book,
    lists: &[List],
    subject: &Subject<'_>,
    changes: &mut Changes,
) {
    let facts = by_place(lists);
    for table in subject.report.tables() {
        let name = sheet_name(table);
        match (book.sheet(&name), fresh.sheet(&name)) {
            (Some(sheet), Some(fresh)) => {
                let audited = Audited::new(table);
                Compared { sheet, fresh, table, audited, facts: &facts }.run(changes);
            }
            _ => changes.remark(LEFT, format!("没有“{name}”这一页，没有对照")),
        }
    }
}

fn by_place(lists: &[List]) -> BTreeMap<usize, Fact> {
    let mut facts = BTreeMap::new();
    for list in lists {
        for row in &list.rows {
            for (head, slot) in list.figures.iter().zip(&row.figures) {
                let Some(stated) = &slot.stated else { continue };
                let head = if list.name == OTHERS { "" } else { head };
                let fact = Fact {
                    path: joined(&row.path, &slot.path),
                    text: stated.text.clone(),
                    what: format!("{} {head}", list.describe(row)).trim_end().to_owned(),
                    sheet: format!("{PREFIX}{}", list.name),
                };
                facts.insert(stated.range.start, fact);
            }
        }
    }
    facts
}

struct Compared<'a> {
    sheet: &'a Sheet,
    fresh: &'a Sheet,
    table: &'a Table,
    audited: Audited<'a>,
    facts: &'a BTreeMap<usize, Fact>,
}

impl Compared<'_> {
    fn run(&self, changes: &mut Changes) {
        let frame = Frame::of(self.table);
        if self.is_shifted(frame) {
            return changes.doubt(
                UNFIT,
                format!("“{}”里加了行或删了行，各行对不上，没有取", self.sheet.name),
                "加、删科目和项目在“数据-”各页；官方的表由程序重新排",
            );
        }
        self.around(frame, changes);
        for (nth, row) in self.table.grid.rows.iter().enumerate() {
            let at_row = frame.body + rows(nth);
            for cell in &row.cells {
                let column = rows(cell.column);
                let fresh = self.fresh.cell(at_row, column);
                let given = self.sheet.cell(at_row, column);
                match cell.printed() {
                    Some(printed) => {
                        let at = At { row: nth, column: cell.column };
                        self.amount((at_row, column), at, printed, given, fresh, changes);
                    }
                    None => self.text((at_row, column), given, fresh, changes),
                }
            }
        }
    }

    /// Whether rows were put in or taken out: the sheet ends elsewhere, and names stand elsewhere.
    fn is_shifted(&self, frame: Frame) -> bool {
        let last = |sheet: &Sheet| sheet.cells.last().map(|cell| cell.row);
        let body = frame.body..frame.notes;
        let differs = |cell: &Cell| {
            matches!(cell.content, super::Content::Text(_))
                && self.sheet.text(cell.row, cell.column) != cell.content.text()
        };
        let rows = self.fresh.rows().filter(|(row, _)| body.contains(row));
        last(self.sheet) != last(self.fresh)
            && rows.filter(|(_, cells)| cells.iter().any(differs)).count() > 1
    }

    /// What was written around the table: its head, and cells of the reader's own.
    fn around(&self, frame: Frame, changes: &mut Changes) {
        let width = rows(self.table.grid.columns.len());
        let inside =
            |cell: &&Cell| (frame.body..frame.notes).contains(&cell.row) && cell.column < width;
        for cell in self.sheet.cells.iter().filter(|cell| !inside(cell)) {
            let at = (cell.row, cell.column);
            self.text(at, Some(cell), self.fresh.cell(cell.row, cell.column), changes);
        }
    }

    fn text(
        &self,
        at: (u32, u32),
        given: Option<&Cell>,
        fresh: Option<&Cell>,
        changes: &mut Changes,
    ) {
        let text = |cell: Option<&Cell>| cell.map(|cell| cell.content.text()).unwrap_or_default();
        let (now, was) = (text(given), text(fresh));
        if now.trim() != was.trim() {
            let name = self.sheet.name_of(at.0, at.1);
            let brief = |text: &str| text.chars().take(20).collect::<String>();
            changes.remark(
                LEFT,
                format!(
                    "{name} 由“{}”改成了“{}”，没有取；名称改“数据-”各页，别的改数据文件",
                    brief(&was),
                    brief(&now)
                ),
            );
        }
    }

    fn amount(
        &self,
        place: (u32, u32),
        at: At,
        printed: (&Figure, &Format),
        given: Option<&Cell>,
        fresh: Option<&Cell>,
        changes: &mut Changes,
    ) {
        if given.map(|cell| &cell.content) == fresh.map(|cell| &cell.content) {
            return;
        }
        let name = self.sheet.name_of(place.0, place.1);
        let was_formula = fresh.is_some_and(|cell| cell.formula);
        // A live total follows its parts, whatever was last computed for it.
        if was_formula && given.is_some_and(|cell| cell.formula) {
            return;
        }
        let was = match fresh.map(|cell| &cell.content) {
            Some(super::Content::Number(amount)) => amount.held,
            Some(super::Content::Text(text)) => {
                Amount::typed(text).map_or(Decimal::ZERO, |amount| amount.held)
            }
            _ => Decimal::ZERO,
        };
        let unit = matches!(printed.0.measure(), Measure::Money).then_some(printed.1.unit);
        let Some(says) = figure(given, &name, unit, changes) else { return };
        let amount = match says {
            Says::Amount(amount) if amount.held == was || amount.shown == was => return,
            Says::Amount(amount) => amount,
            Says::Nothing if was.is_zero() => return,
            Says::Nothing => {
                return changes.doubt(
                    BAD_CELL,
                    format!("{name} 原来是 {was}，现在空着"),
                    "是零就填 0；不是就恢复原来的数",
                );
            }
        };
        self.changed(&name, at, printed, amount, changes);
    }

    /// Takes a changed amount where it prints exactly one fact.
    fn changed(
        &self,
        name: &str,
        at: At,
        (printed, format): (&Figure, &Format),
        amount: Amount,
        changes: &mut Changes,
    ) {
        let what = format!("{} {}", self.audited.row_name(at), self.audited.column_name(at.column));
        let was = format.print(printed);
        let fact = match printed.origin() {
            Origin::Stated(place) => self.facts.get(&place.start),
            _ => None,
        };
        let Some(fact) = fact else {
            let places = printed.places();
            let feeds: Vec<&Fact> =
                places.iter().filter_map(|place| self.facts.get(&place.start)).collect();
            let help = match feeds.as_slice() {
                [fact] => format!("改“{}”里的“{}”", fact.sheet, fact.what),
                [fact, ..] => format!(
                    "它由 {} 个数算出；改要改的那一个，例如“{}”里的“{}”",
                    feeds.len(),
                    fact.sheet,
                    fact.what
                ),
                [] => "在“数据-”各页里找到它的那一行，填在那里".to_owned(),
            };
            return changes.doubt(
                COMPUTED,
                format!(
                    "{name}（{what}）由 {was} 改成了 {}，但它不是一个填的数，改了没有用",
                    amount.shown
                ),
                &help,
            );
        };
        note_rounding(name, amount, changes);
        let after = match printed.measure() {
            Measure::Money => format.held(amount.shown).normalize().to_string(),
            _ => amount.shown.to_string(),
        };
        let after = like(Some(&fact.text), &after);
        changes.changes.push(Change {
            edit: Edit::Set(fact.path.clone(), after.clone()),
            cell: name.to_owned(),
            what,
            before: Some(fact.text.clone()),
            after: Some(after),
        });
    }
}
