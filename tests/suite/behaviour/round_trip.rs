//! Every type of value is read as it was written, from every type of column.

use std::fmt::Debug;

use bigdecimal::BigDecimal;
use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, Utc};
use email_address::EmailAddress;
use encrypted_diesel::plaintext::Json;
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use serde_json::json;
use time::macros::{date, datetime, time};
use uuid::Uuid;

use super::*;

/// Writes each value into all columns of a row, and reads them back.
fn comes_back<V: FromPlaintext + 'static + Clone + PartialEq + Debug>(values: impl IntoIterator<Item = V>) {
    let mut connection = connect();
    new_keyring().scope(|| {
        for (id, value) in (1..).zip(values) {
            let sealed = Encrypted::new(value.clone());
            diesel::insert_into(samples::table)
                .values((
                    samples::id.eq(id),
                    samples::text.eq(&sealed),
                    samples::bounded.eq(&sealed),
                    samples::bytes.eq(&sealed),
                ))
                .execute(&mut connection)
                .unwrap();
            let (text, bounded, bytes) = samples::table
                .find(id)
                .select((samples::text, samples::bounded, samples::bytes))
                .first::<(Option<Encrypted<V>>, Option<Encrypted<V>>, Option<Encrypted<V>>)>(&mut connection)
                .unwrap();
            for read in [text, bounded, bytes] {
                assert_eq!(read.unwrap().into_inner(), value);
            }
        }
    });
}

#[test]
fn text() {
    let long = "long ".repeat(1_000);
    comes_back(
        ["", "x", "Ada Lovelace", "Zoë 🦊", "nul \0 inside", "ed1:", "\u{FFFD}", &long].map(String::from),
    );
}

#[test]
fn bytes() {
    comes_back([vec![], vec![0], vec![0xFF, 0xFE, 0x00], (0..=255).collect(), vec![7; 5_000]]);
}

#[test]
fn a_megabyte() {
    let mut connection = connect();
    new_keyring().scope(|| {
        let (text, bytes) = seal(&mut connection, "x".repeat(1 << 20));
        assert_eq!(open_text::<String>(&mut connection, &text).unwrap().len(), 1 << 20);
        assert_eq!(open_bytes::<String>(&mut connection, &bytes).unwrap().len(), 1 << 20);
    });
}

#[test]
fn booleans() {
    comes_back([true, false]);
}

#[test]
fn integers() {
    comes_back([0_i16, 1, -1, i16::MIN, i16::MAX]);
    comes_back([0_i32, 1, -1, i32::MIN, i32::MAX]);
    comes_back([0_i64, 1, -1, i64::MIN, i64::MAX]);
    comes_back([0, u16::MAX]);
    comes_back([0, u32::MAX]);
    comes_back([0, u64::MAX]);
}

#[test]
fn floats() {
    comes_back([0.1_f32, -0.0, f32::MIN_POSITIVE, f32::MAX, f32::INFINITY, f32::NEG_INFINITY, 1.0e-45]);
    comes_back([0.1_f64, -0.0, f64::MIN_POSITIVE, f64::MAX, f64::INFINITY, f64::NEG_INFINITY, 5.0e-324]);
}

#[test]
fn chrono() {
    let date = NaiveDate::from_ymd_opt(2024, 2, 29).unwrap();
    let time = NaiveTime::from_hms_nano_opt(23, 59, 58, 123_456_789).unwrap();
    comes_back([date, NaiveDate::MIN, NaiveDate::MAX]);
    comes_back([time, NaiveTime::MIN]);
    comes_back([date.and_time(time), NaiveDateTime::MIN, NaiveDateTime::MAX]);
    comes_back([date.and_time(time).and_utc(), DateTime::<Utc>::MIN_UTC, DateTime::<Utc>::MAX_UTC]);
}

#[test]
fn time() {
    comes_back([date!(2024 - 02 - 29), ::time::Date::MIN, ::time::Date::MAX]);
    comes_back([time!(23:59:58.123456789), ::time::Time::MIDNIGHT]);
    comes_back([
        datetime!(2024-02-29 23:59:58.5),
        ::time::PrimitiveDateTime::MIN,
        ::time::PrimitiveDateTime::MAX,
    ]);
    comes_back([datetime!(2024-02-29 23:59:58.5 UTC), datetime!(2024-02-29 23:59:58 +05:30)]);
}

#[test]
fn uuids() {
    comes_back([Uuid::nil(), Uuid::max(), Uuid::from_u128(0x0123_4567_89ab_cdef_0123_4567_89ab_cdef)]);
}

#[test]
fn json() {
    comes_back([json!(null), json!({ "allergies": ["penicillin"], "weight": 71.5 }), json!("")]);

    #[derive(Serialize, Deserialize, Clone, Debug, PartialEq)]
    struct Insurance {
        company: String,
        number: Option<u64>,
    }
    comes_back([Json(Insurance { company: "Mutual".into(), number: None })]);
}

#[test]
fn decimals() {
    comes_back(
        ["0", "-1.50", "123456789012345678901234567890.000000001", "1e-100", "1e100"]
            .map(|decimal| decimal.parse::<BigDecimal>().unwrap()),
    );
}

#[test]
fn e_mail_addresses() {
    comes_back(
        ["ada@example.org", "\"much.more unusual\"@example.com"]
            .map(|text| text.parse::<EmailAddress>().unwrap()),
    );
}

#[test]
fn secret_strings() {
    let mut connection = connect();
    new_keyring().scope(|| {
        let (text, bytes) = seal(&mut connection, SecretString::from("Ada"));
        assert_eq!(open_text::<SecretString>(&mut connection, &text).unwrap().expose_secret(), "Ada");
        assert_eq!(open_bytes::<SecretString>(&mut connection, &bytes).unwrap().expose_secret(), "Ada");
    });
}

/// Each value is written with its own nonce.
#[test]
fn two_encryptions_of_one_value_differ() {
    let mut connection = connect();
    new_keyring().scope(|| {
        let first = seal(&mut connection, "Ada");
        let second = seal(&mut connection, "Ada");
        assert_ne!(first.0, second.0);
        assert_ne!(first.1, second.1);
    });
}
