//! `#[derive(Encrypted)]` on every kind of type that it accepts.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use encrypted_diesel::{Error, sql_types};
use serde::{Deserialize, Serialize};

use super::*;

/// Writes `value` into a column and reads it back, without `Encrypted` around it.
macro_rules! comes_back {
    ($type:ty: $value:expr) => {{
        let mut connection = connect();
        new_keyring().scope(|| {
            let value: $type = $value;
            diesel::insert_into(samples::table)
                .values((
                    samples::id.eq(1),
                    samples::text.eq(&value),
                    samples::bounded.eq(Some(&value)),
                    samples::bytes.eq(Some(value.clone())),
                ))
                .execute(&mut connection)
                .unwrap();
            let read = samples::table
                .select((samples::text, samples::bounded.assume_not_null(), samples::bytes.assume_not_null()))
                .first::<(Option<$type>, $type, $type)>(&mut connection)
                .unwrap();
            assert!(read.0 == Some(value.clone()) && read.1 == value && read.2 == value);
        });
    }};
}

#[test]
fn a_newtype() {
    comes_back!(Ssn: Ssn("123-45-6789".into()));
}

#[test]
fn a_struct_of_one_field() {
    #[derive(Encrypted, Clone, PartialEq)]
    struct Weight {
        kilograms: f64,
    }
    comes_back!(Weight: Weight { kilograms: 71.5 });
}

#[test]
fn a_generic_type() {
    #[derive(Encrypted, Clone, PartialEq)]
    #[encrypted(context = "generic")]
    struct Tagged<T: Clone, const TAG: u8>(T)
    where
        T: PartialEq;
    comes_back!(Tagged<i64, 7>: Tagged(-1));
    comes_back!(Tagged<EncryptedText, 8>: Tagged("wiped on drop".into()));
}

#[test]
fn a_type_with_a_lifetime() {
    #[derive(Encrypted, Clone, PartialEq)]
    struct Owned<'a>(Cow<'a, str>);
    comes_back!(Owned<'static>: Owned("text".into()));
}

#[derive(Encrypted, Clone, Copy, PartialEq)]
#[encrypted(text, context = "patients.blood")]
enum BloodType {
    A,
    Zero,
}

impl fmt::Display for BloodType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::A => "A",
            Self::Zero => "0",
        })
    }
}

impl FromStr for BloodType {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "A" => Ok(Self::A),
            "0" => Ok(Self::Zero),
            _ => Err(format!("no blood type: {text}")),
        }
    }
}

#[test]
fn an_enum_as_text() {
    comes_back!(BloodType: BloodType::A);
    comes_back!(BloodType: BloodType::Zero);
}

/// The type's own error quotes the text, so it is dropped.
#[test]
fn text_that_is_no_such_value_is_not_quoted() {
    #[derive(Encrypted)]
    #[encrypted(context = "patients.blood")]
    struct Anything(String);

    let mut connection = connect();
    new_keyring().scope(|| {
        let (text, _) = seal(&mut connection, Anything("SECRET".into()));
        let read = open_text::<BloodType>(&mut connection, &text);
        assert!(!format!("{read:?}").contains("SECRET"));
        assert_refused!(read, Error::InvalidPlaintext { .. });
    });
}

#[derive(Encrypted, Serialize, Deserialize, Clone, PartialEq)]
#[encrypted(json)]
enum Contact {
    Phone { number: String },
    None,
}

#[test]
fn an_enum_as_json() {
    comes_back!(Contact: Contact::Phone { number: "555 0100".into() });
    comes_back!(Contact: Contact::None);
}

#[test]
fn a_struct_of_several_fields_as_json() {
    #[derive(Encrypted, Serialize, Deserialize, Clone, PartialEq)]
    #[encrypted(json, context = "patients.insurance")]
    struct Insurance<T> {
        company: T,
        number: u64,
    }
    comes_back!(Insurance<String>: Insurance { company: "Mutual".into(), number: 1 });
}

#[derive(Encrypted)]
#[encrypted(context = "old")]
struct Old(String);

#[derive(Encrypted)]
#[encrypted(context = "new", previous_contexts = ["older", "old"])]
struct New(String);

#[test]
fn previous_contexts_still_open_and_new_values_have_the_current_one() {
    let mut connection = connect();
    new_keyring().scope(|| {
        let (text, bytes) = seal(&mut connection, Old("Ada".into()));
        assert_eq!(open_text::<New>(&mut connection, &text).unwrap().0, "Ada");
        assert_eq!(open_bytes::<New>(&mut connection, &bytes).unwrap().0, "Ada");

        let (text, _) = seal(&mut connection, New("Ada".into()));
        assert_refused!(open_text::<Old>(&mut connection, &text), Error::DecryptionFailed);
    });
}

#[test]
fn values_of_the_empty_context_can_be_given_one() {
    #[derive(Encrypted)]
    #[encrypted(context = "named", previous_contexts = [""])]
    struct Named(String);

    let mut connection = connect();
    new_keyring().scope(|| {
        let (text, _) = seal(&mut connection, "Ada");
        assert_eq!(open_text::<Named>(&mut connection, &text).unwrap().0, "Ada");
    });
}

/// A type that wraps another has its contexts, unless it sets its own.
#[test]
fn contexts_are_inherited() {
    #[derive(Encrypted)]
    struct Outer(New);

    #[derive(Encrypted)]
    #[encrypted(context = "own")]
    struct Own(New);

    assert_eq!((Outer::CONTEXT, Outer::PREVIOUS_CONTEXTS), ("new", ["older", "old"].as_slice()));
    assert_eq!((Own::CONTEXT, Own::PREVIOUS_CONTEXTS), ("own", [].as_slice()));
    assert_eq!(Encrypted::<Outer>::CONTEXT, "new");
    assert_eq!(EncryptedText::CONTEXT, "");
}

/// The compile-fail tests show that other columns do not compile.
#[test]
fn sql_types_can_be_chosen() {
    #[derive(Encrypted)]
    #[encrypted(sql_type = sql_types::EncryptedText)]
    #[encrypted(sql_type = encrypted_diesel::sql_types::EncryptedVarchar)]
    struct TextOnly(String);

    let mut connection = connect();
    new_keyring().scope(|| {
        diesel::insert_into(samples::table)
            .values((
                samples::id.eq(1),
                samples::text.eq(TextOnly("a".into())),
                samples::bounded.eq(TextOnly("b".into())),
            ))
            .execute(&mut connection)
            .unwrap();
        let read = samples::table
            .select((samples::text, samples::bounded))
            .first::<(Option<TextOnly>, Option<TextOnly>)>(&mut connection)
            .unwrap();
        assert_eq!((read.0.unwrap().0, read.1.unwrap().0), ("a".into(), "b".into()));
    });
}

#[test]
fn debug_is_redacted() {
    assert_eq!(format!("{:?}", Ssn("123-45-6789".into())), "Ssn([REDACTED])");
    assert_eq!(format!("{:?}", BloodType::A), "BloodType([REDACTED])");
}
