//! A `MultiConnection` whose variants depend on the build.

use diesel::prelude::*;
use diesel::sqlite::Sqlite;
use encrypted_diesel::{Encrypted, EncryptedExpressionMethods, EncryptedText, Indexed, Key, Keyring};

use crate::sqlite;

#[derive(diesel::MultiConnection)]
enum AnyConnection {
    #[cfg(not(test))]
    Nowhere(crate::NoSuchConnection),
    #[cfg(test)]
    Sqlite(SqliteConnection),
    #[cfg(feature = "all-backends")]
    Postgres(PgConnection),
    #[cfg(all(not(test), feature = "all-backends"))]
    Elsewhere(crate::NoSuchConnection),
}

encrypted_diesel::multi_backend!(
    MultiBackend:
    #[cfg(not(test))] crate::NoSuchBackend,
    #[cfg(test)] Sqlite,
    #[cfg(feature = "all-backends")] diesel::pg::Pg,
    #[cfg(all(not(test), feature = "all-backends"))] crate::NoSuchBackend,
);

/// One variant that is always there, beside others that are not.
mod always {
    use super::*;

    #[derive(diesel::MultiConnection)]
    pub(super) enum AnyConnection {
        Sqlite(SqliteConnection),
        #[cfg(not(test))]
        Nowhere(crate::NoSuchConnection),
    }

    encrypted_diesel::multi_backend!(MultiBackend: Sqlite, #[cfg(not(test))] crate::NoSuchBackend);
}

diesel::table! {
    use diesel::sql_types::*;
    use encrypted_diesel::sql_types::*;

    #[sql_name = "samples"]
    users (id) {
        id -> Integer,
        #[sql_name = "text"]
        email -> Nullable<EncryptedText>,
        #[sql_name = "bytes"]
        email_index -> Nullable<BlindIndex>,
        #[sql_name = "bounded"]
        notes -> Nullable<EncryptedText>,
    }
}

#[derive(Encrypted, Clone, PartialEq)]
#[encrypted(context = "users.email", index(normalize(lowercase)))]
struct Email(String);

#[derive(Queryable, Selectable, Insertable, Clone, Debug, PartialEq)]
#[diesel(table_name = users, check_for_backend(MultiBackend), check_for_backend(always::MultiBackend))]
struct User {
    id: i32,
    #[diesel(embed)]
    email: Indexed<Option<Email>, users::email, users::email_index>,
    notes: Option<EncryptedText>,
}

macro_rules! writes_and_finds {
    ($connection:expr) => {
        let mut connection = $connection;
        let ring = Keyring::new(Key::from([1; Key::LEN])).with_index_key(Key::from([2; Key::LEN])).unwrap();
        ring.scope(|| {
            let ada =
                User { id: 1, email: Some(Email("Ada@x.org".into())).into(), notes: Some("tall".into()) };
            diesel::insert_into(users::table).values(&ada).execute(&mut connection).unwrap();
            let found = users::table
                .filter(users::email_index.matches(Email("ada@X.org".into())))
                .select(User::as_select())
                .load(&mut connection);
            assert_eq!(found, Ok(vec![ada]));
        });
    };
}

#[test]
fn variants_that_are_compiled_hold_encrypted_columns() {
    writes_and_finds!(AnyConnection::Sqlite(sqlite::connect()));
    #[cfg(feature = "all-backends")]
    writes_and_finds!(AnyConnection::Postgres(crate::postgres::connect()));
    writes_and_finds!(always::AnyConnection::Sqlite(sqlite::connect()));
}
