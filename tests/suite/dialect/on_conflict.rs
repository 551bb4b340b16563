//! `ON CONFLICT`, on SQLite and PostgreSQL.

use diesel::prelude::*;
use diesel::upsert::excluded;
use encrypted_diesel::EncryptedVarchar;

use super::behaviour::queries::{load, with_patients};
use super::behaviour::search::{
    Account, CURRENT, account, accounts, email, load_account, states, with_accounts,
};
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

/// The unique index decides which account is meant, in any spelling of its address.
#[test]
fn upsert_on_a_blind_index() {
    with_accounts(|connection| {
        let again = Account { id: 1, ..account(9, "ADA@example.org") };
        diesel::insert_into(accounts::table)
            .values(&again)
            .on_conflict(accounts::email_index)
            .do_update()
            .set(&again)
            .execute(connection)
            .unwrap();
        assert_eq!(load_account(connection, 1), again);
        assert_eq!(states(connection, 1), CURRENT);

        let ignored = diesel::insert_into(accounts::table)
            .values(account(10, "Bob@Example.org"))
            .on_conflict(accounts::email_index)
            .do_nothing()
            .execute(connection);
        assert_eq!(ignored, Ok(0));
    });
}

#[test]
fn upsert_of_many_takes_value_and_index_from_what_was_to_be_inserted() {
    with_accounts(|connection| {
        for changed in [account(1, "augusta@example.org"), account(7, "new@example.org")] {
            diesel::insert_into(accounts::table)
                .values(changed)
                .on_conflict(accounts::id)
                .do_update()
                .set((
                    accounts::email.eq(excluded(accounts::email)),
                    accounts::email_index.eq(excluded(accounts::email_index)),
                ))
                .execute(connection)
                .unwrap();
        }
        assert_eq!(load_account(connection, 1).email, email("augusta@example.org").into());
        assert_eq!(states(connection, 1), CURRENT);
        assert_eq!(states(connection, 7), CURRENT);
    });
}
