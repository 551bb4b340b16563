//! Encrypting the plaintext of a column.

use super::*;

fn insert_plaintext(connection: &mut Database, rows: &[(i32, &str)]) {
    for (id, text) in rows {
        diesel::insert_into(raw_samples::table)
            .values((raw_samples::id.eq(id), raw_samples::text.eq(text)))
            .execute(connection)
            .unwrap();
    }
}

#[test]
fn plaintext_is_encrypted_once() {
    let mut connection = connect();
    let rows: Vec<_> = (1..=15).map(|id| (id, format!("text {id} – größer"))).collect();
    insert_plaintext(&mut connection, &rows.iter().map(|(id, text)| (*id, &**text)).collect::<Vec<_>>());
    new_keyring().scope(|| {
        insert_samples(&mut connection, 16..=20);
        let column = text_column();
        let walked = walk(&mut connection, column.encrypt().batch_size(4));
        assert_eq!(walked, Walked { read: 15, written: 15, ..Walked::default() });
        assert_eq!(walk(&mut connection, column.encrypt().batch_size(4)), Walked::default());

        let read = texts(&mut connection);
        assert!(read[..15].iter().map(|(id, text)| (*id, text.clone().unwrap())).eq(rows));
        assert_eq!(read[15].1.as_deref(), Some("text 16"));
        assert!((1..=20).all(|id| stored_text(&mut connection, id).starts_with("ed1:")));
    });
}

/// Only a person can say what a value is that begins like an envelope. It is named, so that a person does.
#[test]
fn what_begins_as_an_envelope_is_never_encrypted() {
    let mut connection = connect();
    let kept = ["ed1:", "ed1:f26f38f7:", "ed1d:nothing", "ed2:00000000:AAAA"];
    insert_plaintext(
        &mut connection,
        &[(1, kept[0]), (2, kept[1]), (3, kept[2]), (4, kept[3]), (5, "ed100, Main St")],
    );
    new_keyring().scope(|| {
        let walked = walk(&mut connection, text_column().encrypt().batch_size(2));
        assert_eq!(
            (walked.written, shown(&walked.bad)),
            (1, ["1", "2", "3", "4"].map(str::to_owned).to_vec())
        );
        for (id, kept) in (1..).zip(kept) {
            assert_eq!(stored_text(&mut connection, id), kept);
        }
        assert_eq!(texts_of(&mut connection, 5), "ed100, Main St");
    });
}

fn texts_of(connection: &mut Database, id: i32) -> String {
    samples::table.find(id).select(samples::text).first::<Option<String>>(connection).unwrap().unwrap()
}

/// Plaintext is read by its type, and written in the form of its type.
#[test]
fn values_are_those_of_the_type() {
    let mut connection = connect();
    insert_plaintext(
        &mut connection,
        &[(1, "2024-02-29 12:30:00"), (2, "yesterday"), (3, "2024-02-29T12:30:00")],
    );
    new_keyring().scope(|| {
        let column = EncryptedColumn::<Backend>::new::<samples::text, Encrypted<chrono::NaiveDateTime>>();
        let walked = walk(&mut connection, column.encrypt().batch_size(9));
        assert_eq!((walked.written, shown(&walked.bad)), (2, vec!["2".to_owned()]));
        assert!(matches!(walked.bad[0].problem, Problem::Value(Error::InvalidPlaintext { .. })));
        assert_eq!(stored_text(&mut connection, 2), "yesterday");
        assert_eq!(texts_of(&mut connection, 1), "2024-02-29T12:30:00");
        assert_eq!(texts_of(&mut connection, 3), "2024-02-29T12:30:00");
    });
}

#[test]
fn no_message_shows_a_value() {
    let mut connection = connect();
    insert_plaintext(&mut connection, &[(1, "PLAINTEXT-SECRET")]);
    new_keyring().scope(|| {
        let column = EncryptedColumn::<Backend>::new::<samples::text, Encrypted<i32>>();
        let batch = column.encrypt().batch_size(9).batch(&mut connection, None).unwrap();
        let shown = format!("{batch:?} {:#?} {} {column:?}", batch.bad, batch.bad[0]);
        assert!(!shown.contains("PLAINTEXT"), "{shown}");
        assert!(shown.contains("1: the plaintext is not a valid `i32`"), "{shown}");
    });
}

#[test]
fn binary_columns_hold_plaintext_too() {
    let mut connection = connect();
    diesel::insert_into(raw_samples::table)
        .values((raw_samples::id.eq(1), raw_samples::bytes.eq(vec![0xFF_u8, 0, 1])))
        .execute(&mut connection)
        .unwrap();
    new_keyring().scope(|| {
        let column = EncryptedColumn::<Backend>::new::<samples::bytes, EncryptedBinary>();
        assert_eq!(walk(&mut connection, column.encrypt().batch_size(9)).written, 1);
        assert_eq!(walk(&mut connection, column.encrypt().batch_size(9)).read, 0);
        let read = samples::table.select(samples::bytes).first::<Option<Vec<u8>>>(&mut connection);
        assert_eq!(read, Ok(Some(vec![0xFF, 0, 1])));
    });
}

#[test]
fn ciphertexts_of_another_program_are_told_from_plaintext() {
    let mut connection = connect();
    let column = EncryptedColumn::new::<samples::bytes, EncryptedBinary>();
    assert_eq!(column.looks_encrypted(&mut connection), Ok(None));
    Keyring::new(key(1)).scope(|| insert_samples(&mut connection, 1..=3));
    // Our own are none.
    assert_eq!(column.looks_encrypted(&mut connection), Ok(None));
    let mut put_all = |make: &dyn Fn() -> Vec<u8>| {
        for id in 1..=3 {
            let row = diesel::update(raw_samples::table.find(id));
            row.set(raw_samples::bytes.eq(make())).execute(&mut connection).unwrap();
        }
        column.looks_encrypted(&mut connection)
    };
    let distinct = || (0..40_u8).map(|n| n.wrapping_mul(151).wrapping_add(200)).collect();
    assert_eq!(put_all(&distinct), Ok(Some("random bytes")));
    assert_eq!(put_all(&|| b"plain text of more than 28 bytes".to_vec()), Ok(None));
    for id in 1..=3 {
        put(&mut connection, id, "$argon2id$v=19$m=19456,t=2,p=1$c2FsdA$aGFzaA");
    }
    assert_eq!(text_column().looks_encrypted(&mut connection), Ok(Some("hashes of passwords")));
}
