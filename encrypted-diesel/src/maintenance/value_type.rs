//! What the values of a column are, when their type is not named any more.

use zeroize::Zeroizing;

use crate::error::Error;
use crate::plaintext::{FromPlaintext, PlaintextWriter};

type Form = Result<Zeroizing<Vec<u8>>, Error>;

#[derive(Clone, Copy)]
pub(super) struct ValueType {
    pub(super) context: &'static str,
    pub(super) previous_contexts: &'static [&'static str],
    /// The plaintext form that the type itself writes, of one that it reads.
    pub(super) canonical: fn(Zeroizing<Vec<u8>>) -> Form,
}

impl ValueType {
    pub(super) fn of<V: FromPlaintext>() -> Self {
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

    /// The current context first.
    pub(super) fn contexts(&self) -> impl Iterator<Item = &'static str> {
        std::iter::once(self.context).chain(self.previous_contexts.iter().copied())
    }
}
