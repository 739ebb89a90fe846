//! What can be typed. The doc comments are the help that the user reads, hence Chinese.

mod form;
mod shared;

use std::path::PathBuf;

use clap::{Parser, Subcommand, ValueEnum};

pub use form::*;
pub use shared::*;

const TEMPLATE: &str = "\
{about-with-newline}
用法：{usage}

{all-args}{after-help}";

const AFTER: &str = "
返回码：0 正常；1 有要改的地方；2 程序自己没做成（读写失败等）。
文档：README.zh-CN.md、docs/source.md（数据文件怎么写）。";

/// yusuan（预算）：一份 YAML 数据，生成一份公开的部门预算 PDF
#[derive(Debug, Parser)]
#[command(
    name = "yusuan",
    version,
    disable_help_flag = true,
    disable_version_flag = true,
    disable_help_subcommand = true,
    help_template = TEMPLATE,
    subcommand_help_heading = "命令",
    subcommand_value_name = "命令",
    after_help = AFTER,
    next_help_heading = "选项"
)]
pub struct Args {
    #[command(subcommand)]
    pub command: Command,

    /// 显示帮助
    #[arg(short, long, global = true, action = clap::ArgAction::Help)]
    help: Option<bool>,

    /// 显示版本
    #[arg(short = 'V', long, action = clap::ArgAction::Version)]
    version: Option<bool>,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// 生成预算报告（默认 PDF）
    #[command(help_template = TEMPLATE)]
    Build(Build),
    /// 审核报告：表与表、文字与表是否一致
    #[command(help_template = TEMPLATE)]
    Check(Check),
    /// 导入：把工作簿、Word 文档里改过的写回数据文件，或读预算平台导出的明细
    #[command(help_template = TEMPLATE)]
    Import(Import),
    /// 新的一年：从上一年的数据文件做出下一年的，上年数带过来并锁定
    #[command(help_template = TEMPLATE)]
    New(New),
    /// 锁定：上年数核对过了，以后改动会被指出
    #[command(help_template = TEMPLATE)]
    Lock(Lock),
    /// 进度：数据文件填了多少，还差哪些
    #[command(help_template = TEMPLATE)]
    Status(Status),
    /// 比较两份报告：改了哪些数、哪些文字，合计因此变了多少
    #[command(help_template = TEMPLATE)]
    Diff(Diff),
    /// 核对：一份 PDF 是不是它所附的数据文件做出来的
    #[command(help_template = TEMPLATE)]
    Verify(Verify),
    /// 导出：Excel 工作簿、Word 文档、CSV、JSON、网页、财政数据包
    #[command(help_template = TEMPLATE)]
    Export(Export),
    /// 边改边看：在浏览器里看数据文件排成的页面
    #[command(help_template = TEMPLATE)]
    Preview(Preview),
    /// 解释一条规则或一个代码
    #[command(help_template = TEMPLATE)]
    Explain(Explain),
    /// 列出表式的全部审核规则
    #[command(help_template = TEMPLATE)]
    Rules(Rules),
    /// 表式：检查、查看、复制、新写
    #[command(help_template = TEMPLATE)]
    Form(Form),
    /// 列出字体的角色、正在用的字体和缺少的字体
    #[command(help_template = TEMPLATE)]
    Fonts(Fonts),
    /// 打印数据文件的 JSON Schema（供编辑器补全和检查）
    #[command(help_template = TEMPLATE)]
    Schema(Schema),
}

#[derive(Debug, clap::Args)]
#[command(next_help_heading = "选项")]
pub struct Build {
    #[command(flatten)]
    pub jobs: Jobs,

    /// 生成什么
    #[arg(long, value_name = "格式", default_value = "pdf", hide_default_value = true)]
    pub to: Target,

    /// 草稿：每页印“草稿”水印，审核有错也印
    #[arg(long)]
    pub draft: bool,

    /// 把数据文件和 Excel 工作簿附在 PDF 里（PDF/A-3a），以后可以用 verify 核对
    #[arg(long, conflicts_with_all = ["draft", "to"])]
    pub attach: bool,

    #[command(flatten)]
    pub places: Places,

    #[command(flatten)]
    pub verdicts: Verdicts,

    #[command(flatten)]
    pub rounding: Rounding,

    /// 结果用 JSON 输出
    #[arg(long)]
    pub json: bool,

    /// 显示各步用的时间
    #[arg(long)]
    pub timings: bool,
}

#[derive(Debug, clap::Args)]
#[command(next_help_heading = "选项")]
pub struct Check {
    #[command(flatten)]
    pub sources: Sources,

    #[command(flatten)]
    pub places: Places,

    #[command(flatten)]
    pub verdicts: Verdicts,

    #[command(flatten)]
    pub rounding: Rounding,

    /// 排版一遍，写出每处在第几页
    #[arg(long)]
    pub pages: bool,

