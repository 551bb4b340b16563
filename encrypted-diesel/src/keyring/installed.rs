//! The keyring that queries use: that of the thread's scope, or else that of the process.

use std::cell::RefCell;
use std::future::poll_fn;
use std::pin::pin;
use std::sync::{Arc, Mutex, PoisonError};

use arc_swap::ArcSwapOption;

use crate::error::Error;
use crate::key::KeyId;
use crate::keyring::Keyring;

static INSTALLED: ArcSwapOption<Keyring> = ArcSwapOption::const_empty();

/// Held while the installed keyring is compared and replaced.
static REPLACING: Mutex<()> = Mutex::new(());

thread_local! {
    static SCOPED: RefCell<Option<Arc<Keyring>>> = const { RefCell::new(None) };
}

impl Keyring {
    /// Makes this the keyring of the process.
    ///
    /// Applications call this once, at start-up; libraries never do. Installing an equal keyring again does nothing.
    /// [`replace`](Self::replace) and [`reload`](crate::reload) put another in its place.
    ///
    /// # Errors
    ///
    /// [`Error::AlreadyInitialized`] if another keyring is installed. That one stays.
    pub fn install(self) -> Result<(), Error> {
        let _replacing = REPLACING.lock().unwrap_or_else(PoisonError::into_inner);
        match &*INSTALLED.load() {
            None => INSTALLED.store(Some(Arc::new(self))),
            Some(installed) if **installed == self => {}
            Some(_) => return Err(Error::AlreadyInitialized),
        }
        Ok(())
    }

    /// Makes this the keyring of the process, in place of the installed one, while queries run.
    ///
    /// What has begun with the old keyring ends with it: a value, the search for a value, a walk of
    /// [`maintenance`](crate::maintenance). What begins afterwards uses this one. The old keys are wiped once nothing uses
    /// them. Scopes keep their own keyrings.
    ///
    /// A keyring that lacks a key of the installed one is refused, because values may be stored under it, unless
    /// `dropped` names that key. Index keys count as well: without one, a search would silently miss rows.
    ///
    /// ```
    /// # use encrypted_diesel::{Key, Keyring};
    /// # let (old, new) = (Key::generate()?, Key::generate()?);
    /// # Keyring::new(old.clone()).install()?;
    /// Keyring::new(new.clone()).with_retired(old.clone())?.replace(&[])?;
    ///
    /// // Later, when `encrypted-diesel status` shows that nothing is under the old key:
    /// Keyring::new(new).replace(&[old.id()])?;
    /// # Ok::<(), encrypted_diesel::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::KeyDropped`] if a key is missing, and [`Error::NotInitialized`] if no keyring is installed. What was
    /// installed stays.
    pub fn replace(self, dropped: &[KeyId]) -> Result<(), Error> {
        Self::replace_with(dropped, |_| Ok(self))
    }

    /// Replaces the installed keyring by what `renew` makes of it. One replacement waits for another.
    pub(super) fn replace_with(
        dropped: &[KeyId],
        renew: impl FnOnce(&Self) -> Result<Self, Error>,
    ) -> Result<(), Error> {
        let _replacing = REPLACING.lock().unwrap_or_else(PoisonError::into_inner);
        let installed = INSTALLED.load_full().ok_or(Error::NotInitialized)?;
        let new = renew(&installed)?;
        let ids: Vec<_> = installed.lost_in(&new).filter(|id| !dropped.contains(id)).collect();
        if !ids.is_empty() {
            return Err(Error::KeyDropped { ids });
        }
        INSTALLED.store(Some(Arc::new(new)));
        Ok(())
    }

    /// The ids of keys that the other keyring lacks.
    fn lost_in<'a>(&'a self, other: &'a Self) -> impl Iterator<Item = KeyId> + 'a {
        let encryption = self.key_ids().filter(|id| other.find(*id).is_none());
        let index = self.index_key_ids().filter(|id| !other.index_key_ids().any(|kept| kept == *id));
        encryption.chain(index)
    }

    /// Runs `work` with this keyring in place of the installed one, on this thread.
    ///
    /// For tests, and for the keys of a tenant: everything read and written inside uses this keyring. Scopes nest,
    /// and end when `work` returns or panics.
    ///
    /// ```
    /// use encrypted_diesel::{Key, Keyring};
    ///
    /// let tenant = Keyring::new(Key::generate()?);
    /// let answer = tenant.scope(|| {
    ///     // queries of this tenant
    ///     42
    /// });
    /// # assert_eq!(answer, 42);
    /// # Ok::<(), encrypted_diesel::Error>(())
    /// ```
    ///
    /// # Security
    ///
    /// The scope belongs to the thread. Work that is handed to another thread does not see it, and neither does a
    /// `Future` that is made inside and polled outside: use [`scope_async`](Self::scope_async) for that.
    pub fn scope<R>(&self, work: impl FnOnce() -> R) -> R {
        scope(&Arc::new(self.clone()), work)
    }

    /// As [`scope`](Self::scope), for a future: it uses this keyring, whichever thread polls it.
    ///
    /// ```
    /// # use encrypted_diesel::{Key, Keyring};
    /// async fn of_tenant(tenant: &Keyring) -> u32 {
    ///     tenant.scope_async(async {
    ///         // queries of this tenant, with diesel-async
    ///         42
    ///     }).await
    /// }
    /// ```
    ///
    /// # Security
    ///
    /// The scope belongs to the future. A task that is spawned inside does not see it.
    pub fn scope_async<F: Future>(&self, work: F) -> impl Future<Output = F::Output> + use<F> {
        let keyring = Arc::new(self.clone());
        async move {
            let mut work = pin!(work);
            poll_fn(|context| scope(&keyring, || work.as_mut().poll(context))).await
        }
    }
}

impl Keyring {
    /// The keyring of this thread's scope. A thread whose locals are gone has left every scope.
    fn scoped() -> Option<Arc<Self>> {
        SCOPED.try_with(|scoped| scoped.borrow().clone()).ok().flatten()
    }

    /// The keyring of this thread's scope, or else the installed one.
    pub(crate) fn current() -> Result<Arc<Self>, Error> {
        Self::scoped().or_else(|| INSTALLED.load_full()).ok_or(Error::NotInitialized)
    }
}

/// Runs `work` with this keyring, whatever is installed meanwhile.
pub(crate) fn scope<R>(keyring: &Arc<Keyring>, work: impl FnOnce() -> R) -> R {
    let outer = SCOPED.replace(Some(Arc::clone(keyring)));
    let _restore = Restore(outer);
    work()
}

/// Ends a scope, on return and on panic.
struct Restore(Option<Arc<Keyring>>);

impl Drop for Restore {
    fn drop(&mut self) {
        SCOPED.set(self.0.take());
    }
}

/// Runs `work` with the keyring of this thread's scope, or else with the installed one.
pub(crate) fn with_current<R>(work: impl FnOnce(&Keyring) -> Result<R, Error>) -> Result<R, Error> {
    // The borrow ends before `work`, which may open a scope itself.
    if let Some(keyring) = Keyring::scoped() {
        return work(&keyring);
    }
    match &*INSTALLED.load() {
        Some(keyring) => work(keyring),
        None => Err(Error::NotInitialized),
    }
}

#[cfg(test)]
mod tests;
