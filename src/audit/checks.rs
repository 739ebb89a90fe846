//! 文字检查: what an inspector sees in the texts of a report.

use std::collections::BTreeSet;

use regex::Regex;
use rust_decimal::Decimal;

use super::passages::{Passage, Passages, number_at};
use super::quantity::{Quantity, read_number};
use super::rules::Check;
use crate::budget::{Budget, Figure, Measure, Origin as From};
use crate::form::Form;
use crate::report::{Address, Origin, Report, Role, Table, plain};
use crate::source::model::TableSettings;
use crate::source::scalar::{Place, Prose};

/// Something that a check found.
#[derive(Debug, Clone)]
pub struct Hit {
    /// What is wrong, to stand behind the rule's sentence.
    pub message: String,
    pub address: Option<Address>,
    pub part: String,
    pub place: Option<Place>,
    /// The words in question, to be pointed at within the place.
    pub words: String,
}

/// What a check looks at.
pub struct View<'a> {
    pub form: &'a Form,
    pub budget: &'a Budget,
    pub report: &'a Report,
    pub passages: &'a Passages<'a>,
}

impl View<'_> {
    /// Runs one check. A faulty pattern among its words is the form's fault.
    pub fn run(&self, check: Check, words: &[String]) -> Result<Vec<Hit>, String> {
        Ok(match check {
            Check::Placeholder | Check::Punctuation => self.patterns(&patterns(words)?),
            Check::Repetition => self.repetitions(words),
            Check::Year => self.years(&patterns(words)?),
            Check::Mixed => self.mixed(words),
            Check::Name => self.names(),
            Check::TableName => self.table_names(),
            Check::TypedAmount => self.typed_amounts(),
            Check::Direction => self.directions(),
            Check::ZeroBase => self.zero_bases(),
            Check::Reason => self.reasons(words.first().and_then(|w| w.parse().ok()).unwrap_or(10)),
            Check::DetailsOver => self.details(true),
            Check::DetailsUnder => self.details(false),
            Check::Grouping => self.grouping(),
            Check::EmptyTable => self.empty_tables(words),
            Check::CodeName => self.codes(true),
            Check::UnknownCode => self.codes(false),
            Check::Required => self.required(words)?,
        })
    }

    fn patterns(&self, patterns: &[Regex]) -> Vec<Hit> {
        let mut hits = Vec::new();
        for passage in &self.passages.all {
            let found = patterns.iter().filter_map(|pattern| pattern.find(&passage.text));
            hits.extend(found.map(|found| hit(passage, found.start(), found.as_str())));
        }
        hits
    }

    /// 用于用于, 包括：包括: two to four characters twice, perhaps with a mark between.
    fn repetitions(&self, allowed: &[String]) -> Vec<Hit> {
        let mut hits = Vec::new();
        for passage in &self.passages.all {
            let characters: Vec<(usize, char)> = passage.text.char_indices().collect();
            let mut at = 0;
            while at < characters.len() {
                match repeated(&characters[at..], allowed) {
                    Some(length) => {
                        let end = characters.get(at + length).map_or(passage.text.len(), |c| c.0);
                        let start = characters[at].0;
                        hits.push(hit(passage, start, &passage.text[start..end]));
                        at += length;
                    }
                    None => at += 1,
                }
            }
        }
        hits
    }

    /// Years other than this and the last, except where a pattern says that they belong.
    fn years(&self, allowed: &[Regex]) -> Vec<Hit> {
        let this = self.budget.source.value.year.count;
        let year = Regex::new(r"(19|20)\d\d年").expect("the pattern is valid");
        let mut hits = Vec::new();
        for passage in &self.passages.all {
            if allowed.iter().any(|pattern| pattern.is_match(&passage.text)) {
                continue;
            }
            for found in year.find_iter(&passage.text) {
                let number: u32 = found.as_str()[..4].parse().unwrap_or(this);
                if number != this && number + 1 != this {
                    hits.push(hit(passage, found.start(), found.as_str()));
                }
            }
        }
        hits
    }

    /// Words of which a report should use only one.
    fn mixed(&self, words: &[String]) -> Vec<Hit> {
        let firsts: Vec<(&String, &Passage<'_>, usize)> = words
            .iter()
            .filter_map(|word| {
                let mut found = self.passages.all.iter();
                found.find_map(|passage| Some((word, passage, passage.text.find(word.as_str())?)))
            })
            .collect();
        match firsts.as_slice() {
            [] | [_] => Vec::new(),
            [(first, ..), rest @ ..] => rest
                .iter()
                .map(|(word, passage, at)| {
                    let found = hit(passage, *at, word);
                    let both = format!("“{first}、{word}”");
                    let message = found.message.replacen(&format!("“{word}”"), &both, 1);
                    Hit { message, ..found }
                })
                .collect(),
        }
    }

    /// A name that begins as the department's and stops short of it.
    fn names(&self) -> Vec<Hit> {
        let name = &self.budget.source.value.department.name.text;
        let characters: Vec<char> = name.chars().collect();
        let least = characters.len() * 4 / 5;
        let Some(start) = characters.get(..least).filter(|start| start.len() >= 4) else {
            return Vec::new();
        };
        let start: String = start.iter().collect();
        let mut hits = Vec::new();
        for passage in &self.passages.all {
            for (at, _) in passage.text.match_indices(&start) {
                let rest = &passage.text[at..];
                if !rest.starts_with(name.as_str()) {
                    let shown: String = rest.chars().take(characters.len()).collect();
                    hits.push(hit(passage, at, &shown));
                }
            }
        }
        hits
    }

    /// Names in the heads and unit rows of tables that are not the department's or a unit's.
    fn table_names(&self) -> Vec<Hit> {
        let units = self.budget.units.iter().map(|unit| unit.name.as_str());
        let known: BTreeSet<&str> = units.chain([self.budget.whole.name.as_str()]).collect();
        let settings = |table: &Table| self.budget.source.value.tables.get(&table.number);
        let mut hits = Vec::new();
        for (number, table) in self.report.tables().enumerate() {
            let left = plain(&table.left);
            if let Some((label, name)) = left.split_once('：')
                && !known.contains(name.trim())
            {
                hits.push(Hit {
                    message: format!("{label}是“{name}”"),
                    address: Some(Address::Head { table: number }),
                    part: table.number.clone(),
                    place: settings(table).and_then(|s| s.department.as_ref()).map(prose_place),
                    words: String::new(),
                });
            }
            for (row, value) in table.grid.rows.iter().enumerate() {
                let Some(cell) = value.cells.first().filter(|_| value.role == Role::Unit) else {
                    continue;
                };
                let name = plain(&cell.text);
                if !known.contains(name.as_str()) {
                    hits.push(Hit {
                        message: format!("预算单位是“{name}”"),
                        address: Some(Address::Cell { table: number, row, cell: 0 }),
                        part: table.number.clone(),
                        place: row_setting(settings(table), row).or_else(|| place_of(&cell.text)),
                        words: String::new(),
                    });
                }
            }
        }
        hits
    }

    /// Amounts typed in prose that no figure of the report prints.
    fn typed_amounts(&self) -> Vec<Hit> {
        let known = self.all_amounts();
        let format = self.passages.format();
        let mut hits = Vec::new();
        for passage in &self.passages.all {
            let mut at = 0;
            while let Some(digit) = passage.text[at..].find(|c: char| c.is_ascii_digit()) {
                let start = at + digit;
                let number = number_at(&passage.text[start..]);
                at = start + number.len();
                let (Some(unit), Some((_, Origin::Text(_)))) =
                    (unit_at(&passage.text[at..]), passage.piece_at(start))
                else {
                    continue;
                };
                let Some(typed) = read_number(number) else { continue };
                let quantity = Quantity::in_yuan(typed, unit.0, format);
                let matches =
                    |amount: &Decimal| (*amount - quantity.amount).abs() <= quantity.slack;
                if !known.iter().any(matches) {
                    hits.push(hit(passage, start, &format!("{number}{}", unit.1)));
                }
            }
        }
        hits
    }

    fn all_amounts(&self) -> BTreeSet<Decimal> {
        let cells =
            self.report.tables().flat_map(|table| &table.grid.rows).flat_map(|row| &row.cells);
        let in_cells = cells.filter_map(|cell| cell.figure());
        let pieces = self.passages.all.iter().flat_map(|passage| passage.line.iter());
        let in_texts = pieces.filter_map(|piece| match &piece.origin {
            Origin::Figure(figure) => Some(figure),
            _ => None,
        });
        in_cells.chain(in_texts).map(|figure| figure.amount().abs()).collect()
    }

    /// 增加 before a fall, 减少 before a rise.
    fn directions(&self) -> Vec<Hit> {
        self.changes(|before, _, this, last| {
            let rise = ["增加", "增长", "上升"].iter().any(|word| before.ends_with(word));
            let fall = ["减少", "下降", "降低"].iter().any(|word| before.ends_with(word));
            let change = this.minus(last).sign();
            (rise && change < 0 || fall && change > 0).then(|| {
                format!(
                    "写着“{}”",
                    before
                        .chars()
                        .rev()
                        .take(2)
                        .collect::<Vec<_>>()
                        .into_iter()
                        .rev()
                        .collect::<String>()
                )
            })
        })
    }

    /// A percentage behind a change from zero.
    fn zero_bases(&self) -> Vec<Hit> {
        let rate = Regex::new(r"^[^。；]{0,12}?([\d.]+%)").expect("the pattern is valid");
        self.changes(|_, after, this, last| {
            let rate = rate.captures(after)?.get(1)?.as_str().to_owned();
            (last.is_zero() && !this.is_zero()).then(|| format!("写着“{rate}”"))
        })
    }

    /// Looks at every printed change: the text before it, behind it, this year and the last.
    fn changes(&self, judge: impl Fn(&str, &str, &Figure, &Figure) -> Option<String>) -> Vec<Hit> {
        let mut hits = Vec::new();
        for passage in &self.passages.all {
            let mut start = 0;
            for piece in passage.line {
                let end = start + piece.text.len();
                if let Origin::Figure(figure) = &piece.origin
                    && let From::Difference(this, last) = figure.origin()
                    && let Some(message) =
                        judge(&passage.text[..start], &passage.text[end..], this, last)
                {
                    hits.push(Hit { message, ..hit(passage, start, "") });
                }
                start = end;
            }
        }
        hits
    }

    /// Great changes that nobody explains.
    fn reasons(&self, percent: u32) -> Vec<Hit> {
        let great = |this: &Figure, last: &Figure| match this.rate_from(last) {
            Some(rate) => rate.amount() >= percent.into(),
            None => !this.is_zero(),
        };
        let mut hits = Vec::new();
        let mut look = |name: &str, this: &Figure, last: &Figure| {
            let format = &self.budget.format;
            if great(this, last) {
                hits.push(Hit {
                    message: format!(
                        "{name}从 {} 到 {}，没有写原因",
                        format.print(last),
                        format.print(this)
                    ),
                    address: None,
                    part: String::new(),
                    place: this.places().first().cloned(),
                    words: String::new(),
                });
            }
        };
        let whole = &self.budget.whole;
        if let Some((income, spending)) = &self.budget.last_year
            && self.budget.source.value.change_reason.is_none()
        {
            look("收入总计", &whole.income.total, income);
            look("支出总计", &whole.spending.total, spending);
        }
        for project in &whole.projects {
            if let (Some(last), None) = (&project.last_year, &project.facts.reason) {
                look(&project.facts.name.text, &project.amount, last);
            }
        }
        let notes = &self.budget.source.value.official_notes;
        let (this, last) = (&whole.official.this, &whole.official.last);
        let items = [
            ("因公出国（境）费", &this.abroad, &last.abroad, &notes.abroad),
            ("公务接待费", &this.reception, &last.reception, &notes.reception),
            ("公务用车购置费", &this.car_purchase, &last.car_purchase, &notes.car_purchase),
            ("公务用车运行维护费", &this.car_running, &last.car_running, &notes.car_running),
        ];
        for (name, this, last, note) in items {
            if note.is_none() {
                look(name, this, last);
            }
        }
        hits
    }

    /// Details of a project that add up to more than it, or to less.
    fn details(&self, more: bool) -> Vec<Hit> {
        let format = &self.budget.format;
        let projects = self.budget.whole.projects.iter().filter(|p| !p.details.is_empty());
        projects
            .filter_map(|project| {
                let sum = Figure::sum(project.details.iter().cloned());
                let difference = sum.minus(&project.amount);
                let beyond = difference.amount().abs() > difference.slack();
                (beyond && (difference.sign() > 0) == more).then(|| Hit {
                    message: format!(
                        "{}的明细共 {}，项目是 {}，差 {}",
                        project.facts.name.text,
                        format.print(&sum),
                        format.print(&project.amount),
                        format.print(&difference.abs())
                    ),
                    address: None,
                    part: String::new(),
                    place: project.amount.places().first().cloned(),
                    words: String::new(),
                })
            })
            .collect()
    }

    /// Amounts of four digits and more without commas, where the report prints commas; one a part.
    fn grouping(&self) -> Vec<Hit> {
        if !self.budget.format.grouping {
            return Vec::new();
        }
        let mut hits: Vec<Hit> = Vec::new();
        let mut look = |origin: &Origin, text: &str, address: Address, part: &str| {
            let Origin::Figure(figure) = origin else { return };
            let integer = text.split('.').next().unwrap_or_default();
            let long = integer.len() > 3 && integer.bytes().all(|b| b.is_ascii_digit());
            if figure.measure() == Measure::Money
                && long
                && !hits.iter().any(|hit| hit.part == part)
            {
                hits.push(Hit {
                    message: format!("印着“{text}”"),
                    address: Some(address),
                    part: part.to_owned(),
                    place: figure.places().first().cloned(),
                    words: String::new(),
                });
            }
        };
        for passage in &self.passages.all {
            passage
                .line
                .iter()
                .for_each(|p| look(&p.origin, &p.text, passage.address, &passage.part));
        }
        for (table, value) in self.report.tables().enumerate() {
            for (row, cells) in value.grid.rows.iter().enumerate() {
                for (cell, value_cell) in cells.cells.iter().enumerate() {
                    let address = Address::Cell { table, row, cell };
                    value_cell
                        .text
                        .iter()
                        .for_each(|p| look(&p.origin, &p.text, address, &value.number));
                }
            }
        }
        hits
    }

    /// A table of zeros without its note, or a note on a table that has amounts.
    fn empty_tables(&self, notes: &[String]) -> Vec<Hit> {
        let mut hits = Vec::new();
        for (number, table) in self.report.tables().enumerate() {
            let cells = table.grid.rows.iter().flat_map(|row| &row.cells);
            let mut figures = cells.filter_map(|cell| cell.figure()).peekable();
            let empty = figures.peek().is_some() && figures.all(Figure::is_zero);
            let noted = table
                .notes
                .iter()
                .any(|note| notes.iter().any(|n| plain(note).contains(n.as_str())));
            let message = match (empty, noted) {
                (true, false) => "全是零，却没有注",
                (false, true) => "有数，却注着没有发生额",
                _ => continue,
            };
            hits.push(Hit {
                message: message.to_owned(),
                address: Some(Address::Head { table: number }),
                part: table.number.clone(),
                place: None,
                words: String::new(),
            });
        }
        hits
    }

    /// Names that differ from the code table, or codes that it does not have.
    fn codes(&self, names: bool) -> Vec<Hit> {
        let spending = &self.budget.whole.spending;
        let codes = &self.form.codes;
        let pairs =
            [(&spending.functional, &codes.functional), (&spending.economic, &codes.economic)];
        let mut hits = Vec::new();
        for (classes, table) in pairs {
            for class in classes.values() {
                let Some((name, place)) = &class.name else { continue };
                let message = match table.get(&class.code) {
                    Some(official) if names && official != name => {
                        format!("{} 写作“{name}”，科目表是“{official}”", class.code)
                    }
                    None if !names && !table.is_empty() => format!("{} {name}", class.code),
                    _ => continue,
                };
                let place = Some(place.clone());
                hits.push(Hit {
                    message,
                    address: None,
                    part: String::new(),
                    place,
                    words: String::new(),
                });
            }
        }
        hits
    }

    /// 要素=部分: what the law wants published, and where it must stand.
    fn required(&self, words: &[String]) -> Result<Vec<Hit>, String> {
        let mut hits = Vec::new();
        for word in words {
            let (what, part) =
                word.split_once('=').ok_or_else(|| format!("“{word}”要写成 要素=部分"))?;
            let present = self.passages.part(part).next().is_some();
            if !present {
                let message = format!("“{what}”应在{part}，没有找到");
                hits.push(Hit {
                    message,
                    address: None,
                    part: part.to_owned(),
                    place: None,
                    words: String::new(),
                });
            }
        }
        Ok(hits)
    }
}

