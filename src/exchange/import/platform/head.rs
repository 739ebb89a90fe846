//! The head of detail lines: which column holds what.

use std::collections::BTreeSet;

use rust_decimal::Decimal;

use super::super::book::{Cell, Content, Sheet};
use super::super::{BAD_CELL, LEFT};
use super::aliases::{Aliases, Columns, says};
use super::ask::{Answers, Kinds};
use super::code::{Side, split};
use super::parts::{LEFT_OUT, TAKEN};
use super::unit::Said;
use crate::audit::bare;
use crate::exchange::xlsx::frame::{cell_name, columns};
use crate::source::model::MoneyUnit;
use crate::source::scalar::Text;

/// Heads of merged columns stand so many rows higher.
const HEAD_ROWS: u32 = 3;

/// The columns of a sheet, by what they hold.
#[derive(Debug)]
pub struct Head {
    /// The last row of the head.
    pub row: u32,
    pub unit: Option<u32>,
    /// One column, or one for each level.
    pub functional: Vec<u32>,
    pub economic: Vec<u32>,
    pub project: Option<u32>,
    pub fund: Option<u32>,
    pub source: Option<u32>,
    pub kind: Option<u32>,
    pub amount: Option<Money>,
    /// Amounts of funds side by side.
    pub funds: Vec<(String, Money)>,
    pub procurement: Option<Money>,
    pub procurement_kind: Option<u32>,
    pub year: Option<u32>,
}

/// A column of amounts.
#[derive(Debug, Clone, Copy)]
pub struct Money {
    pub at: u32,
    /// Yuan in one of the unit that the head says.
    pub says: Option<Decimal>,
    pub yuan: Decimal,
}

/// Yuan in one of a unit.
pub fn yuan(unit: MoneyUnit) -> Decimal {
    if unit == MoneyUnit::Yuan { Decimal::ONE } else { Decimal::from(10_000) }
}

/// The letters of a column.
pub fn letters(column: u32) -> String {
    cell_name(0, columns(column as usize)).trim_end_matches('1').to_owned()
}

/// Looks for the head of a sheet.
pub struct Finder<'a> {
    pub sheet: &'a Sheet,
    pub aliases: &'a Aliases,
    pub answers: &'a Answers,
    /// What a head can say.
    known: BTreeSet<String>,
    /// The first and the last row of the head, and the name of each column.
    top: u32,
    row: u32,
    names: Vec<(u32, String)>,
}

impl<'a> Finder<'a> {
    /// `None` for a sheet without detail lines.
    pub fn find(sheet: &'a Sheet, aliases: &'a Aliases, answers: &'a Answers) -> Option<Self> {
        let columns = &aliases.columns;
        let funds = aliases.funds.0.iter().map(|(_, words)| words.as_slice());
        let known = columns.all().chain(funds).flatten().map(|word| bare(&word.text));
        let answered = answers.columns.iter().map(|(_, name)| aliases.without_unit(name));
        let known: BTreeSet<String> = known.chain(answered).collect();
        let mut finder =
            Finder { sheet, aliases, answers, known, top: 0, row: 0, names: Vec::new() };
        for (row, cells) in sheet.rows() {
            if !cells.iter().any(|cell| finder.speaks(cell)) {
                continue;
            }
            finder.stand(row);
            if finder.is_head() {
                let next = sheet.rows().find(|(next, _)| *next == row + 1);
                let is_text = |(_, cells): &(u32, &[Cell])| {
                    cells.iter().all(|cell| is_word(&cell.content))
                        && cells.iter().any(|cell| finder.speaks(cell))
                };
                if next.is_some_and(|next| is_text(&next) && !repeats(sheet, row)) {
                    finder.stand(row + 1);
                }
                return Some(finder);
            }
        }
        None
    }

    /// Whether a cell can be one of a head: a known name, or in a column that the user names.
    fn speaks(&self, cell: &Cell) -> bool {
        let letters = letters(cell.column);
        let mut answers = self.answers.columns.iter();
        self.known.contains(&self.aliases.without_unit(&cell.content.text()))
            || (is_word(&cell.content) && answers.any(|(_, it)| it.eq_ignore_ascii_case(&letters)))
    }

