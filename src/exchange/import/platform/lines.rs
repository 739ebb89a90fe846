//! Reads the detail lines of a workbook.

use std::collections::BTreeSet;

use rust_decimal::Decimal;

use super::super::book::{Book, Cell, Content, Sheet};
use super::super::{BAD_CELL, Changes, LEFT, UNREADABLE, year};
use super::aliases::{Aliases, plain, says};
use super::ask::{Answers, Kinds, one_sheet, unmet};
use super::code::{Code, Side, joined, split};
use super::head::{Finder, Head, is_word};
use super::{parts, subtotals};
use crate::audit::bare;
use crate::finding::Finding;
use crate::source::alike;

/// The fund that a source need not name.
pub const ORDINARY: &str = "一般公共预算";
/// What to do about hidden rows and columns.
pub const HIDDEN: &str = "加 --hidden 取 也读，或 --hidden 不取 不读；或在 Excel 里取消隐藏、筛选";

/// What is told of a row of words.
const NO_LINE: &str = "没有编码也没有金额，没有取：";

/// One detail line.
#[derive(Debug)]
pub struct Line {
    /// `明细!G5`
    pub cell: String,
    pub unit: String,
    pub functional: Option<Code>,
    pub economic: Option<Code>,
    pub project: String,
    /// 预算, as a source says it; empty for the ordinary one.
    pub fund: String,
    /// 资金来源 and 采购种类, as the platform says them.
    pub source: String,
    pub procurement_kind: String,
    pub is_basic: bool,
    /// In yuan.
    pub amount: Decimal,
    pub procurement: Option<Decimal>,
}

/// The lines, and which columns they have.
#[derive(Debug, Default)]
pub struct Lines {
    pub lines: Vec<Line>,
    pub has_functional: bool,
    pub has_economic: bool,
    pub has_projects: bool,
    pub has_procurement: bool,
    pub has_sources: bool,
    pub has_procurement_kinds: bool,
    /// What stands above the columns, and the names of the sheets.
    pub titles: Vec<String>,
    pub sheets: Vec<String>,
    /// What stands above further heads, below the first.
    pub below: Vec<String>,
    /// What a 年度 column says.
    pub years: BTreeSet<u32>,
}

impl Line {
    /// 预算, with the ordinary one named.
    pub fn fund_or_ordinary(&self) -> &str {
        if self.fund.is_empty() { ORDINARY } else { &self.fund }
    }
}

/// Reads the lines of the sheet that has them.
pub fn read(
    book: &Book,
    aliases: &Aliases,
    answers: &Answers,
    changes: &mut Changes,
) -> Result<Lines, Finding> {
    let mut lines = Lines::default();
    let mut asked = Kinds::default();
    let (mut found, mut covers) = (Vec::new(), Vec::new());
    for sheet in &book.sheets {
        let is_named = answers.sheets.iter().any(|name| bare(name) == bare(&sheet.name));
        if sheet.hidden && !is_named {
            asked.remark(&format!("“{}”", sheet.name), "是隐藏的页，没有读");
            continue;
        }
        match Finder::find(sheet, aliases, answers) {
            Some(_) if !answers.sheets.is_empty() && !is_named => {
                asked.remark(&format!("“{}”", sheet.name), "没有用 --sheet 写，没有读");
            }
            Some(finder) => found.push(finder),
            None if sheet.cells.is_empty() => {}
            None => {
                covers.extend(year::titles(sheet));
                let what = "里没有认得的栏（功能分类或经济分类，和金额），没有读";
                asked.remark(&format!("“{}”", sheet.name), what);
            }
        }
    }
    let names: Vec<&str> = found.iter().map(|finder| finder.sheet.name.as_str()).collect();
    one_sheet(&names, answers, &mut asked);
    unmet(book, answers, &mut asked);
    for finder in &found {
        lines.titles.extend(finder.titles());
        lines.sheets.push(finder.sheet.name.clone());
        let head = finder.head(&mut asked);
        Reader { sheet: finder.sheet, head: &head, aliases, answers }.all(&mut lines, &mut asked);
    }
    lines.titles.extend(covers);
    asked.tell(changes);
    if found.is_empty() {
        let message = "这个工作簿不是导出的，也没有认得的明细";
        return Err(Finding::error(UNREADABLE, message).help(
            "明细要有一行栏名，至少有“功能分类”或“经济分类”，和“金额”；叫法不同的，用 --column 写明，例如 --column 金额=批复数",
        ));
    }
    if lines.lines.is_empty() && changes.doubts.is_empty() {
        let message = "明细里只有栏名，没有写着金额的行";
        return Err(Finding::error(UNREADABLE, message).help("看看导出时是不是选错了单位或年度"));
    }
    Ok(lines)
}

