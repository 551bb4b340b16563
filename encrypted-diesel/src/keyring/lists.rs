//! A keyring as text: the lists of its keys.

use secrecy::ExposeSecret;
use zeroize::Zeroizing;

use crate::key::{Key, KeyError};
use crate::keyring::Keyring;

impl Keyring {
    /// The encryption keys in hex digits, separated by commas, and in the next line the index keys.
    pub(crate) fn to_lists(&self) -> Zeroizing<String> {
        let count = self.encryption.len() + self.index.len();
        // Of this size, so that it does not grow and leave a copy.
        let mut lists = Zeroizing::new(String::with_capacity(count * (2 * Key::LEN + 1) + 1));
        let encryption = self.encryption.iter().map(|key| &key.key);
        for (position, key) in encryption.enumerate() {
            lists.push_str(if position > 0 { "," } else { "" });
            lists.push_str(key.to_hex().expose_secret());
        }
        lists.push('\n');
        for (position, key) in self.index_keys().enumerate() {
            lists.push_str(if position > 0 { "," } else { "" });
            lists.push_str(key.to_hex().expose_secret());
        }
        lists
    }

    /// Parses what [`to_lists`](Self::to_lists) has made.
    pub(crate) fn from_lists(lists: &str) -> Result<Self, KeyError> {
        let (encryption, index) = lists.split_once('\n').unwrap_or((lists, ""));
        let keys = encryption.split(',').map(Key::from_hex).collect::<Result<_, _>>()?;
        let mut index = index.split(',').filter(|key| !key.is_empty()).map(Key::from_hex);
        index.try_fold(Self::from_keys(keys)?, |keyring, key| keyring.with_index_key(key?))
    }
}
