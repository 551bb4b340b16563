//! What the program's exit status says.

use std::process::ExitCode;

/// How a command has ended, unless it failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Exit {
    Done,
    /// Rows were left as they are, or what was to be made sure does not hold.
    Left,
    /// By Ctrl-C, or another signal that asks for an end.
    Interrupted,
}

/// The exit statuses, for `--help`.
pub(crate) const HELP: &str = "\
Exit status:
  0    all is done, and what was to be made sure holds
  1    an error, which is said
  2    the command line is wrong
  3    rows were left as they are, or what was to be made sure does not hold
  130  ended by Ctrl-C: what was done stays done, and the same command goes on";

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(match exit {
            Exit::Done => 0,
            Exit::Left => 3,
            Exit::Interrupted => INTERRUPTED,
        })
    }
}

/// As a shell reports a program that SIGINT ended.
pub(crate) const INTERRUPTED: u8 = 130;
