//! `matches_any` of more values than a statement takes.

use super::*;

/// The accounts with one of this many addresses.
fn any(connection: &mut Database, values: usize) -> QueryResult<Vec<i32>> {
    let many = (0..values).map(|n| email(&format!("{n}@example.org")));
    accounts::table.filter(accounts::email_index.matches_any(many)).select(accounts::id).load(connection)
}

fn with_one(test: impl FnOnce(&mut Database)) {
    let mut connection = connect();
    ring(&[1]).scope(|| {
        diesel::insert_into(accounts::table)
            .values(account(7, "4999@example.org"))
            .execute(&mut connection)
            .unwrap();
    });
    test(&mut connection);
}

#[test]
fn thousands_are_found_under_two_keys() {
    with_one(|connection| {
        for keys in [&[1][..], &[1, 2], &[2, 1]] {
            assert_eq!(ring(keys).scope(|| any(connection, 5_000)), Ok(vec![7]));
        }
    });
}

/// With an array. Elsewhere the error comes before the query, and says how many are too many.
#[test]
fn more_than_a_statement_takes_are_found_or_refused() {
    with_one(|connection| {
        let found = ring(&[2, 1]).scope(|| any(connection, 40_000));
        if has_arrays() {
            assert_eq!(found, Ok(vec![7]));
            assert_eq!(ring(&[2, 1]).scope(|| any(connection, 70_000)), Ok(vec![7]));
        } else {
            let error = found.unwrap_err();
            let error = Error::from_diesel(&error).unwrap();
            assert!(matches!(error, Error::SearchTooLarge { .. }), "{error}");
            let message = error.to_string();
            assert!(message.contains("32766") || message.contains("65535"), "{message}");
            assert!(message.contains("search for fewer values at a time"), "{message}");
        }
    });
}

#[test]
fn so_are_deterministic_values() {
    with_one(|connection| {
        let two_keys = Keyring::new(key(2)).with_retired(key(1)).unwrap();
        let any = |connection: &mut Database, values: usize| {
            accounts::table
                .filter(accounts::code.matches_any((0..values).map(|n| code(&format!("C-{n}")))))
                .select(accounts::id)
                .load::<i32>(connection)
        };
        assert_eq!(two_keys.scope(|| any(connection, 1_000)), Ok(vec![7]));
        let found = two_keys.scope(|| any(connection, 40_000));
        if has_arrays() {
            assert_eq!(found, Ok(vec![7]));
        } else {
            assert_refused!(found, Error::SearchTooLarge { .. });
        }
    });
}
