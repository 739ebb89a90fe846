//! Finds the head of the detail lines and reads them.

use rust_decimal::Decimal;

use super::super::amount::Amount;
use super::super::book::{Book, Content, Sheet};
use super::super::{BAD_CELL, Changes, LEFT, UNREADABLE};
use super::aliases::{Aliases, Columns, says};
use crate::audit::bare;
use crate::finding::Finding;
use crate::source::alike;
use crate::source::model::MoneyUnit;
use crate::source::text::is_unseen;

/// The head stands in one of the first rows.
const FIRST_ROWS: u32 = 20;
/// Heads of merged columns stand so many rows higher.
const HEAD_ROWS: u32 = 3;
/// The fund that a source need not name.
pub const ORDINARY: &str = "一般公共预算";
/// What a class's code can be long.
const CODE_LENGTHS: [usize; 3] = [3, 5, 7];

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

/// A code, and the name beside it in the same cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Code {
    pub code: String,
    pub name: String,
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
}

impl Line {
    /// 预算, with the ordinary one named.
    pub fn fund_or_ordinary(&self) -> &str {
        if self.fund.is_empty() { ORDINARY } else { &self.fund }
    }
}

/// The columns of a sheet, by what they hold.
struct Head {
    row: u32,
    unit: Option<u32>,
    functional: Option<u32>,
    economic: Option<u32>,
    project: Option<u32>,
    fund: Option<u32>,
    kind: Option<u32>,
    amount: u32,
    procurement: Option<u32>,
    procurement_kind: Option<u32>,
    /// Yuan in one of the amounts.
    per_unit: Decimal,
}

/// Reads the lines of every visible sheet that has them.
pub fn read(book: &Book, aliases: &Aliases, changes: &mut Changes) -> Result<Lines, Finding> {
    let mut lines = Lines::default();
    let mut found = false;
    for sheet in &book.sheets {
        if sheet.hidden {
            changes.remark(LEFT, format!("“{}”是隐藏的页，没有读", sheet.name));
            continue;
        }
        match head(sheet, aliases, changes) {
            Some(head) => {
                found = true;
                lines_of(sheet, &head, aliases, &mut lines, changes);
            }
            None if sheet.cells.is_empty() => {}
            None => changes.remark(
                LEFT,
                format!("“{}”里没有认得的栏（功能分类或经济分类，和金额），没有读", sheet.name),
            ),
        }
    }
    if !found {
        let message = "这个工作簿不是导出的，也没有认得的明细";
        return Err(Finding::error(UNREADABLE, message).help(
            "明细要有一行栏名，至少有“功能分类”或“经济分类”，和“金额”；别的叫法写进表式的 import.yaml",
        ));
    }
    if lines.lines.is_empty() && changes.doubts.is_empty() {
        let message = "明细里只有栏名，没有写着金额的行";
        return Err(Finding::error(UNREADABLE, message).help("看看导出时是不是选错了单位或年度"));
    }
    Ok(lines)
}

fn head(sheet: &Sheet, aliases: &Aliases, changes: &mut Changes) -> Option<Head> {
    let columns = &aliases.columns;
    (0..FIRST_ROWS).find_map(|row| {
        let names: Vec<(u32, String)> = names(sheet, row);
        let find = |words: &[crate::source::scalar::Text]| {
            names.iter().find(|(_, name)| says(words, &without_unit(name))).map(|(at, _)| *at)
        };
        let amount = find(&columns.amount)?;
        let (functional, economic) = (find(&columns.functional), find(&columns.economic));
        functional.or(economic)?;
        unknown(sheet, row, &names, columns, changes);
        let said = names.iter().find(|(at, _)| *at == amount).and_then(|(_, name)| unit_in(name));
        let above = || {
            sheet
                .cells
                .iter()
                .take_while(|cell| cell.row <= row)
                .find_map(|cell| unit_in(&cell.content.text()))
        };
        let unit = said.or_else(above).unwrap_or_else(|| {
            let unit = if aliases.unit == MoneyUnit::Yuan { "元" } else { "万元" };
            changes.remark(LEFT, format!("“{}”没有写金额的单位，按{unit}算", sheet.name));
            aliases.unit
        });
        Some(Head {
            row,
            unit: find(&columns.unit),
            functional,
            economic,
            project: find(&columns.project),
            fund: find(&columns.fund),
            kind: find(&columns.kind),
            amount,
            procurement: find(&columns.procurement),
            procurement_kind: find(&columns.procurement_kind),
            per_unit: if unit == MoneyUnit::Yuan { Decimal::ONE } else { Decimal::from(10_000) },
        })
    })
}

