//! Keys, their public names, and mistakes in them.

use std::fmt;

use hkdf::Hkdf;
use rand::TryRng;
use rand::rngs::SysRng;
use secrecy::{ExposeSecret, SecretBox, SecretString};
use sha2::Sha256;
use subtle::ConstantTimeEq;
use zeroize::Zeroize;

use crate::error::Error;
pub use crate::error::{CommandProblem, KeyError};
pub use crate::key_id::KeyId;
use crate::stack;

/// The salt of every HKDF in this format.
const SALT: &[u8] = b"encrypted-diesel/1";

/// A key of 32 bytes. Everything that encrypts or indexes is derived from it.
///
/// The bytes are wiped when the key is dropped, and `Debug` shows only the [`KeyId`].
pub struct Key {
    bytes: SecretBox<[u8; Key::LEN]>,
    id: KeyId,
}

impl Key {
    /// The length of a key in bytes.
    pub const LEN: usize = 32;

    /// Makes a new key from the operating system's random number generator.
    ///
    /// # Errors
    ///
    /// [`Error::Random`] if the operating system gives no random bytes.
    pub fn generate() -> Result<Self, Error> {
        let mut drawn = Ok(());
        let key = Self::init(|bytes| drawn = SysRng.try_fill_bytes(bytes));
        match drawn {
            Ok(()) => Ok(key),
            Err(_) => Err(Error::Random),
        }
    }

    /// Reads a key from its 64 hex digits.
    ///
    /// White space around the digits is ignored.
    ///
    /// # Errors
    ///
    /// A [`KeyError`] if there are not exactly 64 characters, one is not a hex digit, or they are a placeholder such as
    /// `0000…` or `0123…`.
    pub fn from_hex(hex: &str) -> Result<Self, KeyError> {
        Self::from_entry(hex, 1)
    }

    pub(crate) fn from_entry(entry: &str, position: usize) -> Result<Self, KeyError> {
        // Some Windows editors start a text with a byte order mark.
        let digits = entry.trim_matches(|letter: char| letter.is_whitespace() || letter == '\u{feff}');
        let length = digits.chars().count();
        if length == 0 {
            return Err(KeyError::EmptyEntry { position });
        }
        if length != 2 * Self::LEN {
            return Err(malformed(digits, position));
        }
        let mut decoded = Ok(());
        let key = Self::init(|bytes| decoded = hex::decode_to_slice(digits, bytes));
        match decoded {
            Ok(()) if is_progression(digits) => Err(KeyError::Placeholder { position }),
            Ok(()) => Ok(key),
            // hex's own error shows the character, which is key material.
            Err(_) => Err(KeyError::NotHex { position }),
        }
    }

    /// Makes a key in its final place, so that no copy of it is left on the stack.
    fn init(fill: impl FnOnce(&mut [u8; Self::LEN])) -> Self {
        let bytes = SecretBox::init_with_mut(fill);
        let mut id = [0; KeyId::LEN];
        stack::wiped(|| expand(&bytes, &[b"key id"], &mut id));
        Self { bytes, id: KeyId::from_bytes(id) }
    }

    /// The length of a [fingerprint](Self::fingerprint) in bytes.
    pub(crate) const FINGERPRINT_LEN: usize = 16;

    /// The fingerprint of the key in 32 lower-case hex digits, for the `check` of an entry that a
    /// [service](crate::key_service) unwraps: 128 bits that HKDF-SHA256 derives from the key.
    ///
    /// # Security
    ///
    /// It is public, and reveals nothing about the key except whether two keys are the same.
    pub fn fingerprint(&self) -> String {
        hex::encode(self.fingerprint_bytes())
    }

    pub(crate) fn has_fingerprint(&self, expected: &[u8; Self::FINGERPRINT_LEN]) -> bool {
        self.fingerprint_bytes().ct_eq(expected).into()
    }

    fn fingerprint_bytes(&self) -> [u8; Self::FINGERPRINT_LEN] {
        let mut bytes = [0; Self::FINGERPRINT_LEN];
        stack::wiped(|| expand(&self.bytes, &[b"fingerprint"], &mut bytes));
        bytes
    }

