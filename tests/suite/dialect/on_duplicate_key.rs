//! `ON DUPLICATE KEY UPDATE` and `REPLACE`, on MySQL.

use diesel::dsl::DuplicatedKeys;
use diesel::prelude::*;
use encrypted_diesel::EncryptedVarchar;

use super::behaviour::queries::{load, with_patients};
use super::behaviour::search::{Account, CURRENT, account, accounts, load_account, states, with_accounts};
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

#[test]
fn upsert_on_a_blind_index() {
    with_accounts(|connection| {
        let again = Account { id: 1, ..account(9, "ADA@example.org") };
        diesel::insert_into(accounts::table)
            .values(&again)
            .on_conflict(DuplicatedKeys)
            .do_update()
            .set(&again)
            .execute(connection)
            .unwrap();
        assert_eq!(load_account(connection, 1), again);
        assert_eq!(states(connection, 1), CURRENT);
        let replaced = Account { id: 2, ..account(12, "bob@EXAMPLE.org") };
        diesel::replace_into(accounts::table).values(&replaced).execute(connection).unwrap();
        assert_eq!(load_account(connection, 2), replaced);
    });
}
