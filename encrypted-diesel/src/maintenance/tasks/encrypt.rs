use zeroize::Zeroizing;

use crate::envelope::{self, Envelope};
use crate::error::Error;
use crate::keyring::Keyring;
use crate::maintenance::batch::Problem;
use crate::maintenance::codec::{Codec, is_envelope};
use crate::maintenance::own_indexes::OwnIndexes;
use crate::maintenance::sql::bind::{Bytes, StoredColumn};
use crate::maintenance::sql::select::Which;
use crate::maintenance::survey::Surveyed;
use crate::maintenance::task::{Outcome, Plan, Task};

/// Encrypts plaintext, and writes its blind indexes in the same statement.
pub(in crate::maintenance) struct Encrypt {
    pub(in crate::maintenance) codec: Codec,
    /// The column with the plaintext, if it is another one.
    pub(in crate::maintenance) from: Option<StoredColumn>,
    pub(in crate::maintenance) indexes: OwnIndexes,
}

impl Task for Encrypt {
    fn plan(&self, keyring: &Keyring) -> Result<Plan, Error> {
        if !self.indexes.is_empty() {
            keyring.primary_index_key()?;
        }
        let column = self.codec.column;
        let (which, read) = match self.from {
            // Rows that only begin like an envelope are read, and named.
            None => (Which::WithoutPrefix(self.codec.known_prefixes(keyring)), vec![column]),
            Some(from) => (Which::ToFill, vec![from.exact().unwrap_or(from), column]),
        };
        let compared = read.clone();
        let text = self.from.filter(|from| from.exact().is_some());
        let written = std::iter::once(column).chain(self.indexes.columns().iter().copied());
        Ok(Plan { which, compared, read: read.into_iter().chain(text).collect(), written: written.collect() })
    }

    fn surveyed(&self) -> Vec<Surveyed> {
        std::iter::once(self.codec.surveyed()).chain(self.indexes.surveyed()).collect()
    }

    fn work(&self, keyring: &Keyring, row: &[Bytes]) -> Outcome {
        match (row, self.from) {
            ([Some(stored)], None) => match envelope::parse(self.codec.column.container, stored) {
                Ok(Envelope { key_id, .. }) if keyring.find(key_id).is_none() => {
                    Err(Error::UnknownKey { key_id }.into())
                }
                Ok(_) => Ok(None),
                Err(Error::NotEncrypted) => self.seal(keyring, stored),
                Err(error) => Err(error.into()),
            },
            ([Some(plaintext), None] | [_, None, Some(plaintext)], Some(from)) => {
                match is_envelope(from.container, plaintext) {
                    Ok(false) => self.seal(keyring, plaintext),
                    Ok(true) | Err(_) => Err(Problem::AlreadyEncrypted),
                }
            }
            _ => Ok(None),
        }
    }
}

impl Encrypt {
    fn seal(&self, keyring: &Keyring, plaintext: &[u8]) -> Outcome {
        let plaintext = self.codec.adopted(Zeroizing::new(plaintext.to_vec()))?;
        let sealed = self.codec.seal(keyring, &plaintext)?;
        let mut written = vec![Some(Zeroizing::new(sealed))];
        written.extend(self.indexes.digests(keyring, plaintext)?);
        Ok(Some(written))
    }
}
