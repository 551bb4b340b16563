//! Two indexes of a phone number: all of it, and its last four digits.

use super::*;

#[test]
fn a_value_is_found_by_each_of_its_indexes() {
    with_accounts(|connection| {
        let found = accounts::table
            .filter(accounts::phone_index.matches(Phone("030/12346789".into())))
            .select(accounts::id)
            .load::<i32>(connection);
        assert_eq!(found, Ok(vec![1]));
        assert!(ending_in(connection, "6789").contains(&1));
        assert!(ending_in(connection, "0000").contains(&3));
        assert!(ending_in(connection, "whatever, ending in ６７８９").contains(&1));
    });
}

/// An index of 12 bits has only 4,096 values, so that some rows match by chance; `is_match` removes them.
#[test]
fn false_hits_of_a_truncated_index_can_be_told_apart() {
    let mut connection = connect();
    ring(&[1]).scope(|| {
        let accounts: Vec<_> = (0..2_000)
            .map(|id| Account {
                phone: phone(&format!("030-{id:04}")),
                ..account(id, &format!("{id}@example.org"))
            })
            .collect();
        diesel::insert_into(accounts::table).values(&accounts).execute(&mut connection).unwrap();

        let mut false_hits = 0;
        for id in (0..2_000).step_by(10) {
            let term = LastFour(format!("{id:04}"));
            let mut found = accounts::table
                .filter(accounts::phone_last_four.matches(&term))
                .select(Account::as_select())
                .load(&mut connection)
                .unwrap();
            let all = found.len();
            found.retain(|account| account.phone.is_match(&term));
            false_hits += all - found.len();
            assert_eq!(found, accounts[id..=id]);
        }
        assert!(false_hits > 0, "200 searches of 2,000 rows, and no digest of 12 bits shared");
    });
}

#[test]
fn a_row_without_a_number_does_not_match() {
    let term = LastFour("6789".into());
    assert!(phone("030-6789").is_match(&term));
    assert!(!phone("030-6780").is_match(&term));
    assert!(!PhoneColumns::from(None).is_match(&term));
    assert!(term.is_match(&Phone("6789".into())));
}
