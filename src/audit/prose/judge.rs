//! Claims against the figures of the budget, as intervals.

use std::ops::Range;

use rust_decimal::Decimal;

use super::claims::{Claim, Noun, Says, Subject, Year};
use super::leaf::Leaf;
use super::names::{Known, Names};
use super::reader::{Is, Near, Number, Token, Unit};
use crate::audit::quantity::Quantity;
use crate::budget::{Budget, Figure, Format, Measure, Origin};

/// A kind of fault: each is a rule of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Amount,
    Change,
    Direction,
    ZeroBase,
    Share,
    Arithmetic,
    Bare,
    Count,
    Quotable,
    Account,
    Spelling,
    /// The digits of a printed figure in another unit.
    Unit,
    /// A year that the figure is not of.
    Year,
}

/// What is wrong with the words at `range`.
#[derive(Debug, Clone)]
pub struct Fault {
    pub kind: Kind,
    pub range: Range<usize>,
    /// What the report says, to stand behind the words.
    pub message: String,
    pub figures: Vec<Figure>,
}

pub struct Judge<'j, 'a> {
    pub budget: &'j Budget,
    pub names: &'j Names<'a>,
    pub leaf: &'j Leaf<'a>,
    pub tokens: &'j [Token<'a>],
    /// What the leaf's key speaks of.
    pub own: Vec<Noun>,
}

pub type Found = Option<(Kind, String, Vec<Figure>)>;

