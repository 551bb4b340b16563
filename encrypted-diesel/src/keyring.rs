//! The keys of an application, and where they come from.

use std::collections::BTreeSet;
use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::aead::Aead;
use crate::error::Error;
use crate::key::{Key, KeyError, KeyId};
use crate::key_service::{Keys, Purpose, deadline};
use crate::stack;

mod command;
mod env;
mod env_file;
mod installed;
#[cfg(feature = "tenants")]
mod lists;
mod reload;
mod secret_file;

pub use env::{KeyList, env_file_above, init, init_async, key_lists, setting};
pub(crate) use installed::{scope, with_current};
pub use reload::{Reload, reload, reload_async};

/// The keys of an application: the primary key, which encrypts, the retired keys, which only decrypt, and the keys of
/// its blind indexes.
///
/// Most applications call [`init`], which reads the keyring from the environment. To build one in code, for tests
/// or with keys from a key management service:
///
/// ```
/// use encrypted_diesel::{Key, Keyring};
///
/// let (new, old) = (Key::generate()?, Key::generate()?);
/// let keyring = Keyring::new(new).with_retired(old)?;
/// keyring.install()?;
/// # Ok::<(), encrypted_diesel::Error>(())
/// ```
///
/// Every value carries the [`KeyId`] of its key, so reading costs the same no matter how many keys there are, and no
/// key is ever tried.
#[derive(Clone)]
pub struct Keyring {
    /// Never empty; the first encrypts.
    encryption: Vec<Arc<EncryptionKey>>,
    /// The first writes. Empty without blind indexes.
    index: Vec<Arc<Key>>,
    /// The contexts that are being adopted.
    plaintext: BTreeSet<String>,
    plaintext_reads: Arc<AtomicU64>,
    /// `None` if it was built in code.
    origin: Option<Origin>,
}

/// Where the process has its keys from.
#[derive(Clone, Debug)]
enum Origin {
    /// The environment, and the folder's `.env`.
    Environment,
    /// The environment, and this file.
    File(PathBuf),
}

/// A key and the two ciphers derived from it.
pub(crate) struct EncryptionKey {
    key: Key,
    pub(crate) randomized: Aead,
    pub(crate) deterministic: Aead,
}

impl EncryptionKey {
    fn new(key: Key) -> Arc<Self> {
        let aead = |mode: &[u8]| stack::wiped(|| Aead::new(&key.derive(&[mode])));
        Arc::new(Self { randomized: aead(b"randomized"), deterministic: aead(b"deterministic"), key })
    }

    pub(crate) fn id(&self) -> KeyId {
        self.key.id()
    }
}

impl Keyring {
    /// A keyring with one key, which encrypts and decrypts.
    pub fn new(primary: Key) -> Self {
        Self {
            encryption: vec![EncryptionKey::new(primary)],
            index: Vec::new(),
            plaintext: BTreeSet::new(),
            plaintext_reads: Arc::default(),
            origin: None,
        }
    }

    /// Parses a list of keys in the form of `FIELD_ENCRYPTION_KEY`: [entries](crate::guide::keys) such as 64 hex digits,
    /// separated by commas. The first encrypts, all decrypt. White space around an entry is ignored.
    ///
    /// Blocks for up to 10 seconds where a service must unwrap a key.
    ///
    /// # Errors
    ///
    /// A [`KeyError`] that says which key of the list is wrong, and why.
    pub fn parse(keys: &str) -> Result<Self, KeyError> {
        let deadline = deadline();
        Self::from_keys(Keys::ask(keys, Purpose::Encryption, deadline)?.wait(deadline)?)
    }

    /// A keyring with these encryption keys, the primary first.
    fn from_keys(keys: Vec<Key>) -> Result<Self, KeyError> {
        let mut keys = keys.into_iter();
        let primary = keys.next().ok_or(KeyError::Empty)?;
        keys.try_fold(Self::new(primary), Self::with_retired)
    }

    /// Puts a new key in front: it encrypts from now on, and the present keys are retired.
    ///
    /// # Errors
    ///
    /// As [`with_retired`](Self::with_retired).
    pub fn with_primary(self, key: Key) -> Result<Self, KeyError> {
        let mut ring = self.with_retired(key)?;
        ring.encryption.rotate_right(1);
        Ok(ring)
    }

    /// Moves a key that is there to the front: it encrypts from now on. An index key moves to the front of the index keys.
    ///
    /// # Errors
    ///
    /// [`KeyError::NotFound`] if the keyring does not have it.
    pub fn with_first(mut self, id: KeyId) -> Result<Self, KeyError> {
        let encryption = self.encryption.iter().position(|key| key.id() == id);
        let index = self.index.iter().position(|key| key.id() == id);
        match (encryption, index) {
            (Some(position), _) => self.encryption[..=position].rotate_right(1),
            (None, Some(position)) => self.index[..=position].rotate_right(1),
            (None, None) => return Err(KeyError::NotFound { id }),
        }
        Ok(self)
    }

