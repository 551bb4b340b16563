//! Services that wrap keys, and the keys that they have wrapped.

use encrypted_diesel::Key;
use encrypted_diesel::key::KeyId;
use encrypted_diesel::key_service::{self, KeyUri, Purpose, ServiceError, UnwrapError};
use encrypted_diesel::private::Entry;

use crate::error::Error;

/// An id on the command line.
pub(crate) fn parse_id(text: &str) -> Result<KeyId, String> {
    KeyId::from_hex(text)
        .ok_or_else(|| "a key id is 8 hex digits, as `keygen --env-file` and `status` print it".to_owned())
}

/// The entry of a key for a list, after each service has unwrapped what it has wrapped.
pub(crate) fn wrap(key: &Key, under: &[KeyUri], purpose: Purpose) -> Result<String, Error> {
    let wrapped = under.iter().map(|under| {
        let refused = |problem| Error::Service { scheme: under.scheme().to_owned(), problem };
        let entry = key_service::wrap(key, under, purpose).map_err(refused)?;
        key_service::unwrap(&entry, purpose).map_err(refused)?;
        Ok(entry.to_string())
    });
    Ok(wrapped.collect::<Result<Vec<_>, Error>>()?.join("|"))
}

/// The key of an entry at a position, which counts from 0: from the first service that can be reached.
pub(crate) fn unwrap(entry: &Entry, position: usize, purpose: Purpose) -> Result<Key, Error> {
    let alternatives = match entry {
        Entry::Key(key) => return Ok(key.clone()),
        Entry::Wrapped(alternatives) => alternatives,
    };
    let mut refused = UnwrapError::NoAnswer;
    let mut scheme = String::new();
    for wrapped in alternatives {
        match key_service::unwrap(&wrapped.entry(), purpose) {
            Ok(key) => return Ok(key),
            Err(problem) => (refused, scheme) = (problem, wrapped.uri().scheme().to_owned()),
        }
        if !matches!(refused, UnwrapError::NoAnswer | UnwrapError::Service(ServiceError::Unreachable { .. }))
        {
            break;
        }
    }
    Err(Error::Entry { position: position + 1, scheme, problem: refused })
}

/// Where the key with an id is, counted from 0.
pub(crate) fn position(entries: &[Entry], id: KeyId, purpose: Purpose) -> Result<Option<usize>, Error> {
    for (position, entry) in entries.iter().enumerate() {
        if unwrap(entry, position, purpose)?.id() == id {
            return Ok(Some(position));
        }
    }
    Ok(None)
}
