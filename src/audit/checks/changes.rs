//! 增减: what is said of changes, and changes of which nothing is said.

use std::ops::Range;

use regex::Regex;

use super::{Hit, View, hit};
use crate::budget::{Figure, Origin as From};
use crate::report::Origin;

impl View<'_> {
    /// 增加 before a fall, 减少 before a rise.
    pub(super) fn directions(&self) -> Vec<Hit> {
        let word_before = |text: &str, words: [&'static str; 3]| {
            words.into_iter().find(|word| text.ends_with(word))
        };
        self.changes(|text, printed, this, last| {
            let before = &text[..printed.start];
            let change = this.minus(last);
            let rise = word_before(before, ["增加", "增长", "上升"]).filter(|_| change.sign() < 0);
            let fall = word_before(before, ["减少", "下降", "降低"]).filter(|_| change.sign() > 0);
            let word = rise.or(fall)?;
            Some(printed.start - word.len()..printed.start)
        })
    }

    /// A percentage behind a change from zero.
    pub(super) fn zero_bases(&self) -> Vec<Hit> {
        let rate = Regex::new(r"^[^。；]{0,12}?([\d.]+%)").expect("the pattern is valid");
        self.changes(|text, printed, this, last| {
            let rate = rate.captures(&text[printed.end..])?.get(1)?.range();
            let grown = last.is_zero() && !this.is_zero();
            grown.then_some(printed.end + rate.start..printed.end + rate.end)
        })
    }

    /// Looks at every printed change: the text, where the change stands in it, this year and the
    /// last. What is wrong is a stretch of the text.
    pub(super) fn changes(
        &self,
        wrong: impl Fn(&str, Range<usize>, &Figure, &Figure) -> Option<Range<usize>>,
    ) -> Vec<Hit> {
        let mut hits = Vec::new();
        for passage in &self.passages.all {
            let mut start = 0;
            for piece in passage.line {
                let printed = start..start + piece.text.len();
                start = printed.end;
                if let Origin::Figure(figure) = &piece.origin
                    && let From::Difference(this, last) = figure.origin()
                    && let Some(words) = wrong(&passage.text, printed, this, last)
                {
                    let message = format!("写着“{}”", &passage.text[words.clone()]);
                    let found = hit(passage, words.start, &passage.text[words]);
                    hits.push(Hit { message, ..found });
                }
            }
        }
        hits
    }

    /// Great changes that nobody explains.
    pub(super) fn reasons(&self, percent: u32) -> Vec<Hit> {
        let great = |this: &Figure, last: &Figure| match this.rate_from(last) {
            Some(rate) => rate.amount() >= percent.into(),
            None => !this.is_zero(),
        };
        let mut hits = Vec::new();
        let mut look = |name: &str, this: &Figure, last: &Figure| {
            let format = &self.budget.format;
            if great(this, last) {
                hits.push(Hit {
                    message: format!(
                        "{name}从 {} 到 {}，没有写原因",
                        format.print(last),
                        format.print(this)
                    ),
                    address: None,
                    part: String::new(),
                    place: this.places().first().cloned(),
                    words: String::new(),
                });
            }
        };
        let whole = &self.budget.whole;
        if let Some((income, spending)) = &self.budget.last_year
            && self.budget.source.value.change_reason.is_none()
        {
            look("收入总计", &whole.income.total, income);
            look("支出总计", &whole.spending.total, spending);
        }
        for project in &whole.projects {
            if let (Some(last), None) = (&project.last_year, &project.facts.reason) {
                look(&project.facts.name.text, &project.amount, last);
            }
        }
        let notes = &self.budget.source.value.official_notes;
        let (this, last) = (&whole.official.this, &whole.official.last);
        let items = [
            ("因公出国（境）费", &this.abroad, &last.abroad, &notes.abroad),
            ("公务接待费", &this.reception, &last.reception, &notes.reception),
            ("公务用车购置费", &this.car_purchase, &last.car_purchase, &notes.car_purchase),
            ("公务用车运行维护费", &this.car_running, &last.car_running, &notes.car_running),
        ];
        for (name, this, last, note) in items {
            if note.is_none() {
                look(name, this, last);
            }
        }
        hits
    }
}
