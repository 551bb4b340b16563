//! Plaintext forms by `Display` and `FromStr`.

use std::fmt::{Display, Write};
use std::str::FromStr;

use crate::error::Error;
use crate::plaintext::PlaintextWriter;

/// Writes the `Display` form.
///
/// # Errors
///
/// [`Error::InvalidValue`] if `Display` fails.
pub fn encode_display<T: Display>(value: &T, out: &mut PlaintextWriter) -> Result<(), Error> {
    write!(out, "{value}").map_err(|_| Error::invalid_value::<T>())
}

/// Reads the form that `FromStr` takes.
///
/// # Errors
///
/// [`Error::InvalidPlaintext`]. The type's own error is dropped, since it may quote the text.
pub fn decode_from_str<T: FromStr>(plaintext: &[u8]) -> Result<T, Error> {
    decode_text(plaintext, |text| text.parse().ok())
}

pub(super) fn decode_text<T>(plaintext: &[u8], parse: impl FnOnce(&str) -> Option<T>) -> Result<T, Error> {
    std::str::from_utf8(plaintext).ok().and_then(parse).ok_or_else(Error::invalid_plaintext::<T>)
}
