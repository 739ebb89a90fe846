//! The rules of a form: `rules.yaml`, one entry a rule.

use std::sync::Arc;

use schemars::JsonSchema;
use serde::Deserialize;

use super::formula::Formula;
use super::ids::Ids;
use crate::finding::{Finding, Severity};
use crate::source::Located;
use crate::source::scalar::{Prose, Text};

/// 一套审核规则。
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Rules {
    #[serde(rename = "规则")]
    pub rules: Vec<Entry>,
}

/// 一条审核规则：一个公式，一种文字检查，或数据文件里要有什么。
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// 短代码，例如 T1-01
    #[serde(rename = "代码")]
    pub code: Text,
    /// 错误、警告 或 提示
    #[serde(rename = "级别")]
    pub level: Level,
    /// 一句话：应当怎样
    #[serde(rename = "要求")]
    pub sentence: Text,
    /// 审核公式
    #[serde(rename = "公式")]
    pub formula: Option<Prose>,
    /// 文字检查的种类
    #[serde(rename = "检查")]
    pub check: Option<Check>,
    /// 文字检查用的词，各种检查自有意义
    #[serde(rename = "词", default)]
    pub words: Vec<Prose>,
    /// 数据文件里要写的键，例如 部门.职责；“每”里的，从那一项写起
    #[serde(rename = "要有", default)]
    pub has: Vec<Text>,
    /// 应当成立的式子，例如 数据.部门.在职人数 > 0
    #[serde(rename = "成立")]
    pub holds: Option<Text>,
    /// “要有”“成立”对哪些项逐一看，例如 预算单位[].项目[]
    #[serde(rename = "每")]
    pub each: Option<Text>,
    /// “要有”“成立”在什么时候才看：一个式子
    #[serde(rename = "当")]
    pub when: Option<Text>,
    /// “成立”不成立时指哪个键
    #[serde(rename = "处")]
    pub at: Option<Text>,
    /// “成立”不成立时再说什么；可以写 {{ 式子 }}
    #[serde(rename = "细说")]
    pub detail: Option<Text>,
    /// 官方依据
    #[serde(rename = "依据")]
    pub ground: Option<Text>,
    /// 怎么办
    #[serde(rename = "办法")]
    pub help: Option<Text>,
}

/// 级别。
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[schemars(inline)]
pub enum Level {
    #[serde(rename = "错误")]
    Error,
    #[serde(rename = "警告")]
    Warning,
    #[serde(rename = "提示")]
    Info,
}

/// 文字检查的种类。
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[schemars(inline)]
pub enum Check {
    /// 词：占位词的正则表达式
    #[serde(rename = "占位词")]
    Placeholder,
    /// 词：不算重复的叠词，+ 在前面的是也算重复的写法（都是正则表达式）
    #[serde(rename = "重复")]
    Repetition,
    /// 词：不该有的标点的正则表达式；标点在括号 ( ) 里的，表式自己的不算
    #[serde(rename = "标点")]
    Punctuation,
    /// 词：可以有别的年份的句子的正则表达式
    #[serde(rename = "年份")]
    Year,
    /// 几种说法混用；词：只该用一种的说法
    #[serde(rename = "混用")]
    Mixed,
    /// 部门名称写得不全；词：别的单位的名称以什么结尾
    #[serde(rename = "部门名称")]
    Name,
    /// 表头和行里的单位名称不是本部门的
    #[serde(rename = "表内名称")]
    TableName,
    /// 手写的金额与它所说的数不符
    #[serde(rename = "手写金额")]
    TypedAmount,
    /// 增加、减少与数不符
    #[serde(rename = "增减方向")]
    Direction,
    /// 手写的增减、百分比与数不符
    #[serde(rename = "手写增减")]
    TypedChange,
    /// 手写的比重与算出的不符
    #[serde(rename = "手写比重")]
    Share,
    /// 一句话里的数自己对不上：其中、合计、由…到…、单价乘数量
    #[serde(rename = "句中算术")]
    Arithmetic,
    /// 数后面没有写单位或百分号
    #[serde(rename = "缺单位")]
    BareNumber,
    /// 数与报告里的一样，只有单位不同
    #[serde(rename = "单位写错")]
    SlippedUnit,
    /// 手写的人数、辆数、个数不符
    #[serde(rename = "手写数量")]
    TypedCount,
    /// 手写的数可以引用报告里的
    #[serde(rename = "可以引用")]
    Quotable,
    /// 本年的预算写成了决算
    #[serde(rename = "决算")]
    Account,
    /// 项目、单位、科目的名称写错了字
    #[serde(rename = "名称错字")]
    Misspelt,
    /// 括号、引号、书名号不成对
    #[serde(rename = "成对")]
    Pairs,
    /// 年度与日期、截至、表式、文件名里的年份不符；词：表式公布以后还能用几年
    #[serde(rename = "年度")]
    BudgetYear,
    /// 印出来的数后面写着别的单位
    #[serde(rename = "数的单位")]
    WrongUnit,
    /// 金额单位写错，总数太小或太大；词：最少、最多多少元
    #[serde(rename = "金额单位")]
    SourceUnit,
    /// 简称不是名称的缩写
    #[serde(rename = "简称")]
    ShortName,
    /// 单位性质与支出科目不符；词：行政=科目名称、事业=科目名称
    #[serde(rename = "单位性质")]
    UnitKind,
    /// 基数为零却写了百分比
    #[serde(rename = "零基数")]
    ZeroBase,
    /// 变动大而没有写原因；词：百分之几算大
    #[serde(rename = "变动原因")]
    Reason,
    /// 项目的明细相加超过项目
    #[serde(rename = "明细超过")]
    DetailsOver,
    /// 项目的明细相加不到项目
    #[serde(rename = "明细不足")]
    DetailsUnder,
    /// 金额的千分位写法不一致
    #[serde(rename = "千分位")]
    Grouping,
    /// 空表与它的注；词：空表的注
    #[serde(rename = "空表")]
    EmptyTable,
    /// 科目名称与科目表不符
    #[serde(rename = "科目名称")]
    CodeName,
    /// 科目表里没有的编码
    #[serde(rename = "科目编码")]
    UnknownCode,
    /// 写了、报告里却没有印的文字；词：键=什么时候才印，只有键的本来不印
    #[serde(rename = "没有印")]
    Unprinted,
    /// 法定公开要素；词：要素=部分或表
    #[serde(rename = "要素")]
    Required,
}

