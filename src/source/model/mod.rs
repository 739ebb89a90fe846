//! The facts of one department and year, as the YAML states them.
//!
//! The doc comments on fields are Chinese because they are the user's: schemars turns them into
//! the descriptions that editors show while a budget officer types.

mod official;
mod print;
mod targets;
mod unit;

use schemars::JsonSchema;
use serde::Deserialize;

use super::scalar::{Count, Date, Entries, Money, Prose, Text, year};
pub use official::*;
pub use print::*;
pub use targets::*;
pub use unit::*;

/// 一个部门一年的预算事实。每个数只写一次，合计由程序计算。
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Source {
    /// 用哪一套官方表式：templates/ 下的文件夹名，例如 shenzhen-2023
    #[serde(rename = "表式")]
    pub form: Text,
    /// 预算年度，例如 2023
    #[serde(rename = "年度")]
    #[schemars(schema_with = "year")]
    pub year: Count,
    /// 文件日期（PDF 的日期），例如 2023-02-10；不写就是当年 1 月 1 日
    #[serde(rename = "日期")]
    pub date: Option<Date>,
    /// 本文件里金额的单位和小数位
    #[serde(rename = "金额")]
    pub amounts: Amounts,
    /// 印刷时的金额格式；不写就和“金额”一样
    #[serde(rename = "印刷", default)]
    pub print: Print,
    /// 字体：角色（title、body、level1、level2、table、digits）→ 字体名，用单位自有的字体代替
    #[serde(rename = "字体", default)]
    pub fonts: Entries<Text>,
    /// 部门概况
    #[serde(rename = "部门")]
    pub department: Department,
    /// 上年预算总数
    #[serde(rename = "上年预算")]
    pub last_year: Option<LastYear>,
    /// 上年数的锁定，由 yusuan new 或 lock 写；锁定的数后来改了，审核会指出
    #[serde(rename = "上年锁定")]
    pub lock: Option<Lock>,
    /// 收支增减的主要原因
    #[serde(rename = "收支增减原因")]
    pub change_reason: Option<Prose>,
    /// 预算单位，一个或多个；只有部门本级时写一个，不写名称
    #[serde(rename = "预算单位")]
    #[schemars(length(min = 1), extend("x-named-by" = "名称"))]
    pub units: Vec<Unit>,
    /// “三公”经费的文字说明
    #[serde(rename = "三公经费说明", default)]
    pub official_notes: OfficialNotes,
    /// 绩效管理
    #[serde(rename = "绩效管理", default)]
    pub performance: Performance,
    /// 机关运行经费
    #[serde(rename = "机关运行经费")]
    pub operating: Option<Operating>,
    /// 国有资产占用
    #[serde(rename = "国有资产")]
    pub assets: Option<Assets>,
    /// 上级专项转移支付支出的说明；没有就不写
    #[serde(rename = "上级专项转移支付")]
    pub transfers: Option<Prose>,
    /// 整体支出绩效目标表
    #[serde(rename = "整体支出绩效目标")]
    pub targets: Option<Targets>,
    /// 名词解释里表式没有的名词：名词 → 解释
    #[serde(rename = "名词解释", default)]
    pub glossary: Entries<Prose>,
    /// 个别表与全文不同的地方：表号 → 设置
    #[serde(rename = "表格", default)]
    pub tables: Entries<TableSettings>,
    /// 个别部分与全文不同的地方：第几部分 → 设置
    #[serde(rename = "部分", default)]
    pub parts: Entries<PartSettings>,
    /// 对审核警告的说明：规则代码、代码加部分或表号、代码加处数（如 C-09 2处）→ 说明
    #[serde(rename = "说明", default)]
    pub reasons: Entries<Prose>,
}

/// 部门概况。
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Department {
    /// 部门全称
    #[serde(rename = "名称")]
    pub name: Text,
    /// 文中的简称；不写就用全称
    #[serde(rename = "简称")]
    pub short_name: Option<Text>,
    /// 主管部门；不写就是本部门
    #[serde(rename = "主管部门")]
    pub parent: Option<Text>,
    /// 主要职责，一项一条
    #[serde(rename = "职责", default)]
    pub duties: Vec<Prose>,
    /// 内设部门
    #[serde(rename = "内设部门", default)]
    pub offices: Vec<Text>,
    /// 人员情况的文字，接在人数前面
    #[serde(rename = "人员说明")]
    pub staff_note: Option<Prose>,
    /// 在职人数
    #[serde(rename = "在职人数")]
    pub staff: Option<Count>,
    /// 离休人数
    #[serde(rename = "离休人数")]
    pub veterans: Option<Count>,
    /// 退休人数
    #[serde(rename = "退休人数")]
    pub retired: Option<Count>,
    /// 年度工作目标的总述
    #[serde(rename = "工作目标")]
    pub goals: Option<Prose>,
    /// 年度主要工作，一项一条
    #[serde(rename = "主要工作", default)]
    pub tasks: Vec<Prose>,
}

/// 上年预算总数。
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LastYear {
    /// 上年收入总计
    #[serde(rename = "收入总计")]
    pub income: Money,
    /// 上年支出总计；不写就等于收入总计
    #[serde(rename = "支出总计")]
    pub spending: Option<Money>,
}

/// 上年数的锁定。
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Lock {
    /// 上年数取自哪份文件
    #[serde(rename = "数据文件")]
    pub file: Text,
    /// 那份文件的 SHA-256
    #[serde(rename = "校验码")]
    pub sha256: Text,
    /// 锁定的数：在哪里 → 校验码
    #[serde(rename = "各数", default)]
    pub figures: Entries<Text>,
}
