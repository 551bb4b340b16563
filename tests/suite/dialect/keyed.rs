//! Tables `keyed` that a test creates with a primary key of some type, and a column `value` of plaintext.

use diesel::prelude::*;
use encrypted_diesel::maintenance::declared::{DeclaredTable, KeyKind};
use encrypted_diesel::maintenance::{EncryptedColumn, RowKey};
use encrypted_diesel::{EncryptedText, Keyring, sql_types};

use super::behaviour::key;
use super::behaviour::maintenance::{Walked, walk};
use super::{Backend, Database};

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = diesel::sql_types::BigInt)]
    count: i64,
}

#[derive(QueryableByName)]
struct Value {
    #[diesel(sql_type = sql_types::EncryptedText)]
    value: EncryptedText,
}

pub(super) fn count(connection: &mut Database, which: &str) -> i64 {
    let query = diesel::sql_query(format!("SELECT count(*) AS count FROM {which}"));
    query.get_result::<Count>(connection).unwrap().count
}

pub(super) fn keyed_column(key: &[(&'static str, KeyKind)]) -> EncryptedColumn<Backend> {
    let table = DeclaredTable::new("keyed", key.iter().copied());
    EncryptedColumn::declared::<sql_types::EncryptedText>(&table, "value")
}

/// Encrypts and rotates every row once, in batches of one and of two. Returns the keys in the order of the walk.
pub(super) fn walk_keyed(connection: &mut Database, columns: &[(&'static str, KeyKind)]) -> Vec<String> {
    let column = keyed_column(columns);
    let rows = Keyring::new(key(1)).scope(|| {
        let rows = usize::try_from(column.status(connection).unwrap().not_encrypted).unwrap();
        let walked = walk(connection, column.encrypt().batch_size(1));
        assert_eq!(walked, Walked { read: rows, written: rows, ..Walked::default() });
        let walked = walk(connection, column.verify().batch_size(2));
        assert_eq!(walked, Walked { read: rows, ..Walked::default() });
        rows
    });
    Keyring::new(key(2)).with_retired(key(1)).unwrap().scope(|| {
        let walked = walk(connection, column.rotate().batch_size(2));
        assert_eq!((walked.read, walked.written, walked.bad), (rows, rows, Vec::new()));
        assert_eq!(walk(connection, column.rotate().batch_size(2)), Walked::default());
        let keys = keys_of(connection, &column);
        assert_eq!(keys.len(), rows, "{keys:?}");
        keys
    })
}

/// The keys of all rows, as a job queue keeps them between batches of one row.
fn keys_of(connection: &mut Database, column: &EncryptedColumn<Backend>) -> Vec<String> {
    let (mut keys, mut last) = (Vec::new(), None::<RowKey>);
    loop {
        let batch = column.verify().batch_size(1).batch(connection, last.as_ref()).unwrap();
        assert_eq!(batch.bad, []);
        let Some(row) = batch.last else { return keys };
        keys.push(row.to_string());
        last = Some(row.values().map(str::to_owned).collect());
    }
}

/// Encrypts the column `f` of a table `keyed (k, f, value)`, and returns the texts that it has become. Rows in which it
/// is NULL are left out.
pub(super) fn decrypted_from(connection: &mut Database) -> Vec<String> {
    let column = keyed_column(&[("k", KeyKind::Integer)]).encrypted_from("f", false);
    Keyring::new(key(1)).scope(|| {
        for size in [1, 2] {
            diesel::sql_query("UPDATE keyed SET value = NULL").execute(connection).unwrap();
            let walked = column.encrypt().batch_size(size).run(connection, |_| {}).unwrap();
            assert_eq!((walked.left, walked.missed), (0, 0), "{:?}", walked.bad);
            assert_eq!(column.verify().run(connection, |_| {}).unwrap().left, 0);
        }
        assert!(column.status(connection).unwrap().is_encrypted());
        let query = diesel::sql_query("SELECT value FROM keyed WHERE value IS NOT NULL ORDER BY k");
        query.load::<Value>(connection).unwrap().into_iter().map(|row| row.value.into_inner()).collect()
    })
}
