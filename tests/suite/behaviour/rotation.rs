//! Values name the key that they were encrypted under.

use encrypted_diesel::Error;

use super::*;

#[test]
fn five_keys_open_the_values_of_each() {
    let mut connection = connect();
    let sealed: Vec<_> =
        (1..=5).map(|n| Keyring::new(key(n)).scope(|| seal(&mut connection, format!("under {n}")))).collect();

    let ring = (2..=5).fold(Keyring::new(key(1)), |ring, n| ring.with_retired(key(n)).unwrap());
    ring.scope(|| {
        for (n, (text, bytes)) in (1..).zip(&sealed) {
            assert_eq!(open_text::<String>(&mut connection, text).unwrap(), format!("under {n}"));
            assert_eq!(open_bytes::<String>(&mut connection, bytes).unwrap(), format!("under {n}"));
        }
    });
}

/// The id in the envelope selects the key, and no other key is tried: with the id of another key of the ring, a
/// value does not open, although its own key is there.
#[test]
fn a_value_is_opened_under_the_key_that_it_names_only() {
    let mut connection = connect();
    let ring = (2..=5).fold(Keyring::new(key(1)), |ring, n| ring.with_retired(key(n)).unwrap());
    let (text, _) = Keyring::new(key(3)).scope(|| seal(&mut connection, "Ada"));
    assert_eq!(text[4..12], key(3).id().to_string());
    ring.scope(|| {
        assert_eq!(open_text::<String>(&mut connection, &text).unwrap(), "Ada");
        for other in [1, 2, 4, 5] {
            let renamed = text.replace(&key(3).id().to_string(), &key(other).id().to_string());
            assert_refused!(open_text::<String>(&mut connection, &renamed), Error::DecryptionFailed);
        }
    });
}

#[test]
fn the_first_key_encrypts() {
    let mut connection = connect();
    let ring = Keyring::new(key(2)).with_retired(key(1)).unwrap();
    let (text, bytes) = ring.scope(|| seal(&mut connection, "Ada"));
    assert!(text.starts_with(&format!("ed1:{}:", key(2).id())));
    assert_eq!(&bytes[4..8], key(2).id().as_bytes());
}

#[test]
fn an_unknown_key_is_named() {
    let mut connection = connect();
    let (text, bytes) = Keyring::new(key(1)).scope(|| seal(&mut connection, "Ada"));
    Keyring::new(key(2)).scope(|| {
        let id = key(1).id();
        assert_refused!(open_text::<String>(&mut connection, &text), Error::UnknownKey { key_id } if *key_id == id);
        assert_refused!(open_bytes::<String>(&mut connection, &bytes), Error::UnknownKey { key_id } if *key_id == id);
    });
}

/// The query is in the documentation for operators.
#[test]
fn rows_can_be_counted_by_key_in_plain_sql() {
    #[derive(QueryableByName)]
    struct Count {
        #[diesel(sql_type = diesel::sql_types::Text)]
        key_id: String,
        #[diesel(sql_type = diesel::sql_types::BigInt)]
        total: i64,
    }

    let mut connection = connect();
    for (id, n) in [(1, 1), (2, 2), (3, 2)] {
        Keyring::new(key(n)).scope(|| {
            diesel::insert_into(samples::table)
                .values((samples::id.eq(id), samples::text.eq(EncryptedText::from("Ada"))))
                .execute(&mut connection)
                .unwrap();
        });
    }
    let sql = "SELECT substr(text, 5, 8) AS key_id, count(*) AS total FROM samples GROUP BY 1 ORDER BY 2";
    let counts = diesel::sql_query(sql).load::<Count>(&mut connection).unwrap();
    let counts: Vec<_> = counts.into_iter().map(|count| (count.key_id, count.total)).collect();
    assert_eq!(counts, [(key(1).id().to_string(), 1), (key(2).id().to_string(), 2)]);
}