    /// Adds a retired key, which decrypts but does not encrypt.
    ///
    /// # Errors
    ///
    /// A [`KeyError`] if the keyring already has this key, or another one with the same id.
    pub fn with_retired(mut self, key: Key) -> Result<Self, KeyError> {
        refuse_repetition(self.encryption.iter().map(|other| &other.key), &key)?;
        refuse_sharing(self.index_keys(), &key)?;
        self.encryption.push(EncryptionKey::new(key));
        Ok(self)
    }

    /// Adds a key for blind indexes. The first one writes, all are searched.
    ///
    /// # Errors
    ///
    /// A [`KeyError`] if the keyring already has this key, as an index key or an encryption key.
    pub fn with_index_key(mut self, key: Key) -> Result<Self, KeyError> {
        refuse_repetition(self.index_keys(), &key)?;
        refuse_sharing(self.encryption.iter().map(|other| &other.key), &key)?;
        self.index.push(Arc::new(key));
        Ok(self)
    }

    /// Puts a new index key in front: it writes from now on.
    ///
    /// # Errors
    ///
    /// As [`with_index_key`](Self::with_index_key).
    pub fn with_primary_index_key(self, key: Key) -> Result<Self, KeyError> {
        let mut ring = self.with_index_key(key)?;
        ring.index.rotate_right(1);
        Ok(ring)
    }

    /// Adds the index keys of a list in the form of `FIELD_INDEX_KEY`.
    ///
    /// Blocks for up to 10 seconds where a service must unwrap a key.
    ///
    /// # Errors
    ///
    /// A [`KeyError`] that says which key of the list is wrong, and why.
    pub fn with_index_keys(self, keys: &str) -> Result<Self, KeyError> {
        let deadline = deadline();
        Keys::ask(keys, Purpose::Index, deadline)?
            .wait(deadline)?
            .into_iter()
            .try_fold(self, Self::with_index_key)
    }

    /// Adds the index keys of another keyring, for a keyring whose blind indexes are searched together with those of
    /// the other.
    ///
    /// # Errors
    ///
    /// As [`with_index_key`](Self::with_index_key).
    pub fn with_index_keys_of(self, other: &Self) -> Result<Self, KeyError> {
        other.index_keys().cloned().try_fold(self, Self::with_index_key)
    }

    /// Removes a retired key or an index key, once nothing is stored under it.
    ///
    /// # Errors
    ///
    /// [`KeyError::NotRemovable`] if the keyring does not have the key, or if it is the primary key.
    pub fn without(mut self, id: KeyId) -> Result<Self, KeyError> {
        if self.primary_id() == id {
            return Err(KeyError::NotRemovable { id });
        }
        let count = |ring: &Self| ring.encryption.len() + ring.index.len();
        let before = count(&self);
        self.encryption.retain(|key| key.id() != id);
        self.index.retain(|key| key.id() != id);
        if count(&self) == before { Err(KeyError::NotRemovable { id }) } else { Ok(self) }
    }

    /// Fails without an index key, so that an application with blind indexes fails at start-up rather than at its
    /// first search.
    ///
    /// # Errors
    ///
    /// [`Error::NoIndexKey`](crate::Error::NoIndexKey) without an index key.
    pub fn require_index_key(self) -> Result<Self, Error> {
        if self.index.is_empty() { Err(Error::NoIndexKey) } else { Ok(self) }
    }

    /// Lets plaintext through where a value of one of these contexts is read, while an application
    /// [adopts encryption](crate::guide::adoption). It is counted, and logged as a warning. Writing still encrypts.
    ///
    /// A context is that of the value's type, `#[encrypted(context = "users.email")]`, or one of its previous contexts.
    /// Values without one, such as `EncryptedText`, have [`NO_CONTEXT`](Self::NO_CONTEXT). Everywhere else, plaintext is
    /// [`Error::NotEncrypted`]. A context that no type has lets nothing through, and is not detected.
    ///
    /// ```no_run
    /// # use encrypted_diesel::Keyring;
    /// Keyring::from_env()?.with_plaintext_in(["users.email", "users.phone"]).install()?;
    /// # Ok::<(), encrypted_diesel::Error>(())
    /// ```
    ///
    /// A value that begins like an envelope but does not decrypt remains an error.
    ///
    /// # Security
    ///
    /// Anyone who can write to the database can replace a ciphertext of these contexts with plaintext, and it is
    /// believed. Remove a context once its last row is encrypted.
    ///
    /// A value that begins like an envelope is taken for one, no matter who wrote it. As long as any release still
    /// writes plaintext into the column, a user can type in a copy of somebody else's envelope of the same
    /// context, such as one from a leaked dump, and is shown the decrypted value. So every release that writes
    /// plaintext must refuse text that begins with `ed` and a digit, such as `ed1:`, and you should look for rows
    /// with such text before you encrypt anything: [how](crate::guide::adoption#release-2-reads-both).
    ///
    /// A search that also compares with plaintext sends the search term to the database in the clear.
    #[must_use]
    pub fn with_plaintext_in<C: Into<String>>(mut self, contexts: impl IntoIterator<Item = C>) -> Self {
        self.plaintext.extend(contexts.into_iter().map(Into::into));
        self
    }

