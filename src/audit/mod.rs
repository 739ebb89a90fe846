//! 审核: reads a report as it will be published, and says where it contradicts itself.
//!
//! Rules are data of the form ([`rules`]); formulas ([`formula`]) compare published cells as
//! intervals ([`quantity`]); checks ([`checks`]) look at texts. Reasons ([`reasons`]) of the source
//! let warnings pass.

mod balance;
mod checks;
pub mod codes;
mod evaluate;
mod facts;
pub mod formula;
mod grammar;
pub mod ids;
mod memo;
mod passages;
pub mod prose;
pub mod quantity;
mod reasons;
pub mod rules;
pub(crate) mod sheet;
mod workings;

use rust_decimal::Decimal;

use crate::budget::{Budget, Figure, Format};
use crate::finding::{Finding, Required, Severity, Shown, Sides, Spot};
use crate::form::Form;
use crate::new_year::locking;
use crate::report::{Address, Report};
use checks::{Hit, View};
pub use evaluate::Tally;
use evaluate::{Breach, Published};
use facts::Facts;
use passages::Passages;
pub use quantity::Part;
use quantity::{Dimension, Verdict};
use rules::{Kind, Rule};
pub use sheet::{At, Sheet, bare};
pub use workings::{Workings, workings};

/// Ratios are endless; more decimals tell nobody anything.
const MOST_DECIMALS: u32 = 12;

/// 尾数误差: the code of differences that only rounding makes.
pub const ROUNDING: &str = "R-01";
/// Rounding of the source that the print shows as more than its last digits.
pub const COARSE_ROUNDING: &str = "R-02";

/// Rules of a form that a report never had use for.
pub const UNUSED_RULES: &str = "R-08";

/// 舍位平衡: the code of each printed amount that was moved.
pub const BALANCED: &str = "R-04";

/// Balances the tables that ask for it, and lists every amount that prints other than rounded.
pub fn balance(form: &Form, budget: &Budget, report: &mut Report) -> Vec<Finding> {
    let wanted = report.tables().any(|table| table.format.balance);
    let Some(rules) = form.rules.as_ref().filter(|_| wanted) else { return Vec::new() };
    let texts = form.short_texts(budget);
    let (rules, findings) = rules::ready(rules, &form.ids, |prose| texts.rule(&rules.file, prose));
    let moves = balance::balance(form, report, &rules, &budget.format);
    let moved = moves.iter().map(|moved| {
        let message = format!(
            "舍位平衡：{}“{}”的“{}”由 {} 印成 {}",
            moved.parts.join("、"),
            moved.row,
            moved.column,
            moved.before,
            moved.after
        );
        let finding = Finding::new(BALANCED, Severity::Info, message);
        match moved.figure.places().first() {
            Some(place) => finding.at(&report.file, place.clone()),
            None => finding,
        }
    });
    findings.into_iter().chain(moved.collect::<Vec<_>>()).collect()
}

/// 公开要素: the checklist that the form's rules hold.
pub fn checklist(form: &Form, report: &Report, budget: &Budget) -> Vec<Required> {
    let entries = form.rules.iter().flat_map(|rules| &rules.value.rules);
    let words = entries
        .filter(|entry| entry.check == Some(rules::Check::Required))
        .flat_map(|entry| &entry.words);
    let passages = Passages::of(report, budget.format);
    let required =
        words.filter_map(|word| word.0.text.split_once('=')).map(|(what, part)| Required {
            what: what.to_owned(),
            part: part.to_owned(),
            addresses: passages.part(part).map(|passage| passage.address).collect(),
            page: None,
        });
    required.collect()
}

/// Everything that the form's rules find in a report, with the source's reasons put to it.
pub fn audit(form: &Form, budget: &Budget, report: &Report) -> Vec<Finding> {
    let Some(rules) = &form.rules else { return budget.findings.clone() };
    let texts = form.short_texts(budget);
    let (rules, mut findings) =
        rules::ready(rules, &form.ids, |prose| texts.rule(&rules.file, prose));
    let published = Published::new(form, report, budget.format);
    let asks = rules.iter().any(|rule| matches!(rule.kind, Kind::Fact));
    let facts = asks.then(|| Facts::of(budget, &texts));
    let mut view = View { form, budget, report, passages: &published.passages, prose: &[] };
    let prose = prose::faults(&view, &budget.source.tree, &texts);
    view.prose = &prose;
    let auditor = Auditor { form, budget, report, published: &published, view, facts };
    let mut idle = Vec::new();
    for rule in &rules {
        match auditor.apply(rule) {
            Ok((found, tally)) => {
                findings.extend(found);
                idle.extend(
                    (tally == Some(Tally::default())).then_some(rule.entry.code.text.as_str()),
                );
            }
            Err(message) => findings.push(auditor.bad_rule(rule, &message)),
        }
    }
    findings.extend((form.is_own && !idle.is_empty()).then(|| never_applied(&idle)));
    findings.extend(form.new_year.iter().flat_map(|plan| locking::check(plan, budget)));
    findings.extend(budget.findings.iter().chain(&texts.findings).cloned());
    let codes =
        form.rules.iter().flat_map(|rules| &rules.value.rules).map(|it| it.code.text.as_str());
    reasons::put(&mut findings, budget, &texts, &codes.collect());
    findings
}

