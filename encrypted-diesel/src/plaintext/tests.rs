#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::borrow::Cow;
use std::fmt::{Debug, Write as _};
use std::io::Write as _;

use proptest::collection::vec;
use proptest::prelude::*;
use secrecy::{ExposeSecret, SecretString};

use super::*;

fn encode<T: Plaintext>(value: &T) -> Vec<u8> {
    let mut out = PlaintextWriter::with_capacity(0);
    value.encode(&mut out).unwrap();
    out.into_bytes().to_vec()
}

fn decode<T: FromPlaintext>(plaintext: impl AsRef<[u8]>) -> Result<T, Error> {
    T::decode(Zeroizing::new(plaintext.as_ref().to_vec()))
}

#[track_caller]
fn assert_round_trip<T: FromPlaintext + PartialEq + Debug>(value: &T) {
    let plaintext = encode(value);
    match decode::<T>(&plaintext) {
        Ok(decoded) => assert_eq!(decoded, *value, "{}", plaintext.escape_ascii()),
        Err(error) => panic!("{value:?} was written as {}: {error}", plaintext.escape_ascii()),
    }
}

/// The value is written so, and read from it.
#[track_caller]
fn assert_form<T: FromPlaintext + PartialEq + Debug>(value: T, plaintext: &str) {
    assert_eq!(encode(&value).escape_ascii().to_string(), plaintext.as_bytes().escape_ascii().to_string());
    assert_eq!(decode::<T>(plaintext).unwrap(), value);
}

/// Anything that is not such a value is an error that does not quote it.
#[track_caller]
fn assert_refuses<T: FromPlaintext>(plaintext: &[u8]) {
    let Err(error) = decode::<T>(plaintext) else {
        panic!("{} was read", plaintext.escape_ascii());
    };
    assert!(matches!(error, Error::InvalidPlaintext { .. }), "{error:?}");
    let texts = format!("{error} {error:?}");
    let quoted = String::from_utf8_lossy(plaintext);
    assert!(quoted.trim().is_empty() || !texts.contains(quoted.trim()), "{texts}");
    assert!(!texts.contains("hunter2"), "{texts}");
}

/// Text that is not a number, date, identifier, address or JSON.
const GARBAGE: [&[u8]; 8] = [
    b"",
    b" ",
    b"hunter2",
    b"1hunter2",
    b"2024-01-31hunter2",
    b"12:34:56.0hunter2",
    b"\xffhunter2",
    b"00000000-0000-0000-0000-000000000000hunter2",
];

/// Bytes, many of which are nearly a number, date, identifier, address or JSON.
fn any_plaintext() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        vec(any::<u8>(), 0..60),
        r"[-+]?[0-9]{0,40}(\.[0-9]{0,20})?([eE][-+]?[0-9]{1,25})?".prop_map(String::into_bytes),
        r"[-+]?[0-9]{1,9}-[0-9]{1,3}-[0-9]{1,3}(T[0-9]{1,3}:[0-9]{1,3}(:[0-9]{1,3})?(\.[0-9]{0,30})?Z?)?"
            .prop_map(String::into_bytes),
        r"[0-9]{1,3}:[0-9]{1,3}(:[0-9]{1,3})?(\.[0-9]{0,30})?".prop_map(String::into_bytes),
        r"\{?[0-9a-fA-F]{8}(-?[0-9a-fA-F]{4}){3}-?[0-9a-fA-F]{11,13}\}?".prop_map(String::into_bytes),
        r#"["\[\]{}:,0-9a-z@.<> é\\-]{0,60}"#.prop_map(String::into_bytes),
    ]
}

/// For a module of types: they refuse garbage, and no bytes make them panic.
macro_rules! refuses_garbage {
    ($($type:ty),* $(,)?) => {
        #[test]
        fn garbage_is_refused_and_not_quoted() {
            for plaintext in GARBAGE {
                $(assert_refuses::<$type>(plaintext);)*
            }
        }

        proptest! {
            #[test]
            fn no_bytes_panic(plaintext in any_plaintext()) {
                $(if let Ok(value) = decode::<$type>(&plaintext) {
                    assert_round_trip(&value);
                })*
            }
        }
    };
}

mod text;

mod binary;

mod number;

#[cfg(feature = "chrono")]
mod chrono;

#[cfg(feature = "time")]
mod time;

/// An application may go from one crate to the other and keep its data.
#[cfg(all(feature = "chrono", feature = "time"))]
mod chrono_and_time;

#[cfg(feature = "uuid")]
mod uuid;

#[cfg(feature = "numeric")]
mod numeric;

#[cfg(feature = "email")]
mod email;

#[cfg(feature = "serde_json")]
mod json;

mod writer;

#[test]
fn an_encrypted_value_is_wiped_when_it_is_dropped() {
    use std::cell::Cell;

    use crate::encrypted::Encrypted;

    struct Wiped<'a>(&'a Cell<bool>);

    impl Plaintext for Wiped<'_> {
        fn encode(&self, _: &mut PlaintextWriter) -> Result<(), Error> {
            Ok(())
        }

        fn wipe(&mut self) {
            self.0.set(true);
        }
    }

    let wiped = Cell::new(false);
    let _kept = Encrypted::new(Wiped(&wiped)).into_inner();
    assert!(!wiped.get());
    drop(Encrypted::new(Wiped(&wiped)));
    assert!(wiped.get());
}