/// Says which columns are not known.
fn unknown(
    sheet: &Sheet,
    row: u32,
    names: &[(u32, String)],
    columns: &Columns,
    changes: &mut Changes,
) {
    let own = names.iter().filter(|(at, _)| sheet.cell(row, *at).is_some());
    let others =
        own.filter(|(_, name)| !columns.all().any(|words| says(words, &without_unit(name))));
    let others: Vec<&str> = others.map(|(_, name)| name.as_str()).collect();
    if !others.is_empty() {
        let message = format!(
            "“{}”里这几栏不认得，没有读：{}；认得的叫法在表式的 import.yaml 里",
            sheet.name,
            others.join("、")
        );
        changes.remark(LEFT, message);
    }
}

/// The name of each column, where a row is the last of the heads.
fn names(sheet: &Sheet, row: u32) -> Vec<(u32, String)> {
    let above = sheet.cells.iter().filter(|cell| cell.row <= row && cell.row + HEAD_ROWS > row);
    let mut columns: Vec<u32> = above.map(|cell| cell.column).collect();
    columns.sort_unstable();
    columns.dedup();
    let own = |column: u32| {
        let rows = (row.saturating_sub(HEAD_ROWS - 1)..=row).rev();
        rows.map(|row| bare(&sheet.text(row, column))).find(|text| !text.is_empty())
    };
    // A row of titles is none of heads: something has to stand in the row itself.
    if !sheet.cells.iter().any(|cell| cell.row == row) {
        return Vec::new();
    }
    columns.into_iter().filter_map(|column| Some((column, own(column)?))).collect()
}

/// 金额（万元） → 金额
fn without_unit(name: &str) -> String {
    let end = name.find(['（', '(']).filter(|at| unit_in(&name[*at..]).is_some());
    end.map_or(name, |end| &name[..end]).trim_start_matches("其中：").to_owned()
}

/// The unit that a head or a line above speaks of: （万元）, 单位：元.
fn unit_in(text: &str) -> Option<MoneyUnit> {
    let text = bare(text);
    let says = |word: &str| {
        text.contains(&format!("（{word}）"))
            || text.contains(&format!("({word})"))
            || text.contains(&format!("单位：{word}"))
            || text.contains(&format!("单位:{word}"))
    };
    if says("万元") {
        Some(MoneyUnit::TenThousand)
    } else if says("元") {
        Some(MoneyUnit::Yuan)
    } else {
        None
    }
}

fn lines_of(
    sheet: &Sheet,
    head: &Head,
    aliases: &Aliases,
    lines: &mut Lines,
    changes: &mut Changes,
) {
    lines.has_functional |= head.functional.is_some();
    lines.has_economic |= head.economic.is_some();
    lines.has_projects |= head.project.is_some();
    lines.has_procurement |= head.procurement.is_some();
    lines.has_sources |= head.fund.is_some();
    lines.has_procurement_kinds |= head.procurement_kind.is_some();
    let mut totals = 0;
    let mut unit = String::new();
    for (row, cells) in sheet.rows().filter(|(row, _)| *row > head.row) {
        if cells.iter().any(|cell| aliases.is_total(&cell.content.text())) {
            totals += 1;
            continue;
        }
        let text = |column: Option<u32>| {
            alike::typed(&column.map(|column| sheet.text(row, column)).unwrap_or_default())
        };
        // A merged cell holds its text in its first row.
        if !text(head.unit).is_empty() {
            unit = text(head.unit);
        }
        let reader = Reader { sheet, head, aliases, row };
        if let Some(line) = reader.line(&unit, text, changes) {
            lines.lines.push(line);
        }
    }
    if totals > 0 {
        changes.remark(LEFT, format!("“{}”里有 {totals} 行合计，没有取", sheet.name));
    }
}

