//! `ON CONFLICT`, on SQLite and PostgreSQL.

use diesel::prelude::*;
use diesel::upsert::excluded;
use encrypted_diesel::EncryptedVarchar;

use super::behaviour::queries::{load, with_patients};
use super::behaviour::*;

#[test]
fn upsert_of_one() {
    with_patients(|connection| {
        let again = Patient { name: EncryptedVarchar::try_from("Augusta Ada").unwrap(), ..ada() };
        diesel::insert_into(patients::table)
            .values(&again)
            .on_conflict(patients::id)
            .do_update()
            .set(&again)
            .execute(connection)
            .unwrap();
        assert_eq!(load(connection, 1), again);
    });
}

#[test]
fn upsert_from_what_was_to_be_inserted() {
    with_patients(|connection| {
        let changed = Patient { notes: Some("new".into()), ..ada() };
        diesel::insert_into(patients::table)
            .values(&changed)
            .on_conflict(patients::id)
            .do_update()
            .set(patients::notes.eq(excluded(patients::notes)))
            .execute(connection)
            .unwrap();
        assert_eq!(load(connection, 1), changed);
    });
}

#[test]
fn do_nothing_leaves_the_row() {
    with_patients(|connection| {
        let changed = Patient { notes: None, ..ada() };
        diesel::insert_into(patients::table)
            .values(&changed)
            .on_conflict(patients::id)
            .do_nothing()
            .execute(connection)
            .unwrap();
        assert_eq!(load(connection, 1), ada());
    });
}
