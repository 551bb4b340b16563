//! The commands of README.md's "Operating it", as they stand there.

#![cfg(unix)]
#![allow(clippy::unwrap_used, missing_docs)]

#[path = "../../adoption/tests/console/mod.rs"]
mod console;
#[path = "../../adoption/tests/programs/mod.rs"]
mod programs;

use std::fs;

use tempfile::TempDir;

const README: &str = include_str!("../../../README.md");
const DECLARATION: &str = include_str!("../encrypted-diesel.toml");

/// The example has been built, and is started where the test wants it, not in the checkout.
const CARGO: &str = r#"cargo() { test "$*" = "run -q" && quickstart; }"#;

#[test]
fn its_commands_print_what_it_says() {
    let folder = TempDir::new().unwrap();
    let example = folder.path().join("examples/quickstart");
    fs::create_dir_all(&example).unwrap();
    fs::write(example.join("encrypted-diesel.toml"), DECLARATION).unwrap();

    console::run(README, folder.path(), CARGO);
}

/// The README shows one column. `accounts`, which the same migrations make, is of `examples/search`.
#[test]
fn its_commands_work_on_all_columns_as_well() {
    let folder = TempDir::new().unwrap();
    fs::write(folder.path().join("encrypted-diesel.toml"), DECLARATION).unwrap();

    let page = "\
```console
$ quickstart > /dev/null
$ export DATABASE_URL=clinic.db
$ encrypted-diesel keygen --env-file .env
.env: the key 94a7f2e6 is now the first of 2 in FIELD_ENCRYPTION_KEY
$ encrypted-diesel rotate
patients.name: 4 rotated
patients.ssn: 4 rotated
patients.born: 2 rotated
patients.notes: 2 rotated
patients.photo: 1 rotated
visits.diagnosis: 1 rotated
$ encrypted-diesel status --assert-only-key 94a7f2e6 patients visits > /dev/null; echo $?
0
$ encrypted-diesel status --assert-only-key 94a7f2e6 > /dev/null; echo $?
accounts.email: marked as encrypted in the database, but not declared, so not counted
accounts.phone: marked as encrypted in the database, but not declared, so not counted
accounts.customer_number: marked as encrypted in the database, but not declared, so not counted
3
$ encrypted-diesel verify
patients.name: 4 rows, all valid
patients.ssn: 4 rows, all valid
patients.born: 4 rows, all valid
patients.notes: 4 rows, all valid
patients.photo: 4 rows, all valid
visits.diagnosis: 1 row, all valid
```
";
    console::run(page, folder.path(), "");
}
