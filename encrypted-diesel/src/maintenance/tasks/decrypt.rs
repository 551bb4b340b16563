use crate::error::Error;
use crate::keyring::Keyring;
use crate::maintenance::batch::Problem;
use crate::maintenance::codec::{Codec, is_envelope};
use crate::maintenance::sql::bind::Bytes;
use crate::maintenance::sql::select::Which;
use crate::maintenance::survey::{Holds, Surveyed};
use crate::maintenance::task::{Outcome, Plan, Task};

/// Replaces envelopes with their plaintext.
pub(in crate::maintenance) struct Decrypt(pub(in crate::maintenance) Codec);

impl Task for Decrypt {
    fn plan(&self, _: &Keyring) -> Result<Plan, Error> {
        let column = vec![self.0.column];
        let which = Which::WithPrefix(self.0.prefixes().into());
        Ok(Plan { which, read: column.clone(), written: column.clone(), compared: column })
    }

    fn surveyed(&self) -> Vec<Surveyed> {
        vec![Surveyed { name: self.0.column.name, holds: Holds::Plaintext }]
    }

    fn work(&self, keyring: &Keyring, row: &[Bytes]) -> Outcome {
        let [Some(stored)] = row else { return Ok(None) };
        let plaintext = self.0.open(keyring, stored)?;
        if self.0.column.is_text() && std::str::from_utf8(&plaintext).is_err() {
            return Err(Problem::NotText);
        }
        match is_envelope(self.0.column.container, &plaintext) {
            Ok(false) => Ok(Some(vec![Some(plaintext)])),
            Ok(true) | Err(_) => Err(Problem::LooksEncrypted),
        }
    }

    fn writes_plaintext(&self) -> bool {
        true
    }
}
