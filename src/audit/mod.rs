//! 审核: reads a report as it will be published, and says where it contradicts itself.
//!
//! Rules are data of the form ([`rules`]); formulas ([`formula`]) compare published cells as
//! intervals ([`quantity`]); checks ([`checks`]) look at texts. Reasons ([`reasons`]) of the source
//! let warnings pass.

mod balance;
mod checks;
pub mod codes;
mod evaluate;
pub mod formula;
mod memo;
mod passages;
pub mod prose;
pub mod quantity;
mod reasons;
pub mod rules;
pub(crate) mod sheet;
mod workings;

use crate::budget::{Budget, Figure, Measure};
use crate::finding::{Finding, Required, Severity, Shown, Sides, Spot};
use crate::form::Form;
use crate::new_year::locking;
use crate::report::{Address, Report};
use crate::source;
use checks::{Hit, View};
use evaluate::{Breach, Published};
use passages::Passages;
pub use quantity::Part;
use quantity::{Quantity, Verdict};
use rules::{Kind, Rule};
pub use sheet::{At, Sheet, bare};
pub use workings::{Workings, workings};

/// 尾数误差: the code of differences that only rounding makes.
pub const ROUNDING: &str = "R-01";
/// Rounding of the source that the print shows as more than its last digits.
pub const COARSE_ROUNDING: &str = "R-02";

/// 舍位平衡: the code of each printed amount that was moved.
pub const BALANCED: &str = "R-04";

/// Balances the tables that ask for it, and lists every amount that prints other than rounded.
pub fn balance(form: &Form, budget: &Budget, report: &mut Report) -> Vec<Finding> {
    let wanted = report.tables().any(|table| table.format.balance);
    let Some(rules) = form.rules.as_ref().filter(|_| wanted) else { return Vec::new() };
    let texts = form.short_texts(budget);
    let (rules, findings) = rules::ready(rules, |prose| texts.rule(&rules.file, prose));
    let moves = balance::balance(report, &rules, &budget.format);
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
    let (rules, mut findings) = rules::ready(rules, |prose| texts.rule(&rules.file, prose));
    let published = Published::new(Sheet::all(report), Passages::of(report, budget.format));
    let tree = source::tree_of(&budget.source.file);
    let mut view = View {
        form,
        budget,
        report,
        passages: &published.passages,
        tree: tree.as_ref(),
        prose: &[],
    };
    let prose = tree.as_ref().map(|tree| prose::faults(&view, tree, &texts)).unwrap_or_default();
    view.prose = &prose;
    let auditor = Auditor { form, budget, report, published: &published, view };
    for rule in &rules {
        match auditor.apply(rule) {
            Ok(found) => findings.extend(found),
            Err(message) => findings.push(auditor.bad_rule(rule, &message)),
        }
    }
    findings.extend(form.new_year.iter().flat_map(|plan| locking::check(plan, budget)));
    findings.extend(budget.findings.iter().cloned());
    let codes =
        form.rules.iter().flat_map(|rules| &rules.value.rules).map(|it| it.code.text.as_str());
    reasons::put(&mut findings, budget, &texts, &codes.collect());
    findings
}

struct Auditor<'a> {
    form: &'a Form,
    budget: &'a Budget,
    report: &'a Report,
    published: &'a Published<'a>,
    view: View<'a>,
}

impl Auditor<'_> {
    fn apply(&self, rule: &Rule<'_>) -> Result<Vec<Finding>, String> {
        match &rule.kind {
            Kind::Formula(formula) => {
                let breaches = self.published.breaches(formula)?;
                Ok(breaches.iter().map(|breach| self.breach(rule, breach)).collect())
            }
            Kind::Check(check, words) => {
                let hits = self.view.run(*check, words)?;
                Ok(hits.into_iter().map(|hit| self.hit(rule, hit)).collect())
            }
        }
    }

    fn breach(&self, rule: &Rule<'_>, breach: &Breach) -> Finding {
        let sentence = &rule.entry.sentence.text;
        let code = rule.entry.code.text.as_str();
        let (left, right) = (&breach.left, &breach.right);
        let seen = self.budget.format.sides(left.printed, right.printed);
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
        finding.shown = breach.at.as_ref().and_then(|(number, at)| self.shown(number, *at));
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
        let mut figures = breach.left.figures.iter().chain(&breach.right.figures);
        let counts = figures.any(|figure| figure.measure() != Measure::Money);
        let hidden = breach.relation.holds(breach.left.printed, breach.right.printed);
        let amount = |side: &Quantity| if counts || hidden { side.amount } else { side.printed };
        let (left, right) = (amount(&breach.left), amount(&breach.right));
        if !counts {
            return self.budget.format.sides(left, right);
        }
        let text = |amount: rust_decimal::Decimal| amount.normalize().to_string();
        Sides { actual: text(left), expected: text(right), difference: text(left - right) }
    }

    fn shown(&self, number: &str, at: sheet::At) -> Option<Shown> {
        let sheet = self.published.sheets.get(number)?;
        let table = self.report.tables().position(|table| table.number == number)?;
        let cells = &self.report.tables().nth(table)?.grid.rows[at.row].cells;
        let cell = cells
            .iter()
            .position(|cell| (cell.column..cell.column + cell.columns).contains(&at.column))?;
        Some(Shown {
            address: Address::Cell { table, row: at.row, cell },
            part: number.to_owned(),
            row: Some(sheet.row_name(at)),
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