    /// The key's public name, derived from its bytes.
    pub fn id(&self) -> KeyId {
        self.id
    }

    /// Whether it is one byte 32 times, as in a test.
    pub(crate) fn is_one_byte(&self) -> bool {
        let bytes = self.bytes.expose_secret();
        bytes.ct_eq(&[bytes[0]; Self::LEN]).into()
    }

    /// The key as 64 lower-case hex digits.
    ///
    /// # Security
    ///
    /// This is the key itself. Keep it in a secret store or in a file that only the application can read,
    /// and never log it.
    pub fn to_hex(&self) -> SecretString {
        SecretString::from(hex::encode(self.bytes.expose_secret()))
    }

    /// Derives 32 bytes for one purpose: HKDF-SHA256 (RFC 5869), with the concatenated `info` naming the
    /// purpose.
    pub(crate) fn derive(&self, info: &[&[u8]]) -> SecretBox<[u8; 32]> {
        SecretBox::init_with_mut(|okm: &mut [u8; 32]| expand(&self.bytes, info, okm))
    }
}

/// Whether the digits are one repeated, or count up or down, in base 16 or 10: `0000…`, `0123…`, `9876…`.
fn is_progression(digits: &str) -> bool {
    let digits = || digits.chars().filter_map(|digit| digit.to_digit(16));
    let steps_by =
        |base, step| digits().zip(digits().skip(1)).all(|(digit, next)| (digit + step) % base == next);
    [16, 10].iter().any(|base| [0, 1, base - 1].iter().any(|step| steps_by(*base, *step)))
}

/// What is wrong with an entry that is not 64 characters long.
fn malformed(entry: &str, position: usize) -> KeyError {
    let mut words =
        entry.split(|letter: char| !letter.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    let is_key = |word: &str| word.len() == 2 * Key::LEN && word.bytes().all(|byte| byte.is_ascii_hexdigit());
    match () {
        () if entry.starts_with(['"', '\'', '`']) => KeyError::Quoted { position },
        () if entry.contains('=') => KeyError::Assignment { position },
        () if words.clone().count() > 1 && words.clone().all(is_key) => KeyError::Separator { position },
        () if words.clone().count() > 1 && words.any(is_key) => KeyError::Surrounded { position },
        () => KeyError::Length { position, length: entry.chars().count() },
    }
}

/// Fills `okm` from the key. Its fixed length is far below HKDF's limit of 255 hashes (RFC 5869
/// section 2.3), and exceeding that is the only way to fail.
fn expand<const N: usize>(key: &SecretBox<[u8; Key::LEN]>, info: &[&[u8]], okm: &mut [u8; N]) {
    const { assert!(N <= 255 * 32) }
    let hkdf = Hkdf::<Sha256>::new(Some(SALT), key.expose_secret());
    if hkdf.expand_multi_info(info, okm).is_err() {
        unreachable!("the length was checked when this was compiled");
    }
}

/// Compares in constant time.
impl PartialEq for Key {
    fn eq(&self, other: &Self) -> bool {
        self.bytes.expose_secret().ct_eq(other.bytes.expose_secret()).into()
    }
}

impl Eq for Key {}

impl From<[u8; Key::LEN]> for Key {
    /// Takes a key from its bytes, and wipes the argument. The caller must wipe any copies of it.
    fn from(mut bytes: [u8; Key::LEN]) -> Self {
        let key = Self::init(|own| own.copy_from_slice(&bytes));
        bytes.zeroize();
        key
    }
}

/// The bytes, for a [`KeyService`](crate::key_service::KeyService) that wraps them.
impl ExposeSecret<[u8; Key::LEN]> for Key {
    fn expose_secret(&self) -> &[u8; Key::LEN] {
        self.bytes.expose_secret()
    }
}

/// The copy is wiped on drop as well.
impl Clone for Key {
    fn clone(&self) -> Self {
        let bytes = SecretBox::init_with_mut(|own: &mut [u8; Self::LEN]| {
            own.copy_from_slice(self.bytes.expose_secret());
        });
        Self { bytes, id: self.id }
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Key({})", self.id)
    }
}
