//! The small things that invented sources are made of: amounts, names, texts, print settings.

use serde_json::{Map, Value, json};

use crate::common::chance::Chance;

/// Characters of names: common Han, punctuation, digits and letters as offices mix them.
const HAN: &str =
    "市区政府数据管理中心信息化运维项目经费教育科技人力资源和社会保障住房公积金预算单位";
const MARKS: &str = "（）“”、·—《》：";
const PLAIN: &str = "ABCXYZabcxyz0123456789-/.&+()";

const INCOME: [&str; 10] = [
    "一般公共预算拨款",
    "政府性基金预算拨款",
    "国有资本经营预算拨款",
    "财政专户管理资金",
    "事业收入",
    "事业单位经营收入",
    "上级补助收入",
    "附属单位上缴收入",
    "其他收入",
    "上年结余、结转",
];
/// The sum of all amounts has a bound (B01); so many of the longest stay below it.
pub const HUGE_AMOUNTS: usize = 5;

/// Invents, as its chance has it.
pub struct Inventor {
    pub chance: Chance,
    /// The decimals that this source's amounts may have.
    pub decimals: usize,
    pub huge_left: usize,
}

/// Puts a value under a key, some of the time.
macro_rules! perhaps {
    ($self:ident, $percent:literal, $map:ident, $key:literal, $value:expr) => {
        if $self.chance.happens($percent) {
            let value = $value;
            $map.insert($key.to_owned(), json!(value));
        }
    };
}
pub(crate) use perhaps;

impl Inventor {
    pub fn print(&mut self) -> Value {
        let mut print = Map::new();
        perhaps!(self, 50, print, "单位", *self.chance.one_of(&["元", "万元"]));
        perhaps!(self, 50, print, "小数", self.chance.between(0, 2));
        perhaps!(self, 50, print, "分节", *self.chance.one_of(&["是", "否"]));
        perhaps!(self, 50, print, "零", *self.chance.one_of(&["0", "空白", "-"]));
        Value::Object(print)
    }

    pub fn income(&mut self) -> Value {
        self.amounts(&INCOME)
    }

    /// Amounts under some of the keys.
    pub fn amounts(&mut self, keys: &[&str]) -> Value {
        let mut map = Map::new();
        for key in keys {
            if self.chance.happens(60) {
                map.insert((*key).to_owned(), json!(self.amount()));
            }
        }
        Value::Object(map)
    }

    pub fn proses(&mut self, keys: &[&str]) -> Value {
        let mut map = Map::new();
        for key in keys {
            if self.chance.happens(60) {
                map.insert((*key).to_owned(), json!(self.prose(60)));
            }
        }
        Value::Object(map)
    }

    /// Up to `count` values under invented names.
    pub fn keyed(&mut self, count: usize, mut value: impl FnMut(&mut Self) -> Value) -> Value {
        Value::Object((0..count).map(|_| (self.name(12), value(self))).collect())
    }

    pub fn list<T>(&mut self, most: usize, mut item: impl FnMut(&mut Self) -> T) -> Vec<T> {
        (0..self.chance.between(0, most)).map(|_| item(self)).collect()
    }

    pub fn count(&mut self) -> Value {
        json!(*self.chance.one_of(&[0, 1, 37, 1200, 999_999_999]))
    }

    /// An amount as text: a YAML number would lose digits on the way through JSON.
    pub fn amount(&mut self) -> String {
        let length = match self.chance.between(0, 99) {
            0..=19 => return "0".to_owned(),
            20..=89 => self.chance.between(1, 8),
            90..=97 => 15,
            _ if self.huge_left > 0 => {
                self.huge_left -= 1;
                24
            }
            _ => 1,
        };
        let decimals = self.chance.between(0, self.decimals).min(length - 1);
        let digits = self.chance.digits(length);
        let (integer, fraction) = digits.split_at(length - decimals);
        if decimals == 0 { digits } else { format!("{integer}.{fraction}") }
    }

    /// A name of 1 to `most` characters.
    pub fn name(&mut self, most: usize) -> String {
        let most = if self.chance.happens(70) { most.min(20) } else { most };
        let length = self.chance.between(1, most);
        let mut name = String::new();
        while name.chars().count() < length {
            match self.chance.between(0, 19) {
                0 => name.push(pick(&mut self.chance, MARKS)),
                1 => {
                    for _ in 0..self.chance.between(1, 8) {
                        name.push(pick(&mut self.chance, PLAIN));
                    }
                }
                _ => name.push(pick(&mut self.chance, HAN)),
            }
        }
        name.chars().take(length).collect()
    }

    /// A text of up to `most` characters: sentences, line ends, figures of the report.
    pub fn prose(&mut self, most: usize) -> String {
        let mut prose = String::new();
        while prose.chars().count() < most {
            prose += &self.name(20);
            prose += match self.chance.between(0, 11) {
                0 => "\n",
                1 => "{{ 年 }}",
                2 => "{{ 合计.收入.收入总计 }}万元",
                3 => "≥95%，",
                4 => "。",
                _ => "，",
            };
            if self.chance.happens(30) {
                break;
            }
        }
        prose
    }

    /// A text of about `length` characters, sometimes longer than any page.
    pub fn long_prose(&mut self, length: usize) -> String {
        let length = if self.chance.happens(5) { 3000 } else { length };
        let mut prose = self.prose(20);
        while prose.chars().count() < length {
            prose += &self.prose(100);
        }
        prose
    }
}

fn pick(chance: &mut Chance, from: &str) -> char {
    let characters: Vec<char> = from.chars().collect();
    *chance.one_of(&characters)
}
