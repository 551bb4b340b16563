//! Runs the files in `tests/commands` with trycmd.
//!
//! A case with a folder `.out` runs in a copy of its folder `.in`, and the copy is then compared with `.out`.
//! With `TRYCMD=overwrite` in the environment, the current output replaces the expected output.

use std::ffi::OsStr;
use std::fs::{self, File, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use diesel::connection::SimpleConnection;
use diesel::prelude::*;

use crate::{CASES, TOOL};

#[test]
fn cases() {
    make_databases();
    give_inputs_one_mode();
    trycmd::TestCases::new()
        .register_bin("encrypted-diesel", Path::new(TOOL))
        .case(format!("{CASES}/*.trycmd"));
}

/// trycmd skips commands that it does not know.
#[test]
fn every_command_in_the_cases_is_run() {
    let mut commands = 0;
    for case in with_extension("trycmd") {
        let text = fs::read_to_string(&case).unwrap();
        for command in text.lines().filter_map(|line| line.strip_prefix("$ ")) {
            assert_eq!(command.split(' ').next(), Some("encrypted-diesel"), "{}: {command}", case.display());
            commands += 1;
        }
    }
    assert!(commands > 0);
}

/// Makes a `clinic.db` from each `clinic.sql` among the inputs.
fn make_databases() {
    for folder in with_extension("in") {
        for file in fs::read_dir(folder).unwrap().map(|file| file.unwrap().path()) {
            if file.extension() == Some(OsStr::new("sql")) {
                let database = file.with_extension("db");
                drop(File::create(&database).unwrap());
                let mut connection = SqliteConnection::establish(database.to_str().unwrap()).unwrap();
                connection.batch_execute(&fs::read_to_string(file).unwrap()).unwrap();
            }
        }
    }
}

/// The tool reports files that other users may read, and checkouts differ in that.
fn give_inputs_one_mode() {
    for folder in with_extension("in") {
        for file in fs::read_dir(folder).unwrap() {
            let (file, mode) = (file.unwrap(), Permissions::from_mode(0o644));
            if file.metadata().unwrap().permissions().mode() & 0o777 != mode.mode() {
                fs::set_permissions(file.path(), mode).unwrap();
            }
        }
    }
}

fn with_extension(extension: &str) -> impl Iterator<Item = PathBuf> {
    let entries = fs::read_dir(CASES).unwrap().map(|entry| entry.unwrap().path());
    entries.filter(move |path| path.extension() == Some(OsStr::new(extension)))
}
