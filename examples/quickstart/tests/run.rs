//! Runs the quickstart as a newcomer does: in an empty folder, then again.
#![allow(clippy::unwrap_used)]

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use tempfile::TempDir;

const KEY: &str = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";

/// Everything that a run encrypts at some point, or tries to.
const PLAINTEXTS: [&[u8]; 13] = [
    b"Ada Winter",
    b"Bruno Okafor",
    "Chloë Marsh".as_bytes(),
    b"Dana Ruiz",
    b"987-65-43",
    b"1985-12-10",
    b"1972-03-01",
    b"allergic to latex",
    b"and penicillin",
    b"call in the morning",
    b"no allergies",
    b"\x89PNG",
    b"atrial fibrillation",
];

fn quickstart(folder: &TempDir) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_quickstart"));
    command.current_dir(folder);
    for variable in ["FIELD_ENCRYPTION_KEY", "FIELD_INDEX_KEY"] {
        command.env_remove(variable).env_remove(format!("{variable}_FILE"));
    }
    command
}

/// Runs it to the end, and returns what it printed.
fn success(command: &mut Command) -> String {
    let Output { status, stdout, stderr } = command.output().unwrap();
    let stderr = String::from_utf8(stderr).unwrap();
    assert!(status.success(), "{stderr}");
    assert_eq!(stderr, "");
    String::from_utf8(stdout).unwrap()
}

fn failure(command: &mut Command) -> String {
    let Output { status, stderr, .. } = command.output().unwrap();
    assert_eq!(status.code(), Some(1));
    String::from_utf8(stderr).unwrap()
}

fn read_env(folder: &TempDir) -> String {
    fs::read_to_string(folder.path().join(".env")).unwrap()
}

/// The digits after `FIELD_ENCRYPTION_KEY=`, which must be there once.
fn only_key(env: &str) -> &str {
    let mut keys = env.lines().filter_map(|line| line.strip_prefix("FIELD_ENCRYPTION_KEY="));
    let key = keys.next().unwrap();
    assert_eq!(keys.next(), None);
    key
}

/// The line of the comparison for one column of a patient.
fn row<'a>(stdout: &'a str, patient: &str, column: &str) -> &'a str {
    let mut rows = stdout.lines().map(str::trim_start);
    rows.find(|row| row.strip_prefix("name").is_some_and(|name| name.trim_start().starts_with(patient)));
    rows.find_map(|row| row.strip_prefix(column)).unwrap().trim_start()
}

fn contains(bytes: &[u8], wanted: &[u8]) -> bool {
    bytes.windows(wanted.len()).any(|window| window == wanted)
}

fn assert_no_plaintext(database: &Path) {
    let bytes = fs::read(database).unwrap();
    for plaintext in PLAINTEXTS {
        assert!(!contains(&bytes, plaintext), "found {}", plaintext.escape_ascii());
    }
    // A plain column is found, so the search works.
    assert!(contains(&bytes, b"cardiology"));
}

#[cfg(unix)]
fn assert_private(folder: &TempDir) {
    use std::os::unix::fs::PermissionsExt;
    let mode = fs::metadata(folder.path().join(".env")).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
}

#[cfg(not(unix))]
fn assert_private(_: &TempDir) {}

#[test]
fn runs_twice_from_an_empty_folder() {
    let folder = TempDir::new().unwrap();

    let first = success(&mut quickstart(&folder));
    let env = read_env(&folder);
    let key = only_key(&env);
    assert_eq!(key.len(), 64);
    assert_private(&folder);
    assert!(first.contains("made, and kept in .env with mode 0600"));
    assert!(first.contains("Migrations run on clinic.db: 2"));
    assert!(first.contains("Patients of an earlier run deleted: 0"));
    assert_no_plaintext(&folder.path().join("clinic.db"));

    let second = success(&mut quickstart(&folder));
    assert_eq!(read_env(&folder), env);
    assert!(second.contains("found in the environment or in .env"));
    assert!(second.contains("Migrations run on clinic.db: 0"));
    assert!(second.contains("Patients of an earlier run deleted: 4"));
    assert_no_plaintext(&folder.path().join("clinic.db"));

    for stdout in [&first, &second] {
        assert!(!stdout.to_lowercase().contains(key));
        assert!(stdout.lines().all(|line| line.chars().count() <= 100), "{stdout}");
    }
}

