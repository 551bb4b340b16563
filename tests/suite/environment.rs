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
fn keys_from_dotenv_in_this_folder_and_no_other() {
    let folder = TempDir::new().unwrap();
    let below = folder.path().join("src");
    fs::create_dir(&below).unwrap();
    let file = folder.path().join(".env");
    fs::write(&file, format!("OTHER=1\nFIELD_ENCRYPTION_KEY={}\n", hex(FIRST))).unwrap();
    assert!(init(folder.path(), &[]).contains(&id(FIRST)));

    let shown = init(&below, &[]);
    assert!(shown.starts_with("FIELD_ENCRYPTION_KEY is not set"), "{shown}");
    let ignored = format!("{} is not read", file.canonicalize().unwrap().display());
    assert!(shown.contains(&ignored) && !shown.contains("installed"), "{shown}");

    let shown = run(&below, &["file", "../.env"], &[]);
    assert!(shown.contains(&id(FIRST)), "{shown}");
    let shown = run(&below, &["file", "gone.env"], &[("FIELD_ENCRYPTION_KEY", &hex(SECOND))]);
    assert!(shown.contains("gone.env): the file cannot be read: entity not found"), "{shown}");
}

/// Whoever can write the file can replace the keys.
#[cfg(unix)]
#[test]
fn a_dotenv_that_everyone_may_write_is_refused_where_it_is_used() {
    use std::os::unix::fs::PermissionsExt;

    let folder = TempDir::new().unwrap();
    let file = folder.path().join(".env");
    fs::write(&file, format!("FIELD_ENCRYPTION_KEY={}\n", hex(FIRST))).unwrap();
    for (mode, refused) in [(0o666, true), (0o602, true), (0o644, false), (0o660, false), (0o600, false)] {
        fs::set_permissions(&file, fs::Permissions::from_mode(mode)).unwrap();
        let shown = init(folder.path(), &[]);
        let message = "FIELD_ENCRYPTION_KEY (.env, line 1): everyone may write this file";
        assert_eq!(shown.starts_with(message), refused, "{mode:o}: {shown}");
        assert_eq!(shown.contains("installed"), !refused, "{mode:o}: {shown}");
        let shown = init(folder.path(), &[("FIELD_ENCRYPTION_KEY", &hex(SECOND))]);
        assert!(shown.contains(&id(SECOND)), "{mode:o}: {shown}");
    }

    fs::remove_file(&file).unwrap();
    let file = folder.path().join("key");
    fs::write(&file, hex(FIRST)).unwrap();
    fs::set_permissions(&file, fs::Permissions::from_mode(0o646)).unwrap();
    let shown = init(folder.path(), &[("FIELD_ENCRYPTION_KEY_FILE", "key")]);
    assert!(shown.contains("/key): everyone may write this file"), "{shown}");
}

/// Only root can give a file away.
#[cfg(unix)]
#[test]
fn a_dotenv_of_another_user_is_refused_where_it_is_used() {
    let folder = TempDir::new().unwrap();
    let file = folder.path().join(".env");
    fs::write(&file, format!("FIELD_ENCRYPTION_KEY={}\n", hex(FIRST))).unwrap();
    if std::os::unix::fs::chown(&file, Some(54_321), None).is_err() {
        return;
    }
    let shown = init(folder.path(), &[]);
    assert!(
        shown.starts_with("FIELD_ENCRYPTION_KEY (.env, line 1): the file belongs to another user (54321)"),
        "{shown}"
    );

    let elsewhere = folder.path().join("ours");
    fs::rename(&file, folder.path().join("theirs")).unwrap();
    fs::write(&elsewhere, format!("FIELD_ENCRYPTION_KEY={}\n", hex(FIRST))).unwrap();
    std::os::unix::fs::symlink("ours", &file).unwrap();
    assert!(init(folder.path(), &[]).contains("installed"));
    std::os::unix::fs::lchown(&file, Some(54_321), None).unwrap();
    assert!(init(folder.path(), &[]).contains("belongs to another user (54321)"), "their link to our file");
}

