//! How often a value allocates, measured one value at a time through Diesel's own traits.

use allocation_counter::measure;
use diesel::connection::{DefaultLoadingMode, LoadConnection};
use diesel::deserialize::FromSql;
use diesel::prelude::*;
use diesel::row::{Field, Row};
use diesel::serialize::{Output, ToSql};
use diesel::sql_types::{HasSqlType, SqlType};
use diesel::sqlite::{Sqlite, SqliteBindValue};
use encrypted_diesel::{Encrypted, EncryptedBinary, EncryptedText, Key, Keyring, sql_types};

const SIZES: [usize; 3] = [16, 256, 4096];
const MOST_PER_READ: u64 = 1;
const MOST_PER_WRITE: u64 = 2;

fn with_keys(test: impl FnOnce()) {
    let old = Key::generate().unwrap();
    Keyring::new(Key::generate().unwrap()).with_retired(old).unwrap().scope(|| {
        // A thread's first nonce sets up its random number generator.
        writes::<sql_types::EncryptedText>(&EncryptedText::from("first"));
        test();
    });
}

fn writes<ST>(value: &impl ToSql<ST, Sqlite>) -> u64
where
    Sqlite: HasSqlType<ST>,
{
    let mut no_lookup = ();
    let mut out = Output::new(SqliteBindValue::from(0), &mut no_lookup);
    measure(|| {
        value.to_sql(&mut out).unwrap();
    })
    .count_total
}

/// The allocations of one `from_sql`, on a value from SQLite.
fn reads<ST, V>(value: &V) -> u64
where
    ST: SqlType + diesel::query_builder::QueryId + diesel::sql_types::SingleValue,
    V: ToSql<ST, Sqlite> + FromSql<ST, Sqlite> + PartialEq,
    Sqlite: HasSqlType<ST>,
{
    let mut connection = SqliteConnection::establish(":memory:").unwrap();
    let query = diesel::sql_query("SELECT ?").bind::<ST, _>(value);
    let mut rows = LoadConnection::<DefaultLoadingMode>::load(&mut connection, query).unwrap();
    let row = rows.next().unwrap().unwrap();
    let field = row.get(0).unwrap();
    let stored = field.value().unwrap();

    let mut read = None;
    let info = measure(|| read = Some(V::from_sql(stored).unwrap()));
    assert!(read.as_ref() == Some(value));
    info.count_total
}

#[test]
fn text_and_bytes_write_with_two_and_read_with_one() {
    with_keys(|| {
        for size in SIZES {
            let text = EncryptedText::new("x".repeat(size));
            assert!(writes::<sql_types::EncryptedText>(&text) <= MOST_PER_WRITE, "{size}");
            assert!(writes::<sql_types::EncryptedVarchar>(&text) <= MOST_PER_WRITE, "{size}");
            assert!(writes::<sql_types::EncryptedBinary>(&text) <= MOST_PER_WRITE, "{size}");
            assert!(reads::<sql_types::EncryptedText, _>(&text) <= MOST_PER_READ, "{size}");
            assert!(reads::<sql_types::EncryptedVarchar, _>(&text) <= MOST_PER_READ, "{size}");
            assert!(reads::<sql_types::EncryptedBinary, _>(&text) <= MOST_PER_READ, "{size}");

            let bytes = EncryptedBinary::new(vec![7; size]);
            assert!(writes::<sql_types::EncryptedBinary>(&bytes) <= MOST_PER_WRITE, "{size}");
            assert!(reads::<sql_types::EncryptedBinary, _>(&bytes) <= MOST_PER_READ, "{size}");
        }
    });
}

#[test]
fn borrowed_values_and_numbers_do_so_too() {
    with_keys(|| {
        for size in SIZES {
            let text = "x".repeat(size);
            assert!(writes::<sql_types::EncryptedText>(&Encrypted::new(text.as_str())) <= MOST_PER_WRITE);
        }
        assert!(writes::<sql_types::EncryptedText>(&Encrypted::new(i64::MIN)) <= MOST_PER_WRITE);
        assert!(reads::<sql_types::EncryptedText, _>(&Encrypted::new(i64::MIN)) <= MOST_PER_READ);
        assert!(writes::<sql_types::EncryptedText>(&Encrypted::new(f64::MIN_POSITIVE)) <= MOST_PER_WRITE);
    });
}

/// A context is authenticated without being copied to the heap.
#[test]
fn a_context_costs_none() {
    #[derive(Encrypted, PartialEq)]
    #[encrypted(context = "a_table_with_a_long_name.a_column_with_a_long_name", previous_contexts = ["old"])]
    struct Named(String);

    with_keys(|| {
        for size in SIZES {
            let value = Named("x".repeat(size));
            assert!(writes::<sql_types::EncryptedText>(&value) <= MOST_PER_WRITE, "{size}");
            assert!(reads::<sql_types::EncryptedText, _>(&value) <= MOST_PER_READ, "{size}");
        }
    });
}

/// The counter counts: Diesel's own `String` is read with one allocation, and a clone makes another.
#[test]
fn the_counter_counts() {
    let text = "x".repeat(16);
    assert_eq!(reads::<diesel::sql_types::Text, _>(&text), 1);
    assert_eq!(measure(|| drop(text.clone())).count_total, 1);
}
