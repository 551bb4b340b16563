//! JSON (RFC 8259), for values and for any type of serde's.

use std::{fmt, io};

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use zeroize::Zeroizing;

use crate::error::Error;
use crate::plaintext::{FromPlaintext, Plaintext, PlaintextWriter};

mod finite;

/// A value whose plaintext form is its JSON, for `Encrypted<Json<T>>`.
///
/// JSON cannot express NaN and infinity, so writing them fails, wherever they are in the value.
///
/// `Debug` does not show the value, since it is meant to be encrypted.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub struct Json<T>(pub T);

impl<T: Serialize> Plaintext for Json<T> {
    fn encode(&self, out: &mut PlaintextWriter) -> Result<(), Error> {
        encode_json(&self.0, out)
    }
}

impl<T: Serialize + DeserializeOwned> FromPlaintext for Json<T> {
    fn decode(plaintext: Zeroizing<Vec<u8>>) -> Result<Self, Error> {
        decode_json(&plaintext).map(Self)
    }
}

impl<T> fmt::Debug for Json<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Json([REDACTED])")
    }
}

impl Plaintext for Value {
    fn encode(&self, out: &mut PlaintextWriter) -> Result<(), Error> {
        encode_json(self, out)
    }
}

impl FromPlaintext for Value {
    fn decode(plaintext: Zeroizing<Vec<u8>>) -> Result<Self, Error> {
        decode_json(&plaintext)
    }
}

/// Writes a value's JSON.
///
/// # Errors
///
/// [`Error::InvalidValue`] if serde cannot write it, such as a map whose keys are not strings, or could not read it
/// back because it is nested too deeply or contains NaN or infinity.
pub fn encode_json<T: Serialize>(value: &T, out: &mut PlaintextWriter) -> Result<(), Error> {
    let mut json = Written { out, in_text: false, escaped: false, depth: 0, deepest: 0, null: false };
    let written = serde_json::to_writer(&mut json, value).is_ok();
    // A number that is not finite is written as `null`.
    if written && json.deepest <= DEEPEST && (!json.null || finite::is_finite(value)) {
        Ok(())
    } else {
        Err(Error::invalid_value::<T>())
    }
}

/// The deepest nesting of arrays and objects that `serde_json` reads.
const DEEPEST: usize = 127;

/// Passes JSON on, and tracks how deeply it is nested and whether it has a `null`.
struct Written<'a> {
    out: &'a mut PlaintextWriter,
    in_text: bool,
    escaped: bool,
    depth: usize,
    deepest: usize,
    null: bool,
}

impl io::Write for Written<'_> {
    fn write(&mut self, json: &[u8]) -> io::Result<usize> {
        for byte in json {
            match byte {
                _ if self.escaped => self.escaped = false,
                b'\\' => self.escaped = true,
                b'"' => self.in_text = !self.in_text,
                b'[' | b'{' if !self.in_text => {
                    self.depth += 1;
                    self.deepest = self.deepest.max(self.depth);
                }
                // Of the three words, `null` alone has an `n`.
                b'n' if !self.in_text => self.null = true,
                b']' | b'}' if !self.in_text => self.depth = self.depth.saturating_sub(1),
                _ => {}
            }
        }
        self.out.write(json)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

/// Reads a value's JSON.
///
/// # Errors
///
/// [`Error::InvalidPlaintext`]. serde's own error is dropped, since it may quote the text.
pub fn decode_json<T: DeserializeOwned>(plaintext: &[u8]) -> Result<T, Error> {
    serde_json::from_slice(plaintext).map_err(|_| Error::invalid_plaintext::<T>())
}
