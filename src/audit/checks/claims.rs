//! 手写的增减: changes that somebody typed into prose, against those that the budget knows.

use std::ops::Range;

use rust_decimal::Decimal;

use super::changes::Compared;
use super::{Hit, View, hit};
use crate::audit::passages::Passage;
use crate::audit::typed::{self, Amount, Percent};
use crate::audit::words::{self, Direction};
use crate::budget::Figure;

/// As far as this before an amount a word of change may speak of it, in characters.
const NEAR: usize = 20;
/// An amount of so many digits does not equal another change by chance.
const TELLING_DIGITS: usize = 3;

/// What a text says of a change.
struct Claim {
    direction: Direction,
    rate: Option<Percent>,
}

impl Claim {
    fn agrees(&self, this: &Figure, last: &Figure) -> bool {
        let rate = self.rate.as_ref();
        Direction::of(this.minus(last).sign()) == Some(self.direction)
            && rate.is_none_or(|rate| rate.direction.is_none_or(|it| it == self.direction))
            && rate.is_none_or(|rate| is_rate(rate, this, last))
    }
}

/// Whether a typed percentage can be the change's, as exactly as the figures are known. A base of
/// zero has no rate at all, which is another rule's business.
pub(super) fn is_rate(typed: &Percent, this: &Figure, last: &Figure) -> bool {
    let (change, base) = (this.minus(last), last.amount().abs());
    let hundredfold = |amount: Decimal| (amount * Decimal::ONE_HUNDRED).checked_div(base);
    let Some(rate) = hundredfold(change.amount().abs()) else { return true };
    let unknown = hundredfold(change.slack()).unwrap_or_default()
        + (rate * last.slack()).checked_div(base).unwrap_or_default();
    (rate - typed.percent).abs() <= typed.slack + unknown
}

impl View<'_> {
    /// 手写增减: amounts behind 增加 or 减少 that are a known change's, told the wrong way round or
    /// with a wrong percentage. Amounts that are no known change's are another rule's business.
    pub(super) fn typed_changes(&self) -> Vec<Hit> {
        let compared = self.compared();
        let mut hits = Vec::new();
        for passage in &self.passages.all {
            let amounts = typed::amounts(passage, self.passages.format());
            for amount in amounts.iter().filter(|amount| amount.typed) {
                let Some((start, claim)) = claim(passage, amount) else { continue };
                let meant = meant(&compared, passage, amount);
                if meant.iter().any(|it| claim.agrees(it.this, it.last)) {
                    continue;
                }
                let Some(it) = meant.first() else { continue };
                let found = self.contradicted(passage, start..amount.range.end, &claim, it);
                // A text that the form prints twice is wrong once.
                if !hits
                    .iter()
                    .any(|hit: &Hit| hit.place == found.place && hit.words == found.words)
                {
                    hits.push(found);
                }
            }
        }
        hits
    }

    fn contradicted(
        &self,
        passage: &Passage<'_>,
        said: Range<usize>,
        claim: &Claim,
        it: &Compared<'_>,
    ) -> Hit {
        let end = claim.rate.as_ref().map_or(said.end, |rate| rate.range.end.max(said.end));
        let found = hit(passage, said.start, &passage.text[said.start..end]);
        let change = it.this.minus(it.last);
        let decimals = claim.rate.as_ref().map_or(0, |rate| rate.percent.scale());
        Hit {
            message: format!("{}；{}", found.message, self.told(it, decimals)),
            feeds: change.places(),
            ..found
        }
    }

    /// 由 X 减少到 Y, though Y is more: amounts that contradict the word between them.
    pub(super) fn levels(&self) -> Vec<Hit> {
        let mut hits = Vec::new();
        for passage in &self.passages.all {
            let amounts = typed::amounts(passage, self.passages.format());
            for pair in amounts.windows(2) {
                let [from, to] = pair else { continue };
                let between = &passage.text[from.range.end..to.range.start];
                let Some(word) = between.trim_end().strip_suffix(['到', '至', '为']) else {
                    continue;
                };
                let direction = words::of_change(word).filter(|_| !between.contains(['。', '；']));
                let change = to.quantity.amount - from.quantity.amount;
                let sign = if change.is_zero() {
                    0
                } else if change.is_sign_positive() {
                    1
                } else {
                    -1
                };
                if let Some((said, _)) = direction
                    && Direction::of(sign).is_some_and(|real| real != said)
                {
                    let words = &passage.text[from.range.start..to.range.end];
                    let found = hit(passage, from.range.start, words);
                    let (from, to) = (from.quantity.amount, to.quantity.amount);
                    let sides = self.budget.format.sides(to, from);
                    let (from, to) = (&sides.expected, &sides.actual);
                    let message = format!("{}；{from} 到 {to} 是{}", found.message, opposite(said));
                    hits.push(Hit { message, sides: Some(sides), ..found });
                }
            }
        }
        hits
    }
}

