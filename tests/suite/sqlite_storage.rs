//! SQLite stores anything in any column, and does not check that text is text.

use diesel::prelude::*;
use encrypted_diesel::plaintext::{FromPlaintext, Plaintext};
use encrypted_diesel::{Encrypted, Error, Key, Keyring};

use crate::sqlite;

diesel::table! {
    use diesel::sql_types::*;
    use encrypted_diesel::sql_types::*;

    samples (id) {
        id -> Integer,
        text -> EncryptedText,
        bytes -> EncryptedBinary,
    }
}

fn keyring() -> Keyring {
    Keyring::new(Key::generate().unwrap())
}

/// Stores the value of an SQL expression as it is, and reads it as a `V`.
fn read<V: FromPlaintext + 'static>(stored: &str) -> QueryResult<V> {
    let mut connection = sqlite::connect();
    diesel::sql_query(format!("INSERT INTO samples (id, text, bytes) VALUES (1, {stored}, {stored})"))
        .execute(&mut connection)
        .unwrap();
    let text = samples::table.select(samples::text).first::<Encrypted<V>>(&mut connection)?;
    let bytes = samples::table.select(samples::bytes).first::<Encrypted<V>>(&mut connection)?;
    let written = |value: &Encrypted<V>| value.size_hint();
    assert_eq!(written(&text), written(&bytes));
    Ok(text.into_inner())
}

#[test]
fn anything_but_an_envelope_is_refused_in_every_storage_class() {
    keyring().scope(|| {
        for stored in ["'plain'", "42", "1.5", "x'00ff'", "x''", "CAST(x'ff' AS TEXT)", "zeroblob(3)"] {
            let error = read::<String>(stored).unwrap_err();
            assert!(matches!(Error::from_diesel(&error), Some(Error::NotEncrypted)), "{stored}: {error:?}");
        }
    });
}

/// Plaintext that the policy lets through is unchanged to the byte: invalid UTF-8 does not become U+FFFD.
#[test]
fn what_is_allowed_is_read_as_it_stands() {
    keyring().with_plaintext_in([Keyring::NO_CONTEXT]).scope(|| {
        assert_eq!(read::<Vec<u8>>("CAST(x'61ff62' AS TEXT)").unwrap(), [0x61, 0xFF, 0x62]);
        assert_eq!(read::<Vec<u8>>("x'61ff62'").unwrap(), [0x61, 0xFF, 0x62]);
        assert_eq!(read::<String>("'Zoë \u{FFFD}'").unwrap(), "Zoë \u{FFFD}");
        let error = read::<String>("CAST(x'61ff62' AS TEXT)").unwrap_err();
        assert!(matches!(Error::from_diesel(&error), Some(Error::InvalidPlaintext { .. })), "{error:?}");
        assert_eq!(read::<i64>("42").unwrap(), 42);
        assert!(!read::<bool>("0").unwrap());
    });
}
