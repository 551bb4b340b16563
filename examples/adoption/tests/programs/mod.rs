//! The programs that tests run.

use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::LazyLock;

/// The folder of the programs: of the examples' and, once it is built, of the tool's.
pub(crate) fn folder() -> &'static Path {
    static FOLDER: LazyLock<PathBuf> = LazyLock::new(build_tool);
    &FOLDER
}

/// Builds the command-line tool: cargo makes the programs of a test's own package alone.
fn build_tool() -> PathBuf {
    // This test is in `deps` of the folder in which programs are, and that in the target folder.
    let test = env::current_exe().unwrap();
    let programs = test.ancestors().nth(2).unwrap();
    let profile = match programs.file_name().and_then(|name| name.to_str()) {
        Some("debug") => "dev",
        Some(profile) => profile,
        None => panic!("{} is in no folder of a profile", test.display()),
    };
    let done = Command::new(env!("CARGO"))
        .args(["build", "--quiet", "--package", "encrypted-diesel-cli"])
        .args(["--profile", profile, "--target-dir"])
        .arg(programs.parent().unwrap())
        .current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."))
        .status();
    assert!(done.unwrap().success());
    programs.to_owned()
}

/// Keeps the command from the keys and the database of who runs the tests.
pub(crate) fn without_keys(command: &mut Command) -> &mut Command {
    for variable in ["FIELD_ENCRYPTION_KEY", "FIELD_INDEX_KEY", "DATABASE_URL"] {
        command.env_remove(variable).env_remove(format!("{variable}_FILE"));
    }
    command
}
