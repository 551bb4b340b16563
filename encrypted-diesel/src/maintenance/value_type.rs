use zeroize::Zeroizing;

use super::sql::dialect::Dialect;
use crate::cipher;
use crate::envelope::Container;
use crate::error::Error;
use crate::keyring::Keyring;
use crate::plaintext::{FromPlaintext, PlaintextWriter, offset};

type Form = Result<Zeroizing<Vec<u8>>, Error>;

/// A type of values, with its name erased.
#[derive(Clone, Copy)]
pub(super) struct ValueType {
    pub(super) context: &'static str,
    pub(super) previous_contexts: &'static [&'static str],
    /// Reads a plaintext form, and returns the form that the type itself writes.
    pub(super) canonical: fn(Zeroizing<Vec<u8>>) -> Form,
    /// The same for plaintext, which the database may have written.
    pub(super) adopted: fn(Zeroizing<Vec<u8>>) -> Form,
}

impl ValueType {
    pub(super) fn new<V: FromPlaintext, DB: Dialect>() -> Self {
        Self {
            context: V::CONTEXT,
            previous_contexts: V::PREVIOUS_CONTEXTS,
            canonical: canonical::<V>,
            adopted: if DB::WRITES_UTC { in_utc::<V> } else { canonical::<V> },
        }
    }

    /// Opens a value, in the current context or a previous one.
    pub(super) fn open(&self, keyring: &Keyring, container: Container, stored: &[u8]) -> Form {
        let contexts = std::iter::once(self.context).chain(self.previous_contexts.iter().copied());
        cipher::open_form(keyring, container, contexts, stored)
    }
}

fn canonical<V: FromPlaintext>(plaintext: Zeroizing<Vec<u8>>) -> Form {
    let value = V::decode(plaintext)?;
    let mut canonical = PlaintextWriter::with_capacity(value.size_hint());
    value.encode(&mut canonical)?;
    Ok(canonical.into_bytes())
}

/// A date and time without an offset is in UTC, if it is not a value without one.
fn in_utc<V: FromPlaintext>(plaintext: Zeroizing<Vec<u8>>) -> Form {
    let utc = offset::with_utc(&plaintext);
    canonical::<V>(plaintext).or_else(|error| utc.map_or(Err(error), canonical::<V>))
}
