//! `yusuan preview`: the editor's desk in a browser.

use std::path::PathBuf;

use super::Code;
use super::args;
use super::files;
use super::outcome::Failure;
use super::say;
use crate::preview::{self, Settings};

pub fn run(args: &args::Preview) -> Code {
    match settings(args).and_then(|settings| preview::run(&settings)) {
        Ok(()) => Code::Fine,
        Err(Failure(message)) => {
            say::failure(&message);
            Code::Failed
        }
    }
}

fn settings(args: &args::Preview) -> Result<Settings, Failure> {
    Ok(Settings {
        source: source(args.source.as_ref())?,
        places: args.places.clone(),
        balance: args.rounding.balances(),
        port: args.port,
        open: !args.no_open,
        poll: args.poll,
        editor: args.editor.clone(),
    })
}

/// The source that was named, else the only one of `input/`.
fn source(named: Option<&PathBuf>) -> Result<PathBuf, Failure> {
    let sources = files::sources(named.map(std::slice::from_ref).unwrap_or_default())?;
    match sources.as_slice() {
        [only] if only.is_file() => Ok(only.clone()),
        [only] => Err(Failure(format!("读不了 {}：没有这个文件", only.display()))),
        _ => {
            let names: Vec<_> = sources.iter().map(|source| source.display().to_string()).collect();
            Err(Failure(format!("有几份数据文件，要写明看哪一份：{}", names.join("、"))))
        }
    }
}
