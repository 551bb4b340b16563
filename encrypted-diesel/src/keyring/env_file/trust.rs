//! Whether a file of settings can be believed: everyone who can write it can replace the keys.

use std::fs::Metadata;
use std::path::Path;

use crate::key::KeyError;

/// Refuses a file that belongs to neither us nor root, or that everyone may write.
#[cfg(unix)]
pub(super) fn check(path: &Path, metadata: &Metadata) -> Result<(), KeyError> {
    use std::os::unix::fs::MetadataExt;

    let own = own_user().map_err(|error| KeyError::UnreadableFile { reason: error.kind() })?;
    let link = std::fs::symlink_metadata(path).ok().map(|link| link.uid());
    for user in [metadata.uid()].into_iter().chain(link) {
        if user != own && user != 0 {
            return Err(KeyError::ForeignFile { user });
        }
    }
    crate::keyring::secret_file::refuse_writable(metadata)
}

#[cfg(not(unix))]
pub(super) fn check(_: &Path, _: &Metadata) -> Result<(), KeyError> {
    Ok(())
}

/// The user that this process acts as. The standard library does not say, but what we make belongs to that user.
#[cfg(unix)]
fn own_user() -> std::io::Result<u32> {
    use std::os::fd::OwnedFd;
    use std::os::unix::fs::MetadataExt;

    let (socket, _) = std::os::unix::net::UnixStream::pair()?;
    std::fs::File::from(OwnedFd::from(socket)).metadata().map(|metadata| metadata.uid())
}
