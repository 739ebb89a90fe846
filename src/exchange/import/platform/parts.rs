//! Columns of funds that hold what others come to: 财政拨款 beside 一般公共预算 and 政府性基金预算.

use std::collections::BTreeSet;
use std::ops::Range;

use rust_decimal::Decimal;

use super::super::BAD_CELL;
use super::ask::Kinds;
use super::head::letters;
use super::lines::{Reader, Row};
use crate::audit::bare;

/// What a user answers of a column that is no sum of others, and of one that is not read.
pub const TAKEN: &str = "取";
pub const LEFT_OUT: &str = "不取";

/// Asks about columns that may be sums of those beside them: their money would count twice.
pub fn find(reader: &Reader<'_>, asked: &mut Kinds) {
    let funds = &reader.head.funds;
    let rows = amounts(reader);
    if rows.iter().all(|(total, row)| *total == Some(row.iter().sum())) {
        return;
    }
    let mut parts_told = BTreeSet::new();
    for (at, (word, money)) in funds.iter().enumerate() {
        let is_blank = rows.iter().all(|(_, row)| row[at].is_zero());
        if is_blank || parts_told.contains(&at) || is_taken(reader, word, money.at) {
            continue;
        }
        let behind = (at + 2..=funds.len()).map(|end| at + 1..end);
        let before = (0..at).map(|start| start..at);
        let fund = |at: usize| reader.aliases.fund(&funds[at].0);
        let is_sum = |parts: &Range<usize>| {
            let sum = |row: &[Decimal]| row[parts.clone()].iter().sum::<Decimal>();
            let alike = parts.len() > 1 || (fund(at).is_some() && fund(at) == fund(parts.start));
            alike && rows.iter().all(|(_, row)| sum(row) == row[at])
        };
        if let Some(parts) = behind.chain(before).find(is_sum) {
            let names: Vec<&str> = funds[parts.clone()].iter().map(|it| it.0.as_str()).collect();
            let what = format!("“{word}”一栏每一行都等于“{}”相加，像是合计", names.join("”、“"));
            let own = letters(money.at);
            let help = format!(
                "是合计的，加 --column {LEFT_OUT}={own}；不是的，加 --column {TAKEN}={own}"
            );
            asked.add(BAD_CELL, &reader.sheet.name_of(reader.head.row, money.at), what, &help);
            parts_told.extend(parts);
        }
    }
}

/// Whether the user says that a column is no sum.
fn is_taken(reader: &Reader<'_>, word: &str, at: u32) -> bool {
    let mut answers = reader.answers.columns.iter().filter(|(role, _)| role == TAKEN);
    answers.any(|(_, name)| bare(name) == bare(word) || name.eq_ignore_ascii_case(&letters(at)))
}

/// The amounts of each row that has any: what it comes to, where a column says so, and each fund's.
fn amounts(reader: &Reader<'_>) -> Vec<(Option<Decimal>, Vec<Decimal>)> {
    let rows = reader.sheet.rows().map(|(row, _)| row).filter(|row| *row > reader.head.row);
    let of = |row: u32| {
        let at = Row { reader, row };
        let of = |money| at.amount(money, &mut Kinds::default());
        let funds = reader.head.funds.iter().map(|(_, money)| of(*money).unwrap_or_default());
        (reader.head.amount.and_then(of), funds.collect::<Vec<Decimal>>())
    };
    rows.map(of).filter(|(_, row)| row.iter().any(|amount| !amount.is_zero())).collect()
}
