//! The command line: parse, run, return the code.

use std::process::ExitCode;

/// Typst allocates a great many small pieces; this allocator is the faster one for them.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    yusuan::cli::main()
}
