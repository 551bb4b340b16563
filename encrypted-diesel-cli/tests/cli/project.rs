//! A table of people with an encrypted column, and the tool in a folder where it is declared.

use std::fs;
use std::process::{Child, Command, Output, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use diesel::prelude::*;
use encrypted_diesel::{EncryptedText, Key, Keyring};
use secrecy::ExposeSecret;

use crate::TOOL;
use crate::database::{Backend, Database};

diesel::table! {
    use diesel::sql_types::*;
    use encrypted_diesel::sql_types::*;

    people (id) {
        id -> Integer,
        text -> EncryptedText,
    }
}

const DECLARATION: &str = r#"
[tables.people]
primary-key = "id"
columns.text = { sql-type = "EncryptedText" }
indexes.text_index = { of = "text", context = "people.text" }
"#;

/// A limit for steps that take no time unless they hang.
pub(crate) const SOON: Duration = Duration::from_secs(30);

pub(crate) struct Project(pub(crate) Database);

pub(crate) fn text(id: u32) -> String {
    format!("text {id}")
}

pub(crate) fn key(n: u8) -> Key {
    Key::from([n; 32])
}

/// A keyring of the keys with these numbers. The first is the primary key.
pub(crate) fn keyring(keys: &[u8]) -> Keyring {
    let retired = keys[1..].iter().map(|n| key(*n));
    retired.fold(Keyring::new(key(keys[0])), |keyring, key| keyring.with_retired(key).unwrap())
}

impl Project {
    /// Makes this many rows of plaintext, numbered from 1.
    pub(crate) fn new(backend: Backend, rows: u32) -> Self {
        Self::of(Database::new(backend), rows)
    }

    pub(crate) fn of(database: Database, rows: u32) -> Self {
        if database.backend == Backend::Sqlite {
            database.execute("PRAGMA journal_mode = WAL");
        }
        database.execute(
            "CREATE TABLE people (id INTEGER NOT NULL PRIMARY KEY, text TEXT NOT NULL, text_index {bytes})",
        );
        let ids: Vec<_> = (1..=rows).collect();
        let mut connection = database.connect();
        for ids in ids.chunks(1_000) {
            let values: Vec<_> = ids.iter().map(|id| format!("({id}, '{}')", text(*id))).collect();
            connection.execute(&format!("INSERT INTO people (id, text) VALUES {}", values.join(", ")));
        }
        let project = Self(database);
        project.declare(DECLARATION);
        project
    }

    pub(crate) fn declare(&self, text: &str) {
        fs::write(self.0.folder().join("encrypted-diesel.toml"), text).unwrap();
    }

    /// A command line, with the keys of these numbers.
    pub(crate) fn command(&self, words: &str, keys: &[u8]) -> Command {
        let hex = |n: &u8| key(*n).to_hex().expose_secret().to_owned();
        let mut command = Command::new(TOOL);
        command
            .args(words.split_whitespace())
            .current_dir(self.0.folder())
            .env("DATABASE_URL", &self.0.url)
            .env("FIELD_ENCRYPTION_KEY", keys.iter().map(hex).collect::<Vec<_>>().join(","))
            .env("FIELD_INDEX_KEY", hex(&100))
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command
    }

    pub(crate) fn spawn(&self, words: &str, keys: &[u8]) -> Child {
        self.command(words, keys).spawn().unwrap()
    }

    /// Runs a command that ends with this status, and returns its output.
    pub(crate) fn run(&self, words: &str, keys: &[u8], status: i32) -> String {
        let output = self.command(words, keys).output().unwrap();
        assert_eq!(output.status.code(), Some(status), "{words}: {output:?}");
        String::from_utf8(output.stdout).unwrap()
    }

    /// How many values are encrypted.
    pub(crate) fn encrypted(&self) -> u64 {
        self.0.count("people WHERE text LIKE 'ed1:%'")
    }

    /// All values in the order of the rows, decrypted unless they are plaintext.
    pub(crate) fn texts(&self, keyring: &Keyring) -> Vec<String> {
        // A server may still be running the last statement of a killed process.
        let (stored, mut opened) = loop {
            let stored = || self.0.shown("SELECT text AS shown FROM people ORDER BY id");
            let (before, opened) = (stored(), keyring.scope(|| self.opened()));
            if stored() == before {
                break (before, opened.into_iter());
            }
        };
        let texts = stored.into_iter().map(Option::unwrap);
        let texts = texts.map(|text| if text.starts_with("ed1:") { opened.next().unwrap() } else { text });
        let texts = texts.collect();
        assert_eq!(opened.next(), None);
        texts
    }

    fn opened(&self) -> Vec<String> {
        let encrypted = people::table
            .filter(diesel::dsl::sql::<diesel::sql_types::Bool>("text LIKE 'ed1:%'"))
            .order(people::id)
            .select(people::text);
        on_connection!(&mut self.0.connect(), connection => encrypted.load(connection)).unwrap()
    }

    pub(crate) fn write(&self, connection: &mut crate::database::AnyConnection, id: i32, text: &str) {
        let update = diesel::update(people::table.find(id)).set(people::text.eq(EncryptedText::from(text)));
        assert_eq!(on_connection!(connection, connection => update.execute(connection)), Ok(1));
    }
}

/// The output of a process that ends within this time.
pub(crate) fn output_within(limit: Duration, mut child: Child) -> Output {
    wait_until(limit, || child.try_wait().unwrap().is_some());
    child.wait_with_output().unwrap()
}

pub(crate) fn wait_until(limit: Duration, mut holds: impl FnMut() -> bool) {
    let end = Instant::now() + limit;
    while !holds() {
        assert!(Instant::now() < end, "not within {limit:?}");
        thread::sleep(Duration::from_millis(10));
    }
}

/// Sends a signal, such as `INT`.
pub(crate) fn signal(child: &Child, name: &str) {
    let sent = Command::new("kill").arg(format!("-{name}")).arg(child.id().to_string()).status();
    assert!(sent.unwrap().success());
}
