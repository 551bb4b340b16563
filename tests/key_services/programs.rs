//! The programs that a page's commands name: the tool, with its services, and OpenBao's client as `vault`.

use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::Command;
use std::sync::LazyLock;

use tempfile::TempDir;

use crate::server::installed;

static FOLDER: LazyLock<TempDir> = LazyLock::new(|| {
    let folder = TempDir::new().unwrap();
    symlink(installed("bao"), folder.path().join("vault")).unwrap();
    // Another name, since the program finds its folder by its own.
    symlink(installed("encrypted-diesel"), folder.path().join("encrypted-diesel")).unwrap();
    folder
});

pub(crate) fn folder() -> &'static Path {
    FOLDER.path()
}

/// Keeps the command from the settings of who runs the tests.
pub(crate) fn without_keys(command: &mut Command) -> &mut Command {
    let path = std::env::var_os("PATH").unwrap();
    command.env_clear().env("PATH", path)
}
