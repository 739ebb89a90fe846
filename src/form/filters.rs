//! minijinja's own filters and tests, made exact for figures; and the functions that
//! [`super::operators`] puts for operators.

use std::cmp::Ordering;

use minijinja::value::{Kwargs, Rest, Value, from_args};
use minijinja::{Environment, Error, ErrorKind};

use super::arithmetic::{self, refuse};
use super::operators::{COMPARE, COMPUTE, NUMBER};
use super::pen::Pen;
use crate::budget::Measure;
use crate::marks;
use crate::source::model::MoneyUnit;

/// Tests that compare, by every name that minijinja gives them.
const COMPARISONS: [(&str, &[&str]); 7] = [
    ("==", &["eq", "equalto", "=="]),
    ("!=", &["ne", "!="]),
    ("<", &["lt", "lessthan", "<"]),
    ("<=", &["le", "<="]),
    (">", &["gt", "greaterthan", ">"]),
    (">=", &["ge", ">="]),
    ("in", &["in"]),
];

pub fn add_operators(env: &mut Environment<'static>, pen: &Pen) {
    env.add_function(COMPARE, |parts: Rest<Value>| compared(&parts));
    let printing = pen.clone();
    env.add_function(COMPUTE, move |parts: Rest<Value>| computed(&printing, &parts));
    let printing = pen.clone();
    env.add_function(NUMBER, move |digits: &str| match digits.replace('_', "").parse() {
        Ok(number) => Ok(printing.computed(number, Measure::Plain)),
        Err(_) => refuse(format!("{digits} 不是能算准的数")),
    });
    for (name, unit) in [("元", MoneyUnit::Yuan), ("万元", MoneyUnit::TenThousand)] {
        let printing = pen.clone();
        env.add_function(name, move |amount: Value| -> Result<Value, Error> {
            let amount = arithmetic::amount(&amount)?;
            let held = printing.format().in_unit(unit).held(amount);
            Ok(printing.computed(held, Measure::Money))
        });
    }
    for (operator, names) in COMPARISONS {
        for name in names {
            env.add_test(*name, move |value: Value, other: Value| {
                arithmetic::compare(&value, operator, &other)
            });
        }
    }
    env.add_test("odd", |value: Value| Ok::<_, Error>(arithmetic::integer(&value)? % 2 != 0));
    env.add_test("even", |value: Value| Ok::<_, Error>(arithmetic::integer(&value)? % 2 == 0));
    env.add_test("divisibleby", |value: Value, by: i64| -> Result<bool, Error> {
        Ok(arithmetic::integer(&value)?.checked_rem(by) == Some(0))
    });
    env.add_test("number", |value: Value| arithmetic::amount(&value).is_ok());
    env.add_test("integer", |value: Value| {
        arithmetic::amount(&value).is_ok_and(|amount| amount.is_integer())
    });
}

pub fn add_filters(env: &mut Environment<'static>, pen: &Pen) {
    let printing = pen.clone();
    env.add_filter("abs", move |value: Value| arithmetic::absolute(&printing, &value));
    let printing = pen.clone();
    env.add_filter("round", move |value: Value, decimals: Option<u32>| {
        arithmetic::rounded(&printing, &value, decimals.unwrap_or(0))
    });
    for name in ["length", "count"] {
        env.add_filter(name, |value: Value| match value.as_str() {
            Some(text) => Ok(marks::unmarked(text).chars().count()),
            None if value.is_undefined() => Err(Error::from(ErrorKind::UndefinedError)),
            None => minijinja::filters::length(&value),
        });
    }
    env.add_filter("int", |value: Value| arithmetic::integer(&value));
    let printing = pen.clone();
    env.add_filter("float", move |value: Value| {
        // Adding zero makes a number of a text of digits, and leaves a figure what it is.
        arithmetic::compute(&printing, &value, "+", &Value::from(0))
    });
    let printing = pen.clone();
    env.add_filter("sum", move |list: Value, attribute: Option<String>, kwargs: Kwargs| {
        let keys = keyed(&list, &attribute_of(attribute, &kwargs)?)?;
        let start = kwargs.get::<Option<Value>>("start")?.unwrap_or(Value::from(0));
        kwargs.assert_all_used()?;
        keys.iter()
            .map(|(key, _)| &key[0])
            .try_fold(start, |sum, value| arithmetic::compute(&printing, &sum, "+", value))
    });
    env.add_filter("sort", |list: Value, kwargs: Kwargs| sorted(&list, &kwargs));
    env.add_filter("min", |list: Value, kwargs: Kwargs| extreme(&list, &kwargs, Ordering::Less));
    env.add_filter("max", |list: Value, kwargs: Kwargs| extreme(&list, &kwargs, Ordering::Greater));
    env.add_filter("unique", |list: Value, kwargs: Kwargs| unique(&list, &kwargs));
}

