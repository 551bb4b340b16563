//! One entry of a list of keys: the key itself, or where to get it.

use crate::error::{KeyError, UnwrapError};
use crate::key::Key;
use crate::key_service::uri::{KeyUri, UriError};

/// The parameter with the [fingerprint](Key::fingerprint) of the key.
const CHECK: &str = "check";

/// An entry, without its position.
#[derive(Debug)]
pub enum Entry {
    /// In the clear, as hex digits.
    Key(Key),
    /// The same key from one service or more. Each is asked only if those before it cannot be reached.
    Wrapped(Vec<Wrapped>),
}

/// A key that a service unwraps.
#[derive(Clone, Debug)]
pub struct Wrapped {
    uri: KeyUri,
    fingerprint: [u8; Key::FINGERPRINT_LEN],
}

impl Entry {
    /// The comma-separated entries of `list`. No service is asked.
    ///
    /// # Errors
    ///
    /// A [`KeyError`], with the position of the entry.
    pub fn parse_list(list: &str) -> Result<Vec<Self>, KeyError> {
        if list.trim().is_empty() {
            return Err(KeyError::Empty);
        }
        list.split(',').zip(1..).map(|(entry, position)| Self::parse(entry, position)).collect()
    }

    fn parse(entry: &str, position: usize) -> Result<Self, KeyError> {
        if !is_wrapped(entry) {
            return Key::from_entry(entry, position).map(Self::Key);
        }
        let alternatives: Vec<_> =
            entry.split('|').map(|uri| Wrapped::parse(uri.trim(), position)).collect::<Result<_, _>>()?;
        match alternatives.windows(2).all(|pair| pair[0].fingerprint == pair[1].fingerprint) {
            true => Ok(Self::Wrapped(alternatives)),
            false => Err(KeyError::OtherCheck { position }),
        }
    }
}

/// Whether the entry is meant to be a URI. `NAME=` before it and quotes are mistakes that `Key` knows.
fn is_wrapped(entry: &str) -> bool {
    let begin = entry.split("://").next().unwrap_or_default();
    entry.contains("://") && !begin.contains(['=', '"', '\'', '`'])
}

impl Wrapped {
    fn parse(text: &str, position: usize) -> Result<Self, KeyError> {
        if Key::from_hex(text).is_ok() {
            return Err(KeyError::HexAlternative { position });
        }
        let uri = KeyUri::parse(text).map_err(|UriError(reason)| KeyError::Uri { position, reason })?;
        let scheme = uri.scheme().to_owned();
        Self::new(uri).map_err(|problem| KeyError::Unwrap { position, scheme, problem })
    }

    pub(crate) fn new(uri: KeyUri) -> Result<Self, UnwrapError> {
        let mut fingerprint = [0; Key::FINGERPRINT_LEN];
        let check = uri.get(CHECK).ok_or(UnwrapError::NoCheck)?;
        hex::decode_to_slice(check, &mut fingerprint).map_err(|_| UnwrapError::NoCheck)?;
        Ok(Self { uri: uri.without(CHECK), fingerprint })
    }

    /// The entry without its fingerprint, as services see it.
    pub fn uri(&self) -> &KeyUri {
        &self.uri
    }

    /// The entry as it is listed.
    pub fn entry(&self) -> KeyUri {
        self.uri.clone().with(CHECK, hex::encode(self.fingerprint))
    }

    /// The key, if it is the one that the entry is about.
    pub(crate) fn verify(&self, key: Key) -> Result<Key, UnwrapError> {
        if key.has_fingerprint(&self.fingerprint) { Ok(key) } else { Err(UnwrapError::OtherKey) }
    }
}

/// The entry of a wrapped key, with its fingerprint.
pub(crate) fn with_check(uri: KeyUri, key: &Key) -> KeyUri {
    uri.with(CHECK, key.fingerprint())
}

#[cfg(test)]
mod tests;
