//! Standard output and standard error. Unlike `println!` and `eprintln!`, these functions never panic when the
//! reader has gone.

use std::fmt::Display;
use std::io::{self, Write};

use clap::builder::Styles;

use crate::error::Error;

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

/// Writes a line to standard error, if anyone listens.
pub(crate) fn say(text: impl Display) {
    let _ = writeln!(io::stderr(), "{text}");
}

/// Says why a command failed, in the colors in which clap rejects an argument. There are none where standard
/// error is not a terminal, or `NO_COLOR` is set.
pub(crate) fn say_error(error: impl Display) {
    let styles = Styles::styled();
    let style = styles.get_error();
    let _ = writeln!(anstream::stderr(), "{style}error:{style:#} {error}");
}
