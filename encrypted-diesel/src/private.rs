//! For code that the derive and the macros emit, and for the tool. Not part of the public API.

pub use diesel;
#[cfg(feature = "serde_json")]
pub use serde::{Serialize, de::DeserializeOwned};

pub use crate::__encrypted_value as encrypted_value;
pub use crate::blind_index::{FromValues, IndexInput, IndexOf, IndexSpec, IndexTerm, Indexable, Normalizer};
pub use crate::error::Error;
pub use crate::key_service::{Entry, Wrapped};
pub use crate::keyring::{KeyList, env_file_above, key_lists, setting};
pub use crate::plaintext::display::{decode_from_str, encode_display};
#[cfg(feature = "serde_json")]
pub use crate::plaintext::json::{decode_json, encode_json};
pub use crate::plaintext::{Canonical, FromPlaintext, HasContext, Plaintext, PlaintextWriter, Zeroizing};
pub use crate::sql::types::Written;
pub use crate::sql::{
    EncryptedBound, EncryptedSqlType, IndexBound, Matches, ReadEncrypted, WriteEncrypted, WrittenAlone,
};

/// A field of a compound index: a value with its own index, or an `Option` of one.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not have its own blind index",
    label = "cannot be part of a compound index",
    note = "an index over several fields is made from theirs: wrap the field in a type with `#[derive(Encrypted)]` \
            and `#[encrypted(context = \"…\", index(normalize(…)))]`"
)]
pub trait IndexPart {
    /// The input to the digest; `None` for NULL.
    ///
    /// # Errors
    ///
    /// Those of [`IndexOf::input`].
    fn input(&self) -> Result<Option<IndexInput>, Error>;
}

// `IndexTerm` shows the compiler that this impl is not about an `Option`.
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

/// A value that has one plaintext form, if need be after the normalizers of this crate.
#[diagnostic::on_unimplemented(
    message = "equal values of `{Self}` may have different plaintext forms",
    label = "is not text, so normalizers for text do not unify its forms",
    note = "a search for one form would miss the others: unify them with a function of your own, \
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
