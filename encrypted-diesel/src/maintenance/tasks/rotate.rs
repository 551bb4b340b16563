use zeroize::Zeroizing;

use crate::envelope;
use crate::error::Error;
use crate::keyring::Keyring;
use crate::maintenance::codec::Codec;
use crate::maintenance::sql::bind::Bytes;
use crate::maintenance::sql::select::Which;
use crate::maintenance::survey::Surveyed;
use crate::maintenance::task::{Outcome, Plan, Task};

/// Re-encrypts values under a retired key or in a previous context.
pub(in crate::maintenance) struct Rotate(pub(in crate::maintenance) Codec);

impl Rotate {
    /// The prefix of envelopes under the primary key.
    fn current_prefix(&self, keyring: &Keyring) -> Vec<u8> {
        envelope::beginning(self.0.column.container, self.0.mode, Some(keyring.primary_id()))
    }
}

impl Task for Rotate {
    fn plan(&self, keyring: &Keyring) -> Result<Plan, Error> {
        // The context is not in the envelope, so where there are several, every value is tried.
        let which = match self.0.value.previous_contexts {
            [] => Which::WithoutPrefix(vec![self.current_prefix(keyring)]),
            _ => Which::All,
        };
        let column = vec![self.0.column];
        Ok(Plan { which, read: column.clone(), written: column.clone(), compared: column })
    }

    fn surveyed(&self) -> Vec<Surveyed> {
        vec![self.0.surveyed()]
    }

    fn work(&self, keyring: &Keyring, row: &[Bytes]) -> Outcome {
        let [Some(stored)] = row else { return Ok(None) };
        if stored.starts_with(&self.current_prefix(keyring))
            && self.0.opens_in_current_context(keyring, stored)
        {
            return Ok(None);
        }
        // `Keyring::with_plaintext_in` does not apply here: plaintext is not rotated.
        let plaintext = self.0.open(keyring, stored)?;
        self.0.seal(keyring, &plaintext).map(|sealed| Some(vec![Some(Zeroizing::new(sealed))]))
    }
}
