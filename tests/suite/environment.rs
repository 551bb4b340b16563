//! `init()` in its own process, with the environment and files of a deployment.

use std::fs;
use std::path::Path;
use std::process::Command;

use encrypted_diesel::Key;
use secrecy::ExposeSecret;
use tempfile::TempDir;

const FIRST: [u8; 32] = [1; 32];
const SECOND: [u8; 32] = [2; 32];

fn hex(key: [u8; 32]) -> String {
    Key::from(key).to_hex().expose_secret().to_owned()
}

fn id(key: [u8; 32]) -> String {
    Key::from(key).id().to_string()
}

/// The output of the program, run in a folder with these variables and none of our others.
fn init(folder: &Path, variables: &[(&str, &str)]) -> String {
    run(folder, &[], variables)
}

fn run(folder: &Path, arguments: &[&str], variables: &[(&str, &str)]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_init"))
        .args(arguments)
        .current_dir(folder)
        .env_remove("FIELD_ENCRYPTION_KEY")
        .env_remove("FIELD_ENCRYPTION_KEY_FILE")
        .env_remove("FIELD_INDEX_KEY")
        .env_remove("FIELD_INDEX_KEY_FILE")
        .envs(variables.iter().copied())
        .output()
        .unwrap();
    assert!(output.status.success(), "{output:?}");
    let shown = String::from_utf8(output.stdout).unwrap() + &String::from_utf8(output.stderr).unwrap();
    for key in [FIRST, SECOND] {
        assert!(!shown.to_lowercase().contains(&hex(key)[..8]), "shows a key: {shown}");
    }
    shown
}

#[test]
fn keys_from_the_environment() {
    let folder = TempDir::new().unwrap();
    let list = format!("{},{}", hex(FIRST), hex(SECOND));
    let shown = init(folder.path(), &[("FIELD_ENCRYPTION_KEY", &list)]);
    assert!(shown.contains(&format!("keys: [KeyId({}), KeyId({})]", id(FIRST), id(SECOND))), "{shown}");
    assert!(shown.ends_with("installed\ninstalled\n"), "{shown}");
}

#[test]
fn keys_from_files() {
    let folder = TempDir::new().unwrap();
    let (key, index) = (folder.path().join("key"), folder.path().join("index"));
    fs::write(&key, format!("{}\n", hex(FIRST))).unwrap();
    fs::write(&index, format!("{}\n", hex(SECOND))).unwrap();
    let shown = init(
        folder.path(),
        &[
            ("FIELD_ENCRYPTION_KEY_FILE", key.to_str().unwrap()),
            ("FIELD_INDEX_KEY_FILE", index.to_str().unwrap()),
        ],
    );
    assert!(
        shown.contains(&format!("keys: [KeyId({})], index_keys: [KeyId({})]", id(FIRST), id(SECOND))),
        "{shown}"
    );
}

#[test]
fn keys_from_dotenv_in_this_folder_or_above() {
    let folder = TempDir::new().unwrap();
    let below = folder.path().join("src");
    fs::create_dir(&below).unwrap();
    fs::write(folder.path().join(".env"), format!("OTHER=1\nFIELD_ENCRYPTION_KEY={}\n", hex(FIRST))).unwrap();
    for folder in [folder.path(), &below] {
        assert!(init(folder, &[]).contains(&id(FIRST)));
    }
}

#[test]
fn the_environment_comes_before_dotenv() {
    let folder = TempDir::new().unwrap();
    fs::write(folder.path().join(".env"), format!("FIELD_ENCRYPTION_KEY={}\n", hex(FIRST))).unwrap();
    let shown = init(folder.path(), &[("FIELD_ENCRYPTION_KEY", &hex(SECOND))]);
    assert!(shown.contains(&id(SECOND)) && !shown.contains(&id(FIRST)), "{shown}");
}

#[test]
fn every_mistake_names_the_variable_and_installs_nothing() {
    let folder = TempDir::new().unwrap();
    let (short, long) = (&hex(FIRST)[..62], hex(FIRST) + "0");
    let wrong_digit = format!("{}g", &hex(FIRST)[..63]);
    let twice = format!("{0},{0}", hex(FIRST));
    let good = hex(FIRST);
    let missing_file = folder.path().join("none");
    let cases: [(&[(&str, &str)], &str); 10] = [
        (&[], "FIELD_ENCRYPTION_KEY is not set: set it to 64 hex digits"),
        (&[("FIELD_ENCRYPTION_KEY", "")], "FIELD_ENCRYPTION_KEY: the list is empty"),
        (&[("FIELD_ENCRYPTION_KEY", short)], "FIELD_ENCRYPTION_KEY: key 1 has 62 characters"),
        (&[("FIELD_ENCRYPTION_KEY", &long)], "FIELD_ENCRYPTION_KEY: key 1 has 65 characters"),
        (
            &[("FIELD_ENCRYPTION_KEY", &wrong_digit)],
            "FIELD_ENCRYPTION_KEY: key 1 contains a character that is not a hex digit",
        ),
        (&[("FIELD_ENCRYPTION_KEY", &twice)], "FIELD_ENCRYPTION_KEY: the list contains the key"),
        (
            &[("FIELD_ENCRYPTION_KEY", &good), ("FIELD_ENCRYPTION_KEY_FILE", "key")],
            "FIELD_ENCRYPTION_KEY: both this variable and its `_FILE` form are set",
        ),
        (
            &[("FIELD_ENCRYPTION_KEY_FILE", missing_file.to_str().unwrap())],
            "FIELD_ENCRYPTION_KEY_FILE: the file",
        ),
        (
            &[("FIELD_ENCRYPTION_KEY", &good), ("FIELD_INDEX_KEY", short)],
            "FIELD_INDEX_KEY: key 1 has 62 characters",
        ),
        (&[("FIELD_ENCRYPTION_KEY", &good), ("FIELD_INDEX_KEY", &good)], "FIELD_INDEX_KEY: the key"),
    ];
    for (variables, expected) in cases {
        let shown = init(folder.path(), variables);
        assert!(shown.starts_with(expected), "expected {expected:?}: {shown}");
        assert!(!shown.contains("installed"), "{shown}");
    }
}

#[test]
fn a_dotenv_that_cannot_be_parsed_is_not_quoted() {
    let folder = TempDir::new().unwrap();
    fs::write(folder.path().join(".env"), format!("FIELD_ENCRYPTION_KEY = '{}\n", hex(FIRST))).unwrap();
    let shown = init(folder.path(), &[]);
    assert!(shown.starts_with(".env: a line of the file cannot be parsed"), "{shown}");
}

#[test]
fn an_application_with_blind_indexes_does_not_start_without_their_key() {
    let folder = TempDir::new().unwrap();
    let (encryption, index) = (hex(FIRST), hex(SECOND));
    let encryption = ("FIELD_ENCRYPTION_KEY", &*encryption);

    let shown = run(folder.path(), &["index"], &[encryption]);
    assert!(shown.contains("set FIELD_INDEX_KEY"), "{shown}");
    assert!(!shown.contains("installed"), "{shown}");
    assert!(init(folder.path(), &[encryption]).contains("installed"), "others do");

    let shown = run(folder.path(), &["index"], &[encryption, ("FIELD_INDEX_KEY", &index)]);
    assert_eq!(shown, "installed\n");
    let shown = run(folder.path(), &["index"], &[("FIELD_INDEX_KEY", &index)]);
    assert!(shown.contains("FIELD_ENCRYPTION_KEY is not set"), "{shown}");
}
