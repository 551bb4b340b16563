use crate::error::Error;
use crate::keyring::Keyring;
use crate::maintenance::batch::Problem;
use crate::maintenance::codec::Codec;
use crate::maintenance::sql::bind::{Bytes, StoredColumn};
use crate::maintenance::sql::select::Which;
use crate::maintenance::task::{Outcome, Plan, Task};

/// Opens every value, and compares it with the plaintext that it was encrypted from, if that is in another
/// column.
pub(in crate::maintenance) struct Verify {
    pub(in crate::maintenance) codec: Codec,
    pub(in crate::maintenance) from: Option<StoredColumn>,
}

impl Task for Verify {
    fn plan(&self, _: &Keyring) -> Result<Plan, Error> {
        let read = std::iter::once(self.codec.column).chain(self.from);
        Ok(Plan::read_only(Which::All, read.collect()))
    }

    fn work(&self, keyring: &Keyring, row: &[Bytes]) -> Outcome {
        match row {
            [Some(stored), from @ ..] => {
                let opened = self.codec.canonical(self.codec.open(keyring, stored)?)?;
                match from {
                    [Some(from)] if self.codec.adopted(from.clone())? != opened => Err(Problem::Differs),
                    _ => Ok(None),
                }
            }
            [None, Some(_)] => Err(Error::NotEncrypted.into()),
            _ => Ok(None),
        }
    }

    fn writes(&self) -> bool {
        false
    }
}
