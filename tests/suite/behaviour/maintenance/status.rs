//! Counting values by key, to see which keys are still needed.

use super::*;

#[test]
fn values_are_counted_by_key_and_kind() {
    let mut connection = connect();
    for (n, ids) in [(1, 1..=3), (2, 4..=8)] {
        Keyring::new(key(n)).scope(|| insert_samples(&mut connection, ids));
    }
    diesel::insert_into(samples::table).values(samples::id.eq(9)).execute(&mut connection).unwrap();
    for (id, stored) in
        [(10, "plaintext"), (11, "ed1:"), (12, "ed1:no hex..:AAAA"), (13, "ed1d:f26f38f7:AAAA"), (14, "")]
    {
        diesel::insert_into(raw_samples::table)
            .values((raw_samples::id.eq(id), raw_samples::text.eq(stored)))
            .execute(&mut connection)
            .unwrap();
    }

    let status = text_column().status(&mut connection).unwrap();
    assert_eq!(status.keys, [(key(1).id(), 3), (key(2).id(), 5)].into());
    assert_eq!((status.null, status.other_mode, status.malformed, status.not_encrypted), (1, 1, 2, 2));
    assert_eq!(status.rows(), 14);
    assert!(!status.is_only_under(key(2).id()));

    let bytes = EncryptedColumn::<Backend>::new::<samples::bytes, EncryptedText>();
    let status = bytes.status(&mut connection).unwrap();
    assert_eq!(status.keys, [(key(1).id(), 3), (key(2).id(), 5)].into());
    assert_eq!((status.null, status.rows()), (6, 14));
}

#[test]
fn the_old_key_can_go_when_all_is_under_the_new_one() {
    let mut connection = connect();
    Keyring::new(key(1)).scope(|| insert_samples(&mut connection, 1..=3));
    let only = |connection: &mut Database, n: u8| {
        text_column().status(connection).unwrap().is_only_under(key(n).id())
    };
    assert!(only(&mut connection, 1));
    Keyring::new(key(2)).with_retired(key(1)).unwrap().scope(|| {
        text_column().rotate().batch_size(2).batch(&mut connection, None).unwrap();
        assert!(!only(&mut connection, 1));
        assert!(!only(&mut connection, 2));
        walk(&mut connection, text_column().rotate().batch_size(2));
    });
    assert!(only(&mut connection, 2));
    put(&mut connection, 1, "plaintext");
    assert!(!only(&mut connection, 2));
}

#[test]
fn an_empty_table_needs_no_key() {
    let status = text_column().status(&mut connect()).unwrap();
    assert_eq!(status.rows(), 0);
    assert!(status.is_only_under(key(1).id()));
}
