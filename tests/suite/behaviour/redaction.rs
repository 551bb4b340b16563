//! Whatever can be printed shows neither plaintext nor key material.

use std::error::Error as _;
use std::fmt::Debug;
use std::sync::{Arc, Mutex};

use diesel::connection::{Connection as _, InstrumentationEvent};
use encrypted_diesel::plaintext::{Json, PlaintextWriter};
use secrecy::ExposeSecret;

use super::*;

const TEXT: &str = "PLAINTEXT-SECRET";
const NUMBER: i64 = 8_675_309_867_530_986;
const KEY: [u8; 32] = *b"KEY-MATERIAL-THAT-NOBODY-MAY-SEE";

/// Fails if `shown` holds any plaintext or key of these tests, in any notation that Rust has.
#[track_caller]
fn assert_hidden(shown: &str) {
    let lower = shown.to_lowercase();
    let key_hex: String = KEY.iter().map(|byte| format!("{byte:02x}")).collect();
    let mut secrets = vec![
        "plaintext-secret".to_owned(),
        NUMBER.to_string(),
        format!("{:?}", TEXT.as_bytes()).trim_matches(['[', ']']).to_owned(),
        format!("{KEY:?}").trim_matches(['[', ']']).to_owned(),
        "key-material".to_owned(),
    ];
    // Any 8 digits of the key in a row.
    secrets.extend((0..key_hex.len() - 8).map(|at| key_hex[at..at + 8].to_owned()));
    for secret in secrets {
        assert!(!lower.contains(&secret), "shows {secret:?}: {shown}");
    }
}

#[track_caller]
fn assert_debug_hidden(values: &[&dyn Debug]) {
    for value in values {
        assert_hidden(&format!("{value:?}"));
        assert_hidden(&format!("{value:#?}"));
    }
}

/// The check itself finds what is not hidden.
#[test]
fn the_search_finds_what_is_shown() {
    for shown in [TEXT.to_owned(), format!("{:?}", TEXT.as_bytes()), format!("{KEY:?}"), NUMBER.to_string()] {
        assert!(std::panic::catch_unwind(|| assert_hidden(&shown)).is_err(), "{shown}");
    }
    let hex = Key::from(KEY).to_hex();
    assert!(std::panic::catch_unwind(|| assert_hidden(hex.expose_secret())).is_err());
    assert!(std::panic::catch_unwind(|| assert_hidden(&hex.expose_secret()[20..40].to_uppercase())).is_err());
}

fn secret_patient() -> Patient {
    Patient {
        id: 1,
        name: EncryptedVarchar::try_from(TEXT).unwrap(),
        notes: Some(TEXT.into()),
        ssn: Ssn(TEXT.into()),
        photo: Some(TEXT.as_bytes().into()),
    }
}

#[test]
fn debug_of_every_public_type() {
    let mut writer_seen = String::new();
    struct Spy;
    impl Plaintext for Spy {
        fn encode(&self, out: &mut PlaintextWriter) -> Result<(), encrypted_diesel::Error> {
            out.write_bytes(TEXT.as_bytes());
            Err(encrypted_diesel::Error::invalid_value::<String>()).inspect_err(|_| {
                SEEN.lock().unwrap().push_str(&format!("{out:?} {out:#?}"));
            })
        }
    }
    static SEEN: Mutex<String> = Mutex::new(String::new());
    let ring = Keyring::new(Key::from(KEY)).with_plaintext_in(["patients.ssn"]);
    let mut connection = connect();
    ring.scope(|| {
        let spied = diesel::insert_into(samples::table)
            .values((samples::id.eq(1), samples::text.eq(Encrypted::new(Spy))))
            .execute(&mut connection);
        assert!(spied.is_err());
    });
    writer_seen.push_str(&SEEN.lock().unwrap());
    assert!(writer_seen.contains("PlaintextWriter"));
    assert_hidden(&writer_seen);

    let bound = diesel::expression::AsExpression::<encrypted_diesel::sql_types::EncryptedText>::as_expression(
        EncryptedText::from(TEXT),
    );
    assert_debug_hidden(&[
        &EncryptedText::from(TEXT),
        &EncryptedBinary::from(TEXT.as_bytes()),
        &Encrypted::new(NUMBER),
        &Encrypted::new(TEXT),
        &Encrypted::new(Ssn(TEXT.into())),
        &EncryptedVarchar::<40>::try_from(TEXT).unwrap(),
        &EncryptedVarchar::<4>::try_from(TEXT),
        &Json(TEXT),
        &Ssn(TEXT.into()),
        &secret_patient(),
        &bound,
        &Key::from(KEY),
        &Key::from(KEY).id(),
        &Key::from(KEY).to_hex(),
        &Keyring::new(key(1)).with_index_key(Key::from(KEY)),
        &ring,
    ]);
    assert_hidden(&Key::from(KEY).id().to_string());
}

