//! A file such as `.env`, and how to change its lists of keys.
//!
//! The file is never written in place. Its next version is written beside it, under a name that is the same for all
//! runs, and then renamed. Only one run at a time can create a file of that name, so it is a lock as well: the run
//! that holds it may read the file and replace it. It does not stop other programs, such as editors.

mod lists;
mod problem;

use std::fs::{self, File, Metadata};
use std::io::{self, ErrorKind, Read, Write};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

use encrypted_diesel::private::Entry;
use tempfile::NamedTempFile;
use zeroize::Zeroizing;

pub(crate) use self::lists::{Change, List, Place, change};
pub(crate) use self::problem::Problem;
use crate::output;

/// How long to wait for another run. It normally takes milliseconds.
const PATIENCE: Duration = Duration::from_secs(10);

/// The file. No other run of this tool changes it until this value is dropped.
pub(crate) struct EnvFile {
    /// With symlinks resolved.
    path: PathBuf,
    text: Zeroizing<String>,
    /// From when the file was read. None if the file does not exist yet.
    metadata: Option<Metadata>,
    /// The next version, which is the lock. Deleted when dropped.
    next: NamedTempFile,
}

impl EnvFile {
    /// Reads the file. A missing file counts as empty.
    pub(crate) fn open(path: &Path) -> Result<Self, Problem> {
        let path = resolve(path)?;
        if path.exists() && !path.is_file() {
            return Err(Problem::NotAFile);
        }
        let next = lock(&path, PATIENCE)?;
        // Only now: the run that held the lock may have created the file.
        let (text, metadata) = match read(&path) {
            Ok((bytes, metadata)) => (decode(&bytes)?, Some(metadata)),
            Err(error) if error.kind() == ErrorKind::NotFound => (Zeroizing::default(), None),
            Err(error) => return Err(Problem::unreadable(&error)),
        };
        Ok(Self { path, text, metadata, next })
    }

    /// The entries of a list, without asking a service.
    pub(crate) fn entries(&self, list: List) -> Result<Vec<Entry>, Problem> {
        lists::read(&self.text, list)
    }

    /// Changes lists, all or none. Nothing else in the file changes.
    pub(crate) fn change(self, changes: &[(List, Change)]) -> Result<Changed, Problem> {
        let mut changed = Changed { count: 0, was_shared: self.is_shared() };
        let mut text = self.text.clone();
        for (list, change_of) in changes {
            (text, changed.count) = change(&text, *list, change_of)?;
        }
        self.replace(&text)?;
        Ok(changed)
    }

    /// Whether other users may read the file. They no longer can after [`replace`](Self::replace).
    #[cfg(unix)]
    fn is_shared(&self) -> bool {
        use std::os::unix::fs::PermissionsExt;
        self.metadata.as_ref().is_some_and(|metadata| metadata.permissions().mode() & 0o044 != 0)
    }

    #[cfg(not(unix))]
    fn is_shared(&self) -> bool {
        false
    }

    /// Replaces the text. Afterwards only the owner, who stays the same, can read the file.
    fn replace(self, text: &str) -> Result<(), Problem> {
        let Self { path, text: _, metadata, mut next } = self;
        let written = |error: io::Error| Problem::unwritable(&error);
        // tempfile creates it with mode 0600.
        next.write_all(text.as_bytes()).map_err(written)?;
        let renamed = match metadata {
            Some(metadata) => {
                keep_owner(next.as_file(), &metadata)?;
                next.as_file().sync_all().map_err(written)?;
                next.persist(&path)
            }
            None => {
                next.as_file().sync_all().map_err(written)?;
                // Another program may have created the file in the meantime.
                next.persist_noclobber(&path)
            }
        };
        renamed.map_err(|failed| written(failed.error))?;
        sync_folder(&path);
        Ok(())
    }
}

