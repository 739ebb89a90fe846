//! 年份: years in the texts, each in its own clause.

use std::sync::LazyLock;

use regex::Regex;

use super::{Hit, Patterns, View};
use crate::audit::passages::Passage;
use crate::audit::prose::{Kind, chinese_year};

/// So many years ahead a plan or a contract may reach.
const AHEAD: u32 = 10;
/// The first year that a document may name.
const FIRST: u32 = 1949;

static YEAR: LazyLock<Regex> = LazyLock::new(|| {
    made(
        r"([0-9]{4}|[〇○零一二三四五六七八九]{4})[ 　]*年(?:[ 　]*([0-9]{1,2})[ 　]*月)?(?:[ 　]*([0-9]{1,2})[ 　]*日)?",
    )
});
static NUMBER: LazyLock<Regex> = LazyLock::new(|| made(r"〔([0-9]{4})[〕）]"));
static RANGE: LazyLock<Regex> =
    LazyLock::new(|| made(r"([0-9]{4})[ 　]*年?[ 　]*[—－~～至-]+[ 　]*([0-9]{4})[ 　]*年"));
static TERM: LazyLock<Regex> = LazyLock::new(|| {
    made(
        r"([一二三四五六七八九十]|[0-9])年期[^。；]{0,16}?([0-9]{4})年(?:[0-9]+月)?[^。；]{0,14}?([0-9]{4})年(?:[0-9]+月)?[^。；，]{0,4}到期|([0-9]{4})年[^。；，]{0,6}签订的([一二三四五六七八九十]|[0-9])年期[^。；，]{0,10}?([0-9]{4})年[^。；，]{0,4}到期",
    )
});

fn made(pattern: &str) -> Regex {
    Regex::new(pattern).expect("the pattern is valid")
}

