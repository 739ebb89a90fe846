//! `form.yaml`: what a form consists of. A new place or year writes another one; no Rust.

use std::collections::BTreeSet;

use schemars::JsonSchema;
use serde::Deserialize;

use super::document::Document;
use crate::audit::ids::Ids;
use crate::finding::Finding;
use crate::report::TotalRow;
use crate::source::Located;
use crate::source::model::{Print, YesNo};
use crate::source::scalar::{Count, Entries, Prose, Text, year};

/// 一套官方表式：有哪些部分、哪些表，用哪些模板。
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// 在哪一套表式上改：没写的键、没有的文件，都用它的
    #[serde(rename = "继承")]
    pub base: Option<Text>,
    /// 表式的名称，给人看
    #[serde(rename = "名称")]
    pub name: Text,
    /// 公布这套表式的预算年度；数据文件的年度离它太远，审核会指出
    #[serde(rename = "年度", default)]
    #[schemars(schema_with = "year")]
    pub year: Option<Count>,
    /// 常数：名称 → 文字；模板和公式里写“常数.名称”，例如 {{ 常数.区 }}
    #[serde(rename = "常数", default)]
    pub constants: Entries<Text>,
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
    /// Word 文档的页面和样式
    #[serde(rename = "文档", default)]
    pub document: Document,
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
    /// 公式、“部分”和提示里叫它什么；不写就是标题的第一个词
    #[serde(rename = "代号")]
    pub id: Option<Text>,
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
    /// 公式、“表格”和提示里叫它什么；不写就是编号
    #[serde(rename = "代号")]
    pub id: Option<Text>,
    /// 印出来的表号，例如 表1；写了代号的可以没有
    #[serde(rename = "编号")]
    pub number: Option<Text>,
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
    /// 编码分在几栏里的，各栏的栏名，例如 [类, 款, 项]；不写就看栏名和编码的样子
    #[serde(rename = "编码栏", default)]
    pub code_columns: Vec<Text>,
    /// 合计行是首行还是末行；不写就看各行的身份
    #[serde(rename = "合计行")]
    pub total: Option<TotalRow>,
}

impl Chapter {
    /// What rules and settings call it.
    pub fn id(&self) -> &str {
        match &self.id {
            Some(id) => &id.text,
            None => first_word(&self.title.0.text),
        }
    }
}

impl Table {
    /// What rules and settings call it.
    pub fn id(&self) -> &str {
        self.id.as_ref().or(self.number.as_ref()).map_or("", |id| &id.text)
    }
}

/// The first word of a title, what an expression prints aside.
fn first_word(title: &str) -> &str {
    let mut rest = title.trim_start();
    while let Some((_, after)) = rest.strip_prefix("{{").and_then(|rest| rest.split_once("}}")) {
        rest = after.trim_start();
    }
    rest.split_whitespace().next().unwrap_or_default()
}

impl Manifest {
    /// What rules and settings call the form's tables and parts.
    pub fn ids(&self) -> Ids {
        let tables = self.groups.iter().flat_map(|group| &group.tables).map(Table::id);
        let parts = self.groups.iter().flat_map(|group| &group.chapters).map(Chapter::id);
        Ids::new(tables.map(str::to_owned).collect(), parts.map(str::to_owned).collect())
    }
}

/// Tables without an id, tables and parts that say they have one that another has.
pub fn faulty_ids(manifest: &Located<Manifest>) -> Vec<Finding> {
    let groups = &manifest.value.groups;
    let tables = groups.iter().flat_map(|group| &group.tables);
    let tables =
        tables.map(|it| (it.id(), "编号", it.id.as_ref().or(it.number.as_ref()), &it.title));
    let parts = groups.iter().flat_map(|group| &group.chapters);
    let parts = parts.filter(|it| it.id.is_some());
    let parts = parts.map(|it| (it.id(), "标题", it.id.as_ref(), &it.title));
    let mut seen = BTreeSet::new();
    let mut findings = Vec::new();
    for (id, other, stated, title) in tables.chain(parts) {
        let place = stated.map_or(&title.0.place, |stated| &stated.place).clone();
        let message = match seen.insert(id) {
            _ if id.is_empty() => format!("“{}”没有代号，也没有{other}", title.0.text),
            true => continue,
            false => format!("两处都叫“{id}”，公式和提示分不清"),
        };
        let finding = Finding::error("F04", message).at(&manifest.file, place);
        findings.push(finding.help("写“代号”，每个部分、每张表一个，各不相同"));
    }
    findings
}
