//! The keyring that queries use: the thread's own while it is in a scope, else the process's.

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
    /// Applications call this once at start-up; libraries never do. To install an equal keyring
    /// again does nothing.
    ///
    /// # Errors
    ///
    /// [`Error::AlreadyInitialized`] if another keyring is installed. It stays.
    pub fn install(self) -> Result<(), Error> {
        let installed = INSTALLED.get_or_init(|| self.clone());
        if *installed == self { Ok(()) } else { Err(Error::AlreadyInitialized) }
    }

    /// Runs `work` with this keyring in place of the installed one, on this thread.
    ///
    /// For tests, and for keys of a tenant: what is read and written inside uses this keyring.
    /// Scopes nest, and end when `work` returns or panics.
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
    /// The scope is the thread's. Work that is handed to another thread does not see it, nor does
    /// a `Future` that is made inside and polled outside: that is for [`scope_async`](Self::scope_async).
    pub fn scope<R>(&self, work: impl FnOnce() -> R) -> R {
        scope(&Arc::new(self.clone()), work)
    }

    /// As [`scope`](Self::scope), for a future: whatever thread polls it, it uses this keyring.
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
    /// The scope is the future's. A task that is spawned inside does not see it.
    pub fn scope_async<F: Future>(&self, work: F) -> impl Future<Output = F::Output> + use<F> {
        let keyring = Arc::new(self.clone());
        async move {
            let mut work = pin!(work);
            poll_fn(|context| scope(&keyring, || work.as_mut().poll(context))).await
        }
    }
}

fn scope<R>(keyring: &Arc<Keyring>, work: impl FnOnce() -> R) -> R {
    let outer = SCOPED.replace(Some(Arc::clone(keyring)));
    let _restore = Restore(outer);
    work()
}

/// Ends a scope, by return or by panic.
struct Restore(Option<Arc<Keyring>>);

impl Drop for Restore {
    fn drop(&mut self) {
        SCOPED.set(self.0.take());
    }
}

/// Runs `work` with the keyring of this thread's scope, else with the installed one.
pub(crate) fn with_current<R>(work: impl FnOnce(&Keyring) -> Result<R, Error>) -> Result<R, Error> {
    // The borrow ends before `work`, which may open a scope itself. A thread whose locals are
    // gone has left every scope.
    let scoped = SCOPED.try_with(|scoped| scoped.borrow().clone()).ok().flatten();
    match scoped.as_deref().or_else(|| INSTALLED.get()) {
        Some(keyring) => work(keyring),
        None => Err(Error::NotInitialized),
    }
}
