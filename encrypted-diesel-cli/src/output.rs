//! Standard output and standard error. Unlike `println!` and `eprintln!`, these functions never panic when the
//! reader has gone. Messages are escaped for the terminal, and repeat no secret of the command line.

use std::fmt::Display;
use std::io::{self, IsTerminal, Write};

use clap::builder::Styles;
use serde_json::Value;

use crate::error::Error;
use crate::{arguments, terminal};

/// Prints text, escaped except for line breaks and tabs. Text that may have others comes through
/// [`terminal::one_line`].
pub(crate) fn print_text(text: impl Display) -> Result<(), Error> {
    print(&[escaped(text)])
}

/// Prints JSON.
pub(crate) fn print_json(value: &Value) -> Result<(), Error> {
    print(&[terminal::json(value)])
}

/// Prints a file as it is, or escaped on a terminal.
pub(crate) fn print_file(text: &str) -> Result<(), Error> {
    if io::stdout().is_terminal() { print_text(text) } else { print(&[text]) }
}

fn escaped(text: impl Display) -> String {
    terminal::lines(arguments::hide_secrets(&text.to_string()))
}

/// Prints the parts one after the other. Joining them first would leave a copy of a key in memory.
pub(crate) fn print<T: AsRef<[u8]>>(parts: &[T]) -> Result<(), Error> {
    let mut output = io::stdout().lock();
    let printed = parts.iter().try_for_each(|part| output.write_all(part.as_ref()));
    printed.and_then(|()| output.flush()).map_err(|error| Error::Output { reason: error.kind() })
}

/// A number of rows, in words.
pub(crate) fn rows(count: u64) -> String {
    format!("{count} {}", if count == 1 { "row" } else { "rows" })
}

/// A number of values, in words.
pub(crate) fn values(count: u64) -> String {
    format!("{count} {}", if count == 1 { "value" } else { "values" })
}

/// Writes a line to standard error, if anyone listens.
pub(crate) fn say(text: impl Display) {
    let _ = writeln!(io::stderr(), "{}", escaped(text));
}

/// Says why a command failed, in the colors in which clap rejects an argument. There are none where standard
/// error is not a terminal, or `NO_COLOR` is set.
pub(crate) fn say_error(error: impl Display) {
    let styles = Styles::styled();
    let style = styles.get_error();
    let _ = writeln!(anstream::stderr(), "{style}error:{style:#} {}", escaped(error));
}

/// Says why clap rejects the command line.
pub(crate) fn say_usage(error: &clap::Error) {
    let _ = write!(anstream::stderr(), "{}", arguments::hide_values(&error.render().ansi().to_string()));
}
