//! Reading the keys of a running process again.

use std::panic::resume_unwind;
use std::sync::Arc;
use std::thread;

use futures_channel::oneshot;

use crate::error::Error;
use crate::key::KeyId;
use crate::keyring::Keyring;

/// Reads the keys of the process again, from where [`init`](crate::init) read them, and puts them in place of the
/// installed ones while queries run. Services such as AWS KMS are asked again.
///
/// The environment of a process does not change by itself, so this is for `…_FILE`, `…_COMMAND`, `.env`, and
/// services. What [`Keyring::replace`] says of values and walks that have begun holds here as well.
///
/// The contexts of [`Keyring::with_plaintext_in`] stay. [`Reload`] also drops keys.
///
/// # Errors
///
/// Those of [`init`](crate::init), [`Error::KeyDropped`] if a key of the installed keyring is missing, and
/// [`Error::NotReloadable`] if that was built in code. Whatever the error, what was installed stays.
pub fn reload() -> Result<(), Error> {
    Reload::new().run()
}

/// As [`reload`], without blocking the thread: the work is done on another.
///
/// # Errors
///
/// Those of [`reload`].
pub async fn reload_async() -> Result<(), Error> {
    Reload::new().run_async().await
}

/// A [`reload`] that may drop keys.
///
/// ```no_run
/// use encrypted_diesel::Reload;
/// use encrypted_diesel::key::KeyId;
///
/// # let retired = KeyId::from_hex("f26f38f7").expect("8 digits");
/// // Nothing is stored under this key, as `encrypted-diesel status` shows.
/// Reload::new().dropping(retired).run()?;
/// # Ok::<(), encrypted_diesel::Error>(())
/// ```
#[derive(Clone, Debug, Default)]
#[must_use]
pub struct Reload {
    dropped: Vec<KeyId>,
}

impl Reload {
    /// A reload that keeps every key.
    pub fn new() -> Self {
        Self::default()
    }

    /// Lets this key be missing from what is read.
    pub fn dropping(mut self, key: KeyId) -> Self {
        self.dropped.push(key);
        self
    }

    /// Reads the keys, and installs them.
    ///
    /// # Errors
    ///
    /// Those of [`reload`].
    pub fn run(&self) -> Result<(), Error> {
        Keyring::replace_with(&self.dropped, |installed| {
            let origin = installed.origin.as_ref().ok_or(Error::NotReloadable)?;
            Ok(Keyring {
                plaintext: installed.plaintext.clone(),
                plaintext_reads: Arc::clone(&installed.plaintext_reads),
                ..origin.read()?
            })
        })
    }

    /// As [`run`](Self::run), without blocking the thread.
    ///
    /// # Errors
    ///
    /// Those of [`reload`].
    pub async fn run_async(self) -> Result<(), Error> {
        in_background(move || self.run()).await
    }
}

/// Does blocking work on a thread of its own.
pub(super) async fn in_background<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    let (sender, receiver) = oneshot::channel();
    let worker = thread::spawn(move || drop(sender.send(work())));
    match receiver.await {
        Ok(done) => done,
        // It panicked, so it has ended.
        Err(oneshot::Canceled) => match worker.join() {
            Err(panic) => resume_unwind(panic),
            Ok(()) => unreachable!("it sends before it ends"),
        },
    }
}
