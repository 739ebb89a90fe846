//! 说明: written reasons let warnings pass; what a reason does not speak of does not.

use std::collections::BTreeSet;

use unicode_normalization::UnicodeNormalization;

use super::codes::GENERAL;
use crate::budget::Budget;
use crate::finding::{Finding, Severity};
use crate::form::ShortTexts;
use crate::source::near::nearest;

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

    /// Why it explains nothing: its code is none, or no warning's.
    fn idle(&self, key: &str, findings: &[Finding], codes: &BTreeSet<&str>) -> Finding {
        let general = GENERAL.iter().map(|(code, _)| *code);
        let is_known = codes.contains(self.code) || general.clone().any(|it| it == self.code);
        let is_error = |it: &Finding| it.code == self.code && it.severity == Severity::Error;
        let (why, help) = if findings.iter().any(is_error) {
            ("说明不了错误".to_owned(), "错误必须改，改好以后删掉这一条说明".to_owned())
        } else if !is_known {
            let mut all = codes.iter().copied().chain(general);
            let same = all.clone().find(|code| plain(code) == plain(self.code));
            let near = same.or_else(|| nearest(self.code, &mut all));
            let near = near.map(|near| format!("；是不是 {near}")).unwrap_or_default();
            let why = format!("没有用：没有“{}”这个代码{near}", self.code);
            (why, "代码照警告方括号里的抄，例如 C-09；不用的，删掉这一条说明".to_owned())
        } else {
            ("已用不上：没有这个警告".to_owned(), "删掉这一条说明".to_owned())
        };
        Finding::warning(STALE, format!("“{key}”的说明{why}")).help(help)
    }

    /// The key for as many findings as there are.
    fn counting(&self, found: usize) -> String {
        let part = self.part.map(|part| format!(" {part}")).unwrap_or_default();
        format!("{}{part} {found}处", self.code)
    }
}

/// A code without what is often left out, or typed otherwise: C-9, c－09.
fn plain(code: &str) -> String {
    code.nfkc().filter(|c| c.is_alphanumeric() && *c != '0').flat_map(char::to_uppercase).collect()
}

/// Puts the source's reasons to the warnings that they speak of, those of a part first. Where more
/// came than a reason speaks of, nobody knows which are the explained ones: all stay open.
/// `codes` are those of the form's rules.
pub fn put(
    findings: &mut Vec<Finding>,
    budget: &Budget,
    texts: &ShortTexts,
    codes: &BTreeSet<&str>,
) {
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
        let is_info = |it: &Finding| it.code == scope.code && it.severity == Severity::Info;
        let complaint = if found == 0 && findings.iter().any(is_info) {
            // What needs no reason may have one.
            continue;
        } else if found == 0 {
            scope.idle(&key.text, findings, codes)
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
