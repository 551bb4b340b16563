//! A statement stores and searches under the keyring that it runs with.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use diesel::connection::{Connection as _, InstrumentationEvent};

use super::*;

/// Shows a statement, as a log does, in the scope of these index keys.
macro_rules! show {
    ($index_keys:expr, $statement:expr) => {
        ring($index_keys).scope(|| diesel::debug_query::<Backend, _>($statement).to_string())
    };
}

#[test]
fn a_query_that_was_made_elsewhere_searches_under_the_keys_at_hand() {
    let query = accounts::table
        .filter(accounts::email_index.matches(email("ada@example.org")))
        .filter(accounts::code.matches(code("C-1")))
        .select(accounts::id);
    let again = query.clone();
    ring(&[7]).scope(|| assert_eq!(again.load::<i32>(&mut connect()), Ok(vec![])));
    with_accounts(|connection| assert_eq!(query.load::<i32>(connection), Ok(vec![1])));
}

/// The query itself, its copy, and what it is part of.
#[test]
fn a_query_that_was_shown_elsewhere_searches_under_the_keys_at_hand() {
    with_accounts(|connection| {
        let ids = accounts::table.select(accounts::id);
        let ada = ids.filter(accounts::email_index.matches(email("ada@example.org")));
        show!(&[7], &ada);
        assert_eq!(ada.clone().load::<i32>(connection), Ok(vec![1]));
        assert_eq!(ada.load::<i32>(connection), Ok(vec![1]));

        let boxed = ids
            .filter(accounts::email_index.matches_any([email("x"), email("ada@example.org")]))
            .or_filter(accounts::phone_index.matches(Phone("+44 20 7946 0000".into())))
            .order(accounts::id)
            .into_boxed::<Backend>();
        show!(&[7, 8], &boxed);
        assert_eq!(boxed.load::<i32>(connection), Ok(vec![1, 3]));

        let delete =
            diesel::delete(accounts::table.filter(accounts::email_index.matches(email("bob@example.org"))));
        show!(&[7], &delete);
        assert_eq!(delete.execute(connection), Ok(1));
    });
}

#[test]
fn a_deterministic_search_that_was_shown_elsewhere_finds_as_well() {
    with_accounts(|connection| {
        let query = accounts::table
            .filter(accounts::code.matches(code("C-1")).or(accounts::code.matches_any([code("C-3")])))
            .select(accounts::id)
            .order(accounts::id);
        new_keyring().scope(|| drop(diesel::debug_query::<Backend, _>(&query).to_string()));
        assert_eq!(query.load::<i32>(connection), Ok(vec![1, 3]));
    });
}

#[test]
fn a_statement_that_was_made_elsewhere_is_indexed_under_the_keys_at_hand() {
    with_accounts(|connection| {
        let statement = ring(&[7]).scope(|| {
            diesel::update(accounts::table.find(1)).set(EmailColumns::new(email("king@example.org")))
        });
        assert_eq!(statement.execute(connection), Ok(1));
        assert_eq!(find(connection, "king@example.org"), Some(1));
        assert_eq!(states(connection, 1), CURRENT);
    });
}

#[test]
fn a_write_that_was_shown_elsewhere_is_indexed_under_the_keys_at_hand() {
    with_accounts(|connection| {
        let insert = diesel::insert_into(accounts::table)
            .values(Account { phone: phone("555 1234"), ..account(9, "new@example.org") });
        show!(&[7], &insert);
        assert_eq!(insert.execute(connection), Ok(1));
        assert_eq!(find(connection, "new@example.org"), Some(9));
        assert_eq!(states(connection, 9), CURRENT);

        let update =
            diesel::update(accounts::table.find(1)).set(EmailColumns::new(email("king@example.org")));
        show!(&[7], &update);
        assert_eq!(update.execute(connection), Ok(1));
        assert_eq!(find(connection, "king@example.org"), Some(1));
        assert_eq!(states(connection, 1), CURRENT);
    });
}

/// Each time it is run.
#[test]
fn a_statement_that_runs_twice_uses_the_keys_of_each_run() {
    with_accounts(|connection| {
        let update =
            diesel::update(accounts::table.filter(accounts::email_index.matches(email("ada@example.org"))))
                .set(PhoneColumns::from(None));
        let run = |connection: &mut Database| connection.execute_returning_count(&update);
        assert_eq!(ring(&[7]).scope(|| run(connection)), Ok(0));
        assert_eq!(run(connection), Ok(1));
        assert_eq!(ring(&[7, 1]).scope(|| run(connection)), Ok(1));
        assert_eq!(ring(&[8, 9]).scope(|| run(connection)), Ok(0));
    });
}

