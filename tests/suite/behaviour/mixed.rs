//! Plaintext beside ciphertext, while an application adopts encryption.

use encrypted_diesel::Error;

use super::*;
use crate::logger;

fn allowing() -> Keyring {
    new_keyring().with_plaintext_in([Keyring::NO_CONTEXT, "patients.ssn"])
}

#[test]
fn plaintext_is_read_where_it_is_allowed() {
    let mut connection = connect();
    allowing().scope(|| {
        for text in ["", "123-45-6789", "Zoë 🦊", "ed1", "ed25519:abc"] {
            assert_eq!(open_text::<String>(&mut connection, text).unwrap(), text);
        }
        for bytes in [&[][..], &[0xFF, 0x00], &[0xED, 0x65]] {
            assert_eq!(open_bytes::<Vec<u8>>(&mut connection, bytes).unwrap(), bytes);
        }
        assert_eq!(open_text::<i32>(&mut connection, "-7").unwrap(), -7);
    });
}

#[test]
fn encrypted_values_are_read_beside_it_and_writes_encrypt() {
    let mut connection = connect();
    allowing().scope(|| {
        let (text, bytes) = seal(&mut connection, "Ada");
        assert!(text.starts_with("ed1:"));
        assert_eq!(open_text::<String>(&mut connection, &text).unwrap(), "Ada");
        assert_eq!(open_bytes::<String>(&mut connection, &bytes).unwrap(), "Ada");
    });
}

/// Adopting one column leaves the others strict.
#[test]
fn plaintext_of_another_context_is_refused() {
    let mut connection = connect();
    new_keyring().with_plaintext_in(["patients.ssn"]).scope(|| {
        assert_eq!(open_text::<Ssn>(&mut connection, "123-45-6789").unwrap().0, "123-45-6789");
        assert_refused!(open_text::<String>(&mut connection, "123-45-6789"), Error::NotEncrypted);
        assert_refused!(open_bytes::<Vec<u8>>(&mut connection, b"123"), Error::NotEncrypted);
    });
    new_keyring().with_plaintext_in([Keyring::NO_CONTEXT, "users.email"]).scope(|| {
        assert_eq!(open_text::<String>(&mut connection, "ada@example.org").unwrap(), "ada@example.org");
        assert_refused!(open_text::<Ssn>(&mut connection, "123-45-6789"), Error::NotEncrypted);
        assert_refused!(open_bytes::<Ssn>(&mut connection, b"123-45-6789"), Error::NotEncrypted);
    });
}

/// "Decryption failed" is never taken for "this is plaintext".
#[test]
fn what_has_our_prefix_is_never_plaintext() {
    let mut connection = connect();
    let ring = allowing();
    ring.scope(|| {
        let (text, bytes) = seal(&mut connection, "Ada");
        let (other_key, _) = new_keyring().scope(|| seal(&mut connection, "Ada"));
        assert_refused!(open_text::<String>(&mut connection, &other_key), Error::UnknownKey { .. });
        assert_refused!(open_text::<Ssn>(&mut connection, &text), Error::DecryptionFailed);
        assert_refused!(open_text::<String>(&mut connection, "ed1: a list"), Error::MalformedEnvelope);
        assert_refused!(open_text::<String>(&mut connection, "ed2:"), Error::UnsupportedVersion);
        // A text column that was converted to a binary one.
        let converted = open_bytes::<String>(&mut connection, text.as_bytes());
        assert_refused!(converted, Error::MalformedEnvelope);
        for length in 4..text.len() {
            assert!(open_text::<String>(&mut connection, &text[..length]).is_err(), "{length}");
        }
        for length in 3..bytes.len() {
            assert!(open_bytes::<String>(&mut connection, &bytes[..length]).is_err(), "{length}");
        }
    });
    assert_eq!(ring.plaintext_reads(), 0);
}

#[test]
fn it_is_counted_and_logged_without_being_shown() {
    logger::start();

    #[derive(Encrypted)]
    struct Logged(String);

    let mut connection = connect();
    let ring = allowing();
    ring.scope(|| {
        for _ in 0..5 {
            open_text::<Logged>(&mut connection, "123-45-6789").unwrap();
        }
    });
    assert_eq!(ring.plaintext_reads(), 5);

    let lines = logger::lines();
    // The name of the type differs between the backends' copies of this test.
    let name = std::any::type_name::<Logged>();
    let ours = lines.iter().filter(|line| line.contains("WARN encrypted_diesel") && line.contains(name));
    // 1, 2 and 4 are powers of two.
    assert_eq!(ours.count(), 3, "{lines:#?}");
    assert!(!lines.iter().any(|line| line.contains("123-45-6789")));
}

