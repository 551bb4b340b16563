//! `.env`, as the tool reads it: the environment first, this folder's file only, and every mistake named.

use std::fs::{self, File};
use std::process::Command;

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use tempfile::TempDir;

use crate::TOOL;

const DECLARATION: &str =
    "[tables.people]\nprimary-key = \"id\"\ncolumns.text = { sql-type = \"EncryptedText\" }\n";

/// A folder with a declaration, and the SQLite databases `db` and `db$x`.
struct Folder(TempDir);

fn digits(byte: u8) -> String {
    format!("{byte:02x}").repeat(32)
}

impl Folder {
    fn new() -> Self {
        let folder = TempDir::new().unwrap();
        fs::write(folder.path().join("encrypted-diesel.toml"), DECLARATION).unwrap();
        for name in ["db", "db$x"] {
            let path = folder.path().join(name);
            drop(File::create(&path).unwrap());
            let mut connection = SqliteConnection::establish(path.to_str().unwrap()).unwrap();
            let table = "CREATE TABLE people (id INTEGER PRIMARY KEY, text TEXT NOT NULL);
                INSERT INTO people VALUES (1, 'plain')";
            connection.batch_execute(table).unwrap();
        }
        Self(folder)
    }

    fn write(&self, name: &str, text: impl AsRef<[u8]>) {
        fs::write(self.0.path().join(name), text).unwrap();
    }

    fn tool(&self, words: &str) -> Command {
        let mut command = Command::new(TOOL);
        command.args(words.split_whitespace()).current_dir(&self.0);
        for variable in [
            "DATABASE_URL",
            "FIELD_ENCRYPTION_KEY",
            "FIELD_ENCRYPTION_KEY_FILE",
            "FIELD_INDEX_KEY",
            "FIELD_INDEX_KEY_FILE",
        ] {
            command.env_remove(variable);
        }
        command
    }

    /// Runs a command with a `.env`, and returns its exit status and all that it prints.
    fn run(&self, dotenv: impl AsRef<[u8]>, words: &str) -> (i32, String) {
        self.write(".env", dotenv);
        run(&mut self.tool(words))
    }

    /// The first three characters of the value in a database.
    fn value(&self, name: &str) -> String {
        let path = self.0.path().join(name);
        let mut connection = SqliteConnection::establish(path.to_str().unwrap()).unwrap();
        let value = diesel::dsl::sql::<diesel::sql_types::Text>("SELECT substr(text, 1, 3) FROM people");
        value.get_result(&mut connection).unwrap()
    }
}

fn run(command: &mut Command) -> (i32, String) {
    let output = command.output().unwrap();
    let shown = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
    assert!(!shown.contains(&digits(0xab)[..16]), "{shown}");
    (output.status.code().unwrap(), shown)
}

#[test]
fn a_key_that_is_set_twice_is_refused() {
    let folder = Folder::new();
    let twice = format!("FIELD_ENCRYPTION_KEY={}\nFIELD_ENCRYPTION_KEY={}\n", digits(0xab), digits(0xcd));
    let (status, shown) = folder.run(twice, "encrypt --database-url db");
    let message = "error: FIELD_ENCRYPTION_KEY (.env, line 2): it is set twice, first in line 1: \
         keep one of the two, with all keys in one list, separated by commas\n";
    assert_eq!((status, &*shown), (1, message));
    assert_eq!(folder.value("db"), "pla");
}

#[test]
fn a_url_that_is_set_twice_is_refused() {
    let folder = Folder::new();
    let key = format!("FIELD_ENCRYPTION_KEY={}\n", digits(0xab));
    let (status, shown) = folder.run(format!("{key}DATABASE_URL=db\nDATABASE_URL=db\n"), "status");
    assert_eq!(status, 1);
    assert!(
        shown.starts_with("error: DATABASE_URL (.env, line 3): it is set twice, first in line 2"),
        "{shown}"
    );
    // What the command line gives is not looked up.
    let (status, shown) =
        folder.run(format!("{key}DATABASE_URL=db\nDATABASE_URL=db\n"), "status --database-url db");
    assert_eq!(status, 0, "{shown}");
}

#[test]
fn a_dollar_sign_does_not_change_the_url_unnoticed() {
    let folder = Folder::new();
    let key = format!("FIELD_ENCRYPTION_KEY={}\n", digits(0xab));
    for url in ["db$x", "\"db$x\"", "db${x}", "db$HOME"] {
        for words in ["encrypt", "status", "draft", "schema-patch"] {
            let (status, shown) = folder.run(format!("{key}DATABASE_URL={url}\n"), words);
            assert_eq!(status, 1, "{url}: {shown}");
            assert!(shown.starts_with("error: DATABASE_URL (.env, line 2): `$` begins"), "{url}: {shown}");
            assert!(shown.contains("put the value in single quotes, or write `\\$`"), "{url}: {shown}");
        }
    }
    for (url, other) in [("'db$x'", "db"), ("db", "db$x")] {
        let folder = Folder::new();
        let (status, shown) = folder.run(format!("{key}DATABASE_URL={url}\n"), "encrypt");
        assert_eq!(status, 0, "{shown}");
        assert_eq!(folder.value(other), "pla");
        assert_eq!(folder.value(url.trim_matches('\'')), "ed1");
    }
    let (status, shown) = folder.run(format!("{key}DATABASE_URL=db\\$x\n"), "encrypt");
    assert_eq!((status, folder.value("db$x")), (0, "ed1".to_owned()), "{shown}");
}

