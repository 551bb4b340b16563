//! Altered values are errors, never data and never a panic.

use encrypted_diesel::Error;

use super::*;

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

fn refused<V>(result: QueryResult<V>) -> bool {
    matches!(result, Err(error) if Error::from_diesel(&error).is_some())
}

#[test]
fn every_flipped_bit_is_refused() {
    let mut connection = connect();
    new_keyring().scope(|| {
        let (text, bytes) = seal(&mut connection, "123-45-6789");
        for (at, bit) in (0..text.len()).flat_map(|at| (0..8).map(move |bit| (at, bit))) {
            let mut altered = text.clone().into_bytes();
            altered[at] ^= 1 << bit;
            // A text column does not accept invalid UTF-8, nor, on PostgreSQL, a NUL.
            let Some(altered) = String::from_utf8(altered).ok().filter(|text| !text.contains('\0')) else {
                continue;
            };
            assert!(refused(open_text::<String>(&mut connection, &altered)), "{altered}");
        }
        for (at, bit) in (0..bytes.len()).flat_map(|at| (0..8).map(move |bit| (at, bit))) {
            let mut altered = bytes.clone();
            altered[at] ^= 1 << bit;
            assert!(refused(open_bytes::<String>(&mut connection, &altered)), "{altered:x?}");
        }
    });
}

#[test]
fn every_truncation_is_refused() {
    let mut connection = connect();
    new_keyring().scope(|| {
        let (text, bytes) = seal(&mut connection, "123-45-6789");
        for length in 0..text.len() {
            assert!(refused(open_text::<String>(&mut connection, &text[..length])), "{length}");
            assert!(refused(open_text::<String>(&mut connection, &text[length + 1..])), "{length}");
        }
        for length in 0..bytes.len() {
            assert!(refused(open_bytes::<String>(&mut connection, &bytes[..length])), "{length}");
            assert!(refused(open_bytes::<String>(&mut connection, &bytes[length + 1..])), "{length}");
        }
    });
}

#[test]
fn every_extension_is_refused() {
    let mut connection = connect();
    new_keyring().scope(|| {
        let (text, bytes) = seal(&mut connection, "123-45-6789");
        for digit in ALPHABET.iter().copied().chain(*b" \n\t=+/.") {
            let digit = char::from(digit);
            assert!(refused(open_text::<String>(&mut connection, &format!("{text}{digit}"))), "{digit:?}");
            assert!(refused(open_text::<String>(&mut connection, &format!("{digit}{text}"))), "{digit:?}");
            assert!(refused(open_text::<String>(
                &mut connection,
                &format!("{text}{digit}{digit}{digit}{digit}")
            )));
        }
        for byte in 0..=255 {
            assert!(
                refused(open_bytes::<String>(&mut connection, &[&bytes[..], &[byte]].concat())),
                "{byte}"
            );
            assert!(
                refused(open_bytes::<String>(&mut connection, &[&[byte], &bytes[..]].concat())),
                "{byte}"
            );
        }
    });
}

/// The last digit of this value carries four bits that an encoder leaves at zero.
#[test]
fn another_encoding_of_the_same_bytes_is_refused() {
    let mut connection = connect();
    new_keyring().scope(|| {
        // 28 + 12 bytes are 53 digits, and a last one with 2 bits.
        let (text, _) = seal(&mut connection, "123-45-67890");
        let (digits, last) = text.split_at(text.len() - 1);
        let value = ALPHABET.iter().position(|digit| last.as_bytes() == [*digit]).unwrap();
        assert_eq!(value % 4, 0, "the encoder left the bits at zero");
        for trailing in 1..4 {
            let altered = format!("{digits}{}", char::from(ALPHABET[value + trailing]));
            assert_refused!(open_text::<String>(&mut connection, &altered), Error::MalformedEnvelope);
        }
        let padded = format!("{text}==");
        assert_refused!(open_text::<String>(&mut connection, &padded), Error::MalformedEnvelope);
    });
}

#[test]
fn upper_case_hex_is_refused() {
    let mut connection = connect();
    // A key whose id has a letter.
    let ring = (0..=255).map(key).find(|key| key.id().to_string().contains(char::is_alphabetic)).unwrap();
    Keyring::new(ring).scope(|| {
        let (text, _) = seal(&mut connection, "Ada");
        let altered = format!("{}{}{}", &text[..4], text[4..12].to_uppercase(), &text[12..]);
        assert_refused!(open_text::<String>(&mut connection, &altered), Error::MalformedEnvelope);
    });
}

#[test]
fn white_space_is_refused_wherever_it_stands() {
    let mut connection = connect();
    new_keyring().scope(|| {
        let (text, _) = seal(&mut connection, "Ada");
        for at in 0..=text.len() {
            for space in [" ", "\n", "\t"] {
                let altered = format!("{}{space}{}", &text[..at], &text[at..]);
                assert!(refused(open_text::<String>(&mut connection, &altered)), "{altered:?}");
            }
        }
    });
}

