use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::aead::Aead;
use crate::error::Error;
use crate::key::{Key, KeyError, KeyId};
use crate::stack;

mod env;
mod installed;

pub use env::{init, init_with_index_key};
pub(crate) use installed::with_current;

/// The keys of an application: the one that encrypts, those that only decrypt, and those of its
/// blind indexes.
///
/// Most applications call [`init`], which reads a keyring from the environment. To build one in
/// code, for keys that come from a key management service or for tests:
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
/// A value names the key that it was encrypted under by its [`KeyId`], so reading costs the same
/// however many keys there are, and nothing is tried.
#[derive(Clone)]
pub struct Keyring {
    /// Never empty; the first encrypts.
    encryption: Vec<Arc<EncryptionKey>>,
    /// The first writes; none without blind indexes.
    index: Vec<Arc<Key>>,
    plaintext: PlaintextPolicy,
    plaintext_reads: Arc<AtomicU64>,
}

/// A key with the two ciphers derived from it.
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
    /// A keyring of one key, which encrypts and decrypts.
    pub fn new(primary: Key) -> Self {
        Self {
            encryption: vec![EncryptionKey::new(primary)],
            index: Vec::new(),
            plaintext: PlaintextPolicy::default(),
            plaintext_reads: Arc::default(),
        }
    }

    /// Reads a list of keys as `FIELD_ENCRYPTION_KEY` has it: 64 hex digits each, separated by
    /// commas. The first encrypts, all decrypt. White space around a key is ignored.
    ///
    /// # Errors
    ///
    /// A [`KeyError`] that tells which key of the list is wrong, and how.
    pub fn parse(keys: &str) -> Result<Self, KeyError> {
        let mut keys = Key::parse_list(keys)?.into_iter();
        let primary = keys.next().ok_or(KeyError::Empty)?;
        keys.try_fold(Self::new(primary), Self::with_retired)
    }

    /// Adds a key that decrypts, but does not encrypt.
    ///
    /// # Errors
    ///
    /// A [`KeyError`] if the key, or another one with its id, is there already.
    pub fn with_retired(mut self, key: Key) -> Result<Self, KeyError> {
        refuse_repetition(self.encryption.iter().map(|other| &other.key), &key)?;
        refuse_sharing(self.index_keys(), &key)?;
        self.encryption.push(EncryptionKey::new(key));
        Ok(self)
    }

    /// Adds a key for blind indexes. The first one added writes, all are searched.
    ///
    /// # Errors
    ///
    /// A [`KeyError`] if the key is there already, as index key or as encryption key.
    pub fn with_index_key(mut self, key: Key) -> Result<Self, KeyError> {
        refuse_repetition(self.index_keys(), &key)?;
        refuse_sharing(self.encryption.iter().map(|other| &other.key), &key)?;
        self.index.push(Arc::new(key));
        Ok(self)
    }

    /// Adds the index keys of a list as `FIELD_INDEX_KEY` has it.
    ///
    /// # Errors
    ///
    /// A [`KeyError`] that tells which key of the list is wrong, and how.
    pub fn with_index_keys(self, keys: &str) -> Result<Self, KeyError> {
        Key::parse_list(keys)?.into_iter().try_fold(self, Self::with_index_key)
    }

    /// Makes sure that there is an index key, so that an application with blind indexes fails at its start
    /// and not at its first search.
    ///
    /// # Errors
    ///
    /// [`Error::NoIndexKey`](crate::Error::NoIndexKey) if there is none.
    pub fn require_index_key(self) -> Result<Self, Error> {
        if self.index.is_empty() { Err(Error::NoIndexKey) } else { Ok(self) }
    }

    /// Says what happens to plaintext that is found in an encrypted column.
    #[must_use]
    pub fn with_plaintext_policy(mut self, policy: PlaintextPolicy) -> Self {
        self.plaintext = policy;
        self
    }

    /// The id of the key that encrypts.
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

    /// How many plaintext values [`PlaintextPolicy::Allow`] has let through this keyring and its
    /// clones.
    pub fn plaintext_reads(&self) -> u64 {
        self.plaintext_reads.load(Ordering::Relaxed)
    }

    pub(crate) fn index_keys(&self) -> impl Iterator<Item = &Key> {
        self.index.iter().map(AsRef::as_ref)
    }

    pub(crate) fn encryption_keys(&self) -> impl Iterator<Item = &EncryptionKey> {
        self.encryption.iter().map(AsRef::as_ref)
    }

    pub(crate) fn primary(&self) -> &EncryptionKey {
        &self.encryption[0]
    }

    pub(crate) fn find(&self, id: KeyId) -> Option<&EncryptionKey> {
        self.encryption_keys().find(|key| key.id() == id)
    }

    pub(crate) fn allows_plaintext(&self) -> bool {
        self.plaintext == PlaintextPolicy::Allow
    }

    /// Counts a plaintext value, and logs it when the count is a power of two: often enough to be
    /// seen, too seldom to fill a disk.
    pub(crate) fn count_plaintext(&self, type_name: &str) {
        let count = self.plaintext_reads.fetch_add(1, Ordering::Relaxed).wrapping_add(1);
        if count.is_power_of_two() {
            log::warn!("{count} plaintext values read from encrypted columns, the last as {type_name}");
        }
    }
}

/// Compares keys (in constant time) and policy; how much plaintext was read does not count.
impl PartialEq for Keyring {
    fn eq(&self, other: &Self) -> bool {
        let Self { encryption, index, plaintext, plaintext_reads: _ } = self;
        encryption.iter().map(|own| &own.key).eq(other.encryption.iter().map(|own| &own.key))
            && *index == other.index
            && *plaintext == other.plaintext
    }
}

impl Eq for Keyring {}

impl fmt::Debug for Keyring {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { encryption: _, index: _, plaintext, plaintext_reads } = self;
        f.debug_struct("Keyring")
            .field("keys", &self.key_ids().collect::<Vec<_>>())
            .field("index_keys", &self.index_key_ids().collect::<Vec<_>>())
            .field("plaintext", plaintext)
            .field("plaintext_reads", plaintext_reads)
            .finish()
    }
}

/// What happens to a value without our prefix in an encrypted column.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum PlaintextPolicy {
    /// It is an error: [`Error::NotEncrypted`](crate::Error::NotEncrypted).
    #[default]
    Refuse,

    /// It is read as it stands, counted, and logged as a warning. Writing encrypts as ever.
    ///
    /// For the time in which an application adopts encryption. A value *with* the prefix that
    /// does not open is an error under this policy, too.
    ///
    /// # Security
    ///
    /// Whoever can write to the database can put plaintext in a ciphertext's place, and it is
    /// believed. Go back to `Refuse` as soon as the last row is encrypted.
    ///
    /// What begins with the prefix is taken for encrypted, whoever wrote it. As long as any release still
    /// writes plaintext into the column, somebody can type in a copy of another's envelope of the same
    /// context, such as from a leaked dump, and is shown it decrypted. So each release that writes plaintext
    /// has to refuse text that begins with `ed` and a digit, such as `ed1:`, and before anything is encrypted
    /// rows with such text are to be looked for: [how](crate::operating#release-2-reads-both).
    ///
    /// Where a search compares with plaintext as well, what is searched for is sent to the database as it is.
    Allow,
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
