//! How wide a `VARCHAR` must be, on databases that enforce it.

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use encrypted_diesel::maintenance::{EncryptedColumn, Problem};
use encrypted_diesel::{EncryptedText, EncryptedVarchar, Error, ExposeSecret};

use super::behaviour::maintenance::walk;
use super::behaviour::*;
use super::{ASCII, Backend, Database, connect};

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

/// The database refuses the ciphertext rather than truncating it.
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

diesel::table! {
    #[sql_name = "widths"]
    plain_widths (id) { id -> Integer, narrow -> Nullable<Text> }
}

fn insert_plaintext(connection: &mut Database, id: i32, len: usize) {
    diesel::insert_into(plain_widths::table)
        .values((plain_widths::id.eq(id), plain_widths::narrow.eq("p".repeat(len))))
        .execute(connection)
        .unwrap();
}

/// The plaintext fits, but its envelope does not.
#[test]
fn a_row_that_becomes_too_wide_is_named_and_the_rest_goes_on() {
    let mut connection = connect_with_table();
    new_keyring().scope(|| {
        for id in 1..=5 {
            insert_plaintext(&mut connection, id, if id == 3 { Name::COLUMN_WIDTH - 1 } else { 5 });
        }
        let column = EncryptedColumn::<Backend>::new::<widths::narrow, Name>();
        let column_of_texts = EncryptedColumn::<Backend>::new::<widths::narrow, EncryptedText>();
        let walked = walk(&mut connection, column_of_texts.encrypt().batch_size(4));
        assert_eq!((walked.written, walked.missed, walked.bad.len()), (4, 0, 1));
        assert_eq!(walked.bad[0].key.to_string(), "3");
        assert!(matches!(&walked.bad[0].problem, Problem::Refused(_)), "{:?}", walked.bad);
        let kept: Option<String> =
            plain_widths::table.find(3).select(plain_widths::narrow).first(&mut connection).unwrap();
        assert_eq!(kept.unwrap(), "p".repeat(Name::COLUMN_WIDTH - 1));
        assert_eq!(walk(&mut connection, column.verify().batch_size(4)).bad.len(), 1);
    });
}
