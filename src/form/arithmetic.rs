//! What operators do with figures: exact comparisons and sums, or the reason why there is none.

use std::cmp::Ordering;

use minijinja::value::{Value, ValueKind};
use minijinja::{Error, ErrorKind};
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use super::pen::Pen;
use super::values::{Change, FigureValue, TextValue};
use crate::budget::{Figure, Format, Measure, Origin, figure::round_half_up};
use crate::marks;

/// A difference that a division without an end may have made.
const DOUBT: Decimal = Decimal::from_parts(1, 0, 0, false, 20);

/// No amount, rate or ratio that comes out has more.
const MOST_DECIMALS: u32 = 18;

/// A value as operators see it.
#[derive(Debug, Clone)]
enum Operand {
    Number(Number),
    Text(String),
    Other(Value),
}

/// An amount, and the figure that it is, unless an expression states it.
#[derive(Debug, Clone)]
struct Number {
    amount: Decimal,
    figure: Option<FigureValue>,
}

/// Fails with words for the person who wrote the expression.
pub fn refuse<T>(why: impl Into<String>) -> Result<T, Error> {
    Err(Error::new(ErrorKind::InvalidOperation, why.into()))
}

impl Operand {
    fn of(value: &Value) -> Result<Self, Error> {
        if value.is_undefined() {
            return Err(Error::from(ErrorKind::UndefinedError));
        }
        if let Some(figure) = value.downcast_object_ref::<FigureValue>() {
            let amount = match figure.figure.measure() {
                // A rate is what it is printed as.
                Measure::Percent => {
                    let format = figure.format.unwrap_or_else(|| figure.pen.format());
                    round_half_up(figure.figure.amount(), format.rate_decimals)
                }
                _ => figure.figure.amount(),
            };
            return Ok(Self::Number(Number { amount, figure: Some(figure.clone()) }));
        }
        if let Some(text) = value.downcast_object_ref::<TextValue>() {
            return Ok(Self::Text(text.0.text.clone()));
        }
        if let Some(text) = value.as_str() {
            return Ok(Self::Text(marks::unmarked(text)));
        }
        match value.kind() {
            ValueKind::Number => match value.to_string().parse() {
                Ok(amount) => Ok(Self::Number(Number { amount, figure: None })),
                Err(_) => refuse("这个数太大，算不准"),
            },
            _ => Ok(Self::Other(value.clone())),
        }
    }

    /// The number that this is, also where it is written as a text, such as 年.
    fn number(&self) -> Option<Number> {
        match self {
            Self::Number(number) => Some(number.clone()),
            Self::Text(text) => {
                text.trim().parse().ok().map(|amount| Number { amount, figure: None })
            }
            Self::Other(_) => None,
        }
    }

    fn required(&self) -> Result<Number, Error> {
        self.number().map_or_else(|| refuse(self.no_number()), Ok)
    }

    fn is_number(&self) -> bool {
        matches!(self, Self::Number(_))
    }

    /// What to say of a value that should have been a number.
    fn no_number(&self) -> String {
        match self {
            Self::Number(_) => "这里不能用数".to_owned(),
            Self::Text(text) if text.is_empty() => "这里没有写数，空白不能当数用".to_owned(),
            Self::Text(_) => "文字不能当数用；直接写数时不加引号".to_owned(),
            Self::Other(value) if value.downcast_object_ref::<Change>().is_some() => {
                "“变动”不是一个数：写 .差、.额 或 .率".to_owned()
            }
            Self::Other(value) if value.kind() == ValueKind::Map => {
                "这是一组数，不是一个数：再写“.”和其中一个的名字".to_owned()
            }
            Self::Other(value) if value.kind() == ValueKind::Seq => {
                "这是一个清单，不是一个数：要相加，写 求和(…)".to_owned()
            }
            Self::Other(_) => "这里要用一个数".to_owned(),
        }
    }
}

impl Number {
    fn measure(&self) -> Measure {
        self.figure.as_ref().map_or(Measure::Plain, |value| value.figure.measure())
    }

    fn slack(&self) -> Decimal {
        self.figure.as_ref().map_or(Decimal::ZERO, |value| value.figure.slack())
    }

    fn endless(&self) -> bool {
        self.figure.as_ref().is_some_and(|value| value.endless)
    }