impl<'a> Judge<'_, 'a> {
    pub fn judge(&self, claim: &Claim) -> Vec<Fault> {
        let mut faults = Vec::new();
        for (nth, noun) in self.nouns(&claim.subject).iter().enumerate() {
            let each = matches!(claim.says, Says::Same | Says::Moved { .. });
            if nth > 0 && !each {
                break;
            }
            let known = match claim.says {
                // Several at once are added up, or looked at one by one.
                Says::Total { .. } => Vec::new(),
                _ => self.known(noun),
            };
            if let Some((kind, message, figures)) = self.against(claim, noun, &known) {
                let year = claim.year.clone().filter(|_| kind == Kind::Year);
                let range = year.unwrap_or(claim.range.clone());
                faults.push(Fault { kind, range, message, figures });
            } else if let Some(account) = self.account(claim, &known) {
                faults.push(account);
            }
        }
        if let Subject::Quoted(quoted) = claim.subject
            && let Some((kind, message, figures)) = self.quoted(claim, quoted)
        {
            faults.push(Fault { kind, range: claim.range.clone(), message, figures });
        }
        if let Says::Bare { percent, .. } = claim.says {
            let message = if percent { "数后面没有“%”" } else { "数后面没有单位" };
            let range = claim.range.clone();
            faults.push(Fault {
                kind: Kind::Bare,
                range,
                message: message.into(),
                figures: Vec::new(),
            });
        }
        faults
    }

    fn nouns(&self, subject: &Subject) -> Vec<Noun> {
        match subject {
            Subject::Nouns(nouns) => nouns.clone(),
            // What a key speaks of are alternatives: one noun of all its facts.
            Subject::Own => {
                let facts = self.own.iter().flat_map(|noun| noun.facts.clone()).collect();
                vec![Noun::of(facts)]
            }
            Subject::Quoted(_) | Subject::Other => Vec::new(),
        }
    }

    fn against(&self, claim: &Claim, noun: &Noun, known: &[Known]) -> Found {
        match &claim.says {
            Says::Amount { year, number, gained } => {
                self.amount(known, *year, *number, *gained, noun)
            }
            Says::Change { up, number, base } => self.change(known, *up, *number, *base),
            Says::Rate { up, number } => self.rate(known, *up, *number),
            Says::Share { of, number } => self.share(known, noun, of.as_ref(), *number),
            Says::Multiple { number } => self.multiple(known, *number),
            Says::Average { number, count } => self.average(known, *number, *count),
            Says::Difference { above, number, other } => {
                self.difference(known, &self.known(other.as_ref()?), *above, *number)
            }
            Says::Total { number } => self.total(&claim.subject, *number),
            Says::Same => self.same(known),
            Says::Nothing { year, planned } => self.nothing(known, *year, *planned, noun),
            Says::Moved { up } => self.moved(known, *up),
            Says::Against { above, strict, other } => {
                let other = other.as_ref().map(|other| self.known(other));
                self.compared(known, other.as_deref(), *above, *strict)
            }
            Says::Bare { .. } => None,
        }
    }

    /// The figures that a noun may stand for.
    pub fn known(&self, noun: &Noun) -> Vec<Known> {
        let home = self.leaf.home;
        let several = self.budget.units.len() > 1;
        let own = home.unit.filter(|_| several).map(Some);
        let scopes: Vec<Option<usize>> = match noun.unit {
            Some(unit) => vec![unit],
            None => own.into_iter().chain([None]).chain(noun.also.map(Some)).collect(),
        };
        let mut known = Vec::new();
        for fact in &noun.facts {
            // What a project spends on a class is no figure of the report.
            let hidden = self.names.is_class(*fact) && home.project.is_some();
            for scope in scopes.iter().filter(|_| !hidden) {
                known.extend(self.names.known(*fact, *scope));
            }
            // A class may be told of one unit, whichever.
            if self.names.is_class(*fact) && noun.unit.is_none() && several && !hidden {
                let units = 0..self.budget.units.len();
                known.extend(units.flat_map(|unit| self.names.known(*fact, Some(unit))));
            }
        }
        known
    }

    pub fn number(&self, at: usize) -> Option<&Number<'a>> {
        match self.tokens.get(at).map(|token| &token.is) {
            Some(Is::Number(number)) => Some(number),
            _ => None,
        }
    }

    /// Whether a typed number can be an amount known to within `slack`; money in the source's unit.
    pub fn meets(&self, at: usize, amount: Decimal, slack: Decimal) -> bool {
        let Some(number) = self.number(at) else { return true };
        let (low, mut high) = number.bounds();
        if let Some(Is::Word(super::vocabulary::Word::To)) =
            self.tokens.get(at + 1).map(|it| &it.is)
            && let Some(end) = self.number(at + 2)
        {
            high = end.bounds().1;
        }
        let (amount, slack, typed) = match number.unit {
            Unit::Money(yuan) => (self.yuan(amount), self.yuan(slack), number.slack * yuan),
            _ => (amount, slack, number.slack),
        };
        // The coarser of the two says how near is the same.
        let reach = (slack - typed).max(Decimal::ZERO);
        low.is_none_or(|low| low <= amount + reach)
            && high.is_none_or(|high| amount - reach <= high)
    }

    fn yuan(&self, amount: Decimal) -> Decimal {
        Quantity::yuan_of(amount, &self.budget.format)
    }

    /// A typed number in the source's unit.
    pub fn held(&self, number: &Number<'_>) -> Decimal {
        match number.unit {
            Unit::Money(yuan) => number.typed * yuan / self.yuan(Decimal::ONE),
            _ => number.typed,
        }
    }

    fn format(&self) -> &Format {
        &self.leaf.passage.format
    }

    /// A figure as the reader would see it beside a typed number.
    pub fn told(&self, figure: &Figure, beside: Decimal) -> String {
        match figure.measure() {
            Measure::Money => {
                let format = self.format().apart(figure.amount(), beside);
                format!("{}{}", format.print_amount(figure.amount()), format.unit_name())
            }
            _ => figure.amount().normalize().to_string(),
        }
    }

    /// 决算 where this year's budget is told.
    fn account(&self, claim: &Claim, known: &[Known]) -> Option<Fault> {
        let range = claim.account.clone()?;
        let Says::Amount { year: Year::This | Year::Unsaid, number, .. } = claim.says else {
            return None;
        };
        let known = known.iter().find(|it| {
            it.this.as_ref().is_some_and(|this| self.meets(number, this.amount(), this.slack()))
        })?;
        let message = format!("{}是本年的预算数", known.label);
        Some(Fault { kind: Kind::Account, range, message, figures: Vec::new() })
    }

    /// 可以引用: an exact amount that is a fact of the form.
    pub fn quotable(&self, claim: &Claim) -> Option<String> {
        let Says::Amount { year: Year::Unsaid | Year::This, number, .. } = claim.says else {
            return None;
        };
        let typed = self.number(number)?;
        if typed.quoted.is_some() || typed.near != Near::Exact || typed.telling < 3 {
            return None;
        }
        let nouns = self.nouns(&claim.subject);
        let known = nouns.first().map(|noun| self.known(noun)).unwrap_or_default();
        let known = known.into_iter().find(|it| {
            it.this.as_ref().is_some_and(|this| self.meets(number, this.amount(), this.slack()))
        })?;
        known.quote.map(|quote| format!("{{{{ {quote} }}}}"))
    }

    /// What is said beside a change that an expression prints.
    fn quoted(&self, claim: &Claim, quoted: usize) -> Found {
        let (figure, _) = self.number(quoted)?.quoted?;
        let Origin::Difference(this, last) = figure.origin() else { return None };
        let (this, last) = (Some(this.clone()), Some(last.clone()));
        let known = Known { label: String::new(), quote: None, this, last };
        match claim.says {
            Says::Change { up: Some(up), .. } => {
                let (this, last) = (known.this.as_ref()?, known.last.as_ref()?);
                let wrong = super::changes::contradicts(up, this.minus(last).sign());
                wrong.then(|| (Kind::Direction, self.change_told(&known, 0), vec![figure.clone()]))
            }
            Says::Rate { up, number } => {
                let (kind, message, figures) = self.rate(&[known], up, number)?;
                let kind = if kind == Kind::ZeroBase { kind } else { Kind::Direction };
                Some((kind, message, figures))
            }
            _ => None,
        }
    }
}
