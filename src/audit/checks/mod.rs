//! 文字检查: what an inspector sees in the texts of a report.

mod amounts;
mod changes;
mod department;
mod entries;
mod pairs;
mod tables;
mod unprinted;
mod words;
mod year;
mod years;

use std::ops::Range;

use regex::{Regex, RegexSet};

use super::memo::Memo;
use super::passages::{Passage, Passages};
use super::prose::Kind;
use super::rules::Check;
use crate::budget::{Budget, Figure};
use crate::finding::Sides;
use crate::form::Form;
use crate::report::{Address, Report};
use crate::source::scalar::Place;
pub use changes::change_told;

/// Something that a check found.
#[derive(Debug, Clone, Default)]
pub struct Hit {
    /// What is wrong, to stand behind the rule's sentence.
    pub message: String,
    pub address: Option<Address>,
    pub part: String,
    pub place: Option<Place>,
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
    /// What its prose says that is wrong.
    pub prose: &'a [(Kind, Hit)],
}

impl View<'_> {
    /// Runs one check. A faulty pattern among its words is the form's fault.
    pub fn run(&self, check: Check, words: &[String]) -> Result<Vec<Hit>, String> {
        Ok(match check {
            Check::Placeholder => self.patterns(&Patterns::new(words)?, true),
            Check::Punctuation => self.patterns(&Patterns::new(words)?, false),
            Check::Repetition => self.repetitions(words)?,
            Check::Year => self.years(words)?,
            Check::Mixed => self.mixed(words),
            Check::Name => self.names(words),
            Check::TableName => self.table_names(),
            Check::TypedAmount => self.prose(Kind::Amount),
            Check::Direction => self.prose(Kind::Direction),
            Check::TypedChange => self.prose(Kind::Change),
            Check::ZeroBase => self.prose(Kind::ZeroBase),
            Check::Share => self.prose(Kind::Share),
            Check::Arithmetic => self.prose(Kind::Arithmetic),
            Check::BareNumber => self.prose(Kind::Bare),
            Check::SlippedUnit => self.prose(Kind::Unit),
            Check::TypedCount => self.prose(Kind::Count),
            Check::Quotable => self.prose(Kind::Quotable),
            Check::Account => self.prose(Kind::Account),
            Check::Misspelt => self.prose(Kind::Spelling),
            Check::Pairs => self.pairs(),
            Check::WrongUnit => self.wrong_units(),
            Check::SourceUnit => self.implausible_unit(words)?,
            Check::ShortName => self.short_name(),
            Check::UnitKind => self.unit_kinds(words)?,
            Check::BudgetYear => self.budget_year(words)?,
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

/// Patterns that are looked for all at once; each is made ready only where one is found.
pub struct Patterns<'w> {
    set: RegexSet,
    words: &'w [String],
}

impl<'w> Patterns<'w> {
    fn new(words: &'w [String]) -> Result<Self, String> {
        static MADE: Memo<RegexSet> = Memo::new();
        let made = MADE.get(&words.join("\n"), |_| RegexSet::new(words));
        let set = made.map_err(|_| {
            let faulty = words.iter().find(|word| pattern(word).is_err());
            format!("“{}”不是正则表达式", faulty.map_or("", String::as_str))
        })?;
        Ok(Self { set, words })
    }

    fn is_match(&self, text: &str) -> bool {
        self.set.is_match(text)
    }

    /// Those that stand in a text.
    fn found_in(&self, text: &str) -> impl Iterator<Item = Regex> {
        self.set.matches(text).into_iter().filter_map(|at| pattern(&self.words[at]).ok())
    }
}

fn pattern(word: &str) -> Result<Regex, regex::Error> {
    static MADE: Memo<Regex> = Memo::new();
    MADE.get(word, Regex::new)
}

/// The words of a stretch, with those around them.
pub fn around(passage: &Passage<'_>, stretch: &Range<usize>) -> String {
    let found = &passage.text[stretch.clone()];
    let before: String = passage.text[..stretch.start].chars().rev().take(8).collect();
    let before: String = before.chars().rev().collect();
    let after: String = passage.text[stretch.end..].chars().take(8).collect();
    format!("“{found}”（…{before}{found}{after}…）")
}

impl View<'_> {
    /// A stretch of a passage, where exactly it was typed.
    pub fn at(&self, passage: &Passage<'_>, stretch: Range<usize>) -> Hit {
        Hit {
            address: Some(passage.address),
            part: passage.part.clone(),
            place: passage
                .typed_at(&stretch, &self.report.file.text)
                // What only a figure prints stands where the figure was typed.
                .or_else(|| passage.place_at(stretch.start)),
            ..Hit::default()
        }
    }

    /// Words that are wrong by themselves.
    fn hit(&self, passage: &Passage<'_>, at: usize, found: &str) -> Hit {
        let stretch = at..at + found.len();
        Hit { message: around(passage, &stretch), ..self.at(passage, stretch) }
    }

    fn prose(&self, kind: Kind) -> Vec<Hit> {
        let own = self.prose.iter().filter(|(its, _)| *its == kind);
        own.map(|(_, hit)| hit.clone()).collect()
    }
}
