//! 金额和印刷: how amounts are written in the source, and how they are printed.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::Deserialize;

use crate::source::scalar::Prose;

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

impl MoneyUnit {
    /// How many 元 it is.
    pub fn yuan(self) -> u32 {
        match self {
            Self::Yuan => 1,
            Self::TenThousand => 10_000,
        }
    }

    pub fn name(self) -> &'static str {
        match self {
            Self::Yuan => "元",
            Self::TenThousand => "万元",
        }
    }
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
    /// 小数末尾的零印不印：是，15.00 印成 15，15.50 印成 15.5
    #[serde(rename = "去尾零")]
    pub trimmed: Option<YesNo>,
    /// 零印成什么：0、空白、- 或 —；不写或写 按小数，就和别的数一样印，例如 0.00。空白和横线只印在表里
    #[serde(rename = "零")]
    pub zero: Option<Zero>,
    /// 增减率的小数位数，0 至 2；不写就是 0
    #[serde(rename = "率小数")]
    pub rate_decimals: Option<Decimals>,
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
    #[serde(rename = "—")]
    LongDash,
    /// Like all other amounts.
    #[serde(rename = "按小数")]
    Plain,
}

leaf_choice!(Zero, [0, "0", "空白", "-", "—", "按小数"]);

/// 一个部分的金额格式。没写的项随全文。
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PartSettings {
    /// 元 或 万元
    #[serde(rename = "单位")]
    pub unit: Option<MoneyUnit>,
    /// 小数位数，0 至 2
    #[serde(rename = "小数")]
    pub decimals: Option<Decimals>,
    /// 千分位逗号：是 或 否
    #[serde(rename = "分节")]
    pub grouping: Option<YesNo>,
    /// 小数末尾的零印不印：是，15.00 印成 15，15.50 印成 15.5
    #[serde(rename = "去尾零")]
    pub trimmed: Option<YesNo>,
    /// 零印成什么：0、空白、-、— 或 按小数；空白和横线只印在表里
    #[serde(rename = "零")]
    pub zero: Option<Zero>,
    /// 增减率的小数位数，0 至 2
    #[serde(rename = "率小数")]
    pub rate_decimals: Option<Decimals>,
}

impl PartSettings {
    pub fn print(&self) -> Print {
        let Self { unit, decimals, grouping, trimmed, zero, rate_decimals } = *self;
        Print { unit, decimals, grouping, trimmed, zero, rate_decimals, balance: None }
    }
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
