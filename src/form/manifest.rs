//! `form.yaml`: what a form consists of. A new place or year writes another one; no Rust.

use schemars::JsonSchema;
use serde::Deserialize;

use crate::source::model::{Print, YesNo};
use crate::source::scalar::{Count, Entries, Prose, Text, year};

/// 一套官方表式：有哪些部分、哪些表，用哪些模板。
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// 表式的名称，给人看
    #[serde(rename = "名称")]
    pub name: Text,
    /// 公布这套表式的预算年度；数据文件的年度离它太远，审核会指出
    #[serde(rename = "年度", default)]
    #[schemars(schema_with = "year")]
    pub year: Option<Count>,
    /// 封面标题，一项一行；太长的行自动均匀折行
    #[serde(rename = "标题")]
    pub title: Vec<Prose>,
    /// 目录两个字
    #[serde(rename = "目录")]
    pub contents: Text,
    /// 表头左边和右边的文字，各表可以另写
    #[serde(rename = "表头")]
    pub head: Head,
    /// 版面：minijinja 模板，把报告写成 Typst
    #[serde(rename = "版面")]
    pub layout: Text,
    /// 版面引用的 Typst 文件
    #[serde(rename = "版面文件", default)]
    pub layout_files: Vec<Text>,
    /// 字体的各个角色
    #[serde(rename = "字体")]
    pub roles: Entries<Role>,
    /// 任何角色的字体都画不出的字，用单位自有的哪些字体补；写法同“自有”
    #[serde(rename = "补字", default)]
    pub extensions: Vec<Text>,
    /// 金额格式；数据文件的“印刷”另写的，以它为准
    #[serde(rename = "印刷", default)]
    pub print: Print,
    /// 表里的数太长、照表式的栏宽放不下时怎么办；数从不断开
    #[serde(rename = "放不下", default)]
    pub narrow: Narrow,
    /// 科目名称表
    #[serde(rename = "科目表", default)]
    pub codes: CodeTables,
    /// 审核规则的文件
    #[serde(rename = "审核")]
    pub rules: Option<Text>,
    /// 怎么读手写的文字的文件：数的叫法、说增减的词
    #[serde(rename = "措辞")]
    pub prose: Option<Text>,
    /// 预算平台导出的明细怎么认的文件
    #[serde(rename = "导入")]
    pub import: Option<Text>,
    /// 新的一年的数据文件怎么从上一年的来（yusuan new）
    #[serde(rename = "新年度")]
    pub new_year: Option<Text>,
    /// 各组：文字部分、表格部分
    #[serde(rename = "组")]
    pub groups: Vec<Group>,
}

/// 表里的数放不下时，依次：按内容分栏宽，缩小字号，竖排的改横排，分成上下几块。
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Narrow {
    /// 依次改用的字号（磅），从大到小
    #[serde(rename = "字号", default)]
    pub sizes: Vec<Text>,
    /// 竖排的表改成横排
    #[serde(rename = "改横排")]
    pub turns: Option<YesNo>,
    /// 各栏分成几块，每块都印名称各栏
    #[serde(rename = "分块")]
    pub parts: Option<YesNo>,
}

/// 科目编码和名称的对照表（编码、制表符、名称）。
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CodeTables {
    /// 支出功能分类
    #[serde(rename = "功能分类")]
    pub functional: Option<Text>,
    /// 部门预算支出经济分类
    #[serde(rename = "经济分类")]
    pub economic: Option<Text>,
}

/// 表头左右的文字。
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Head {
    /// 左边，例如 部门名称：…
    #[serde(rename = "左")]
    pub left: Option<Prose>,
    /// 续页的左边；不写就和首页一样
    #[serde(rename = "续页左")]
    pub left_after: Option<Prose>,
    /// 右边，例如 单位：万元
    #[serde(rename = "右")]
    pub right: Option<Prose>,
}

/// 字体的一个角色。
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Role {
    /// 代表什么，例如 小标宋
    #[serde(rename = "代表")]
    pub stands_for: Text,
    /// 字体，排在前面的先用
    #[serde(rename = "字体")]
    pub faces: Vec<Face>,
    /// 单位自有的字体里可以代替的名字；--fonts 的文件夹里有就用，几个都有就依次补字。中英文名都行，
    /// 大小写、空格、连字符、下划线不计；头尾的 * 代表任意字，只写 * 就是任何一个
    #[serde(rename = "自有", default)]
    pub own: Vec<Text>,
    /// 字重，例如 400、700
    #[serde(rename = "字重")]
    pub weight: Count,
    /// OpenType 特性，例如 fwid
    #[serde(rename = "特性", default)]
    pub features: Vec<Text>,
}

/// 一个字体，或只用它的几个字。
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Face {
    #[serde(rename = "名")]
    pub name: Text,
    /// 只画这些字（正则表达式）
    #[serde(rename = "只画")]
    pub covers: Option<Text>,
}

/// 一组部分或表。
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Group {
    #[serde(rename = "标题")]
    pub title: Prose,
    /// 标题单独占一页
    #[serde(rename = "独页")]
    pub own_page: Option<YesNo>,
    #[serde(rename = "部分", default)]
    pub chapters: Vec<Chapter>,
    #[serde(rename = "表", default)]
    pub tables: Vec<Table>,
}

/// 一个文字部分。
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Chapter {
    #[serde(rename = "标题")]
    pub title: Prose,
    #[serde(rename = "模板")]
    pub template: Text,
    /// 这一部分的金额格式
    #[serde(rename = "印刷", default)]
    pub print: Print,
}

/// 一张表。
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Table {
    /// 表号，例如 表1
    #[serde(rename = "编号")]
    pub number: Text,
    /// 目录里写在标题前面的，例如 （一）
    #[serde(rename = "目录", default)]
    pub entry: Text,
    #[serde(rename = "标题")]
    pub title: Prose,
    /// 标题下面的一行
    #[serde(rename = "副标题")]
    pub subtitle: Option<Prose>,
    #[serde(rename = "模板")]
    pub template: Text,
    /// 竖排 A4；不写是横排
    #[serde(rename = "竖排")]
    pub portrait: Option<YesNo>,
    /// 单元格的字号（磅），例如 10.5
    #[serde(rename = "字号")]
    pub size: Text,
    #[serde(rename = "表头", default)]
    pub head: Head,
    /// 本表的金额格式
    #[serde(rename = "印刷", default)]
    pub print: Print,
}
