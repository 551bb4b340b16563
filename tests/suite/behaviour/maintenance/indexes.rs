//! Rebuilding and verifying blind indexes.

use super::super::search::{
    CURRENT, EmailColumns, PhoneColumns, account, accounts, load_account, ring, states, with_accounts,
};
use super::*;

type EmailIndexes = BlindIndexes<Backend>;

#[test]
fn every_index_is_rebuilt_once() {
    with_accounts(|connection| {
        let (emails, phones) = (EmailIndexes::new::<EmailColumns>(), EmailIndexes::new::<PhoneColumns>());
        ring(&[2, 1]).scope(|| {
            let walked = walk(connection, emails.reindex().batch_size(2));
            assert_eq!(walked, Walked { read: 3, written: 3, ..Walked::default() });
            // An account without a phone number has no index of it.
            assert_eq!(walk(connection, phones.reindex().batch_size(2)).written, 2);
            for id in 1..=3 {
                assert_eq!(states(connection, id), CURRENT);
            }
            assert_eq!(walk(connection, emails.reindex().batch_size(2)).written, 0);
            assert_eq!(walk(connection, phones.reindex().batch_size(2)).written, 0);
        });
        ring(&[2]).scope(|| {
            assert_eq!(
                walk(connection, emails.verify().batch_size(2)),
                Walked { read: 3, ..Walked::default() }
            );
            assert_eq!(walk(connection, phones.verify().batch_size(2)).bad, []);
        });
        ring(&[1]).scope(|| {
            let walked = walk(connection, phones.verify().batch_size(2));
            assert_eq!(shown(&walked.bad), ["1", "3"]);
            assert_eq!(walked.bad[0].problem, Problem::Index(0));
        });
    });
}

/// Two rows with one value are reported, and nothing is lost.
#[test]
fn two_rows_with_one_value_are_reported_and_the_rest_goes_on() {
    with_accounts(|connection| {
        let emails = EmailIndexes::new::<EmailColumns>();
        ring(&[2, 1]).scope(|| {
            let again = account(4, "BOB@example.org");
            diesel::insert_into(accounts::table).values(&again).execute(connection).unwrap();
            let walked = walk(connection, emails.reindex().batch_size(10));
            assert_eq!((walked.written, walked.missed), (2, 0));
            assert_eq!(walked.bad.len(), 1);
            assert_eq!(
                (shown(&walked.bad), &walked.bad[0].problem),
                (vec!["2".to_owned()], &Problem::NotUnique)
            );
            assert_eq!(load_account(connection, 2), account(2, "bob@example.org"));
            assert_eq!(load_account(connection, 4), again);
        });
    });
}

#[test]
fn what_raw_sql_has_done_is_found_and_mended() {
    with_accounts(|connection| {
        let phones = EmailIndexes::new::<PhoneColumns>();
        let sql = "UPDATE accounts SET phone_last_four = NULL WHERE id = 1";
        diesel::sql_query(sql).execute(connection).unwrap();
        diesel::sql_query("UPDATE accounts SET phone = NULL WHERE id = 3").execute(connection).unwrap();
        let walked = walk(connection, phones.verify().batch_size(10));
        let problems: Vec<_> = walked.bad.iter().map(ToString::to_string).collect();
        assert_eq!(problems, ["1: index 1 does not match the value", "3: index 0 does not match the value"]);
        assert_eq!(walk(connection, phones.reindex().batch_size(10)).written, 2);
        assert_eq!(walk(connection, phones.verify().batch_size(10)).bad, []);
        let cleared =
            accounts::table.find(3).select(accounts::phone_index).first::<Option<Vec<u8>>>(connection);
        assert_eq!(cleared, Ok(None));
    });
}

#[test]
fn a_value_that_does_not_decrypt_is_not_indexed() {
    with_accounts(|connection| {
        diesel::sql_query("UPDATE accounts SET email = phone WHERE id = 1").execute(connection).unwrap();
        ring(&[2, 1]).scope(|| {
            let walked = walk(connection, EmailIndexes::new::<EmailColumns>().reindex().batch_size(10));
            assert_eq!(walked.written, 2);
            assert_eq!(walked.bad[0].problem, Problem::Value(Error::DecryptionFailed));
        });
    });
}

#[test]
fn without_an_index_key_it_is_an_error() {
    with_accounts(|connection| {
        Keyring::new(key(1)).scope(|| {
            let error = EmailIndexes::new::<EmailColumns>()
                .reindex()
                .batch_size(10)
                .batch(connection, None)
                .unwrap_err();
            assert_eq!(Error::from_diesel(&error), Some(&Error::NoIndexKey));
        });
    });
}
