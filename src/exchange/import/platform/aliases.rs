//! What a form says of the platform's words: `import.yaml`.

use schemars::JsonSchema;
use serde::Deserialize;

use super::single::Single;
use crate::audit::bare;
use crate::source::model::MoneyUnit;
use crate::source::scalar::{Entries, Text};

/// 预算平台导出的明细怎么认。
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Aliases {
    /// 栏名和表头都没有写单位时，金额的单位
    #[serde(rename = "单位")]
    pub unit: MoneyUnit,
    /// 各栏：数据文件里的说法 → 平台上的各种叫法
    #[serde(rename = "栏")]
    pub columns: Columns,
    /// 预算资金的种类 → 平台上的各种叫法
    #[serde(rename = "资金", default)]
    pub funds: Entries<Vec<Text>>,
    /// 支出类别里，哪些词是基本支出
    #[serde(rename = "基本支出", default)]
    pub basic: Vec<Text>,
    /// 哪些词开头的行是合计
    #[serde(rename = "合计", default)]
    pub totals: Vec<Text>,
    /// 预算单位里单独写的数，由哪些行相加
    #[serde(rename = "各数", default)]
    pub singles: Vec<Single>,
}

/// 各栏的叫法。
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Columns {
    #[serde(rename = "预算单位", default)]
    pub unit: Vec<Text>,
    #[serde(rename = "功能分类", default)]
    pub functional: Vec<Text>,
    #[serde(rename = "经济分类", default)]
    pub economic: Vec<Text>,
    #[serde(rename = "项目", default)]
    pub project: Vec<Text>,
    #[serde(rename = "预算", default)]
    pub fund: Vec<Text>,
    #[serde(rename = "支出类别", default)]
    pub kind: Vec<Text>,
    #[serde(rename = "金额")]
    pub amount: Vec<Text>,
    #[serde(rename = "采购", default)]
    pub procurement: Vec<Text>,
    #[serde(rename = "采购种类", default)]
    pub procurement_kind: Vec<Text>,
}

impl Columns {
    /// The names of each column.
    pub fn all(&self) -> impl Iterator<Item = &[Text]> {
        let Self { unit, functional, economic, project, fund, kind, amount, .. } = self;
        [unit, functional, economic, project, fund, kind, amount]
            .into_iter()
            .chain([&self.procurement, &self.procurement_kind])
            .map(Vec::as_slice)
    }
}

impl Aliases {
    /// The fund that a word of the platform means.
    pub fn fund(&self, word: &str) -> Option<&str> {
        let funds = self.funds.0.iter();
        let mut found = funds.filter(|(_, words)| says(words, word));
        found.next().map(|(fund, _)| fund.text.as_str())
    }

    pub fn is_basic(&self, word: &str) -> bool {
        says(&self.basic, word)
    }

    pub fn is_total(&self, text: &str) -> bool {
        let text = bare(text);
        self.totals.iter().any(|word| text.starts_with(&word.text))
    }
}

/// Whether one of the words is this one.
pub fn says(words: &[Text], word: &str) -> bool {
    let word = bare(word);
    words.iter().any(|known| bare(&known.text) == word)
}
