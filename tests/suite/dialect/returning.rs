//! `RETURNING`, on SQLite and PostgreSQL.

use diesel::prelude::*;
use encrypted_diesel::{EncryptedExpressionMethods, EncryptedText};

use super::behaviour::queries::with_patients;
use super::behaviour::search::{Account, account, accounts, email, with_accounts};
use super::behaviour::*;

#[test]
fn an_insert_returns_the_row() {
    with_patients(|connection| {
        let inserted = diesel::insert_into(patients::table)
            .values(&Patient { id: 3, ..ada() })
            .returning(Patient::as_returning())
            .get_result(connection)
            .unwrap();
        assert_eq!(inserted, Patient { id: 3, ..ada() });
    });
}

#[test]
fn an_update_returns_the_row() {
    with_patients(|connection| {
        let updated = diesel::update(patients::table.find(1))
            .set(patients::notes.eq(EncryptedText::from("new")))
            .returning(Patient::as_returning())
            .get_result(connection)
            .unwrap();
        assert_eq!(updated, Patient { notes: Some("new".into()), ..ada() });
    });
}

#[test]
fn a_value_with_its_index_is_returned() {
    with_accounts(|connection| {
        let changed = account(2, "Robert@example.org");
        let updated =
            diesel::update(accounts::table.filter(accounts::email_index.matches(email("bob@example.org"))))
                .set(&changed)
                .returning(Account::as_returning())
                .get_results(connection)
                .unwrap();
        assert_eq!(updated, [changed]);
    });
}
