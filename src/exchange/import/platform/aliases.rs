//! What a form says of the platform's words: `import.yaml`.

use std::sync::LazyLock;

use regex::Regex;
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
    /// 金额单位的各种叫法 → 合多少元
    #[serde(rename = "金额单位", default)]
    pub money: Entries<Text>,
    /// 各栏：数据文件里的说法 → 平台上的各种叫法
    #[serde(rename = "栏")]
    pub columns: Columns,
    /// 预算资金的种类 → 平台上的各种叫法
    #[serde(rename = "资金", default)]
    pub funds: Entries<Vec<Text>>,
    /// 支出类别里，哪些词是基本支出
    #[serde(rename = "基本支出", default)]
    pub basic: Vec<Text>,
    /// 支出类别里，哪些词是项目支出；哪边都没有列的，要问
    #[serde(rename = "项目支出", default)]
    pub project: Vec<Text>,
    /// 写在项目名称里也看不出是基本支出还是项目支出、要问的词
    #[serde(rename = "要问", default)]
    pub unclear: Vec<Text>,
    /// 结转的钱怎么认
    #[serde(rename = "结转", default)]
    pub carried: Carried,
    /// 金额栏里，哪些写法是零
    #[serde(rename = "零", default)]
    pub zeros: Vec<Text>,
    /// 整格是这些词的行是合计
    #[serde(rename = "合计", default)]
    pub totals: Vec<Text>,
    /// 预算单位里单独写的数，由哪些行相加
    #[serde(rename = "各数", default)]
    pub singles: Vec<Single>,
}

/// 上年结转的钱：还是原来那种资金。
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Carried {
    /// 结转的各种叫法，长的在前；去掉它们，剩下的是资金的叫法
    #[serde(rename = "词", default)]
    words: Vec<Text>,
    /// 只写结转、没有写资金的，由功能分类编码的开头看是哪种资金；没有列的是一般公共预算
    #[serde(rename = "科目", default)]
    classes: Entries<Vec<Text>>,
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
    /// 资金来源：本年拨款、上年结转、事业收入……；只有这一栏时也由它看资金的种类
    #[serde(rename = "资金来源", default)]
    pub source: Vec<Text>,
    #[serde(rename = "支出类别", default)]
    pub kind: Vec<Text>,
    #[serde(rename = "金额")]
    pub amount: Vec<Text>,
    #[serde(rename = "采购", default)]
    pub procurement: Vec<Text>,
    #[serde(rename = "采购种类", default)]
    pub procurement_kind: Vec<Text>,
    /// 每一行是哪一年的；与数据文件不同的要问
    #[serde(rename = "年度", default)]
    pub year: Vec<Text>,
    /// 编码分栏的：类、款、项
    #[serde(rename = "类", default)]
    pub class: Vec<Text>,
    #[serde(rename = "款", default)]
    pub section: Vec<Text>,
    #[serde(rename = "项", default)]
    pub item: Vec<Text>,
}

impl Columns {
    /// The names of each column.
    pub fn all(&self) -> impl Iterator<Item = &[Text]> {
        let Self { unit, functional, economic, project, fund, kind, amount, .. } = self;
        [unit, functional, economic, project, fund, kind, amount, &self.source]
            .into_iter()
            .chain([&self.procurement, &self.procurement_kind, &self.year])
            .chain([&self.class, &self.section, &self.item])
            .map(Vec::as_slice)
    }
}

impl Aliases {
    /// The fund that a word of the platform means: `111-一般公共预算资金`.
    pub fn fund(&self, word: &str) -> Option<&str> {
        let mut funds = self.funds.0.iter();
        funds.find(|(_, words)| knows(words, word)).map(|(fund, _)| fund.text.as_str())
    }

    /// Whether a word speaks of money carried over; what it says besides.
    pub fn carried(&self, word: &str) -> Option<String> {
        let mut rest = bare(&plain(word));
        let all = rest.len();
        self.carried.words.iter().for_each(|word| rest = rest.replace(&bare(&word.text), ""));
        let marks = ['（', '）', '(', ')', '-', '、', '：', ':'];
        (rest.len() < all).then(|| rest.trim_matches(marks).to_owned())
    }

    /// What money carried over is called.
    pub fn carried_name(&self) -> &str {
        self.carried.words.first().map_or("", |word| &word.text)
    }

    /// The fund of a class; `None` for the ordinary one.
    pub fn fund_of_class(&self, code: &str) -> Option<&str> {
        let mut funds = self.carried.classes.0.iter();
        let found = funds.find(|(_, codes)| codes.iter().any(|it| code.starts_with(&it.text)));
        found.map(|(fund, _)| fund.text.as_str())
    }

    /// Whether a word is 基本支出 or 项目支出.
    pub fn is_basic(&self, word: &str) -> Option<bool> {
        let basic = knows(&self.basic, word);
        (basic || knows(&self.project, word)).then_some(basic)
    }

    pub fn is_total(&self, text: &str) -> bool {
        says(&self.totals, unmarked(&bare(text)))
    }

    /// Whether a name is a sum's: 某局合计.
    pub fn ends_as_total(&self, text: &str) -> bool {
        let text = bare(text);
        self.totals.iter().any(|word| unmarked(&text).ends_with(&word.text))
    }
}

/// A text without the brackets and colons around it.
fn unmarked(text: &str) -> &str {
    text.trim_matches([':', '：', '【', '】', '[', ']', '（', '）', '(', ')'])
}

/// Whether one of the words is this one.
pub fn says(words: &[Text], word: &str) -> bool {
    let word = bare(word);
    words.iter().any(|known| bare(&known.text) == word)
}

/// Whether one of the words is this one, with or without a code before it.
fn knows(words: &[Text], word: &str) -> bool {
    says(words, word) || says(words, &plain(word))
}

/// A name without the code that a platform puts before it: `302001-某局`, `[11]人员支出`.
pub fn plain(text: &str) -> String {
    static CODE: LazyLock<Regex> = LazyLock::new(|| {
        let pattern =
            r"^\s*(?:[\[【（(]\d+[\]】）)]|\d+\s*[-－—–_.．、:：\s])[-－—–_.．、\s]*(\D.*)$";
        Regex::new(pattern).expect("a pattern of the program is one")
    });
    CODE.captures(text).map_or_else(|| text.trim().to_owned(), |it| it[1].trim().to_owned())
}
