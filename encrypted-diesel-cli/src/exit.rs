//! The exit statuses.

use std::process::ExitCode;

/// How a command ended, unless it failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Exit {
    Done,
    /// Rows were left unchanged, or a check did not pass.
    Left,
    /// `doctor` found what a walk refuses.
    Unsafe,
    /// By Ctrl-C, or another signal that asks the program to end.
    Interrupted,
}

/// The exit statuses, for `--help`.
pub(crate) const HELP: &str = "\
Exit status:
  0    the work is done, and every check passed
  1    an error, printed on stderr
  2    the command line is wrong
  3    rows were left unchanged, a check did not pass, or the database may keep values where no command reaches them:
       these places are named first, and `known` in encrypted-diesel.toml says that you have seen to them
  130  interrupted by Ctrl-C or SIGTERM: finished work is kept, and the same command continues";

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(match exit {
            Exit::Done => 0,
            Exit::Left => 3,
            Exit::Unsafe => 4,
            Exit::Interrupted => INTERRUPTED,
        })
    }
}

/// The command line is wrong.
pub(crate) const USAGE: u8 = 2;

/// The status that a shell reports for a program ended by SIGINT.
pub(crate) const INTERRUPTED: u8 = 130;
