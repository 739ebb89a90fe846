//! Rows of classes that hold what the rows of their own classes come to: 201 above 20103.

use std::collections::BTreeSet;

use rust_decimal::Decimal;

use super::super::BAD_CELL;
use super::ask::Kinds;
use super::code::Side;
use super::lines::{Reader, Row};

const HELP: &str =
    "是合计的，加 --subtotal 不取；不是合计、与下级都要的，加 --subtotal 取；或改成相等的";

/// What of a row tells whose sum it is.
struct Seen {
    row: u32,
    /// Blank where the row has none.
    codes: [String; 2],
    words: Vec<String>,
    amount: Decimal,
}

impl Seen {
    fn of(at: &Row<'_>) -> Option<Self> {
        let head = at.reader.head;
        let mut unheard = Kinds::default();
        let amounts = at.amounts(&mut unheard)?;
        let mut code = |columns: &[u32], side| {
            let is_blank = columns.iter().all(|column| at.text(Some(*column)).is_empty());
            let code = if is_blank { None } else { at.code(columns, side, &mut unheard)? };
            Some(code.map(|code| code.code).unwrap_or_default())
        };
        let codes =
            [code(&head.functional, Side::Functional)?, code(&head.economic, Side::Economic)?];
        let words = at.reader.words().map(|column| at.text(Some(column))).collect();
        let amount = amounts.iter().map(|(_, amount, _)| *amount).sum();
        codes.iter().any(|code| !code.is_empty()).then_some(Self {
            row: at.row,
            codes,
            words,
            amount,
        })
    }

    /// Whether a row is of a class within this one's, and of nothing else.
    fn holds(&self, other: &Self) -> bool {
        let mut words = self.words.iter().zip(&other.words);
        self.is_above(&other.codes) && words.all(|(own, other)| own.is_empty() || own == other)
    }

    fn is_above(&self, codes: &[String; 2]) -> bool {
        let mut both = self.codes.iter().zip(codes);
        self.codes != *codes && both.all(|(own, other)| other.starts_with(own.as_str()))
    }
}

/// The rows that are sums of others; asks about those that only may be.
pub fn find(reader: &Reader<'_>, asked: &mut Kinds) -> BTreeSet<u32> {
    let rows = reader.sheet.rows().map(|(row, _)| row).filter(|row| *row > reader.head.row);
    let seen: Vec<Seen> = rows.filter_map(|row| Seen::of(&Row { reader, row })).collect();
    let all: BTreeSet<&[String; 2]> = seen.iter().map(|it| &it.codes).collect();
    let above: BTreeSet<&[String; 2]> = seen
        .iter()
        .filter(|it| all.iter().any(|codes| it.is_above(codes)))
        .map(|it| &it.codes)
        .collect();
    let mut sums = BTreeSet::new();
    for own in seen.iter().filter(|it| above.contains(&it.codes)) {
        let within: Vec<&Seen> = seen.iter().filter(|it| own.holds(it)).collect();
        let lowest = within.iter().filter(|it| !within.iter().any(|other| it.holds(other)));
        let sum: Decimal = lowest.map(|it| it.amount).sum();
        if within.is_empty() {
            continue;
        }
        if sum == own.amount {
            sums.insert(own.row);
            continue;
        }
        let place = format!("{}!第{}行", reader.sheet.name, own.row + 1);
        let what = format!(
            "像是下级科目的合计，可它是 {} 元，下级相加是 {} 元",
            own.amount.normalize(),
            sum.normalize()
        );
        match reader.answers.subtotal {
            None => asked.add(BAD_CELL, &place, what, HELP),
            Some(true) => asked.remark(&place, what + "；与下级一起取了"),
            Some(false) => {
                asked.remark(&place, what);
                sums.insert(own.row);
            }
        }
    }
    sums
}
