//! Services that keep keys away from the database and the application's environment.
//!
//! Entries of `FIELD_ENCRYPTION_KEY` and `FIELD_INDEX_KEY` name a service and what it needs to unwrap the key, and
//! [`init`](crate::init) asks it. For a service of your own, such as an HSM, implement [`KeyService`] and [`register`] it:
//!
//! ```
//! use encrypted_diesel::Key;
//! use encrypted_diesel::key_service::{self, Call, KeyService, KeyUri, ServiceError};
//!
//! /// Entries such as `hsm://slot-1/customers?check=…`.
//! struct Hsm;
//!
//! impl KeyService for Hsm {
//!     fn wrap(&self, key: &Key, under: &KeyUri, call: &Call) -> Result<KeyUri, ServiceError> {
//! #       let wrapped = "";
//!         // Ask the HSM to encrypt `key.expose_secret()`, and authenticate `call.purpose()` with it.
//!         Ok(under.clone().with("wrapped", wrapped))
//!     }
//!
//!     fn unwrap(&self, entry: &KeyUri, call: &Call) -> Result<Key, ServiceError> {
//!         let wrapped = entry.require("wrapped")?;
//! #       let (bytes, _) = ([7; 32], wrapped);
//!         // Ask the HSM to decrypt it, within `call.time_left()`.
//!         Ok(Key::from(bytes))
//!     }
//! }
//!
//! key_service::register("hsm", Hsm)?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

use std::fmt;
use std::time::{Duration, Instant};

mod ask;
#[cfg(feature = "aws-kms")]
mod aws_kms;
mod entry;
mod keys;
mod registry;
mod uri;
#[cfg(feature = "vault")]
mod vault;
mod wrap;

pub(crate) use self::ask::deadline;
#[doc(hidden)] // for the tool, which has them from `private`
pub use self::entry::{Entry, Wrapped};
pub(crate) use self::keys::Keys;
pub use self::registry::register;
pub use self::uri::{KeyUri, UriError};
pub use self::wrap::{unwrap, wrap};
pub use crate::error::{RegisterError, ServiceError, UnwrapError};
use crate::key::Key;

/// A service that encrypts ("wraps") keys under a key of its own, or keeps them.
///
/// It is asked when keys are loaded: at start-up and at a [reload](crate::reload), never by a query. Each call runs on a
/// thread of its own, outside of any async runtime, so it may block, or drive a runtime that it makes.
///
/// A key has [32 bytes](Key::LEN). What a service returns is compared with the `check` of its entry, so a service cannot
/// replace a key.
pub trait KeyService: Send + Sync + 'static {
    /// Wraps a key under the service's key that `under` names, and returns the entry for a list of keys: `under` with
    /// what [`unwrap`](Self::unwrap) needs, such as `wrapped`. `check` is added by the caller.
    ///
    /// # Errors
    ///
    /// A [`ServiceError`]; its kind decides whether the call is repeated.
    fn wrap(&self, key: &Key, under: &KeyUri, call: &Call) -> Result<KeyUri, ServiceError>;

    /// Unwraps the key of an entry.
    ///
    /// # Errors
    ///
    /// A [`ServiceError`]; its kind decides whether the call is repeated.
    fn unwrap(&self, entry: &KeyUri, call: &Call) -> Result<Key, ServiceError>;
}

/// What a key is for. A service authenticates it together with the key, so that an index key cannot stand in for an
/// encryption key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Purpose {
    /// A key of `FIELD_ENCRYPTION_KEY`.
    Encryption,
    /// A key of `FIELD_INDEX_KEY`.
    Index,
}

impl Purpose {
    /// `encryption` or `index`, as services authenticate it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Encryption => "encryption",
            Self::Index => "index",
        }
    }
}

impl fmt::Display for Purpose {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// One call of a service: what for, and until when.
#[derive(Debug, Clone, Copy)]
pub struct Call {
    purpose: Purpose,
    deadline: Instant,
}

impl Call {
    /// How long a service may take to accept a connection.
    pub const CONNECT: Duration = Duration::from_secs(2);

    pub(crate) fn new(purpose: Purpose, deadline: Instant) -> Self {
        Self { purpose, deadline }
    }

    /// What the key is for.
    pub fn purpose(&self) -> Purpose {
        self.purpose
    }

    /// How long the caller still waits. An answer that comes later is dropped.
    pub fn time_left(&self) -> Duration {
        self.deadline.saturating_duration_since(Instant::now())
    }
}
