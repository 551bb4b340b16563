//! Command-line definition and dispatch.

use std::process::ExitCode;

use clap::{CommandFactory, Parser, Subcommand};

use crate::commands::{
    completions, decrypt, doctor, draft, encrypt, key, keygen, man, reindex, rotate, schema_patch, status,
    verify,
};
use crate::exit::{self, Exit};
use crate::output;

/// Manage encryption keys and encrypted columns
#[derive(Parser)]
#[command(name = "encrypted-diesel", version, arg_required_else_help = true)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    Keygen(keygen::Options),
    Key(key::Options),
    Draft(draft::Options),
    Doctor(doctor::Options),
    Status(status::Options),
    Encrypt(encrypt::Options),
    Rotate(rotate::Options),
    Reindex(reindex::Options),
    Verify(verify::Options),
    Decrypt(decrypt::Options),
    SchemaPatch(schema_patch::Options),
    Completions(completions::Options),
    Man(man::Options),
}

/// Runs the command that the command line names, and returns its exit status: `--help` lists them.
pub fn run() -> ExitCode {
    let command = match Cli::try_parse() {
        Ok(Cli { command }) => command,
        Err(error) if error.use_stderr() => {
            output::say_usage(&error);
            return ExitCode::from(exit::USAGE);
        }
        // `--help` and `--version`
        Err(error) => {
            let _ = error.print();
            return ExitCode::SUCCESS;
        }
    };
    let done = match command {
        Command::Keygen(options) => keygen::run(options).map(|()| Exit::Done),
        Command::Key(options) => key::run(options),
        Command::Draft(options) => draft::run(options).map(|()| Exit::Done),
        Command::Doctor(options) => doctor::run(options),
        Command::Status(options) => status::run(options),
        Command::Encrypt(options) => encrypt::run(options),
        Command::Rotate(options) => rotate::run(options),
        Command::Reindex(options) => reindex::run(options),
        Command::Verify(options) => verify::run(options),
        Command::Decrypt(options) => decrypt::run(options),
        Command::SchemaPatch(options) => schema_patch::run(options).map(|()| Exit::Done),
        Command::Completions(options) => completions::run(options, Cli::command()).map(|()| Exit::Done),
        Command::Man(options) => man::run(options, Cli::command()).map(|()| Exit::Done),
    };
    match done {
        Ok(exit) => exit.into(),
        Err(error) => {
            output::say_error(error);
            ExitCode::FAILURE
        }
    }
}