    /// 结果怎么写
    #[arg(
        long,
        value_name = "格式",
        default_value = "text",
        hide_default_value = true,
        conflicts_with = "json"
    )]
    pub format: Report,

    /// 结果用 JSON 输出（同 --format json）
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, clap::Args)]
#[command(next_help_heading = "选项")]
pub struct Preview {
    /// 数据文件；不写就是 input/ 里唯一的 YAML 文件
    #[arg(value_name = "数据文件", help_heading = "参数")]
    pub source: Option<PathBuf>,

    #[command(flatten)]
    pub places: Places,

    #[command(flatten)]
    pub rounding: Rounding,

    /// 端口；不写就用一个空着的
    #[arg(long, value_name = "端口", default_value_t = 0, hide_default_value = true)]
    pub port: u16,

    /// 不打开浏览器，只显示地址
    #[arg(long)]
    pub no_open: bool,

    /// 隔一会儿看一次文件（网络盘用）
    #[arg(long)]
    pub poll: bool,

    /// 打开编辑器的命令，例如 'code -g {file}:{line}:{column}'
    #[arg(long, value_name = "命令")]
    pub editor: Option<String>,
}

#[derive(Debug, clap::Args)]
#[command(next_help_heading = "选项")]
pub struct Export {
    #[command(flatten)]
    pub jobs: Jobs,

    /// 导出什么
    #[arg(long, value_name = "格式", default_value = "xlsx", hide_default_value = true)]
    pub to: Exchange,

    #[command(flatten)]
    pub rounding: Rounding,

    #[command(flatten)]
    pub places: Places,
}

#[derive(Debug, clap::Args)]
#[command(next_help_heading = "选项")]
pub struct Import {
    /// Excel 工作簿（.xlsx），或导出的 Word 文档（.docx）
    #[arg(value_name = "文件", help_heading = "参数")]
    pub workbook: PathBuf,

    /// 更新这份数据文件：只改变了的，注释、次序、其他文字都不动
    #[arg(long, value_name = "数据文件", conflicts_with = "output")]
    pub into: Option<PathBuf>,

    /// 写成新的数据文件；不写就放在工作簿旁边
    #[arg(short, long, value_name = "路径")]
    pub output: Option<PathBuf>,

    /// 由平台明细新写数据文件时用的表式
    #[arg(long, value_name = "表式", default_value = "shenzhen-2023", hide_default_value = true)]
    pub form: String,

    /// 数据文件里有、工作簿或文档里没有了的，也从数据文件里删掉
    #[arg(long)]
    pub remove: bool,

    /// 拿不准的留下，其余照取；不写时有一处拿不准就什么也不改
    #[arg(long)]
    pub partial: bool,

    /// 只说会改什么，不写文件
    #[arg(long)]
    pub dry_run: bool,

    /// Word 文档里的批注写成数据文件的注释
    #[arg(long)]
    pub comments: bool,

    /// 平台明细：几栏都认得时取哪一栏，例如 金额=预算数 或 金额=G，不取=栏名 是不读的；可以写几次
    #[arg(long, value_name = "栏=栏名", value_parser = pair, help_heading = "平台明细")]
    pub column: Vec<(String, String)>,

    /// 平台明细：一个叫法的意思，例如 运转类项目=基本支出、专户=财政专户管理资金；可以写几次
    #[arg(long, value_name = "叫法=意思", value_parser = pair, help_heading = "平台明细")]
    pub word: Vec<(String, String)>,

    /// 平台明细：取哪一页；几页相加就写几次
    #[arg(long, value_name = "页名", help_heading = "平台明细")]
    pub sheet: Vec<String>,

    /// 平台明细：隐藏、筛选掉的行和隐藏的栏，取还是不取
    #[arg(long, value_name = "取|不取", value_parser = ["取", "不取"], help_heading = "平台明细")]
    pub hidden: Option<String>,

    /// 平台明细：像是合计、却与下级科目相加不等的行，取还是不取
    #[arg(long, value_name = "取|不取", value_parser = ["取", "不取"], help_heading = "平台明细")]
    pub subtotal: Option<String>,

    /// 写着别的年度也取
    #[arg(long)]
    pub any_year: bool,

    #[command(flatten)]
    pub places: Places,
}

/// `甲=乙`
fn pair(text: &str) -> Result<(String, String), String> {
    let (left, right) = text.split_once(['=', '＝']).ok_or("写成“甲=乙”")?;
    Ok((left.trim().to_owned(), right.trim().to_owned()))
}

#[derive(Debug, clap::Args)]
#[command(next_help_heading = "选项")]
pub struct Verify {
    /// 用 build --attach 生成的 PDF
    #[arg(value_name = "PDF", required = true, help_heading = "参数")]
    pub files: Vec<PathBuf>,

    /// 把所附的文件取出来，写到这个文件夹
    #[arg(long, value_name = "文件夹")]
    pub extract: Option<PathBuf>,

    /// 单位自有字体所在的文件夹（生成时用了的话）
    #[arg(long, value_name = "文件夹")]
    pub fonts: Option<PathBuf>,
}

