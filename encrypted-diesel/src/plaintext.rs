//! The plaintext forms of values: the bytes that are encrypted. One file for each family of types.

use crate::error::Error;

mod binary;
#[cfg(feature = "chrono")]
mod chrono;
pub(crate) mod display;
#[cfg(feature = "email")]
mod email;
#[cfg(feature = "serde_json")]
pub(crate) mod json;
mod number;
#[cfg(feature = "numeric")]
mod numeric;
pub(crate) mod offset;
mod text;
#[cfg(feature = "time")]
mod time;
#[cfg(feature = "uuid")]
mod uuid;
mod writer;

#[cfg(feature = "serde_json")]
pub use json::Json;
pub use writer::PlaintextWriter;
pub use zeroize::Zeroizing;

/// A value that can be encrypted.
///
/// [`Encrypted<T>`](struct@crate::Encrypted) holds any such `T`. For a type of your own, `#[derive(Encrypted)]` is the
/// shorter way. If you implement this by hand, choose a plaintext form that does not change with a dependency, because
/// it must be readable for as long as the data lives:
///
/// ```
/// use encrypted_diesel::Error;
/// use encrypted_diesel::plaintext::{FromPlaintext, Plaintext, PlaintextWriter, Zeroizing};
///
/// /// A blood pressure in mmHg, such as 120/80.
/// struct Pressure { systolic: u16, diastolic: u16 }
///
/// impl Plaintext for Pressure {
///     fn encode(&self, out: &mut PlaintextWriter) -> Result<(), Error> {
///         use std::fmt::Write;
///         write!(out, "{}/{}", self.systolic, self.diastolic).map_err(|_| Error::invalid_value::<Self>())
///     }
/// }
///
/// impl FromPlaintext for Pressure {
///     fn decode(plaintext: Zeroizing<Vec<u8>>) -> Result<Self, Error> {
///         let parse = || {
///             let (systolic, diastolic) = std::str::from_utf8(&plaintext).ok()?.split_once('/')?;
///             Some(Self { systolic: systolic.parse().ok()?, diastolic: diastolic.parse().ok()? })
///         };
///         parse().ok_or_else(Error::invalid_plaintext::<Self>)
///     }
/// }
/// ```
///
/// Now `Encrypted<Pressure>` can be the value of a column.
///
/// # Security
///
/// The ciphertext shows the length of the plaintext form. Pad it where the length reveals something.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be encrypted",
    label = "does not have a plaintext form",
    note = "`#[derive(Encrypted)]` with `#[encrypted(text)]` or `#[encrypted(json)]` gives your own types one; \
            for dates, UUIDs, JSON, decimals and e-mail addresses, enable a feature of encrypted-diesel: `chrono`, \
            `time`, `uuid`, `serde_json`, `numeric` or `email`"
)]
pub trait Plaintext {
    /// Where the value belongs, such as `"patients.ssn"`. A value that was moved to a place with another context does
    /// not decrypt.
    ///
    /// The string is fixed once the first value is written. It does not depend on names in Rust or SQL, so renaming
    /// breaks nothing.
    const CONTEXT: &'static str = "";

    /// Contexts under which older values were written. They still decrypt.
    const PREVIOUS_CONTEXTS: &'static [&'static str] = &[];

    /// Whether the value has a blind index, and is only written together with it.
    #[doc(hidden)]
    const INDEXED: bool = false;

    /// Writes the plaintext form.
    ///
    /// # Errors
    ///
    /// [`Error::invalid_value`] for a value without one.
    fn encode(&self, out: &mut PlaintextWriter) -> Result<(), Error>;

    /// About how many bytes [`encode`](Self::encode) writes. If it writes no more than that, it needs no further
    /// allocation.
    fn size_hint(&self) -> usize {
        48
    }

    /// Overwrites the value in memory, as far as its type allows. [`Encrypted`](struct@crate::Encrypted) calls it on
    /// drop.
    fn wipe(&mut self) {}

    /// Whether two values are equal: in constant time for text and bytes, by `==` for everything else.
    fn secret_eq(&self, other: &Self) -> bool
    where
        Self: PartialEq,
    {
        self == other
    }
}

/// As the value itself, so that a search term may be borrowed.
impl<V: Plaintext> Plaintext for &V {
    const CONTEXT: &'static str = V::CONTEXT;
    const PREVIOUS_CONTEXTS: &'static [&'static str] = V::PREVIOUS_CONTEXTS;
    const INDEXED: bool = V::INDEXED;

    fn encode(&self, out: &mut PlaintextWriter) -> Result<(), Error> {
        V::encode(self, out)
    }

    fn size_hint(&self) -> usize {
        V::size_hint(self)
    }
}