#[test]
fn only_the_file_of_this_folder_is_read() {
    let folder = Folder::new();
    let below = folder.0.path().join("below");
    fs::create_dir(&below).unwrap();
    folder.write("key", digits(0xab));
    folder.write(".env", "DATABASE_URL=db\nFIELD_ENCRYPTION_KEY_FILE=key\n");
    assert_eq!(run(&mut folder.tool("status")).0, 0);

    let path = folder.0.path().canonicalize().unwrap().join(".env");
    let not_read = format!("; {} is not read: run this command in its folder\n", path.display());
    for words in ["encrypt --database-url ../db", "encrypt", "status"] {
        let (status, shown) = run(folder.tool(words).current_dir(&below));
        assert!(status == 1 && shown.ends_with(&not_read), "{words}: {shown}");
    }
    assert_eq!(folder.value("db"), "pla");
}

#[test]
fn the_environment_is_enough_whatever_dotenv_holds() {
    let folder = Folder::new();
    for text in ["A=b c\n", "A='b\n", "FIELD_ENCRYPTION_KEY=a b\n", "DATABASE_URL=$x\nDATABASE_URL=\n"] {
        folder.write(".env", text);
        let mut command = folder.tool("encrypt --dry-run");
        let (status, shown) =
            run(command.env("DATABASE_URL", "db").env("FIELD_ENCRYPTION_KEY", digits(0xab)));
        assert_eq!(status, 0, "{text}: {shown}");
    }
}

#[test]
fn files_of_windows_and_of_hands_work_or_say_what_is_wrong() {
    let folder = Folder::new();
    let key = digits(0xab);
    let words = "encrypt --dry-run --database-url db";
    let (status, shown) = folder.run(format!("\u{feff}FIELD_ENCRYPTION_KEY={key}\r\n"), words);
    assert_eq!(status, 0, "{shown}");

    let named = "FIELD_ENCRYPTION_KEY_FILE=k\n";
    for (text, expected) in [
        (format!("\u{feff}{key}\r\n"), "1 would be encrypted"),
        (format!("{key}\n{key}\n"), "key 1 is followed by another without a comma"),
        (format!("FIELD_ENCRYPTION_KEY={key}\n"), "key 1 stands after `NAME=`: write the key alone"),
    ] {
        folder.write("k", text);
        let (_, shown) = folder.run(named, words);
        assert!(shown.contains(expected), "{shown}");
    }
    fs::remove_file(folder.0.path().join("k")).unwrap();
    let (status, shown) = folder.run(named, words);
    let tried = folder.0.path().join("k");
    let message = format!(
        "error: FIELD_ENCRYPTION_KEY_FILE ({}, named in .env, line 1): the file cannot be read: entity not found\n",
        tried.canonicalize().unwrap_or(tried).display()
    );
    assert_eq!((status, shown), (1, message));
    // Somebody may have put the key itself in its place.
    let (status, shown) = folder.run(format!("FIELD_ENCRYPTION_KEY_FILE={key}\n"), words);
    assert!(status == 1 && shown.contains("looks like a key"), "{shown}");
}

/// A key of one repeated byte is for tests, and works.
#[test]
fn a_placeholder_is_refused() {
    let folder = Folder::new();
    for key in ["0".repeat(64), "f".repeat(64), "0123456789abcdef".repeat(4)] {
        for (words, status) in [("encrypt --database-url db", 1), ("keygen --env-file .env", 1)] {
            let (code, shown) = folder.run(format!("FIELD_ENCRYPTION_KEY={key}\n"), words);
            assert_eq!(code, status, "{shown}");
            assert!(shown.contains("key 1 is a placeholder: make a random one"), "{shown}");
        }
    }
    assert_eq!(folder.value("db"), "pla");
    let (status, shown) =
        folder.run(format!("FIELD_ENCRYPTION_KEY={}\n", digits(0xcd)), "encrypt --database-url db");
    assert_eq!((status, folder.value("db")), (0, "ed1".to_owned()), "{shown}");
}

#[test]
fn a_child_process_does_not_get_the_keys() {
    use std::os::unix::fs::PermissionsExt;

    let folder = Folder::new();
    folder.write("diesel.toml", "[print_schema]\nfile = \"schema.rs\"\npatch_file = \"schema.patch\"\n");
    folder.write("child", "#!/bin/sh\nenv > \"${0%/*}/seen\"\nexit 1\n");
    fs::set_permissions(folder.0.path().join("child"), fs::Permissions::from_mode(0o755)).unwrap();
    let mut command = folder.tool("schema-patch --diesel ./child --database-url db");
    for name in ["FIELD_ENCRYPTION_KEY", "FIELD_INDEX_KEY"] {
        for suffix in ["", "_FILE", "_COMMAND"] {
            command.env(format!("{name}{suffix}"), digits(0xab));
        }
    }
    assert_eq!(run(command.env("OTHER_VARIABLE", "stays")).0, 1);
    let seen = fs::read_to_string(folder.0.path().join("seen")).unwrap();
    // It runs in another folder, so the path is whole.
    let url = format!("DATABASE_URL={}\n", folder.0.path().join("db").display());
    assert!(seen.contains("OTHER_VARIABLE=stays") && seen.contains(&url), "{seen}");
    assert!(!seen.contains("FIELD_") && !seen.contains(&digits(0xab)), "{seen}");
}
