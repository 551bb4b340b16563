//! The binary `encrypted-diesel`: `cargo install encrypted-diesel-cli`, then `encrypted-diesel --help`.

use std::process::ExitCode;

fn main() -> ExitCode {
    encrypted_diesel_cli::run()
}
