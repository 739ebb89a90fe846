//! 说明: written reasons let warnings pass; what a reason does not speak of does not.

use crate::budget::Budget;
use crate::finding::{Finding, Severity};
use crate::form::ShortTexts;

/// The code of a reason that no warning needs.
pub const STALE: &str = "R-03";
/// The code of a reason that speaks of more or fewer warnings than there are.
pub const MISCOUNTED: &str = "R-06";

/// What a key of 说明 speaks of: `C-09`, `C-09 2处`, `C-08 表7`, `C-08 表7 3处`.
struct Scope<'k> {
    code: &'k str,
    /// 第六部分, or 表7.
    part: Option<&'k str>,
    /// 处数
    count: Option<usize>,
}

impl<'k> Scope<'k> {
    fn read(key: &'k str) -> Self {
        let mut words = key.split_whitespace();
        let mut scope = Self { code: words.next().unwrap_or_default(), part: None, count: None };
        for word in words {
            match word.strip_suffix('处').and_then(|count| count.parse().ok()) {
                Some(count) => scope.count = Some(count),
                None => scope.part = Some(word),
            }
        }
        scope
    }

    fn covers(&self, finding: &Finding) -> bool {
        let part = finding.shown.as_ref().map(|shown| shown.part.as_str());
        finding.code == self.code
            && finding.severity == Severity::Warning
            && finding.reason.is_none()
            && (self.part.is_none() || self.part == part)
    }

    /// How many findings it may explain: a code by itself speaks of one, a part of all in it.
    fn expects(&self, found: usize) -> usize {
        self.count.unwrap_or(if self.part.is_some() { found } else { 1 })
    }

    /// The key for as many findings as there are.
    fn counting(&self, found: usize) -> String {
        let part = self.part.map(|part| format!(" {part}")).unwrap_or_default();
        format!("{}{part} {found}处", self.code)
    }
}

/// Puts the source's reasons to the warnings that they speak of, those of a part first. Where more
/// came than a reason speaks of, nobody knows which are the explained ones: all stay open.
pub fn put(findings: &mut Vec<Finding>, budget: &Budget, texts: &ShortTexts) {
    let source = &budget.source;
    let mut complaints = Vec::new();
    let scopes = source.value.reasons.0.iter().map(|(key, it)| (Scope::read(&key.text), key, it));
    let (of_parts, of_codes): (Vec<_>, Vec<_>) = scopes.partition(|(it, ..)| it.part.is_some());
    for (scope, key, reason) in of_parts.into_iter().chain(of_codes) {
        let covered: Vec<&mut Finding> =
            findings.iter_mut().filter(|finding| scope.covers(finding)).collect();
        let (found, expected) = (covered.len(), scope.expects(covered.len()));
        if found <= expected {
            let text = texts.read(&source.file, reason);
            let text = text.unwrap_or_else(|_| reason.0.text.clone());
            covered.into_iter().for_each(|finding| finding.reason = Some(text.clone()));
        }
        let complaint = if found == 0 {
            Finding::warning(STALE, format!("“{}”的说明已用不上：没有这个警告", key.text))
                .help("删掉这一条说明")
        } else if found == expected {
            continue;
        } else {
            let message = format!("“{}”说明的是 {expected} 处，现在有 {found} 处", key.text);
            Finding::warning(MISCOUNTED, message).help(format!(
                "逐处看过，都是这个原因的，键改成“{}”；不是的先改掉，或按部分、表号分开说明",
                scope.counting(found)
            ))
        };
        complaints.push(complaint.at(&source.file, key.place.clone()));
    }
    findings.extend(complaints);
}
