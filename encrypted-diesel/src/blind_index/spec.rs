use zeroize::Zeroizing;

use super::input::IndexInput;
use super::normalizer::{self, Normalizer};
use crate::error::Error;
use crate::plaintext::{Plaintext, PlaintextWriter};

/// How a blind index is made: its context, its length, and how a value is normalized before it is digested.
///
/// `#[encrypted(context = "…", index(…))]` writes it. Like the context, it is fixed once the first value is
/// written: a different one makes different digests, and every row must then be reindexed.
#[derive(Clone, Copy, Debug)]
pub struct IndexSpec {
    context: &'static str,
    previous_contexts: &'static [&'static str],
    bits: u16,
    normalizers: &'static [Normalizer],
}

impl IndexSpec {
    /// The default length of a digest in bits: 16 bytes.
    pub const DEFAULT_BITS: u16 = 128;

    /// An index of 128 bits over the plaintext form, without normalization.
    pub const fn new(context: &'static str) -> Self {
        Self { context, previous_contexts: &[], bits: Self::DEFAULT_BITS, normalizers: &[] }
    }

    /// Contexts under which older digests were made. They are searched as well.
    #[must_use]
    pub const fn with_previous_contexts(self, previous_contexts: &'static [&'static str]) -> Self {
        Self { previous_contexts, ..self }
    }

    /// Truncates digests to this many bits, from 8 to 256. The last byte is padded with zero bits.
    ///
    /// # Panics
    ///
    /// If `bits` is out of range: in a constant, this is a compile-time error.
    #[must_use]
    pub const fn with_bits(self, bits: u16) -> Self {
        assert!(8 <= bits && bits <= 256, "a blind index has 8 to 256 bits");
        Self { bits, ..self }
    }

    /// Applies these normalizers, in order, before a value is digested.
    #[must_use]
    pub const fn with_normalizers(self, normalizers: &'static [Normalizer]) -> Self {
        Self { normalizers, ..self }
    }

    /// The length of a digest.
    pub(crate) fn bytes(&self) -> usize {
        usize::from(self.bits.div_ceil(8))
    }

    /// The input to the digest of `value`.
    ///
    /// # Errors
    ///
    /// Those of [`Plaintext::encode`], and [`Error::InvalidValue`] if there are normalizers and the
    /// plaintext form is not UTF-8.
    pub fn input<V: Plaintext>(&self, value: &V) -> Result<IndexInput, Error> {
        let mut plaintext = PlaintextWriter::with_capacity(value.size_hint());
        value.encode(&mut plaintext)?;
        self.input_of(plaintext.into_bytes()).ok_or_else(Error::invalid_value::<V>)
    }

    /// The input to the digest of a plaintext form; `None` if a normalizer cannot read it.
    pub(crate) fn input_of(&self, plaintext: Zeroizing<Vec<u8>>) -> Option<IndexInput> {
        let message = normalizer::normalize(self.normalizers, plaintext)?;
        Some(self.input_from(message))
    }

    /// The input to the digest of several values together; `None` if one of them is NULL.
    ///
    /// Each part is written as its length (4 bytes, big-endian) ‖ its bytes, so that different lists of parts
    /// never make the same message.
    pub fn compound<const N: usize>(&self, parts: [Option<IndexInput>; N]) -> Option<IndexInput> {
        self.compound_of(&parts)
    }

    pub(crate) fn compound_of(&self, parts: &[Option<IndexInput>]) -> Option<IndexInput> {
        let mut message = PlaintextWriter::with_capacity(
            parts.iter().flatten().map(|part| size_of::<u32>() + part.message.len()).sum(),
        );
        for part in parts {
            let part = &part.as_ref()?.message;
            // A database value is shorter than 4 GiB.
            message.write_bytes(&u32::try_from(part.len()).unwrap_or(u32::MAX).to_be_bytes());
            message.write_bytes(part);
        }
        Some(self.input_from(message.into_bytes()))
    }

    fn input_from(&self, message: Zeroizing<Vec<u8>>) -> IndexInput {
        let Self { context, previous_contexts, bits, normalizers: _ } = *self;
        IndexInput { context, previous_contexts, bits, message }
    }
}
