//! Re-encrypting under the primary key and the current context.

use super::*;

fn under(n: u8, others: &[u8]) -> Keyring {
    others.iter().fold(Keyring::new(key(n)), |ring, n| ring.with_retired(key(*n)).unwrap())
}

#[test]
fn everything_is_moved_to_the_primary_key_and_stays_what_it_was() {
    let mut connection = connect();
    under(1, &[]).scope(|| insert_samples(&mut connection, 1..=25));
    under(2, &[1]).scope(|| {
        insert_samples(&mut connection, 26..=30);
        for limit in [7, 100] {
            let column = text_column();
            let walked = walk(&mut connection, column.rotate().batch_size(limit));
            // Values under the primary key are not even read, so a second walk has nothing to do.
            let expected = if limit == 7 { 25 } else { 0 };
            assert_eq!(walked, Walked { read: expected, written: expected, ..Walked::default() });
        }
        let bytes = EncryptedColumn::new::<samples::bytes, EncryptedText>();
        assert_eq!(walk(&mut connection, bytes.rotate().batch_size(25)).written, 25);
        assert_eq!(walk(&mut connection, bytes.rotate().batch_size(25)).read, 0);
    });
    under(2, &[]).scope(|| {
        let expected: Vec<_> = (1..=30).map(|id| (id, Some(format!("text {id}")))).collect();
        assert_eq!(texts(&mut connection), expected);
        assert_eq!(walk(&mut connection, text_column().verify().batch_size(9)).bad, []);
        let bytes = EncryptedColumn::<Backend>::new::<samples::bytes, EncryptedText>();
        let walked = walk(&mut connection, bytes.verify().batch_size(9));
        assert_eq!(walked, Walked { read: 30, ..Walked::default() });
    });
}

#[test]
fn null_stays_null() {
    let mut connection = connect();
    under(1, &[]).scope(|| {
        diesel::insert_into(samples::table).values(samples::id.eq(1)).execute(&mut connection).unwrap();
    });
    under(2, &[1]).scope(|| {
        assert_eq!(walk(&mut connection, text_column().rotate().batch_size(9)), Walked::default());
        assert_eq!(texts(&mut connection), [(1, None)]);
    });
}

#[test]
fn what_does_not_open_is_left_as_it_is_and_the_rest_goes_on() {
    let mut connection = connect();
    under(1, &[]).scope(|| insert_samples(&mut connection, 1..=6));
    under(3, &[]).scope(|| insert_samples(&mut connection, 7..=7));
    let damaged = stored_text(&mut connection, 2).replace("ed1:", "ed9:");
    put(&mut connection, 2, &damaged);
    put(&mut connection, 4, "plaintext");
    under(2, &[1]).scope(|| {
        for ring in [under(2, &[1]), under(2, &[1]).with_plaintext_in([Keyring::NO_CONTEXT])] {
            ring.scope(|| {
                let walked = walk(&mut connection, text_column().rotate().batch_size(2));
                let problems: Vec<_> =
                    walked.bad.iter().map(|row| (row.key.to_string(), row.problem.clone())).collect();
                assert_eq!(
                    problems,
                    [
                        ("2".to_owned(), Problem::Value(Error::UnsupportedVersion)),
                        ("4".to_owned(), Problem::Value(Error::NotEncrypted)),
                        ("7".to_owned(), Problem::Value(Error::UnknownKey { key_id: key(3).id() })),
                    ]
                );
            });
        }
        assert_eq!(stored_text(&mut connection, 2), damaged);
        assert_eq!(stored_text(&mut connection, 4), "plaintext");
        for id in [1, 3, 5, 6] {
            assert!(stored_text(&mut connection, id).starts_with(&format!("ed1:{}:", key(2).id())));
        }
    });
}

#[test]
fn values_of_an_older_context_are_moved_to_the_present_one() {
    #[derive(Encrypted)]
    #[encrypted(context = "before")]
    struct Before(String);

    #[derive(Encrypted)]
    #[encrypted(context = "after", previous_contexts = ["before"])]
    struct Moving(String);

    #[derive(Encrypted, PartialEq)]
    #[encrypted(context = "after")]
    struct After(String);

    let mut connection = connect();
    under(1, &[]).scope(|| {
        for id in 1..=5 {
            diesel::insert_into(samples::table)
                .values((samples::id.eq(id), samples::text.eq(Before(format!("text {id}")))))
                .execute(&mut connection)
                .unwrap();
        }
        let column = EncryptedColumn::<Backend>::new::<samples::text, Moving>();
        assert_eq!(walk(&mut connection, column.rotate().batch_size(3)).written, 5);
        assert_eq!(walk(&mut connection, column.rotate().batch_size(3)).written, 0);
        let moved = samples::table.select(samples::text).order(samples::id).first(&mut connection);
        assert_eq!(moved, Ok(Some(After("text 1".into()))));
    });
}

#[test]
fn a_rotated_deterministic_column_is_searched_under_one_key() {
    use super::super::search::{Code, accounts, with_accounts};
    use encrypted_diesel::EncryptedExpressionMethods;

    with_accounts(|connection| {
        let rotated = under(2, &[1]).with_index_key(key(101)).unwrap();
        rotated.scope(|| {
            let column = EncryptedColumn::<Backend>::new::<accounts::code, EncryptedText>();
            assert_eq!(walk(connection, column.rotate().batch_size(2)).bad.len(), 3, "of another context");

            let column = EncryptedColumn::new::<accounts::code, Code>();
            assert_eq!(walk(connection, column.rotate().batch_size(2)).written, 3);
        });
        under(2, &[]).scope(|| {
            let found = accounts::table
                .filter(accounts::code.matches(Code("C-2".into())))
                .count()
                .get_result(connection);
            assert_eq!(found, Ok(1_i64));
        });
    });
}

/// The rows show what is done, so a walk can start again, or run twice, without harm.
#[test]
fn a_walk_that_starts_again_does_the_rest() {
    let mut connection = connect();
    under(1, &[]).scope(|| insert_samples(&mut connection, 1..=20));
    under(2, &[1]).scope(|| {
        let first = text_column().rotate().batch_size(8).batch(&mut connection, None).unwrap();
        assert_eq!((first.read, first.written), (8, 8));
        // Without the last row, it starts from the beginning.
        let walked = walk(&mut connection, text_column().rotate().batch_size(8));
        assert_eq!(walked.written, 12);
        assert_eq!(texts(&mut connection).len(), 20);
    });
}

#[test]
fn without_a_keyring_nothing_is_read() {
    let error = text_column().rotate().batch_size(8).batch(&mut connect(), None).unwrap_err();
    assert_eq!(Error::from_diesel(&error), Some(&Error::NotInitialized));
}
