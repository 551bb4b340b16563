//! Values and the bytes that are encrypted in their place: one file for each family.

use zeroize::Zeroizing;

use crate::error::Error;

mod binary;
#[cfg(feature = "chrono")]
mod chrono;
#[cfg(feature = "email")]
mod email;
#[cfg(feature = "serde_json")]
mod json;
mod number;
#[cfg(feature = "numeric")]
mod numeric;
mod text;
#[cfg(feature = "time")]
mod time;
#[cfg(feature = "uuid")]
mod uuid;
mod writer;

#[cfg(feature = "serde_json")]
pub use json::{Json, decode_json, encode_json};
pub use writer::PlaintextWriter;

/// A value that can be encrypted.
///
/// [`Encrypted<T>`](struct@crate::Encrypted) holds any such `T`. To have a column of a type of your own,
/// `#[derive(Encrypted)]` is the shorter way. By hand, it takes a plaintext form that will be read
/// back for as long as the data lives, so choose one that does not change with a dependency:
///
/// ```
/// use encrypted_diesel::{Error, FromPlaintext, Plaintext, PlaintextWriter, Zeroizing};
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
/// Now `Encrypted<Pressure>` is a column's value.
///
/// # Security
///
/// The length of the plaintext form can be seen in the ciphertext. Pad it where the length tells
/// something.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be encrypted",
    label = "has no plaintext form",
    note = "`#[derive(Encrypted)]` with `#[encrypted(text)]` or `#[encrypted(json)]` gives your own types one; \
            for dates, UUIDs, JSON and decimals, enable encrypted-diesel's feature `chrono`, `time`, `uuid`, \
            `serde_json` or `numeric`, and for e-mail addresses `email`"
)]
pub trait Plaintext {
    /// Where the value belongs, such as `"patients.ssn"`. A value that is moved to where another
    /// context is expected does not open.
    ///
    /// The string is frozen with the first value written. It is independent of the names of Rust
    /// and SQL, so that renaming breaks nothing.
    const CONTEXT: &'static str = "";

    /// Contexts under which older values were written, and still open.
    const PREVIOUS_CONTEXTS: &'static [&'static str] = &[];

    /// Whether the value has a blind index, and is written with it only.
    #[doc(hidden)]
    const INDEXED: bool = false;

    /// Writes the plaintext form.
    ///
    /// # Errors
    ///
    /// [`Error::invalid_value`] for a value that has none.
    fn encode(&self, out: &mut PlaintextWriter) -> Result<(), Error>;

    /// About how many bytes [`encode`](Self::encode) writes. If it is as many or more, writing
    /// takes no further allocation.
    fn size_hint(&self) -> usize {
        48
    }

    /// Overwrites the value in memory, as far as its type allows. [`Encrypted`](struct@crate::Encrypted)
    /// calls it when it is dropped.
    fn wipe(&mut self) {}

    /// Whether two values are equal: in constant time for text and bytes, by `==` for all else.
    fn secret_eq(&self, other: &Self) -> bool
    where
        Self: PartialEq,
    {
        self == other
    }
}

/// As the value itself: what is searched for may be borrowed.
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

/// A value that can be decrypted. Borrowed types have [`Plaintext`] alone: they can be written, not
/// read.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be read from an encrypted column",
    label = "cannot be made from plaintext",
    note = "borrowed values can be written only: read `String` in place of `&str`, `Vec<u8>` in place of `&[u8]`"
)]
pub trait FromPlaintext: Plaintext + Sized {
    /// Reads what [`Plaintext::encode`] wrote.
    ///
    /// The argument is wiped when it is dropped. To keep the buffer, take it out.
    ///
    /// # Errors
    ///
    /// [`Error::invalid_plaintext`] if the bytes are no such value.
    fn decode(plaintext: Zeroizing<Vec<u8>>) -> Result<Self, Error>;
}

/// A value whose plaintext form is the same whenever it is equal.
///
/// Only such values are written into a [deterministic](crate::sql_types::DeterministicText) column or
/// indexed as they are, for others would not be found: `1.5` and `1.50` are equal decimals, and 0.0
/// and -0.0 equal floats. A [normalizer](crate::Normalizer) that gives all of a value's forms one makes up
/// for it.
///
/// `#[derive(Encrypted)]` implements it for a struct whose field is `Canonical`, and with
/// `#[encrypted(text)]`, where `Display` is yours to keep canonical.
#[diagnostic::on_unimplemented(
    message = "equal values of `{Self}` may have different plaintext forms",
    label = "has no canonical plaintext form",
    note = "a search for one form would miss the others: hold the value in a type whose plaintext form is \
            canonical, or index it with `normalize(…)`"
)]
pub trait Canonical {}

impl<V: Canonical> Canonical for &V {}

/// Beside text and bytes. Not floats, decimals, JSON and e-mail addresses.
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

/// Plaintext forms that are the value's own bytes, as `$as_bytes` shows them.
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

/// Plaintext forms by `Display` and `FromStr`, which every value of `$type` must survive.
macro_rules! by_display {
    ($($type:ty),* $(,)?) => {$(
        impl $crate::plaintext::Plaintext for $type {
            fn encode(
                &self,
                out: &mut $crate::plaintext::PlaintextWriter,
            ) -> Result<(), $crate::error::Error> {
                $crate::plaintext::encode_display(self, out)
            }
        }

        impl $crate::plaintext::FromPlaintext for $type {
            fn decode(plaintext: zeroize::Zeroizing<Vec<u8>>) -> Result<Self, $crate::error::Error> {
                $crate::plaintext::decode_from_str(&plaintext)
            }
        }
    )*};
}
use by_display;

/// Writes what `Display` shows.
///
/// # Errors
///
/// [`Error::InvalidValue`] if `Display` fails.
pub fn encode_display<T: std::fmt::Display>(value: &T, out: &mut PlaintextWriter) -> Result<(), Error> {
    use std::fmt::Write;
    write!(out, "{value}").map_err(|_| Error::invalid_value::<T>())
}

/// Reads what `FromStr` takes.
///
/// # Errors
///
/// [`Error::InvalidPlaintext`]. The type's own error is dropped, since it may quote the text.
pub fn decode_from_str<T: std::str::FromStr>(plaintext: &[u8]) -> Result<T, Error> {
    decode_text(plaintext, |text| text.parse().ok())
}

fn decode_text<T>(plaintext: &[u8], parse: impl FnOnce(&str) -> Option<T>) -> Result<T, Error> {
    std::str::from_utf8(plaintext).ok().and_then(parse).ok_or_else(Error::invalid_plaintext::<T>)
}

#[cfg(test)]
mod tests;