/// How often each rule of a form was applied to a report, or why it cannot be; checks of texts are
/// always applied.
pub fn usage(form: &Form, budget: &Budget, report: &Report) -> Vec<(String, Usage)> {
    let Some(rules) = &form.rules else { return Vec::new() };
    let texts = form.short_texts(budget);
    let (rules, _) = rules::ready(rules, &form.ids, |prose| texts.rule(&rules.file, prose));
    let published = Published::new(form, report, budget.format);
    let usage = rules.iter().filter_map(|rule| match &rule.kind {
        Kind::Formula(formula) => {
            let usage = published.breaches(formula).map(|(_, tally)| tally);
            Some((rule.entry.code.text.clone(), usage))
        }
        Kind::Check(..) | Kind::Fact => None,
    });
    usage.collect()
}

/// How often a rule was applied, or why it cannot be.
pub type Usage = Result<Tally, String>;

/// Rules that found nothing to look at: for the form's author.
fn never_applied(codes: &[&str]) -> Finding {
    let message = format!("这些规则在这份报告里一次也没有用上：{}", codes.join("、"));
    Finding::new(UNUSED_RULES, Severity::Info, message)
        .help("这份报告用不着的不必管；写错了表、行、栏或句子的，改 rules.yaml；各条用了几次见 yusuan rules --used")
}

struct Auditor<'a> {
    form: &'a Form,
    budget: &'a Budget,
    report: &'a Report,
    published: &'a Published<'a>,
    view: View<'a>,
    facts: Option<Facts<'a>>,
}