#[test]
fn debug_query() {
    let (patient, patients) = (secret_patient(), vec![secret_patient(), secret_patient()]);
    macro_rules! assert_query_hidden {
        ($($query:expr;)*) => {$({
            let query = $query;
            let shown = diesel::debug_query::<Backend, _>(&query);
            assert!(shown.to_string().contains("[REDACTED]"), "{shown}");
            assert_hidden(&shown.to_string());
            assert_hidden(&format!("{shown:#?}"));
        })*};
    }
    assert_query_hidden! {
        diesel::insert_into(patients::table).values(&patient);
        diesel::insert_into(patients::table).values(secret_patient());
        diesel::insert_into(patients::table).values(&patients);
        diesel::update(patients::table.find(1)).set(&patient);
        diesel::update(patients::table.find(1)).set(patients::notes.eq(Some(EncryptedText::from(TEXT))));
        diesel::update(patients::table.find(1)).set(patients::notes.eq(Encrypted::new(TEXT)));
    }
}

/// Diesel hands every query to the application's instrumentation, which logs it.
#[test]
fn instrumentation() {
    let shown = Arc::new(Mutex::new(String::new()));
    let mut connection = connect();
    let log = Arc::clone(&shown);
    connection.set_instrumentation(move |event: InstrumentationEvent<'_>| {
        log.lock().unwrap().push_str(&format!("{event:?}\n{event:#?}\n"));
    });
    Keyring::new(Key::from(KEY)).scope(|| {
        let patient = secret_patient();
        diesel::insert_into(patients::table).values(&vec![patient.clone()]).execute(&mut connection).unwrap();
        diesel::update(patients::table.find(1)).set(&patient).execute(&mut connection).unwrap();
        assert_eq!(patients::table.first::<Patient>(&mut connection).unwrap(), patient);
        // A query that fails is shown as well.
        assert!(diesel::insert_into(patients::table).values(&patient).execute(&mut connection).is_err());
    });
    let shown = shown.lock().unwrap();
    assert!(shown.contains("INSERT INTO") && shown.contains("UPDATE"));
    assert_hidden(&shown);
}

/// Every way in which a read or a write can fail, with the causes.
#[test]
fn errors_and_their_sources() {
    fn shown(error: &dyn std::error::Error) -> String {
        let mut shown = format!("{error}\n{error:?}\n{error:#?}\n");
        let mut cause = error.source();
        while let Some(error) = cause {
            shown.push_str(&format!("{error}\n{error:?}\n"));
            cause = error.source();
        }
        shown
    }

    let mut connection = connect();
    let mut errors = Vec::new();
    Keyring::new(Key::from(KEY)).scope(|| {
        let (text, _) = seal(&mut connection, TEXT);
        errors.push(open_text::<Ssn>(&mut connection, &text).err().unwrap());
        errors.push(open_text::<i32>(&mut connection, &text).unwrap_err());
        errors.push(open_text::<bool>(&mut connection, &text).unwrap_err());
        errors.push(open_text::<chrono::NaiveDate>(&mut connection, &text).unwrap_err());
        errors.push(open_text::<time::Date>(&mut connection, &text).unwrap_err());
        errors.push(open_text::<uuid::Uuid>(&mut connection, &text).unwrap_err());
        errors.push(open_text::<bigdecimal::BigDecimal>(&mut connection, &text).unwrap_err());
        errors.push(open_text::<email_address::EmailAddress>(&mut connection, &text).unwrap_err());
        errors.push(open_text::<serde_json::Value>(&mut connection, &text).unwrap_err());
        errors.push(open_text::<Json<Vec<u8>>>(&mut connection, &text).unwrap_err());
        errors.push(open_text::<EncryptedVarchar<4>>(&mut connection, &text).unwrap_err());
        errors.push(open_text::<String>(&mut connection, &text[..20]).unwrap_err());
        errors.push(open_text::<String>(&mut connection, TEXT).unwrap_err());
        errors.push(open_bytes::<String>(&mut connection, TEXT.as_bytes()).unwrap_err());
        let (quoted, _) = seal(&mut connection, format!("\"{TEXT}\""));
        errors.push(open_text::<Json<u8>>(&mut connection, &quoted).unwrap_err());
        new_keyring().scope(|| errors.push(open_text::<String>(&mut connection, &text).unwrap_err()));
    });
    assert!(errors.len() == 16);
    for error in &errors {
        assert!(encrypted_diesel::Error::from_diesel(error).is_some(), "{error:?}");
        assert_hidden(&shown(error));
    }

    let hex = Key::from(KEY).to_hex();
    let hex = hex.expose_secret();
    let lists = [
        format!("{hex}0"),
        format!("{hex},{hex}"),
        format!("{}x", &hex[..63]),
        format!("{hex},,{hex}"),
        hex[..60].into(),
    ];
    for list in lists {
        let error = Keyring::parse(&list).unwrap_err();
        assert_hidden(&shown(&error));
    }
    let error = Keyring::new(Key::from(KEY)).with_index_key(Key::from(KEY)).unwrap_err();
    assert!(error.source().is_none());
    assert_hidden(&shown(&error));
}
