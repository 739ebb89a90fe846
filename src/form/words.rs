//! The filters, functions and tests that templates have beyond minijinja's own.
//!
//! Their names are the field's, because officers and form writers read the templates.

use minijinja::value::{Rest, Value};
use minijinja::{Environment, Error, ErrorKind};

use super::pen::Pen;
use super::values::{Change, FigureValue};
use crate::budget::{Figure, Format};
use crate::source::text::is_sentence;

/// Adds the words that compute with figures: sources may use them too.
pub fn add_figure_words(env: &mut Environment<'static>, pen: &Pen) {
    let format = pen.clone();
    env.add_filter("不分节", move |value: Value| {
        reformat(&value, Format { grouping: false, ..format.format() })
    });
    let format = pen.clone();
    env.add_filter("分节", move |value: Value| {
        reformat(&value, Format { grouping: true, ..format.format() })
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
    env.add_test("成句", |value: Value| {
        let text = value.to_string();
        let bare = text.trim_end_matches(|c: char| c.is_control() || c.is_whitespace());
        // A text that goes on needs no stop either.
        bare.is_empty() || is_sentence(bare) || bare.ends_with(['：', '，'])
    });
}

fn reformat(value: &Value, format: Format) -> Result<Value, Error> {
    let figure = figure(value)?.clone();
    Ok(Value::from_object(FigureValue { figure, format: Some(format) }))
}

fn figure(value: &Value) -> Result<&Figure, Error> {
    value
        .downcast_object_ref::<FigureValue>()
        .map(|value| &value.figure)
        .ok_or_else(|| Error::new(ErrorKind::InvalidOperation, "这里要用一个数（金额或数量）"))
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
