//! Changes, rates, shares: how a fact stands to last year or to another.

use rust_decimal::Decimal;

use super::claims::{Noun, Subject, Year};
use super::judge::{Found, Judge, Kind};
use super::names::Known;
use super::reader::Number;
use crate::budget::Figure;
use crate::budget::figure::round_half_up;

/// Whether a word of change speaks against a sign.
pub fn contradicts(up: bool, sign: i32) -> bool {
    if up { sign < 0 } else { sign > 0 }
}

/// A fact of two years.
struct Pair<'k> {
    known: &'k Known,
    this: &'k Figure,
    last: &'k Figure,
    change: Figure,
}

fn pairs(known: &[Known]) -> Vec<Pair<'_>> {
    let pair = |known: &'_ Known| -> Option<(Figure, Figure)> {
        Some((known.this.clone()?, known.last.clone()?))
    };
    let both = known.iter().filter(|it| pair(it).is_some());
    both.filter_map(|known| {
        let (this, last) = (known.this.as_ref()?, known.last.as_ref()?);
        Some(Pair { known, this, last, change: this.minus(last) })
    })
    .collect()
}

impl Judge<'_, '_> {
    pub(super) fn change(&self, known: &[Known], up: Option<bool>, at: usize, base: Year) -> Found {
        let typed = self.number(at)?;
        let pairs = pairs(known);
        if typed.quoted.is_some() {
            return None;
        }
        let size =
            |pair: &Pair<'_>| self.meets(at, pair.change.amount().abs(), pair.change.slack());
        if let Year::Other(_) = base {
            let pair = pairs.iter().find(|it| size(it))?;
            let last = self.budget.source.value.year.count - 1;
            let told = self.change_told(pair.known, 0);
            let message = format!("报告比的是上年（{last} 年）：{told}");
            return Some((Kind::Year, message, vec![pair.change.clone()]));
        }
        let right = |pair: &&Pair<'_>| {
            let sign = pair.change.sign();
            size(pair) && !up.is_some_and(|up| contradicts(up, sign))
        };
        // 增加某项目 10 万元: what is added may be all of it.
        let whole = |known: &&Known| {
            let this = known.this.as_ref();
            this.is_some_and(|this| self.meets(at, this.amount(), this.slack()))
        };
        if pairs.iter().any(|pair| right(&pair))
            || up == Some(true) && known.iter().any(|it| whole(&it))
        {
            return None;
        }
        let held = self.held(typed);
        let pair = pairs.iter().min_by_key(|it| (it.change.amount().abs() - held).abs())?;
        Some((Kind::Change, self.change_told(pair.known, 0), vec![pair.change.clone()]))
    }

    pub(super) fn rate(&self, known: &[Known], up: Option<bool>, at: usize) -> Found {
        let typed = self.number(at)?;
        let pairs = pairs(known);
        if typed.quoted.is_some() {
            return None;
        }
        let right = |pair: &Pair<'_>| {
            let Some((rate, slack)) = self.rate_of(pair) else { return pair.change.is_zero() };
            self.meets(at, rate, slack) && !up.is_some_and(|up| contradicts(up, pair.change.sign()))
        };
        if pairs.iter().any(right) {
            return None;
        }
        let nearest = |pair: &&Pair<'_>| {
            self.rate_of(pair).map_or(Decimal::MAX, |(rate, _)| (rate - typed.typed).abs())
        };
        let pair = pairs.iter().min_by_key(nearest)?;
        let kind = if pair.last.is_zero() { Kind::ZeroBase } else { Kind::Change };
        let message = self.change_told(pair.known, typed.typed.scale());
        Some((kind, message, vec![pair.change.clone()]))
    }

    /// The rate of a change, and how far the truth may be from it; none on a base of zero.
    fn rate_of(&self, pair: &Pair<'_>) -> Option<(Decimal, Decimal)> {
        let base = pair.last.amount().abs();
        if base.is_zero() {
            return None;
        }
        let hundredfold = |amount: Decimal| (amount * Decimal::ONE_HUNDRED).checked_div(base);
        let rate = hundredfold(pair.change.amount().abs())?;
        let unknown =
            hundredfold(pair.change.slack())? + (rate * pair.last.slack()).checked_div(base)?;
        Some((rate, unknown))
    }

    pub(super) fn same(&self, known: &[Known]) -> Found {
        let pairs = pairs(known);
        if pairs.iter().any(|it| it.change.is_zero()) {
            return None;
        }
        let pair = pairs.first()?;
        Some((Kind::Change, self.change_told(pair.known, 0), vec![pair.change.clone()]))
    }

    pub(super) fn moved(&self, known: &[Known], up: bool) -> Found {
        let pairs = pairs(known);
        let right =
            |pair: &Pair<'_>| if up { pair.change.sign() > 0 } else { pair.change.sign() < 0 };
        if pairs.iter().any(right) {
            return None;
        }
        let pair = pairs.first()?;
        Some((Kind::Change, self.change_told(pair.known, 0), vec![pair.change.clone()]))
    }

    pub(super) fn compared(
        &self,
        known: &[Known],
        other: Option<&[Known]>,
        above: bool,
        strict: bool,
    ) -> Found {
        let holds = |one: &Figure, two: &Figure| {
            let difference = one.minus(two);
            let (amount, slack) = (difference.amount(), difference.slack());
            match (above, strict) {
                (true, true) => amount + slack > Decimal::ZERO,
                (false, true) => amount - slack < Decimal::ZERO,
                (true, false) => amount + slack >= Decimal::ZERO,
                (false, false) => amount - slack <= Decimal::ZERO,
            }
        };
        let Some(other) = other else {
            let pairs = pairs(known);
            if pairs.iter().any(|pair| holds(pair.this, pair.last)) {
                return None;
            }
            let pair = pairs.first()?;
            return Some((
                Kind::Change,
                self.change_told(pair.known, 0),
                vec![pair.change.clone()],
            ));
        };
        let of = |known: &[Known]| -> Vec<(String, Figure)> {
            known.iter().filter_map(|it| Some((it.label.clone(), it.this.clone()?))).collect()
        };
        let (ones, twos) = (of(known), of(other));
        if ones.iter().any(|(_, one)| twos.iter().any(|(_, two)| holds(one, two))) {
            return None;
        }
        let ((label, one), (name, two)) = (ones.first()?, twos.first()?);
        let told = |figure: &Figure, beside: &Figure| self.told(figure, beside.amount());
        let message = format!("{label}是 {}，{name}是 {}", told(one, two), told(two, one));
        Some((Kind::Change, message, vec![one.clone(), two.clone()]))
    }

    /// 比支出总计少 10 万元
    pub(super) fn difference(
        &self,
        known: &[Known],
        other: &[Known],
        above: bool,
        at: usize,
    ) -> Found {
        let typed = self.number(at)?;
        let pairs = known.iter().flat_map(|one| other.iter().map(move |two| (one, two)));
        let differences: Vec<(&Known, &Known, Figure)> = pairs
            .filter_map(|(one, two)| Some((one, two, one.this.as_ref()?.minus(two.this.as_ref()?))))
            .collect();
        let right = |it: &Figure| {
            !contradicts(above, it.sign()) && self.meets(at, it.amount().abs(), it.slack())
        };
        if typed.quoted.is_some() || differences.iter().any(|(.., it)| right(it)) {
            return None;
        }
        let (one, two, difference) = differences.into_iter().next()?;
        let told = self.told(&difference.abs(), self.held(typed));
        let message = format!("{}与{}相差 {told}", one.label, two.label);
        Some((Kind::Arithmetic, message, vec![difference]))
    }

    pub(super) fn share(
        &self,
        known: &[Known],
        noun: &Noun,
        of: Option<&Subject>,
        at: usize,
    ) -> Found {
        let typed = self.number(at)?;
        let wholes: Vec<Known> = match of {
            Some(Subject::Nouns(nouns)) => nouns.iter().flat_map(|noun| self.known(noun)).collect(),
            Some(_) => self.own.iter().flat_map(|noun| self.known(noun)).collect(),
            None => self.usual(noun),
        };
        self.ratio(known, &wholes, at, typed, "占")
    }

    /// What shares of a fact are usually taken of.
    fn usual(&self, noun: &Noun) -> Vec<Known> {
        let named = noun.facts.iter().filter_map(|fact| self.names.declaration(*fact));
        let wholes =
            named.flat_map(|named| &named.of).filter_map(|of| self.names.declared(&of.text));
        let projects = noun.facts.iter().filter_map(|fact| self.names.is_detail_of(*fact));
        let projects = projects.filter_map(|(unit, at)| self.names.project(unit, at));
        let facts: Vec<usize> = wholes.chain(projects).collect();
        self.known(&Noun { facts, ..noun.clone() })
    }

    pub(super) fn multiple(&self, known: &[Known], at: usize) -> Found {
        let typed = self.number(at)?;
        let lasts: Vec<Known> = known
            .iter()
            .filter(|it| it.last.is_some())
            .map(|it| Known { this: it.last.clone(), label: "上年".into(), ..it.clone() })
            .collect();
        self.ratio(known, &lasts, at, typed, "是")
    }

    fn ratio(
        &self,
        known: &[Known],
        wholes: &[Known],
        at: usize,
        typed: &Number<'_>,
        verb: &str,
    ) -> Found {
        let mut shares: Vec<(&Known, &Known, Decimal, Decimal)> = Vec::new();
        for (one, two) in known.iter().flat_map(|one| wholes.iter().map(move |two| (one, two))) {
            let (Some(part), Some(whole)) = (&one.this, &two.this) else { continue };
            let percent =
                |amount: Decimal| (amount * Decimal::ONE_HUNDRED).checked_div(whole.amount());
            if let (Some(share), Some(slack)) = (percent(part.amount()), percent(part.slack())) {
                let more = (share * whole.slack()).checked_div(whole.amount()).unwrap_or_default();
                shares.push((one, two, share, slack + more));
            }
        }
        if typed.quoted.is_some()
            || shares.iter().any(|(.., share, slack)| self.meets(at, *share, *slack))
        {
            return None;
        }
        let near = |it: &&(&Known, &Known, Decimal, Decimal)| (it.2 - typed.typed).abs();
        let (one, two, share, _) = shares.iter().min_by_key(near)?;
        let decimals = typed.typed.scale();
        let share = round_half_up(*share, decimals);
        let message = format!("{}{verb}{}的 {share:.*}%", one.label, two.label, decimals as usize);
        let figures = [&one.this, &two.this].into_iter().flatten().cloned().collect();
        Some((Kind::Share, message, figures))
    }

    /// 收入总计从 4,670 到 10,327，增加 5,657，增长 121%; the rate with so many decimals.
    pub fn change_told(&self, known: &Known, decimals: u32) -> String {
        match (&known.this, &known.last) {
            (Some(this), Some(last)) => {
                let told =
                    crate::audit::checks::change_told(&self.budget.format, this, last, decimals);
                format!("{}{told}", known.label)
            }
            _ => String::new(),
        }
    }
}