/// What is read of one sheet.
pub struct Reader<'a> {
    pub sheet: &'a Sheet,
    pub head: &'a Head,
    pub aliases: &'a Aliases,
    pub answers: &'a Answers,
}

impl Reader<'_> {
    fn all(&self, lines: &mut Lines, asked: &mut Kinds) {
        let head = self.head;
        lines.has_functional |= !head.functional.is_empty();
        lines.has_economic |= !head.economic.is_empty();
        lines.has_projects |= head.project.is_some();
        lines.has_procurement |= head.procurement.is_some();
        lines.has_sources |= head.fund.is_some() || head.source.is_some() || !head.funds.is_empty();
        lines.has_procurement_kinds |= head.procurement_kind.is_some();
        parts::find(self, asked);
        let subtotals = subtotals::find(self, asked);
        let (mut notes, mut before) = (Vec::new(), BTreeSet::new());
        for (row, cells) in self.sheet.rows().filter(|(row, _)| *row > head.row) {
            let place = format!("{}!第{}行", self.sheet.name, row + 1);
            let at = Row { reader: self, row };
            if at.is_total(cells) || subtotals.contains(&row) {
                asked.remark(&place, "是合计，没有取");
                continue;
            }
            if is_numbering(cells) {
                asked.remark(&place, "是栏次，没有取");
                continue;
            }
            if self.is_head_again(row) {
                asked.remark(&place, "又是栏名，没有取");
                lines.below.append(&mut notes);
                continue;
            }
            let has_amount = at.amounts(&mut Kinds::default()).is_some();
            let is_blank = !has_amount && !at.has_code();
            if is_blank {
                notes.extend(cells.iter().map(|cell| cell.content.text()));
            } else {
                notes.clear();
            }
            if at.is_note(cells) {
                asked.such(LEFT, &place, NO_LINE.to_owned(), &said(cells), "");
                continue;
            }
            let unit = plain(&at.text(head.unit));
            at.gap(head.unit, "预算单位", asked);
            if self.sheet.unseen.row(row) && has_amount {
                match self.answers.hidden {
                    None => {
                        asked.add(BAD_CELL, &place, "是隐藏（或筛选掉）的行".to_owned(), HIDDEN)
                    }
                    Some(true) => asked.remark(&place, "是隐藏的行，取了"),
                    Some(false) => {
                        asked.remark(&place, "是隐藏的行，没有取");
                        continue;
                    }
                }
            }
            if has_amount && !before.insert(said(cells)) {
                asked.remark(&place, "与前面的一行完全一样，也取了");
            }
            at.lines(&unit, lines, asked);
        }
    }

    /// The texts of columns besides those of codes.
    pub fn words(&self) -> impl Iterator<Item = u32> {
        let head = self.head;
        let columns = [head.unit, head.project, head.fund, head.source, head.kind];
        columns.into_iter().chain([head.procurement_kind, head.year]).flatten()
    }

    /// Heads are printed again on every page; one with another unit begins another table.
    fn is_head_again(&self, row: u32) -> bool {
        let head = self.head;
        let mut codes = head.functional.iter().chain(&head.economic);
        let funds = head.funds.iter().map(|(_, money)| money);
        let mut money = head.amount.iter().chain(&head.procurement).chain(funds);
        let of = |row: u32, at: u32| bare(&self.sheet.text(row, at));
        let same = |at: u32| of(row, at) == of(head.row, at);
        codes.all(|at| !of(row, *at).is_empty() && same(*at)) && money.all(|it| same(it.at))
    }
}

