//! What is asked of a person: each kind once, with its cells; and what he answers on the command
//! line.

use super::super::book::Book;
use super::super::{Changes, LEFT, UNFIT};
use super::parts;
use crate::audit::bare;

/// So many cells are named of each kind.
const MOST_CELLS: usize = 10;
/// So much is told of what a cell says.
const MOST_LETTERS: usize = 20;

/// What a column can be.
const ROLES: [&str; 13] = [
    "预算单位",
    "功能分类",
    "经济分类",
    "项目",
    "预算",
    "资金来源",
    "支出类别",
    "金额",
    "采购",
    "采购种类",
    "年度",
    parts::TAKEN,
    parts::LEFT_OUT,
];

/// Answers to what the lines leave open.
#[derive(Debug, Default)]
pub struct Answers {
    /// 金额 → 预算数: which of several columns it is, by its head or its letter.
    pub columns: Vec<(String, String)>,
    /// 运转类项目 → 基本支出: what a word of the platform means.
    pub words: Vec<(String, String)>,
    /// The sheets to read.
    pub sheets: Vec<String>,
    /// Whether hidden rows and columns are read.
    pub hidden: Option<bool>,
    /// Whether rows are read that may be sums and differ from their parts.
    pub subtotal: Option<bool>,
    pub any_year: bool,
    /// The name of the workbook's file.
    pub file: String,
}

impl Answers {
    pub fn word(&self, word: &str) -> Option<&str> {
        let word = bare(word);
        self.words.iter().find(|(have, _)| bare(have) == word).map(|(_, means)| means.as_str())
    }

    pub fn column(&self, role: &str) -> Option<&str> {
        self.columns.iter().find(|(have, _)| have == role).map(|(_, name)| name.as_str())
    }
}

/// Things of the same kind, and the cells where each was met.
#[derive(Debug, Default)]
pub struct Kinds(Vec<Met>);

#[derive(Debug)]
struct Met {
    code: &'static str,
    what: String,
    /// What the first of the cells says.
    example: String,
    help: String,
    cells: Vec<String>,
}

impl Kinds {
    pub fn add(&mut self, code: &'static str, cell: &str, what: String, help: &str) {
        self.such(code, cell, what, "", help);
    }

    /// Things that are alike whatever their cells say: the first is told.
    pub fn such(&mut self, code: &'static str, cell: &str, what: String, says: &str, help: &str) {
        let same = |met: &&mut Met| met.what == what && met.help == help;
        match self.0.iter_mut().find(same) {
            Some(met) => met.cells.push(cell.to_owned()),
            None => {
                let example = says.chars().take(MOST_LETTERS).collect();
                let (help, cells) = (help.to_owned(), vec![cell.to_owned()]);
                self.0.push(Met { code, what, example, help, cells });
            }
        }
    }

    pub fn remark(&mut self, cell: &str, what: impl Into<String>) {
        self.add(LEFT, cell, what.into(), "");
    }

    /// Tells each kind once: as a doubt where there is something to do about it.
    pub fn tell(self, changes: &mut Changes) {
        for Met { code, mut what, example, help, cells } in self.0 {
            if !example.is_empty() {
                let more = if cells.len() > 1 { "等" } else { "" };
                what += &format!("“{example}”{more}");
            }
            let blank =
                if cells.len() > 1 || what.starts_with(['的', '里', '是']) { "" } else { " " };
            let message = format!("{}{blank}{what}", named(&cells));
            match help.is_empty() {
                true => changes.remark(code, message),
                false => changes.doubt(code, message, &help),
            }
        }
    }
}

/// Several sheets with lines may be copies: the user says which are meant.
pub fn one_sheet(names: &[&str], answers: &Answers, asked: &mut Kinds) {
    if let ([first, _, ..], true) = (names, answers.sheets.is_empty()) {
        let all = format!("“{}”", names.join("”、“"));
        let options: Vec<String> = names.iter().map(|name| format!("--sheet {name}")).collect();
        asked.add(
            UNFIT,
            &all,
            "这几页都有明细，相加会不会重复".to_owned(),
            &format!("只取一页的加 --sheet {first}；要相加的加 {}", options.join(" ")),
        );
    }
}

/// Answers that speak of nothing.
pub fn unmet(book: &Book, answers: &Answers, asked: &mut Kinds) {
    let is_there = |name: &String| book.sheets.iter().any(|sheet| bare(&sheet.name) == bare(name));
    let all: Vec<&str> = book.sheets.iter().map(|sheet| sheet.name.as_str()).collect();
    for name in answers.sheets.iter().filter(|name| !is_there(name)) {
        let help = format!("工作簿里的页：{}", all.join("、"));
        asked.add(UNFIT, &format!("--sheet {name}"), "没有这一页".to_owned(), &help);
    }
    for (role, _) in answers.columns.iter().filter(|(role, _)| !ROLES.contains(&role.as_str())) {
        let help = format!("可以写：{}", ROLES.join("、"));
        asked.add(UNFIT, &format!("--column {role}"), "没有这样的栏".to_owned(), &help);
    }
}

/// `明细!G4、G5 等 7 处`
fn named(cells: &[String]) -> String {
    let mut last = "";
    let names = cells.iter().take(MOST_CELLS).map(|cell| match cell.rsplit_once('!') {
        Some((sheet, name)) if sheet == last => name,
        Some((sheet, _)) => {
            last = sheet;
            cell
        }
        None => cell,
    });
    let names: Vec<&str> = names.collect();
    match cells.len() {
        1 => names.concat(),
        all if all > MOST_CELLS => format!("{} 等 {all} 处", names.join("、")),
        all => format!("{}（{all} 处）", names.join("、")),
    }
}
