//! The values that a source is made of: amounts, texts, codes, counts, dates.
//!
//! Each remembers the bytes it was written on. [`shape`](super::shape) judges the raw text with
//! [`leaf`](super::leaf) before serde sees it, and hands it over as `!START-END raw` (a YAML tag
//! carries the place), so deserializing here cannot meet a value that was not judged.

use std::borrow::Cow;
use std::fmt;
use std::ops::Range;

use rust_decimal::Decimal;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::{self, Deserialize, Deserializer, EnumAccess, VariantAccess, Visitor};

/// The bytes of the source that a value was read from.
pub type Place = Range<usize>;

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

/// A number of people, cars or things; also a year (see [`year`]).
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
    pub place: Place,
}

/// The day that a text like `2023-02-10` names.
pub(super) fn parse_date(raw: &str) -> Option<Date> {
    let mut parts = raw.split('-');
    let mut next = |length: usize| parts.next().filter(|part| part.len() == length);
    let (year, month, day) = (next(4)?, next(2)?, next(2)?);
    let (year, month, day) = (year.parse().ok()?, month.parse().ok()?, day.parse().ok()?);
    let date = Date { year, month, day, place: Place::default() };
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
leaf!(Prose, "prose", ["string", "number"], |located| Some(Self(Text {
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
leaf!(Date, "date", ["string"], |located| parse_date(&located.raw)
    .map(|date| Date { place: located.place, ..date }));

/// The schema of a [`Count`] that is a year.
pub fn year(_: &mut SchemaGenerator) -> Schema {
    json_schema!({ "type": "integer", "format": "year" })
}

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
