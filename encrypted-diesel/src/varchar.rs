use std::fmt;

use secrecy::ExposeSecret;
use zeroize::{Zeroize, Zeroizing};

use crate::encrypted::EncryptedText;
use crate::envelope;
use crate::error::Error;
use crate::plaintext::{Canonical, FromPlaintext, Plaintext, PlaintextWriter};

/// Encrypted text of at most `N` characters.
///
/// Longer text is refused when the value is made, not when it is saved. As in SQL's `VARCHAR(n)`, a character is a
/// Unicode scalar value, not a byte.
///
/// ```
/// use encrypted_diesel::{EncryptedVarchar, Error, ExposeSecret};
///
/// let name = EncryptedVarchar::<5>::try_from("Zoë 🦊")?;
/// assert_eq!(name.expose_secret(), "Zoë 🦊");
///
/// let refused = EncryptedVarchar::<5>::try_from("Zoë 🦊!");
/// assert!(matches!(refused, Err(Error::TooLong { max: 5, length: 6 })));
/// # Ok::<(), Error>(())
/// ```
#[derive(Clone, Default, PartialEq, Eq)]
pub struct EncryptedVarchar<const N: usize>(EncryptedText);

impl<const N: usize> EncryptedVarchar<N> {
    /// The `n` of a `VARCHAR(n)` column that can hold any text of `N` characters, encrypted.
    ///
    /// ```
    /// # use encrypted_diesel::EncryptedVarchar;
    /// assert_eq!(EncryptedVarchar::<120>::COLUMN_WIDTH, 691);
    /// ```
    pub const COLUMN_WIDTH: usize = envelope::text_len(N * 4);

    /// Returns the text. From then on it is up to you to protect and wipe it.
    pub fn into_inner(self) -> String {
        self.0.into_inner()
    }

    fn check(text: &str) -> Result<(), Error> {
        // A text never has more characters than bytes, so most need no counting.
        if text.len() <= N {
            return Ok(());
        }
        let length = text.chars().count();
        if length > N { Err(Error::TooLong { max: N, length }) } else { Ok(()) }
    }
}

impl<const N: usize> TryFrom<String> for EncryptedVarchar<N> {
    type Error = Error;

    fn try_from(mut text: String) -> Result<Self, Error> {
        match Self::check(&text) {
            Ok(()) => Ok(Self(text.into())),
            Err(error) => {
                text.zeroize();
                Err(error)
            }
        }
    }
}

impl<const N: usize> TryFrom<&str> for EncryptedVarchar<N> {
    type Error = Error;

    fn try_from(text: &str) -> Result<Self, Error> {
        Self::check(text).map(|()| Self(text.into()))
    }
}

/// For `#[diesel(deserialize_as = EncryptedVarchar<N>)]` on a plain field.
impl<const N: usize> From<EncryptedVarchar<N>> for String {
    fn from(text: EncryptedVarchar<N>) -> Self {
        text.into_inner()
    }
}

impl<const N: usize> ExposeSecret<str> for EncryptedVarchar<N> {
    fn expose_secret(&self) -> &str {
        self.0.expose_secret()
    }
}

impl<const N: usize> Plaintext for EncryptedVarchar<N> {
    fn encode(&self, out: &mut PlaintextWriter) -> Result<(), Error> {
        self.0.encode(out)
    }

    fn size_hint(&self) -> usize {
        self.0.size_hint()
    }

    fn wipe(&mut self) {
        self.0.wipe();
    }
}

impl<const N: usize> Canonical for EncryptedVarchar<N> {}

impl<const N: usize> FromPlaintext for EncryptedVarchar<N> {
    fn decode(plaintext: Zeroizing<Vec<u8>>) -> Result<Self, Error> {
        String::decode(plaintext)?.try_into()
    }
}

impl<const N: usize> fmt::Debug for EncryptedVarchar<N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("EncryptedVarchar([REDACTED])")
    }
}
