//! Blind indexes: keyed digests by which an encrypted value is found.

use hmac::{Hmac, KeyInit, Mac};
use secrecy::ExposeSecret;
use sha2::Sha256;
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

use crate::error::Error;
use crate::key::Key;
use crate::keyring::{Keyring, with_current};
use crate::plaintext::{Plaintext, PlaintextWriter};
use crate::stack;

mod normalizer;

pub use normalizer::Normalizer;

/// How a blind index is made: its context, its length, and what is done to a value before it is
/// digested.
///
/// `#[encrypted(context = "…", index(…))]` writes it. It is frozen with the first value written, as
/// the context is: another one makes other digests, and then all rows have to be written again.
#[derive(Clone, Copy, Debug)]
pub struct IndexSpec {
    context: &'static str,
    previous_contexts: &'static [&'static str],
    bits: u16,
    normalizers: &'static [Normalizer],
}

impl IndexSpec {
    /// The length of a digest that is not truncated further, in bits: 16 bytes.
    pub const DEFAULT_BITS: u16 = 128;

    /// An index of 128 bits over the plaintext form as it is.
    pub const fn new(context: &'static str) -> Self {
        Self { context, previous_contexts: &[], bits: Self::DEFAULT_BITS, normalizers: &[] }
    }

    /// Contexts under which older digests were made. They are searched, too.
    #[must_use]
    pub const fn with_previous_contexts(self, previous_contexts: &'static [&'static str]) -> Self {
        Self { previous_contexts, ..self }
    }

    /// Cuts digests to so many bits, from 8 to 256. What does not fill a byte is filled up with zeros.
    ///
    /// # Panics
    ///
    /// If `bits` is out of range: in a constant, this is a compile-time error.
    #[must_use]
    pub const fn with_bits(self, bits: u16) -> Self {
        assert!(8 <= bits && bits <= 256, "a blind index has 8 to 256 bits");
        Self { bits, ..self }
    }

    /// What is done to a value before it is digested, in this order.
    #[must_use]
    pub const fn with_normalizers(self, normalizers: &'static [Normalizer]) -> Self {
        Self { normalizers, ..self }
    }

    /// What is digested for `value`.
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

    /// What is digested for a plaintext form, if the normalizers can read it.
    pub(crate) fn input_of(&self, plaintext: Zeroizing<Vec<u8>>) -> Option<IndexInput> {
        let message = normalizer::normalize(self.normalizers, plaintext)?;
        Some(IndexInput { spec: *self, message })
    }

    /// What is digested for several values together; nothing if one of them is NULL.
    ///
    /// Each part is written as its length (4 bytes, big-endian) ‖ its bytes, so that no two lists of
    /// parts make one message.
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
        Some(IndexInput { spec: *self, message: message.into_bytes() })
    }
}

/// What is digested for one value: its normalized plaintext form. Wiped when it is dropped.
#[derive(Clone)]
pub struct IndexInput {
    spec: IndexSpec,
    message: Zeroizing<Vec<u8>>,
}

impl IndexInput {
    /// The digest that is stored: that of the first index key.
    pub(crate) fn digest(&self, keyring: &Keyring) -> Result<Vec<u8>, Error> {
        let key = keyring.index_keys().next().ok_or(Error::NoIndexKey)?;
        Ok(digest(key, self.spec.context, self.spec.bits, &self.message))
    }

    /// All digests under which the value may stand: one for each index key and each context.
    pub(crate) fn digests(&self, keyring: &Keyring) -> Result<Vec<Vec<u8>>, Error> {
        let IndexSpec { context, previous_contexts, bits, normalizers: _ } = self.spec;
        let contexts = || std::iter::once(context).chain(previous_contexts.iter().copied());
        let all: Vec<_> = keyring
            .index_keys()
            .flat_map(|key| contexts().map(move |context| digest(key, context, bits, &self.message)))
            .collect();
        if all.is_empty() { Err(Error::NoIndexKey) } else { Ok(all) }
    }
}

/// In constant time for messages of one length.
impl PartialEq for IndexInput {
    fn eq(&self, other: &Self) -> bool {
        self.message.ct_eq(&other.message).into()
    }
}

impl Eq for IndexInput {}

impl std::fmt::Debug for IndexInput {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("IndexInput([REDACTED])")
    }
}

/// HMAC-SHA256 (RFC 2104) under HKDF(index key, `blind index` ‖ context), its first `bits` bits.
pub(crate) fn digest(key: &Key, context: &str, bits: u16, message: &[u8]) -> Vec<u8> {
    let full = stack::wiped(|| {
        let subkey = key.derive(&[b"blind index", context.as_bytes()]);
        let Ok(mac) = Hmac::<Sha256>::new_from_slice(subkey.expose_secret()) else {
            unreachable!("HMAC takes keys of any length (RFC 2104 section 2)");
        };
        mac.chain_update(message).finalize().into_bytes()
    });

    let mut digest = full[..usize::from(bits.div_ceil(8))].to_vec();
    if let (Some(last), rest @ 1..) = (digest.last_mut(), bits % 8) {
        *last &= 0xFF << (8 - rest);
    }
    digest
}

/// A type whose values have a blind index of their own.
///
/// `#[encrypted(context = "…", index(…))]` implements it.
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no blind index of its own",
    note = "add one to its derive: `#[encrypted(context = \"…\", index(normalize(…)))]`"
)]
pub trait IndexTerm {
    /// How the index is made.
    const INDEX: IndexSpec;
}

