//! A failed query returns this crate's error inside Diesel's.

use std::collections::BTreeMap;

use encrypted_diesel::Error;
use encrypted_diesel::plaintext::Json;

use super::*;

/// Tests never install a keyring for the process, so outside a scope there is none.
#[test]
fn without_a_keyring_nothing_is_written_or_read() {
    let mut connection = connect();
    let written = diesel::insert_into(patients::table).values(&ada()).execute(&mut connection);
    assert_refused!(written, Error::NotInitialized);

    new_keyring()
        .scope(|| diesel::insert_into(patients::table).values(&bob()).execute(&mut connection))
        .unwrap();
    let read = patients::table.select(Patient::as_select()).load(&mut connection);
    assert_refused!(read, Error::NotInitialized);
    assert_eq!(patients::table.count().get_result(&mut connection), Ok(1_i64));
}

#[test]
fn a_value_that_has_no_plaintext_form_is_not_written() {
    let mut connection = connect();
    new_keyring().scope(|| {
        // JSON's keys are strings.
        let value = Encrypted::new(Json(BTreeMap::from([([1_u8].as_slice(), 1)])));
        let written = diesel::insert_into(samples::table)
            .values((samples::id.eq(1), samples::text.eq(&value)))
            .execute(&mut connection);
        assert_refused!(written, Error::InvalidValue { .. });
    });
    assert_eq!(samples::table.count().get_result(&mut connection), Ok(0_i64));
}

/// `serde_json` would write `null`, which is not read back as a number, or is read as `None`.
#[test]
fn json_of_a_number_that_is_not_finite_is_not_written() {
    let mut connection = connect();
    new_keyring().scope(|| {
        for number in [f64::NAN, f64::INFINITY] {
            let value = Encrypted::new(Json(BTreeMap::from([("temperatures", [Some(36.6), Some(number)])])));
            let written = diesel::insert_into(samples::table)
                .values((samples::id.eq(1), samples::text.eq(&value)))
                .execute(&mut connection);
            assert_refused!(written, Error::InvalidValue { .. });
        }
        let value = Encrypted::new(Json([None, Some(f64::MIN_POSITIVE)]));
        diesel::insert_into(samples::table)
            .values((samples::id.eq(1), samples::text.eq(&value)))
            .execute(&mut connection)
            .unwrap();
        let read = samples::table
            .select(samples::text)
            .first::<Option<Encrypted<Json<[Option<f64>; 2]>>>>(&mut connection);
        assert!(read.unwrap() == Some(value));
    });
}

/// The operator learns which column it was.
#[test]
fn diesels_message_names_the_column() {
    let mut connection = connect();
    new_keyring().scope(|| {
        diesel::insert_into(patients::table).values(&ada()).execute(&mut connection).unwrap();
    });
    let read = new_keyring().scope(|| patients::table.select(Patient::as_select()).load(&mut connection));
    let message = read.unwrap_err().to_string();
    assert!(message.contains("'name'"), "{message}");
}

#[test]
fn errors_of_the_database_are_not_ours() {
    let mut connection = connect();
    new_keyring().scope(|| {
        diesel::insert_into(patients::table).values(&ada()).execute(&mut connection).unwrap();
        let again = diesel::insert_into(patients::table).values(&ada()).execute(&mut connection);
        assert!(Error::from_diesel(&again.unwrap_err()).is_none());
    });
}
