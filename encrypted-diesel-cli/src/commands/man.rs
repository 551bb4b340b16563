//! `encrypted-diesel man`: the manual, made of the same text as `--help`.

use clap::error::ErrorKind;
use clap::{Args, Command};
use clap_mangen::Man;

use crate::error::Error;
use crate::output;

/// Print the man page, or that of one command, as roff
#[derive(Args)]
#[command(after_long_help = INSTALLATION)]
pub(crate) struct Options {
    /// A command, such as `rotate` [default: the page that lists all commands]
    #[arg(value_name = "COMMAND")]
    command: Option<String>,
}

const INSTALLATION: &str = "\
To read it: encrypted-diesel man rotate | man -l -
To install it: encrypted-diesel man rotate > ~/.local/share/man/man1/encrypted-diesel-rotate.1";

/// Prints a page about this command line.
pub(crate) fn run(options: Options, mut program: Command) -> Result<(), Error> {
    let source = format!("{} {}", program.get_name(), program.get_version().unwrap_or_default());
    // Gives each command its full name, such as `encrypted-diesel-rotate`.
    program.build();
    let command = match options.command {
        None => program,
        Some(name) => match program.find_subcommand(&name) {
            Some(command) => command.clone(),
            // It is not repeated, since it may be a key.
            None => program
                .error(ErrorKind::InvalidSubcommand, "no such command: `encrypted-diesel --help` lists them")
                .exit(),
        },
    };
    let mut page = Vec::new();
    let written = Man::new(command).source(source).render(&mut page);
    written.map_err(|error| Error::Output { reason: error.kind() })?;
    // clap_mangen calls the text after the options EXTRA.
    output::print(&[String::from_utf8_lossy(&page).replace(".SH EXTRA\n", ".SH NOTES\n")])
}
