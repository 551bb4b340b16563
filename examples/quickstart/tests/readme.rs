//! README.md: its first example, and the commands under "Operating it".

#![cfg(unix)]
#![allow(clippy::unwrap_used, missing_docs)]

#[path = "../../adoption/tests/console/mod.rs"]
mod console;
#[path = "../../adoption/tests/programs/mod.rs"]
mod programs;

use std::process::Command;
use std::{env, fs};

use tempfile::TempDir;

const README: &str = include_str!("../../../README.md");
const KEY: &str = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";
const EXAMPLE: &str = include_str!("readme/example.rs");
const DECLARATION: &str = include_str!("../encrypted-diesel.toml");

/// The README's first example, as a module.
mod example {
    include!("readme/example.rs");

    /// The test below starts this in a process of its own, which has a key.
    #[test]
    #[ignore = "it needs a key"]
    fn run() {
        main().unwrap();
    }
}

#[test]
fn its_first_example_is_complete_and_runs() {
    assert_eq!(console::blocks(README, "rust,no_run")[0].join("\n"), EXAMPLE.trim_end());

    let folder = TempDir::new().unwrap();
    let mut command = Command::new(env::current_exe().unwrap());
    command.args(["--exact", "example::run", "--ignored", "--nocapture"]);
    programs::without_keys(&mut command).env("FIELD_ENCRYPTION_KEY", KEY).current_dir(&folder);
    let output = command.output().unwrap();
    let stdout = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{stdout}");
    assert!(stdout.contains("123-45-6789"), "{stdout}");

    let file = fs::read(folder.path().join("staff.db")).unwrap();
    let holds = |wanted: &[u8]| file.windows(wanted.len()).any(|window| window == wanted);
    assert!(holds(b"ed1:f26f38f7:") && !holds(b"123-45-6789"));
}

/// The quickstart has been built, and is started where the test wants it, not in the checkout.
const CARGO: &str = r#"cargo() { test "$*" = "run -q" && quickstart; }"#;

#[test]
fn its_commands_print_what_it_says() {
    let folder = TempDir::new().unwrap();
    let example = folder.path().join("examples/quickstart");
    fs::create_dir_all(&example).unwrap();
    fs::write(example.join("encrypted-diesel.toml"), DECLARATION).unwrap();

    console::run(README, folder.path(), CARGO);
}

/// The README shows one column. The migrations also make the table `accounts`, for `examples/search`.
#[test]
fn its_commands_also_work_on_all_columns() {
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
accounts.email: marked as encrypted in the database, but not declared, so not counted: declare it, or name the columns to count
accounts.phone: marked as encrypted in the database, but not declared, so not counted: declare it, or name the columns to count
accounts.customer_number: marked as encrypted in the database, but not declared, so not counted: declare it, or name the columns to count
the check did not pass
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
