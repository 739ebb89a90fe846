//! The facts of one department and year, as the YAML states them.
//!
//! The doc comments on fields are Chinese because they are the user's: schemars turns them into
//! the descriptions that editors show while a budget officer types.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::Deserialize;

use super::scalar::{Code, Count, Date, Entries, Money, Prose, Text, year};

/// The schema of a choice whose words an editor may read as numbers.
macro_rules! leaf_choice {
    ($type:ident, $choices:tt) => {
        impl JsonSchema for $type {
            fn schema_name() -> Cow<'static, str> {
                stringify!($type).into()
            }

            fn inline_schema() -> bool {
                true
            }

            fn json_schema(_: &mut SchemaGenerator) -> Schema {
                json_schema!({ "enum": $choices })
            }
        }
    };
}

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
    /// 上年数的锁定，由 yusuan new 写；锁定的数后来改了，审核会指出
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
    /// 对审核警告的说明：规则代码 → 说明
    #[serde(rename = "说明", default)]
    pub reasons: Entries<Prose>,
}

/// 金额的写法。
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Amounts {
    /// 元 或 万元
    #[serde(rename = "单位")]
    pub unit: MoneyUnit,
    /// 小数位数，0 至 2；不写就是 2
    #[serde(rename = "小数")]
    pub decimals: Option<Decimals>,
    /// 这些数是不是四舍五入来的；不写时，万元按四舍五入，元按准确
    #[serde(rename = "尾数")]
    pub exactness: Option<Exactness>,
}

/// 金额单位。
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[schemars(inline)]
pub enum MoneyUnit {
    #[serde(rename = "元")]
    Yuan,
    #[serde(rename = "万元")]
    TenThousand,
}

/// 小数位数。
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub enum Decimals {
    #[serde(rename = "0")]
    Zero,
    #[serde(rename = "1")]
    One,
    #[serde(rename = "2")]
    Two,
}

/// 尾数。
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[schemars(inline)]
pub enum Exactness {
    #[serde(rename = "四舍五入")]
    Rounded,
    #[serde(rename = "准确")]
    Exact,
}

/// 印刷格式。没写的项随全文。
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Print {
    /// 元 或 万元
    #[serde(rename = "单位")]
    pub unit: Option<MoneyUnit>,
    /// 小数位数，0 至 2
    #[serde(rename = "小数")]
    pub decimals: Option<Decimals>,
    /// 千分位逗号：是 或 否
    #[serde(rename = "分节")]
    pub grouping: Option<YesNo>,
    /// 零印成什么：0、空白 或 -
    #[serde(rename = "零")]
    pub zero: Option<Zero>,
    /// 舍位平衡：四舍五入后的各项调到与合计相加相等，合计不动；是 或 否
    #[serde(rename = "舍位平衡")]
    pub balance: Option<YesNo>,
}

leaf_choice!(Decimals, [0, 1, 2]);

/// 是或否。
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[schemars(inline)]
pub enum YesNo {
    #[serde(rename = "是")]
    Yes,
    #[serde(rename = "否")]
    No,
}

/// 零的印法。
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub enum Zero {
    #[serde(rename = "0")]
    Digit,
    #[serde(rename = "空白")]
    Blank,
    #[serde(rename = "-")]
    Dash,
}

leaf_choice!(Zero, [0, "0", "空白", "-"]);

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
    /// 上年数取自哪份数据文件
    #[serde(rename = "数据文件")]
    pub file: Text,
    /// 那份数据文件的 SHA-256
    #[serde(rename = "校验码")]
    pub sha256: Text,
    /// 锁定的数：在哪里 → 校验码
    #[serde(rename = "各数", default)]
    pub figures: Entries<Text>,
}

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

/// 一张表与全文不同的地方。
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TableSettings {
    /// 表头的部门名称（首页）
    #[serde(rename = "部门名称")]
    pub department: Option<Prose>,
    /// 续页的部门名称；不写就是部门全称
    #[serde(rename = "续页部门名称")]
    pub department_after: Option<Prose>,
    /// 在各单位之上加一行汇总，印这个名称
    #[serde(rename = "汇总行")]
    pub summary: Option<Prose>,
    /// 只有一个预算单位时，它在本表里的名称
    #[serde(rename = "单位行")]
    pub unit_row: Option<Prose>,
    /// 本表的注
    #[serde(rename = "注")]
    pub note: Option<Prose>,
    /// 本表的金额格式
    #[serde(rename = "印刷", default)]
    pub print: Print,
}
