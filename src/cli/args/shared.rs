//! Options that several commands share.

use std::path::PathBuf;

use clap::ValueEnum;

/// Where forms and faces come from besides the program itself.
#[derive(Debug, Clone, clap::Args)]
#[command(next_help_heading = "选项")]
pub struct Places {
    /// 表式所在的文件夹；不写就先找当前文件夹的 templates/，再用程序自带的
    #[arg(long, value_name = "文件夹")]
    pub templates: Option<PathBuf>,

    /// 单位自有字体所在的文件夹
    #[arg(long, value_name = "文件夹")]
    pub fonts: Option<PathBuf>,
}

/// Which sources are meant.
#[derive(Debug, Clone, clap::Args)]
#[command(next_help_heading = "选项")]
pub struct Sources {
    /// 数据文件；不写就是 input/ 里的全部 YAML 文件
    #[arg(value_name = "数据文件", help_heading = "参数")]
    pub named: Vec<PathBuf>,
}

/// Which sources are meant, and where what is made of them goes.
#[derive(Debug, Clone, clap::Args)]
#[command(next_help_heading = "选项")]
pub struct Jobs {
    #[command(flatten)]
    pub sources: Sources,

    /// 写到哪里：文件，或文件夹（以 / 结尾或已有）；不写就是 output/
    #[arg(short, long, value_name = "路径")]
    pub output: Option<PathBuf>,
}

/// What is done about rounded parts that do not add up.
#[derive(Debug, Clone, Copy, clap::Args)]
#[command(next_help_heading = "选项")]
pub struct Rounding {
    /// balance：舍位平衡，四舍五入后的各项调到与合计相加相等，改动逐一列出
    #[arg(long, value_name = "办法")]
    rounding: Option<Method>,
}

impl Rounding {
    pub fn balances(self) -> bool {
        self.rounding == Some(Method::Balance)
    }
}

/// A way to treat them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Method {
    /// 舍位平衡
    Balance,
}

/// Rules taken more or less seriously for one run.
#[derive(Debug, Clone, Default, clap::Args)]
#[command(next_help_heading = "选项")]
pub struct Verdicts {
    /// 把这条规则（或 warnings：全部警告，连已说明的）当作错误
    #[arg(long, value_name = "代码")]
    pub deny: Vec<String>,

    /// 这一次不管这条规则的警告
    #[arg(long, value_name = "代码")]
    pub allow: Vec<String>,
}
