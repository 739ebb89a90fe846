//! Paragraphs and rows that are new in a draft: lines of a text, or items of the list that the
//! paragraph or row before them is an item of.

use std::collections::{BTreeMap, BTreeSet};

use super::super::amount::Amount;
use super::super::{Change, UNFIT};
use super::compare::{Differences, New, NewRow};
use super::items::{held, item_of, keys, only_origin, read_like, shape};
use super::patches::Patch;
use super::removed::only_text;
use super::resolve::{Resolver, is_template};
use super::spots::brief;
use crate::budget::{Format, Measure, Origin as Source};
use crate::exchange::docx::plan::{Body, Sheet, Site, Slot, slots};
use crate::report::{Line, Origin};
use crate::source::edit::{Edit, Path, Step, Value};
use crate::source::tree::Kind;

/// What a new paragraph or row has to come to in print.
#[derive(Debug, Clone, PartialEq)]
pub struct Arrival {
    pub path: Path,
    pub site: Option<Site>,
    /// Texts by column; a paragraph has one.
    pub texts: Vec<(usize, String)>,
    pub called: String,
}

/// How a column of a table is filled from the items of a list: the key, and whether it is money.
type Columns = BTreeMap<usize, (Path, Option<Format>)>;

impl Resolver<'_> {
    pub fn new_ones(&mut self, found: &Differences) -> Vec<Arrival> {
        let mut arrivals = Vec::new();
        for new in &found.new {
            match self.new_paragraph(new) {
                Some(arrival) => arrivals.push(arrival),
                None => self.changes.doubt(
                    UNFIT,
                    format!("新加的一段“{}”，不知道写进数据文件的哪里", brief(&new.text)),
                    "写在数据文件里；表式没有地方印的，文档里也不能有",
                ),
            }
        }
        for new in &found.rows_new {
            let words = new.cells.iter().map(|(_, text)| text.as_str()).collect::<Vec<_>>();
            match self.new_row(new) {
                Some(arrival) => arrivals.push(arrival),
                None => self.changes.doubt(
                    UNFIT,
                    format!(
                        "{} 新加的一行“{}”，不知道是数据文件里的哪一项",
                        self.base.called((new.site, None)),
                        brief(&words.join(" "))
                    ),
                    "在数据文件里加这一项；新行要紧跟在同类的行后面，各栏填全",
                ),
            }
        }
        arrivals
    }

    fn new_paragraph(&mut self, new: &New) -> Option<Arrival> {
        let after = new.after?;
        let at = (after, None);
        let line = self.base.line(at)?;
        if is_template(&new.text) {
            return None;
        }
        let called = self.base.called(at) + " 之后新加的一段";
        let Some(place) = only_text(line) else { return self.new_item(new, line, called) };
        let (path, text) = self.base.scalar(place)?;
        let arrival = Arrival {
            path: path.clone(),
            site: None,
            texts: vec![(0, new.text.clone())],
            called: called.clone(),
        };
        if let Some((Step::Item(number), list)) = path.0.split_last() {
            self.changes.changes.push(Change {
                edit: Edit::Insert {
                    into: Path(list.to_vec()),
                    before: number + 1,
                    key: None,
                    value: Value::Scalar(new.text.clone()),
                },
                cell: called,
                what: path.to_string(),
                before: None,
                after: Some(brief(&new.text)),
            });
            return Some(arrival);
        }
        let last = line.len() - 1;
        let end = self.base.offset(at, last)? + line[last].text.len();
        if !matches!(text[end..].chars().next(), None | Some('\n')) {
            return None;
        }
        let patches = self.patches.entry(path).or_default();
        let words = format!("\n{}", new.text);
        // Several new ones behind one paragraph come in their order.
        match patches
            .iter_mut()
            .find(|patch| patch.range == (end..end) && patch.text.starts_with('\n'))
        {
            Some(patch) => patch.text.push_str(&words),
            None => patches.push(Patch { range: end..end, text: words, cell: called }),
        }
        Some(arrival)
    }

    /// A paragraph like the one before it, which prints one item of a list: `十、名词：解释`.
    fn new_item(&mut self, new: &New, line: &Line, called: String) -> Option<Arrival> {
        if let Some(entry) = self.base.entry(line) {
            return self.new_entry(new, line, &entry, called);
        }
        let origins = line.iter().filter(|piece| piece.origin != Origin::Form);
        let paths =
            origins.map(|piece| self.stated_by(&piece.origin)).collect::<Option<Vec<_>>>()?;
        let item = item_of(paths.iter().cloned())?;
        let (Step::Item(number), list) = item.0.split_last()? else { return None };
        let into = Path(list.to_vec());
        let mut texts = read_like(line, &new.text)?.into_iter();
        let mut value = Value::Map(Vec::new());
        for (piece, path) in line.iter().filter(|piece| piece.origin != Origin::Form).zip(&paths) {
            let text = texts.next()?;
            let text = match &piece.origin {
                Origin::Figure(figure, format) => held(figure, format, &text)?,
                _ => text,
            };
            value.put(&keys(&path.0[item.0.len()..])?, &text);
        }
        self.changes.changes.push(Change {
            edit: Edit::Insert { into: into.clone(), before: number + 1, key: None, value },
            cell: called.clone(),
            what: format!("新加 {into} 的一项"),
            before: None,
            after: Some(brief(&new.text)),
        });
        let texts = vec![(0, new.text.clone())];
        Some(Arrival { path: into, site: None, texts, called })
    }

    /// The same, where the list is a map.
    fn new_entry(
        &mut self,
        new: &New,
        line: &Line,
        entry: &Path,
        called: String,
    ) -> Option<Arrival> {
        let (Step::Key(before), above) = entry.0.split_last()? else { return None };
        let into = Path(above.to_vec());
        let Kind::Map(entries) = &into.find(self.base.tree())?.kind else { return None };
        let at = entries.iter().position(|(key, _)| key.text == *before)?;
        let values = read_like(line, &new.text)?;
        let [key, value] = values.as_slice() else { return None };
        self.changes.changes.push(Change {
            edit: Edit::Insert {
                into: into.clone(),
                before: at + 1,
                key: Some(key.clone()),
                value: Value::Scalar(value.clone()),
            },
            cell: called.clone(),
            what: format!("新加 {into} 的一项"),
            before: None,
            after: Some(brief(&new.text)),
        });
        let texts = vec![(0, new.text.clone())];
        Some(Arrival { path: into, site: None, texts, called })
    }

    fn new_row(&mut self, new: &NewRow) -> Option<Arrival> {
        let item = self.base.items.iter().find(|item| item.site == new.site)?;
        let Body::Grid(sheet) = &item.body else { return None };
        let before = self.item_of_row(sheet, new.after?)?;
        let (Step::Item(number), list) = before.0.split_last()? else { return None };
        let list = Path(list.to_vec());
        let columns = self.columns(sheet, &before)?;
        let mut entries: BTreeMap<Path, String> = BTreeMap::new();
        for (column, text) in new.cells.iter().filter(|(_, text)| !text.is_empty()) {
            let Some((key, format)) = columns.get(column) else { continue };
            let value = match format {
                Some(format) => {
                    let amount = Amount::typed(text)?;
                    if amount.shown.is_zero() {
                        continue;
                    }
                    format.held(amount.shown).normalize().to_string()
                }
                None if is_template(text) => return None,
                None => text.clone(),
            };
            // Two columns that print one fact have to say the same.
            if entries.insert(key.clone(), value.clone()).is_some_and(|other| other != value) {
                return None;
            }
        }
        let mut value = Value::Map(Vec::new());
        for (key, text) in self.in_order(&before, entries) {
            value.put(&keys(&key.0)?, &text);
        }
        let told = new.cells.iter().map(|(_, text)| text.as_str()).filter(|it| !it.is_empty());
        let told = told.collect::<Vec<_>>().join(" ");
        let called = self.base.called_whole((new.site, Some((new.after?, 0)))) + " 之后新加的一行";
        self.changes.changes.push(Change {
            edit: Edit::Insert { into: list.clone(), before: number + 1, key: None, value },
            cell: called.clone(),
            what: format!("新加 {list} 的一项"),
            before: None,
            after: Some(told),
        });
        Some(Arrival { path: list, site: Some(new.site), texts: new.cells.clone(), called })
    }

    /// Entries in the order in which an item has its keys.
    fn in_order(&self, like: &Path, entries: BTreeMap<Path, String>) -> Vec<(Path, String)> {
        let place = |key: &Path| {
            let path = Path(like.0.iter().chain(&key.0).cloned().collect());
            path.find(self.base.tree()).map_or(usize::MAX, |node| node.range.start)
        };
        let mut entries: Vec<(Path, String)> = entries.into_iter().collect();
        entries.sort_by_key(|(key, _)| place(key));
        entries
    }

    /// The item that a row prints: of all that its cells state, and it has to state a text.
    fn item_of_row(&self, sheet: &Sheet<'_>, row: usize) -> Option<Path> {
        let rows = slots(sheet.grid);
        let slots = rows.get(row)?;
        item_of(slots.iter().filter_map(|slot| self.stated(slot)))
    }

    /// The path of the one fact that a cell prints.
    fn stated(&self, slot: &Slot<'_>) -> Option<Path> {
        let Slot::Cell(_, cell) = slot else { return None };
        self.stated_by(only_origin(cell)?)
    }

    /// The path of the one fact that a piece prints.
    pub(super) fn stated_by(&self, origin: &Origin) -> Option<Path> {
        let place = match origin {
            Origin::Text(place) => place,
            Origin::Figure(figure, _) => match figure.origin() {
                Source::Stated(place) => place,
                _ => return None,
            },
            Origin::Form => return None,
        };
        Some(self.base.scalar(place)?.0)
    }

    /// What the columns of a table print of the items of such a list: one key each, in every row.
    fn columns(&self, sheet: &Sheet<'_>, like: &Path) -> Option<Columns> {
        let wanted = shape(like);
        let mut keys: BTreeMap<usize, BTreeSet<Path>> = BTreeMap::new();
        let mut formats = BTreeMap::new();
        for slots in slots(sheet.grid) {
            for slot in &slots {
                let (Slot::Cell(_, cell), Some(path)) = (slot, self.stated(slot)) else { continue };
                let Some(last) = path.0.iter().rposition(|step| matches!(step, Step::Item(_)))
                else {
                    continue;
                };
                let (item, key) = path.0.split_at(last + 1);
                if shape(&Path(item.to_vec())) == wanted && !key.is_empty() {
                    keys.entry(cell.column).or_default().insert(Path(key.to_vec()));
                    if let Some((figure, format)) = cell.printed() {
                        let format = matches!(figure.measure(), Measure::Money).then_some(*format);
                        formats.insert(cell.column, format);
                    }
                }
            }
        }
        let single = keys.into_iter().filter(|(_, keys)| keys.len() == 1);
        let columns = single.flat_map(|(column, keys)| {
            let format = formats.get(&column).copied().flatten();
            keys.into_iter().map(move |key| (column, (key, format)))
        });
        let columns: Columns = columns.collect();
        (!columns.is_empty()).then_some(columns)
    }
}
