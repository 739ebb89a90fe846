//! 公开事项: “三公”经费, 机关运行经费, 国有资产, 绩效管理.

use schemars::JsonSchema;
use serde::Deserialize;

use crate::source::scalar::{Count, Entries, Money, Prose, Text};

/// 本年和上年的预算数。
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TwoYears {
    /// 不写就是 0
    #[serde(rename = "本年")]
    pub this: Option<Money>,
    /// 不写就是 0
    #[serde(rename = "上年")]
    pub last: Option<Money>,
}

/// 一般公共预算“三公”经费。没有的不写。
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Official {
    #[serde(rename = "因公出国（境）费", default)]
    pub abroad: TwoYears,
    #[serde(rename = "公务接待费", default)]
    pub reception: TwoYears,
    #[serde(rename = "公务用车购置费", default)]
    pub car_purchase: TwoYears,
    #[serde(rename = "公务用车运行维护费", default)]
    pub car_running: TwoYears,
}

/// “三公”经费的文字说明。
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct OfficialNotes {
    /// 因公出国（境）费的说明；不写就用表式的说法
    #[serde(rename = "因公出国（境）费")]
    pub abroad: Option<Prose>,
    /// 公务接待费主要是什么
    #[serde(rename = "公务接待费")]
    pub reception: Option<Prose>,
    /// 公务用车购置费主要是什么
    #[serde(rename = "公务用车购置费")]
    pub car_purchase: Option<Prose>,
    /// 公务用车运行维护费主要开支什么
    #[serde(rename = "公务用车运行维护费")]
    pub car_running: Option<Prose>,
}

/// 绩效管理。
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Performance {
    /// 绩效管理的单位范围那一句里部门的叫法；不写就是全称
    #[serde(rename = "称谓")]
    pub title: Option<Prose>,
    /// 实施绩效管理的单位范围，例如 只包括市数据管理中心
    #[serde(rename = "单位范围")]
    pub scope: Option<Prose>,
    /// 重点项目表下面的备注；不写就用表式的
    #[serde(rename = "备注")]
    pub remark: Option<Prose>,
}

/// 机关运行经费。
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Operating {
    #[serde(rename = "本年")]
    pub this: Money,
    #[serde(rename = "上年")]
    pub last: Money,
    /// 主要是什么
    #[serde(rename = "说明")]
    pub note: Option<Prose>,
}

/// 国有资产占用。
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Assets {
    /// 截至什么时候，例如 2022年10月
    #[serde(rename = "截至")]
    pub until: Text,
    /// 车辆数
    #[serde(rename = "车辆")]
    pub cars: Count,
    /// 车辆按用途：用途 → 辆数
    #[serde(rename = "车辆用途", default)]
    pub cars_by_use: Entries<Count>,
    /// 达到单价的通用设备
    #[serde(rename = "通用设备")]
    pub general: Equipment,
    /// 达到单价的专用设备
    #[serde(rename = "专用设备")]
    pub special: Equipment,
    /// 本年计划新增
    #[serde(rename = "计划新增")]
    pub planned: PlannedAssets,
}

/// 一类设备。
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Equipment {
    /// 单价多少万元以上
    #[serde(rename = "单价万元")]
    pub threshold: Count,
    /// 台（套）数
    #[serde(rename = "数量")]
    pub count: Count,
}

/// 计划新增的资产。
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PlannedAssets {
    #[serde(rename = "车辆")]
    pub cars: Count,
    #[serde(rename = "通用设备")]
    pub general: Count,
    #[serde(rename = "专用设备")]
    pub special: Count,
}
