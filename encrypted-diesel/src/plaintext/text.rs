//! Text. The plaintext form is the text itself, in UTF-8.

use std::borrow::Cow;

use secrecy::{ExposeSecret, SecretString};
use zeroize::{Zeroize, Zeroizing};

use crate::error::Error;
use crate::plaintext::{FromPlaintext, Plaintext, PlaintextWriter, by_bytes};

by_bytes! { as_bytes =>
    [] String, Zeroize::zeroize;
    ['a] &'a str;
    ['a] Cow<'a, str>, wipe_owned;
}

fn as_bytes(text: &impl AsRef<str>) -> &[u8] {
    text.as_ref().as_bytes()
}

/// Borrowed text is for its owner to wipe.
fn wipe_owned(text: &mut Cow<'_, str>) {
    if let Cow::Owned(text) = text {
        text.zeroize();
    }
}

impl FromPlaintext for String {
    fn decode(mut plaintext: Zeroizing<Vec<u8>>) -> Result<Self, Error> {
        Self::from_utf8(std::mem::take(&mut *plaintext)).map_err(|error| {
            error.into_bytes().zeroize();
            Error::invalid_plaintext::<Self>()
        })
    }
}

impl FromPlaintext for Cow<'_, str> {
    fn decode(plaintext: Zeroizing<Vec<u8>>) -> Result<Self, Error> {
        String::decode(plaintext).map(Cow::Owned)
    }
}

/// Wipes itself.
impl Plaintext for SecretString {
    fn encode(&self, out: &mut PlaintextWriter) -> Result<(), Error> {
        self.expose_secret().encode(out)
    }

    fn size_hint(&self) -> usize {
        self.expose_secret().len()
    }
}

impl FromPlaintext for SecretString {
    fn decode(plaintext: Zeroizing<Vec<u8>>) -> Result<Self, Error> {
        // Copied into a box of the exact length: the buffer is longer.
        match std::str::from_utf8(&plaintext) {
            Ok(text) => Ok(Self::from(text)),
            Err(_) => Err(Error::invalid_plaintext::<Self>()),
        }
    }
}
