//! 文档: how a form's report looks in a word processor, which asks for styles, not for a layout.

use schemars::JsonSchema;
use serde::Deserialize;

use crate::source::scalar::{Entries, Text};

/// Word 文档（export --to docx）的页面和样式。
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Document {
    /// 竖排页面的页边；横排的页面是它转过来的
    #[serde(rename = "页边")]
    pub margins: Option<Margins>,
    /// 样式的名字和样子；名字照 Word 中文版
    #[serde(rename = "样式", default)]
    pub styles: Entries<Style>,
}

/// 页边，毫米。
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Margins {
    #[serde(rename = "上")]
    pub top: Text,
    #[serde(rename = "下")]
    pub bottom: Text,
    #[serde(rename = "左")]
    pub left: Text,
    #[serde(rename = "右")]
    pub right: Text,
}

/// 一个样式；长度是磅，缩进是字。
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Style {
    /// 字体的角色
    #[serde(rename = "字体")]
    pub role: Text,
    #[serde(rename = "字号")]
    pub size: Text,
    /// 固定的行距；不写是单倍
    #[serde(rename = "行距")]
    pub pitch: Option<Text>,
    #[serde(rename = "段前")]
    pub before: Option<Text>,
    #[serde(rename = "段后")]
    pub after: Option<Text>,
    /// 字间距加宽多少，负的是紧缩
    #[serde(rename = "字距")]
    pub tracking: Option<Text>,
    #[serde(rename = "首行缩进")]
    pub first_line: Option<Text>,
    #[serde(rename = "左缩进")]
    pub indent: Option<Text>,
    #[serde(rename = "对齐")]
    pub align: Option<Alignment>,
}

/// 对齐。
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[schemars(inline)]
pub enum Alignment {
    #[serde(rename = "居左")]
    Left,
    #[serde(rename = "居中")]
    Center,
    #[serde(rename = "居右")]
    Right,
    #[serde(rename = "两端")]
    Both,
}
