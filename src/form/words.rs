//! The filters, functions and tests that templates have beyond minijinja's own.
//!
//! Their names are the field's, because officers and form writers read the templates.

use minijinja::value::{Rest, Value, ValueKind};
use minijinja::{Environment, Error, ErrorKind};

use super::arithmetic::{self, refuse};
use super::filters;
use super::pen::Pen;
use super::values::FigureValue;
use crate::budget::{Figure, Format};
use crate::source::model::MoneyUnit;
use crate::source::text::is_sentence;

/// As fine as amounts can be printed.
const MOST_DECIMALS: u32 = 6;

/// Adds the words that compute with figures: sources may use them too.
pub fn add_figure_words(env: &mut Environment<'static>, pen: &Pen) {
    filters::add_operators(env, pen);
    filters::add_filters(env, pen);
    add_formats(env);
    let printing = pen.clone();
    env.add_function("变动", move |this: Value, last: Value| -> Result<Value, Error> {
        Ok(printing.change(&figure(&this)?.figure, &figure(&last)?.figure))
    });
    let printing = pen.clone();
    env.add_function("求和", move |parts: Rest<Value>| sum(&printing, &parts));
    env.add_test("零", |value: Value| Ok::<_, Error>(arithmetic::amount(&value)?.is_zero()));
    env.add_test("负数", |value: Value| {
        let amount = arithmetic::amount(&value)?;
        Ok::<_, Error>(amount.is_sign_negative() && !amount.is_zero())
    });
    env.remove_global("debug");
}

/// The sum of figures and of lists of figures.
pub fn sum(pen: &Pen, parts: &[Value]) -> Result<Value, Error> {
    let mut figures = Vec::new();
    for part in parts {
        match part.kind() {
            ValueKind::Seq | ValueKind::Iterable => {
                for value in part.try_iter()? {
                    figures.push(figure(&value)?.figure.clone());
                }
            }
            _ => figures.push(figure(part)?.figure.clone()),
        }
    }
    let measure = figures.first().map(Figure::measure);
    if figures.iter().any(|figure| Some(figure.measure()) != measure) {
        return refuse("金额与数量不能相加");
    }
    Ok(pen.figure(&Figure::sum(figures)))
}

/// Adds the words that lay a form out.
pub fn add_form_words(env: &mut Environment<'static>) {
    env.add_filter("中文数", |number: Value| {
        chinese_number(usize::try_from(arithmetic::integer(&number)?).unwrap_or_default())
    });
    env.add_function("并列", side_by_side);
    env.add_test("成句", |value: Value| {
        let text = value.to_string();
        let bare = text.trim_end_matches(|c: char| c.is_control() || c.is_whitespace());
        // A text that goes on needs no stop either.
        bare.is_empty() || is_sentence(bare) || bare.ends_with(['：', '，'])
    });
}

fn figure(value: &Value) -> Result<&FigureValue, Error> {
    match value.downcast_object_ref::<FigureValue>() {
        Some(figure) => Ok(figure),
        None => refuse("这里要用一个数（金额或数量）"),
    }
}

/// Adds the filters by which a figure prints otherwise than those around it.
fn add_formats(env: &mut Environment<'static>) {
    for (name, grouping) in [("分节", true), ("不分节", false)] {
        env.add_filter(name, move |value: Value| {
            reformat(&value, |format| Format { grouping, ..format })
        });
    }
    env.add_filter("去尾零", |value: Value| {
        reformat(&value, |format| Format { trimmed: true, ..format })
    });
    env.add_filter("小数", |value: Value, decimals: u32| {
        if decimals > MOST_DECIMALS {
            return refuse(format!("小数最多 {MOST_DECIMALS} 位"));
        }
        reformat(&value, |format| Format { decimals, rate_decimals: decimals, ..format })
    });
    env.add_filter("单位", |value: Value, unit: &str| {
        let unit = match unit {
            "元" => MoneyUnit::Yuan,
            "万元" => MoneyUnit::TenThousand,
            _ => return refuse(format!("金额的单位是元或万元，不是“{unit}”")),
        };
        reformat(&value, |format| format.in_unit(unit))
    });
}

fn reformat(value: &Value, change: impl FnOnce(Format) -> Format) -> Result<Value, Error> {
    let figure = figure(value)?.clone();
    let format = change(figure.format.unwrap_or_else(|| figure.pen.format()));
    Ok(Value::from_object(FigureValue { format: Some(format), ..figure }))
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
