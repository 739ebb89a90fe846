//! The command line: parse, run, return the code.

use std::process::ExitCode;

fn main() -> ExitCode {
    yusuan::cli::main()
}
