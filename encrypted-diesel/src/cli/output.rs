//! Standard output.

use std::io::{self, Write};

use super::Error;

/// Unlike `println!`, does not panic when nobody reads it.
pub(super) fn print(parts: &[&str]) -> Result<(), Error> {
    let mut output = io::stdout().lock();
    let printed = parts.iter().try_for_each(|part| output.write_all(part.as_bytes()));
    printed.and_then(|()| output.flush()).map_err(|error| Error::Output { reason: error.kind() })
}
