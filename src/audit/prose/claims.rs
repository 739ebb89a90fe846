//! What a sentence says: of which fact, how much, and how it stands to last year or to another.

use std::ops::Range;

use super::leaf::Leaf;
use super::names::Names;
use super::reader::{Is, Number, Stop, Token, Unit};
use super::vocabulary::Word;
use crate::budget::Origin;

/// A fact as a text names it.
#[derive(Debug, Clone)]
pub struct Noun {
    pub facts: Vec<usize>,
    /// The unit that is named with it; none where the text does not say whose it is.
    pub unit: Option<Option<usize>>,
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
    /// The token of the last number of people or things.
    pub counted: Option<usize>,
}

pub struct Parser<'p, 'a> {
    pub names: &'p Names<'a>,
    pub leaf: &'p Leaf<'a>,
    pub tokens: &'p [Token<'a>],
    pub this_year: u32,
    pub has_own: bool,
    pub claims: Vec<Claim>,
}

/// What the words before a number say.
#[derive(Debug, Default)]
pub(super) struct Flags {
    pub up: Option<bool>,
    pub change: bool,
    pub to: bool,
    pub each: bool,
    pub total: bool,
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

impl<'a> Parser<'_, 'a> {
    /// Reads every sentence.
    pub fn read(&mut self) {
        let tokens = self.tokens;
        let mut start = 0;
        let is_stop = |token: &Token<'_>| matches!(token.is, Is::Stop(Stop::Sentence));
        for sentence in tokens.split(is_stop) {
            self.sentence(start, start + sentence.len());
            start += sentence.len() + 1;
        }
    }

    fn sentence(&mut self, start: usize, end: usize) {
        let mut state = Sentence::default();
        let mut from = start;
        for at in start..=end {
            let stops = at == end || matches!(self.tokens[at].is, Is::Stop(Stop::Clause));
            if stops {
                if from < at {
                    self.clause(from, at, &mut state);
                }
                from = at + 1;
            }
        }
    }

    fn clause(&mut self, start: usize, end: usize, state: &mut Sentence) {
        let is_number = |at: &usize| matches!(self.tokens[*at].is, Is::Number(_));
        let numbers: Vec<usize> = (start..end).filter(is_number).collect();
        if numbers.is_empty() {
            return self.words(start, end, state);
        }
        if self.distribute(start, &numbers, state) {
            return;
        }
        let mut from = start;
        for (nth, number) in numbers.iter().enumerate() {
            // 400万元至500万元: one number with two ends.
            let joined = nth > 0 && self.is_range(from, *number);
            if !joined {
                self.number(start, from, *number, end, state);
            }
            from = number + 1;
        }
    }

