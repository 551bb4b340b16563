//! `encrypted-diesel completions`: scripts for a shell's tab key.

use clap::{Args, Command};
use clap_complete::Shell;

use crate::error::Error;
use crate::output;

/// Print a completion script for your shell
#[derive(Args)]
#[command(after_long_help = INSTALLATION)]
pub(crate) struct Options {
    /// The shell
    #[arg(value_name = "SHELL")]
    shell: Shell,
}

const INSTALLATION: &str = "\
To install it for bash:
  encrypted-diesel completions bash > ~/.local/share/bash-completion/completions/encrypted-diesel
For zsh, with ~/.zfunc in `fpath`:
  encrypted-diesel completions zsh > ~/.zfunc/_encrypted-diesel
For fish:
  encrypted-diesel completions fish > ~/.config/fish/completions/encrypted-diesel.fish";

/// Prints the script for this command line.
pub(crate) fn run(options: Options, mut command: Command) -> Result<(), Error> {
    let name = command.get_name().to_owned();
    let mut script = Vec::new();
    clap_complete::generate(options.shell, &mut command, name, &mut script);
    let script = String::from_utf8_lossy(&script);
    // For bash, clap_complete 4.6.11 writes the hyphen of the program's name in one way where it sets a state, and in
    // another where it looks it up.
    let script = script.replace("encrypted__subcmd__diesel__subcmd__", "encrypted__diesel__subcmd__");
    output::print(&[script])
}
