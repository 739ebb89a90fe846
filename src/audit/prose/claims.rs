//! What a sentence says: of which fact, how much, and how it stands to last year or to another.

use std::ops::Range;

/// A fact as a text names it.
#[derive(Debug, Clone)]
pub struct Noun {
    pub facts: Vec<usize>,
    /// The unit that is named with it; none where the text does not say whose it is.
    pub unit: Option<Option<usize>>,
    /// The unit that the sentence spoke of before.
    pub also: Option<usize>,
}

impl Noun {
    pub fn of(facts: Vec<usize>) -> Self {
        Self { facts, unit: None, also: None }
    }
}

/// Of what something is said.
#[derive(Debug, Clone)]
pub enum Subject {
    Nouns(Vec<Noun>),
    /// What the key speaks of that the text stands under.
    Own,
    /// A change that an expression prints: its token.
    Quoted(usize),
    /// Something that the report does not know.
    Other,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Year {
    Unsaid,
    This,
    Last,
    Other(u32),
}

/// What is said, and by which number: its token.
#[derive(Debug, Clone)]
pub enum Says {
    Amount {
        year: Year,
        number: usize,
        gained: bool,
    },
    /// `up` is none where the text does not say which way.
    Change {
        up: Option<bool>,
        number: usize,
        base: Year,
    },
    Rate {
        up: Option<bool>,
        number: usize,
    },
    /// Of what; of its usual whole where the text does not say.
    Share {
        of: Option<Subject>,
        number: usize,
    },
    /// 相当于上年的
    Multiple {
        number: usize,
    },
    /// 平均每辆: the subject over so many.
    Average {
        number: usize,
        count: usize,
    },
    /// 比支出总计少
    Difference {
        above: bool,
        number: usize,
        other: Option<Noun>,
    },
    /// Several together.
    Total {
        number: usize,
    },
    Same,
    Nothing {
        year: Year,
        planned: bool,
    },
    Moved {
        up: bool,
    },
    /// More or less than another, or than last year; `strict` is no 不超过.
    Against {
        above: bool,
        strict: bool,
        other: Option<Noun>,
    },
    /// A number without 元 or %.
    Bare {
        percent: bool,
    },
}

#[derive(Debug, Clone)]
pub struct Claim {
    pub subject: Subject,
    pub says: Says,
    /// The words that say it, in bytes of the text.
    pub range: Range<usize>,
    /// 决算 beside it.
    pub account: Option<Range<usize>>,
    /// The year that it names.
    pub year: Option<Range<usize>>,
}

/// What is known between clauses of one sentence.
#[derive(Debug, Default)]
pub(super) struct Sentence {
    pub subject: Option<Subject>,
    pub year: Option<Year>,
    /// Behind 主要是 something else is spoken of.
    pub because: bool,
    /// An amount of something unknown stood before.
    pub foreign: bool,
    /// A change in money stood before.
    pub changed: bool,
    pub numbers: usize,
    /// The unit that was named last.
    pub unit: Option<usize>,
    /// The name that the last number counts, where it stands behind it.
    pub behind: Option<usize>,
    /// The token of the last number of people or things.
    pub counted: Option<usize>,
}

/// What the words before a number say.
#[derive(Debug, Default)]
pub(super) struct Flags {
    pub up: Option<bool>,
    pub change: bool,
    pub to: bool,
    pub each: bool,
    pub total: bool,
    pub ever: bool,
    pub differs: bool,
    pub rest: bool,
    pub average: bool,
    pub from: bool,
    pub of_which: bool,
    pub respectively: bool,
    /// What it is compared with, being no year.
    pub other: Option<Noun>,
    pub than: bool,
    pub buys: bool,
    pub year: Option<Year>,
    pub base: Option<Year>,
    pub share: Option<usize>,
    pub as_much: bool,
    /// The word of change.
    pub word: Option<Range<usize>>,
    pub account: Option<Range<usize>>,
    /// Where the year stands.
    pub dated: Option<Range<usize>>,
    pub because: Option<usize>,
}

pub(super) enum Found {
    Nouns(Vec<Noun>),
    Own,
    Weak,
    Other,
    Nothing,
}
