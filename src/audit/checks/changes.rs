//! 增减: great changes of which nothing is said.

use super::{Hit, View};
use crate::budget::figure::round_half_up;
use crate::budget::{Figure, Format};

/// Something whose amounts of this year and last are known.
struct Compared<'a> {
    name: &'a str,
    this: &'a Figure,
    last: &'a Figure,
    /// Whether the form asks for a reason and none is written.
    unexplained: bool,
}

impl View<'_> {
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
                ..Hit::of_figures(
                    format!(
                        "{}，没有写原因",
                        it.name.to_owned() + &change_told(&self.budget.format, it.this, it.last, 0)
                    ),
                    [it.this, it.last],
                )
            }
        });
        hits.collect()
    }

    /// Everything that the budget compares with last year.
    fn compared(&self) -> Vec<Compared<'_>> {
        let source = &self.budget.source.value;
        let whole = &self.budget.whole;
        let mut all = Vec::new();
        let mut push = |name, this, last, unexplained| {
            all.push(Compared { name, this, last, unexplained });
        };
        if let Some((income, spending)) = &self.budget.last_year {
            let unexplained = source.change_reason.is_none();
            let spent = &whole.spending.total;
            push("收入总计", &whole.income.total, income, unexplained);
            let same = spent.amount() == whole.income.total.amount()
                && spending.amount() == income.amount();
            push("支出总计", spent, spending, unexplained && !same);
        }
        for project in &whole.projects {
            if let Some(last) = &project.last_year {
                let name = project.facts.name.text.as_str();
                push(name, &project.amount, last, project.facts.reason.is_none());
            }
        }
        let notes = &source.official_notes;
        let (this, last) = (&whole.official.this, &whole.official.last);
        push("“三公”经费", &this.total, &last.total, false);
        push("因公出国（境）费", &this.abroad, &last.abroad, notes.abroad.is_none());
        push("公务接待费", &this.reception, &last.reception, notes.reception.is_none());
        let (bought, was) = (&this.car_purchase, &last.car_purchase);
        push("公务用车购置费", bought, was, notes.car_purchase.is_none());
        let (running, was) = (&this.car_running, &last.car_running);
        push("公务用车运行维护费", running, was, notes.car_running.is_none());
        if let Some((this, last)) = &self.budget.operating {
            push("机关运行经费", this, last, false);
        }
        all
    }
}

/// 从 4,670 到 10,327，增加 5,657，增长 121%; the rate with so many decimals.
pub fn change_told(format: &Format, this: &Figure, last: &Figure, decimals: u32) -> String {
    let decimals = decimals.max(format.rate_decimals);
    let format = format.apart(this.amount(), last.amount());
    let change = this.minus(last);
    let (this_told, last_told) = (format.print(this), format.print(last));
    let (word, rate_word) = match change.sign() {
        0 => return format!("从 {last_told} 到 {this_told}，没有增减"),
        1 => ("增加", "增长"),
        _ => ("减少", "下降"),
    };
    let size = format.print(&change.abs());
    let told = format!("从 {last_told} 到 {this_told}，{word} {size}");
    match this.percent_from(last, decimals) {
        Some(rate) => told + &format!("，{rate_word} {rate:.*}%", decimals as usize),
        None => told + "（上年为零，没有增长率）",
    }
}