    /// Takes a row for the last of the head.
    fn stand(&mut self, row: u32) {
        let left_out = |at: u32, name: &str| {
            let mut answers = self.answers.columns.iter().filter(|(role, _)| role == LEFT_OUT);
            answers.any(|(_, answer)| self.is_it(at, name, answer))
        };
        let names = names(self.sheet, row).into_iter();
        self.names = names.filter(|(at, name)| !left_out(*at, name)).collect();
        self.row = row;
        let rows = (row.saturating_sub(HEAD_ROWS - 1)..row).rev();
        let is_head = |row: &u32| {
            let mut cells = self.sheet.cells.iter().filter(|cell| cell.row == *row);
            cells.any(|cell| self.speaks(cell))
        };
        self.top = rows.take_while(is_head).last().unwrap_or(row);
    }

    fn is_head(&self) -> bool {
        let columns = &self.aliases.columns;
        let has = |role: &str, words: &[Text]| !self.of(role, words).is_empty();
        let money = has("金额", &columns.amount) || self.fund_columns().len() > 1;
        money
            && (has("功能分类", &columns.functional)
                || has("经济分类", &columns.economic)
                || !self.all(&columns.class).is_empty())
    }

    /// Everything that stands above the columns.
    pub fn titles(&self) -> impl Iterator<Item = String> {
        let own = self.sheet.cells.iter().take_while(|cell| cell.row < self.top);
        own.map(|cell| cell.content.text())
    }

    pub fn head(&self, asked: &mut Kinds) -> Head {
        let columns = &self.aliases.columns;
        self.unknown(asked);
        self.unmet(asked);
        let (mut functional, mut economic) = self.levels();
        let mut one = |role: &str, words: &[Text]| self.one(role, words, asked);
        if functional.is_empty() || self.answers.column("功能分类").is_some() {
            functional = one("功能分类", &columns.functional).into_iter().collect();
        }
        if economic.is_empty() || self.answers.column("经济分类").is_some() {
            economic = one("经济分类", &columns.economic).into_iter().collect();
        }
        let mut head = Head {
            row: self.row,
            unit: one("预算单位", &columns.unit),
            functional,
            economic,
            project: one("项目", &columns.project),
            fund: one("预算", &columns.fund),
            source: one("资金来源", &columns.source),
            kind: one("支出类别", &columns.kind),
            amount: None,
            funds: Vec::new(),
            procurement: None,
            procurement_kind: one("采购种类", &columns.procurement_kind),
            year: one("年度", &columns.year),
        };
        let (amount, procurement) =
            (one("金额", &columns.amount), one("采购", &columns.procurement));
        let funds: Vec<u32> =
            self.fund_columns().into_iter().filter(|at| self.is_read(*at, asked)).collect();
        let total = self.total().filter(|_| funds.len() > 1);
        head.amount = amount.or(total).map(|at| self.money(at, asked));
        head.procurement = procurement.map(|at| self.money(at, asked));
        if funds.len() > 1 || amount.is_none() {
            head.funds =
                funds.iter().map(|at| (self.fund_word(*at), self.money(*at, asked))).collect();
        } else {
            for at in funds {
                let what = "这一栏没有读：旁边只有一栏金额，它算是金额的一部分";
                asked.remark(&self.sheet.name_of(self.row, at), what);
            }
        }
        head
    }

    fn name(&self, at: u32) -> &str {
        self.names.iter().find(|(have, _)| *have == at).map_or("", |(_, name)| name)
    }

    /// The columns that one of the words names.
    fn all(&self, words: &[Text]) -> Vec<u32> {
        let found =
            self.names.iter().filter(|(_, name)| says(words, &self.aliases.without_unit(name)));
        found.map(|(at, _)| *at).collect()
    }

    /// Columns whose heads are funds: they hold amounts.
    fn fund_columns(&self) -> Vec<u32> {
        let is_fund = |name: &str| {
            let name = self.aliases.without_unit(name);
            self.aliases.fund(&name).is_some() || self.aliases.carried(&name).is_some()
        };
        self.names.iter().filter(|(_, name)| is_fund(name)).map(|(at, _)| *at).collect()
    }