/// `a < b <= c`, given as `a, "<", b, "<=", c`.
fn compared(parts: &[Value]) -> Result<bool, Error> {
    let mut holds = true;
    for step in parts.windows(3).step_by(2) {
        let [left, operator, right] = step else { break };
        holds &= arithmetic::compare(left, operator.as_str().unwrap_or_default(), right)?;
    }
    Ok(holds)
}

/// `a + b - c`, given as `a, "+", b, "-", c`; or `-a`, given as `"-", a`.
fn computed(pen: &Pen, parts: &[Value]) -> Result<Value, Error> {
    if let [_, value] = parts {
        return arithmetic::negated(pen, value);
    }
    let (first, rest): (Value, Rest<Value>) = from_args(parts)?;
    rest.chunks(2).try_fold(first, |sum, step| match step {
        [operator, value] => {
            arithmetic::compute(pen, &sum, operator.as_str().unwrap_or_default(), value)
        }
        _ => Ok(sum),
    })
}

/// The items of a list, each with what it is ordered by: itself, or attributes of it.
type Keyed = Vec<(Vec<Value>, Value)>;

fn keyed(list: &Value, attributes: &Option<String>) -> Result<Keyed, Error> {
    let key = |item: &Value| -> Result<Vec<Value>, Error> {
        let Some(attributes) = attributes else { return Ok(vec![item.clone()]) };
        let path = |path: &str| -> Result<Value, Error> {
            path.split('.').try_fold(item.clone(), |value, name| match name.parse::<usize>() {
                Ok(index) => value.get_item(&Value::from(index)),
                Err(_) => value.get_attr(name),
            })
        };
        attributes.split(',').map(|name| path(name.trim())).collect()
    };
    if list.is_undefined() {
        return Err(Error::from(ErrorKind::UndefinedError));
    }
    let Ok(items) = list.try_iter() else {
        return refuse("这里要用一个清单：几个数写成 [甲, 乙]");
    };
    items.map(|item| Ok((key(&item)?, item))).collect()
}

fn attribute_of(given: Option<String>, kwargs: &Kwargs) -> Result<Option<String>, Error> {
    Ok(given.or(kwargs.get::<Option<String>>("attribute")?))
}

fn sorted(list: &Value, kwargs: &Kwargs) -> Result<Value, Error> {
    let mut items = keyed(list, &attribute_of(None, kwargs)?)?;
    let reverse = kwargs.get::<Option<bool>>("reverse")?.unwrap_or(false);
    kwargs.assert_all_used()?;
    let mut fault = None;
    items.sort_by(|(a, _), (b, _)| {
        let order = order(a, b).unwrap_or_else(|error| {
            fault.get_or_insert(error);
            Ordering::Equal
        });
        if reverse { order.reverse() } else { order }
    });
    fault.map_or_else(|| Ok(items.into_iter().map(|(_, item)| item).collect()), Err)
}

fn extreme(list: &Value, kwargs: &Kwargs, wanted: Ordering) -> Result<Value, Error> {
    let items = keyed(list, &attribute_of(None, kwargs)?)?;
    kwargs.assert_all_used()?;
    let mut items = items.into_iter();
    let Some(mut found) = items.next() else {
        return refuse("清单是空的，没有最大、最小");
    };
    for item in items {
        if order(&item.0, &found.0)? == wanted {
            found = item;
        }
    }
    Ok(found.1)
}

fn unique(list: &Value, kwargs: &Kwargs) -> Result<Value, Error> {
    let mut found: Keyed = Vec::new();
    let items = keyed(list, &attribute_of(None, kwargs)?)?;
    kwargs.assert_all_used()?;
    for (key, item) in items {
        let is_key = |(known, _): &(Vec<Value>, Value)| order(known, &key);
        let known: Result<Vec<Ordering>, Error> = found.iter().map(is_key).collect();
        if !known?.contains(&Ordering::Equal) {
            found.push((key, item));
        }
    }
    Ok(found.into_iter().map(|(_, item)| item).collect())
}

fn order(left: &[Value], right: &[Value]) -> Result<Ordering, Error> {
    for (left, right) in left.iter().zip(right) {
        let order = arithmetic::ordered(left, right)?;
        if order.is_ne() {
            return Ok(order);
        }
    }
    Ok(Ordering::Equal)
}
