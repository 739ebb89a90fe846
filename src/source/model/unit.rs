//! 预算单位: a unit with its income, its classes and its projects.

use schemars::JsonSchema;
use serde::Deserialize;

use super::official::Official;
use crate::source::scalar::{Code, Money, Prose, Text};

/// 一个预算单位。
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Unit {
    /// 单位名称；部门本级不写
    #[serde(rename = "名称")]
    pub name: Option<Text>,
    /// 行政单位、参公单位 或 事业单位
    #[serde(rename = "性质")]
    pub kind: UnitKind,
    /// 收入，按来源
    #[serde(rename = "收入", default)]
    pub income: Income,
    /// 支出，按功能分类：只写最末级，上级自动汇总；上级也写时照写的印，由审核核对
    #[serde(rename = "功能分类", default)]
    pub functional: Vec<ClassLine>,
    /// 支出，按经济分类
    #[serde(rename = "经济分类", default)]
    pub economic: Vec<ClassLine>,
    /// 支出合计；不写就由功能分类汇总
    #[serde(rename = "支出合计")]
    pub total: Option<StatedTotal>,
    /// 结转下年；不写就是 0
    #[serde(rename = "结转下年")]
    pub carried_forward: Option<Money>,
    /// 支出包括什么
    #[serde(rename = "支出说明", default)]
    pub notes: SpendingNotes,
    /// 项目支出的项目
    #[serde(rename = "项目", default)]
    #[schemars(extend("x-named-by" = "名称"))]
    pub projects: Vec<Project>,
    /// 政府采购，按种类
    #[serde(rename = "政府采购", default)]
    pub procurement: Procurement,
    /// 一般公共预算“三公”经费
    #[serde(rename = "三公经费", default)]
    pub official: Official,
}

/// 单位性质。
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[schemars(inline)]
pub enum UnitKind {
    #[serde(rename = "行政单位")]
    Administrative,
    #[serde(rename = "参公单位")]
    CivilServiceLike,
    #[serde(rename = "事业单位")]
    Institution,
}

/// 资金来源。没有的不写。
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Income {
    #[serde(rename = "一般公共预算拨款")]
    pub general: Option<Money>,
    #[serde(rename = "政府性基金预算拨款")]
    pub fund: Option<Money>,
    #[serde(rename = "国有资本经营预算拨款")]
    pub capital: Option<Money>,
    #[serde(rename = "财政专户管理资金")]
    pub special: Option<Money>,
    #[serde(rename = "事业收入")]
    pub service: Option<Money>,
    #[serde(rename = "事业单位经营收入")]
    pub business: Option<Money>,
    #[serde(rename = "上级补助收入")]
    pub superior: Option<Money>,
    #[serde(rename = "附属单位上缴收入")]
    pub subordinate: Option<Money>,
    #[serde(rename = "其他收入")]
    pub other: Option<Money>,
    #[serde(rename = "上年结余、结转")]
    pub carried_over: Option<Money>,
    /// 本年收入合计；不写就由各项相加
    #[serde(rename = "本年收入合计")]
    pub year_total: Option<Money>,
    /// 收入总计；不写就是本年收入合计加上年结余、结转
    #[serde(rename = "收入总计")]
    pub total: Option<Money>,
}

/// 一个科目的支出。
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ClassLine {
    /// 科目编码：类 3 位、款 5 位、项 7 位
    #[serde(rename = "编码")]
    pub code: Code,
    /// 科目名称；科目表里有的可以不写
    #[serde(rename = "名称")]
    pub name: Option<Text>,
    /// 预算资金的种类；不写就是一般公共预算
    #[serde(rename = "预算", default)]
    pub fund: Fund,
    /// 支出总计；不写就是基本支出加项目支出
    #[serde(rename = "支出总计")]
    pub total: Option<Money>,
    #[serde(rename = "基本支出")]
    pub basic: Option<Money>,
    #[serde(rename = "项目支出")]
    pub project: Option<Money>,
    /// 其中纳入政府采购的金额
    #[serde(rename = "采购")]
    pub procurement: Option<Money>,
    /// 采购中面向中小企业的金额
    #[serde(rename = "中小企业")]
    pub small_medium: Option<Money>,
    /// 采购中面向小型、微型企业的金额
    #[serde(rename = "小微企业")]
    pub small_micro: Option<Money>,
    /// 基本支出的资金来源；不写时有关的栏印空白
    #[serde(rename = "资金来源")]
    pub sources: Option<Income>,
}

/// 预算资金的种类。
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Deserialize, JsonSchema)]
#[schemars(inline)]
pub enum Fund {
    #[default]
    #[serde(rename = "一般公共预算")]
    General,
    #[serde(rename = "政府性基金预算")]
    Government,
    #[serde(rename = "国有资本经营预算")]
    Capital,
    #[serde(rename = "财政专户管理资金")]
    Special,
    #[serde(rename = "单位资金")]
    Own,
}

/// 写明的支出合计。
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct StatedTotal {
    #[serde(rename = "支出总计")]
    pub total: Option<Money>,
    #[serde(rename = "基本支出")]
    pub basic: Option<Money>,
    #[serde(rename = "项目支出")]
    pub project: Option<Money>,
}

/// 支出包括什么。
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SpendingNotes {
    /// 人员支出主要包括什么
    #[serde(rename = "人员支出")]
    pub staff: Option<Prose>,
    /// 公用支出主要包括什么
    #[serde(rename = "公用支出")]
    pub public: Option<Prose>,
    /// 对个人和家庭补助支出主要包括什么
    #[serde(rename = "对个人和家庭补助支出")]
    pub subsidy: Option<Prose>,
}

/// 一个项目。
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Project {
    #[serde(rename = "名称")]
    pub name: Text,
    /// 文中的叫法；不写就是名称
    #[serde(rename = "文中名称")]
    pub prose_name: Option<Text>,
    #[serde(rename = "预算")]
    pub amount: Money,
    /// 上年预算；不写就不说增减
    #[serde(rename = "上年预算")]
    pub last_year: Option<Money>,
    /// 主要包括的内容
    #[serde(rename = "明细", default)]
    pub details: Vec<ProjectDetail>,
    /// 所列明细的合计，供核对；只列一部分明细时写
    #[serde(rename = "明细合计")]
    pub details_total: Option<Money>,
    /// 增减的主要原因
    #[serde(rename = "增减原因")]
    pub reason: Option<Prose>,
    /// 增减的说法；只在表式的说法不合用时写
    #[serde(rename = "增减说法")]
    pub change: Option<Prose>,
    /// 绩效目标；写了就列入重点项目
    #[serde(rename = "绩效目标")]
    pub target: Option<Prose>,
    /// 资金来源；不写时有关的栏印空白
    #[serde(rename = "资金来源")]
    pub sources: Option<Income>,
}

/// 项目的一项内容。
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ProjectDetail {
    #[serde(rename = "名称")]
    pub name: Text,
    #[serde(rename = "金额")]
    pub amount: Money,
    /// 用于什么
    #[serde(rename = "用途")]
    pub purpose: Option<Prose>,
}

/// 政府采购的种类。
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Procurement {
    #[serde(rename = "货物")]
    pub goods: Option<Money>,
    #[serde(rename = "工程")]
    pub works: Option<Money>,
    #[serde(rename = "服务")]
    pub services: Option<Money>,
}
