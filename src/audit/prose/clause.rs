//! The words around a number, or without one: how a clause becomes claims.

use std::ops::Range;

use super::claims::{Claim, Flags, Found, Noun, Says, Sentence, Subject, Year};
use super::parser::Parser;
use super::reader::{Is, Number, Unit};
use super::vocabulary::Word;

impl Flags {
    pub(super) fn note(&mut self, word: Word, at: usize, range: &Range<usize>) {
        match word {
            Word::Rise | Word::Fall => {
                self.up = Some(word == Word::Rise);
                self.change = true;
                self.to = false;
                self.word = Some(range.clone());
            }
            Word::Change => {
                self.change = true;
                self.word = Some(range.clone());
            }
            Word::To => self.to = true,
            Word::Each => self.each = true,
            Word::Total => self.total = true,
            Word::Ever => (self.total, self.ever) = (true, true),
            Word::Differ => self.differs = true,
            Word::Rest => self.rest = true,
            Word::Average => (self.each, self.average) = (true, true),
            Word::From => self.from = true,
            Word::OfWhich => self.of_which = true,
            Word::Respectively => self.respectively = true,
            Word::Than => self.than = true,
            Word::Buys => self.buys = true,
            Word::Share => self.share = Some(at),
            Word::AsMuchAs => self.as_much = true,
            Word::Account => self.account = Some(range.clone()),
            Word::Because => self.because = Some(at),
            _ => {}
        }
    }
}

impl Parser<'_, '_> {
    pub(super) fn say(&mut self, subject: Subject, flags: &Flags, at: usize, state: &mut Sentence) {
        let says = self.says(&subject, flags, at, state);
        let counts = matches!(self.number_at(at), Some(Number { unit: Unit::Count(_), .. }));
        if counts {
            state.counted = Some(at);
        }
        state.changed |= matches!(says, Some(Says::Change { .. }));
        let foreign = matches!(subject, Subject::Other);
        if let Some(says) = says
            && (!foreign || matches!(says, Says::Bare { percent: true, .. }))
        {
            let range = self.tokens[at].range.clone();
            let start = flags.word.as_ref().map_or(range.start, |word| word.start);
            let range = match &says {
                Says::Change { .. } | Says::Rate { .. } if range.end - start < 90 => {
                    start..range.end
                }
                _ => range,
            };
            let account = flags.account.clone();
            let year = flags.dated.clone();
            self.claims.push(Claim { subject: subject.clone(), says, range, account, year });
        }
        // How many there are is no topic of money.
        if !counts {
            state.subject = Some(subject);
        }
    }

    /// What a number says, by its unit and the words before it.
    fn says(&self, subject: &Subject, flags: &Flags, at: usize, state: &Sentence) -> Option<Says> {
        let number = self.number_at(at)?;
        let up = flags.up;
        // 增加额为 is no 增加为.
        let to = flags.to && !is_noun(flags, self);
        let year = flags.year.or(state.year).unwrap_or(Year::Unsaid);
        let behind = self.tokens.get(at + 1).map(|it| &it.is);
        let ends = matches!(behind, None | Some(Is::Stop(_)));
        let decimals = number.typed.scale() > 0;
        let past = matches!(flags.year, Some(Year::Last | Year::Other(_)));
        match &number.unit {
            // 上年决算数: no budget's figure.
            Unit::Money(_) if flags.account.is_some() && past => None,
            Unit::Money(_) if flags.average => {
                state.counted.map(|count| Says::Average { number: at, count })
            }
            _ if flags.each => None,
            Unit::Money(_) if flags.share.is_some() => None,
            Unit::Money(_) if flags.rest && !matches!(subject, Subject::Nouns(_)) => None,
            Unit::Money(_) if flags.other.is_some() => Some(Says::Difference {
                above: up != Some(false),
                number: at,
                other: flags.other.clone(),
            }),
            Unit::Money(_) | Unit::Count(_) if flags.total && is_several(subject) => {
                Some(Says::Total { number: at })
            }
            Unit::Money(_) if flags.change && !to => {
                // 上年追加: a change of last year is not known.
                let past = flags.year == Some(Year::Last) && !flags.than;
                let base = flags.base.unwrap_or(Year::Unsaid);
                (!past).then_some(Says::Change { up, number: at, base })
            }
            Unit::Money(_) | Unit::Count(_) => {
                // 比上年 6,120 万元增加: the amount is last year's.
                let year = flags.base.filter(|_| !flags.change).unwrap_or(year);
                let year = if to && flags.change { Year::This } else { year };
                let gained = flags.up == Some(true) || flags.buys;
                Some(Says::Amount { year, number: at, gained })
            }
            Unit::Percent => match flags.share {
                Some(share) => self.share(share, at),
                None if flags.as_much => {
                    (flags.year == Some(Year::Last)).then_some(Says::Multiple { number: at })
                }
                None if flags.change => Some(Says::Rate { up, number: at }),
                None if state.changed && self.opens(at) => {
                    Some(Says::Rate { up: None, number: at })
                }
                None => None,
            },
            Unit::Ratio => None,
            Unit::None if flags.share.is_some() && ends => Some(Says::Bare { percent: true }),
            Unit::None if decimals && ends => {
                let percent =
                    flags.change && (state.changed || flags.up.is_none() || is_noun(flags, self));
                Some(Says::Bare { percent })
            }
            Unit::None => None,
        }
    }

