//! The suite that runs on every backend. `super` is the backend.

use diesel::prelude::*;
use encrypted_diesel::plaintext::{FromPlaintext, Plaintext};
use encrypted_diesel::{Encrypted, EncryptedBinary, EncryptedText, EncryptedVarchar, Key, Keyring};

use super::{Backend, Database, connect};

mod any_value;
mod at_rest;
mod bare;
mod derive;
mod django;
mod errors;
pub(super) mod maintenance;
mod mixed;
mod nullable;
mod once;
pub(super) mod queries;
mod redaction;
mod rotation;
mod round_trip;
pub(super) mod search;
mod tamper;

diesel::table! {
    use diesel::sql_types::*;
    use encrypted_diesel::sql_types::*;

    patients (id) {
        id -> Integer,
        name -> EncryptedVarchar,
        notes -> Nullable<EncryptedText>,
        ssn -> EncryptedText,
        photo -> Nullable<EncryptedBinary>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use encrypted_diesel::sql_types::*;

    visits (id) {
        id -> Integer,
        patient_id -> Integer,
        diagnosis -> EncryptedText,
    }
}

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

// The same table, as someone with the database but without a key sees it.
diesel::table! {
    #[sql_name = "samples"]
    raw_samples (id) {
        id -> Integer,
        text -> Nullable<Text>,
        bounded -> Nullable<Text>,
        bytes -> Nullable<Binary>,
    }
}

diesel::joinable!(visits -> patients (patient_id));
diesel::allow_tables_to_appear_in_same_query!(patients, visits);

#[derive(Encrypted, Clone, PartialEq)]
#[encrypted(context = "patients.ssn")]
pub(super) struct Ssn(pub(super) String);

#[derive(Identifiable, Queryable, Selectable, Insertable, AsChangeset, Clone, Debug, PartialEq)]
#[diesel(table_name = patients, check_for_backend(Backend))]
pub(super) struct Patient {
    pub(super) id: i32,
    pub(super) name: EncryptedVarchar<40>,
    pub(super) notes: Option<EncryptedText>,
    pub(super) ssn: Ssn,
    pub(super) photo: Option<EncryptedBinary>,
}

#[derive(Identifiable, Associations, Queryable, Selectable, Insertable, Clone, Debug, PartialEq)]
#[diesel(table_name = visits, belongs_to(Patient), check_for_backend(Backend))]
pub(super) struct Visit {
    pub(super) id: i32,
    pub(super) patient_id: i32,
    pub(super) diagnosis: EncryptedText,
}

pub(super) fn ada() -> Patient {
    Patient {
        id: 1,
        name: EncryptedVarchar::try_from("Ada Lovelace").unwrap(),
        notes: Some("allergic to penicillin".into()),
        ssn: Ssn("123-45-6789".into()),
        photo: Some([0xFF, 0xD8, 0x00, 0x80].as_slice().into()),
    }
}

pub(super) fn bob() -> Patient {
    Patient {
        id: 2,
        name: EncryptedVarchar::try_from("Bob").unwrap(),
        notes: None,
        ssn: Ssn("987-65-4321".into()),
        photo: None,
    }
}

pub(super) fn new_keyring() -> Keyring {
    Keyring::new(Key::generate().unwrap())
}

/// Key number `n`, the same each time.
pub(super) fn key(n: u8) -> Key {
    Key::from([n; Key::LEN])
}

/// The stored value of a text column.
pub(super) fn stored_text(connection: &mut Database, id: i32) -> String {
    raw_samples::table.find(id).select(raw_samples::text).first::<Option<_>>(connection).unwrap().unwrap()
}

/// The stored value of a binary column.
pub(super) fn stored_bytes(connection: &mut Database, id: i32) -> Vec<u8> {
    raw_samples::table.find(id).select(raw_samples::bytes).first::<Option<_>>(connection).unwrap().unwrap()
}

/// Writes `value` into the text and the binary column of a new row, and returns the stored values.
pub(super) fn seal<V: Plaintext>(connection: &mut Database, value: V) -> (String, Vec<u8>) {
    let value = Encrypted::new(value);
    diesel::delete(samples::table).execute(connection).unwrap();
    diesel::insert_into(samples::table)
        .values((samples::id.eq(1), samples::text.eq(&value), samples::bytes.eq(&value)))
        .execute(connection)
        .unwrap();
    (stored_text(connection, 1), stored_bytes(connection, 1))
}

/// Puts `stored` into a text column as it is, and reads it as a `V`.
pub(super) fn open_text<V: FromPlaintext + 'static>(
    connection: &mut Database,
    stored: &str,
) -> QueryResult<V> {
    diesel::delete(samples::table).execute(connection)?;
    diesel::insert_into(raw_samples::table)
        .values((raw_samples::id.eq(1), raw_samples::text.eq(stored)))
        .execute(connection)?;
    let value = samples::table.select(samples::text).first::<Option<Encrypted<V>>>(connection)?;
    Ok(value.expect("a value was put there").into_inner())
}

/// Puts `stored` into a binary column as it is, and reads it as a `V`.
pub(super) fn open_bytes<V: FromPlaintext + 'static>(
    connection: &mut Database,
    stored: &[u8],
) -> QueryResult<V> {
    diesel::delete(samples::table).execute(connection)?;
    diesel::insert_into(raw_samples::table)
        .values((raw_samples::id.eq(1), raw_samples::bytes.eq(stored)))
        .execute(connection)?;
    let value = samples::table.select(samples::bytes).first::<Option<Encrypted<V>>>(connection)?;
    Ok(value.expect("a value was put there").into_inner())
}

/// Asserts that a query failed with this error of ours.
macro_rules! assert_refused {
    ($result:expr, $error:pat $(if $guard:expr)?) => {
        match $result {
            Ok(_) => panic!("read as if nothing were wrong"),
            Err(error) => {
                let ours = encrypted_diesel::Error::from_diesel(&error);
                assert!(matches!(ours, Some($error) $(if $guard)?), "another error: {error:?}");
            }
        }
    };
}
pub(super) use assert_refused;