impl Auditor<'_> {
    /// What a rule finds, and how often a formula was applied.
    fn apply(&self, rule: &Rule<'_>) -> Result<(Vec<Finding>, Option<Tally>), String> {
        match &rule.kind {
            Kind::Formula(formula) => {
                let (breaches, tally) = self.published.breaches(formula)?;
                let found = breaches.iter().map(|breach| self.breach(rule, breach)).collect();
                Ok((found, Some(tally)))
            }
            Kind::Fact => {
                let Some(facts) = self.facts.as_ref() else { return Ok((Vec::new(), None)) };
                let (hits, asked) = facts.hits(rule.entry)?;
                let found = hits.into_iter().map(|hit| self.hit(rule, hit)).collect();
                Ok((found, Some(Tally { applied: asked, excused: usize::from(asked == 0) })))
            }
            Kind::Check(check, words) => {
                let hits = self.view.run(*check, words)?;
                Ok((hits.into_iter().map(|hit| self.hit(rule, hit)).collect(), None))
            }
        }
    }

    fn breach(&self, rule: &Rule<'_>, breach: &Breach) -> Finding {
        let sentence = &rule.entry.sentence.text;
        let code = rule.entry.code.text.as_str();
        let (left, right) = (&breach.left, &breach.right);
        let seen = self.told(breach, left.printed, right.printed);
        let (code, severity, message) = match breach.verdict {
            Verdict::RoundedPrint => (
                ROUNDING,
                Severity::Info,
                format!(
                    "尾数误差：{sentence}（{code}），{} 与 {} 差 {}",
                    seen.actual,
                    seen.expected,
                    seen.difference.trim_start_matches('-')
                ),
            ),
            Verdict::RoundedSource => (
                COARSE_ROUNDING,
                Severity::Warning,
                format!(
                    "{sentence}（{code}），{} 与 {} 差 {}，比一般的四舍五入大",
                    seen.actual,
                    seen.expected,
                    seen.difference.trim_start_matches('-')
                ),
            ),
            _ => (code, Severity::from(rule.entry.level), sentence.clone()),
        };
        let sides = self.sides(breach);
        let message = match breach.verdict {
            Verdict::Inconsistent => format!(
                "{message}：{} {} {}，差 {}",
                sides.actual,
                breach.relation.broken(),
                sides.expected,
                sides.difference.trim_start_matches('-')
            ),
            _ => message,
        };
        let mut finding = Finding::new(code, severity, message);
        finding.sides = Some(sides);
        finding.shown = breach.at.and_then(|(table, at)| self.shown(table, at));
        self.feed(&mut finding, left.figures.iter().chain(&right.figures));
        finding.help = match (breach.verdict, &rule.entry.help) {
            (Verdict::RoundedPrint, _) => None,
            (Verdict::RoundedSource, _) => Some(
                "先看有没有填错的数；都对的，把准确的合计写进数据文件（例如“支出合计”），不由四舍五入后的各项相加".into(),
            ),
            (_, Some(help)) => Some(help.text.clone()),
            (_, None) => Some("核对标出的各处，改错的那一个".into()),
        };
        finding
    }

    fn hit(&self, rule: &Rule<'_>, hit: Hit) -> Finding {
        let entry = &rule.entry;
        let separator = if hit.message.is_empty() { "" } else { "：" };
        let place = if hit.part.is_empty() { String::new() } else { format!("{} ", hit.part) };
        let message = format!("{}{separator}{place}{}", entry.sentence.text, hit.message);
        let mut finding = Finding::new(&entry.code.text, entry.level.into(), message);
        finding.help = hit.help.or_else(|| entry.help.as_ref().map(|help| help.text.clone()));
        if let Some(place) = hit.place {
            finding = finding.at(&self.report.file, place);
        }
        let spot = |range| Spot { file: self.report.file.clone(), range };
        finding.feeds = hit.feeds.into_iter().map(spot).collect();
        finding.sides = hit.sides;
        finding.shown = hit.address.map(|address| Shown {
            address,
            part: hit.part,
            row: None,
            column: None,
            page: None,
        });
        finding
    }

    /// Both sides as the reader sees them; with more decimals where the print hides the fault.
    fn sides(&self, breach: &Breach) -> Sides {
        let Breach { left, right, .. } = breach;
        let money = self.format(breach).is_some();
        match money && !breach.relation.holds(left.printed, right.printed) {
            true => self.told(breach, left.printed, right.printed),
            false => self.told(breach, left.amount, right.amount),
        }
    }

    /// Two numbers as the sides of a breach are printed, in the decimals in which they differ.
    fn told(&self, breach: &Breach, left: Decimal, right: Decimal) -> Sides {
        if let Some(format) = self.format(breach) {
            return format.sides(left, right);
        }
        let percent = [&breach.left, &breach.right].iter().any(|it| it.kind == Dimension::Percent);
        let sign = if percent { "%" } else { "" };
        let differ = |at: &u32| left.round_dp(*at) != right.round_dp(*at);
        let decimals = (2..MOST_DECIMALS).find(differ).unwrap_or(MOST_DECIMALS);
        let text = |number: Decimal| format!("{}{sign}", number.round_dp(decimals).normalize());
        Sides { actual: text(left), expected: text(right), difference: text(left - right) }
    }

    /// How amounts are printed where a breach stands; nothing where it is about other numbers.
    fn format(&self, breach: &Breach) -> Option<Format> {
        let Breach { left, right, .. } = breach;
        let money = |kind| matches!(kind, Dimension::Money | Dimension::Number);
        let own = left.format.or(right.format).unwrap_or(self.budget.format);
        (money(left.kind) && money(right.kind)).then_some(own)
    }

    fn shown(&self, table: usize, at: sheet::At) -> Option<Shown> {
        let printed = self.report.tables().nth(table)?;
        let sheet = self.published.sheets.get(&printed.id)?;
        let cells = &printed.grid.rows[at.row].cells;
        let cell = cells
            .iter()
            .position(|cell| (cell.column..cell.column + cell.columns).contains(&at.column))?;
        Some(Shown {
            address: Address::Cell { table, row: at.row, cell },
            part: printed.id.clone(),
            row: Some(sheet.row_name(at)).filter(|name| !name.is_empty()),
            column: Some(sheet.column_name(at.column)),
            page: None,
        })
    }

    /// Points the finding at every place that feeds it, the first in front.
    fn feed<'f>(&self, finding: &mut Finding, figures: impl Iterator<Item = &'f Figure>) {
        let mut places: Vec<_> = figures.flat_map(Figure::places).collect();
        places.sort_by_key(|place| place.start);
        places.dedup();
        let mut spots =
            places.into_iter().map(|range| Spot { file: self.report.file.clone(), range });
        finding.spot = spots.next();
        finding.feeds = spots.collect();
    }

    fn bad_rule(&self, rule: &Rule<'_>, message: &str) -> Finding {
        let finding =
            Finding::error("F03", format!("规则 {} 用不了：{message}", rule.entry.code.text))
                .help("改 rules.yaml；公式的写法见 docs/forms.md");
        let place = match &rule.entry.formula {
            Some(formula) => formula.0.place.clone(),
            None => rule.entry.code.place.clone(),
        };
        match &self.form.rules {
            Some(rules) => finding.at(&rules.file, place),
            None => finding,
        }
    }
}
