//! Plaintext is read as a value or refused. A value that was read can be written, and then reads and writes the same.
#![no_main]

use encrypted_diesel::fuzzing::write_again;
use encrypted_diesel::plaintext::{FromPlaintext, Json};
use libfuzzer_sys::fuzz_target;

fn check<V: FromPlaintext>(form: &[u8]) {
    if let Ok(written) = write_again::<V>(form) {
        let again = write_again::<V>(&written).expect("it was just written");
        assert_eq!(again, written, "{} of {}", std::any::type_name::<V>(), form.escape_ascii());
    }
}

macro_rules! check {
    ($form:ident: $($type:ty),*) => { $(check::<$type>($form);)* };
}

fuzz_target!(|form: &[u8]| {
    check!(form: String, Vec<u8>, bool, i8, i32, i128, u8, u32, u128, f32, f64);
    check!(form: chrono::NaiveDate, chrono::NaiveTime, chrono::NaiveDateTime, chrono::DateTime<chrono::Utc>);
    check!(form: time::Date, time::Time, time::PrimitiveDateTime, time::OffsetDateTime);
    check!(form: uuid::Uuid, bigdecimal::BigDecimal, email_address::EmailAddress);
    check!(form: serde_json::Value, Json<Vec<f64>>);
});
