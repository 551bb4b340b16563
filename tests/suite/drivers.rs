//! Several connections to one database: pools, and drivers that read what another one wrote.

use diesel::connection::Connection;
use diesel::prelude::*;
use diesel_async::async_connection_wrapper::AsyncConnectionWrapper;
use diesel_async::sync_connection_wrapper::SyncConnectionWrapper;
use diesel_async::{AsyncMysqlConnection, AsyncPgConnection};
use encrypted_diesel::{EncryptedText, Key, Keyring};

use crate::{mysql, postgres, sqlite};

mod async_pools;
mod pools;

diesel::table! {
    use diesel::sql_types::*;
    use encrypted_diesel::sql_types::*;

    samples (id) {
        id -> Integer,
        text -> Nullable<EncryptedText>,
        bounded -> Nullable<EncryptedVarchar>,
        bytes -> Nullable<EncryptedBinary>,
    }
}

#[derive(Queryable, Insertable, Debug, PartialEq)]
struct Sample {
    id: i32,
    text: Option<EncryptedText>,
    bounded: Option<EncryptedText>,
    bytes: Option<EncryptedText>,
}

impl Sample {
    fn new(id: i32) -> Self {
        let value = || Some(EncryptedText::from(format!("sample {id}")));
        Self { id, text: value(), bounded: value(), bytes: value() }
    }
}

fn new_keyring() -> Keyring {
    Keyring::new(Key::generate().unwrap())
}

/// Writes through each of two drivers, and reads through the other.
macro_rules! read_what_the_other_wrote {
    ($url:expr, $one:ty, $other:ty) => {{
        let url = $url;
        let (mut one, mut other) = (<$one>::establish(&url).unwrap(), <$other>::establish(&url).unwrap());
        new_keyring().scope(|| {
            diesel::insert_into(samples::table).values(&Sample::new(1)).execute(&mut one).unwrap();
            assert_eq!(samples::table.find(1).first::<Sample>(&mut other).unwrap(), Sample::new(1));
            diesel::insert_into(samples::table).values(&Sample::new(2)).execute(&mut other).unwrap();
            assert_eq!(samples::table.find(2).first::<Sample>(&mut one).unwrap(), Sample::new(2));
        });
    }};
}

#[test]
fn postgres_sync_and_async() {
    read_what_the_other_wrote!(
        postgres::url_of(&postgres::new_schema()),
        PgConnection,
        AsyncConnectionWrapper<AsyncPgConnection>
    );
}

#[test]
fn mysql_sync_and_async() {
    read_what_the_other_wrote!(
        mysql::url_of(&mysql::new_database()),
        MysqlConnection,
        AsyncConnectionWrapper<AsyncMysqlConnection>
    );
}

#[test]
fn sqlite_sync_and_async() {
    let folder = sqlite::new_file();
    read_what_the_other_wrote!(
        sqlite::url_of(&folder),
        SqliteConnection,
        AsyncConnectionWrapper<SyncConnectionWrapper<SqliteConnection>>
    );
}