/// A point in time as databases write it.
mod points_in_time {
    use chrono::{DateTime, Utc};
    use encrypted_diesel::maintenance::EncryptedColumn;
    use time::OffsetDateTime;

    use super::*;

    const MIDNIGHT: i64 = 1_577_836_800; // 2020-01-01 00:00:00 UTC

    /// Reads a text as chrono and as time do, in seconds since 1970.
    fn read(connection: &mut Database, text: &str) -> [QueryResult<i64>; 2] {
        let by_chrono = open_text::<DateTime<Utc>>(connection, text).map(|at| at.timestamp());
        [by_chrono, open_text::<OffsetDateTime>(connection, text).map(OffsetDateTime::unix_timestamp)]
    }

    fn writes_utc() -> bool {
        std::any::type_name::<Backend>().ends_with("::Sqlite")
    }

    #[test]
    fn with_an_offset_it_is_read() {
        let mut connection = connect();
        allowing().scope(|| {
            for text in [
                "2020-01-01 00:00:00+00",
                "2020-01-01 00:00:00.25+00",
                "2019-12-31 21:00:00-03",
                "2020-01-01 05:30:00+05:30",
                "2020-01-01 00:53:28+00:53:28",
                "2020-01-01T00:00:00Z",
            ] {
                assert_eq!(read(&mut connection, text), [Ok(MIDNIGHT), Ok(MIDNIGHT)], "{text}");
            }
        });
    }

    /// SQLite's own functions write UTC without an offset. Elsewhere the time zone is not known.
    #[test]
    fn without_an_offset_it_is_read_where_the_database_writes_utc() {
        let mut connection = connect();
        for text in ["2020-01-01 00:00:00", "2020-01-01 00:00:00.123"] {
            allowing().scope(|| {
                for read in read(&mut connection, text) {
                    if writes_utc() {
                        assert_eq!(read, Ok(MIDNIGHT), "{text}");
                    } else {
                        assert_refused!(read, Error::InvalidPlaintext { .. });
                    }
                }
            });
            new_keyring().scope(|| {
                for read in read(&mut connection, text) {
                    assert_refused!(read, Error::NotEncrypted);
                }
            });
        }
        allowing().scope(|| {
            for text in
                ["2020-01-01", "2020-01-01 00:00", "2020-01-01T00:00:00", "2020-01-01 00:00:00.", "now"]
            {
                for read in read(&mut connection, text) {
                    assert_refused!(read, Error::InvalidPlaintext { .. });
                }
            }
            // Text stays text.
            let text = open_text::<String>(&mut connection, "2020-01-01 00:00:00").unwrap();
            assert_eq!(text, "2020-01-01 00:00:00");
        });
    }

    /// Inside an envelope, the form is that of the type.
    #[test]
    fn without_an_offset_it_is_not_read_from_an_envelope() {
        let mut connection = connect();
        allowing().scope(|| {
            let (sealed, _) = seal(&mut connection, "2020-01-01 00:00:00");
            for read in read(&mut connection, &sealed) {
                assert_refused!(read, Error::InvalidPlaintext { .. });
            }
        });
    }

    #[test]
    fn what_is_read_is_encrypted_in_its_canonical_form() {
        let mut connection = connect();
        allowing().scope(|| {
            for (id, text) in [(1, "2020-01-01 05:30:00+05:30"), (2, "2020-01-01 00:00:00")] {
                diesel::insert_into(raw_samples::table)
                    .values((raw_samples::id.eq(id), raw_samples::text.eq(text)))
                    .execute(&mut connection)
                    .unwrap();
            }
            let column = EncryptedColumn::new::<samples::text, Encrypted<DateTime<Utc>>>();
            let batch = column.encrypt().batch_size(10).batch(&mut connection, None).unwrap();
            let encrypted = if writes_utc() { vec![1, 2] } else { vec![1] };
            assert_eq!((batch.written, batch.bad.len()), (encrypted.len(), 2 - encrypted.len()));
            for id in encrypted {
                let form =
                    samples::table.find(id).select(samples::text).first::<Option<String>>(&mut connection);
                assert_eq!(form, Ok(Some("2020-01-01T00:00:00Z".to_owned())));
            }
        });
    }
}
