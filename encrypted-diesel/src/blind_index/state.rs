use super::input::IndexInput;
use crate::error::Error;
use crate::keyring::Keyring;

/// How a stored index relates to its value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum IndexState {
    /// It is the digest that would be written today.
    Current,
    /// It is the value's digest under a retired index key or a previous context. Searches find it; reindex the
    /// row before that key is dropped.
    Outdated,
    /// It is not the value's digest, so a search for the value misses the row. The value or the index was
    /// written without the other, or under an index key that is not in the keyring.
    Mismatched,
}

impl IndexState {
    /// Compares a stored index with the input of its value; `None` is NULL.
    pub(crate) fn new(
        input: Option<&IndexInput>,
        stored: Option<&[u8]>,
        keyring: &Keyring,
    ) -> Result<Self, Error> {
        let (input, stored) = match (input, stored) {
            (None, None) => return Ok(Self::Current),
            (Some(input), Some(stored)) => (input, stored),
            _ => return Ok(Self::Mismatched),
        };
        Ok(match input.digests(keyring)?.iter().position(|digest| digest == stored) {
            Some(0) => Self::Current,
            Some(_) => Self::Outdated,
            None => Self::Mismatched,
        })
    }
}
