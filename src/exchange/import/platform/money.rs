//! The amounts of a row, in yuan.

use rust_decimal::Decimal;

use super::super::BAD_CELL;
use super::super::amount::Amount;
use super::super::book::Content;
use super::aliases::says;
use super::ask::Kinds;
use super::head::{Money, yuan};
use super::lines::Row;

/// From here a double no longer holds every cent.
const TOO_MUCH: i64 = 10_000_000_000_000;

fn is_beyond(amount: Amount) -> bool {
    amount.held.abs() >= Decimal::from(TOO_MUCH)
}

impl Row<'_> {
    /// The amounts of a row: of each fund where they stand side by side.
    pub fn amounts(&self, asked: &mut Kinds) -> Option<Vec<(Option<String>, Decimal, String)>> {
        let head = self.reader.head;
        let one = |money: Money, asked: &mut Kinds| {
            let amount = self.amount(money, asked)?;
            Some((amount, self.name(money.at)))
        };
        let amount = head.amount.and_then(|money| one(money, asked));
        if head.funds.is_empty() {
            let (amount, cell) = amount?;
            return Some(vec![(None, amount, cell)]);
        }
        let mut parts: Vec<_> = Vec::new();
        for (word, money) in &head.funds {
            parts.extend(
                one(*money, asked).map(|(amount, cell)| (Some(word.clone()), amount, cell)),
            );
        }
        let sum: Decimal = parts.iter().map(|(_, amount, _)| *amount).sum();
        if let Some((amount, cell)) = amount.filter(|(amount, _)| *amount != sum) {
            let message = format!(
                "的金额 {} 元，与各种资金相加的 {} 元不等",
                amount.normalize(),
                sum.normalize()
            );
            asked.add(
                BAD_CELL,
                &cell,
                message,
                "改成相等的；资金的栏里有一栏是别的栏的合计的，去掉它",
            );
        }
        if parts.iter().any(|(_, amount, _)| !amount.is_zero()) {
            parts.retain(|(_, amount, _)| !amount.is_zero());
        }
        (!parts.is_empty()).then_some(parts)
    }

    /// An amount in yuan; `None` for a row without one, or with something else.
    pub fn amount(&self, money: Money, asked: &mut Kinds) -> Option<Decimal> {
        let (sheet, name) = (self.reader.sheet, self.name(money.at));
        if let Some(((top, _), (bottom, _))) = sheet.range(self.row, money.at)
            && bottom > top
            && top > self.reader.head.row
        {
            let what = "的金额合并了几行，看不出各行是多少".to_owned();
            asked.add(BAD_CELL, &name, what, "取消合并，各行写各行的金额");
            return None;
        }
        let Some(cell) = sheet.cell(self.row, money.at) else {
            self.no_amount(&name, asked);
            return None;
        };
        let what = match &cell.content {
            Content::Number(amount) if is_beyond(*amount) => {
                "太大的数，工作簿存不准它的每一位".to_owned()
            }
            Content::Number(amount) => return Some(self.in_yuan(*amount, money, asked)),
            Content::Text(text) if says(&self.reader.aliases.zeros, text) => {
                asked.remark(&name, format!("是“{}”，按 0 取", text.trim()));
                return Some(Decimal::ZERO);
            }
            Content::Text(text) => match Amount::typed(text) {
                Some(amount) if !is_beyond(amount) => {
                    asked.remark(&name, "是文本，按数取");
                    return Some(amount.shown * money.yuan);
                }
                Some(_) => "太大的数".to_owned(),
                None => {
                    let what = "应是金额，现在是文字".to_owned();
                    asked.such(BAD_CELL, &name, what, text, "改成数再导入");
                    return None;
                }
            },
            other => other.unread().unwrap_or_default().to_owned(),
        };
        asked.add(BAD_CELL, &name, format!("应是金额，现在是{what}"), "改成数再导入");
        None
    }

    /// Says so where a row has a code and no amount.
    fn no_amount(&self, name: &str, asked: &mut Kinds) {
        let head = self.reader.head;
        let mut codes = head.functional.iter().chain(&head.economic);
        let is_own = |at: &u32| self.reader.sheet.cell(self.row, *at).is_some();
        if head.funds.is_empty() && codes.any(is_own) {
            asked.remark(name, "空着，这一行没有取");
        }
    }

    fn in_yuan(&self, amount: Amount, money: Money, asked: &mut Kinds) -> Decimal {
        let factor = amount.unit.map_or(money.yuan, yuan);
        if amount.unit.is_some() && money.says.is_some_and(|says| says != factor) {
            let what = "显示的单位与栏名、表头写的不一样".to_owned();
            let help = "改成一样的：金额栏的单元格格式改为“数值”，或改栏名里的单位";
            asked.add(BAD_CELL, &self.name(money.at), what, help);
        }
        if amount.held != amount.shown {
            asked.remark(&self.name(money.at), "存的比显示的多几位小数，按显示的取");
        }
        amount.shown * factor
    }
}