impl Check {
    /// What the rules file calls it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Placeholder => "占位词",
            Self::Repetition => "重复",
            Self::Punctuation => "标点",
            Self::Year => "年份",
            Self::Mixed => "混用",
            Self::Name => "部门名称",
            Self::TableName => "表内名称",
            Self::TypedAmount => "手写金额",
            Self::Direction => "增减方向",
            Self::TypedChange => "手写增减",
            Self::Share => "手写比重",
            Self::Arithmetic => "句中算术",
            Self::BareNumber => "缺单位",
            Self::SlippedUnit => "单位写错",
            Self::TypedCount => "手写数量",
            Self::Quotable => "可以引用",
            Self::Account => "决算",
            Self::Misspelt => "名称错字",
            Self::Pairs => "成对",
            Self::BudgetYear => "年度",
            Self::WrongUnit => "数的单位",
            Self::SourceUnit => "金额单位",
            Self::ShortName => "简称",
            Self::UnitKind => "单位性质",
            Self::ZeroBase => "零基数",
            Self::Reason => "变动原因",
            Self::DetailsOver => "明细超过",
            Self::DetailsUnder => "明细不足",
            Self::Grouping => "千分位",
            Self::EmptyTable => "空表",
            Self::CodeName => "科目名称",
            Self::UnknownCode => "科目编码",
            Self::Unprinted => "没有印",
            Self::Required => "要素",
        }
    }
}

impl From<Level> for Severity {
    fn from(level: Level) -> Self {
        match level {
            Level::Error => Self::Error,
            Level::Warning => Self::Warning,
            Level::Info => Self::Info,
        }
    }
}

/// What a rule looks at.
#[derive(Debug, Clone)]
pub enum Kind {
    Formula(Arc<Formula>),
    Check(Check, Vec<String>),
    /// 要有, 成立
    Fact,
}

/// A rule ready to be applied.
#[derive(Debug, Clone)]
pub struct Rule<'r> {
    pub entry: &'r Entry,
    pub kind: Kind,
}

/// Readies the rules; `render` fills in what a line reads of the report (the year).
pub fn ready<'r>(
    rules: &'r Located<Rules>,
    ids: &Ids,
    mut render: impl FnMut(&Prose) -> Result<String, Finding>,
) -> (Vec<Rule<'r>>, Vec<Finding>) {
    let mut ready = Vec::new();
    let mut findings = Vec::new();
    for entry in &rules.value.rules {
        match kind(rules, entry, ids, &mut render) {
            Ok(kind) => ready.push(Rule { entry, kind }),
            Err(finding) => findings.push(finding),
        }
    }
    (ready, findings)
}

fn kind(
    rules: &Located<Rules>,
    entry: &Entry,
    ids: &Ids,
    render: &mut impl FnMut(&Prose) -> Result<String, Finding>,
) -> Result<Kind, Finding> {
    let fact = !entry.has.is_empty() || entry.holds.is_some();
    match (&entry.formula, entry.check, fact) {
        (Some(line), None, false) => {
            let formula = ids.read(&render(line)?).map_err(|message| {
                Finding::error("F03", format!("规则 {} 的公式读不懂：{message}", entry.code.text))
                    .at(&rules.file, line.0.place.clone())
                    .help("公式的写法见 docs/forms.md")
            })?;
            Ok(Kind::Formula(formula))
        }
        (None, None, true) => Ok(Kind::Fact),
        (None, Some(check), false) => {
            let words: Result<Vec<String>, Finding> = entry.words.iter().map(render).collect();
            Ok(Kind::Check(check, words?))
        }
        _ => Err(Finding::error(
            "F03",
            format!("规则 {} 要有“公式”“检查”，或“要有”“成立”，只能有一种", entry.code.text),
        )
        .at(&rules.file, entry.code.place.clone())
        .help("公式比较数，检查看文字，要有、成立看数据文件的键")),
    }
}