/// A value that can be decrypted. Borrowed types only implement [`Plaintext`]: they can be written, not read.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be read from an encrypted column",
    label = "cannot be made from plaintext",
    note = "borrowed values can only be written: read `String` instead of `&str`, and `Vec<u8>` instead of `&[u8]`"
)]
pub trait FromPlaintext: Plaintext + Sized {
    /// Reads what [`Plaintext::encode`] wrote.
    ///
    /// The argument is wiped on drop. To keep the buffer, take it out.
    ///
    /// # Errors
    ///
    /// [`Error::invalid_plaintext`] if the bytes are not such a value.
    fn decode(plaintext: Zeroizing<Vec<u8>>) -> Result<Self, Error>;
}

/// A value with a canonical plaintext form: equal values have equal forms.
///
/// Only such values can be written into a [deterministic](crate::sql_types::DeterministicText) column or indexed without
/// normalization. Others would not be found: `1.5` and `1.50` are equal decimals, and 0.0 and -0.0 equal floats. A
/// [normalizer](crate::blind_index::Normalizer) that unifies the forms of a value makes up for it.
///
/// `#[derive(Encrypted)]` implements it for a struct whose field is `Canonical`, and with `#[encrypted(text)]`, where
/// you must keep `Display` canonical.
#[diagnostic::on_unimplemented(
    message = "equal values of `{Self}` may have different plaintext forms",
    label = "does not have a canonical plaintext form",
    note = "a search for one form would miss the others: hold the value in a type whose plaintext form is \
            canonical, or index it with `normalize(…)`"
)]
pub trait Canonical {}

impl<V: Canonical> Canonical for &V {}

/// A value of a type with a context of its own, which is not empty.
///
/// Only such values can be written into a [deterministic](crate::sql_types::DeterministicText) column and searched for there.
/// The context is part of each ciphertext, but not of the column's SQL type. So a search for plain text, whose context is
/// empty, would compile and find none of the column's values.
///
/// `#[derive(Encrypted)]` implements it for a type with `#[encrypted(context = "…")]`, and for a struct around one. If you
/// implement [`Plaintext`] by hand with a [`CONTEXT`](Plaintext::CONTEXT), implement this trait as well.
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no context of its own",
    label = "does not belong to a deterministic column",
    note = "a deterministic column finds a value only as the type that it was written as: write that type, such as \
            `Token(text.into())` for `#[derive(Encrypted)] #[encrypted(context = \"devices.token\")] struct Token(String);`"
)]
pub trait HasContext {}

impl<V: HasContext> HasContext for &V {}

/// Text and bytes are `Canonical` as well. Floats, decimals, JSON and e-mail addresses are not.
macro_rules! canonical {
    ($($(#[$feature:meta])? $type:ty),* $(,)?) => {$(
        $(#[$feature])?
        impl Canonical for $type {}
    )*};
}

canonical! {
    secrecy::SecretString, bool, i8, i16, i32, i64, i128, u8, u16, u32, u64, u128,
    #[cfg(feature = "chrono")] ::chrono::NaiveDate,
    #[cfg(feature = "chrono")] ::chrono::NaiveTime,
    #[cfg(feature = "chrono")] ::chrono::NaiveDateTime,
    #[cfg(feature = "chrono")] ::chrono::DateTime<::chrono::Utc>,
    #[cfg(feature = "time")] ::time::Date,
    #[cfg(feature = "time")] ::time::Time,
    #[cfg(feature = "time")] ::time::PrimitiveDateTime,
    #[cfg(feature = "time")] ::time::OffsetDateTime,
    #[cfg(feature = "uuid")] ::uuid::Uuid,
}

/// Plaintext forms that are the bytes of the value, from `$as_bytes`.
macro_rules! by_bytes {
    ($as_bytes:path => $([$($generics:tt)*] $type:ty $(, $wipe:path)?;)*) => {$(
        impl<$($generics)*> $crate::plaintext::Plaintext for $type {
            fn encode(
                &self,
                out: &mut $crate::plaintext::PlaintextWriter,
            ) -> Result<(), $crate::error::Error> {
                out.write_bytes($as_bytes(self));
                Ok(())
            }

            fn size_hint(&self) -> usize {
                $as_bytes(self).len()
            }

            $(fn wipe(&mut self) {
                $wipe(self);
            })?

            fn secret_eq(&self, other: &Self) -> bool {
                subtle::ConstantTimeEq::ct_eq($as_bytes(self), $as_bytes(other)).into()
            }
        }

        impl<$($generics)*> $crate::plaintext::Canonical for $type {}
    )*};
}
use by_bytes;

/// Plaintext forms by `Display` and `FromStr`. Every value of `$type` must survive the round trip.
macro_rules! by_display {
    ($($type:ty),* $(,)?) => {$(
        impl $crate::plaintext::Plaintext for $type {
            fn encode(
                &self,
                out: &mut $crate::plaintext::PlaintextWriter,
            ) -> Result<(), $crate::error::Error> {
                $crate::plaintext::display::encode_display(self, out)
            }
        }

        impl $crate::plaintext::FromPlaintext for $type {
            fn decode(plaintext: zeroize::Zeroizing<Vec<u8>>) -> Result<Self, $crate::error::Error> {
                $crate::plaintext::display::decode_from_str(&plaintext)
            }
        }
    )*};
}
use by_display;

#[cfg(test)]
mod tests;
