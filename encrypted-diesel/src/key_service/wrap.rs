use crate::error::UnwrapError;
use crate::key::Key;
use crate::key_service::ask::{ask_one, deadline, with_tries};
use crate::key_service::entry::{Wrapped, with_check};
use crate::key_service::{Call, KeyUri, Purpose, registry};

/// Wraps a key under the service's key that `under` names, such as `aws-kms://arn:aws:kms:…`, and returns the entry for
/// the list of keys, with its `check`.
///
/// Blocks for up to 10 seconds. [`unwrap`] shows whether the entry works: the same credentials may not be allowed both.
///
/// # Errors
///
/// An [`UnwrapError`].
pub fn wrap(key: &Key, under: &KeyUri, purpose: Purpose) -> Result<KeyUri, UnwrapError> {
    let service = registry::find(under.scheme())?;
    let call = Call::new(purpose, deadline());
    let (own, under) = (key.clone(), under.clone());
    let entry = with_tries(call, move || service.wrap(&own, &under, &call))?;
    Ok(with_check(entry, key))
}

/// Unwraps the key of one entry, and checks that it is the entry's.
///
/// Blocks for up to 10 seconds.
///
/// # Errors
///
/// An [`UnwrapError`].
pub fn unwrap(entry: &KeyUri, purpose: Purpose) -> Result<Key, UnwrapError> {
    ask_one(&Wrapped::new(entry.clone())?, Call::new(purpose, deadline()))
}
