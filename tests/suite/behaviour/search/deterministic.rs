//! Columns in which equal values have equal ciphertexts.

use diesel::dsl::{count, count_star};

use super::*;

fn found(connection: &mut Database, text: &str) -> Option<i32> {
    accounts::table
        .filter(accounts::code.matches(code(text)))
        .select(accounts::id)
        .first(connection)
        .optional()
        .unwrap()
}

/// A keyring whose primary encryption key is `first`.
fn ring_of(first: u8, others: &[u8]) -> Keyring {
    let ring = Keyring::new(key(first)).with_index_key(key(101)).unwrap();
    others.iter().fold(ring, |ring, n| ring.with_retired(key(*n)).unwrap())
}

fn invite(connection: &mut Database, id: i32, text: &str) {
    let invitation = Invitation { id, email: email("new@example.org").into(), code: Some(code(text)) };
    diesel::insert_into(invitations::table).values(invitation).execute(connection).unwrap();
}

#[test]
fn a_value_is_read_and_found() {
    with_accounts(|connection| {
        assert_eq!(load_account(connection, 2).code, code("C-2"));
        assert_eq!(found(connection, "C-2"), Some(2));
        assert_eq!(found(connection, "c-2"), None, "nothing is normalized");
        assert_eq!(found(connection, ""), None);
        let any = |connection: &mut Database, texts: &[&str]| {
            accounts::table
                .filter(accounts::code.matches_any(texts.iter().map(|text| code(text))))
                .select(accounts::id)
                .order(accounts::id)
                .load::<i32>(connection)
                .unwrap()
        };
        assert_eq!(any(connection, &["C-3", "C-1", "C-9", "C-1"]), [1, 3]);
        assert!(any(connection, &[]).is_empty());
    });
}

#[test]
fn a_borrowed_value_is_found_as_an_owned_one() {
    with_accounts(|connection| {
        let two = code("C-2");
        let ids = accounts::table.filter(accounts::code.matches(&two)).select(accounts::id).load(connection);
        assert_eq!(ids, Ok(vec![2]));
    });
}

/// Values that were written without a context, by an earlier release, are read and found by a type that lists it.
#[test]
fn values_without_a_context_are_found_as_those_of_a_previous_one() {
    #[derive(Encrypted, Clone, PartialEq)]
    #[encrypted(context = "codes", previous_contexts = [""])]
    struct Renamed(String);

    with_accounts(|connection| {
        invite(connection, 1, "new");
        invite(connection, 2, "old");
        diesel::sql_query("UPDATE invitations SET code = 'old' WHERE id = 2").execute(connection).unwrap();
        EncryptedColumn::new::<invitations::code, EncryptedText>().encrypt().run(connection, |_| {}).unwrap();

        for (id, text) in [(1, "new"), (2, "old")] {
            let found = invitations::table
                .filter(invitations::code.matches(Renamed(text.into())))
                .select((invitations::id, invitations::code))
                .load::<(i32, Option<Renamed>)>(connection);
            assert_eq!(found, Ok(vec![(id, Some(Renamed(text.into())))]));
        }
        let unlisted = invitations::table.filter(invitations::code.matches(code("old")));
        assert_eq!(unlisted.count().get_result(connection), Ok(0_i64));

        let bare = invitations::table.find(2).select(invitations::code).first::<Option<String>>(connection);
        assert_eq!(bare, Ok(Some("old".into())));
        EncryptedColumn::new::<invitations::code, Renamed>().rotate().run(connection, |_| {}).unwrap();
        let moved = invitations::table.filter(invitations::code.matches(code("old")));
        assert_eq!(moved.count().get_result(connection), Ok(1_i64));
    });
}

#[test]
fn a_struct_around_a_value_with_a_context_has_it_too() {
    #[derive(Encrypted)]
    struct Outer(Code);

    with_accounts(|connection| {
        let found = accounts::table
            .filter(
                accounts::code
                    .matches(Outer(code("C-2")))
                    .or(accounts::code.matches(Encrypted::new(code("C-3")))),
            )
            .select(accounts::id)
            .order(accounts::id)
            .load::<i32>(connection);
        assert_eq!(found, Ok(vec![2, 3]));
    });
}

