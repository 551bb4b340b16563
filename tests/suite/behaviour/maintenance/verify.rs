//! Every value is decrypted, and every failure reported.

use super::*;

#[test]
fn what_does_not_open_is_named_and_nothing_is_written() {
    let mut connection = connect();
    new_keyring().scope(|| {
        insert_samples(&mut connection, 1..=10);
        let (second, fifth) = (stored_text(&mut connection, 2), stored_text(&mut connection, 5));
        put(&mut connection, 5, &second);
        put(&mut connection, 2, &format!("{}x", &second[..second.len() - 1]));
        put(&mut connection, 9, "plaintext");
        let before: Vec<_> = (1..=10).map(|id| stored_text(&mut connection, id)).collect();

        let column = text_column();
        let walked = walk(&mut connection, column.verify().batch_size(3));
        assert_eq!((walked.read, walked.written, walked.missed), (10, 0, 0));
        // A value that was swapped with another row's opens: its context is the column's, not the row's.
        assert_eq!(shown(&walked.bad), ["2", "9"]);
        assert_ne!(fifth, second);

        let after: Vec<_> = (1..=10).map(|id| stored_text(&mut connection, id)).collect();
        assert_eq!(before, after);
    });
}

#[test]
fn a_value_of_another_type_or_context_is_named() {
    let mut connection = connect();
    new_keyring().scope(|| {
        insert_samples(&mut connection, 1..=2);
        let number = EncryptedColumn::<Backend>::new::<samples::text, Encrypted<i32>>();
        let walked = walk(&mut connection, number.verify().batch_size(9));
        assert!(matches!(walked.bad[0].problem, Problem::Value(Error::InvalidPlaintext { .. })));
        let ssn = EncryptedColumn::<Backend>::new::<samples::text, Ssn>();
        let walked = walk(&mut connection, ssn.verify().batch_size(9));
        assert_eq!(walked.bad[1].problem, Problem::Value(Error::DecryptionFailed));
    });
}
