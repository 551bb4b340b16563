//! Any value of any type is read as it was written, from every type of column: the properties of `src/plaintext`,
//! through a database.

use std::cell::RefCell;
use std::fmt::Debug;

use bigdecimal::BigDecimal;
use chrono::{DateTime, Duration, NaiveDateTime, NaiveTime, Utc};
use encrypted_diesel::plaintext::Json;
use proptest::collection::vec;
use proptest::num::{f32, f64};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use serde_json::Value;
use time::{OffsetDateTime, PrimitiveDateTime};
use uuid::Uuid;

use super::*;

/// Few, since a server writes a row for each.
const CASES: u32 = 40;

fn comes_back<V: FromPlaintext + 'static + Clone + PartialEq + Debug>(values: impl Strategy<Value = V>) {
    let connection = RefCell::new(connect());
    let config = Config { cases: CASES, failure_persistence: None, ..Config::default() };
    let run = |value: V| {
        let connection = &mut *connection.borrow_mut();
        let sealed = Encrypted::new(value);
        diesel::delete(samples::table).execute(connection).unwrap();
        diesel::insert_into(samples::table)
            .values((
                samples::id.eq(1),
                samples::text.eq(&sealed),
                samples::bounded.eq(&sealed),
                samples::bytes.eq(&sealed),
            ))
            .execute(connection)
            .unwrap();
        let (text, bounded, bytes) = samples::table
            .select((samples::text, samples::bounded, samples::bytes))
            .first::<(Option<Encrypted<V>>, Option<Encrypted<V>>, Option<Encrypted<V>>)>(connection)
            .unwrap();
        let value = sealed.into_inner();
        for read in [text, bounded, bytes] {
            prop_assert_eq!(read.unwrap().into_inner(), value.clone());
        }
        Ok(())
    };
    new_keyring().scope(|| TestRunner::new(config).run(&values, run)).unwrap();
}

#[test]
fn any_text_and_bytes() {
    comes_back(any::<String>());
    comes_back(vec(any::<u8>(), 0..300));
}

#[test]
fn any_number_and_boolean() {
    comes_back(any::<bool>());
    comes_back(any::<i8>());
    comes_back(any::<u8>());
    comes_back(any::<i16>());
    comes_back(any::<u16>());
    comes_back(any::<i32>());
    comes_back(any::<u32>());
    comes_back(any::<i64>());
    comes_back(any::<u64>());
    comes_back(any::<i128>());
    comes_back(any::<u128>());
}

/// Not NaN, which is not equal to itself.
#[test]
fn any_float() {
    comes_back(f32::POSITIVE | f32::NEGATIVE | f32::NORMAL | f32::SUBNORMAL | f32::ZERO | f32::INFINITE);
    comes_back(f64::POSITIVE | f64::NEGATIVE | f64::NORMAL | f64::SUBNORMAL | f64::ZERO | f64::INFINITE);
}

fn any_timestamp() -> impl Strategy<Value = NaiveDateTime> {
    let seconds = NaiveDateTime::MIN.and_utc().timestamp()..NaiveDateTime::MAX.and_utc().timestamp();
    let seconds = prop_oneof![seconds, 0..4_000_000_000_i64];
    (seconds, 0..1_000_000_000_i64).prop_map(|(seconds, nanoseconds)| {
        let second = DateTime::<Utc>::from_timestamp(seconds, 0).unwrap();
        (second + Duration::nanoseconds(nanoseconds)).naive_utc()
    })
}

#[test]
fn any_date_and_time_of_chrono() {
    comes_back(any_timestamp());
    comes_back(any_timestamp().prop_map(|at| at.and_utc()));
    comes_back(any_timestamp().prop_map(|at| at.date()));
    comes_back(any_timestamp().prop_map(|at| at.time()));
    let leap = |second| NaiveTime::from_hms_nano_opt(second % 24, 59, 59, 1_000_000_000 + second).unwrap();
    comes_back((0..1_000_000_000_u32).prop_map(leap));
}

#[test]
fn any_date_and_time_of_time() {
    let years = PrimitiveDateTime::MIN.assume_utc().unix_timestamp_nanos()
        ..=PrimitiveDateTime::MAX.assume_utc().unix_timestamp_nanos();
    let at = || years.clone().prop_map(|nanos| OffsetDateTime::from_unix_timestamp_nanos(nanos).unwrap());
    comes_back(at());
    comes_back(at().prop_map(|at| PrimitiveDateTime::new(at.date(), at.time())));
    comes_back(at().prop_map(|at| at.date()));
    comes_back(at().prop_map(|at| at.time()));
}

#[test]
fn any_uuid_and_decimal() {
    comes_back(any::<u128>().prop_map(Uuid::from_u128));
    comes_back(
        (any::<i128>(), -50..50_i64).prop_map(|(digits, scale)| BigDecimal::new(digits.into(), scale)),
    );
}

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        ".{0,20}".prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 16, 4, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..4).prop_map(Value::from),
            vec((".{0,8}", inner), 0..4).prop_map(|fields| fields.into_iter().collect()),
        ]
    })
}

#[test]
fn any_json_value() {
    comes_back(any_json());
    comes_back(vec(any::<Option<i64>>(), 0..10).prop_map(Json));
}

#[test]
fn any_e_mail_address() {
    let address = "[a-z0-9][a-z0-9+_.-]{0,20}[a-z0-9]@[a-z0-9]{1,20}\\.[a-z]{2,6}";
    comes_back(
        address.prop_filter_map("no address", |address| address.parse::<email_address::EmailAddress>().ok()),
    );
}