    /// The only column that is called a sum, to compare funds with.
    fn total(&self) -> Option<u32> {
        let is_total = |name: &str| self.aliases.is_total(&self.aliases.without_unit(name));
        let mut totals = self.names.iter().filter(|(_, name)| is_total(name)).map(|(at, _)| *at);
        totals.next().filter(|_| totals.next().is_none())
    }

    /// What the head of a fund's column says, together with a 上年结转 above it.
    fn fund_word(&self, at: u32) -> String {
        let own = self.aliases.without_unit(self.name(at));
        let mut above = (self.row.saturating_sub(HEAD_ROWS - 1)..self.row)
            .map(|row| self.sheet.merged_text(row, at))
            .filter(|text| self.aliases.carried(text).is_some_and(|rest| rest.is_empty()));
        match above.next() {
            Some(carried) if self.aliases.carried(&own).is_none() => bare(&carried) + &own,
            _ => own,
        }
    }

    /// 类, 款 and 项 in columns side by side: those of each classification.
    fn levels(&self) -> (Vec<u32>, Vec<u32>) {
        let columns = &self.aliases.columns;
        let (sections, items) = (self.all(&columns.section), self.all(&columns.item));
        let (mut functional, mut economic) = (Vec::new(), Vec::new());
        let classes = self.all(&columns.class);
        for (number, class) in classes.iter().enumerate() {
            let end = classes.get(number + 1).copied().unwrap_or(u32::MAX);
            let within = |all: &[u32]| all.iter().copied().find(|at| (*class..end).contains(at));
            let (section, item) = (within(&sections), within(&items));
            let above = (self.row.saturating_sub(HEAD_ROWS - 1)..self.row)
                .map(|row| self.aliases.without_unit(&self.sheet.merged_text(row, *class)));
            let above: Vec<String> = above.collect();
            let under = |words: &[Text]| above.iter().any(|text| says(words, text));
            let is_economic =
                under(&columns.economic) || (item.is_none() && !under(&columns.functional));
            let side = if is_economic { &mut economic } else { &mut functional };
            if side.is_empty() {
                *side = [Some(*class), section, item].into_iter().flatten().collect();
            }
        }
        (functional, economic)
    }

    /// The columns that can have a role.
    fn of(&self, role: &str, words: &[Text]) -> Vec<u32> {
        let Some(answer) = self.answers.column(role) else { return self.all(words) };
        let named = self.names.iter().filter(|(at, name)| self.is_it(*at, name, answer));
        named.map(|(at, _)| *at).collect()
    }

    /// Answers that speak of a column which is not there.
    fn unmet(&self, asked: &mut Kinds) {
        let all = names(self.sheet, self.row);
        let is_there = |answer: &str| all.iter().any(|(at, name)| self.is_it(*at, name, answer));
        let roles = [TAKEN, LEFT_OUT];
        let answers =
            self.answers.columns.iter().filter(|(role, _)| roles.contains(&role.as_str()));
        for (role, answer) in answers.filter(|(_, answer)| !is_there(answer)) {
            let what = "没有这一栏".to_owned();
            asked.add(BAD_CELL, &format!("--column {role}={answer}"), what, "写栏名，或栏的字母");
        }
    }

    /// Whether an answer means a column: its name or its letter.
    fn is_it(&self, at: u32, name: &str, answer: &str) -> bool {
        self.aliases.without_unit(name) == self.aliases.without_unit(answer)
            || letters(at).eq_ignore_ascii_case(answer)
    }

