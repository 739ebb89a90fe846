//! What was typed wrong, in Chinese; clap knows what, this module says it.

use std::process::ExitCode;

use clap::error::{ContextKind, ContextValue, ErrorKind};

use super::Code;
use super::say;

/// Prints help as it is, and an error in one Chinese line.
pub fn explain(error: &clap::Error) -> ExitCode {
    match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => {
            // A closed pipe is the reader's choice.
            let _ = error.print();
            return Code::Fine.into();
        }
        ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            let _ = error.print();
        }
        kind => say::aside!("错误：{}\n看用法：yusuan --help", sentence(error, kind)),
    }
    Code::Failed.into()
}

fn sentence(error: &clap::Error, kind: ErrorKind) -> String {
    let word = |kind| match error.get(kind) {
        Some(ContextValue::String(word)) => word.clone(),
        Some(ContextValue::Strings(words)) => words.join("、"),
        _ => String::new(),
    };
    let argument = word(ContextKind::InvalidArg);
    let value = word(ContextKind::InvalidValue);
    let near =
        [ContextKind::SuggestedArg, ContextKind::SuggestedSubcommand, ContextKind::SuggestedValue]
            .into_iter()
            .map(word)
            .find(|word| !word.is_empty())
            .map(|word| format!("，是不是 {word}？"))
            .unwrap_or_default();
    match kind {
        ErrorKind::UnknownArgument => format!("不认识 {argument}{near}"),
        ErrorKind::InvalidSubcommand => {
            format!("没有 {} 这个命令{near}", word(ContextKind::InvalidSubcommand))
        }
        ErrorKind::InvalidValue if value.is_empty() => format!("{argument} 后面要写一个值"),
        ErrorKind::InvalidValue => {
            let choices = word(ContextKind::ValidValue);
            format!("{argument} 不能是 {value}，可以是：{choices}")
        }
        ErrorKind::ValueValidation => format!("{argument} 不能是 {value}"),
        ErrorKind::ArgumentConflict => {
            format!("{argument} 不能和 {} 一起用", word(ContextKind::PriorArg))
        }
        ErrorKind::MissingRequiredArgument => format!("缺少 {argument}"),
        _ => "命令写得不对".to_owned(),
    }
}
