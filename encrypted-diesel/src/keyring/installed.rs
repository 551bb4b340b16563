//! The keyring that queries use: that of the thread's scope, or else that of the process.

use std::cell::RefCell;
use std::future::poll_fn;
use std::pin::pin;
use std::sync::{Arc, OnceLock};

use crate::error::Error;
use crate::keyring::Keyring;

static INSTALLED: OnceLock<Keyring> = OnceLock::new();

thread_local! {
    static SCOPED: RefCell<Option<Arc<Keyring>>> = const { RefCell::new(None) };
}

impl Keyring {
    /// Makes this the keyring of the process, for good.
    ///
    /// Applications call this once, at start-up; libraries never do. Installing an equal keyring again does nothing.
    ///
    /// # Errors
    ///
    /// [`Error::AlreadyInitialized`] if another keyring is installed. That one stays.
    pub fn install(self) -> Result<(), Error> {
        let installed = INSTALLED.get_or_init(|| self.clone());
        if *installed == self { Ok(()) } else { Err(Error::AlreadyInitialized) }
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
    pub(crate) fn scoped() -> Option<Arc<Self>> {
        SCOPED.try_with(|scoped| scoped.borrow().clone()).ok().flatten()
    }
}

fn scope<R>(keyring: &Arc<Keyring>, work: impl FnOnce() -> R) -> R {
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
    match Keyring::scoped().as_deref().or_else(|| INSTALLED.get()) {
        Some(keyring) => work(keyring),
        None => Err(Error::NotInitialized),
    }
}
