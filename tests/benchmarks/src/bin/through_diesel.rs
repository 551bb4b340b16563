//! Rows with two encrypted columns, inserted and loaded through Diesel: beside plaintext, and beside
//! encrypted-message.
//!
//! `through_diesel [ROWS] [ROUNDS]`. For servers: `TEST_POSTGRES_URL`, `TEST_MYSQL_URL`.

use std::hint::black_box;
use std::time::Duration;

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use encrypted_diesel::{EncryptedText, ExposeSecret, Key, Keyring};
use encrypted_diesel_benchmarks::{Bare, compare, server, time};
use encrypted_message::EncryptedMessage;
use encrypted_message::config::{Config, Secret};
use encrypted_message::strategy::Randomized;

diesel::table! {
    plain (id) { id -> Integer, name -> Text, email -> Text }
}

diesel::table! {
    use diesel::sql_types::*;
    use encrypted_diesel::sql_types::*;
    ours (id) { id -> Integer, name -> EncryptedText, email -> EncryptedText }
}

diesel::table! {
    peer (id) { id -> Integer, name -> Json, email -> Json }
}

/// The same, without opening the values.
mod stored {
    diesel::table! {
        ours (id) { id -> Integer, name -> Text, email -> Text }
    }
}

/// Where encrypted-message has no types for the backend: its JSON as text.
mod by_hand {
    diesel::table! {
        peer (id) { id -> Integer, name -> Text, email -> Text }
    }
}

#[derive(Debug, Default)]
struct PeerKeys;

impl Config for PeerKeys {
    type Strategy = Randomized;

    fn keys(&self) -> Vec<Secret<[u8; 32]>> {
        vec![Secret::new([7; 32])]
    }
}

type Peer = EncryptedMessage<String, PeerKeys>;

/// 24 bytes and 31.
fn values(row: usize) -> (String, String) {
    (format!("Ada Augusta King {row:07}"), format!("ada.augusta.{row:07}@example.com"))
}

fn main() {
    let mut arguments = std::env::args().skip(1).map(|argument| argument.parse().expect("a number"));
    let rows: usize = arguments.next().unwrap_or(100_000);
    let rounds: usize = arguments.next().unwrap_or(7);
    Keyring::new(Key::generate().expect("random bytes")).install().expect("the only keyring");

    let file = std::env::temp_dir().join(format!("encrypted-diesel-{}.db", std::process::id()));
    let file_name = file.to_str().expect("a name in UTF-8");
    for (title, url) in [("SQLite, in memory", ":memory:"), ("SQLite, a file in WAL mode", file_name)] {
        let mut connection = SqliteConnection::establish(url).expect("SQLite");
        connection.batch_execute("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL").expect("WAL");
        sqlite(title, rows, rounds, connection);
    }
    let _ = std::fs::remove_file(&file);
    if let Some(url) = server("TEST_POSTGRES_URL") {
        postgres(rows, rounds, || PgConnection::establish(&url).expect("PostgreSQL"));
    }
    if let Some(url) = server("TEST_MYSQL_URL") {
        mysql(rows, rounds, || MysqlConnection::establish(&url).expect("MySQL"));
    }
}

