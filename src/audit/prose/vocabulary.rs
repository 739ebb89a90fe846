//! The words that a form's prose is read with: `prose.yaml`, data of the form.

use schemars::JsonSchema;
use serde::Deserialize;

use crate::source::scalar::{Entries, Text};

/// 怎么读手写的文字：数的叫法，说增减、比较、比重的词。
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Vocabulary {
    /// 报告里的数，和文字里的各种叫法
    #[serde(rename = "数")]
    pub facts: Vec<Named>,
    /// 键（不写第几个）→ 里面的话没有说是什么的，说的是哪个数；本项是所在的项目
    #[serde(rename = "主语", default)]
    pub subjects: Entries<Vec<Text>>,
    /// 金额单位 → 合多少元
    #[serde(rename = "金额单位")]
    pub money: Entries<Text>,
    /// 量词：人、辆、个……
    #[serde(rename = "量词", default)]
    pub counters: Vec<Text>,
    /// 五年规划 → 起止的年份，例如 2021-2025
    #[serde(rename = "五年规划", default)]
    pub plans: Entries<Text>,
    /// 各种意思的词
    #[serde(rename = "词")]
    pub words: Words,
}

/// 一个数。
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Named {
    /// 消息里的名字，也是一种叫法
    #[serde(rename = "名")]
    pub name: Text,
    /// 别的叫法
    #[serde(rename = "叫法", default)]
    pub also: Vec<Text>,
    /// 本年数的表达式；以“收支.”开头的，部门和各预算单位都有
    #[serde(rename = "本年")]
    pub this: Text,
    /// 上年数的表达式；没有的不写
    #[serde(rename = "上年")]
    pub last: Option<Text>,
    /// 数的是人、车等的，用哪些量词；不写的是金额
    #[serde(rename = "量", default)]
    pub counters: Vec<Text>,
    /// 没有说占什么的比重，占的是哪些数
    #[serde(rename = "占", default)]
    pub of: Vec<Text>,
    /// 它的分项：列着名称和数的表达式
    #[serde(rename = "分项", default)]
    pub parts: Option<Text>,
    /// 前面有“更新”“购置”等词时，说的是哪个数
    #[serde(rename = "购置时", default)]
    pub planned: Option<Text>,
}

/// The classes of words, in one list: key, field, class.
macro_rules! words {
    ($($(#[doc = $doc:literal])+ $key:literal $field:ident $class:ident;)+) => {
        /// What a word says.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Word { $($(#[doc = $doc])+ $class,)+ }

        /// 各种意思的词。
        #[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
        #[serde(deny_unknown_fields)]
        pub struct Words {
            $($(#[doc = $doc])+ #[serde(rename = $key, default)] $field: Vec<Text>,)+
        }

        impl Words {
            /// Every word and what it says.
            pub fn all(&self) -> impl Iterator<Item = (Word, &Text)> {
                std::iter::empty()
                    $(.chain(self.$field.iter().map(|text| (Word::$class, text))))+
            }
        }
    };
}

words! {
    /// 增加、增长
    "增" rises Rise;
    /// 减少、下降
    "减" falls Fall;
    /// 变动，没有说增减
    "变动" changes Change;
    /// 增加到、调整为
    "到" to To;
    /// 由、从
    "由" from From;
    /// 比、较
    "比" than Than;
    /// 本年
    "本年" this This;
    /// 上年
    "上年" last Last;
    /// 持平、不变
    "相同" same Same;
    /// 没有、未安排
    "没有" none None;
    /// 高于、超过
    "高于" above Above;
    /// 低于、不到
    "低于" below Below;
    /// 不超过
    "不超过" at_most AtMost;
    /// 不低于
    "不低于" at_least AtLeast;
    /// 约
    "约" about About;
    /// 近、接近
    "近" nearly Nearly;
    /// 左右、上下
    "左右" around Around;
    /// 以上
    "以上" or_more OrMore;
    /// 以内、以下
    "以内" or_less OrLess;
    /// 占、比重
    "占" share Share;
    /// 相当于
    "相当于" as_much_as AsMuchAs;
    /// 合计、共
    "合计" total Total;
    /// 其中、包括
    "其中" of_which OfWhich;
    /// 分别
    "分别" respectively Respectively;
    /// 每、人均、标准：后面的数不是总数
    "每" each Each;
    /// 平均、人均：前面的数除以个数
    "平均" average Average;
    /// 其余、尚余
    "其余" rest Rest;
    /// 扣除、已付
    "扣除" less Less;
    /// 主要是、用于：后面说的是另一件事
    "主要是" because Because;
    /// 决算、执行数
    "决算" account Account;
    /// 和、与
    "和" and And;
    /// 本项目
    "本项" own Own;
    /// 支出、预算：说的是所在的那个数
    "支出" weak Weak;
    /// 人员经费、专项资金：报告里没有这个数
    "另指" foreign Foreign;
    /// 累计：不只是本年的
    "累计" ever Ever;
    /// 相差
    "相差" differs Differ;
    /// 更新、购置
    "购置" buys Buys;
    /// 不影响意思的词
    "虚" filler Filler;
}
