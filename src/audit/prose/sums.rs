//! The arithmetic of a sentence itself, whatever it speaks of: 其中, 合计, 由…到…, 每…共….

use std::mem::discriminant;
use std::ops::Range;

use rust_decimal::Decimal;

use super::claims::Flags;
use super::judge::{Fault, Kind};
use super::parser::Parser;
use super::reader::{Is, Near, Number, Stop, Token, Unit};
use crate::budget::figure::round_half_up;

/// A number, and what the words before it say.
struct Term<'t, 'a> {
    at: usize,
    number: &'t Number<'a>,
    flags: Flags,
    /// The words before it, in bytes.
    before: Range<usize>,
}

pub struct Sums<'s, 'a> {
    pub parser: &'s Parser<'s, 'a>,
    pub faults: Vec<Fault>,
}

impl Term<'_, '_> {
    /// In 元, or as counted.
    fn value(&self) -> Decimal {
        match self.number.unit {
            Unit::Money(yuan) => self.number.typed * yuan,
            _ => self.number.typed,
        }
    }

    fn slack(&self) -> Decimal {
        match self.number.unit {
            Unit::Money(yuan) => self.number.slack * yuan,
            Unit::Count(_) => Decimal::ZERO,
            _ => self.number.slack,
        }
    }

    fn is_like(&self, other: &Self) -> bool {
        match (&self.number.unit, &other.number.unit) {
            (Unit::Count(one), Unit::Count(two)) => one == two,
            (one, two) => discriminant(one) == discriminant(two),
        }
    }

    fn is_money(&self) -> bool {
        matches!(self.number.unit, Unit::Money(_))
    }

    fn is_exact(&self) -> bool {
        self.number.near == Near::Exact
    }
}

/// Whether two typed values can be one: their last digits may be rounded.
fn equal(one: Decimal, two: Decimal, slack: Decimal) -> bool {
    (one - two).abs() <= slack
}

impl<'s, 'a> Sums<'s, 'a> {
    pub fn read(&mut self) {
        let tokens = self.parser.tokens;
        let mut start = 0;
        let is_stop = |token: &Token<'_>| matches!(token.is, Is::Stop(Stop::Sentence));
        for sentence in tokens.split(is_stop) {
            let terms = self.terms(start, start + sentence.len());
            start += sentence.len() + 1;
            if terms.len() > 1 {
                self.moves(&terms);
                self.totals(&terms);
                self.parts(&terms);
                self.rests(&terms);
                self.prices(&terms);
                self.shares(&terms);
                self.compared(&terms);
            }
        }
    }

    fn terms(&self, start: usize, end: usize) -> Vec<Term<'s, 'a>> {
        let mut terms = Vec::new();
        let mut from = start;
        for at in start..end {
            let token = &self.parser.tokens[at];
            match &token.is {
                Is::Number(number) => {
                    let flags = self.parser.flags(from, at);
                    let first = self.parser.tokens[from].range.start;
                    terms.push(Term { at, number, flags, before: first..token.range.start });
                    from = at + 1;
                }
                Is::Stop(Stop::Clause) => from = at + 1,
                _ => {}
            }
        }
        terms
    }