    /// The column of a role: the only one, the one that the user names, or a question.
    fn one(&self, role: &str, words: &[Text], asked: &mut Kinds) -> Option<u32> {
        let found = self.of(role, words);
        if let (Some(answer), true) = (self.answers.column(role), found.is_empty()) {
            let cell = format!("--column {role}={answer}");
            asked.add(BAD_CELL, &cell, "没有这一栏".to_owned(), "写栏名，或栏的字母");
        }
        let found: Vec<u32> = found.into_iter().filter(|at| self.is_read(*at, asked)).collect();
        let (first, rest) = found.split_first()?;
        let is_money = ["金额", "采购"].contains(&role);
        let texts = |at: u32| -> Vec<String> {
            let below = self.sheet.cells.iter().filter(|cell| cell.row > self.row);
            let own = below.filter(|cell| cell.column == at).map(|cell| &cell.content);
            let yuan = self.unit_of(at).0.unwrap_or(Decimal::ONE);
            own.map(|content| match content {
                Content::Number(amount) if is_money => {
                    (amount.shown * yuan).normalize().to_string()
                }
                other => other.text(),
            })
            .collect()
        };
        let own = texts(*first);
        if rest.iter().all(|at| texts(*at) == own) {
            return Some(*first);
        }
        let filled: Vec<u32> = found.iter().copied().filter(|at| !texts(*at).is_empty()).collect();
        // Of a column of codes and one of names, the codes say all.
        let side = if role == "功能分类" { Side::Functional } else { Side::Economic };
        let is_code = |at: &u32| texts(*at).iter().any(|text| split(text, side).is_some());
        let codes: Vec<u32> = filled.iter().copied().filter(is_code).collect();
        match (filled.as_slice(), codes.as_slice()) {
            ([only], _) => return Some(*only),
            (_, [only]) if role.ends_with("分类") => return Some(*only),
            _ => {}
        }
        let names: Vec<String> =
            found.iter().map(|at| format!("{}（{} 栏）", self.name(*at), letters(*at))).collect();
        asked.add(
            BAD_CELL,
            &self.sheet.name_of(self.row, *first),
            format!("这几栏都可以是“{role}”，各栏写的不一样：{}", names.join("、")),
            &format!(
                "加 --column {role}=栏名 说是哪一栏，栏名一样的写栏的字母，例如 --column {role}={}",
                letters(*first)
            ),
        );
        Some(*first)
    }

    /// Whether a column is read: a hidden one only when the user says so.
    fn is_read(&self, at: u32, asked: &mut Kinds) -> bool {
        if !self.sheet.unseen.column(at) {
            return true;
        }
        if self.answers.hidden.is_none() {
            let cell = self.sheet.name_of(self.row, at);
            asked.add(
                BAD_CELL,
                &cell,
                format!("“{}”是隐藏的栏", self.name(at)),
                super::lines::HIDDEN,
            );
        }
        self.answers.hidden != Some(false)
    }

    /// Yuan in one of a column's unit, as its own head says it or what stands around the table;
    /// and what is wrong with that.
    fn unit_of(&self, at: u32) -> (Option<Decimal>, Option<&'static str>) {
        let rows = (self.top..=self.row).rev();
        let mut own = rows.map(|row| self.sheet.merged_text(row, at));
        let own = own.find_map(|text| self.aliases.unit_of_head(&text));
        let notes = self.notes().filter_map(|text| self.aliases.unit_below(&text));
        let titles = self.titles().filter_map(|text| self.aliases.unit_in(&text));
        match (own, titles.chain(notes).reduce(Said::with)) {
            (Some(Said::One(own)), Some(Said::One(around))) if own != around => {
                (Some(own), Some("的栏名和表头、表下写的金额单位不一样"))
            }
            (Some(Said::One(own)), _) => (Some(own), None),
            (None, Some(Said::One(around))) => (Some(around), None),
            (None, None) => (None, None),
            _ => (None, Some("的金额单位看不明白")),
        }
    }

    /// What lines below the head say that hold no figures.
    fn notes(&self) -> impl Iterator<Item = String> {
        let rows = self.sheet.rows().filter(|(row, cells)| *row > self.row && is_note(cells));
        rows.flat_map(|(_, cells)| cells).map(|cell| cell.content.text())
    }

    fn money(&self, at: u32, asked: &mut Kinds) -> Money {
        let (says, wrong) = self.unit_of(at);
        let cell = self.sheet.name_of(self.row, at);
        if let Some(wrong) = wrong {
            let help = "写成一种单位，例如把栏名写成“预算金额（元）”，表头写“单位：元”";
            asked.add(BAD_CELL, &cell, wrong.to_owned(), help);
        } else if says.is_none() {
            let name = if self.aliases.unit == MoneyUnit::Yuan { "元" } else { "万元" };
            asked.add(LEFT, &cell, format!("没有写金额的单位，按{name}算"), "");
        }
        Money { at, says, yuan: says.unwrap_or_else(|| yuan(self.aliases.unit)) }
    }