/// The words of a row, one after the other.
fn said(cells: &[Cell]) -> String {
    let texts = cells.iter().map(|cell| bare(&cell.content.text()));
    texts.collect::<Vec<_>>().join("，")
}

/// One row of a sheet.
pub struct Row<'a> {
    pub reader: &'a Reader<'a>,
    pub row: u32,
}

/// Whether a row numbers the columns: 1, 2, 3 …, perhaps with 甲, 乙 … or 栏次 before.
fn is_numbering(cells: &[Cell]) -> bool {
    let texts = cells.iter().map(|cell| bare(&cell.content.text()));
    let is_letter = |text: &String| ["栏次", "甲", "乙", "丙", "丁"].contains(&text.as_str());
    let mut numbers = texts.skip_while(is_letter).peekable();
    cells.len() > 2
        && numbers.peek().is_some()
        && numbers.zip(1_u32..).all(|(text, number)| text == number.to_string())
}

impl Row<'_> {
    pub fn name(&self, column: u32) -> String {
        self.reader.sheet.name_of(self.row, column)
    }

    /// The text of a cell; of a merged one, in each of its rows.
    pub fn text(&self, column: Option<u32>) -> String {
        let Some(column) = column else { return String::new() };
        let (sheet, head) = (self.reader.sheet, self.reader.head);
        let text = match sheet.range(self.row, column) {
            Some(((top, _), _)) if top <= head.row => sheet.text(self.row, column),
            _ => sheet.merged_text(self.row, column),
        };
        alike::typed(&text)
    }

    fn codes(&self) -> impl Iterator<Item = u32> {
        let head = self.reader.head;
        head.functional.iter().chain(&head.economic).copied()
    }

    pub fn has_code(&self) -> bool {
        self.codes().any(|at| !self.text(Some(at)).is_empty())
    }

    /// A row that says so, or has the name of a sum and no code of its own.
    fn is_total(&self, cells: &[Cell]) -> bool {
        let aliases = self.reader.aliases;
        let is_name = |cell: &Cell| aliases.ends_as_total(&cell.content.text());
        let is_code = |at: u32, side| split(&self.text(Some(at)), side).is_some();
        cells.iter().any(|cell| aliases.is_total(&cell.content.text()))
            || (cells.iter().any(is_name) && !self.codes().any(|at| is_code(at, Side::Functional)))
    }

    /// A row of words without a code, that is no head either: 单位：元, 制表人.
    fn is_note(&self, cells: &[Cell]) -> bool {
        let head = self.reader.head;
        let is_code = |at: &u32, side| split(&self.text(Some(*at)), side).is_some();
        let has_code = head.functional.iter().any(|at| is_code(at, Side::Functional))
            || head.economic.iter().any(|at| is_code(at, Side::Economic));
        let all = &self.reader.sheet.cells;
        let heads = &all[all.partition_point(|cell| cell.row < head.row)..];
        let mut heads = heads.iter().take_while(|cell| cell.row == head.row);
        let is_known = |head: &Cell| {
            let known = bare(&head.content.text());
            cells.iter().any(|cell| bare(&cell.content.text()) == known)
        };
        !has_code && cells.iter().all(|cell| is_word(&cell.content)) && !heads.any(is_known)
    }

    /// Says which cells hold no text that could be read; whether there are any.
    fn has_unread(&self, asked: &mut Kinds) -> bool {
        let sheet = self.reader.sheet;
        let mut has = false;
        for at in self.reader.words().chain(self.codes()) {
            let (row, column) = sheet.range(self.row, at).map_or((self.row, at), |it| it.0);
            let content = sheet.cell(row, column).map(|cell| &cell.content);
            if let Some(what) = content.and_then(Content::unread) {
                let what = format!("应是文字或编码，现在是{what}");
                asked.add(BAD_CELL, &self.name(at), what, "改成文字再导入");
                has = true;
            }
        }
        has
    }

    /// Asks about a blank cell in a column where others are merged over their rows.
    fn gap(&self, column: Option<u32>, what: &str, asked: &mut Kinds) {
        let Some(column) = column else { return };
        let (sheet, head) = (self.reader.sheet, self.reader.head);
        let over_rows = |range: &((u32, u32), (u32, u32))| {
            let ((top, left), (bottom, right)) = *range;
            (left..=right).contains(&column) && top > head.row && bottom > top
        };
        if self.text(Some(column)).is_empty() && sheet.merged.iter().any(over_rows) {
            asked.add(
                BAD_CELL,
                &self.name(column),
                format!("空着，而这一栏别的行是合并的，看不出这一行是哪个{what}"),
                "把它填上，或合并到它所属的格里",
            );
        }
    }

    fn lines(&self, unit: &str, lines: &mut Lines, asked: &mut Kinds) {
        let head = self.reader.head;
        let Some(amounts) = self.amounts(asked) else { return };
        if self.has_unread(asked) {
            return;
        }
        if !self.has_code() {
            let what = "有金额，没有科目编码".to_owned();
            let help = "写上编码；不是明细的（合计、说明），删掉这一行";
            asked.add(
                BAD_CELL,
                &format!("{}!第{}行", self.reader.sheet.name, self.row + 1),
                what,
                help,
            );
            return;
        }
        let procurement =
            head.procurement.map(|money| self.amount(money, asked).unwrap_or_default());
        let functional = self.code(&head.functional, Side::Functional, asked);
        let economic = self.code(&head.economic, Side::Economic, asked);
        let project = self.text(head.project);
        let Some(is_basic) = self.is_basic(&project, asked) else { return };
        let (Some(functional), Some(economic)) = (functional, economic) else { return };
        if amounts.len() > 1 && procurement.is_some_and(|it| !it.is_zero()) {
            let cell = self.name(head.procurement.map_or(0, |money| money.at));
            let help = "一种资金写一行，或各写各的采购金额";
            asked.add(BAD_CELL, &cell, "的采购金额看不出是哪种资金".to_owned(), help);
        }
        for (number, (word, amount, cell)) in amounts.into_iter().enumerate() {
            let code = functional.as_ref().map_or("", |code| &code.code);
            let (fund, source) = match word {
                Some(word) => match self.fund(&word, code, &cell, asked) {
                    Some(fund) => fund,
                    None => continue,
                },
                None => match self.funds(code, asked) {
                    Some(funds) => funds,
                    None => continue,
                },
            };
            lines.years.extend(year::of_line(&self.text(head.year)));
            lines.lines.push(Line {
                unit: unit.to_owned(),
                functional: functional.clone(),
                economic: economic.clone(),
                project: if is_basic { String::new() } else { project.clone() },
                fund,
                source,
                procurement_kind: self.text(head.procurement_kind),
                is_basic,
                amount,
                procurement: procurement.map(|it| if number == 0 { it } else { Decimal::ZERO }),
                cell,
            });
        }
    }

    /// `Some(None)` where there is no such column.
    pub fn code(&self, columns: &[u32], side: Side, asked: &mut Kinds) -> Option<Option<Code>> {
        let Some(first) = columns.first() else { return Some(None) };
        let texts: Vec<String> = columns.iter().map(|at| self.text(Some(*at))).collect();
        let code = if texts.len() == 1 { split(&texts[0], side) } else { joined(&texts, side) };
        if code.is_none() {
            let most = if side == Side::Functional { "3、5 或 7" } else { "3 或 5" };
            asked.add(
                BAD_CELL,
                &self.name(*first),
                format!("看不出科目编码：“{}”", texts.join(" ").trim()),
                &format!("写 {most} 位编码，后面可以跟名称；几个编码的分行写"),
            );
        }
        code.map(Some)
    }

    /// Whether a row is basic spending: by its kind, else by whether it has a project.
    fn is_basic(&self, project: &str, asked: &mut Kinds) -> Option<bool> {
        let (head, aliases, answers) = (self.reader.head, self.reader.aliases, self.reader.answers);
        let kind = self.text(head.kind);
        let known = |word: &str| match answers.word(word) {
            Some(means) => aliases.is_basic(means),
            None => aliases.is_basic(word),
        };
        let is_basic = if !kind.is_empty() {
            known(&kind)
        } else if says(&aliases.unclear, &plain(project)) {
            known(project)
        } else {
            Some(project.is_empty() || known(project) == Some(true))
        };
        let blank = head.kind.or(head.project.filter(|_| project.is_empty()));
        if let (true, Some(at)) = (kind.is_empty(), blank) {
            let what = "空着：没有写项目的算基本支出，写了的算项目支出";
            asked.remark(&self.name(at), what);
        }
        if is_basic != Some(true) || kind.is_empty() {
            self.gap(head.project, "项目", asked);
        }
        if let (Some(false), true, Some(at)) = (is_basic, project.is_empty(), head.project) {
            let what = "空着，而这一行是项目支出".to_owned();
            asked.add(BAD_CELL, &self.name(at), what, "写上项目名称");
        }
        if is_basic.is_none() {
            let (word, column) =
                if kind.is_empty() { (project, head.project) } else { (kind.as_str(), head.kind) };
            asked.add(
                BAD_CELL,
                &self.name(column.unwrap_or_default()),
                format!("“{word}”看不出是基本支出还是项目支出"),
                &format!("加 --word {}=基本支出 或 --word {0}=项目支出", bare(word)),
            );
        }
        is_basic
    }

    /// 预算 and 资金来源 of a row, from the columns that it has.
    fn funds(&self, code: &str, asked: &mut Kinds) -> Option<(String, String)> {
        let head = self.reader.head;
        let (fund, source) = (self.text(head.fund), self.text(head.source));
        let cell = |at: Option<u32>| self.name(at.unwrap_or_default());
        if fund.is_empty() && source.is_empty() {
            if let Some(at) = head.fund.or(head.source) {
                let what = "空着，看不出是哪种资金".to_owned();
                asked.add(BAD_CELL, &cell(Some(at)), what, "写上资金，例如“一般公共预算”");
            }
            return Some((String::new(), String::new()));
        }
        let (own, at) = if fund.is_empty() { (&source, head.source) } else { (&fund, head.fund) };
        let (known, own_source) = self.fund(own, code, &cell(at), asked)?;
        let source = match (fund.is_empty(), source.is_empty()) {
            (false, false) if self.reader.aliases.carried(&source).is_some() => {
                self.reader.aliases.carried_name().to_owned()
            }
            (false, false) => plain(&source),
            _ => own_source,
        };
        Some((known, source))
    }

    /// The fund that a word means, and the source of the money: carried over, it stays what it was.
    fn fund(
        &self,
        word: &str,
        code: &str,
        cell: &str,
        asked: &mut Kinds,
    ) -> Option<(String, String)> {
        let (aliases, answers) = (self.reader.aliases, self.reader.answers);
        let carried = aliases.carried(word);
        let source = match carried {
            Some(_) => aliases.carried_name().to_owned(),
            None => plain(word),
        };
        let asked_for = answers.word(word).and_then(|means| aliases.fund(means));
        let fund = asked_for.or_else(|| aliases.fund(word)).or_else(|| match carried.as_deref() {
            Some("") => {
                let fund = aliases.fund_of_class(code).unwrap_or(ORDINARY);
                let what = format!(
                    "“{word}”没有写是哪种资金，按科目算{fund}；不对的加 --word {}=资金",
                    bare(word)
                );
                asked.add(LEFT, cell, what, "");
                Some(fund)
            }
            Some(rest) => aliases.fund(rest),
            None => None,
        });
        if fund.is_none() {
            asked.add(
                BAD_CELL,
                cell,
                format!("不认识的资金“{word}”"),
                &format!("加 --word {}=一般公共预算（或别的资金）", bare(word)),
            );
        }
        fund.map(|fund| (fund.to_owned(), source))
    }
}
