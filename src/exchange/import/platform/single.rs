//! Figures of a unit that stand alone in a source (收入, 政府采购, “三公”经费): which lines make
//! them is the form's to say.

use schemars::JsonSchema;
use serde::Deserialize;

use super::aliases::{Aliases, says};
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

    fn takes(&self, line: &Line) -> bool {
        let economic = line.economic.as_ref().map_or("", |code| &code.code);
        let meets = |words: &[Text], word: &str| words.is_empty() || says(words, word);
        meets(&self.fund, line.fund_or_ordinary())
            && meets(&self.economic, economic)
            && meets(&self.source, &line.source)
            && meets(&self.procurement, &line.procurement_kind)
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

    /// What a line adds to figures that are known so.
    fn amount(self, line: &Line) -> rust_decimal::Decimal {
        match self {
            Self::Procurement => line.procurement.unwrap_or_default(),
            Self::Class | Self::Source => line.amount,
        }
    }
}

/// The figures of each unit that its lines tell whole; what is in the way of the others.
pub fn add(
    units: &mut std::collections::BTreeMap<usize, Unit>,
    lines: &Lines,
    aliases: &Aliases,
    owner: impl Fn(&Line) -> Option<usize>,
) -> Vec<String> {
    let mut obstacles = Vec::new();
    for by in [By::Class, By::Source, By::Procurement] {
        let rules: Vec<&Single> = aliases.singles.iter().filter(|it| it.by() == by).collect();
        if !by.is_told(lines) {
            continue;
        }
        let relevant = |line: &&Line| !by.amount(line).is_zero();
        let unknown = |line: &&Line| by != By::Class && !rules.iter().any(|it| it.takes(line));
        if let Some(line) = lines.lines.iter().filter(relevant).find(unknown) {
            obstacles.push(match by {
                By::Procurement => format!(
                    "{} 的采购种类“{}”不认识，政府采购各种类的数没有取",
                    line.cell, line.procurement_kind
                ),
                _ => format!(
                    "{} 的资金来源“{}”看不出是哪项收入，收入各项没有取",
                    line.cell, line.source
                ),
            });
            continue;
        }
        for (number, unit) in units.iter_mut() {
            let own = || lines.lines.iter().filter(|line| owner(line) == Some(*number));
            unit.singles.extend(rules.iter().map(|rule| {
                let mut sum = Sum::default();
                for line in own().filter(relevant).filter(|line| rule.takes(line)) {
                    sum.add(by.amount(line), &line.cell);
                }
                Figure { keys: rule.to.text.split('.').map(str::to_owned).collect(), sum }
            }));
        }
    }
    obstacles
}