    /// Whether a number stands right behind an opening bracket.
    fn opens(&self, at: usize) -> bool {
        let before = at.checked_sub(1).map(|it| &self.leaf.text()[self.tokens[it].range.clone()]);
        before.is_some_and(|it| matches!(it, "（" | "("))
    }

    /// 占支出总计的 12%
    fn share(&self, share: usize, number: usize) -> Option<Says> {
        let of = match self.nouns(share + 1, number) {
            Found::Nouns(nouns) => Some(Subject::Nouns(nouns)),
            Found::Own => Some(Subject::Own),
            Found::Weak if self.has_own => Some(Subject::Own),
            Found::Weak => Some(self.totals()),
            Found::Nothing => None,
            Found::Other => return None,
        };
        Some(Says::Share { of, number })
    }

    /// A clause without a number.
    pub(super) fn words(&mut self, start: usize, end: usize, state: &mut Sentence) {
        let flags = self.flags(start, end);
        let end = flags.because.unwrap_or(end);
        let at = |wanted: &[Word]| {
            let is =
                |at: &usize| matches!(self.tokens[*at].is, Is::Word(it) if wanted.contains(&it));
            (start..end).find(is)
        };
        let compares = at(&[Word::Above, Word::Below, Word::AtMost, Word::AtLeast]);
        let moved = at(&[Word::Rise, Word::Fall]);
        if let Some(same) = at(&[Word::Same]) {
            self.same(start, same, &flags, state);
        } else if let Some(none) = at(&[Word::None]) {
            self.nothing(start, none, end, &flags, state);
        } else if let Some(compares) = compares {
            self.against(start, compares, end, state);
        } else if let Some(moved) = moved {
            self.moved(start, moved, end, &flags, state);
        }
        let only_year = (start..end).all(|at| {
            matches!(
                self.tokens[at].is,
                Is::Year(_) | Is::Word(Word::This | Word::Last | Word::Filler)
            )
        });
        if only_year && flags.year.is_some() {
            state.year = flags.year;
        }
        // The clause's topic holds for the next ones.
        match self.nouns(start, end) {
            Found::Nouns(nouns) => state.subject = Some(Subject::Nouns(nouns)),
            Found::Other => {
                let topic =
                    (start..end).find(|at| matches!(self.tokens[*at].is, Is::Name(_) | Is::Other));
                if topic.is_some_and(|at| matches!(self.tokens[at].is, Is::Other)) {
                    state.subject = None;
                }
            }
            _ => {}
        }
        if flags.because.is_some() {
            state.because = true;
            state.subject = None;
        }
    }

    /// The subject of a word at `at`, where the clause names one or goes on with one.
    fn subject(
        &self,
        start: usize,
        at: usize,
        compared: bool,
        state: &Sentence,
    ) -> Option<Subject> {
        let own = (self.has_own && !state.because && !state.foreign).then_some(Subject::Own);
        match self.nouns(start, at) {
            Found::Nouns(nouns) => Some(Subject::Nouns(nouns)),
            Found::Own => Some(Subject::Own),
            Found::Weak if self.has_own => state.subject.clone().or(own),
            Found::Weak if compared => Some(self.totals()),
            Found::Nothing if compared || state.subject.is_some() => state.subject.clone().or(own),
            _ => None,
        }
        .filter(|subject| !matches!(subject, Subject::Other))
    }