/// The blind index `Self` of a value of type `V`.
///
/// `Ssn: IndexOf<Ssn>` is the index of the whole number; `LastFour: IndexOf<Ssn>`, which
/// `index(by = LastFour)` on `Ssn` makes, that of its last four digits.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no search term for a blind index of `{V}`",
    label = "its type has no index",
    note = "search for a value of a type with `#[encrypted(context = \"…\", index(…))]`, the one that the \
            index was made by; of an `Option`, for what is in it"
)]
pub trait IndexOf<V: ?Sized>: IndexTerm {
    /// What is digested; `None` for NULL.
    ///
    /// # Errors
    ///
    /// Those of [`IndexSpec::input`].
    fn input(value: &V) -> Result<Option<IndexInput>, Error>;

    /// Whether `value` is one that a search for `self` means. For truncated indexes, which find others
    /// as well.
    fn is_match(&self, value: &V) -> bool
    where
        Self: IndexOf<Self> + Sized,
    {
        matches!((<Self as IndexOf<Self>>::input(self), Self::input(value)), (Ok(Some(searched)), Ok(Some(found))) if searched == found)
    }
}

impl<S: IndexTerm> IndexTerm for &S {
    const INDEX: IndexSpec = S::INDEX;
}

impl<'v, V, S: IndexOf<V>> IndexOf<&'v V> for &S {
    fn input(value: &&'v V) -> Result<Option<IndexInput>, Error> {
        S::input(value)
    }
}

/// NULL has no index.
impl<V, S: IndexOf<V>> IndexOf<Option<V>> for S {
    fn input(value: &Option<V>) -> Result<Option<IndexInput>, Error> {
        value.as_ref().map_or(Ok(None), S::input)
    }
}

/// A value that is written together with its blind indexes, as [`Indexed`](crate::Indexed) does.
///
/// `#[encrypted(context = "…", index(…))]` implements it.
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no blind index",
    note = "add one to its derive: `#[encrypted(context = \"…\", index(normalize(…)))]`"
)]
pub trait Indexable: Sized {
    /// An array of `Option<IndexInput>`, one for each index column.
    type Inputs: Default + AsRef<[Option<IndexInput>]>;
    /// The values as a tuple, one for each encrypted column.
    type Values;
    /// As [`Values`](Self::Values), borrowed.
    type ValueRefs<'a>
    where
        Self: 'a;

    /// What is digested for each index column.
    ///
    /// # Errors
    ///
    /// Those of [`IndexSpec::input`].
    fn inputs(&self) -> Result<Self::Inputs, Error>;

    /// The values that are encrypted.
    fn into_values(self) -> Self::Values;

    /// As [`into_values`](Self::into_values), borrowed.
    fn value_refs(&self) -> Self::ValueRefs<'_>;
}

impl<V: Indexable<Values = (V,)>> Indexable for Option<V> {
    type Inputs = V::Inputs;
    type Values = (Self,);
    type ValueRefs<'a>
        = (&'a Self,)
    where
        Self: 'a;

    fn inputs(&self) -> Result<Self::Inputs, Error> {
        self.as_ref().map_or_else(|| Ok(Self::Inputs::default()), V::inputs)
    }

    fn into_values(self) -> Self::Values {
        (self,)
    }

    fn value_refs(&self) -> Self::ValueRefs<'_> {
        (self,)
    }
}

/// Without a copy.
impl<'v, V: Indexable> Indexable for &'v V {
    type Inputs = V::Inputs;
    type Values = V::ValueRefs<'v>;
    type ValueRefs<'a>
        = V::ValueRefs<'a>
    where
        Self: 'a;

    fn inputs(&self) -> Result<Self::Inputs, Error> {
        V::inputs(self)
    }

    fn into_values(self) -> Self::Values {
        self.value_refs()
    }

    fn value_refs(&self) -> Self::ValueRefs<'_> {
        V::value_refs(self)
    }
}

/// An [`Indexable`] value that can be made again of its parts. Borrowed ones cannot.
///
/// `#[encrypted(context = "…", index(…))]` implements it.
pub trait FromValues: Indexable {
    /// The reverse of [`into_values`](Indexable::into_values).
    fn from_values(values: Self::Values) -> Self;
}

impl<V: Indexable<Values = (V,)>> FromValues for Option<V> {
    fn from_values((value,): Self::Values) -> Self {
        value
    }
}

/// How a stored index stands to its value: see [`Indexed::index_states`](crate::Indexed::index_states).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum IndexState {
    /// It is what would be written today.
    Current,
    /// It is the value's, under an index key or a context that no longer writes. Searches find it; write
    /// the row again before the key is dropped.
    Outdated,
    /// It is not the value's: a search for the value does not find the row. The value or the index was
    /// written by itself, or under a key that the keyring does not hold.
    Mismatched,
}

impl IndexState {
    /// How `stored` stands to what is digested for its value; `None` is NULL.
    pub(crate) fn of(input: Option<&IndexInput>, stored: Option<&[u8]>) -> Result<Self, Error> {
        let (input, stored) = match (input, stored) {
            (None, None) => return Ok(Self::Current),
            (Some(input), Some(stored)) => (input, stored),
            _ => return Ok(Self::Mismatched),
        };
        with_current(|keyring| {
            Ok(match input.digests(keyring)?.iter().position(|digest| digest == stored) {
                Some(0) => Self::Current,
                Some(_) => Self::Outdated,
                None => Self::Mismatched,
            })
        })
    }
}

#[cfg(test)]
mod tests;
