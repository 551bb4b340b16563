//! How wide a `VARCHAR` must be, on databases that hold to it.

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use encrypted_diesel::{EncryptedVarchar, Error, ExposeSecret};

use super::behaviour::*;
use super::{ASCII, Database, connect};

const CHARACTERS: usize = 25;
type Name = EncryptedVarchar<CHARACTERS>;

diesel::table! {
    use diesel::sql_types::*;
    use encrypted_diesel::sql_types::*;

    widths (id) {
        id -> Integer,
        wide -> Nullable<EncryptedVarchar>,
        narrow -> Nullable<EncryptedVarchar>,
    }
}

fn connect_with_table() -> Database {
    let mut connection = connect();
    let (wide, narrow) = (Name::COLUMN_WIDTH, Name::COLUMN_WIDTH - 1);
    connection
        .batch_execute(&format!(
            "CREATE TABLE widths (id INT PRIMARY KEY, wide VARCHAR({wide}){ASCII}, narrow VARCHAR({narrow}){ASCII})"
        ))
        .unwrap();
    connection
}

#[test]
fn column_width_holds_the_widest_text() {
    let mut connection = connect_with_table();
    new_keyring().scope(|| {
        let widest = Name::try_from("🦊".repeat(CHARACTERS)).unwrap();
        diesel::insert_into(widths::table)
            .values((widths::id.eq(1), widths::wide.eq(&widest)))
            .execute(&mut connection)
            .unwrap();
        let read = widths::table.select(widths::wide).first::<Option<Name>>(&mut connection).unwrap();
        assert_eq!(read, Some(widest));
    });
}

#[test]
fn one_character_more_is_refused_before_the_database_sees_it() {
    let refused = Name::try_from("🦊".repeat(CHARACTERS + 1));
    assert!(matches!(refused, Err(Error::TooLong { max: CHARACTERS, length }) if length == CHARACTERS + 1));
    assert_eq!(Name::try_from("x".repeat(CHARACTERS)).unwrap().expose_secret().len(), CHARACTERS);
}

/// The database says no, rather than cutting the ciphertext.
#[test]
fn a_column_that_is_too_narrow_is_the_databases_error() {
    let mut connection = connect_with_table();
    new_keyring().scope(|| {
        let widest = Name::try_from("🦊".repeat(CHARACTERS)).unwrap();
        let refused = diesel::insert_into(widths::table)
            .values((widths::id.eq(1), widths::narrow.eq(&widest)))
            .execute(&mut connection);
        assert!(matches!(refused, Err(diesel::result::Error::DatabaseError(..))), "{refused:?}");
        assert_eq!(widths::table.count().get_result(&mut connection), Ok(0_i64));
    });
}