#[test]
fn the_keys_of_the_environment_are_enough_whatever_dotenv_looks_like() {
    let folder = TempDir::new().unwrap();
    let file = folder.path().join(".env");
    let good = hex(FIRST);
    let broken: [&[u8]; 6] = [
        b"A=b c\n",
        b"A='b\n",
        b"\xFF\xFE\0A",
        b"# caf\xE9\nA=\xE9\n",
        b"FIELD_ENCRYPTION_KEY=x y\n",
        b"FIELD_ENCRYPTION_KEY=1\nFIELD_ENCRYPTION_KEY=2\n",
    ];
    for text in broken {
        fs::write(&file, text).unwrap();
        let shown = init(folder.path(), &[("FIELD_ENCRYPTION_KEY", &good)]);
        assert!(shown.contains("installed"), "{text:?}: {shown}");
    }
    fs::remove_file(&file).unwrap();
    fs::create_dir(&file).unwrap();
    assert!(init(folder.path(), &[("FIELD_ENCRYPTION_KEY", &good)]).contains("installed"));
    let shown = init(folder.path(), &[]);
    assert!(shown.starts_with("FIELD_ENCRYPTION_KEY (.env): the file cannot be read"), "{shown}");
}

/// Each way of writing a key file by hand, and on Windows.
#[test]
fn a_key_file_says_what_is_wrong_with_it() {
    let folder = TempDir::new().unwrap();
    let good = hex(FIRST);
    let two = format!("{good}\n{}\n", hex(SECOND));
    let utf16: Vec<u8> = "\u{feff}ab".encode_utf16().flat_map(u16::to_le_bytes).collect();
    let cases: [(Vec<u8>, &str); 9] = [
        (format!("\u{feff}{good}\r\n").into(), "installed"),
        (format!("{good},\r\n{}\r\n", hex(SECOND)).into(), "installed"),
        (two.clone().into(), "key 1 is followed by another without a comma"),
        (two.replace('\n', "\r\n").into(), "key 1 is followed by another without a comma"),
        (two.replace('\n', " ; ").into(), "key 1 is followed by another without a comma"),
        (format!("FIELD_ENCRYPTION_KEY={good}\n").into(), "key 1 stands after `NAME=`"),
        (format!("export FIELD_ENCRYPTION_KEY='{good}'\n").into(), "key 1 stands after `NAME=`"),
        (format!("\"{good}\"\n").into(), "key 1 is in quotes"),
        (utf16, "the file is UTF-16: save it as UTF-8"),
    ];
    for (text, expected) in cases {
        fs::write(folder.path().join("key"), &text).unwrap();
        let shown = init(folder.path(), &[("FIELD_ENCRYPTION_KEY_FILE", "key")]);
        assert!(shown.contains(expected), "{expected}: {shown}");
        if expected != "installed" {
            let place = folder.path().join("key");
            assert!(
                shown.starts_with(&format!("FIELD_ENCRYPTION_KEY_FILE ({}): ", place.display())),
                "{shown}"
            );
        }
    }
    fs::write(folder.path().join(".env"), "FIELD_ENCRYPTION_KEY_FILE=gone\n").unwrap();
    let shown = init(folder.path(), &[]);
    assert!(shown.contains("/gone, named in .env, line 1): the file cannot be read"), "{shown}");
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
            "FIELD_ENCRYPTION_KEY: this variable is set in two forms (itself, `_FILE`, `_COMMAND`)",
        ),
        (&[("FIELD_ENCRYPTION_KEY_FILE", missing_file.to_str().unwrap())], "FIELD_ENCRYPTION_KEY_FILE (/"),
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
    assert!(shown.starts_with("FIELD_ENCRYPTION_KEY (.env, line 1): the line cannot be parsed"), "{shown}");
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