impl View<'_> {
    /// Years other than this and the last where no word says that they belong; years and dates that
    /// are none, and years that do not fit to what they are said of.
    pub(super) fn years(&self, words: &[String]) -> Result<Vec<Hit>, String> {
        let allowed = Patterns::new(words)?;
        let mut hits = Vec::new();
        for passage in &self.passages.all {
            if !passage.text.contains(['年', '〔']) {
                continue;
            }
            let titles = titles(&passage.text);
            self.single_years(passage, &titles, &allowed, &mut hits);
            if passage.text.contains('〔') {
                self.document_numbers(passage, &mut hits);
            }
            if passage.text.contains(['—', '－', '~', '～', '至', '-']) {
                self.plans(passage, &mut hits);
            }
            if passage.text.contains("年期") {
                self.terms(passage, &mut hits);
            }
        }
        hits.extend(self.prose(Kind::Year));
        Ok(hits)
    }

    fn single_years(
        &self,
        passage: &Passage<'_>,
        titles: &[std::ops::Range<usize>],
        allowed: &Patterns<'_>,
        hits: &mut Vec<Hit>,
    ) {
        let this = self.budget.source.value.year.count;
        let text = passage.text.as_str();
        for found in YEAR.captures_iter(text) {
            let (Some(whole), Some(digits)) = (found.get(0), found.get(1)) else { continue };
            let before = text[..whole.start()].chars().next_back();
            let in_title = titles.iter().any(|title| title.contains(&whole.start()));
            if in_title || before.is_some_and(|c| c.is_ascii_digit()) {
                continue;
            }
            let Some(year) = digits.as_str().parse().ok().or_else(|| chinese_year(digits.as_str()))
            else {
                continue;
            };
            let part = |nth: usize| found.get(nth).and_then(|it| it.as_str().parse::<u32>().ok());
            let (month, day) = (part(2), part(3));
            let clause = clause(text, whole.start());
            let belongs = allowed.is_match(clause);
            let what = if !(FIRST..=this + AHEAD).contains(&year) {
                "没有这样的年份"
            } else if month.is_some_and(|it| !(1..=12).contains(&it))
                || day.is_some_and(|it| !(1..=31).contains(&it))
            {
                "没有这一天"
            } else if self.is_ahead(year, month, &text[..whole.start()]) {
                "截至的日期还没有到"
            } else if year + 1 < this && !belongs {
                ""
            } else {
                continue;
            };
            let mut hit = self.hit(passage, whole.start(), &text[whole.range()]);
            if !what.is_empty() {
                hit.message = format!("{}；{what}", hit.message);
            }
            hits.push(hit);
        }
    }

    /// 截至 a date that is behind the report's own.
    fn is_ahead(&self, year: u32, month: Option<u32>, before: &str) -> bool {
        let source = &self.budget.source.value;
        let this = source.year.count;
        let ahead = match &source.date {
            Some(date) => {
                let own = (u32::try_from(date.year).unwrap_or(this), u32::from(date.month));
                (year, month.unwrap_or(1)) > own
            }
            None => (year, month.unwrap_or(1)) > (this, 6),
        };
        before.trim_end().ends_with("截至") && ahead
    }

    /// 〔2032〕18号
    fn document_numbers(&self, passage: &Passage<'_>, hits: &mut Vec<Hit>) {
        let this = self.budget.source.value.year.count;
        for found in NUMBER.captures_iter(&passage.text).filter_map(|found| found.get(1)) {
            let year: u32 = found.as_str().parse().unwrap_or(this);
            if !(FIRST..=this).contains(&year) {
                let hit = self.hit(passage, found.start(), found.as_str());
                hits.push(Hit {
                    message: format!("{}；文号的年份不对", hit.message), ..hit
                });
            }
        }
    }

    /// “十四五”（2016—2020年）
    fn plans(&self, passage: &Passage<'_>, hits: &mut Vec<Hit>) {
        let plans = self.form.prose.iter().flat_map(|prose| &prose.value.plans.0);
        let plans: Vec<(&str, &str)> =
            plans.map(|(name, years)| (name.text.as_str(), years.text.as_str())).collect();
        for found in RANGE.captures_iter(&passage.text) {
            let (Some(whole), Some(from), Some(to)) = (found.get(0), found.get(1), found.get(2))
            else {
                continue;
            };
            let before = &passage.text[..whole.start()];
            let sentence = before.rfind(['。', '；', '，']).map_or(before, |at| &before[at..]);
            let plan =
                plans.iter().filter_map(|(name, years)| Some((sentence.rfind(name)?, name, years)));
            let said = format!("{}-{}", from.as_str(), to.as_str());
            let message = match plan.max() {
                Some((_, name, years)) if **years != said => format!("“{name}”是 {years} 年"),
                None if from.as_str() > to.as_str() => "起止的年份反了".to_owned(),
                _ => continue,
            };
            let hit = self.hit(passage, whole.start(), whole.as_str());
            hits.push(Hit { message: format!("{}；{message}", hit.message), ..hit });
        }
    }

    /// 2019年1月签订的五年期合同，2021年到期
    fn terms(&self, passage: &Passage<'_>, hits: &mut Vec<Hit>) {
        for found in TERM.captures_iter(&passage.text) {
            let group = |nth: usize| found.get(nth).map(|it| it.as_str());
            let (years, from, to) = match group(1) {
                Some(years) => (years, group(2), found.get(3)),
                None => (group(5).unwrap_or_default(), group(4), found.get(6)),
            };
            let (Some(from), Some(to)) = (from.and_then(|it| it.parse::<u32>().ok()), to) else {
                continue;
            };
            let digit = "一二三四五六七八九十".chars().position(|c| years.starts_with(c));
            let years = digit.map_or_else(|| years.parse().unwrap_or(0), |at| at as u32 + 1);
            let end: u32 = to.as_str().parse().unwrap_or(0);
            if years > 0 && !(from + years - 1..=from + years).contains(&end) {
                let hit = self.hit(passage, to.start(), &format!("{}年", to.as_str()));
                let meant = from + years;
                let message =
                    format!("{}；{years} 年期应到 {} 年或 {meant} 年", hit.message, meant - 1);
                hits.push(Hit { message, ..hit });
            }
        }
    }
}

/// Where titles of laws and documents stand.
fn titles(text: &str) -> Vec<std::ops::Range<usize>> {
    let opens = text.match_indices('《');
    opens.filter_map(|(at, _)| Some(at..at + text[at..].find('》')?)).collect()
}

/// The clause around a byte, without its brackets: 印发 behind a title in it speaks of that.
fn clause(text: &str, at: usize) -> &str {
    let stops = ['。', '；', '，', ';', '\n'];
    let start = text[..at]
        .rfind(stops)
        .map_or(0, |stop| stop + text[stop..].chars().next().map_or(1, char::len_utf8));
    let end = text[at..].find(stops).map_or(text.len(), |stop| at + stop);
    &text[start..end]
}
