//! 文字检查: what an inspector sees in the texts of a report.

mod amounts;
mod changes;
mod claims;
mod department;
mod entries;
mod tables;
mod unprinted;
mod words;
mod year;

use regex::Regex;

use super::memo::Memo;
use super::passages::{Passage, Passages};
use super::rules::Check;
use crate::budget::{Budget, Figure};
use crate::finding::Sides;
use crate::form::Form;
use crate::report::{Address, Report};
use crate::source::scalar::Place;

/// Something that a check found.
#[derive(Debug, Clone, Default)]
pub struct Hit {
    /// What is wrong, to stand behind the rule's sentence.
    pub message: String,
    pub address: Option<Address>,
    pub part: String,
    pub place: Option<Place>,
    /// The words in question, to be pointed at within the place.
    pub words: String,
    /// Further places of the source that feed it.
    pub feeds: Vec<Place>,
    pub sides: Option<Sides>,
    /// What to do, where the rule's own help does not lead there.
    pub help: Option<String>,
}

impl Hit {
    /// Something about facts, not about words: it stands where its figures were typed.
    fn of_figures<'f>(message: String, figures: impl IntoIterator<Item = &'f Figure>) -> Self {
        let mut places = figures.into_iter().flat_map(Figure::places);
        Self { message, place: places.next(), feeds: places.collect(), ..Self::default() }
    }
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
            Check::Placeholder => self.patterns(&patterns(words)?, true),
            Check::Punctuation => self.patterns(&patterns(words)?, false),
            Check::Repetition => self.repetitions(words),
            Check::Year => self.years(&patterns(words)?),
            Check::Mixed => self.mixed(words),
            Check::Name => self.names(),
            Check::TableName => self.table_names(),
            Check::TypedAmount => self.typed_amounts(&thresholds(words)?),
            Check::Direction => self.directions(),
            Check::WrongUnit => self.wrong_units(),
            Check::SourceUnit => self.implausible_unit(words)?,
            Check::ShortName => self.short_name(),
            Check::UnitKind => self.unit_kinds(words)?,
            Check::TypedChange => self.typed_changes(),
            Check::BudgetYear => self.budget_year(words)?,
            Check::ZeroBase => self.zero_bases(),
            Check::Reason => self.reasons(words.first().and_then(|w| w.parse().ok()).unwrap_or(10)),
            Check::DetailsOver => self.excessive_details(),
            Check::DetailsUnder => self.partial_details(),
            Check::Grouping => self.grouping(),
            Check::EmptyTable => self.empty_tables(words),
            Check::CodeName => self.codes(true),
            Check::UnknownCode => self.codes(false),
            Check::Unprinted => self.unprinted(words),
            Check::Required => self.required(words)?,
        })
    }
}

/// What may stand before and behind an amount, from words where `#` is the amount.
fn thresholds(words: &[String]) -> Result<Vec<[Regex; 2]>, String> {
    let halves = words.iter().map(|word| -> Result<[Regex; 2], String> {
        let (before, behind) = word.split_once('#').ok_or_else(|| format!("“{word}”里没有 #"))?;
        let made = patterns(&[format!(r"(?:{before})\s*$"), format!(r"^\s*(?:{behind})")])?;
        made.try_into().map_err(|_| format!("“{word}”不是正则表达式"))
    });
    halves.collect()
}

fn patterns(words: &[String]) -> Result<Vec<Regex>, String> {
    static MADE: Memo<Regex> = Memo::new();
    let faulty = |word: &String| format!("“{word}”不是正则表达式");
    words.iter().map(|word| MADE.get(word, Regex::new).map_err(|_| faulty(word))).collect()
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
        ..Hit::default()
    }
}
