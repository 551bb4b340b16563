//! JSON values.

use encrypted_diesel::Error;
use encrypted_diesel::plaintext::{FromPlaintext, Plaintext, PlaintextWriter};
use serde::de::IgnoredAny;
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
        match serde_json::from_slice::<IgnoredAny>(&plaintext) {
            Ok(IgnoredAny) => Ok(Self(plaintext)),
            Err(_) => Err(Error::invalid_plaintext::<Self>()),
        }
    }
}