#[test]
fn shows_plaintext_beside_ciphertext_and_what_is_refused() {
    let folder = TempDir::new().unwrap();
    let stdout = success(quickstart(&folder).env("FIELD_ENCRYPTION_KEY", KEY));

    for (patient, column, seen, held) in [
        ("Ada Winter", "ssn", "987-65-4320", "ed1:f26f38f7:"),
        ("Ada Winter", "born", "1985-12-10", "ed1:f26f38f7:"),
        ("Ada Winter", "notes", "allergic to latex and penicillin", "ed1:f26f38f7:"),
        ("Ada Winter", "photo", "None", "NULL"),
        ("Bruno Okafor", "notes", "None", "NULL"),
        ("Dana Ruiz", "notes", "None", "NULL"),
        ("Dana Ruiz", "photo", r"�PNG\r\n", "ed656401f26f38f7"),
    ] {
        let row = row(&stdout, patient, column);
        assert!(row.starts_with(seen) && row.contains(held), "{patient}, {column}: {row}");
    }
    // Messages are on several lines.
    let words = stdout.split_whitespace().collect::<Vec<_>>().join(" ");
    for expected in [
        "EncryptedVarchar([REDACTED])",
        "None of these values occurs in the bytes of the file.",
        "a name of 121 characters the text has 121 characters, and at most 120 are allowed",
        "a wrong key the value was encrypted under the key f26f38f7, which is not in this keyring",
        "an altered value decryption failed",
        "a value moved from another column decryption failed",
        "plaintext the column holds a value that is not encrypted",
        "Ada Winter can still be read",
    ] {
        assert!(words.contains(expected), "no {expected:?} in\n{stdout}");
    }
}

#[test]
fn takes_the_key_from_the_environment() {
    let folder = TempDir::new().unwrap();
    let stdout = success(quickstart(&folder).env("FIELD_ENCRYPTION_KEY", KEY));

    assert!(!folder.path().join(".env").exists());
    assert!(!stdout.contains(KEY));
}

#[test]
fn keeps_the_other_lines_of_an_env_file() {
    let folder = TempDir::new().unwrap();
    let lines = "# of another program\nDATABASE_URL=clinic.db";
    fs::write(folder.path().join(".env"), lines).unwrap();
    success(&mut quickstart(&folder));

    let env = read_env(&folder);
    assert_eq!(env, format!("{lines}\nFIELD_ENCRYPTION_KEY={}\n", only_key(&env)));
    assert_private(&folder);
}

#[test]
fn keeps_the_key_of_an_env_file() {
    let folder = TempDir::new().unwrap();
    let line = format!("FIELD_ENCRYPTION_KEY={KEY}");
    fs::write(folder.path().join(".env"), &line).unwrap();
    success(&mut quickstart(&folder));

    assert_eq!(read_env(&folder), line);
}

#[test]
fn does_not_replace_a_malformed_key() {
    let folder = TempDir::new().unwrap();
    let line = format!("FIELD_ENCRYPTION_KEY={}", &KEY[1..]);
    fs::write(folder.path().join(".env"), &line).unwrap();
    let stderr = failure(&mut quickstart(&folder));

    assert!(stderr.contains("FIELD_ENCRYPTION_KEY"), "{stderr}");
    assert!(!stderr.contains(&KEY[1..]));
    assert_eq!(read_env(&folder), line);
    assert!(!folder.path().join("clinic.db").exists());
}

#[test]
fn writes_where_the_argument_says() {
    let folder = TempDir::new().unwrap();
    success(quickstart(&folder).arg("named.db"));

    assert_no_plaintext(&folder.path().join("named.db"));
    assert!(!folder.path().join("clinic.db").exists());
}

#[test]
fn leaves_a_file_that_is_not_a_database_alone() {
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("letter.txt");
    fs::write(&file, "Dear Ada, this is not a database, however long one looks at it.").unwrap();
    let stderr = failure(quickstart(&folder).arg("letter.txt"));

    assert!(stderr.contains("not a database"), "{stderr}");
    assert!(fs::read_to_string(&file).unwrap().starts_with("Dear Ada"));
}

#[test]
fn refuses_other_arguments() {
    let folder = TempDir::new().unwrap();
    for arguments in [&["--help"][..], &["a.db", "b.db"]] {
        assert_eq!(failure(quickstart(&folder).args(arguments)), "Error: \"usage: quickstart [DATABASE]\"\n");
    }
    assert_eq!(fs::read_dir(&folder).unwrap().count(), 0);
}
