//! What a stretch of a clause names: the nouns before a number or a word.

use super::claims::{Found, Noun, Subject};
use super::parser::Parser;
use super::reader::{Is, Stop, Token, Unit};
use super::vocabulary::Word;

/// A name of so many characters is what it says, whatever stands before it.
const LONG: usize = 7;

impl Parser<'_, '_> {
    /// The nouns that end a stretch of tokens.
    pub(super) fn nouns(&self, from: usize, to: usize) -> Found {
        self.nouns_of(from, to, false)
    }

    /// The same for what is counted, or for what costs money.
    pub(super) fn nouns_of(&self, from: usize, to: usize, counting: bool) -> Found {
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
                        _ => Found::Nouns(vec![Noun { unit: Some(*unit), ..Noun::of(facts) }]),
                    };
                }
                Is::Other => return Found::Other,
                Is::Word(Word::Own) => return Found::Own,
                // 资金 alone may be anybody's.
                Is::Word(Word::Weak) if !self.has_own && self.is_vague(at) => return Found::Other,
                Is::Word(Word::Weak | Word::Account) => weak = true,
                // 项目预算, without a name before it.
                Is::Name(_) if weak && !self.has_own && !self.names_before(from, at) => {
                    return Found::Other;
                }
                _ => {}
            }
        }
        if weak { Found::Weak } else { Found::Nothing }
    }

    fn is_vague(&self, at: usize) -> bool {
        let text = &self.leaf.text()[self.tokens[at].range.clone()];
        let before = at.checked_sub(1).map(|it| &self.tokens[it].is);
        text.ends_with(['费', '金']) && !matches!(before, Some(Is::Name(_)))
    }

    fn names_before(&self, from: usize, at: usize) -> bool {
        at > from && matches!(self.tokens[at - 1].is, Is::Name(_) | Is::Unit(_))
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
            let mut noun = Noun::of(facts.clone());
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
            // 机关在职人员: of whom nobody knows here.
            let whose = (from..first)
                .rev()
                .find(|it| !matches!(self.tokens[*it].is, Is::Word(Word::Filler)));
            let unknown = whose.is_some_and(|it| matches!(self.tokens[it].is, Is::Other));
            if unknown && self.is_counted(facts) {
                return Found::Other;
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

    pub(super) fn joins(&self, at: usize) -> bool {
        matches!(self.tokens[at].is, Is::Stop(Stop::List) | Is::Word(Word::And))
    }

    /// 9辆公务用车: what is counted stands behind the number.
    pub(super) fn behind(&self, at: usize, end: usize) -> (Found, Option<usize>) {
        let is_filler = |at: &usize| matches!(self.tokens[*at].is, Is::Word(Word::Filler));
        let next = (at + 1..end).find(|it| !is_filler(it));
        match next.map(|it| (&self.tokens[it].is, it)) {
            Some((Is::Name(facts), at)) => (Found::Nouns(vec![Noun::of(facts.clone())]), Some(at)),
            _ => (Found::Other, None),
        }
    }

    /// 部门 without a name of a figure: its totals.
    pub(super) fn totals(&self) -> Subject {
        let facts = self.names.vocabulary.subjects.get("部门").into_iter().flatten();
        let facts: Vec<usize> = facts.filter_map(|name| self.names.declared(&name.text)).collect();
        if facts.is_empty() { Subject::Other } else { Subject::Nouns(vec![Noun::of(facts)]) }
    }

    /// Whether the noun of a stretch stands right behind 比.
    pub(super) fn is_compared(&self, from: usize, to: usize) -> bool {
        let than = (from..to).find(|at| matches!(self.tokens[*at].is, Is::Word(Word::Than)));
        let behind = than.and_then(|than| {
            let is_filler = |at: &usize| matches!(self.tokens[*at].is, Is::Word(Word::Filler));
            (than + 1..to).find(|at| !is_filler(at))
        });
        behind.is_some_and(|at| matches!(self.tokens[at].is, Is::Name(_) | Is::Unit(_)))
    }

    /// Whether something is counted before a number of its clause.
    pub(super) fn counts_before(&self, start: usize, at: usize) -> bool {
        (start..at).any(|it| {
            self.number_at(it).is_some_and(|number| matches!(number.unit, Unit::Count(_)))
        })
    }
}
