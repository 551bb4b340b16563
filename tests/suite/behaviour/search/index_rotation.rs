//! Rotating the index key, by the steps of the documentation.

use super::*;

/// Signs up a new account: searches under all keys, and inserts in the same transaction.
fn sign_up(connection: &mut Database, id: i32, address: &str) -> Option<i32> {
    connection
        .transaction(|connection| {
            let taken = diesel::select(diesel::dsl::exists(
                accounts::table.filter(accounts::email_index.matches(email(address))),
            ));
            if taken.get_result(connection)? {
                return QueryResult::Ok(None);
            }
            diesel::insert_into(accounts::table).values(account(id, address)).execute(connection)?;
            Ok(Some(id))
        })
        .unwrap()
}

/// Writes an account back unchanged, under the current keys.
fn reindex(connection: &mut Database, id: i32) -> QueryResult<usize> {
    let account = load_account(connection, id);
    diesel::update(&account).set(&account).execute(connection)
}

#[test]
fn during_a_rotation_nobody_is_lost_and_nobody_signs_up_twice() {
    let mut connection = connect();
    let (old, new) = (1, 2);
    let addresses = |ids: std::ops::RangeInclusive<i32>| ids.map(|id| (id, format!("{id}@example.org")));
    let everybody_is_found = |connection: &mut Database, ids: std::ops::RangeInclusive<i32>| {
        for (id, address) in addresses(ids) {
            assert_eq!(find(connection, &address), Some(id));
            assert_eq!(sign_up(connection, 99, &address.to_uppercase()), None, "there already: {address}");
        }
    };
    let sign_up_all = |connection: &mut Database, ids: std::ops::RangeInclusive<i32>| {
        for (id, address) in addresses(ids) {
            assert_eq!(sign_up(connection, id, &address), Some(id));
        }
    };

    ring(&[old]).scope(|| sign_up_all(&mut connection, 1..=4));
    // 1. Every instance knows the new key, and none writes with it.
    ring(&[old, new]).scope(|| {
        sign_up_all(&mut connection, 5..=6);
        everybody_is_found(&mut connection, 1..=6);
        assert_eq!(states(&mut connection, 6), CURRENT);
    });
    ring(&[old]).scope(|| everybody_is_found(&mut connection, 1..=6));
    // 2. It becomes primary.
    ring(&[new, old]).scope(|| {
        sign_up_all(&mut connection, 7..=9);
        everybody_is_found(&mut connection, 1..=9);
        assert_eq!(states(&mut connection, 6)[0], IndexState::Outdated);
        assert_eq!(states(&mut connection, 7), CURRENT);
        // 3. Older rows are rewritten one by one, and found all the time.
        for id in 1..=9 {
            assert_eq!(reindex(&mut connection, id), Ok(1));
            everybody_is_found(&mut connection, 1..=9);
        }
        for id in 1..=9 {
            assert_eq!(states(&mut connection, id), CURRENT);
        }
    });
    // 4. The old key is removed, and the unique index alone refuses duplicates again.
    ring(&[new]).scope(|| {
        everybody_is_found(&mut connection, 1..=9);
        let again = account(99, "1@EXAMPLE.org");
        assert_taken!(diesel::insert_into(accounts::table).values(&again).execute(&mut connection));
    });
}

/// Removing the old key too early hides the rows that it indexed, and verification reports them.
#[test]
fn the_old_key_is_needed_until_every_row_is_rewritten() {
    let mut connection = connect();
    ring(&[1]).scope(|| sign_up(&mut connection, 1, "ada@example.org"));
    ring(&[2]).scope(|| {
        assert_eq!(find(&mut connection, "ada@example.org"), None);
        assert_eq!(states(&mut connection, 1)[0], IndexState::Mismatched);
    });
    ring(&[2, 1]).scope(|| assert_eq!(find(&mut connection, "ada@example.org"), Some(1)));
}

/// Between step 2 and the end of step 3, the unique index cannot see that two digests belong to one value. An
/// insert without a search is not refused then, but rewriting the older row is: nothing is overwritten.
#[test]
fn a_duplicate_made_during_a_rotation_is_refused_when_it_is_rewritten() {
    let mut connection = connect();
    ring(&[1]).scope(|| sign_up(&mut connection, 1, "ada@example.org"));
    ring(&[2, 1]).scope(|| {
        let without_looking = account(2, "Ada@example.org");
        assert_eq!(
            diesel::insert_into(accounts::table).values(&without_looking).execute(&mut connection),
            Ok(1)
        );
        assert_taken!(reindex(&mut connection, 1));
        assert_eq!(load_account(&mut connection, 1), account(1, "ada@example.org"));
        let both = accounts::table
            .filter(accounts::email_index.matches(email("ada@example.org")))
            .count()
            .get_result(&mut connection);
        assert_eq!(both, Ok(2_i64));
    });
}

#[test]
fn a_value_is_found_under_each_of_five_keys() {
    let mut connection = connect();
    for n in 1..=5 {
        ring(&[n]).scope(|| sign_up(&mut connection, n.into(), &format!("{n}@example.org")));
    }
    ring(&[3, 1, 5, 2, 4]).scope(|| {
        for n in 1..=5 {
            assert_eq!(find(&mut connection, &format!("{n}@example.org")), Some(n));
        }
        let all = accounts::table
            .filter(accounts::email_index.matches_any((1..=5).map(|n| email(&format!("{n}@example.org")))))
            .count()
            .get_result(&mut connection);
        assert_eq!(all, Ok(5_i64));
    });
}
