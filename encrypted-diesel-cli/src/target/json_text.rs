//! JSON values.

use std::fmt;

use encrypted_diesel::Error;
use encrypted_diesel::plaintext::{FromPlaintext, Plaintext, PlaintextWriter};
use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use zeroize::Zeroizing;

/// JSON, copied byte for byte: the application chose the order of keys and the form of numbers.
pub(super) struct JsonText(Zeroizing<Vec<u8>>);

impl Plaintext for JsonText {
    fn encode(&self, out: &mut PlaintextWriter) -> Result<(), Error> {
        out.write_bytes(&self.0);
        Ok(())
    }
}

impl FromPlaintext for JsonText {
    fn decode(plaintext: Zeroizing<Vec<u8>>) -> Result<Self, Error> {
        match serde_json::from_slice::<Readable>(&plaintext) {
            Ok(Readable) => Ok(Self(plaintext)),
            Err(_) => Err(Error::invalid_plaintext::<Self>()),
        }
    }
}

/// JSON that a `serde_json::Value` can be read from, without its contents. `IgnoredAny` would skip over numbers that are out
/// of range, escapes that are not text, and any depth of nesting.
struct Readable;

impl<'de> Deserialize<'de> for Readable {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ReadableVisitor)
    }
}

struct ReadableVisitor;

macro_rules! readable {
    ($($method:ident: $type:ty),* $(,)?) => {$(
        fn $method<E>(self, _: $type) -> Result<Readable, E> {
            Ok(Readable)
        }
    )*};
}

impl<'de> Visitor<'de> for ReadableVisitor {
    type Value = Readable;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    readable! { visit_bool: bool, visit_i64: i64, visit_u64: u64, visit_f64: f64, visit_str: &str }

    fn visit_unit<E>(self) -> Result<Readable, E> {
        Ok(Readable)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut array: A) -> Result<Readable, A::Error> {
        while let Some(Readable) = array.next_element()? {}
        Ok(Readable)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<Readable, A::Error> {
        while let Some((Readable, Readable)) = object.next_entry()? {}
        Ok(Readable)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Exactly what the application's reader takes.
    #[test]
    fn json_is_what_a_value_can_be_read_from() {
        let nested = |depth: usize| "[".repeat(depth) + &"]".repeat(depth);
        for (text, readable) in [
            (r#"{"x":1e400}"#, false),
            ("-1e400", false),
            ("1e-400", true),
            ("1e308", true),
            (&"9".repeat(400), false),
            (&"9".repeat(300), true),
            ("18446744073709551616", true),
            (r#""\ud800""#, false),
            (r#"{"\ud800":1}"#, false),
            (r#""\ud83e\udd8a""#, true),
            (r#""\x""#, false),
            ("\"\u{1}\"", false),
            (&nested(127), true),
            (&nested(128), false),
            (r#"{"a":1,"a":2}"#, true),
            ("\u{feff}{}", false),
            ("{} x", false),
            ("[1,]", false),
            ("01", false),
            ("NaN", false),
            (" null\n", true),
            ("", false),
        ] {
            assert_eq!(JsonText::decode(text.as_bytes().to_vec().into()).is_ok(), readable, "{text}");
            assert_eq!(serde_json::from_str::<serde_json::Value>(text).is_ok(), readable, "{text}");
        }
        for bytes in [&b"\"\xff\""[..], b"\xff", b"{\"\xff\":1}"] {
            assert!(JsonText::decode(bytes.to_vec().into()).is_err());
            assert!(serde_json::from_slice::<serde_json::Value>(bytes).is_err());
        }
    }
}
