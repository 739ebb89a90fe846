//! 整体支出绩效目标.

use schemars::JsonSchema;
use serde::Deserialize;

use crate::source::scalar::{Entries, Money, Prose, Text};

/// 整体支出绩效目标。
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Targets {
    /// 年度主要任务
    #[serde(rename = "主要任务", default)]
    pub tasks: Vec<Task>,
    /// 年度总体目标
    #[serde(rename = "总体目标")]
    pub overall: Option<Prose>,
    /// 年度绩效指标：一级指标 → 二级指标 → 清单
    #[serde(rename = "绩效指标", default)]
    pub indicators: Entries<Entries<Vec<Indicator>>>,
}

/// 一项年度主要任务。金额由所列的支出相加。
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Task {
    #[serde(rename = "任务名称")]
    pub name: Text,
    #[serde(rename = "主要内容")]
    pub content: Prose,
    /// 包含哪些支出：基本支出，或项目的名称
    #[serde(rename = "包含", default)]
    pub covers: Vec<Text>,
    /// 总额；不写就由“包含”的各项相加
    #[serde(rename = "总额")]
    pub total: Option<Money>,
    /// 总额中的其他资金；不写就是 0
    #[serde(rename = "其他资金")]
    pub other: Option<Money>,
}

/// 一个三级指标。
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Indicator {
    #[serde(rename = "指标")]
    pub name: Prose,
    #[serde(rename = "目标值")]
    pub target: Prose,
}