/// A file after a change.
pub(crate) struct Changed {
    /// How many entries the list has now.
    pub(crate) count: usize,
    was_shared: bool,
}

impl Changed {
    pub(crate) fn say_if_it_was_shared(&self, path: &Path) {
        if self.was_shared {
            output::say(format_args!(
                "note: until now, other users could read {}; now only its owner can",
                path.display()
            ));
        }
    }
}

/// The path of the file itself, not of a symlink to it. The file need not exist.
fn resolve(path: &Path) -> Result<PathBuf, Problem> {
    match (fs::canonicalize(path), path.file_name()) {
        (Ok(path), _) => Ok(path),
        (Err(error), Some(_)) if error.kind() == ErrorKind::NotFound && path.is_symlink() => {
            Err(Problem::Dangling)
        }
        (Err(error), Some(name)) if error.kind() == ErrorKind::NotFound => {
            let folder = path.parent().filter(|folder| *folder != Path::new(""));
            let folder = fs::canonicalize(folder.unwrap_or(Path::new("."))).map_err(|_| Problem::NoFolder)?;
            Ok(folder.join(name))
        }
        (Err(error), _) => Err(Problem::unreadable(&error)),
    }
}

/// Creates the file's next version, as soon as no other run holds it.
fn lock(path: &Path, patience: Duration) -> Result<NamedTempFile, Problem> {
    let (Some(folder), Some(name)) = (path.parent(), path.file_name()) else {
        return Err(Problem::NotAFile);
    };
    let mut name = name.to_owned();
    name.push(".lock");
    let start = Instant::now();
    loop {
        match tempfile::Builder::new().prefix(&name).rand_bytes(0).tempfile_in(folder) {
            Ok(next) => return Ok(next),
            Err(error) if error.kind() != ErrorKind::AlreadyExists => {
                return Err(Problem::unwritable(&error));
            }
            Err(_) if start.elapsed() >= patience => {
                return Err(Problem::Locked { lock: folder.join(name) });
            }
            Err(_) => thread::sleep(Duration::from_millis(5)),
        }
    }
}

fn read(path: &Path) -> io::Result<(Zeroizing<Vec<u8>>, Metadata)> {
    let mut file = File::open(path)?;
    let metadata = file.metadata()?;
    // One byte more than needed: a full vector would grow before it sees the end, and leave a copy behind.
    let length = usize::try_from(metadata.len()).unwrap_or_default().saturating_add(1);
    let mut bytes = Zeroizing::new(Vec::with_capacity(length));
    file.read_to_end(&mut bytes)?;
    Ok((bytes, metadata))
}

fn decode(bytes: &[u8]) -> Result<Zeroizing<String>, Problem> {
    let text = std::str::from_utf8(bytes).map_err(|_| Problem::NotUtf8)?;
    Ok(Zeroizing::new(text.to_owned()))
}

#[cfg(unix)]
fn keep_owner(next: &File, metadata: &Metadata) -> Result<(), Problem> {
    use std::os::unix::fs::{MetadataExt, fchown};
    let own = next.metadata().map_err(|error| Problem::unwritable(&error))?;
    if (own.uid(), own.gid()) == (metadata.uid(), metadata.gid()) {
        return Ok(());
    }
    fchown(next, Some(metadata.uid()), Some(metadata.gid()))
        .map_err(|error| Problem::Owner { reason: error.kind() })
}

#[cfg(not(unix))]
fn keep_owner(_: &File, _: &Metadata) -> Result<(), Problem> {
    Ok(())
}

/// Makes the rename survive a power cut. The file has been replaced already, and not every file system supports
/// this, so a failure here is not an error.
fn sync_folder(path: &Path) {
    #[cfg(unix)]
    if let Some(folder) = path.parent().and_then(|folder| File::open(folder).ok()) {
        let _ = folder.sync_all();
    }
    #[cfg(not(unix))]
    let _ = path;
}

#[cfg(test)]
mod tests;
