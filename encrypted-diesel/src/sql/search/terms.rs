use std::fmt;

use super::term::Term;
use crate::cipher::Sealed;
use crate::error::Error;
use crate::keyring::with_current;

/// The values that one search looks for.
///
/// It is the search's bind. Diesel walks a query several times for one run, and may walk it without a run, to show it. It
/// asks a bind for its value only when it collects the binds of a run. So the stored forms are made then, all at once and
/// from one keyring, that of the run. Nothing is kept for the next run.
#[derive(Clone)]
pub(super) struct Terms<T>(pub(super) Vec<T>);

impl<T: Term> Terms<T> {
    /// The stored forms of all values, under the keyring at hand.
    pub(super) fn stored(&self) -> Result<Vec<Sealed>, Error> {
        with_current(|keyring| {
            let mut stored = Vec::with_capacity(self.0.len());
            for term in &self.0 {
                stored.append(&mut term.stored(keyring)?);
            }
            Ok(stored)
        })
    }
}

impl<T> fmt::Debug for Terms<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[REDACTED]")
    }
}
