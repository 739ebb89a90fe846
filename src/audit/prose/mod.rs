//! Prose as claims: what the office typed, against what the budget knows.
//!
//! A text of the source ([`leaf`]) becomes tokens ([`reader`], [`number`]) by the names of the facts
//! ([`names`]) and the words of the form ([`vocabulary`]); its clauses become claims ([`claims`],
//! [`parser`], [`nouns`], [`clause`]). The judge ([`judge`], [`amounts`], [`changes`]) compares them with figures as
//! intervals; [`sums`] looks at the arithmetic of a sentence itself.

mod amounts;
mod changes;
mod claims;
mod clause;
mod judge;
mod leaf;
mod names;
mod nouns;
mod number;
mod parser;
mod reader;
mod spelling;
mod sums;
mod units;
pub mod vocabulary;

use std::collections::BTreeSet;
use std::ops::Range;

use super::checks::{Hit, View, around};
use super::passages::Passage;
use crate::budget::Figure;
use crate::form::ShortTexts;
use crate::source::tree::Node;
use claims::Noun;
pub use judge::Kind;
use judge::{Fault, Judge};
use leaf::Leaf;
pub use names::Names;
use parser::Parser;
use reader::Reader;
use spelling::Spelling;
use sums::Sums;
use units::Printed;

/// Everything that is wrong with what the source's texts say.
pub fn faults(view: &View<'_>, tree: &Node, texts: &ShortTexts) -> Vec<(Kind, Hit)> {
    let Some(vocabulary) = &view.form.prose else { return Vec::new() };
    let names = Names::new(view.form, &vocabulary.value, view.budget, texts);
    let mut spelling = Spelling::default();
    names.long.iter().for_each(|name| spelling.add(name));
    let homes = leaf::homes(tree);
    let printed = Printed::of(view);
    let mut found = Vec::new();
    // A text that is printed twice is wrong once.
    let mut seen: BTreeSet<(String, usize, usize)> = BTreeSet::new();
    for passage in &view.passages.all {
        for leaf in leaf::leaves(passage, &homes) {
            let misspelt = spelling.slips(leaf.text()).into_iter().map(|(range, name)| {
                let message = format!("是不是“{name}”？");
                Fault { kind: Kind::Spelling, range, message, figures: Vec::new() }
            });
            for fault in read(view, &names, &printed, &leaf).into_iter().chain(misspelt) {
                let range =
                    leaf.range.start + fault.range.start..leaf.range.start + fault.range.end;
                let hit = hit(view, passage, &fault, range);
                let place = hit.place.clone().unwrap_or_default();
                if seen.insert((format!("{:?}", fault.kind), place.start, place.end)) {
                    found.push((fault.kind, hit));
                }
            }
        }
    }
    found
}

fn read<'a>(view: &View<'_>, names: &Names<'a>, printed: &Printed, leaf: &Leaf<'a>) -> Vec<Fault> {
    let tokens = Reader { names }.tokens(leaf);
    let own = own(names, leaf);
    let this_year = view.budget.source.value.year.count;
    let has_own = !own.is_empty();
    let single_own = own.iter().map(|noun| noun.facts.len()).sum::<usize>() == 1;
    let mut parser =
        Parser { names, leaf, tokens: &tokens, this_year, has_own, single_own, claims: Vec::new() };
    parser.read();
    let judge = Judge { budget: view.budget, names, leaf, tokens: &tokens, own };
    let units_said = leaf.text().contains("单位：");
    let mut faults: Vec<Fault> = Vec::new();
    let mut quotes = Vec::new();
    let mut first = None;
    for claim in &parser.claims {
        let new = judge.judge(claim);
        faults.extend(new.into_iter().filter(|it| !(units_said && it.kind == Kind::Bare)));
        if let Some(quote) = judge.quotable(claim).filter(|quote| !quotes.contains(quote)) {
            quotes.push(quote);
            first.get_or_insert(claim.range.clone());
        }
    }
    let mut sums = Sums { parser: &parser, faults: Vec::new() };
    sums.read();
    // One cause is told once: by what the report knows, else by the sentence itself.
    let apart =
        |one: &Range<usize>, other: &Range<usize>| one.end <= other.start || other.end <= one.start;
    for fault in sums.faults.into_iter().chain(printed.faults(&judge)) {
        if faults.iter().all(|it| apart(&it.range, &fault.range)) {
            faults.push(fault);
        }
    }
    if let Some(range) = first {
        let message = format!("改数时不会漏：{}", quotes.join("、"));
        faults.push(Fault { kind: Kind::Quotable, range, message, figures: Vec::new() });
    }
    faults
}

/// A year in Chinese digits: 二〇二三.
pub fn chinese_year(text: &str) -> Option<u32> {
    number::chinese_year_at(&text.chars().collect::<Vec<char>>(), 0)
}

/// What the key of a text speaks of.
fn own(names: &Names<'_>, leaf: &Leaf<'_>) -> Vec<Noun> {
    let subjects = names.vocabulary.subjects.get(&leaf.home.path).into_iter().flatten();
    let facts = subjects.filter_map(|subject| match (subject.text.as_str(), leaf.home.unit) {
        ("本项", Some(unit)) => names.project(unit, leaf.home.project?),
        (name, _) => names.declared(name),
    });
    let facts: Vec<usize> = facts.collect();
    if facts.is_empty() { Vec::new() } else { vec![Noun::of(facts)] }
}

fn hit(view: &View<'_>, passage: &Passage<'_>, fault: &Fault, range: Range<usize>) -> Hit {
    Hit {
        message: format!("{}；{}", around(passage, &range), fault.message),
        feeds: fault.figures.iter().flat_map(Figure::places).collect(),
        ..view.at(passage, range)
    }
}
