//! Classes to choose from, and amounts cut into parts that add up to the fen.

use std::sync::LazyLock;

use super::budgets::Fen;
use super::chance::Chance;

/// Codes of the form's table with so many digits.
fn codes(path: &str, digits: usize) -> Vec<String> {
    let text = super::read(&format!("templates/shenzhen-2023/codes/{path}"));
    let codes = text.lines().filter_map(|line| line.split('\t').next());
    codes
        .filter(|code| code.len() == digits && code.bytes().all(|b| b.is_ascii_digit()))
        .map(str::to_owned)
        .collect()
}

pub fn functional_leaves() -> &'static [String] {
    static CODES: LazyLock<Vec<String>> = LazyLock::new(|| codes("functional.tsv", 7));
    &CODES
}

pub fn economic_leaves(classes: &[&str]) -> Vec<String> {
    static CODES: LazyLock<Vec<String>> = LazyLock::new(|| codes("economic.tsv", 5));
    let below = |code: &&String| classes.iter().any(|class| code.starts_with(class));
    CODES.iter().filter(below).cloned().collect()
}

/// So many different codes as `range` allows.
pub fn pick(random: &mut Chance, from: &[String], range: (u64, u64)) -> Vec<String> {
    let mut left = from.to_vec();
    let count = random.between(range.0, range.1).min(left.len() as u64);
    (0..count).map(|_| left.swap_remove(random.below(left.len() as u64) as usize)).collect()
}

/// Cuts an amount into parts at random places; some parts may be nothing.
pub fn exact(random: &mut Chance, total: Fen, parts: usize) -> Vec<Fen> {
    let mut cuts: Vec<Fen> = (1..parts).map(|_| random.below(total as u64 + 1) as Fen).collect();
    cuts.sort_unstable();
    cuts.push(total);
    let mut before = 0;
    cuts.into_iter().map(|cut| cut - std::mem::replace(&mut before, cut)).collect()
}
