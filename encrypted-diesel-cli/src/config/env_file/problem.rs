use std::io::{self, ErrorKind};
use std::path::PathBuf;

use encrypted_diesel::key::KeyError;

/// Why a key was not added to a file, which is then as it was. No message shows what stands in it.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Problem {
    // The file
    #[error("it cannot be {done}: {reason}")]
    File { done: &'static str, reason: ErrorKind },
    #[error("its folder does not exist: make that first")]
    NoFolder,
    #[error("it is a symlink that leads nowhere: make what it leads to, or delete it")]
    Dangling,
    #[error("it is a folder or a device: name a file, such as `.env`")]
    NotAFile,
    #[error("it is not UTF-8: save it as UTF-8")]
    NotUtf8,
    #[error(
        "{} is there: another run of this command is changing the file, or was interrupted; \
         if none is running, delete that, and run this again",
        lock.display()
    )]
    Locked { lock: PathBuf },
    #[error("its owner and group cannot be kept ({reason}): run this as its owner, in its group, or as root")]
    Owner { reason: ErrorKind },

    // What stands in it
    #[error("{}", KeyError::UnreadableLine)]
    Line,
    #[error("{variable}: {problem}")]
    List { variable: &'static str, problem: KeyError },
    #[error("{variable} is set twice: put all its keys into one list, separated by commas")]
    Twice { variable: &'static str },
    #[error(
        "{variable}_FILE is set, so the keys are in the file that it names: \
         add what `encrypted-diesel keygen` prints to the list in there, with a comma between"
    )]
    Elsewhere { variable: &'static str },
    #[error(
        "a key cannot be added to {variable} as it is written: write its line as {variable}=key,key \
         and let no other line refer to it"
    )]
    Unproven { variable: &'static str },
}

impl Problem {
    pub(super) fn unreadable(error: &io::Error) -> Self {
        Self::File { done: "read", reason: error.kind() }
    }

    pub(super) fn unwritable(error: &io::Error) -> Self {
        Self::File { done: "written", reason: error.kind() }
    }
}
