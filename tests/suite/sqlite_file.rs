//! The contents of a SQLite file and its journal.

use std::fs;

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use encrypted_diesel::{Encrypted, EncryptedBinary, EncryptedText, Key, Keyring};
use tempfile::TempDir;

const PLAINTEXT: &str = "PLAINTEXT-AT-REST";
const CONTROL: &str = "CONTROL-AT-REST";

diesel::table! {
    use diesel::sql_types::*;
    use encrypted_diesel::sql_types::*;

    samples (id) {
        id -> Integer,
        text -> EncryptedText,
        bounded -> EncryptedVarchar,
        bytes -> EncryptedBinary,
        plain -> Text,
    }
}

fn count(bytes: &[u8], wanted: &[u8]) -> usize {
    bytes.windows(wanted.len()).filter(|window| *window == wanted).count()
}

/// While the connection is open, so that the write-ahead log exists.
#[test]
fn neither_the_file_nor_its_log_holds_plaintext() {
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("test.db");
    let mut connection = SqliteConnection::establish(file.to_str().unwrap()).unwrap();
    connection
        .batch_execute(
            "PRAGMA journal_mode = WAL; PRAGMA wal_autocheckpoint = 0;
             CREATE TABLE samples (
                 id INTEGER PRIMARY KEY NOT NULL, text TEXT NOT NULL, bounded VARCHAR(1000) NOT NULL,
                 bytes BLOB NOT NULL, plain TEXT NOT NULL
             )",
        )
        .unwrap();
    Keyring::new(Key::generate().unwrap()).scope(|| {
        for (id, checkpoint) in [(1, true), (2, false)] {
            diesel::insert_into(samples::table)
                .values((
                    samples::id.eq(id),
                    samples::text.eq(EncryptedText::from(PLAINTEXT)),
                    samples::bounded.eq(Encrypted::new(PLAINTEXT)),
                    samples::bytes.eq(EncryptedBinary::from(PLAINTEXT.as_bytes())),
                    samples::plain.eq(CONTROL),
                ))
                .execute(&mut connection)
                .unwrap();
            if checkpoint {
                connection.batch_execute("PRAGMA wal_checkpoint(TRUNCATE)").unwrap();
            }
        }
    });
    for file in [file, folder.path().join("test.db-wal")] {
        let bytes = fs::read(&file).unwrap();
        assert!(count(&bytes, CONTROL.as_bytes()) > 0, "{file:?}");
        assert_eq!(count(&bytes, PLAINTEXT.as_bytes()), 0, "{file:?}");
    }
}
