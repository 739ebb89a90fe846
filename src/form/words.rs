//! The filters, functions and tests that templates have beyond minijinja's own.
//!
//! Their names are the field's, because officers and form writers read the templates.

use minijinja::value::{Rest, Value};
use minijinja::{Environment, Error, ErrorKind};

use super::pen::Pen;
use super::values::{Change, FigureValue};
use crate::budget::{Figure, Format};
use crate::source::model::MoneyUnit;

/// As fine as amounts can be printed.
const MOST_DECIMALS: u32 = 6;

/// Adds the words that compute with figures: sources may use them too.
pub fn add_figure_words(env: &mut Environment<'static>, pen: &Pen) {
    let add = |env: &mut Environment<'static>, name, grouping| {
        let pen = pen.clone();
        env.add_filter(name, move |value: Value| {
            reformat(&value, &pen, |format| Format { grouping, ..format })
        });
    };
    add(env, "不分节", false);
    add(env, "分节", true);
    let own = pen.clone();
    env.add_filter("去尾零", move |value: Value| {
        reformat(&value, &own, |format| Format { trimmed: true, ..format })
    });
    let own = pen.clone();
    env.add_filter("小数", move |value: Value, decimals: u32| {
        if decimals > MOST_DECIMALS {
            return Err(wrong(format!("小数最多 {MOST_DECIMALS} 位")));
        }
        reformat(&value, &own, |format| Format { decimals, rate_decimals: decimals, ..format })
    });
    let own = pen.clone();
    env.add_filter("单位", move |value: Value, unit: &str| {
        let unit = match unit {
            "元" => MoneyUnit::Yuan,
            "万元" => MoneyUnit::TenThousand,
            _ => return Err(wrong(format!("金额的单位是元或万元，不是“{unit}”"))),
        };
        reformat(&value, &own, |format| Format { unit, ..format })
    });
    env.add_function("变动", |this: Value, last: Value| -> Result<Value, Error> {
        Ok(Change::value(figure(&this)?, figure(&last)?))
    });
    env.add_function("求和", |values: Rest<Value>| -> Result<Value, Error> {
        let mut figures = Vec::new();
        for value in values.iter() {
            match figure(value) {
                Ok(figure) => figures.push(figure.clone()),
                Err(_) => {
                    for value in value.try_iter()? {
                        figures.push(figure(&value)?.clone());
                    }
                }
            }
        }
        Ok(FigureValue::value(&Figure::sum(figures)))
    });
    env.add_test("零", |value: Value| figure(&value).is_ok_and(Figure::is_zero));
    env.add_test("负数", |value: Value| figure(&value).is_ok_and(|figure| figure.sign() < 0));
    env.remove_global("debug");
}

/// Adds the words that lay a form out.
pub fn add_form_words(env: &mut Environment<'static>) {
    env.add_filter("中文数", |number: usize| chinese_number(number));
    env.add_function("并列", side_by_side);
    env.add_test("成句", |value: Value| ends_sentence(&value.to_string()));
}

/// Whether a text ends with a mark that ends a sentence, perhaps in quotes or brackets.
fn ends_sentence(text: &str) -> bool {
    let text = text.trim_end_matches(|c: char| c.is_control() || c.is_whitespace());
    let text = text.trim_end_matches(['”', '’', '）', ')', '』', '」']);
    text.is_empty() || text.ends_with(['。', '；', '！', '？', '：', '…', '，', '.', ';', '!', '?'])
}

/// A figure that prints otherwise than those around it.
fn reformat(
    value: &Value,
    pen: &Pen,
    change: impl FnOnce(Format) -> Format,
) -> Result<Value, Error> {
    let figure = figure(value)?.clone();
    let own = value.downcast_object_ref::<FigureValue>().and_then(|value| value.format);
    let format = change(own.unwrap_or_else(|| pen.format()));
    Ok(Value::from_object(FigureValue { figure, format: Some(format) }))
}

fn wrong(message: String) -> Error {
    Error::new(ErrorKind::InvalidOperation, message)
}

fn figure(value: &Value) -> Result<&Figure, Error> {
    value
        .downcast_object_ref::<FigureValue>()
        .map(|value| &value.figure)
        .ok_or_else(|| wrong("这里要用一个数（金额或数量）".to_owned()))
}

/// 1 → 一, 23 → 二十三, 1010 → 一千零一十; up to 9999.
fn chinese_number(number: usize) -> Result<String, Error> {
    const DIGITS: [&str; 10] = ["零", "一", "二", "三", "四", "五", "六", "七", "八", "九"];
    if !(1..=9999).contains(&number) {
        let why = format!("中文数从一到九千九百九十九，写不出 {number}");
        return Err(Error::new(ErrorKind::InvalidOperation, why));
    }
    let mut written = String::new();
    let mut skipped = false;
    for (size, name) in [(1000, "千"), (100, "百"), (10, "十"), (1, "")] {
        let digit = number / size % 10;
        if digit == 0 {
            skipped = !written.is_empty();
            continue;
        }
        if skipped {
            written.push('零');
        }
        skipped = false;
        // 十二, but 一百一十二.
        if digit != 1 || size != 10 || !written.is_empty() {
            written.push_str(DIGITS[digit]);
        }
        written.push_str(name);
    }
    Ok(written)
}

/// Pairs two lists row by row; the shorter one ends in undefined values.
fn side_by_side(left: Value, right: Value) -> Result<Value, Error> {
    let left: Vec<Value> = left.try_iter()?.collect();
    let right: Vec<Value> = right.try_iter()?.collect();
    let at = |list: &[Value], row: usize| list.get(row).cloned().unwrap_or(Value::from(()));
    let rows = (0..left.len().max(right.len()))
        .map(|row| Value::from(vec![at(&left, row), at(&right, row)]));
    Ok(rows.collect())
}
