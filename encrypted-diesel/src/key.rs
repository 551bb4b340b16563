use std::fmt;

use hkdf::Hkdf;
use rand::TryRng;
use rand::rngs::SysRng;
use secrecy::{ExposeSecret, SecretBox, SecretString};
use sha2::Sha256;
use subtle::ConstantTimeEq;
use zeroize::Zeroize;

use crate::error::Error;
use crate::stack;

/// The salt of every HKDF in this format.
const SALT: &[u8] = b"encrypted-diesel/1";

/// A key: 32 bytes, from which everything that encrypts or indexes is derived.
///
/// The bytes are wiped when the key is dropped, and `Debug` shows the [`KeyId`] only.
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
    /// A [`KeyError`] if there are not 64 characters, or one is no hex digit.
    pub fn from_hex(hex: &str) -> Result<Self, KeyError> {
        Self::from_entry(hex, 1)
    }

    /// Reads the comma-separated keys of `list`.
    pub(crate) fn parse_list(list: &str) -> Result<Vec<Self>, KeyError> {
        if list.trim().is_empty() {
            return Err(KeyError::Empty);
        }
        list.split(',').zip(1..).map(|(entry, position)| Self::from_entry(entry, position)).collect()
    }

    fn from_entry(entry: &str, position: usize) -> Result<Self, KeyError> {
        let digits = entry.trim();
        let length = digits.chars().count();
        if length == 0 {
            return Err(KeyError::EmptyEntry { position });
        }
        if length != 2 * Self::LEN {
            return Err(KeyError::Length { position, length });
        }
        let mut decoded = Ok(());
        let key = Self::init(|bytes| decoded = hex::decode_to_slice(digits, bytes));
        match decoded {
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
        Self { bytes, id: KeyId(id) }
    }

    /// The key's public name, derived from its bytes.
    pub fn id(&self) -> KeyId {
        self.id
    }

    /// The key as 64 lower-case hex digits.
    ///
    /// # Security
    ///
    /// This is the key itself. It belongs into a secret store or a file that only the application
    /// can read, never into a log.
    pub fn to_hex(&self) -> SecretString {
        SecretString::from(hex::encode(self.bytes.expose_secret()))
    }

    /// Derives 32 bytes for one purpose: HKDF-SHA256 (RFC 5869) with `info`, put together, as the
    /// purpose.
    pub(crate) fn derive(&self, info: &[&[u8]]) -> SecretBox<[u8; 32]> {
        SecretBox::init_with_mut(|okm: &mut [u8; 32]| expand(&self.bytes, info, okm))
    }
}

/// Fills `okm` from the key. `okm` is of a fixed length far below HKDF's limit of 255 hashes
/// (RFC 5869 section 2.3), the only error that expanding knows.
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
    /// Takes a key from its bytes, and wipes the argument. Copies that the caller has kept are the
    /// caller's to wipe.
    fn from(mut bytes: [u8; Key::LEN]) -> Self {
        let key = Self::init(|own| own.copy_from_slice(&bytes));
        bytes.zeroize();
        key
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Key({})", self.id)
    }
}

/// A key's public name: 4 bytes, derived from the key, written as 8 lower-case hex digits.
///
/// It stands in clear in every stored value, so that the right key is found without trial.
///
/// # Security
///
/// It is an output of HKDF, so it tells nothing of the key but which values share it.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct KeyId([u8; KeyId::LEN]);

impl KeyId {
    pub(crate) const LEN: usize = 4;

    pub(crate) fn from_bytes(bytes: [u8; Self::LEN]) -> Self {
        Self(bytes)
    }

    /// Reads 8 hex digits, of either case.
    pub fn from_hex(digits: &str) -> Option<Self> {
        let mut bytes = [0; Self::LEN];
        hex::decode_to_slice(digits, &mut bytes).ok().map(|()| Self(bytes))
    }

    /// The id as it stands in a text envelope.
    pub(crate) fn to_hex(self) -> [u8; 2 * Self::LEN] {
        const DIGITS: &[u8; 16] = b"0123456789abcdef";
        let id = u32::from_be_bytes(self.0);
        std::array::from_fn(|place| DIGITS[(id >> (28 - 4 * place) & 15) as usize])
    }

    /// The id as it stands in a binary envelope.
    pub fn as_bytes(&self) -> &[u8; 4] {
        &self.0
    }
}

impl fmt::Display for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "KeyId({self})")
    }
}

/// What is wrong with a key, a list of keys, or the place that they come from.
///
/// Positions count from 1. No message shows any part of a key.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum KeyError {
    /// There is no key at all.
    #[error("is empty: it needs a key of 64 hex digits")]
    Empty,

    /// There is nothing between two commas, or behind the last.
    #[error("key {position} of the list is empty: remove the comma, or put a key there")]
    EmptyEntry {
        /// Which key of the list.
        position: usize,
    },

    /// A key is not 64 characters long.
    #[error("key {position} has {length} characters: a key is 64 hex digits (32 bytes)")]
    Length {
        /// Which key of the list.
        position: usize,
        /// The characters found.
        length: usize,
    },

    /// A key has a character that is no hex digit.
    #[error("key {position} has a character that is no hex digit (0 to 9, a to f)")]
    NotHex {
        /// Which key of the list.
        position: usize,
    },

    /// The same key stands twice in the list.
    #[error("the key {id} is there twice: remove one")]
    Repeated {
        /// The key's id.
        id: KeyId,
    },

    /// Two different keys have one id, so that a value's key could not be told.
    #[error("two different keys have the id {id}: generate another key in place of the newer")]
    SameId {
        /// The id of both.
        id: KeyId,
    },

    /// A key is used for encryption and for indexing.
    #[error("the key {id} is an encryption key as well as an index key: generate one for each use")]
    Shared {
        /// The key's id.
        id: KeyId,
    },

    /// A variable and its `_FILE` form are both set.
    #[error("is set, and so is its `_FILE` form: keep one of them")]
    Ambiguous,

    /// The value is not UTF-8.
    #[error("is not UTF-8: it needs a key of 64 hex digits")]
    NotUnicode,

    /// The file cannot be read. It is not named, since a key may stand where its path belongs.
    #[error("the file cannot be read: {reason}")]
    UnreadableFile {
        /// The operating system's reason.
        reason: std::io::ErrorKind,
    },

    /// A line of the file `.env` is not `NAME=value`.
    #[error("a line of the file cannot be parsed: write `NAME=value`, and quote values with spaces")]
    UnreadableLine,
}
