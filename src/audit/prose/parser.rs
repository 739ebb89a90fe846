//! Clauses become claims, number by number.

use super::claims::{Claim, Flags, Found, Noun, Sentence, Subject, Year};
use super::leaf::Leaf;
use super::names::Names;
use super::reader::{Is, Number, Stop, Token, Unit};
use super::vocabulary::Word;
use crate::budget::Origin;

pub struct Parser<'p, 'a> {
    pub names: &'p Names<'a>,
    pub leaf: &'p Leaf<'a>,
    pub tokens: &'p [Token<'a>],
    pub this_year: u32,
    pub has_own: bool,
    /// Whether the key speaks of one fact.
    pub single_own: bool,
    pub claims: Vec<Claim>,
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
            // What was counted before belongs to no other number.
            from = (number + 1).max(state.behind.take().map_or(0, |it| it + 1));
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
            (found, state.behind) = self.behind(at, end);
        }
        if let (Found::Nouns(nouns), true) =
            (&found, flags.than && flags.base.is_none() && flags.up.is_some())
            && let [other] = nouns.as_slice()
            && self.is_compared(from, to)
        {
            flags.other = Some(other.clone());
            found = Found::Nothing;
        }
        let subject = self.governing(found, &flags, at, (start, from), state);
        if let Subject::Nouns(nouns) = &subject
            && let Some(Noun { unit: Some(unit), .. }) = nouns.first()
        {
            state.unit = *unit;
        }
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

    /// Of what a number speaks that found such nouns before it.
    fn governing(
        &self,
        found: Found,
        flags: &Flags,
        at: usize,
        (start, from): (usize, usize),
        state: &Sentence,
    ) -> Subject {
        let Some(number) = self.number_at(at) else { return Subject::Other };
        let inherited = |state: &Sentence| match &state.subject {
            Some(subject) => subject.clone(),
            None if self.has_own && !state.because && !state.foreign => Subject::Own,
            None => Subject::Other,
        };
        // 增加 710 万元: the first words of a text are about what its key is about.
        let first = start == 0 && from == start && flags.word.is_some() && self.single_own;
        let said = first
            || flags.year.is_some()
            || flags.base.is_some()
            || flags.than
            || flags.to && flags.change
            || flags.average
            || flags.total
            || flags.word.is_some() && !matches!(number.unit, Unit::Money(_));
        let quoted = number.quoted.filter(|it| matches!(it.0.origin(), Origin::Difference(..)));
        match found {
            _ if quoted.is_some() => Subject::Quoted(at),
            Found::Nouns(mut nouns) => {
                nouns.iter_mut().for_each(|noun| noun.also = state.unit);
                Subject::Nouns(nouns)
            }
            Found::Own => Subject::Own,
            Found::Other => Subject::Other,
            Found::Weak if self.has_own => inherited(state),
            Found::Weak if flags.year.is_some() || flags.than || flags.total => self.totals(),
            Found::Weak => Subject::Other,
            // 合计 behind other amounts is their sum, whatever they are.
            Found::Nothing if (flags.total || flags.rest) && state.numbers > 0 => Subject::Other,
            Found::Nothing if flags.respectively => Subject::Other,
            // 两年共 240 万元, 累计: not this year's alone.
            Found::Nothing
                if flags.ever || flags.differs || !flags.each && self.counts_before(start, at) =>
            {
                Subject::Other
            }
            // Within the clause the subject holds; from clause to clause too.
            Found::Nothing if from > start || said || state.subject.is_some() => inherited(state),
            Found::Nothing => Subject::Other,
        }
    }

    /// 由 60 万元降到 48 万元: whether another number is what became of one.
    fn leads_to(&self, at: usize, end: usize) -> bool {
        let next = (at + 1..end).find(|it| self.number_at(*it).is_some());
        next.is_some_and(|next| self.flags(at + 1, next).to)
    }
}
