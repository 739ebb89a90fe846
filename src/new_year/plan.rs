//! What a form says of the change of years: data, in `new-year.yaml`.

use schemars::JsonSchema;
use serde::Deserialize;

use crate::source::scalar::{Entries, Text};

/// 新的一年的数据文件怎么从上一年的来。
///
/// 路径用点连接；`[]` 是清单的每一项，`[有下级]` 是写了下级科目的科目，`*` 是每一个键。
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Plan {
    /// 成为上年数、并且锁定的数
    #[serde(rename = "上年数", default)]
    pub carried: Vec<Carried>,
    /// 其余各处怎么办：路径 → 删除、删数、清空、待填、保留；先写的先用。没写到的，金额清空，其他保留
    #[serde(rename = "各处", default)]
    pub actions: Entries<Action>,
    /// 没写到的文字里有这些话的，是说上一年增减的，也要待填
    #[serde(rename = "增减的话", default)]
    pub change_words: Vec<Text>,
    /// 文字里的年份不跟着改的地方
    #[serde(rename = "年份不变", default)]
    pub years_stay: Vec<Text>,
}

/// 一个上年数。
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Carried {
    /// 写到哪里
    #[serde(rename = "写到")]
    pub to: Text,
    /// 取自上一年数据文件的哪里；没有就是零
    #[serde(rename = "取自")]
    pub from: Option<Text>,
    /// 取自报告里的数，例如 合计.收入.收入总计
    #[serde(rename = "取数")]
    pub figure: Option<Text>,
    /// 与这个数一样时不写
    #[serde(rename = "不同于")]
    pub unless: Option<Text>,
}

/// 怎么办。
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[schemars(inline)]
pub enum Action {
    /// 整项删除
    #[serde(rename = "删除")]
    Remove,
    /// 科目只写了名称，或名称在科目表里没有的，留下编码和名称；其他的整项删除
    #[serde(rename = "删数")]
    RemoveFigures,
    /// 键留着，内容清空
    #[serde(rename = "清空")]
    Empty,
    /// 文字前面加“待填”，其他的清空
    #[serde(rename = "待填")]
    ToDo,
    /// 原样留着
    #[serde(rename = "保留")]
    Keep,
}
