//! Plaintext that is encrypted together with its blind indexes.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use diesel::connection::InstrumentationEvent;
use diesel::dsl::sql;
use diesel::sql_types::{Bool, Text};
use encrypted_diesel::{EncryptedExpressionMethods, Indexed};

use super::super::search::{
    CURRENT, LastFour, Phone, PhoneColumns, accounts, mismatched, ring, states, with_accounts,
};
use super::*;

// Users whose addresses are still plaintext, with an index column that was added for them.
diesel::table! {
    use diesel::sql_types::*;
    use encrypted_diesel::sql_types::*;
    #[sql_name = "samples"]
    users (id) {
        id -> Integer,
        #[sql_name = "text"]
        email -> EncryptedText,
        #[sql_name = "bytes"]
        email_index -> Nullable<BlindIndex>,
        #[sql_name = "bounded"]
        old_email -> Nullable<Text>,
    }
}

#[derive(Encrypted)]
#[encrypted(context = "users.email", index(normalize(lowercase)))]
struct Email(String);

type EmailColumns = Indexed<Email, users::email, users::email_index>;

fn insert_address(connection: &mut Database, id: i32, address: Option<&str>) {
    diesel::insert_into(raw_samples::table)
        .values((raw_samples::id.eq(id), raw_samples::text.eq(address)))
        .execute(connection)
        .unwrap();
}

/// The search of an application that adopts encryption: by index, or by plaintext where there is none yet.
fn find(connection: &mut Database, address: &str) -> Vec<i32> {
    let is_plaintext = sql::<Bool>("samples.text = ").bind::<Text, _>(address.to_owned());
    users::table
        .filter(
            users::email_index
                .matches(Email(address.to_owned()))
                .or(users::email_index.is_null().and(is_plaintext)),
        )
        .select(users::id)
        .order(users::id)
        .load(connection)
        .unwrap()
}

#[test]
fn a_search_finds_the_row_before_and_after() {
    let mut connection = connect();
    insert_address(&mut connection, 1, Some("ada@example.org"));
    insert_address(&mut connection, 2, Some("Bob@example.org"));
    ring(&[1]).with_plaintext_in(["users.email"]).scope(|| {
        assert_eq!(find(&mut connection, "ada@example.org"), [1]);
        let emails = EncryptedColumn::new::<users::email, EmailColumns>();
        let walked = walk(&mut connection, emails.encrypt().batch_size(10));
        assert_eq!(walked, Walked { read: 2, written: 2, ..Walked::default() });
        assert_eq!(find(&mut connection, "ada@example.org"), [1]);
        assert_eq!(find(&mut connection, "bob@EXAMPLE.org"), [2]);

        let indexes = BlindIndexes::new::<EmailColumns>();
        let all = Walked { read: 2, ..Walked::default() };
        assert_eq!(walk(&mut connection, indexes.verify()), all);
        assert_eq!(walk(&mut connection, indexes.reindex()), all);
    });
    assert!(stored_text(&mut connection, 1).starts_with("ed1:"));
}

#[test]
fn value_and_index_are_written_in_one_statement() {
    let mut connection = connect();
    insert_address(&mut connection, 1, Some("ada@example.org"));
    let updates = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&updates);
    connection.set_instrumentation(move |event: InstrumentationEvent<'_>| {
        if let InstrumentationEvent::StartQuery { query, .. } = event
            && query.to_string().starts_with("UPDATE")
        {
            count.fetch_add(1, Ordering::Relaxed);
        }
    });
    ring(&[1]).scope(|| {
        EncryptedColumn::new::<users::email, EmailColumns>().encrypt().run(&mut connection, |_| {}).unwrap();
        assert_eq!(find(&mut connection, "ada@example.org"), [1]);
    });
    assert_eq!(updates.load(Ordering::Relaxed), 1);
}

#[test]
fn null_stays_null_with_its_index() {
    type Columns = Indexed<Option<Email>, users::email, users::email_index>;

    let mut connection = connect();
    insert_address(&mut connection, 1, None);
    insert_address(&mut connection, 2, Some("ada@example.org"));
    ring(&[1]).scope(|| {
        let emails = EncryptedColumn::new::<samples::text, Columns>();
        assert_eq!(walk(&mut connection, emails.encrypt()).written, 1);
        assert_eq!(find(&mut connection, "ada@example.org"), [2]);
        let without = users::table.filter(users::email_index.is_null()).select(users::id);
        assert_eq!(without.load::<i32>(&mut connection), Ok(vec![1]));
    });
}

/// A nullable column with two indexes, the second by a part of the value.
#[test]
fn every_index_of_a_value_is_written() {
    with_accounts(|connection| {
        let sql = "UPDATE accounts SET phone = '030 555 4321', phone_index = NULL, phone_last_four = NULL WHERE id = 2";
        diesel::sql_query(sql).execute(connection).unwrap();
        let phones = EncryptedColumn::new::<accounts::phone, PhoneColumns>();
        assert_eq!(walk(connection, phones.encrypt()), Walked { read: 1, written: 1, ..Walked::default() });
        assert_eq!(states(connection, 2), CURRENT);

        let ids = accounts::table.select(accounts::id);
        let by_number = ids.filter(accounts::phone_index.matches(Phone("0305554321".into())));
        assert_eq!(by_number.load::<i32>(connection), Ok(vec![2]));
        let by_ending = ids.filter(accounts::phone_last_four.matches(LastFour("4321".into())));
        assert!(by_ending.load::<i32>(connection).unwrap().contains(&2));
    });
}

#[test]
fn plaintext_of_another_column_is_indexed_as_well() {
    let mut connection = connect();
    diesel::insert_into(raw_samples::table)
        .values((raw_samples::id.eq(1), raw_samples::bounded.eq("Ada@example.org")))
        .execute(&mut connection)
        .unwrap();
    ring(&[1]).scope(|| {
        let emails = EncryptedColumn::filled_from::<users::old_email, users::email, EmailColumns>();
        assert_eq!(walk(&mut connection, emails.encrypt()).written, 1);
        assert_eq!(find(&mut connection, "ada@example.org"), [1]);
    });
}

#[test]
fn without_an_index_key_nothing_is_written() {
    let mut connection = connect();
    insert_address(&mut connection, 1, Some("ada@example.org"));
    new_keyring().scope(|| {
        let emails = EncryptedColumn::new::<users::email, EmailColumns>();
        let error = emails.encrypt().run(&mut connection, |_| {}).unwrap_err();
        assert_eq!(Error::from_diesel(&error), Some(&Error::NoIndexKey));
    });
    assert_eq!(stored_text(&mut connection, 1), "ada@example.org");
}

/// An index of raw SQL is still the wrong one after a rotation: only `reindex` writes over it.
#[test]
fn rotating_a_column_leaves_its_indexes() {
    with_accounts(|connection| {
        diesel::sql_query("UPDATE accounts SET phone_index = email_index WHERE id = 1")
            .execute(connection)
            .unwrap();
        let both = Keyring::new(key(2)).with_retired(key(1)).unwrap().with_index_key(key(101)).unwrap();
        both.scope(|| {
            let phones = EncryptedColumn::new::<accounts::phone, PhoneColumns>();
            assert_eq!(walk(connection, phones.rotate()).written, 2);
            assert_eq!(mismatched(connection, &BlindIndexes::new::<PhoneColumns>(), 1), Some(0));
            assert_eq!(mismatched(connection, &BlindIndexes::new::<PhoneColumns>(), 3), None);
        });
    });
}