    fn words(&self, term: &Term<'_, '_>) -> &'s str {
        &self.parser.leaf.text()[term.before.clone()]
    }

    fn fault(&mut self, term: &Term<'_, '_>, from: Option<&Range<usize>>, message: String) {
        let own = &self.parser.tokens[term.at].range;
        let start = from.map_or(own.start, |word| word.start.min(own.start));
        let fault =
            Fault { kind: Kind::Arithmetic, range: start..own.end, message, figures: Vec::new() };
        self.faults.push(fault);
    }

    /// A value in the unit in which a term is typed.
    fn told(&self, value: Decimal, like: &Term<'_, '_>) -> String {
        let range = self.parser.tokens[like.at].range.clone();
        let typed = &self.parser.leaf.text()[range];
        let digit = |c: char| super::number::digit(c).is_some() || matches!(c, ',' | '.' | '．');
        let unit = typed.trim_start_matches(digit).trim_start();
        let unit = if typed.starts_with(|c: char| digit(c)) { unit } else { "" };
        let value = match like.number.unit {
            Unit::Money(yuan) if !unit.is_empty() => value / yuan,
            _ => value,
        };
        format!("{}{unit}", round_half_up(value, 4).normalize())
    }

    /// 由 60 降到 48，减少 12，下降 20%
    fn moves(&mut self, terms: &[Term<'_, '_>]) {
        for (nth, pair) in terms.windows(2).enumerate() {
            let [from, to] = pair else { continue };
            if !(from.flags.from && to.flags.to && from.is_like(to)) {
                continue;
            }
            let (before, after) = (from.value(), to.value());
            let change = after - before;
            if let (Some(up), Some(word)) = (to.flags.up, &to.flags.word)
                && super::changes::contradicts(up, sign(change))
            {
                let (one, two) = (self.told(before, from), self.told(after, to));
                let message = format!("{one} 到 {two} 是{}", if up { "减少" } else { "增加" });
                let range = word.clone();
                let kind = Kind::Direction;
                self.faults.push(Fault { kind, range, message, figures: Vec::new() });
            }
            let slack = from.slack() + to.slack();
            for term in terms[nth + 2..].iter().take(2) {
                if !term.flags.change || term.flags.to {
                    break;
                }
                let word = term.flags.word.clone();
                if term.is_like(to) && !equal(term.value(), change.abs(), slack + term.slack()) {
                    let message = format!("两数相差 {}", self.told(change.abs(), term));
                    self.fault(term, None, message);
                } else if term.number.unit == Unit::Percent
                    && let Some(rate) = (change.abs() * Decimal::ONE_HUNDRED).checked_div(before)
                    && let Some(unknown) = (slack * Decimal::ONE_HUNDRED).checked_div(before)
                    && !equal(term.value(), rate, unknown + term.slack())
                    && term.is_exact()
                {
                    let decimals = term.number.typed.scale();
                    let rate = round_half_up(rate, decimals);
                    let message = format!("照前面两个数算是 {rate:.*}%", decimals as usize);
                    self.fault(term, word.as_ref(), message);
                }
            }
        }
    }

    /// 甲 12 万元、乙 8 万元，合计 20 万元
    fn totals(&mut self, terms: &[Term<'_, '_>]) {
        for (nth, total) in terms.iter().enumerate() {
            let whole = total.flags.total && !total.flags.each && !total.flags.change;
            let parted = terms[..nth].iter().skip(1).any(|it| it.flags.of_which);
            if !whole || parted || terms[..nth].iter().any(|it| it.flags.each) {
                continue;
            }
            // 全年租金 48 万元 is no sum of what stands before it.
            let ends = |at: usize| !terms[at].is_like(total) || at > 1 && terms[at].flags.total;
            let start = (0..nth).rev().find(|at| ends(*at));
            let parts: Vec<&Term<'_, '_>> =
                terms[start.map_or(0, |it| it + 1)..nth].iter().collect();
            if parts.len() < 2
                || !total.is_exact()
                || parts.iter().any(|it| it.flags.change || !it.is_exact())
            {
                continue;
            }
            let sum = |parts: &[&Term<'_, '_>]| parts.iter().map(|it| it.value()).sum::<Decimal>();
            let slack: Decimal = parts.iter().map(|it| it.slack()).sum::<Decimal>() + total.slack();
            let fits = |from: usize| equal(sum(&parts[from..]), total.value(), slack);
            if !(0..parts.len() - 1).any(fits) {
                let message = format!("前面各数相加是 {}", self.told(sum(&parts), total));
                self.fault(total, None, message);
            }
        }
    }

    /// 1,250 万元，分别为 380、410 和 460; 4 辆，其中 3 辆、1 辆
    fn parts(&mut self, terms: &[Term<'_, '_>]) {
        for (nth, first) in terms.iter().enumerate().skip(1) {
            let (split, among) = (first.flags.respectively, first.flags.of_which);
            let Some(whole) = terms[..nth].iter().rfind(|it| it.is_like(first)) else { continue };
            if !split && !among
                || first.flags.change
                || split && !whole.flags.total
                || whole.flags.each
            {
                continue;
            }
            let same = |it: &&Term<'_, '_>| it.is_like(first) && !it.flags.total && !it.flags.each;
            let mut own: Vec<&Term<'_, '_>> = terms[nth..].iter().filter(same).collect();
            if let Some(next) =
                own.iter().skip(1).position(|it| it.flags.of_which || it.flags.change)
            {
                own.truncate(next + 1);
            }
            let sum: Decimal = own.iter().map(|it| it.value()).sum();
            let slack = own.iter().map(|it| it.slack()).sum::<Decimal>() + whole.slack();
            let wrong = match split {
                true => own.len() > 1 && !equal(sum, whole.value(), slack),
                false => sum - whole.value() > slack,
            };
            if wrong
                && whole.is_exact()
                && let Some(last) = own.last()
            {
                let message = format!(
                    "各数相加是 {}，前面写的是 {}",
                    self.told(sum, last),
                    self.told(whole.value(), last)
                );
                self.fault(last, None, message);
            }
        }
    }

    /// 86 万元，已付 52 万元，尚余 34 万元
    fn rests(&mut self, terms: &[Term<'_, '_>]) {
        for (nth, rest) in terms.iter().enumerate().skip(2) {
            let before: Vec<&Term<'_, '_>> =
                terms[..nth].iter().filter(|it| it.is_like(rest)).collect();
            let [whole, spent @ ..] = before.as_slice() else { continue };
            if !rest.flags.rest || spent.is_empty() {
                continue;
            }
            let left = |spent: &[&Term<'_, '_>]| {
                whole.value() - spent.iter().map(|it| it.value()).sum::<Decimal>()
            };
            let slack = before.iter().map(|it| it.slack()).sum::<Decimal>() + rest.slack();
            let last = &spent[spent.len() - 1..];
            if ![left(spent), left(last)].iter().any(|it| equal(*it, rest.value(), slack)) {
                let message = format!("照前面的数算是 {}", self.told(left(spent), rest));
                self.fault(rest, None, message);
            }
        }
    }

    /// 每辆 3.5 万元、6 辆，共 21 万元; 360 万元，分三年，每年 120 万元
    fn prices(&mut self, terms: &[Term<'_, '_>]) {
        for (nth, price) in
            terms.iter().enumerate().filter(|(_, it)| it.flags.each && it.is_money())
        {
            let counts = terms.iter().filter(|it| matches!(it.number.unit, Unit::Count(_)));
            let counts: Vec<&Term<'_, '_>> = counts.filter(|it| !it.flags.change).collect();
            let total = terms[nth + 1..]
                .iter()
                .find(|it| it.is_money() && it.flags.total && !it.flags.each);
            let words = self.words(price);
            if let Some(total) = total.filter(|_| !counts.is_empty() && counts.len() < 4) {
                let mut products = vec![price.value()];
                for count in &counts {
                    let more: Vec<Decimal> = products.iter().map(|it| it * count.value()).collect();
                    products.extend(more);
                }
                let yearly: Vec<Decimal> =
                    products.iter().map(|it| it * Decimal::from(12)).collect();
                let times = if words.contains('月') { &yearly } else { &products };
                let slack = |it: &Decimal| {
                    let factor = it.checked_div(price.value()).unwrap_or_default();
                    factor * price.slack() + total.slack()
                };
                let all = products.iter().chain(&yearly);
                if !all.into_iter().any(|it| equal(*it, total.value(), slack(it)))
                    && let Some(product) = times.last()
                    && price.is_exact()
                {
                    let message = format!("照单价和数量算是 {}", self.told(*product, total));
                    self.fault(total, None, message);
                }
            }
            let shared = counts.iter().find(|it| self.words(it).ends_with('分'));
            let whole = terms[..nth].iter().find(|it| it.is_money() && !it.flags.each);
            if let (Some(count), Some(whole)) = (shared, whole)
                && words.contains('年')
                && let Some(own) = whole.value().checked_div(count.value())
                && !equal(own, price.value(), price.slack() + whole.slack())
            {
                let message = format!("照前面的数算是 {}", self.told(own, price));
                self.fault(price, None, message);
            }
        }
    }

    /// 800 万元，其中 650 万元，占 81.25%
    fn shares(&mut self, terms: &[Term<'_, '_>]) {
        for (nth, share) in terms.iter().enumerate().skip(2) {
            let Some(at) = share.flags.share else { continue };
            let behind = &self.parser.tokens[at + 1..share.at];
            let named =
                behind.iter().any(|it| matches!(it.is, Is::Name(_) | Is::Other | Is::Unit(_)));
            let [whole, part] = &terms[nth - 2..nth] else { continue };
            let typed = share.number.unit == Unit::Percent && share.is_exact();
            if named || !typed || !part.is_like(whole) || !part.flags.of_which {
                continue;
            }
            let percent = |it: Decimal| (it * Decimal::ONE_HUNDRED).checked_div(whole.value());
            if let (Some(own), Some(unknown)) =
                (percent(part.value()), percent(part.slack() + whole.slack()))
                && !equal(own, share.value(), unknown + share.slack())
            {
                let decimals = share.number.typed.scale();
                let own = round_half_up(own, decimals);
                let message = format!("照前面两个数算是 {own:.*}%", decimals as usize);
                self.fault(share, None, message);
            }
        }
    }

    /// 100 万元，比乙 120 万元少 20 万元
    fn compared(&mut self, terms: &[Term<'_, '_>]) {
        for triple in terms.windows(3) {
            let [one, two, apart] = triple else { continue };
            let told = apart.flags.up.is_some() && !apart.flags.to && !apart.flags.than;
            let own = told || apart.flags.differs;
            let between = &self.parser.tokens[two.at..apart.at];
            let near = between.iter().all(|it| !matches!(it.is, Is::Stop(_)));
            let base = two.flags.than && !two.flags.change;
            if !(own
                && (near && base || apart.flags.differs)
                && one.is_like(two)
                && two.is_like(apart))
            {
                continue;
            }
            let difference = (one.value() - two.value()).abs();
            let slack = one.slack() + two.slack() + apart.slack();
            if !equal(difference, apart.value(), slack) {
                let message = format!("两数相差 {}", self.told(difference, apart));
                self.fault(apart, None, message);
            }
        }
    }
}

fn sign(amount: Decimal) -> i32 {
    if amount.is_zero() {
        0
    } else if amount.is_sign_positive() {
        1
    } else {
        -1
    }
}