    fn same(&mut self, start: usize, same: usize, flags: &Flags, state: &Sentence) {
        let compared = flags.base.is_some() || flags.than || flags.year == Some(Year::Last);
        // 与上年持平: what it is compared with is no subject.
        let with = (start..same).find(|at| {
            matches!(self.tokens[*at].is, Is::Word(Word::Than | Word::And))
                && matches!(
                    self.tokens.get(at + 1).map(|it| &it.is),
                    Some(Is::Word(Word::Last) | Is::Year(_))
                )
        });
        let subject = self.subject(start, with.unwrap_or(same), compared, state);
        if let Some(Year::Other(_)) = flags.base {
            return;
        }
        self.push(subject, Says::Same, self.tokens[same].range.clone());
    }

    fn nothing(&mut self, start: usize, none: usize, end: usize, flags: &Flags, state: &Sentence) {
        let year = flags.year.unwrap_or(Year::Unsaid);
        let mut behind = (none + 1..end)
            .filter(|it| !matches!(self.tokens[*it].is, Is::Word(Word::Filler | Word::Weak)));
        let mut range = self.tokens[none].range.clone();
        let mut planned = false;
        let mut next = behind.next();
        if let Some(Is::Word(Word::Buys | Word::Rise)) = next.map(|it| &self.tokens[it].is) {
            planned = true;
            next = behind.next();
        }
        let subject = match next.map(|it| (&self.tokens[it].is, it)) {
            Some((Is::Name(facts), at))
                if behind.next().is_none() && !self.is_followed(at, end) =>
            {
                range.end = self.tokens[at].range.end;
                Some(Subject::Nouns(vec![Noun::of(facts.clone())]))
            }
            None if planned => return,
            Some(_) => return,
            None => match self.nouns(start, none) {
                Found::Nouns(nouns) => Some(Subject::Nouns(nouns)),
                Found::Nothing if year == Year::Last => {
                    state.subject.clone().or(self.has_own.then_some(Subject::Own))
                }
                _ => None,
            },
        };
        self.push(subject, Says::Nothing { year, planned }, range);
    }

    /// Whether a name only tells what the next word is about: 没有公务用车的单位.
    fn is_followed(&self, at: usize, end: usize) -> bool {
        let text = self.leaf.text();
        at + 1 < end && &text[self.tokens[at + 1].range.clone()] == "的"
    }

    fn against(&mut self, start: usize, at: usize, end: usize, state: &Sentence) {
        let Is::Word(word) = self.tokens[at].is else { return };
        let above = matches!(word, Word::Above | Word::AtLeast);
        let strict = matches!(word, Word::Above | Word::Below);
        let is_filler =
            |it: &usize| matches!(self.tokens[*it].is, Is::Word(Word::Filler | Word::Weak));
        let mut behind = (at + 1..end).filter(|it| !is_filler(it));
        let other = match behind.next().map(|it| &self.tokens[it].is) {
            Some(Is::Word(Word::Last)) => None,
            Some(Is::Year(year)) if year + 1 == self.this_year => None,
            Some(Is::Name(facts)) => Some(Noun::of(facts.clone())),
            _ => return,
        };
        if behind.any(|it| matches!(self.tokens[it].is, Is::Other | Is::Name(_))) {
            return;
        }
        let subject = self.subject(start, at, other.is_none(), state);
        let says = Says::Against { above, strict, other };
        self.push(subject, says, self.tokens[at].range.clone());
    }

    fn moved(&mut self, start: usize, at: usize, end: usize, flags: &Flags, state: &Sentence) {
        let rest = (at + 1..end)
            .all(|it| matches!(self.tokens[it].is, Is::Word(Word::Filler | Word::Weak)));
        let base = matches!(flags.base, Some(Year::Last)) || flags.than && flags.base.is_none();
        let after_name = at > start && matches!(self.tokens[at - 1].is, Is::Name(_));
        let Is::Word(word) = self.tokens[at].is else { return };
        if !rest || !(base || after_name) || flags.each {
            return;
        }
        let subject = self.subject(start, at, base, state);
        let up = word == Word::Rise;
        self.push(subject, Says::Moved { up }, self.tokens[at].range.clone());
    }

    fn push(&mut self, subject: Option<Subject>, says: Says, range: Range<usize>) {
        if let Some(subject) = subject.filter(|it| !matches!(it, Subject::Other)) {
            self.claims.push(Claim { subject, says, range, account: None, year: None });
        }
    }
}

fn is_several(subject: &Subject) -> bool {
    matches!(subject, Subject::Nouns(nouns) if nouns.len() > 1)
}

/// 降幅, 增长率, 增加额: a change by its name.
fn is_noun(flags: &Flags, parser: &Parser<'_, '_>) -> bool {
    let word = flags.word.clone().map(|range| &parser.leaf.text()[range]);
    word.is_some_and(|word| word.ends_with(['幅', '率', '额', '度']))
}
