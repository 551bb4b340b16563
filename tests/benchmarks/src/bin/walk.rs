//! `encrypted-diesel rotate` compared with a plain `UPDATE` of the same column and rows, and with its unavoidable
//! parts: a statement that takes the new values from elsewhere, and the calls of the cipher.
//!
//! `walk TOOL [ROWS] [ROUNDS]`. On SQLite, and on PostgreSQL if `TEST_POSTGRES_URL` is set.

use std::fs;
use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use encrypted_diesel::{EncryptedText, ExposeSecret, Key, Keyring};
use encrypted_diesel_benchmarks::{Bare, compare, server, time};

diesel::table! {
    use diesel::sql_types::*;
    use encrypted_diesel::sql_types::*;
    samples (id) { id -> Integer, text -> EncryptedText }
}

const DECLARATION: &str =
    "[tables.samples]\nprimary-key = 'id'\n\n[tables.samples.columns.text]\nsql-type = 'EncryptedText'\n";
/// As many rows, and as long values, as the walk writes.
const PLAIN: &str = "UPDATE samples SET text = substr(text, 1, 20) || substr(text, 21)";
/// With values that are in the database already.
const FROM: &str = "UPDATE samples SET text = changes.text FROM changes WHERE changes.id = samples.id";
const CHANGES: &str = "DROP TABLE IF EXISTS changes;
    CREATE TABLE changes (id INTEGER PRIMARY KEY, text TEXT NOT NULL);
    INSERT INTO changes SELECT id, text FROM samples";

fn main() {
    let mut arguments = std::env::args().skip(1);
    let tool =
        PathBuf::from(arguments.next().expect("the path of the tool")).canonicalize().expect("the tool");
    let mut number = |default| arguments.next().map_or(default, |text| text.parse().expect("a number"));
    let (rows, rounds) = (number(1_000_000), number(5));

    let folder = std::env::temp_dir().join(format!("encrypted-diesel-{}", std::process::id()));
    fs::create_dir(&folder).expect("a folder");
    fs::write(folder.join("encrypted-diesel.toml"), DECLARATION).expect("a declaration");
    let bench = Bench { tool, folder, rows, rounds };

    let file = bench.folder.join("samples.db").to_str().expect("a name in UTF-8").to_owned();
    let mut connection = SqliteConnection::establish(&file).expect("SQLite");
    let between = "PRAGMA wal_checkpoint(TRUNCATE)";
    connection.batch_execute("PRAGMA journal_mode = WAL; PRAGMA busy_timeout = 10000").expect("WAL");
    connection
        .batch_execute("CREATE TABLE samples (id INTEGER PRIMARY KEY, text TEXT NOT NULL)")
        .expect("a table");
    bench.run("SQLite, a file in WAL mode", &file, &mut connection, between, |connection, chunk| {
        diesel::insert_into(samples::table).values(chunk).execute(connection).expect("rows");
    });

    if let Some(url) = server("TEST_POSTGRES_URL") {
        let mut connection = PgConnection::establish(&url).expect("PostgreSQL");
        connection.batch_execute("DROP TABLE IF EXISTS samples, changes").expect("no table");
        connection
            .batch_execute("CREATE TABLE samples (id SERIAL PRIMARY KEY, text TEXT NOT NULL)")
            .expect("a table");
        bench.run("PostgreSQL", &url, &mut connection, "VACUUM FULL samples", |connection, chunk| {
            diesel::insert_into(samples::table).values(chunk).execute(connection).expect("rows");
        });
        connection.batch_execute("DROP TABLE samples, changes").expect("nothing is left");
    }
    fs::remove_dir_all(&bench.folder).expect("no folder");
}

struct Bench {
    tool: PathBuf,
    folder: PathBuf,
    rows: usize,
    rounds: usize,
}

type Row = (diesel::dsl::Eq<samples::id, i32>, diesel::dsl::Eq<samples::text, EncryptedText>);

impl Bench {
    fn run<C: Connection + SimpleConnection>(
        &self,
        title: &str,
        url: &str,
        connection: &mut C,
        between: &str,
        insert: impl Fn(&mut C, Vec<Row>),
    ) {
        let mut keys = vec![new_key()];
        Keyring::parse(&keys[0]).expect("a key").scope(|| {
            let chunks = (0..self.rows).step_by(1_000);
            connection
                .transaction(|connection| {
                    for first in chunks {
                        let rows = first..self.rows.min(first + 1_000);
                        let rows = rows.map(|row| {
                            let text = EncryptedText::from(format!("ada.augusta.{row:07}@example.com"));
                            (samples::id.eq(row as i32), samples::text.eq(text))
                        });
                        insert(connection, rows.collect());
                    }
                    QueryResult::Ok(())
                })
                .expect("rows");
        });

        let connection = std::cell::RefCell::new(connection);
        let keys = std::cell::RefCell::new(&mut keys);
        let update = |prepare: Option<&'static str>, statement: &'static str| {
            let connection = &connection;
            Box::new(move || -> Duration {
                let mut connection = connection.borrow_mut();
                prepare.into_iter().for_each(|new| connection.batch_execute(new).expect("the new values"));
                connection.batch_execute(between).expect("a clean table");
                time(|| connection.batch_execute(statement).expect("an update"))
            })
        };
        let rotate = |options: &'static [&'static str]| {
            let (connection, keys) = (&connection, &keys);
            Box::new(move || {
                connection.borrow_mut().batch_execute(between).expect("a clean table");
                let mut keys = keys.borrow_mut();
                keys.insert(0, new_key());
                keys.truncate(2);
                time(|| rotate(&self.tool, &self.folder, url, &keys.join(","), options))
            })
        };
        compare(
            &format!("{title}: {} rows", self.rows),
            self.rows,
            self.rounds,
            &mut [
                ("UPDATE", update(None, PLAIN)),
                ("UPDATE, from a table", update(Some(CHANGES), FROM)),
                ("the cipher alone", Box::new(|| cipher(self.rows))),
                ("rotate", rotate(&[])),
                ("rotate --batch 1000", rotate(&["--batch", "1000"])),
                ("rotate --jobs 1", rotate(&["--jobs", "1"])),
            ],
        );
    }
}

/// The work that the guarantees require for each row: open the old value, seal the new one, and open that.
fn cipher(rows: usize) -> Duration {
    let (cipher, nonce) = (Bare::new([7; 32]), [7; 12]);
    let mut stored = b"ada.augusta.0000000@example.com".to_vec();
    cipher.seal(nonce, &mut stored);
    let mut value = Vec::new();
    time(|| {
        for _ in 0..rows {
            value.clone_from(black_box(&stored));
            cipher.open(nonce, &mut value);
            cipher.seal(nonce, &mut value);
            cipher.open(nonce, &mut value);
            black_box(&value);
        }
    })
}

fn new_key() -> String {
    Key::generate().expect("random bytes").to_hex().expose_secret().to_owned()
}

fn rotate(tool: &Path, folder: &Path, url: &str, keys: &str, options: &[&str]) {
    let done = Command::new(tool)
        .args(["rotate", "--database-url", url])
        .args(options)
        .env("FIELD_ENCRYPTION_KEY", keys)
        .env_remove("FIELD_INDEX_KEY")
        .current_dir(folder)
        .output()
        .expect("the tool");
    assert!(done.status.success(), "{done:?}");
}
