//! Amounts and counts: what a fact is, this year or last.

use rust_decimal::Decimal;

use super::claims::{Noun, Subject, Year};
use super::judge::{Found, Judge, Kind};
use super::names::Known;
use super::reader::{Number, Unit};
use crate::budget::{Figure, Measure};

/// An amount of so many digits is no other one by chance.
const TELLING: usize = 3;

impl Judge<'_, '_> {
    pub(super) fn amount(
        &self,
        known: &[Known],
        year: Year,
        number: usize,
        gained: bool,
        noun: &Noun,
    ) -> Found {
        let typed = self.number(number)?;
        if typed.quoted.is_some() {
            return None;
        }
        if let Unit::Count(unit) = &typed.unit {
            return self.count(noun, number, unit, gained);
        }
        let is_money = |figure: &&Figure| figure.measure() == Measure::Money;
        let of = |it: &Known, last: bool| {
            let figure = if last { it.last.clone() } else { it.this.clone() };
            figure.filter(|it| is_money(&it)).map(|figure| (it.label.clone(), figure))
        };
        let all = |last: bool| known.iter().filter_map(|it| of(it, last)).collect::<Vec<_>>();
        let fits = |list: &[(String, Figure)]| {
            list.iter().find(|(_, it)| self.meets(number, it.amount(), it.slack())).cloned()
        };
        let (these, lasts) = (all(false), all(true));
        let this_year = self.budget.source.value.year.count;
        let (wanted, others, word) = match year {
            Year::This | Year::Unsaid => (&these, &lasts, format!("上年（{} 年）", this_year - 1)),
            Year::Last => (&lasts, &these, format!("本年（{this_year} 年）")),
            Year::Other(_) => {
                let (label, figure) = fits(&these).filter(|_| typed.telling > TELLING)?;
                let told = self.told(&figure, self.held(typed));
                let message = format!("{told} 是{label} {this_year} 年的数");
                return Some((Kind::Year, message, vec![figure]));
            }
        };
        if wanted.is_empty() {
            let (label, figure) = fits(others).filter(|_| typed.telling >= TELLING)?;
            let told = self.told(&figure, self.held(typed));
            return Some((Kind::Year, format!("{told} 是{label}{word}的数"), vec![figure]));
        }
        let grown = gained
            && known.iter().any(|it| match (&it.this, &it.last) {
                (Some(this), Some(last)) => {
                    let change = this.minus(last);
                    self.meets(number, change.amount().abs(), change.slack())
                }
                _ => false,
            });
        if fits(wanted).is_some() || grown {
            return None;
        }
        let held = self.held(typed);
        let (label, figure) = wanted.iter().min_by_key(|(_, it)| (it.amount() - held).abs())?;
        let of_year = if year == Year::Last { "上年" } else { "" };
        let mut message = format!("{label}{of_year}是 {}", self.told(figure, held));
        if let Some(meant) = self.slip(typed, figure) {
            message += &format!("，单位写错了：是不是 {meant}？");
        } else if let Some((label, other)) = fits(others) {
            message += &format!("；{} 是{label}{word}的数", self.told(&other, held));
        }
        Some((Kind::Amount, message, vec![figure.clone()]))
    }

    /// The same digits with the unit that would be right.
    fn slip(&self, typed: &Number<'_>, figure: &Figure) -> Option<String> {
        let Unit::Money(said) = typed.unit else { return None };
        let units = self.names.vocabulary.money.0.iter();
        let meant = units.filter_map(|(name, yuan)| {
            let yuan = Decimal::from_str_exact(&yuan.text).ok()?;
            // 百万元 is nobody's slip.
            let common = [1, 10_000, 100_000_000].iter().any(|it| yuan == Decimal::from(*it));
            common.then_some((name.text.as_str(), yuan))
        });
        let near = |yuan: Decimal| {
            let own = Number { unit: Unit::Money(yuan), ..typed.clone() };
            let (low, high) = own.bounds();
            let yuan_of =
                |amount| crate::audit::quantity::Quantity::yuan_of(amount, &self.budget.format);
            let (amount, slack) = (yuan_of(figure.amount()), yuan_of(figure.slack()));
            low.is_some_and(|low| low <= amount + slack)
                && high.is_some_and(|high| amount - slack <= high)
        };
        let mut fitting =
            meant.filter(|(name, yuan)| *yuan != said && name.ends_with('元') && near(*yuan));
        fitting.next().map(|(name, _)| format!("{}{name}", grouped(typed.typed)))
    }