fn patterns(words: &[String]) -> Result<Vec<Regex>, String> {
    words
        .iter()
        .map(|word| Regex::new(word).map_err(|_| format!("“{word}”不是正则表达式")))
        .collect()
}

fn hit(passage: &Passage<'_>, at: usize, found: &str) -> Hit {
    let before: String = passage.text[..at].chars().rev().take(8).collect();
    let before: String = before.chars().rev().collect();
    let after: String = passage.text[at..].chars().skip(found.chars().count()).take(8).collect();
    Hit {
        message: format!("“{found}”（…{before}{found}{after}…）"),
        address: Some(passage.address),
        part: passage.part.clone(),
        // Words that begin in the form's text may end in the source's.
        place: passage
            .place_at(at)
            .or_else(|| passage.place_at(at + found.len().saturating_sub(1))),
        words: found.to_owned(),
    }
}

/// How many characters a repetition takes that stands at the start.
fn repeated(characters: &[(usize, char)], allowed: &[String]) -> Option<usize> {
    let word = |from: usize, length: usize| -> Option<String> {
        let part = characters.get(from..from + length)?;
        part.iter().all(|(_, c)| is_han(*c)).then(|| part.iter().map(|(_, c)| *c).collect())
    };
    for length in 2..=4 {
        let first = word(0, length)?;
        let mark = characters.get(length).is_some_and(|(_, c)| matches!(c, '：' | ':'));
        let gap = usize::from(mark);
        if word(length + gap, length).is_some_and(|second| second == first)
            && !allowed.contains(&first)
        {
            return Some(2 * length + gap);
        }
    }
    None
}

fn is_han(c: char) -> bool {
    matches!(c, '\u{4E00}'..='\u{9FFF}')
}

/// The unit that a text begins with: how many 元 it is, and its name.
fn unit_at(text: &str) -> Option<(u32, &'static str)> {
    let text = text.trim_start();
    [(100_000_000, "亿元"), (10_000, "万元"), (1, "元")]
        .into_iter()
        .find(|(_, name)| text.starts_with(name))
}

fn prose_place(prose: &Prose) -> Place {
    prose.0.place.clone()
}

/// Where the source names a table's summary row (the first) or its only unit's.
fn row_setting(settings: Option<&TableSettings>, row: usize) -> Option<Place> {
    let settings = settings?;
    let name = if row == 0 { settings.summary.as_ref() } else { settings.unit_row.as_ref() };
    name.map(prose_place)
}

fn place_of(line: &[crate::report::Piece]) -> Option<Place> {
    line.iter().find_map(|piece| match &piece.origin {
        Origin::Text(place) => Some(place.clone()),
        _ => None,
    })
}
