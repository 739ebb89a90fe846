//! The values that a source is made of: amounts, texts, codes, counts, dates.
//!
//! Each remembers the bytes it was written on. [`shape`](super::shape) judges the raw text with
//! [`Leaf::complaint`] before serde sees it, and hands it over as `!START-END raw` (a YAML tag
//! carries the place), so deserializing here cannot meet a value that was not judged.

use std::borrow::Cow;
use std::fmt;
use std::ops::Range;

use rust_decimal::Decimal;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::{self, Deserialize, Deserializer, EnumAccess, VariantAccess, Visitor};

/// The bytes of the source that a value was read from.
pub type Place = Range<usize>;

/// The most digits that an amount may have; sums of thousands of such amounts stay exact.
pub const MAX_DIGITS: usize = 24;

/// An amount of money (金额), exact, in the unit of its source.
#[derive(Debug, Clone, PartialEq)]
pub struct Money {
    pub amount: Decimal,
    pub place: Place,
}

/// A text that is printed as it was written.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Text {
    pub text: String,
    pub place: Place,
}

/// A text in which `{{ … }}` reads figures of the report (说明文字).
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Prose(pub Text);

/// A functional or economic code (科目编码): 3, 5 or 7 digits.
#[derive(Debug, Clone, PartialEq)]
pub struct Code {
    pub code: String,
    pub place: Place,
}

/// A number of people, cars or things; also a year.
#[derive(Debug, Clone, PartialEq)]
pub struct Count {
    pub count: u32,
    pub place: Place,
}

/// A day of the calendar, written `2023-02-10`.
#[derive(Debug, Clone, PartialEq)]
pub struct Date {
    pub year: i32,
    pub month: u8,
    pub day: u8,
}

/// The kinds of leaf, named in the schema as `format`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Leaf {
    Amount,
    Text,
    Code,
    Count,
    Date,
}

/// What is wrong with a leaf: code, sentence, and what to write instead.
pub type Complaint = (&'static str, String, String);

impl Leaf {
    pub fn from_format(format: &str) -> Option<Self> {
        Some(match format {
            "amount" => Self::Amount,
            "text" => Self::Text,
            "code" => Self::Code,
            "count" => Self::Count,
            "date" => Self::Date,
            _ => return None,
        })
    }

    /// What the reader is told to put here.
    pub fn name(self) -> &'static str {
        match self {
            Self::Amount => "一个金额",
            Self::Text => "一段文字",
            Self::Code => "一个科目编码",
            Self::Count => "一个整数",
            Self::Date => "一个日期",
        }
    }

    /// Judges a raw scalar. `decimals` is what the source's unit allows its amounts.
    pub fn complaint(self, raw: &str, decimals: u32) -> Option<Complaint> {
        match self {
            Self::Amount => amount_complaint(raw, decimals),
            Self::Text => None,
            Self::Code => code_complaint(raw),
            Self::Count => count_complaint(raw),
            Self::Date => parse_date(raw).is_none().then(|| {
                ("S11", format!("“{raw}”不是日期"), "写成 2023-02-10 这样的日期".to_owned())
            }),
        }
    }
}

fn amount_complaint(raw: &str, decimals: u32) -> Option<Complaint> {
    let complain = |what: &str, help: String| Some(("S08", format!("金额“{raw}”{what}"), help));
    let (integer, fraction) = raw.split_once('.').unwrap_or((raw, ""));
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    if digits(integer) && (digits(fraction) || !raw.contains('.')) {
        if integer.len() > 1 && integer.starts_with('0') {
            return complain("以 0 开头", format!("写成 {}", raw.trim_start_matches('0')));
        }
        if integer.len() + fraction.len() > MAX_DIGITS {
            return complain("太长", format!("最多 {MAX_DIGITS} 位数字"));
        }
        if fraction.len() > decimals as usize {
            let most = if decimals == 0 {
                "不带小数".into()
            } else {
                format!("最多 {decimals} 位小数")
            };
            return complain("的小数位太多", format!("按“金额: 小数”的约定，{most}"));
        }
        return None;
    }
    let narrow: String = raw.chars().map(half_width).collect();
    let bare: String = narrow.chars().filter(|c| !matches!(c, ',' | '_' | ' ')).collect();
    if raw.is_empty() {
        complain("是空的", "写一个数；没有就写 0".into())
    } else if bare.starts_with(['-', '+', '−']) && digits_and_dot(&bare[1..].replace('−', "")) {
        complain("带有正负号", "金额不带正负号；增减由程序计算".into())
    } else if digits_and_dot(&bare) && narrow != raw {
        complain("里有全角数字", format!("改用半角：{bare}"))
    } else if digits_and_dot(&bare) {
        complain("里有分隔符", format!("写成 {bare}；千分位由程序印上"))
    } else if bare.ends_with(['元', '万', '亿']) {
        let number = bare.trim_end_matches(['元', '万', '亿', '千', '百']);
        complain("带有单位", format!("只写数字 {number}；单位写在“金额: 单位”"))
    } else if raw.contains(['e', 'E']) && raw.parse::<f64>().is_ok() {
        complain("用了科学记数法", "把数字写全，例如 1000".into())
    } else {
        complain("不是数", "只写半角数字，例如 7302 或 7302.50".into())
    }
}

fn digits_and_dot(text: &str) -> bool {
    text.bytes().any(|b| b.is_ascii_digit())
        && text.bytes().all(|b| b.is_ascii_digit() || b == b'.')
}