    fn count(&self, noun: &Noun, number: usize, unit: &str, gained: bool) -> Found {
        let counted = noun.facts.iter().filter(|fact| {
            let declared = self.names.declaration(**fact);
            declared.is_some_and(|named| named.counters.iter().any(|it| it.text == unit))
        });
        let mut facts: Vec<usize> = counted.copied().collect();
        if gained {
            let planned = facts.iter().filter_map(|fact| {
                self.names.declared(&self.names.declaration(*fact)?.planned.as_ref()?.text)
            });
            let planned: Vec<usize> = planned.collect();
            facts = if planned.is_empty() { facts } else { planned };
        }
        let known = self.known(&Noun { facts, ..noun.clone() });
        let figures: Vec<(String, Figure)> =
            known.into_iter().filter_map(|it| Some((it.label, it.this?))).collect();
        if figures.iter().any(|(_, it)| self.meets(number, it.amount(), it.slack())) {
            return None;
        }
        let (label, figure) = figures.first()?;
        let message = format!("{label}是 {}{unit}", figure.amount().normalize());
        Some((Kind::Count, message, vec![figure.clone()]))
    }

    /// 甲、乙和丙合计
    pub(super) fn total(&self, subject: &Subject, number: usize) -> Found {
        let Subject::Nouns(nouns) = subject else { return None };
        let typed = self.number(number)?;
        let parts: Option<Vec<Figure>> =
            nouns.iter().map(|noun| self.known(noun).into_iter().find_map(|it| it.this)).collect();
        let sum = Figure::sum(parts?);
        let is_count = matches!(typed.unit, Unit::Count(_));
        if (sum.measure() == Measure::Money) == is_count
            || self.meets(number, sum.amount(), sum.slack())
        {
            return None;
        }
        let kind = if is_count { Kind::Count } else { Kind::Amount };
        Some((kind, format!("各数相加是 {}", self.told(&sum, self.held(typed))), vec![sum]))
    }

    /// 没有安排: though there is something.
    pub(super) fn nothing(&self, known: &[Known], year: Year, planned: bool, noun: &Noun) -> Found {
        let plans: Vec<usize> = noun
            .facts
            .iter()
            .filter_map(|fact| {
                self.names.declared(&self.names.declaration(*fact)?.planned.as_ref()?.text)
            })
            .collect();
        let planned = planned.then(|| self.known(&Noun::of(plans)));
        let known = planned.as_deref().unwrap_or(known);
        let of = |it: &Known| match year {
            Year::Last => it.last.clone(),
            Year::Other(_) => None,
            _ => it.this.clone(),
        };
        let figures: Vec<(String, Figure)> =
            known.iter().filter_map(|it| Some((it.label.clone(), of(it)?))).collect();
        if figures.iter().any(|(_, it)| it.is_zero()) {
            return None;
        }
        let (label, figure) = figures.first()?;
        let of_year = if year == Year::Last { "上年" } else { "" };
        let kind = if figure.measure() == Measure::Money { Kind::Amount } else { Kind::Count };
        let told = self.told(figure, Decimal::ZERO);
        Some((kind, format!("{label}{of_year}是 {told}"), vec![figure.clone()]))
    }

    /// 平均每辆
    pub(super) fn average(&self, known: &[Known], number: usize, count: usize) -> Found {
        let (typed, counted) = (self.number(number)?, self.number(count)?.typed);
        let figures: Vec<&Known> = known.iter().filter(|it| it.this.is_some()).collect();
        let mean = |it: &Known| {
            let this = it.this.as_ref()?;
            let slack = this.slack().checked_div(counted)?;
            Some((this.amount().checked_div(counted)?, slack))
        };
        let means: Vec<(Decimal, Decimal)> = figures.iter().filter_map(|it| mean(it)).collect();
        if means.is_empty() || means.iter().any(|(mean, slack)| self.meets(number, *mean, *slack)) {
            return None;
        }
        let format = self.budget.format.apart(means[0].0, self.held(typed));
        let told = format!("{}{}", format.print_amount(means[0].0), format.unit_name());
        let label = &figures[0].label;
        let figures = figures[0].this.iter().cloned().collect();
        Some((Kind::Arithmetic, format!("{label}除以 {} 是 {told}", counted.normalize()), figures))
    }
}

/// A number with commas.
fn grouped(number: Decimal) -> String {
    let text = number.to_string();
    let (integer, fraction) = text.split_at(text.find('.').unwrap_or(text.len()));
    let mut out = String::new();
    for (at, digit) in integer.chars().enumerate() {
        if at > 0 && (integer.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out + fraction
}