#[test]
fn a_version_from_the_future_is_told_apart() {
    let mut connection = connect();
    new_keyring().scope(|| {
        let (text, mut bytes) = seal(&mut connection, "Ada");
        for prefix in ["ed2:", "ed9:", "ed2d:", "ed1x:"] {
            let altered = text.replacen("ed1:", prefix, 1);
            assert_refused!(open_text::<String>(&mut connection, &altered), Error::UnsupportedVersion);
        }
        bytes[3] = 3;
        assert_refused!(open_bytes::<String>(&mut connection, &bytes), Error::UnsupportedVersion);
    });
}

#[test]
fn the_mode_cannot_be_changed() {
    let mut connection = connect();
    new_keyring().scope(|| {
        let (text, mut bytes) = seal(&mut connection, "Ada");
        let altered = text.replacen("ed1:", "ed1d:", 1);
        assert_refused!(open_text::<String>(&mut connection, &altered), Error::DecryptionFailed);
        bytes[3] = 2;
        assert_refused!(open_bytes::<String>(&mut connection, &bytes), Error::DecryptionFailed);
    });
}

#[test]
fn a_value_moved_to_another_context_is_refused() {
    let mut connection = connect();
    new_keyring().scope(|| {
        diesel::insert_into(patients::table).values(&ada()).execute(&mut connection).unwrap();
        diesel::sql_query("UPDATE patients SET notes = ssn").execute(&mut connection).unwrap();
        let moved = patients::table.select(patients::notes).first::<Option<EncryptedText>>(&mut connection);
        assert_refused!(moved, Error::DecryptionFailed);

        diesel::sql_query("UPDATE patients SET ssn = name").execute(&mut connection).unwrap();
        let moved = patients::table.select(patients::ssn).first::<Ssn>(&mut connection);
        assert_refused!(moved, Error::DecryptionFailed);
    });
}

#[test]
fn plaintext_is_refused() {
    let mut connection = connect();
    new_keyring().scope(|| {
        for plaintext in ["", "123-45-6789", "ed", "ed1", "ED1:f26f38f7:", "ed25519:abc", "édith", "\u{FFFD}"]
        {
            assert_refused!(open_text::<String>(&mut connection, plaintext), Error::NotEncrypted);
        }
        for plaintext in [&[][..], b"123-45-6789", &[0xED], &[0xED, 0x65]] {
            assert_refused!(open_bytes::<String>(&mut connection, plaintext), Error::NotEncrypted);
        }
    });
}

/// A text envelope does not open as a byte envelope, nor the other way round.
#[test]
fn containers_are_not_mixed() {
    let mut connection = connect();
    new_keyring().scope(|| {
        let (text, _) = seal(&mut connection, "Ada");
        assert_refused!(open_bytes::<String>(&mut connection, text.as_bytes()), Error::MalformedEnvelope);
    });
}

#[test]
fn a_value_of_another_type_is_told_apart() {
    let mut connection = connect();
    new_keyring().scope(|| {
        let (text, _) = seal(&mut connection, "not a number");
        assert_refused!(
            open_text::<i32>(&mut connection, &text),
            Error::InvalidPlaintext { type_name: "i32" }
        );
        let (_, bytes) = seal(&mut connection, [0xFF].as_slice());
        assert_refused!(open_bytes::<String>(&mut connection, &bytes), Error::InvalidPlaintext { .. });
    });
}

#[test]
fn a_text_that_has_grown_too_long_for_its_type_is_told_apart() {
    let mut connection = connect();
    new_keyring().scope(|| {
        let (text, _) = seal(&mut connection, "five!");
        let read = open_text::<EncryptedVarchar<4>>(&mut connection, &text);
        assert_refused!(read, Error::TooLong { max: 4, length: 5 });
    });
}

/// A limit: a value is bound to its context, but not to a row, column or time.
#[test]
fn within_its_context_a_value_opens_in_any_row_at_any_time() {
    let mut connection = connect();
    new_keyring().scope(|| {
        let (old, _) = seal(&mut connection, "old");
        let (new, _) = seal(&mut connection, "new");
        diesel::update(raw_samples::table.find(1))
            .set(raw_samples::text.eq(old))
            .execute(&mut connection)
            .unwrap();
        diesel::insert_into(raw_samples::table)
            .values((raw_samples::id.eq(2), raw_samples::bounded.eq(new)))
            .execute(&mut connection)
            .unwrap();

        let put_back = samples::table.find(1).select(samples::text).first(&mut connection);
        assert_eq!(put_back, Ok(Some(EncryptedText::from("old"))));
        let copied = samples::table.find(2).select(samples::bounded).first(&mut connection);
        assert_eq!(copied, Ok(Some(EncryptedText::from("new"))));
    });
}
