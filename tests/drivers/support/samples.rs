//! Reports of other offices than 2023's: many units or projects, amounts in 元 or with decimals.

use crate::common::budgets::{self, Size, Style};
use crate::common::chance::Chance;

/// What an office is like, and its source.
pub type Sample = (&'static str, String);

pub fn all() -> Vec<Sample> {
    let exact = Style { rounded_to: None, totals: false };
    let rounded = Style { rounded_to: Some(2), totals: false };
    let size = |units, lines, projects| Size { units: (units, units), lines, projects };
    vec![
        ("five units in 元", sample(1, exact, size(5, (4, 8), (2, 4)))),
        ("万元 with two decimals", sample(2, rounded, size(3, (4, 8), (2, 4)))),
        ("sixty projects", sample(3, rounded, size(1, (3, 5), (60, 60)))),
        ("forty units", sample(4, exact, size(40, (1, 3), (0, 2)))),
    ]
}

fn sample(seed: u64, style: Style, size: Size) -> String {
    let mut chance = Chance::new(seed);
    let budget = budgets::random(&mut chance, size);
    budgets::source(&budget, style, &mut chance)
}

/// A source that prints otherwise than it says.
pub fn printed(text: &str, print: &str) -> String {
    let own = |line: &&str| !["印刷:", "部分:", "表格:"].iter().any(|key| line.starts_with(key));
    let lines: Vec<&str> = text.lines().filter(own).chain([print, ""]).collect();
    lines.join("\n")
}

/// Ways to print amounts, as a source says them.
pub const PRINTS: [&str; 7] = [
    "印刷: {零: \"0\", 去尾零: 是}",
    "印刷: {零: \"-\", 率小数: 2}",
    "印刷: {零: —, 单位: 万元, 小数: 1}",
    "印刷: {零: 空白, 单位: 元, 小数: 2, 去尾零: 是}",
    "印刷: {分节: 否, 小数: 2}\n部分: {第二部分: {单位: 元}, 第三部分: {小数: 1, 零: 按小数}}",
    "部分: {第二部分: {单位: 元, 去尾零: 是, 率小数: 1}, 第四部分: {单位: 元}, 第五部分: {零: —}, 第七部分: {单位: 元}}",
    "表格: {表1: {印刷: {单位: 元, 零: 空白}}, 表3: {印刷: {去尾零: 是}}, 表9: {印刷: {单位: 元, 小数: 2, 零: \"0\"}}}",
];
