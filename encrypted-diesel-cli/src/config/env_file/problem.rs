use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use encrypted_diesel::key::{KeyError, KeyId};

use crate::error::Error;

/// Why a list of keys was not changed in a file. The file is unchanged then, and no message shows its content.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Problem {
    // The file
    #[error("cannot {action} it: {reason}")]
    File { action: &'static str, reason: ErrorKind },
    #[error("its folder does not exist: create it first")]
    NoFolder,
    #[error("it is a symlink to a file that does not exist: create that file, or delete the symlink")]
    Dangling,
    #[error("it is a folder or a device: name a file, such as `.env`")]
    NotAFile,
    #[error("it is not UTF-8: save it as UTF-8")]
    NotUtf8,
    #[error(
        "{} exists: another run of this command is changing the file, or was interrupted; \
         if none is running, delete it and run this again",
        lock.display()
    )]
    Locked { lock: PathBuf },
    #[error("cannot keep its owner and group ({reason}): run this as its owner and in its group, or as root")]
    Owner { reason: ErrorKind },

    // Its content
    #[error("a line cannot be parsed: write `NAME=value`, and quote values that contain spaces")]
    Line,
    #[error("{variable}: {problem}")]
    List { variable: &'static str, problem: KeyError },
    #[error("{variable} is set twice: write all its keys in one list, separated by commas")]
    Twice { variable: &'static str },
    #[error(
        "{variable} is set, so the keys are not in this file: \
         run `encrypted-diesel keygen`, and add the printed key to the list where it is, after a comma"
    )]
    Elsewhere { variable: &'static str },
    #[error(
        "cannot change {variable} in its present form: write its line as {variable}=key,key, \
         and do not refer to it in other lines"
    )]
    Unproven { variable: &'static str },
    #[error("{variable} has no key {id}: `encrypted-diesel key check` lists the keys")]
    NoSuchKey { variable: &'static str, id: KeyId },
    #[error("it is the only key of {variable}: without it, nothing can be read")]
    OnlyKey { variable: &'static str },
    #[error(
        "it is the first key of {variable}, which encrypts: move another to the front before, with --promote"
    )]
    FirstKey { variable: &'static str },
}

impl Problem {
    /// The problem with a file.
    pub(crate) fn of(&self, path: &Path) -> Error {
        Error::EnvFile { path: path.to_owned(), problem: self.to_string() }
    }

    pub(super) fn unreadable(error: &io::Error) -> Self {
        Self::File { action: "read", reason: error.kind() }
    }

    pub(super) fn unwritable(error: &io::Error) -> Self {
        Self::File { action: "write", reason: error.kind() }
    }
}
