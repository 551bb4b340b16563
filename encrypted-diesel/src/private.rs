//! For the code that the derive emits. No part of the public API.

pub use diesel;
#[cfg(feature = "serde_json")]
pub use serde::{Serialize, de::DeserializeOwned};

pub use crate::__encrypted_value as encrypted_value;
use crate::blind_index::{IndexInput, IndexOf, IndexTerm};
use crate::error::Error;
use crate::plaintext::Canonical;
pub use crate::plaintext::{decode_from_str, encode_display};
#[cfg(feature = "serde_json")]
pub use crate::plaintext::{decode_json, encode_json};
pub use crate::sql::types::Written;

/// A field of a compound index: a value with an index of its own, or an `Option` of one.
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no blind index of its own",
    label = "cannot be a part of a compound index",
    note = "an index over several fields is made of theirs: hold the field in a type with `#[derive(Encrypted)]` \
            and `#[encrypted(context = \"…\", index(normalize(…)))]`"
)]
pub trait IndexPart {
    /// What is digested; `None` for NULL.
    ///
    /// # Errors
    ///
    /// Those of [`IndexOf::input`].
    fn input(&self) -> Result<Option<IndexInput>, Error>;
}

// `IndexTerm` is named so that the compiler sees that an `Option` is not meant here.
impl<V: IndexOf<V> + IndexTerm> IndexPart for V {
    fn input(&self) -> Result<Option<IndexInput>, Error> {
        <V as IndexOf<V>>::input(self)
    }
}

impl<V: IndexOf<V>> IndexPart for Option<V> {
    fn input(&self) -> Result<Option<IndexInput>, Error> {
        <V as IndexOf<Self>>::input(self)
    }
}

/// Compiles where `V` is [`Canonical`].
pub const fn is_canonical<V: Canonical>() {}

/// A value whose forms the normalizers of this crate make one, if they are not one already.
#[diagnostic::on_unimplemented(
    message = "equal values of `{Self}` may have different plaintext forms",
    label = "is no text, and its forms stay as different as they are",
    note = "a search for one form would miss the others: make one of them by a function of your own, \
            `normalize(with(function))`, or hold the value in a type whose plaintext form is canonical"
)]
pub trait Normalizable {}

impl<V: Canonical> Normalizable for V {}
#[cfg(feature = "email")]
impl Normalizable for email_address::EmailAddress {}
#[cfg(feature = "email")]
impl Normalizable for crate::Encrypted<email_address::EmailAddress> {}

/// Compiles where `V` is [`Normalizable`].
pub const fn is_normalizable<V: Normalizable>() {}
