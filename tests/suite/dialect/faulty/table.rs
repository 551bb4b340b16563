//! The table that the faults are in.

use std::collections::BTreeMap;

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use encrypted_diesel::{Encrypted, Indexed, Keyring};

use super::super::behaviour::key;
use super::super::{Database, faults};
use super::Fault;

diesel::table! {
    use diesel::sql_types::*;
    use encrypted_diesel::sql_types::*;

    faulty (id) {
        id -> Integer,
        value -> EncryptedText,
        value_index -> Nullable<BlindIndex>,
    }
}

// The same table, as someone with the database but without a key sees it.
diesel::table! {
    #[sql_name = "faulty"]
    raw_faulty (id) {
        id -> Integer,
        value -> Nullable<Text>,
        value_index -> Nullable<Binary>,
        note -> Nullable<Text>,
    }
}

#[derive(Encrypted, Clone, PartialEq)]
#[encrypted(context = "faulty.value", index(normalize(lowercase)))]
pub(super) struct Value(pub(super) String);

pub(super) type Columns = Indexed<Value, faulty::value, faulty::value_index>;

/// The plaintext of each row, whatever the database holds.
pub(in super::super) type Truth = BTreeMap<i32, String>;

/// The stored value and index of each row.
pub(in super::super) type Stored = BTreeMap<i32, (Option<String>, Option<Vec<u8>>)>;

pub(super) fn old_keyring() -> Keyring {
    Keyring::new(key(1)).with_index_key(key(101)).unwrap()
}

/// Texts in both cases, longer than what a trigger leaves of them.
pub(super) fn texts(ids: impl IntoIterator<Item = i32>) -> Truth {
    ids.into_iter().map(|id| (id, format!("Ada LOVELACE of Row {id}, Zoë and Čapek"))).collect()
}

/// Replaces the table.
pub(in super::super) fn make_table(connection: &mut Database, sql: &str) {
    connection.batch_execute(faults::DROP).unwrap();
    connection.batch_execute(sql).unwrap();
}

pub(in super::super) fn insert_plaintext(connection: &mut Database, truth: &Truth) {
    for (id, text) in truth {
        diesel::insert_into(raw_faulty::table)
            .values((raw_faulty::id.eq(id), raw_faulty::value.eq(text), raw_faulty::note.eq("Note")))
            .execute(connection)
            .unwrap();
    }
}

/// Inserts rows that are encrypted under the old keys.
pub(in super::super) fn insert_encrypted(connection: &mut Database, truth: &Truth) {
    old_keyring().scope(|| {
        for (id, text) in truth {
            let columns: Columns = Value(text.clone()).into();
            diesel::insert_into(faulty::table)
                .values((faulty::id.eq(id), columns))
                .execute(connection)
                .unwrap();
        }
    });
    connection.batch_execute("UPDATE faulty SET note = 'Note'").unwrap();
}

pub(in super::super) fn stored(connection: &mut Database) -> Stored {
    let rows = raw_faulty::table
        .select((raw_faulty::id, raw_faulty::value, raw_faulty::value_index))
        .load::<(i32, _, _)>(connection);
    rows.unwrap().into_iter().map(|(id, value, index)| (id, (value, index))).collect()
}

/// Sets up the fault. A plain UPDATE shows that it bites.
pub(super) fn install(connection: &mut Database, fault: &Fault) {
    connection.batch_execute(&faults::sql(fault).unwrap()).unwrap();
    // A row, and the one that follows it.
    let id = 500 * fault.modulus + fault.remainder;
    insert_plaintext(connection, &texts([id, id + 1]));
    let written = (Some("A Longer Value, Written".to_owned()), Some(b"written".to_vec()));
    let updated = diesel::update(raw_faulty::table.find(id))
        .set((raw_faulty::value.eq(&written.0), raw_faulty::value_index.eq(&written.1)))
        .execute(connection);
    let row = stored(connection).remove(&id);
    let is_as_written = updated.is_ok() && row.as_ref() == Some(&written);
    assert_eq!(is_as_written, fault.is_harmless(), "{fault:?} is without effect: {updated:?}, {row:?}");
    diesel::delete(raw_faulty::table.filter(raw_faulty::id.ge(500))).execute(connection).unwrap();
    connection.batch_execute("DELETE FROM copies").unwrap();
}