struct Reader<'a> {
    sheet: &'a Sheet,
    head: &'a Head,
    aliases: &'a Aliases,
    row: u32,
}

impl Reader<'_> {
    fn line(
        &self,
        unit: &str,
        text: impl Fn(Option<u32>) -> String,
        changes: &mut Changes,
    ) -> Option<Line> {
        let head = self.head;
        let cell = self.sheet.name_of(self.row, head.amount);
        let amount = self.amount(head.amount, changes)?;
        let procurement =
            head.procurement.map(|column| self.amount(column, changes).unwrap_or_default());
        let project = text(head.project);
        let kind = text(head.kind);
        let is_basic = match kind.is_empty() {
            true => project.is_empty(),
            false => self.aliases.is_basic(&kind),
        };
        Some(Line {
            unit: unit.to_owned(),
            functional: self.code(head.functional, &text, changes)?,
            economic: self.code(head.economic, &text, changes)?,
            project: if is_basic { String::new() } else { project },
            fund: self.fund(&text(head.fund), changes)?,
            source: text(head.fund),
            procurement_kind: text(head.procurement_kind),
            is_basic,
            amount,
            procurement,
            cell,
        })
    }

    /// An amount in yuan; `None` for a row without one, or with something else.
    fn amount(&self, column: u32, changes: &mut Changes) -> Option<Decimal> {
        let cell = self.sheet.cell(self.row, column)?;
        let name = self.sheet.name_of(self.row, column);
        let what = match &cell.content {
            Content::Number(amount) => return Some(amount.shown * self.head.per_unit),
            Content::Text(text) => match Amount::typed(text) {
                Some(amount) => {
                    changes.remark(LEFT, format!("{name} 是文本，按数 {} 取", amount.shown));
                    return Some(amount.shown * self.head.per_unit);
                }
                None => format!("文字“{}”", text.chars().take(20).collect::<String>()),
            },
            Content::Uncomputed => "没有保存结果的公式（在 Excel 里打开，存一次）".to_owned(),
            Content::Other(what) => (*what).to_owned(),
        };
        changes.doubt(BAD_CELL, format!("{name} 应是金额，现在是{what}"), "改成数再导入");
        None
    }

    /// `Some(None)` where there is no such column.
    fn code(
        &self,
        column: Option<u32>,
        text: impl Fn(Option<u32>) -> String,
        changes: &mut Changes,
    ) -> Option<Option<Code>> {
        let Some(at) = column else { return Some(None) };
        match split_code(&text(column)) {
            Some(code) => Some(Some(code)),
            None => {
                let name = self.sheet.name_of(self.row, at);
                changes.doubt(
                    BAD_CELL,
                    format!("{name} 看不出科目编码：“{}”", text(column)),
                    "写 3、5 或 7 位编码，后面可以跟名称",
                );
                None
            }
        }
    }

    fn fund(&self, word: &str, changes: &mut Changes) -> Option<String> {
        if word.is_empty() {
            return Some(String::new());
        }
        match self.aliases.fund(word) {
            Some(fund) => Some(fund.to_owned()),
            None => {
                let name = self.sheet.name_of(self.row, self.head.fund.unwrap_or_default());
                changes.doubt(
                    BAD_CELL,
                    format!("{name} 不认识的资金“{word}”"),
                    "把这个叫法写进表式的 import.yaml 的“资金”",
                );
                None
            }
        }
    }
}

/// `2080150`, `[2080150]事业运行`, `2080150-事业运行`
fn split_code(text: &str) -> Option<Code> {
    let text: String = text.chars().filter(|c| !is_unseen(*c)).collect();
    let text = text.trim().trim_start_matches(['[', '【', '（', '(']);
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let (code, name) = text.split_at(end);
    let marks = |c: char| {
        c.is_whitespace() || matches!(c, ']' | '】' | '）' | ')' | '-' | '－' | '_' | '.')
    };
    CODE_LENGTHS.contains(&code.len()).then(|| Code {
        code: code.to_owned(),
        name: name.trim_start_matches(marks).trim().to_owned(),
    })
}