    /// Whether an expression states it, so that its kind is that of what it meets.
    fn is_stated(&self) -> bool {
        let origin = self.figure.as_ref().map(|value| value.figure.origin());
        self.measure() == Measure::Plain
            && origin.is_none_or(|origin| *origin == Origin::Computed(Vec::new()))
    }

    /// This number as one of the kind of `other`: `> 200` speaks of what it is compared with.
    fn like(&self, other: &Self) -> Result<Self, Error> {
        let (here, there) = (self.measure(), other.measure());
        let Some(model) = &other.figure else { return Ok(self.clone()) };
        if here == there || other.is_stated() || self.figure.is_some() && self.amount.is_zero() {
            return Ok(self.clone());
        }
        if !self.is_stated() {
            return refuse(format!("{}不能与{}相比、相加", name(here), name(there)));
        }
        let format = model.pen.format();
        if there == Measure::Money && format.held_in != format.unit && !self.amount.is_zero() {
            return refuse(format!(
                "{0} 没有写明是元还是万元：写 元({0}) 或 万元({0})",
                self.amount.normalize()
            ));
        }
        let figure = Figure::computed(self.amount, Decimal::ZERO, there, Vec::new());
        let figure = Some(FigureValue { figure, ..model.clone() });
        Ok(Self { amount: self.amount, figure })
    }

    /// As a value: a whole number without a figure behind it counts and indexes, too.
    fn into_value(self) -> Value {
        match self.figure {
            Some(figure) => Value::from_object(figure),
            None => {
                self.amount.to_i64().map_or_else(|| self.amount.to_string().into(), Value::from)
            }
        }
    }
}

fn name(measure: Measure) -> &'static str {
    match measure {
        Measure::Money => "金额",
        Measure::Count => "数量",
        Measure::Percent => "百分比",
        Measure::Plain => "算出来的比值",
    }
}

/// The order of two values, or none where they are only different.
fn order(left: &Operand, right: &Operand) -> Result<Option<Ordering>, Error> {
    match (left, right) {
        (Operand::Number(a), Operand::Number(b)) => {
            let (a, b) = (a.like(b)?, b.like(a)?);
            if (a.endless() || b.endless()) && (a.amount - b.amount).abs() < DOUBT {
                return refuse("除不尽的数分不出相等不相等：先写 |round(小数位数)");
            }
            Ok(Some(a.amount.cmp(&b.amount)))
        }
        (Operand::Text(a), Operand::Text(b)) => Ok(Some(a.cmp(b))),
        (Operand::Number(_), Operand::Text(_)) => Ok(order(right, left)?.map(Ordering::reverse)),
        (Operand::Text(_), Operand::Number(b)) => match left.number() {
            Some(a) if b.figure.is_none() => order(&Operand::Number(a), right),
            _ if b.figure.is_some() => refuse(left.no_number()),
            _ => Ok(None),
        },
        (Operand::Other(a), Operand::Other(b)) => Ok((a.kind() == b.kind()).then(|| a.cmp(b))),
        (Operand::Other(other), Operand::Number(Number { figure: Some(_), .. }))
        | (Operand::Number(Number { figure: Some(_), .. }), Operand::Other(other))
            if !other.is_none() =>
        {
            refuse(Operand::Other(other.clone()).no_number())
        }
        _ => Ok(None),
    }
}

/// Whether `left operator right` holds.
pub fn compare(left: &Value, operator: &str, right: &Value) -> Result<bool, Error> {
    if let "in" | "not in" = operator {
        return Ok(contains(right, left)? == (operator == "in"));
    }
    let (left, right) = (Operand::of(left)?, Operand::of(right)?);
    if let (Operand::Text(a), Operand::Text(b)) = (&left, &right)
        && !matches!(operator, "==" | "!=")
        && a.len() != b.len()
        && left.number().and(right.number()).is_some()
    {
        return refuse("加了引号的数不能比大小：直接写数，不加引号");
    }
    let order = order(&left, &right)?;
    match (operator, order) {
        ("==", order) => Ok(order == Some(Ordering::Equal)),
        ("!=", order) => Ok(order != Some(Ordering::Equal)),
        (_, None) => match [left, right].iter().find(|it| matches!(it, Operand::Other(_))) {
            Some(other) => refuse(other.no_number()),
            None => refuse("数与文字不能比大小；直接写数时不加引号"),
        },
        ("<", Some(order)) => Ok(order.is_lt()),
        ("<=", Some(order)) => Ok(order.is_le()),
        (">", Some(order)) => Ok(order.is_gt()),
        (_, Some(order)) => Ok(order.is_ge()),
    }
}