    pub(super) fn number_at(&self, at: usize) -> Option<&Number<'a>> {
        match self.tokens.get(at).map(|token| &token.is) {
            Some(Is::Number(number)) => Some(number),
            _ => None,
        }
    }

    fn is_range(&self, from: usize, number: usize) -> bool {
        let between = &self.tokens[from..number];
        !between.is_empty() && between.iter().all(|it| matches!(it.is, Is::Word(Word::To)))
    }

    pub(super) fn flags(&self, from: usize, to: usize) -> Flags {
        let mut flags = Flags::default();
        let mut compared = false;
        for at in from..to {
            let token = &self.tokens[at];
            let year = match token.is {
                Is::Word(Word::This) => Some(Year::This),
                Is::Word(Word::Last) => Some(Year::Last),
                Is::Year(year) if year == self.this_year => Some(Year::This),
                Is::Year(year) if year + 1 == self.this_year => Some(Year::Last),
                Is::Year(year) => Some(Year::Other(year)),
                _ => None,
            };
            if let Some(year) = year {
                flags.dated = Some(token.range.clone());
                if compared {
                    flags.base = Some(year);
                } else {
                    flags.year = Some(year);
                }
                compared = false;
                continue;
            }
            let Is::Word(word) = token.is else {
                compared = false;
                continue;
            };
            flags.note(word, at, &token.range);
            compared = matches!(word, Word::Than | Word::And | Word::Filler if compared || word != Word::Filler);
        }
        flags
    }

    /// The nouns that end a stretch of tokens.
    pub(super) fn nouns(&self, from: usize, to: usize) -> Found {
        self.nouns_of(from, to, false)
    }

    /// The same for what is counted, or for what costs money.
    fn nouns_of(&self, from: usize, to: usize, counting: bool) -> Found {
        let mut weak = false;
        let mut at = to;
        while at > from {
            at -= 1;
            match &self.tokens[at].is {
                Is::Name(facts) if self.is_counted(facts) == counting => {
                    return self.list(from, at);
                }
                Is::Name(_) if counting => return Found::Other,
                Is::Unit(unit) => {
                    let facts =
                        self.names.vocabulary.subjects.get("预算单位").into_iter().flatten();
                    let facts = facts.filter_map(|name| self.names.declared(&name.text)).collect();
                    return match (unit, weak) {
                        (None, _) if self.has_own => Found::Weak,
                        _ => Found::Nouns(vec![Noun { facts, unit: Some(*unit) }]),
                    };
                }
                Is::Other => return Found::Other,
                Is::Word(Word::Own) => return Found::Own,
                Is::Word(Word::Weak | Word::Account) => weak = true,
                _ => {}
            }
        }
        if weak { Found::Weak } else { Found::Nothing }
    }

    /// Whether facts are numbers of people or things.
    fn is_counted(&self, facts: &[usize]) -> bool {
        let counted = |fact: &usize| {
            self.names.declaration(*fact).is_some_and(|named| !named.counters.is_empty())
        };
        facts.iter().any(counted)
    }

    /// The names that are listed up to one: 甲、乙和丙.
    fn list(&self, from: usize, last: usize) -> Found {
        let mut nouns = Vec::new();
        let mut at = last;
        loop {
            let Is::Name(facts) = &self.tokens[at].is else { return Found::Other };
            let own = &self.tokens[at].range;
            let text = self.leaf.text();
            let before = at.checked_sub(1).filter(|it| *it >= from).map(|it| &self.tokens[it]);
            let mut noun = Noun { facts: facts.clone(), unit: None };
            let mut first = at;
            match before {
                // What stands right before a short name makes it another: 教师培训费.
                Some(Token { is: Is::Other, range })
                    if range.end == own.start && text[own.clone()].chars().count() < LONG =>
                {
                    return Found::Other;
                }
                Some(Token { is: Is::Name(_), .. }) => return Found::Other,
                Some(Token { is: Is::Unit(unit), .. }) => {
                    noun.unit = Some(*unit);
                    first = at - 1;
                }
                Some(Token { is: Is::Word(Word::Filler), range })
                    if &text[range.clone()] == "的" =>
                {
                    let before = at.checked_sub(2).filter(|it| *it >= from);
                    if let Some(Is::Unit(unit)) = before.map(|it| &self.tokens[it].is) {
                        noun.unit = Some(*unit);
                        first = at - 2;
                    }
                }
                _ => {}
            }
            nouns.insert(0, noun);
            let joined = first.checked_sub(1).filter(|it| *it >= from && self.joins(*it));
            match joined.and_then(|it| it.checked_sub(1)).filter(|it| *it >= from) {
                Some(next) if matches!(self.tokens[next].is, Is::Name(_)) => at = next,
                Some(next) if matches!(self.tokens[next].is, Is::Other) => return Found::Other,
                _ => return Found::Nouns(nouns),
            }
        }
    }

    fn joins(&self, at: usize) -> bool {
        matches!(self.tokens[at].is, Is::Stop(Stop::List) | Is::Word(Word::And))
    }

    /// 甲、乙分别占 1% 和 2%: as many numbers as names.
    fn distribute(&mut self, start: usize, numbers: &[usize], state: &mut Sentence) -> bool {
        let [first, .., last] = numbers else { return false };
        let Found::Nouns(nouns) = self.nouns(start, *first) else { return false };
        let between = |at: usize| {
            numbers.contains(&at)
                || self.joins(at)
                || matches!(self.tokens[at].is, Is::Word(Word::Filler))
        };
        if nouns.len() != numbers.len() || !(*first..*last).all(between) {
            return false;
        }
        let flags = self.flags(start, *first);
        for (noun, number) in nouns.into_iter().zip(numbers) {
            let subject = Subject::Nouns(vec![noun]);
            self.say(subject, &flags, *number, state);
        }
        true
    }

    fn number(&mut self, start: usize, from: usize, at: usize, end: usize, state: &mut Sentence) {
        let Is::Number(number) = &self.tokens[at].is else { return };
        let mut flags = self.flags(from, at);
        flags.account = self.flags(start, end).account;
        if let Some(because) = flags.because {
            state.because = true;
            state.subject = None;
            flags = self.flags(because + 1, at);
        }
        if flags.from && flags.year.is_none() && self.leads_to(at, end) {
            flags.year = Some(Year::Last);
        }
        let to = flags.share.unwrap_or(at);
        let from = flags.because.map_or(from, |it| it + 1);
        let counting = matches!(number.unit, Unit::Count(_));
        let mut found = self.nouns_of(from, to, counting);
        if flags.total
            && from > start
            && state.numbers == 0
            && matches!(found, Found::Nothing)
            && let Found::Nouns(nouns) = self.nouns_of(start, at, counting)
            && nouns.len() > 1
        {
            found = Found::Nouns(nouns);
        }
        if counting && matches!(found, Found::Nothing | Found::Weak) {
            found = self.behind(at, end);
        }
        if let (Found::Nouns(nouns), true) =
            (&found, flags.than && flags.base.is_none() && flags.up.is_some())
            && let [other] = nouns.as_slice()
            && self.is_compared(from, to)
        {
            flags.other = Some(other.clone());
            found = Found::Nothing;
        }
        let inherited = |state: &Sentence| match &state.subject {
            Some(subject) => subject.clone(),
            None if self.has_own && !state.because && !state.foreign => Subject::Own,
            None => Subject::Other,
        };
        // 增加 710 万元: the first words of a text are about what its key is about.
        let first = start == 0 && from == start && flags.word.is_some();
        let said = first
            || flags.year.is_some()
            || flags.base.is_some()
            || flags.than
            || flags.to
            || flags.total
            || flags.word.is_some() && !matches!(number.unit, Unit::Money(_));
        let quoted = number.quoted.filter(|it| matches!(it.0.origin(), Origin::Difference(..)));
        let subject = match found {
            _ if quoted.is_some() => Subject::Quoted(at),
            Found::Nouns(nouns) => Subject::Nouns(nouns),
            Found::Own => Subject::Own,
            Found::Other => Subject::Other,
            Found::Weak => match self.has_own {
                true => inherited(state),
                false => self.totals(),
            },
            // 合计 behind other amounts is their sum, whatever they are.
            Found::Nothing if (flags.total || flags.rest) && state.numbers > 0 => Subject::Other,
            // Within the clause the subject holds; from clause to clause too.
            Found::Nothing if from > start || said || state.subject.is_some() => inherited(state),
            Found::Nothing => Subject::Other,
        };
        state.numbers += usize::from(!counting);
        let summed = flags.total || flags.rest;
        if matches!(subject, Subject::Other)
            && !summed
            && matches!(number.unit, Unit::Money(_) | Unit::None)
        {
            state.foreign = true;
        }
        self.say(subject, &flags, at, state);
    }

    /// 由 60 万元降到 48 万元: whether another number is what became of one.
    fn leads_to(&self, at: usize, end: usize) -> bool {
        let next = (at + 1..end).find(|it| self.number_at(*it).is_some());
        next.is_some_and(|next| self.flags(at + 1, next).to)
    }

    /// Whether the noun of a stretch stands right behind 比.
    fn is_compared(&self, from: usize, to: usize) -> bool {
        let than = (from..to).find(|at| matches!(self.tokens[*at].is, Is::Word(Word::Than)));
        let behind = than.and_then(|than| {
            let is_filler = |at: &usize| matches!(self.tokens[*at].is, Is::Word(Word::Filler));
            (than + 1..to).find(|at| !is_filler(at))
        });
        behind.is_some_and(|at| matches!(self.tokens[at].is, Is::Name(_) | Is::Unit(_)))
    }

    /// 部门 without a name of a figure: its totals.
    pub(super) fn totals(&self) -> Subject {
        let facts = self.names.vocabulary.subjects.get("部门").into_iter().flatten();
        let facts: Vec<usize> = facts.filter_map(|name| self.names.declared(&name.text)).collect();
        if facts.is_empty() {
            Subject::Other
        } else {
            Subject::Nouns(vec![Noun { facts, unit: None }])
        }
    }

    /// 9辆公务用车: what is counted stands behind the number.
    fn behind(&self, at: usize, end: usize) -> Found {
        let next = (at + 1..end).find(|it| !matches!(self.tokens[*it].is, Is::Word(Word::Filler)));
        match next.map(|it| &self.tokens[it].is) {
            Some(Is::Name(facts)) => Found::Nouns(vec![Noun { facts: facts.clone(), unit: None }]),
            _ => Found::Other,
        }
    }
}

/// A name of so many characters is what it says, whatever stands before it.
const LONG: usize = 7;
