//! The counterpart of each field of django-encrypted-model-fields. Values are validated when they are made.

use std::fmt::Debug;
use std::num::{IntErrorKind, ParseIntError};

use chrono::{DateTime, NaiveDate, Utc};
use email_address::EmailAddress;
use encrypted_diesel::Error;

use super::*;

/// Writes the value and reads it back, and returns what Django would find inside the envelope.
fn stored_plaintext<V: FromPlaintext + 'static + Clone + PartialEq + Debug>(value: V) -> String {
    let mut connection = connect();
    new_keyring().scope(|| {
        let (text, _) = seal(&mut connection, value.clone());
        assert!(text.starts_with("ed1:"));
        assert_eq!(open_text::<V>(&mut connection, &text).unwrap(), value);
        open_text::<String>(&mut connection, &text).unwrap()
    })
}

fn is_too_large<T>(result: Result<T, ParseIntError>) -> bool {
    matches!(result, Err(error) if *error.kind() == IntErrorKind::PosOverflow)
}

#[test]
fn char_field_with_max_length() {
    assert_eq!(stored_plaintext(EncryptedVarchar::<5>::try_from("Zoë 🦊").unwrap()), "Zoë 🦊");
    let refused = EncryptedVarchar::<5>::try_from("Zoë 🦊!");
    assert!(matches!(refused, Err(Error::TooLong { max: 5, length: 6 })));
    assert!(EncryptedVarchar::<5>::try_from("Zoë 🦊!".to_owned()).is_err());
}

#[test]
fn text_field() {
    assert_eq!(stored_plaintext("any length".repeat(1_000)).len(), 10_000);
}

#[test]
fn date_field() {
    assert_eq!(stored_plaintext(NaiveDate::from_ymd_opt(2024, 2, 29).unwrap()), "2024-02-29");
    assert_eq!(NaiveDate::from_ymd_opt(2023, 2, 29), None);
    assert_eq!(stored_plaintext(time::macros::date!(2024 - 02 - 29)), "2024-02-29");
}

#[test]
fn date_time_field() {
    let at = "2024-02-29T12:30:00.25Z".parse::<DateTime<Utc>>().unwrap();
    assert_eq!(stored_plaintext(at), "2024-02-29T12:30:00.250Z");
    assert!("2024-02-30T12:30:00Z".parse::<DateTime<Utc>>().is_err());
}

#[test]
fn email_field() {
    assert_eq!(stored_plaintext("ada@example.org".parse::<EmailAddress>().unwrap()), "ada@example.org");
    assert!("ada at example.org".parse::<EmailAddress>().is_err());
}

#[test]
fn boolean_field() {
    assert_eq!(stored_plaintext(true), "1");
    assert_eq!(stored_plaintext(false), "0");
}

#[test]
fn integer_field() {
    assert_eq!(stored_plaintext(-2_147_483_648_i32), "-2147483648");
    assert!(is_too_large("2147483648".parse::<i32>()));
}

#[test]
fn positive_integer_field() {
    assert_eq!(stored_plaintext(2_147_483_647_u32), "2147483647");
    assert!(u32::try_from(-1).is_err());
}

#[test]
fn small_integer_field() {
    assert_eq!(stored_plaintext(-32_768_i16), "-32768");
    assert!(is_too_large("32768".parse::<i16>()));
}

#[test]
fn positive_small_integer_field() {
    assert_eq!(stored_plaintext(32_767_u16), "32767");
    assert!(u16::try_from(-1).is_err());
}

#[test]
fn big_integer_field() {
    assert_eq!(stored_plaintext(i64::MIN), "-9223372036854775808");
    assert!(is_too_large("9223372036854775808".parse::<i64>()));
}
