use zeroize::Zeroizing;

use crate::cipher;
use crate::envelope::Container;
use crate::error::Error;
use crate::keyring::Keyring;
use crate::plaintext::{FromPlaintext, PlaintextWriter};

type Form = Result<Zeroizing<Vec<u8>>, Error>;

/// A type of values, with its name erased.
#[derive(Clone, Copy)]
pub(super) struct ValueType {
    pub(super) context: &'static str,
    pub(super) previous_contexts: &'static [&'static str],
    /// Reads a plaintext form, and returns the form that the type itself writes.
    pub(super) canonical: fn(Zeroizing<Vec<u8>>) -> Form,
}

impl ValueType {
    pub(super) fn new<V: FromPlaintext>() -> Self {
        Self {
            context: V::CONTEXT,
            previous_contexts: V::PREVIOUS_CONTEXTS,
            canonical: |plaintext| {
                let value = V::decode(plaintext)?;
                let mut canonical = PlaintextWriter::with_capacity(value.size_hint());
                value.encode(&mut canonical)?;
                Ok(canonical.into_bytes())
            },
        }
    }

    /// Opens a value, in the current context or a previous one.
    pub(super) fn open(&self, keyring: &Keyring, container: Container, stored: &[u8]) -> Form {
        let contexts = std::iter::once(self.context).chain(self.previous_contexts.iter().copied());
        cipher::open_form(keyring, container, contexts, stored)
    }
}