fn contains(container: &Value, item: &Value) -> Result<bool, Error> {
    let item = Operand::of(item)?;
    match (Operand::of(container)?, &item) {
        (Operand::Text(text), Operand::Text(part)) => Ok(text.contains(part)),
        (Operand::Other(map), Operand::Text(key)) if map.kind() == ValueKind::Map => {
            Ok(!map.get_item(&Value::from(key.as_str()))?.is_undefined())
        }
        (Operand::Other(list), _) if list.kind() != ValueKind::Map => {
            for value in list.try_iter()? {
                if order(&item, &Operand::of(&value)?)? == Some(Ordering::Equal) {
                    return Ok(true);
                }
            }
            Ok(false)
        }
        _ => refuse("in 的右边要是清单、文字或一组名字"),
    }
}

/// The order of two values of a list, for `|sort`, `|max` and `|min`.
pub fn ordered(left: &Value, right: &Value) -> Result<Ordering, Error> {
    match order(&Operand::of(left)?, &Operand::of(right)?)? {
        Some(order) => Ok(order),
        None => refuse("清单里的数与文字不能一起排大小"),
    }
}

/// `left operator right`.
pub fn compute(pen: &Pen, left: &Value, operator: &str, right: &Value) -> Result<Value, Error> {
    let (a, b) = (Operand::of(left)?, Operand::of(right)?);
    if operator == "+" {
        match (&a, &b) {
            (Operand::Text(_), Operand::Text(_)) if a.number().or(b.number()).is_some() => {
                return refuse("接上文字用 ~；要相加的数不加引号");
            }
            (Operand::Text(_), Operand::Text(_)) => {
                return Ok(Value::from(left.to_string() + &right.to_string()));
            }
            (Operand::Other(a), Operand::Other(b))
                if a.kind() == ValueKind::Seq && b.kind() == ValueKind::Seq =>
            {
                return Ok(a.try_iter()?.chain(b.try_iter()?).collect());
            }
            _ => {}
        }
    }
    // 年 is a text of digits: it counts years, but is no part of an amount.
    let of_figure =
        |operand: &Operand| matches!(operand, Operand::Number(Number { figure: Some(_), .. }));
    let mixed = of_figure(&a) || of_figure(&b);
    if let (true, Some(text)) = (mixed, [&a, &b].into_iter().find(|it| !it.is_number())) {
        return refuse(text.no_number());
    }
    let (a, b) = (a.required()?, b.required()?);
    match operator {
        "+" | "-" => added(pen, &a, operator == "-", &b),
        "*" => multiplied(pen, &a, &b),
        "/" => divided(pen, &a, &b),
        _ => whole(&a, operator, &b),
    }
    .map(Number::into_value)
}

/// `-value`.
pub fn negated(pen: &Pen, value: &Value) -> Result<Value, Error> {
    compute(pen, &Value::from(-1), "*", value)
}

/// The number that a value is, with the figure that it was.
fn number(value: &Value) -> Result<Number, Error> {
    Operand::of(value)?.required()
}

/// The amount of a figure or number.
pub fn amount(value: &Value) -> Result<Decimal, Error> {
    number(value).map(|number| number.amount)
}

/// A whole number that counts or indexes.
pub fn integer(value: &Value) -> Result<i64, Error> {
    let number = number(value)?;
    match number.amount.to_i64().filter(|whole| Decimal::from(*whole) == number.amount) {
        Some(_) if number.measure() == Measure::Money => refuse("金额取整写 |round"),
        Some(whole) => Ok(whole),
        None => refuse("这个数不是整数：先写 |round"),
    }
}

/// A figure without its sign.
pub fn absolute(pen: &Pen, value: &Value) -> Result<Value, Error> {
    match number(value)?.amount.is_sign_negative() {
        true => negated(pen, value),
        false => Ok(number(value)?.into_value()),
    }
}

/// A number with so many decimals, halves away from zero, and printed with them; money in the unit
/// that it is printed in.
pub fn rounded(pen: &Pen, value: &Value, decimals: u32) -> Result<Value, Error> {
    let number = number(value)?;
    let own = number.figure.as_ref().and_then(|value| value.format);
    let format = Format { decimals, rate_decimals: decimals, ..own.unwrap_or(pen.format()) };
    let all_digits = number.figure.as_ref().map_or(number.amount, |value| value.figure.amount());
    let amount = match number.measure() {
        Measure::Money => format.held(format.rounded(all_digits)),
        _ => round_half_up(all_digits, decimals),
    };
    let rounded = result(pen, amount, number.slack(), number.measure(), &[&number], false);
    let figure = rounded.figure.map(|figure| FigureValue { format: Some(format), ..figure });
    Ok(Number { figure, ..rounded }.into_value())
}

