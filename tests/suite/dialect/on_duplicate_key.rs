//! `ON DUPLICATE KEY UPDATE` and `REPLACE`, on MySQL.

use diesel::dsl::DuplicatedKeys;
use diesel::prelude::*;
use encrypted_diesel::EncryptedVarchar;

use super::behaviour::queries::{load, with_patients};
use super::behaviour::*;

#[test]
fn upsert_of_one() {
    with_patients(|connection| {
        let again = Patient { name: EncryptedVarchar::try_from("Augusta Ada").unwrap(), ..ada() };
        diesel::insert_into(patients::table)
            .values(&again)
            .on_conflict(DuplicatedKeys)
            .do_update()
            .set(&again)
            .execute(connection)
            .unwrap();
        assert_eq!(load(connection, 1), again);
    });
}

#[test]
fn replace() {
    with_patients(|connection| {
        let again = Patient { name: EncryptedVarchar::try_from("Augusta Ada").unwrap(), ..ada() };
        diesel::replace_into(patients::table).values(&again).execute(connection).unwrap();
        assert_eq!(load(connection, 1), again);
    });
}