#[test]
fn equal_values_are_taken_once() {
    with_accounts(|connection| {
        let again = Account { code: code("C-1"), ..account(9, "nine@example.org") };
        assert_taken!(diesel::insert_into(accounts::table).values(&again).execute(connection));
        assert_taken!(
            diesel::update(accounts::table.find(2)).set(accounts::code.eq(code("C-1"))).execute(connection)
        );
        assert_eq!(load_account(connection, 2).code, code("C-2"));
    });
}

#[test]
fn sql_groups_and_counts_them() {
    with_accounts(|connection| {
        for (id, text) in [(1, "a"), (2, "b"), (3, "a"), (4, "a")] {
            invite(connection, id, text);
        }
        let mut groups = invitations::table
            .group_by(invitations::code)
            .select((invitations::code, count_star()))
            .load::<(Option<Code>, i64)>(connection)
            .unwrap();
        groups.sort_by_key(|(_, count)| *count);
        assert_eq!(groups, [(Some(code("b")), 1), (Some(code("a")), 3)]);

        let different = invitations::table.select(invitations::code).distinct();
        assert_eq!(different.load::<Option<Code>>(connection).unwrap().len(), 2);
        let count =
            invitations::table.select(count(invitations::code).aggregate_distinct()).first::<i64>(connection);
        assert_eq!(count, Ok(2));
    });
}

#[test]
fn two_columns_of_one_context_join() {
    with_accounts(|connection| {
        for (id, text) in [(1, "C-2"), (2, "C-9"), (3, "C-3")] {
            invite(connection, id, text);
        }
        let joined = invitations::table
            .inner_join(accounts::table.on(invitations::code.eq(accounts::code.nullable())))
            .select((invitations::id, accounts::id))
            .order(invitations::id)
            .load::<(i32, i32)>(connection);
        assert_eq!(joined, Ok(vec![(1, 2), (3, 3)]));
    });
}

#[test]
fn while_a_key_is_rotated_values_under_either_are_found() {
    let mut connection = connect();
    let old = account(1, "old@example.org");
    ring_of(1, &[]).scope(|| {
        diesel::insert_into(accounts::table).values(&old).execute(&mut connection).unwrap();
    });
    ring_of(2, &[1]).scope(|| {
        let new = account(2, "new@example.org");
        diesel::insert_into(accounts::table).values(&new).execute(&mut connection).unwrap();
        assert_eq!(found(&mut connection, "C-1"), Some(1));
        assert_eq!(found(&mut connection, "C-2"), Some(2));

        diesel::update(&old).set(&old).execute(&mut connection).unwrap();
    });
    ring_of(2, &[]).scope(|| {
        assert_eq!(found(&mut connection, "C-1"), Some(1));
        assert_eq!(found(&mut connection, "C-2"), Some(2));
        let again = Account { code: code("C-1"), ..account(9, "nine@example.org") };
        assert_taken!(diesel::insert_into(accounts::table).values(&again).execute(&mut connection));
    });
}

#[test]
fn after_a_rename_the_old_context_is_found() {
    #[derive(Encrypted, PartialEq)]
    #[encrypted(context = "customers.code", previous_contexts = ["codes"])]
    struct Renamed(String);

    with_accounts(|connection| {
        let found = accounts::table
            .filter(accounts::code.matches(Renamed("C-3".into())))
            .select((accounts::id, accounts::code))
            .first(connection);
        assert_eq!(found, Ok((3, Renamed("C-3".into()))));
        let borrowed = accounts::table
            .filter(accounts::code.matches(&Renamed("C-3".into())))
            .count()
            .get_result::<i64>(connection);
        assert_eq!(borrowed, Ok(1));
    });
}

#[test]
fn the_envelope_says_that_it_is_deterministic() {
    diesel::table! {
        #[sql_name = "accounts"]
        raw_accounts (id) { id -> Integer, code -> Text }
    }
    with_accounts(|connection| {
        let stored =
            raw_accounts::table.find(1).select(raw_accounts::code).first::<String>(connection).unwrap();
        assert!(stored.starts_with(&format!("ed1d:{}:", key(1).id())), "{stored}");
    });
}
