//! Standard output and standard error. Unlike `println!` and `eprintln!`, nothing here panics when nobody reads it.

use std::fmt::Display;
use std::io::{self, Write};

use crate::error::Error;

pub(crate) fn print(parts: &[&str]) -> Result<(), Error> {
    let mut output = io::stdout().lock();
    let printed = parts.iter().try_for_each(|part| output.write_all(part.as_bytes()));
    printed.and_then(|()| output.flush()).map_err(|error| Error::Output { reason: error.kind() })
}

/// Says something beside the output, if anyone listens.
pub(crate) fn say(text: impl Display) {
    let _ = writeln!(io::stderr(), "{text}");
}