/// An instrumentation shows each query in the middle of its run, here in a scope of other keys.
#[test]
fn a_query_that_is_shown_while_it_runs_finds_as_well() {
    with_accounts(|connection| {
        let shown = Arc::new(AtomicU32::new(0));
        let count = Arc::clone(&shown);
        connection.set_instrumentation(move |event: InstrumentationEvent<'_>| {
            if let InstrumentationEvent::StartQuery { query, .. } = event {
                ring(&[7, 8, 9]).scope(|| drop(query.to_string()));
                count.fetch_add(1, Ordering::Relaxed);
            }
        });
        assert_eq!(find(connection, "ada@example.org"), Some(1));
        let any = accounts::table
            .filter(accounts::email_index.matches_any(["eve@example.org", "x", "bob@example.org"].map(email)))
            .select(accounts::id)
            .order(accounts::id);
        assert_eq!(any.load::<i32>(connection), Ok(vec![2, 3]));
        assert!(shown.load(Ordering::Relaxed) >= 2);
    });
}

/// The statement is the same under any keyring, and without one.
#[test]
fn a_statement_does_not_depend_on_the_keyring() {
    let query = accounts::table
        .filter(accounts::email_index.matches(email("ada@example.org")))
        .filter(accounts::code.matches_any(["C-1", "C-2"].map(code)));
    let without = diesel::debug_query::<Backend, _>(&query).to_string();
    for keys in [&[1][..], &[1, 2], &[1, 2, 3]] {
        assert_eq!(show!(keys, &query), without);
    }
}

#[test]
fn under_eight_keys_a_value_is_found_and_under_more_where_the_statement_takes_them() {
    let many: Vec<u8> = (1..=9).collect();
    with_accounts(|connection| {
        for first in 2..=8 {
            ring(&many[first - 2..first]).scope(|| {
                let expected = (first == 2).then_some(1);
                assert_eq!(find(connection, "ada@example.org"), expected);
            });
        }
        let reversed: Vec<u8> = many[..8].iter().rev().copied().collect();
        ring(&reversed).scope(|| {
            assert_eq!(find(connection, "ada@example.org"), Some(1), "the last of eight keys");
            let any = accounts::table
                .filter(
                    accounts::email_index.matches_any(["ada@example.org", "eve@example.org", "x"].map(email)),
                )
                .select(accounts::id)
                .order(accounts::id);
            assert_eq!(any.load::<i32>(connection), Ok(vec![1, 3]));
        });
        ring(&many).scope(|| {
            let search = accounts::table.filter(accounts::email_index.matches(email("ada@example.org")));
            let found = search.select(accounts::id).load::<i32>(connection);
            if has_arrays() {
                assert_eq!(found, Ok(vec![1]));
            } else {
                assert_refused!(found, Error::SearchTooLarge { forms: 9, most: 8 });
            }
        });
    });
}

/// `matches` prepares one statement for all runs, and so does `matches_any` with an array. Elsewhere it would prepare one
/// for each number of values.
#[test]
fn a_statement_is_kept_where_it_comes_again() {
    with_accounts(|connection| {
        let kept = Arc::new(AtomicU32::new(0));
        let count = Arc::clone(&kept);
        connection.set_instrumentation(move |event: InstrumentationEvent<'_>| {
            if matches!(event, InstrumentationEvent::CacheQuery { .. }) {
                count.fetch_add(1, Ordering::Relaxed);
            }
        });
        let ids = accounts::table.select(accounts::id);
        for n in 1..=5 {
            let some = (0..n).map(|n| email(&format!("{n}@example.org")));
            ids.filter(accounts::email_index.matches_any(some)).load::<i32>(connection).unwrap();
        }
        let with_array = u32::from(has_arrays());
        assert_eq!(kept.swap(0, Ordering::Relaxed), with_array);
        for n in 1..=5 {
            ids.filter(accounts::email_index.matches(email(&format!("{n}@example.org"))))
                .load::<i32>(connection)
                .unwrap();
        }
        assert_eq!(kept.load(Ordering::Relaxed), 1 - with_array, "with an array it is the same statement");
    });
}
