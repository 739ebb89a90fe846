//! 增减: what is said of changes, and changes of which nothing is said.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::claims::is_rate;
use super::{Hit, View, hit};
use crate::audit::passages::Passage;
use crate::audit::typed;
use crate::audit::words::{self, Direction};
use crate::budget::figure::round_half_up;
use crate::budget::{Figure, Origin as From};
use crate::report::Origin;

/// Something whose amounts of this year and last are known.
pub(super) struct Compared<'a> {
    pub name: &'a str,
    /// What prose may call it besides.
    also: &'static [&'static str],
    pub this: &'a Figure,
    pub last: &'a Figure,
    /// Whether the form asks for a reason and none is written.
    unexplained: bool,
}

/// A percentage behind an amount.
static RATE: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"^[^。；]{0,12}?([\d.]+%)").expect("the pattern is valid"));

impl Compared<'_> {
    pub fn is_named_in(&self, text: &str) -> bool {
        text.contains(self.name) || self.also.iter().any(|name| text.contains(name))
    }
}

impl View<'_> {
    /// 增加 before a fall, 减少 before a rise, a typed percentage that is not the change's.
    pub(super) fn directions(&self) -> Vec<Hit> {
        let mut hits = self.changes(|passage, printed, this, last| {
            let real = Direction::of(this.minus(last).sign())?;
            let said = words::of_change(&passage.text[..printed.start]);
            if let Some((_, word)) = said.filter(|(said, _)| *said != real) {
                let start = passage.text[..printed.start].rfind(word)?;
                return Some(start..start + word.len());
            }
            let rate = typed::rate_beside(passage, &printed)?;
            let wrong =
                rate.direction.is_some_and(|said| said != real) || !is_rate(&rate, this, last);
            wrong.then_some(rate.range)
        });
        hits.extend(self.levels());
        hits
    }

    /// A percentage behind a change from zero.
    pub(super) fn zero_bases(&self) -> Vec<Hit> {
        self.changes(|passage, printed, this, last| {
            let rate = RATE.captures(&passage.text[printed.end..])?.get(1)?.range();
            let grown = last.is_zero() && !this.is_zero();
            grown.then_some(printed.end + rate.start..printed.end + rate.end)
        })
    }

    /// Looks at every printed change: the text, where the change stands in it, this year and the
    /// last. What is wrong is a stretch of the text.
    fn changes(
        &self,
        wrong: impl Fn(&Passage<'_>, Range<usize>, &Figure, &Figure) -> Option<Range<usize>>,
    ) -> Vec<Hit> {
        let mut hits = Vec::new();
        for passage in &self.passages.all {
            let mut start = 0;
            for piece in passage.line {
                let printed = start..start + piece.text.len();
                start = printed.end;
                if let Origin::Figure(figure, _) = &piece.origin
                    && let From::Difference(this, last) = figure.origin()
                    && let Some(words) = wrong(passage, printed, this, last)
                {
                    let found = hit(passage, words.start, &passage.text[words.clone()]);
                    let written = &passage.text[words];
                    let told = self.told_of(this, last, decimals_of(written));
                    let message = format!("写着“{written}”，{told}");
                    hits.push(Hit { message, feeds: figure.places(), ..found });
                }
            }
        }
        hits
    }

    /// Great changes that nobody explains.
    pub(super) fn reasons(&self, percent: u32) -> Vec<Hit> {
        let great = |it: &Compared<'_>| match it.this.rate_from(it.last) {
            Some(rate) => round_half_up(rate.amount(), 0) >= percent.into(),
            None => !it.this.is_zero(),
        };
        let unexplained = self.compared().into_iter().filter(|it| it.unexplained && great(it));
        let hits = unexplained.map(|it| {
            let (this, last) = (it.this.amount(), it.last.amount());
            Hit {
                sides: Some(self.budget.format.sides(this, last)),
                ..Hit::of_figures(format!("{}，没有写原因", self.told(&it, 0)), [it.this, it.last])
            }
        });
        hits.collect()
    }

    /// Everything that the budget compares with last year.
    pub(super) fn compared(&self) -> Vec<Compared<'_>> {
        const TOTALS: &[&str] = &["收入", "收支", "支出"];
        let source = &self.budget.source.value;
        let whole = &self.budget.whole;
        let mut all = Vec::new();
        let mut push = |name, also, this, last, unexplained| {
            all.push(Compared { name, also, this, last, unexplained });
        };
        if let Some((income, spending)) = &self.budget.last_year {
            let unexplained = source.change_reason.is_none();
            let spent = &whole.spending.total;
            push("收入总计", TOTALS, &whole.income.total, income, unexplained);
            let same = spent.amount() == whole.income.total.amount()
                && spending.amount() == income.amount();
            push("支出总计", TOTALS, spent, spending, unexplained && !same);
        }
        for project in &whole.projects {
            if let Some(last) = &project.last_year {
                let name = project.facts.name.text.as_str();
                push(name, &[], &project.amount, last, project.facts.reason.is_none());
            }
        }
        let notes = &source.official_notes;
        let (this, last) = (&whole.official.this, &whole.official.last);
        push("“三公”经费", &["三公"], &this.total, &last.total, false);
        push("因公出国（境）费", &["出国"], &this.abroad, &last.abroad, notes.abroad.is_none());
        push("公务接待费", &["接待"], &this.reception, &last.reception, notes.reception.is_none());
        let (bought, was) = (&this.car_purchase, &last.car_purchase);
        push("公务用车购置费", &["用车购置"], bought, was, notes.car_purchase.is_none());
        let (running, was) = (&this.car_running, &last.car_running);
        push("公务用车运行维护费", &["用车运行"], running, was, notes.car_running.is_none());
        if let Some((this, last)) = &self.budget.operating {
            push("机关运行经费", &[], this, last, false);
        }
        all
    }

    /// 收入总计从 4,670 到 10,327，增加 5,657，增长 121%; the rate with so many decimals.
    pub(super) fn told(&self, it: &Compared<'_>, decimals: u32) -> String {
        format!("{}{}", it.name, self.told_of(it.this, it.last, decimals))
    }

    fn told_of(&self, this: &Figure, last: &Figure, decimals: u32) -> String {
        let decimals = decimals.max(self.budget.format.rate_decimals);
        let format = self.budget.format.apart(this.amount(), last.amount());
        let change = this.minus(last);
        let (word, rate_word) = match Direction::of(change.sign()) {
            Some(Direction::Rise) => ("增加", "增长"),
            Some(Direction::Fall) => ("减少", "下降"),
            None => {
                return format!("从 {} 到 {}，没有增减", format.print(last), format.print(this));
            }
        };
        let mut told = format!(
            "从 {} 到 {}，{word} {}",
            format.print(last),
            format.print(this),
            format.print(&change.abs())
        );
        match this.percent_from(last, decimals) {
            Some(rate) => told += &format!("，{rate_word} {rate:.*}%", decimals as usize),
            None => told += "（上年为零，没有增长率）",
        }
        told
    }
}

/// How many decimals the percentage of a text has, as it is typed.
fn decimals_of(text: &str) -> u32 {
    let fraction = text.rsplit_once('.').map_or("", |(_, fraction)| fraction);
    fraction.bytes().take_while(u8::is_ascii_digit).count() as u32
}