    /// Whether nothing tells basic spending from that of projects.
    fn is_without_projects(&self) -> bool {
        let columns = &self.aliases.columns;
        self.of("项目", &columns.project).is_empty()
            && self.of("支出类别", &columns.kind).is_empty()
    }

    /// Asks about a column that may hold projects; without one, says what all lines are taken for.
    fn no_projects(&self, others: &[&str], asked: &mut Kinds) {
        let words = &self.aliases.columns.project;
        let is_like = |name: &&&str| words.iter().any(|word| name.contains(word.text.as_str()));
        let sheet = format!("“{}”", self.sheet.name);
        match others.iter().find(is_like) {
            Some(name) => {
                let what = format!("里没有认得的“项目”栏，“{name}”像是；不读它，就都成了基本支出");
                let help = format!("加 --column 项目={name}，或写别的栏名");
                asked.add(BAD_CELL, &sheet, what, &help);
            }
            None => asked.remark(&sheet, "里没有“项目”栏，也没有“支出类别”栏，都算基本支出"),
        }
    }

    /// Says which columns are not known.
    fn unknown(&self, asked: &mut Kinds) {
        let columns: &Columns = &self.aliases.columns;
        let answers = self.answers.columns.iter();
        let named: Vec<u32> = answers.flat_map(|(role, _)| self.of(role, &[])).collect();
        let funds = self.fund_columns();
        let total = self.total().filter(|_| funds.len() > 1);
        let own = self.names.iter().filter(|(at, _)| self.sheet.cell(self.row, *at).is_some());
        let others = own.filter(|(at, name)| {
            !columns.all().any(|words| says(words, &self.aliases.without_unit(name)))
                && !funds.contains(at)
                && total != Some(*at)
                && !named.contains(at)
        });
        let others: Vec<&str> = others.map(|(_, name)| name.as_str()).collect();
        if self.is_without_projects() {
            self.no_projects(&others, asked);
        }
        if !others.is_empty() {
            let message = format!(
                "里这几栏不认得，没有读：{}；要读的，用 --column 写明是什么栏",
                others.join("、")
            );
            asked.remark(&format!("“{}”", self.sheet.name), message);
        }
    }
}

/// Whether a row below the head can be a line of text.
fn is_note(cells: &[Cell]) -> bool {
    cells.len() < 3 || cells.iter().all(|cell| is_word(&cell.content))
}

/// Whether a cell can be of a head: a text that is no code and no number.
pub fn is_word(content: &Content) -> bool {
    let Content::Text(text) = content else { return false };
    let is_code = split(text, Side::Functional).is_some();
    !is_code && super::super::amount::Amount::typed(text).is_none()
}

/// Whether the row below says the same as the head: it is one line of a page, not of the head.
fn repeats(sheet: &Sheet, row: u32) -> bool {
    let of = |wanted: u32| {
        let own = sheet.cells.iter().filter(move |cell| cell.row == wanted);
        own.map(|cell| cell.content.text()).collect::<Vec<_>>()
    };
    of(row) == of(row + 1)
}

/// The name of each column, where a row is the last of the heads.
fn names(sheet: &Sheet, row: u32) -> Vec<(u32, String)> {
    let first = row.saturating_sub(HEAD_ROWS - 1);
    let start = sheet.cells.partition_point(|cell| cell.row < first);
    let above = sheet.cells[start..].iter().take_while(|cell| cell.row <= row);
    let mut columns: Vec<u32> = above.map(|cell| cell.column).collect();
    columns.sort_unstable();
    columns.dedup();
    let own = |column: u32| {
        let rows = (first..=row).rev();
        rows.map(|row| bare(&sheet.text(row, column))).find(|text| !text.is_empty())
    };
    columns.into_iter().filter_map(|column| Some((column, own(column)?))).collect()
}