/// One backend: `$peer` is the module with the peer's table, `$seal` and `$open` go between a text and a field.
macro_rules! backend {
    ($name:ident, $connection:ty, $chunk:literal, $text:literal, $json:literal, $peer:path, $field:ty, $seal:expr, $open:expr) => {
        fn $name(title: &str, rows: usize, rounds: usize, mut connection: $connection) {
            use $peer as peer;

            for (table, column) in [("plain", $text), ("ours", $text), ("peer", $json)] {
                let create = format!(
                    "DROP TABLE IF EXISTS {table}; \
                     CREATE TABLE {table} (id INTEGER PRIMARY KEY, name {column} NOT NULL, email {column} NOT NULL)"
                );
                for statement in create.split("; ") {
                    connection.batch_execute(statement).expect("a table");
                }
            }
            let connection = std::cell::RefCell::new(connection);

            macro_rules! insert {
                ($table:ident, $make:expr) => {
                    Box::new(|| {
                        let connection = &mut *connection.borrow_mut();
                        diesel::delete($table::table).execute(connection).expect("an empty table");
                        time(|| {
                            connection
                                .transaction(|connection| {
                                    for first in (0..rows).step_by($chunk) {
                                        let chunk = (first..rows.min(first + $chunk)).map(|row| {
                                            let ((name, email), id) = (values(row), row as i32);
                                            ($table::id.eq(id), $table::name.eq($make(name)), $table::email.eq($make(email)))
                                        });
                                        diesel::insert_into($table::table)
                                            .values(chunk.collect::<Vec<_>>())
                                            .execute(connection)?;
                                    }
                                    diesel::QueryResult::Ok(())
                                })
                                .expect("rows");
                        })
                    })
                };
            }
            compare(
                &format!("{title}: {rows} rows inserted, {} at a time", $chunk),
                2 * rows,
                rounds,
                &mut [
                    ("plaintext", insert!(plain, |text: String| text)),
                    ("encrypted-diesel", insert!(ours, EncryptedText::from)),
                    ("encrypted-message", insert!(peer, $seal)),
                ],
            );

            macro_rules! load {
                ($table:path, $loaded:ty, $read:expr, $bytes:literal) => {
                    Box::new(|| {
                        use $table as table;

                        let connection = &mut *connection.borrow_mut();
                        time(|| {
                            let found: Vec<(i32, $loaded, $loaded)> = table::table.load(connection).expect("rows");
                            assert_eq!(found.len(), rows);
                            let bytes = found.into_iter().map(|(_, name, email)| {
                                let lengths: (usize, usize) = ($read(name), $read(email));
                                lengths.0 + lengths.1
                            });
                            assert_eq!(bytes.sum::<usize>(), rows * $bytes);
                        })
                    })
                };
            }
            compare(
                &format!("{title}: {rows} rows loaded"),
                2 * rows,
                rounds,
                &mut [
                    ("plaintext", load!(plain, String, |text: String| text.len(), 55)),
                    (
                        "encrypted-diesel",
                        load!(ours, EncryptedText, |text: EncryptedText| text.expose_secret().len(), 55),
                    ),
                    ("encrypted-message", load!(peer, $field, $open, 55)),
                    ("envelopes, not opened", load!(stored::ours, String, |text: String| text.len(), 175)),
                    ("the cipher alone", Box::new(|| cipher(rows))),
                ],
            );
            for table in ["plain", "ours", "peer"] {
                connection.borrow_mut().batch_execute(&format!("DROP TABLE {table}")).expect("nothing is left");
            }
        }
    };
}

/// Opens as many values.
fn cipher(rows: usize) -> Duration {
    let (cipher, nonce) = (Bare::new([7; 32]), [7; 12]);
    let (name, email) = values(0);
    let stored = [name, email].map(|text| {
        let mut value = text.into_bytes();
        cipher.seal(nonce, &mut value);
        value
    });
    let mut value = Vec::new();
    time(|| {
        for _ in 0..rows {
            for stored in &stored {
                value.clone_from(black_box(stored));
                cipher.open(nonce, &mut value);
                black_box(&value);
            }
        }
    })
}

fn seal(text: String) -> Peer {
    EncryptedMessage::encrypt(text).expect("encrypted")
}

fn open(message: Peer) -> usize {
    message.decrypt().expect("decrypted").len()
}

backend!(
    sqlite,
    SqliteConnection,
    1_000,
    "TEXT",
    "TEXT",
    crate::by_hand::peer,
    String,
    |text| serde_json::to_string(&seal(text)).expect("JSON"),
    |text: String| open(serde_json::from_str(&text).expect("JSON"))
);
backend!(postgres_on, PgConnection, 1_000, "TEXT", "JSON", crate::peer, Peer, seal, open);
backend!(mysql_on, MysqlConnection, 1_000, "TEXT", "JSON", crate::peer, Peer, seal, open);

fn postgres(rows: usize, rounds: usize, connect: impl Fn() -> PgConnection) {
    postgres_on("PostgreSQL", rows, rounds, connect());
}

fn mysql(rows: usize, rounds: usize, connect: impl Fn() -> MysqlConnection) {
    mysql_on("MariaDB", rows, rounds, connect());
}