fn opposite(direction: Direction) -> &'static str {
    match direction {
        Direction::Rise => "减少",
        Direction::Fall => "增加",
    }
}

/// Whether an amount is told as the change of something that is compared, or as last year's
/// figure of it.
pub(super) fn is_compared(
    compared: &[Compared<'_>],
    last_year: &str,
    passage: &Passage<'_>,
    amount: &Amount,
) -> bool {
    let before = &passage.text[..amount.range.start];
    let speaks_of_last = [last_year, "上年", "去年"].iter().any(|it| before.contains(it))
        || before.trim_end().ends_with(['由', '从']);
    let is_last = |it: &Compared<'_>| {
        let off = (it.last.amount() - amount.quantity.amount).abs();
        let telling = amount.telling_digits >= TELLING_DIGITS;
        off <= amount.quantity.slack && (telling || it.is_named_in(&passage.text))
    };
    speaks_of_last && compared.iter().any(is_last)
        || claim(passage, amount).is_some() && !meant(compared, passage, amount).is_empty()
}

/// What is said of an amount, and where that begins; nothing where it is no change but a level
/// (减少到) or stands by itself.
fn claim(passage: &Passage<'_>, amount: &Amount) -> Option<(usize, Claim)> {
    let before = &passage.text[..amount.range.start];
    let clause = before
        .rfind(['。', '；', '，', '、', ';', ','])
        .map_or(0, |at| at + before[at..].chars().next().map_or(1, char::len_utf8));
    let (start, direction) = match words::of_change(before) {
        Some((direction, word)) => (before.rfind(word)?, direction),
        None => {
            let (direction, word) = words::last_of_change(&before[clause..])?;
            let noun = &before[clause + word.end..];
            let near = noun.chars().count() <= NEAR && !noun.contains(|c: char| c.is_ascii_digit());
            if !near || noun.trim_end().ends_with(['到', '至', '为']) {
                return None;
            }
            (clause + word.start, direction)
        }
    };
    let rate = typed::rate_beside(passage, &amount.range);
    Some((start, Claim { direction, rate }))
}

/// The known changes that an amount may speak of: those of its size that the clause names, else
/// the sentence, else the paragraph, else all, unless the amount is so short that it may be a coincidence.
fn meant<'c, 'a>(
    compared: &'c [Compared<'a>],
    passage: &Passage<'_>,
    amount: &Amount,
) -> Vec<&'c Compared<'a>> {
    let equal: Vec<&Compared<'_>> = compared
        .iter()
        .filter(|it| {
            let change = it.this.minus(it.last).abs().amount();
            let off = (change - amount.quantity.amount).abs();
            !change.is_zero() && off <= amount.quantity.slack
        })
        .collect();
    let since = |marks: &[char]| {
        let start = passage.text[..amount.range.start].rfind(marks).unwrap_or(0);
        &passage.text[start..amount.range.end]
    };
    let (clause, sentence) = (since(&['。', '；', '，', ',']), since(&['。', '；']));
    for text in [clause, sentence, passage.text.as_str()] {
        let named: Vec<_> = equal.iter().copied().filter(|it| it.is_named_in(text)).collect();
        if !named.is_empty() {
            return named;
        }
    }
    if amount.telling_digits >= TELLING_DIGITS { equal } else { Vec::new() }
}
