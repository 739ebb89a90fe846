//! The command line: what was typed, what it means, what comes of it.
//!
//! Exit codes: 0 fine, 1 findings, 2 the tool itself failed.

pub(crate) mod args;
mod build;
mod check;
mod diff;
mod export;
pub(crate) mod files;
mod fonts;
mod form;
mod import;
mod lock;
mod new;
pub(crate) mod outcome;
mod plea;
mod preview;
mod rules;
pub(crate) mod say;
mod schema;
pub(crate) mod stage;
mod status;
mod verdicts;
mod verify;
mod word;

use std::process::ExitCode;

use clap::Parser;

use args::{Args, Command};
pub use outcome::Code;

/// Runs the program and returns its exit code.
pub fn main() -> ExitCode {
    // What a user can do nothing with is not shown; the command says that it failed.
    std::panic::set_hook(Box::new(|_| {}));
    let args = match Args::try_parse() {
        Ok(args) => args,
        Err(error) => return plea::explain(&error),
    };
    let code = match args.command {
        Command::Build(args) => build::run(&args),
        Command::Check(args) => check::run(&args),
        Command::Import(args) => import::run(&args),
        Command::New(args) => new::run(&args),
        Command::Lock(args) => lock::run(&args),
        Command::Status(args) => status::run(&args),
        Command::Diff(args) => diff::run(&args),
        Command::Verify(args) => verify::run(&args),
        Command::Export(args) => export::run(&args),
        Command::Explain(args) => rules::explain(&args),
        Command::Rules(args) => rules::list(&args),
        Command::Form(args) => form::run(&args.what),
        Command::Preview(args) => preview::run(&args),
        Command::Fonts(args) => fonts::run(&args),
        Command::Schema(args) => schema::run(&args),
    };
    code.max(say::lost()).into()
}
