//! The command-line tool: `cargo install encrypted-diesel --features cli`, then
//! `encrypted-diesel --help`.

mod cli;

use std::process::ExitCode;

fn main() -> ExitCode {
    cli::run()
}