    /// The context of values whose type has none, for [`with_plaintext_in`](Self::with_plaintext_in). All columns of
    /// built-in types share it.
    pub const NO_CONTEXT: &str = "";

    /// The id of the primary key, which encrypts.
    pub fn primary_id(&self) -> KeyId {
        self.primary().id()
    }

    /// The ids of all encryption keys, the primary first.
    pub fn key_ids(&self) -> impl Iterator<Item = KeyId> + '_ {
        self.encryption.iter().map(|key| key.id())
    }

    /// The ids of all index keys, the one that writes first.
    pub fn index_key_ids(&self) -> impl Iterator<Item = KeyId> + '_ {
        self.index.iter().map(|key| key.id())
    }

    /// How many plaintext values [`with_plaintext_in`](Self::with_plaintext_in) has let through, for this keyring and its clones.
    pub fn plaintext_reads(&self) -> u64 {
        self.plaintext_reads.load(Ordering::Relaxed)
    }

    /// The index key that writes.
    pub(crate) fn primary_index_key(&self) -> Result<&Key, Error> {
        self.index_keys().next().ok_or(Error::NoIndexKey)
    }

    pub(crate) fn index_keys(&self) -> impl Iterator<Item = &Key> {
        self.index.iter().map(AsRef::as_ref)
    }

    pub(crate) fn encryption_keys(&self) -> impl Iterator<Item = &EncryptionKey> {
        self.encryption.iter().map(AsRef::as_ref)
    }

    /// The ids of keys that are made for tests.
    fn keys_of_one_byte(&self) -> impl Iterator<Item = KeyId> + '_ {
        let keys = self.encryption_keys().map(|key| &key.key).chain(self.index_keys());
        keys.filter(|key| key.is_one_byte()).map(Key::id)
    }

    pub(crate) fn primary(&self) -> &EncryptionKey {
        &self.encryption[0]
    }

    pub(crate) fn find(&self, id: KeyId) -> Option<&EncryptionKey> {
        self.encryption_keys().find(|key| key.id() == id)
    }

    pub(crate) fn allows_plaintext(&self, mut contexts: impl Iterator<Item = &'static str>) -> bool {
        contexts.any(|context| self.plaintext.contains(context))
    }

    /// Counts a plaintext value, and logs when the count is a power of two: often enough to be noticed, too rarely
    /// to fill a disk.
    pub(crate) fn count_plaintext(&self, type_name: &str) {
        let count = self.plaintext_reads.fetch_add(1, Ordering::Relaxed).wrapping_add(1);
        if count.is_power_of_two() {
            log::warn!("{count} plaintext values read from encrypted columns, the last as {type_name}");
        }
    }
}

/// Compares keys (in constant time) and the contexts that may hold plaintext, but not how much plaintext was read, nor
/// where the keys came from.
impl PartialEq for Keyring {
    fn eq(&self, other: &Self) -> bool {
        let Self { encryption, index, plaintext, plaintext_reads: _, origin: _ } = self;
        encryption.iter().map(|own| &own.key).eq(other.encryption.iter().map(|own| &own.key))
            && *index == other.index
            && *plaintext == other.plaintext
    }
}

impl Eq for Keyring {}

impl fmt::Debug for Keyring {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { encryption: _, index: _, plaintext, plaintext_reads, origin: _ } = self;
        f.debug_struct("Keyring")
            .field("keys", &self.key_ids().collect::<Vec<_>>())
            .field("index_keys", &self.index_key_ids().collect::<Vec<_>>())
            .field("plaintext", plaintext)
            .field("plaintext_reads", plaintext_reads)
            .finish()
    }
}

fn refuse_repetition<'a>(mut ring: impl Iterator<Item = &'a Key>, key: &Key) -> Result<(), KeyError> {
    let id = key.id();
    match ring.find(|other| other.id() == id) {
        None => Ok(()),
        Some(other) if other == key => Err(KeyError::Repeated { id }),
        Some(_) => Err(KeyError::SameId { id }),
    }
}

fn refuse_sharing<'a>(mut ring: impl Iterator<Item = &'a Key>, key: &Key) -> Result<(), KeyError> {
    match ring.any(|other| other == key) {
        false => Ok(()),
        true => Err(KeyError::Shared { id: key.id() }),
    }
}

#[cfg(test)]
mod tests;
