//! The keys of the story, generated for each run and not stored.

use encrypted_diesel::key::KeyError;
use encrypted_diesel::{Error, ExposeSecret, Key, Keyring};

use crate::Result;

/// The encryption key, which stays the same, and the old and new index keys.
pub(crate) struct Keys {
    pub encryption: Key,
    pub old: Key,
    pub new: Key,
}

impl Keys {
    pub(crate) fn generate() -> Result<Self, Error> {
        Ok(Self { encryption: Key::generate()?, old: Key::generate()?, new: Key::generate()? })
    }

    /// The keyring of an instance that starts with this `FIELD_INDEX_KEY`, where `old` and `new` stand for 64 hex
    /// digits each.
    ///
    /// An instance has one keyring for as long as it runs: `Keyring::from_env()?.require_index_key()?.install()?`.
    /// The story runs several in one process: each [`Keyring::scope`] is a deployment.
    pub(crate) fn deploy(&self, field_index_key: &str) -> Result<Keyring> {
        let keyring = Keyring::new(copy(&self.encryption)?);
        field_index_key.split(',').try_fold(keyring, |keyring, name| {
            let key = match name {
                "old" => &self.old,
                "new" => &self.new,
                _ => return Err(format!("there is no index key {name:?} in this story").into()),
            };
            Ok(keyring.with_index_key(copy(key)?)?)
        })
    }
}

/// A second copy of the key, as another process would read it from its own environment.
pub(crate) fn copy(key: &Key) -> Result<Key, KeyError> {
    Key::from_hex(key.to_hex().expose_secret())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn index_keys(keys: &Keys, list: &str) -> Vec<encrypted_diesel::key::KeyId> {
        keys.deploy(list).unwrap().index_key_ids().collect()
    }

    #[test]
    fn a_deployment_has_the_keys_of_its_list_in_their_order() {
        let keys = Keys::generate().unwrap();
        assert_eq!(index_keys(&keys, "old"), [keys.old.id()]);
        assert_eq!(index_keys(&keys, "old,new"), [keys.old.id(), keys.new.id()]);
        assert_eq!(index_keys(&keys, "new,old"), [keys.new.id(), keys.old.id()]);
        assert_eq!(index_keys(&keys, "new"), [keys.new.id()]);
        for list in ["old", "new"] {
            assert_eq!(keys.deploy(list).unwrap().primary_id(), keys.encryption.id());
        }
    }

    #[test]
    fn other_lists_are_refused() {
        let keys = Keys::generate().unwrap();
        for list in ["", "older", "old,", "old,old"] {
            assert!(keys.deploy(list).is_err(), "{list:?}");
        }
    }
}
