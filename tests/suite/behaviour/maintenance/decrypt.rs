//! Decrypting a column.

use super::*;

#[test]
fn envelopes_become_plaintext_and_all_else_stays() {
    let mut connection = connect();
    new_keyring().scope(|| {
        insert_samples(&mut connection, 1..=5);
        insert_samples(&mut connection, 7..=7);
        put(&mut connection, 4, "plaintext");
        diesel::insert_into(raw_samples::table)
            .values(raw_samples::id.eq(6))
            .execute(&mut connection)
            .unwrap();
        let tampered = format!("{}x", &stored_text(&mut connection, 5)[..40]);
        put(&mut connection, 5, &tampered);

        let column = text_column();
        let walked = walk(&mut connection, column.decrypt().batch_size(2));
        assert_eq!((walked.read, walked.written, shown(&walked.bad)), (5, 4, vec!["5".to_owned()]));
        for id in [1, 2, 3, 7] {
            assert_eq!(stored_text(&mut connection, id), format!("text {id}"));
        }
        assert_eq!(stored_text(&mut connection, 4), "plaintext");
        assert_eq!(stored_text(&mut connection, 5), tampered);
        assert_eq!(walk(&mut connection, column.decrypt().batch_size(9)).written, 0);

        let bytes = EncryptedColumn::<Backend>::new::<samples::bytes, EncryptedText>();
        walk(&mut connection, bytes.decrypt().batch_size(9));
        assert_eq!(stored_bytes(&mut connection, 3), b"text 3");
    });
}

#[test]
fn bytes_that_are_not_text_are_not_put_into_a_text_column() {
    let mut connection = connect();
    new_keyring().scope(|| {
        let (envelope, _) = seal(&mut connection, vec![0xFF_u8]);
        let column = EncryptedColumn::<Backend>::new::<samples::text, EncryptedBinary>();
        let walked = walk(&mut connection, column.decrypt().batch_size(9));
        assert_eq!(walked.bad[0].problem, Problem::NotText);
        assert_eq!(stored_text(&mut connection, 1), envelope);
    });
}

/// A walk that starts again after it ended half-way would decrypt it a second time.
#[test]
fn what_would_be_taken_for_an_envelope_stays_encrypted() {
    let mut connection = connect();
    new_keyring().scope(|| {
        let column = text_column();
        let (inner, _) = seal(&mut connection, "secret".to_owned());
        for plaintext in [&*inner, "ed1:hello", "ed1d:hello", "ed2:hello"] {
            diesel::delete(raw_samples::table).execute(&mut connection).unwrap();
            let (outer, _) = seal(&mut connection, plaintext.to_owned());
            for _ in 0..2 {
                let walked = walk(&mut connection, column.decrypt().batch_size(9));
                assert_eq!(walked.written, 0, "{plaintext}");
                assert_eq!(walked.bad[0].problem, Problem::LooksEncrypted);
                assert_eq!(stored_text(&mut connection, 1), outer);
            }
        }
    });
}