/// What a report is exported as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Exchange {
    /// Excel 工作簿，一张表一页，默认
    Xlsx,
    /// Word 文档，改过以后可以用 import 收回来
    Docx,
    /// 一张表一个 CSV 文件，一个数一行
    Csv,
    /// 整份报告和每个数的来处
    Json,
    /// 一个网页
    Html,
    /// 财政数据包（Fiscal Data Package）
    Fdp,
}

#[derive(Debug, clap::Args)]
#[command(next_help_heading = "选项")]
pub struct New {
    /// 新的年度，例如 2024
    #[arg(value_name = "年度", help_heading = "参数")]
    pub year: u32,

    /// 上一年已批复的数据文件
    #[arg(long, value_name = "数据文件")]
    pub from: PathBuf,

    /// 写到哪个文件；不写就在上一年的旁边，名字里的年份换成新的
    #[arg(short, long, value_name = "文件")]
    pub output: Option<PathBuf>,

    #[command(flatten)]
    pub places: Places,
}

#[derive(Debug, clap::Args)]
#[command(next_help_heading = "选项")]
pub struct Lock {
    /// 数据文件
    #[arg(value_name = "数据文件", help_heading = "参数")]
    pub source: PathBuf,

    /// 核对上年数所依据的文件，例如上年公开的 PDF
    #[arg(long, value_name = "文件")]
    pub from: PathBuf,

    #[command(flatten)]
    pub places: Places,
}

#[derive(Debug, clap::Args)]
#[command(next_help_heading = "选项")]
pub struct Status {
    #[command(flatten)]
    pub sources: Sources,

    /// 结果用 JSON 输出
    #[arg(long)]
    pub json: bool,

    #[command(flatten)]
    pub places: Places,
}

#[derive(Debug, clap::Args)]
#[command(next_help_heading = "选项")]
pub struct Diff {
    /// 旧的、新的：数据文件，或用 build --attach 生成的 PDF；只给一份时，把报告写成一行行文字
    #[arg(value_name = "文件", required = true, num_args = 1.., help_heading = "参数")]
    pub files: Vec<PathBuf>,

    /// 怎么写
    #[arg(long, value_name = "格式", default_value = "text", hide_default_value = true)]
    pub to: Changes,

    /// 写到哪个文件；不写时，PDF 和 Word 文档写到 output/，其他的印在屏幕上
    #[arg(short, long, value_name = "文件")]
    pub output: Option<PathBuf>,

    /// 由 git 调用：旧的和新的从 git 给的参数里取，做不出报告的版本也不报错
    #[arg(long)]
    pub git: bool,

    /// 不一样时返回码为 1
    #[arg(long, conflicts_with = "git")]
    pub exit_code: bool,

    #[command(flatten)]
    pub places: Places,
}

/// How a comparison is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Changes {
    /// 给人看的文字，默认
    Text,
    /// JSON
    Json,
    /// 一个网页
    Html,
    /// 新的报告，改了的地方有记号，末尾附修改一览
    Pdf,
    /// 新的报告，改了的地方是 Word 的修订，可以逐处接受或拒绝
    Docx,
}

/// How findings are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Report {
    /// 给人看的文字，默认
    Text,
    /// JSON
    Json,
    /// SARIF 2.1.0（代码托管平台用）
    Sarif,
    /// 审核报告，一页 HTML
    Html,
}

/// What a report is written as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Target {
    /// PDF（PDF/A-2a 和 PDF/UA-1），默认
    Pdf,
    /// 一页一个 SVG
    Svg,
    /// 一页一个 PNG
    Png,
    /// Typst 源文件
    Typ,
}

#[derive(Debug, clap::Args)]
#[command(next_help_heading = "选项")]
pub struct Schema {
    /// 用 Markdown 写（docs/keys.md）
    #[arg(long)]
    pub markdown: bool,
}

#[derive(Debug, clap::Args)]
#[command(next_help_heading = "选项")]
pub struct Explain {
    /// 规则代码，例如 T1-01
    #[arg(value_name = "代码", help_heading = "参数")]
    pub code: String,

    /// 表式
    #[arg(long, value_name = "表式", default_value = "shenzhen-2023")]
    pub form: String,

    #[command(flatten)]
    pub places: Places,
}

#[derive(Debug, clap::Args)]
#[command(next_help_heading = "选项")]
pub struct Rules {
    /// 表式
    #[arg(long, value_name = "表式", default_value = "shenzhen-2023")]
    pub form: String,

    /// 用 Markdown 写（docs/rules.md）
    #[arg(long)]
    pub markdown: bool,

    /// 各条规则在这份数据文件的报告里用了几次
    #[arg(long, value_name = "数据文件", conflicts_with_all = ["markdown", "form"])]
    pub used: Option<PathBuf>,

    #[command(flatten)]
    pub places: Places,
}

#[derive(Debug, clap::Args)]
#[command(next_help_heading = "选项")]
pub struct Fonts {
    /// 数据文件；不写就列出 shenzhen-2023 表式的字体
    #[arg(value_name = "数据文件", help_heading = "参数")]
    pub source: Option<PathBuf>,

    #[command(flatten)]
    pub places: Places,

    /// 结果用 JSON 输出
    #[arg(long)]
    pub json: bool,
}
