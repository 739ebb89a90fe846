//! Figures of a unit that stand alone in a source (收入, 政府采购, “三公”经费): which lines make
//! them is the form's to say.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;

use super::aliases::says;
use super::fold::{Sum, Unit};
use super::lines::{Line, Lines};
use crate::source::scalar::Text;

/// 预算单位的一个数，由哪些行相加。写了的条件都要合。
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Single {
    /// 数据文件里的位置，从预算单位起，例如 三公经费.公务接待费.本年
    #[serde(rename = "写到")]
    pub to: Text,
    /// 预算资金的种类
    #[serde(rename = "预算", default)]
    fund: Vec<Text>,
    /// 经济分类科目编码
    #[serde(rename = "经济分类", default)]
    economic: Vec<Text>,
    /// 资金来源的各种叫法；有一行的叫法哪里都没有列，这样认的数就都不取
    #[serde(rename = "资金来源", default)]
    source: Vec<Text>,
    /// 采购种类的各种叫法，相加的是采购金额；有一行没有写，这样认的数就都不取
    #[serde(rename = "采购种类", default)]
    procurement: Vec<Text>,
}

/// By what the lines of a figure are known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum By {
    Class,
    Source,
    Procurement,
}

/// What a figure comes to.
#[derive(Debug)]
pub struct Figure {
    /// Keys from the unit on.
    pub keys: Vec<String>,
    pub sum: Sum,
}

/// What lines that say the same of these come to.
#[derive(Debug, Default)]
struct Alike {
    amount: Sum,
    procurement: Sum,
}

/// Lines by all that figures of their own go by: the unit and what is said of the money.
#[derive(Debug, Default)]
pub struct Groups<'l>(BTreeMap<(usize, Said<'l>), Alike>);

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Said<'l> {
    fund: &'l str,
    economic: &'l str,
    source: &'l str,
    procurement: &'l str,
}

impl<'l> Groups<'l> {
    pub fn add(&mut self, unit: usize, line: &'l Line) {
        let said = Said {
            fund: line.fund_or_ordinary(),
            economic: line.economic.as_ref().map_or("", |code| &code.code),
            source: &line.source,
            procurement: &line.procurement_kind,
        };
        let alike = self.0.entry((unit, said)).or_default();
        alike.amount.add(line.amount, &line.cell);
        if let Some(amount) = line.procurement.filter(|amount| !amount.is_zero()) {
            alike.procurement.add(amount, &line.cell);
        }
    }

    /// The figures of each unit that its lines tell whole; what is in the way of the others.
    pub fn figures(
        &self,
        units: &mut BTreeMap<usize, Unit>,
        lines: &Lines,
        rules: &[Single],
    ) -> Vec<String> {
        let mut obstacles = Vec::new();
        for by in [By::Class, By::Source, By::Procurement] {
            let rules: Vec<&Single> = rules.iter().filter(|rule| rule.by() == by).collect();
            if !by.is_told(lines) || rules.is_empty() {
                continue;
            }
            if let Some(obstacle) = self.obstacle(by, &rules) {
                obstacles.push(obstacle);
                continue;
            }
            for (number, unit) in units.iter_mut() {
                unit.singles.extend(rules.iter().map(|rule| self.figure(*number, by, rule)));
            }
        }
        obstacles
    }

    fn figure(&self, unit: usize, by: By, rule: &Single) -> Figure {
        let mut sum = Sum::default();
        let own = self.0.iter().filter(|((number, said), _)| *number == unit && rule.takes(said));
        own.for_each(|(_, alike)| sum.join(by.sum(alike)));
        Figure { keys: rule.to.text.split('.').map(str::to_owned).collect(), sum }
    }

    /// A word that no rule knows: sums without its lines would be too little.
    fn obstacle(&self, by: By, rules: &[&Single]) -> Option<String> {
        let (what, word): (&str, fn(&Said<'l>) -> &'l str) =
            match by {
                By::Class => return None,
                By::Source => ("资金来源“{}”看不出是哪项收入，收入各项没有取", |said| said.source),
                By::Procurement => {
                    ("采购种类“{}”不认识，政府采购各种类的数没有取", |said| said.procurement)
                }
            };
        let counts = self.0.iter().filter(|(_, alike)| by.sum(alike).parts > 0);
        let mut unknown = counts.filter(|((_, said), _)| !rules.iter().any(|it| it.takes(said)));
        let ((_, said), alike) = unknown.next()?;
        Some(format!("{} 的{}", by.sum(alike).first, what.replace("{}", word(said))))
    }
}

impl Single {
    fn by(&self) -> By {
        if !self.procurement.is_empty() {
            By::Procurement
        } else if !self.source.is_empty() {
            By::Source
        } else {
            By::Class
        }
    }

    fn takes(&self, said: &Said<'_>) -> bool {
        let meets = |words: &[Text], word: &str| words.is_empty() || says(words, word);
        meets(&self.fund, said.fund)
            && meets(&self.economic, said.economic)
            && meets(&self.source, said.source)
            && meets(&self.procurement, said.procurement)
    }
}

impl By {
    fn is_told(self, lines: &Lines) -> bool {
        match self {
            Self::Class => lines.has_economic,
            Self::Source => lines.has_sources,
            Self::Procurement => lines.has_procurement && lines.has_procurement_kinds,
        }
    }

    /// What lines add to figures that are known so.
    fn sum(self, alike: &Alike) -> &Sum {
        match self {
            Self::Procurement => &alike.procurement,
            Self::Class | Self::Source => &alike.amount,
        }
    }
}
