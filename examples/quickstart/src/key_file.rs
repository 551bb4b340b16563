//! A key for the demonstration, kept in `.env`.

use std::fs::OpenOptions;
use std::io::{self, Write};
use std::path::Path;

use encrypted_diesel::{ExposeSecret, Key, Zeroizing};

/// Adds `FIELD_ENCRYPTION_KEY` to the file at `path`, which then only its owner can read.
///
/// What stands in the file stays. Call this only when there is no key: the first one counts.
pub(crate) fn append(path: &Path, key: &Key) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.append(true).create(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;

    // A file that was there before has the mode that it had.
    #[cfg(unix)]
    file.set_permissions(std::os::unix::fs::PermissionsExt::from_mode(0o600))?;

    // Its last line may lack an end.
    let separator = if file.metadata()?.len() == 0 { "" } else { "\n" };
    let hex = key.to_hex();
    let line = Zeroizing::new(format!("{separator}FIELD_ENCRYPTION_KEY={}\n", hex.expose_secret()));
    file.write_all(line.as_bytes())?;
    // No row may outlive the key that it was encrypted under.
    file.sync_all()
}