/// The half-width form of a full-width character.
fn half_width(c: char) -> char {
    match c {
        '\u{FF01}'..='\u{FF5E}' => char::from_u32(c as u32 - 0xFEE0).unwrap_or(c),
        _ => c,
    }
}

fn code_complaint(raw: &str) -> Option<Complaint> {
    let good = matches!(raw.len(), 3 | 5 | 7) && raw.bytes().all(|b| b.is_ascii_digit());
    (!good).then(|| {
        let help = "科目编码是 3、5 或 7 位半角数字，例如 208、20801、2080150".to_owned();
        ("S09", format!("“{raw}”不是科目编码"), help)
    })
}

fn count_complaint(raw: &str) -> Option<Complaint> {
    let good = !raw.is_empty()
        && raw.len() <= 9
        && raw.bytes().all(|b| b.is_ascii_digit())
        && (raw == "0" || !raw.starts_with('0'));
    (!good).then(|| ("S10", format!("“{raw}”不是整数"), "写半角数字，例如 37".to_owned()))
}

fn parse_date(raw: &str) -> Option<Date> {
    let mut parts = raw.split('-');
    let mut next = |length: usize| parts.next().filter(|part| part.len() == length);
    let (year, month, day) = (next(4)?, next(2)?, next(2)?);
    let date =
        Date { year: year.parse().ok()?, month: month.parse().ok()?, day: day.parse().ok()? };
    let leap = date.year % 4 == 0 && (date.year % 100 != 0 || date.year % 400 == 0);
    let days = match date.month {
        2 if leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => return None,
    };
    (parts.next().is_none() && date.year >= 1949 && (1..=days).contains(&date.day)).then_some(date)
}

/// A raw scalar and its place, as [`shape`](super::shape) hands it over.
struct Located {
    raw: String,
    place: Place,
}

/// The YAML tag under which a scalar travels with its place.
pub fn place_tag(place: &Place) -> String {
    format!("!{}-{}", place.start, place.end)
}

impl<'de> Deserialize<'de> for Located {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct TagVisitor;
        impl<'de> Visitor<'de> for TagVisitor {
            type Value = Located;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a scalar with its place")
            }

            fn visit_enum<A: EnumAccess<'de>>(self, data: A) -> Result<Located, A::Error> {
                let (tag, variant): (String, _) = data.variant()?;
                let raw = variant.newtype_variant()?;
                let place = tag
                    .split_once('-')
                    .and_then(|(start, end)| Some(start.parse().ok()?..end.parse().ok()?))
                    .ok_or_else(|| de::Error::custom("a scalar without its place"))?;
                Ok(Located { raw, place })
            }
        }
        deserializer.deserialize_any(TagVisitor)
    }
}

/// Implements a leaf's deserialization from [`Located`] and its schema.
macro_rules! leaf {
    ($type:ident, $format:literal, $schema_type:tt, |$located:ident| $build:expr) => {
        impl<'de> Deserialize<'de> for $type {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let $located = Located::deserialize(deserializer)?;
                $build.ok_or_else(|| de::Error::custom(concat!("not a valid ", $format)))
            }
        }

        impl JsonSchema for $type {
            fn schema_name() -> Cow<'static, str> {
                stringify!($type).into()
            }

            fn inline_schema() -> bool {
                true
            }

            fn json_schema(_: &mut SchemaGenerator) -> Schema {
                json_schema!({ "type": $schema_type, "format": $format })
            }
        }
    };
}

leaf!(Money, "amount", ["number", "string"], |located| Decimal::from_str_exact(&located.raw)
    .ok()
    .map(|amount| Self { amount, place: located.place }));
leaf!(Text, "text", ["string", "number"], |located| Some(Self {
    text: located.raw,
    place: located.place
}));
leaf!(Prose, "text", ["string", "number"], |located| Some(Self(Text {
    text: located.raw,
    place: located.place
})));
leaf!(Code, "code", ["integer", "string"], |located| Some(Self {
    code: located.raw,
    place: located.place
}));
leaf!(Count, "count", ["integer"], |located| located
    .raw
    .parse()
    .ok()
    .map(|count| Self { count, place: located.place }));
leaf!(Date, "date", ["string"], |located| parse_date(&located.raw));

/// A map from texts to values that keeps its order and the places of its keys.
#[derive(Debug, Clone, PartialEq)]
pub struct Entries<V>(pub Vec<(Text, V)>);

impl<V> Default for Entries<V> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<V> Entries<V> {
    pub fn get(&self, key: &str) -> Option<&V> {
        self.0.iter().find(|(have, _)| have.text == key).map(|(_, value)| value)
    }
}

impl<'de, V: Deserialize<'de>> Deserialize<'de> for Entries<V> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct MapVisitor<V>(std::marker::PhantomData<V>);
        impl<'de, V: Deserialize<'de>> Visitor<'de> for MapVisitor<V> {
            type Value = Entries<V>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a map")
            }

            fn visit_map<A: de::MapAccess<'de>>(self, mut map: A) -> Result<Entries<V>, A::Error> {
                let mut entries = Vec::new();
                while let Some(entry) = map.next_entry()? {
                    entries.push(entry);
                }
                Ok(Entries(entries))
            }
        }
        deserializer.deserialize_map(MapVisitor(std::marker::PhantomData))
    }
}

impl<V: JsonSchema> JsonSchema for Entries<V> {
    fn schema_name() -> Cow<'static, str> {
        format!("Entries_of_{}", V::schema_name()).into()
    }

    fn inline_schema() -> bool {
        true
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let value = generator.subschema_for::<V>();
        json_schema!({ "type": "object", "additionalProperties": value })
    }
}
