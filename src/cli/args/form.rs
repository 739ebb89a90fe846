//! What `yusuan form` can be told.

use std::path::PathBuf;

use clap::Subcommand;

use super::{Places, TEMPLATE};

#[derive(Debug, clap::Args)]
#[command(subcommand_help_heading = "命令", subcommand_value_name = "命令")]
#[command(disable_help_subcommand = true, arg_required_else_help = true)]
pub struct Form {
    #[command(subcommand)]
    pub what: What,
}

#[derive(Debug, Subcommand)]
pub enum What {
    /// 检查一套表式：用一份试用的数据做一遍，看模板、规则里的名字对不对，有哪些用不上
    #[command(help_template = TEMPLATE)]
    Check {
        /// 表式的文件夹，或表式的名字
        #[arg(value_name = "表式", help_heading = "参数")]
        form: PathBuf,

        #[command(flatten)]
        places: Places,
    },
    /// 看一套表式：有哪些部分、表和文件，或其中一个文件的内容
    #[command(help_template = TEMPLATE)]
    Show {
        /// 表式的名字
        #[arg(value_name = "表式", help_heading = "参数")]
        form: String,

        /// 其中一个文件，例如 tables/01-totals.j2
        #[arg(value_name = "文件", help_heading = "参数")]
        file: Option<String>,

        #[command(flatten)]
        places: Places,
    },
    /// 把一套表式的全部文件复制到一个新的文件夹，在那里改
    #[command(help_template = TEMPLATE)]
    Copy {
        /// 表式的名字
        #[arg(value_name = "表式", help_heading = "参数")]
        form: String,

        /// 新的文件夹，例如 templates/我市-2026
        #[arg(value_name = "文件夹", help_heading = "参数")]
        folder: PathBuf,

        #[command(flatten)]
        places: Places,
    },
    /// 新写一套表式：继承现有的一套，只写不同的
    #[command(help_template = TEMPLATE)]
    New {
        /// 新表式的名字，也是文件夹名
        #[arg(value_name = "名字", help_heading = "参数")]
        name: String,

        /// 继承哪一套
        #[arg(
            long,
            value_name = "表式",
            default_value = "shenzhen-2023",
            hide_default_value = true
        )]
        from: String,

        #[command(flatten)]
        places: Places,
    },
}