fn added(pen: &Pen, a: &Number, less: bool, b: &Number) -> Result<Number, Error> {
    let (a, b) = (a.like(b)?, b.like(a)?);
    let amount = match less {
        true => a.amount.checked_sub(b.amount),
        false => a.amount.checked_add(b.amount),
    };
    let Some(amount) = amount else { return refuse("数太大，算不了") };
    let endless = a.endless() || b.endless();
    let figures = a.figure.as_ref().zip(b.figure.as_ref());
    let Some((left, right)) = figures.filter(|_| a.measure() != Measure::Percent) else {
        return Ok(result(pen, amount, a.slack() + b.slack(), a.measure(), &[&a, &b], endless));
    };
    let figure = match less {
        true => left.figure.minus(&right.figure),
        false => Figure::sum([left.figure.clone(), right.figure.clone()]),
    };
    Ok(Number { amount, figure: Some(FigureValue { figure, endless, ..left.clone() }) })
}

fn multiplied(pen: &Pen, a: &Number, b: &Number) -> Result<Number, Error> {
    let measure = match (a.measure(), b.measure()) {
        (Measure::Money, Measure::Money) => return refuse("两个金额不能相乘"),
        (Measure::Money, _) | (_, Measure::Money) => Measure::Money,
        (Measure::Plain, other) | (other, Measure::Plain) => other,
        _ => Measure::Plain,
    };
    let (Some(amount), slack) =
        (a.amount.checked_mul(b.amount), a.slack() * b.amount.abs() + b.slack() * a.amount.abs())
    else {
        return refuse("数太大，算不了");
    };
    Ok(result(pen, amount, slack, measure, &[a, b], a.endless() || b.endless()))
}

fn divided(pen: &Pen, a: &Number, b: &Number) -> Result<Number, Error> {
    let measure = match (a.measure(), b.measure()) {
        (Measure::Money, Measure::Money) => Measure::Plain,
        (Measure::Money, _) => Measure::Money,
        (_, Measure::Money) => return refuse("数量不能除以金额"),
        (other, Measure::Plain) => other,
        _ => Measure::Plain,
    };
    let Some(amount) = a.amount.checked_div(b.amount) else {
        return refuse("除数是零，除不了");
    };
    // A quotient that fills every digit was cut, even where multiplying rounds back.
    let endless = amount.checked_mul(b.amount) != Some(a.amount)
        || amount.normalize().scale() > MOST_DECIMALS;
    let slack = a.slack().checked_div(b.amount.abs()).unwrap_or_default();
    Ok(result(pen, amount, slack, measure, &[a, b], endless || a.endless() || b.endless()))
}

/// Operators for whole numbers alone: `//`, `%`, `**`.
fn whole(a: &Number, operator: &str, b: &Number) -> Result<Number, Error> {
    let integer = |number: &Number| integer(&number.clone().into_value());
    let (a, b) = (integer(a)?, integer(b)?);
    let amount = match operator {
        "//" => a.checked_div_euclid(b),
        "%" => a.checked_rem_euclid(b),
        _ => u32::try_from(b).ok().and_then(|b| a.checked_pow(b)),
    };
    match amount {
        Some(amount) => Ok(Number { amount: amount.into(), figure: None }),
        None => refuse("算不了：除数是零，或者数太大"),
    }
}

/// A new figure of these, or a bare number where none of them is one and it is whole.
fn result(
    pen: &Pen,
    amount: Decimal,
    slack: Decimal,
    measure: Measure,
    of: &[&Number],
    endless: bool,
) -> Number {
    let figures: Vec<Figure> =
        of.iter().filter_map(|number| number.figure.as_ref()).map(|it| it.figure.clone()).collect();
    if figures.is_empty() && amount.is_integer() {
        return Number { amount, figure: None };
    }
    let figure = Figure::computed(amount, slack, measure, figures);
    Number { amount, figure: Some(FigureValue { figure, format: None, endless, pen: pen.clone() }) }
}
