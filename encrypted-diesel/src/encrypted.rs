use std::fmt;

use secrecy::ExposeSecret;
use zeroize::Zeroizing;

use crate::error::Error;
use crate::plaintext::{Canonical, FromPlaintext, HasContext, Plaintext, PlaintextWriter};

/// A value that is encrypted in the database.
///
/// In memory it holds the plaintext, hidden from view: `Debug` shows `[REDACTED]`, and it implements neither `Display`
/// nor `Serialize`. Text and bytes are wiped on drop and compared in constant time. To get at the value, call
/// [`expose_secret`](secrecy::ExposeSecret::expose_secret) or [`into_inner`](Self::into_inner).
///
/// ```
/// use encrypted_diesel::{Encrypted, EncryptedText, ExposeSecret};
///
/// let notes = EncryptedText::from("allergic to penicillin");
/// assert_eq!(notes.expose_secret(), "allergic to penicillin");
/// assert_eq!(format!("{notes:?}"), "Encrypted([REDACTED])");
///
/// let weight = Encrypted::new(71.5_f64);
/// assert_eq!(weight.into_inner(), 71.5);
/// ```
///
/// `Encrypted<&str>`, `Encrypted<&[u8]>` and their `Cow`s write without a copy.
pub struct Encrypted<T: Plaintext>(
    /// `None` only after `into_inner` has taken the value.
    Option<T>,
);

/// Encrypted text of any length.
pub type EncryptedText = Encrypted<String>;

/// Encrypted bytes.
pub type EncryptedBinary = Encrypted<Vec<u8>>;

impl<T: Plaintext> Encrypted<T> {
    /// Wraps a value.
    pub fn new(value: T) -> Self {
        Self(Some(value))
    }

    /// Returns the value. From then on it is up to you to protect and wipe it.
    pub fn into_inner(mut self) -> T {
        match self.0.take() {
            Some(value) => value,
            None => unreachable!("only this method takes the value, and it consumes"),
        }
    }
}

impl<T: Plaintext> ExposeSecret<T> for Encrypted<T> {
    fn expose_secret(&self) -> &T {
        match &self.0 {
            Some(value) => value,
            None => unreachable!("only `into_inner` takes the value, and it consumes"),
        }
    }
}

/// Wipes text and bytes.
impl<T: Plaintext> Drop for Encrypted<T> {
    fn drop(&mut self) {
        self.wipe();
    }
}

impl<T: Plaintext> Plaintext for Encrypted<T> {
    const CONTEXT: &'static str = T::CONTEXT;
    const PREVIOUS_CONTEXTS: &'static [&'static str] = T::PREVIOUS_CONTEXTS;
    const INDEXED: bool = T::INDEXED;

    fn encode(&self, out: &mut PlaintextWriter) -> Result<(), Error> {
        self.expose_secret().encode(out)
    }

    fn size_hint(&self) -> usize {
        self.expose_secret().size_hint()
    }

    fn wipe(&mut self) {
        if let Some(value) = &mut self.0 {
            value.wipe();
        }
    }
}

impl<T: FromPlaintext> FromPlaintext for Encrypted<T> {
    fn decode(plaintext: Zeroizing<Vec<u8>>) -> Result<Self, Error> {
        T::decode(plaintext).map(Self::new)
    }
}

impl<T: Plaintext + Canonical> Canonical for Encrypted<T> {}

impl<T: Plaintext + HasContext> HasContext for Encrypted<T> {}

impl<T: Plaintext> From<T> for Encrypted<T> {
    fn from(value: T) -> Self {
        Self::new(value)
    }
}

impl From<&str> for EncryptedText {
    fn from(text: &str) -> Self {
        Self::new(text.to_owned())
    }
}

impl From<&[u8]> for EncryptedBinary {
    fn from(bytes: &[u8]) -> Self {
        Self::new(bytes.to_vec())
    }
}

/// For `#[diesel(deserialize_as = Encrypted<…>)]` on a plain field. Rust's orphan rule does not allow one impl for all
/// types.
macro_rules! plain_fields {
    ($($(#[$feature:meta])? $type:ty),* $(,)?) => {$(
        $(#[$feature])?
        impl From<Encrypted<$type>> for $type {
            fn from(value: Encrypted<$type>) -> Self {
                value.into_inner()
            }
        }
    )*};
}

plain_fields! {
    String, Vec<u8>, bool, i8, i16, i32, i64, i128, u8, u16, u32, u64, u128, f32, f64,
    #[cfg(feature = "chrono")] chrono::NaiveDate,
    #[cfg(feature = "chrono")] chrono::NaiveTime,
    #[cfg(feature = "chrono")] chrono::NaiveDateTime,
    #[cfg(feature = "chrono")] chrono::DateTime<chrono::Utc>,
    #[cfg(feature = "time")] time::Date,
    #[cfg(feature = "time")] time::Time,
    #[cfg(feature = "time")] time::PrimitiveDateTime,
    #[cfg(feature = "time")] time::OffsetDateTime,
    #[cfg(feature = "uuid")] uuid::Uuid,
    #[cfg(feature = "serde_json")] serde_json::Value,
    #[cfg(feature = "numeric")] bigdecimal::BigDecimal,
    #[cfg(feature = "email")] email_address::EmailAddress,
}

impl<T: Plaintext + Clone> Clone for Encrypted<T> {
    fn clone(&self) -> Self {
        Self::new(self.expose_secret().clone())
    }
}

impl<T: Plaintext + Default> Default for Encrypted<T> {
    fn default() -> Self {
        Self::new(T::default())
    }
}

/// In constant time for text and bytes of equal length. A difference in length may show; it is not a secret.
impl<T: Plaintext + PartialEq> PartialEq for Encrypted<T> {
    fn eq(&self, other: &Self) -> bool {
        self.expose_secret().secret_eq(other.expose_secret())
    }
}

impl<T: Plaintext + Eq> Eq for Encrypted<T> {}

impl<T: Plaintext> fmt::Debug for Encrypted<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Encrypted([REDACTED])")
    }
}
