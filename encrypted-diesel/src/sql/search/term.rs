use crate::blind_index::IndexInput;
use crate::cipher::{self, Sealed};
use crate::envelope::Container;
use crate::error::Error;
use crate::keyring::Keyring;
use crate::plaintext::Plaintext;

/// A search term, before its keys are known.
#[doc(hidden)]
pub trait Term {
    /// What the column holds.
    #[expect(private_interfaces, reason = "hidden, and only used here")]
    const CONTAINER: Container;

    /// How many stored forms the value has under each key: one for each context.
    fn contexts(&self) -> usize;

    /// The stored forms of the value, one for each key and context.
    #[expect(private_interfaces, reason = "hidden, and only called here")]
    fn stored(&self, keyring: &Keyring) -> Result<Vec<Sealed>, Error>;
}

impl Term for IndexInput {
    #[expect(private_interfaces, reason = "hidden, and only used here")]
    const CONTAINER: Container = Container::Bytes;

    fn contexts(&self) -> usize {
        Self::contexts(self)
    }

    #[expect(private_interfaces, reason = "hidden, and only called here")]
    fn stored(&self, keyring: &Keyring) -> Result<Vec<Sealed>, Error> {
        Ok(self.digests(keyring)?.into_iter().map(Sealed::Bytes).collect())
    }
}

/// A search term for a deterministic column.
#[doc(hidden)]
#[allow(missing_debug_implementations, reason = "hidden, and holds plaintext")]
#[derive(Clone)]
pub struct DeterministicTerm<T>(pub(super) T);

impl<T: Plaintext> Term for DeterministicTerm<T> {
    #[expect(private_interfaces, reason = "hidden, and only used here")]
    const CONTAINER: Container = Container::Text;

    fn contexts(&self) -> usize {
        1 + T::PREVIOUS_CONTEXTS.len()
    }

    #[expect(private_interfaces, reason = "hidden, and only called here")]
    fn stored(&self, keyring: &Keyring) -> Result<Vec<Sealed>, Error> {
        cipher::seal_under_all(keyring, Self::CONTAINER, &self.0)
    }
}
