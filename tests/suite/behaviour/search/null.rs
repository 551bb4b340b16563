//! NULL has no index; the empty text has one.

use super::*;

#[test]
fn null_and_empty_are_two_things() {
    with_accounts(|connection| {
        let empty = Account { phone: phone(""), ..account(4, "") };
        diesel::insert_into(accounts::table).values(&empty).execute(connection).unwrap();

        let indexes = accounts::table
            .select((accounts::id, accounts::phone_index.is_null(), accounts::phone_last_four.is_null()))
            .order(accounts::id)
            .load::<(i32, bool, bool)>(connection);
        assert_eq!(
            indexes,
            Ok(vec![(1, false, false), (2, true, true), (3, false, false), (4, false, false)])
        );
        assert_eq!(find(connection, ""), Some(4));
        let empty = accounts::table
            .filter(accounts::phone_index.matches(Phone(String::new())))
            .select(accounts::id)
            .load::<i32>(connection);
        assert_eq!(empty, Ok(vec![4]));
        assert_eq!(states(connection, 2), CURRENT);
        assert_eq!(states(connection, 4), CURRENT);
    });
}

/// As with `eq` on any nullable column.
#[test]
fn null_satisfies_neither_matches_nor_its_negation() {
    with_accounts(|connection| {
        let matches = || accounts::phone_index.matches(Phone("03012346789".into()));
        let ids = accounts::table.select(accounts::id).order(accounts::id);
        assert_eq!(ids.filter(matches()).load::<i32>(connection), Ok(vec![1]));
        assert_eq!(ids.filter(diesel::dsl::not(matches())).load::<i32>(connection), Ok(vec![3]));
        let selected = accounts::table.select(matches()).order(accounts::id).load::<Option<bool>>(connection);
        assert_eq!(selected, Ok(vec![Some(true), None, Some(false)]));
    });
}
