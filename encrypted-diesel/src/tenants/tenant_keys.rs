use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use arc_swap::ArcSwap;
use moka::sync::Cache;

use super::sealed_keys::SealedKeys;
use crate::error::Error;
use crate::key::Key;
use crate::keyring::Keyring;

/// The keyrings of tenants, loaded when they are needed and kept for a while.
///
/// ```
/// use encrypted_diesel::tenants::{SealedKeys, TenantKeys};
/// # use encrypted_diesel::{Error, Key, Keyring};
///
/// # fn load(tenant: &str, sealed: &SealedKeys) -> Result<SealedKeys, Error> { Ok(sealed.clone()) }
/// # fn main() -> Result<(), Error> {
/// # let application = Keyring::new(Key::generate()?);
/// // At start-up; `application` is `Keyring::from_env()?`, and is not installed.
/// let tenants = TenantKeys::new(application, 10_000, std::time::Duration::from_secs(300));
///
/// // For a new tenant: a row of the application's table.
/// let sealed = tenants.create("acme")?;
///
/// // For each request of the tenant.
/// let keys = tenants.get("acme", || load("acme", &sealed))?;
/// keys.scope(|| {
///     // queries of this tenant
/// });
/// # Ok(())
/// # }
/// ```
pub struct TenantKeys {
    application: ArcSwap<Keyring>,
    cache: Cache<String, Keyring>,
    /// How often keys were forgotten. Keys that were read before are not kept after.
    forgotten: Mutex<u64>,
}

impl TenantKeys {
    /// Tenants whose keys are sealed under `application`. Up to `capacity` keyrings are kept, each for `time_to_live` at
    /// most; a keyring takes about 2 KiB.
    ///
    /// # Security
    ///
    /// Kept keys are in memory. Keys that change or are shredded in another process are used here until `time_to_live` is over.
    ///
    /// # Panics
    ///
    /// If `time_to_live` is longer than 1,000 years.
    pub fn new(application: Keyring, capacity: u64, time_to_live: Duration) -> Self {
        Self {
            application: ArcSwap::from_pointee(application),
            cache: Cache::builder().max_capacity(capacity).time_to_live(time_to_live).build(),
            forgotten: Mutex::default(),
        }
    }

    /// New keys for a tenant: one that encrypts and one for blind indexes.
    ///
    /// # Errors
    ///
    /// [`Error::Random`] if the operating system has no randomness.
    pub fn create(&self, tenant: &str) -> Result<SealedKeys, Error> {
        let keys = Keyring::new(Key::generate()?).with_index_key(Key::generate()?)?;
        SealedKeys::seal(&keys, tenant, &self.application.load())
    }

    /// The keys of a tenant: those that are kept, or else those that `load` reads from the application's table.
    ///
    /// # Errors
    ///
    /// What `load` returns, and an [`Error`] if the keys do not open: they are another tenant's, were altered, or the
    /// application's keyring lacks the key. Errors are not kept.
    pub fn get<E: From<Error>>(
        &self,
        tenant: &str,
        load: impl FnOnce() -> Result<SealedKeys, E>,
    ) -> Result<Keyring, E> {
        if let Some(keys) = self.cache.get(tenant) {
            return Ok(keys);
        }
        let began = self.times_forgotten();
        self.open_and_keep(tenant, &load()?, began).map_err(E::from)
    }

    /// As [`get`](Self::get), with a future that loads.
    ///
    /// # Errors
    ///
    /// Those of [`get`](Self::get).
    pub async fn get_async<E: From<Error>>(
        &self,
        tenant: &str,
        load: impl Future<Output = Result<SealedKeys, E>>,
    ) -> Result<Keyring, E> {
        if let Some(keys) = self.cache.get(tenant) {
            return Ok(keys);
        }
        let began = self.times_forgotten();
        self.open_and_keep(tenant, &load.await?, began).map_err(E::from)
    }

    fn open_and_keep(&self, tenant: &str, sealed: &SealedKeys, began: u64) -> Result<Keyring, Error> {
        let keys = sealed.open(tenant, &self.application.load())?;
        let forgotten = self.forgotten.lock().unwrap_or_else(PoisonError::into_inner);
        if *forgotten == began {
            self.cache.insert(tenant.to_owned(), keys.clone());
        }
        Ok(keys)
    }

    fn times_forgotten(&self) -> u64 {
        *self.forgotten.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Forgets the keys of a tenant: the next [`get`](Self::get) loads them. Call it after they have changed, or were
    /// shredded. Work that has begun with them ends with them.
    pub fn forget(&self, tenant: &str) {
        let mut forgotten = self.forgotten.lock().unwrap_or_else(PoisonError::into_inner);
        *forgotten += 1;
        self.cache.invalidate(tenant);
    }

    /// Changes the keys of a tenant, such as in a rotation:
    ///
    /// ```
    /// # use encrypted_diesel::tenants::{SealedKeys, TenantKeys};
    /// # use encrypted_diesel::{Error, Key};
    /// # fn rotate(tenants: &TenantKeys, sealed: &SealedKeys, new: Key) -> Result<(), Error> {
    /// // All processes must know a key before one of them encrypts with it.
    /// let id = new.id();
    /// let sealed = tenants.change("acme", sealed, |keys| keys.with_retired(new))?;
    /// // … stored, and `time_to_live` later:
    /// let sealed = tenants.change("acme", &sealed, |keys| keys.with_first(id))?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// What `change` returns, and an [`Error`] if the keys do not open.
    pub fn change<E>(
        &self,
        tenant: &str,
        sealed: &SealedKeys,
        change: impl FnOnce(Keyring) -> Result<Keyring, E>,
    ) -> Result<SealedKeys, Error>
    where
        Error: From<E>,
    {
        let application = self.application.load();
        let keys = change(sealed.open(tenant, &application)?)?;
        SealedKeys::seal(&keys, tenant, &application)
    }

    /// The same keys under the key with which the application encrypts now. `None` if they are under it already.
    ///
    /// # Errors
    ///
    /// An [`Error`] if they do not open.
    pub fn reseal(&self, tenant: &str, sealed: &SealedKeys) -> Result<Option<SealedKeys>, Error> {
        let application = self.application.load();
        if sealed.is_under_primary(&application)? {
            return Ok(None);
        }
        SealedKeys::seal(&sealed.open(tenant, &application)?, tenant, &application).map(Some)
    }

    /// Uses another keyring of the application from now on, such as one with a new key in front.
    pub fn replace_application(&self, application: Keyring) {
        self.application.store(Arc::new(application));
    }
}

/// Shows how many keyrings are kept, and of no tenant.
impl fmt::Debug for TenantKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TenantKeys").field("kept", &self.cache.entry_count()).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
