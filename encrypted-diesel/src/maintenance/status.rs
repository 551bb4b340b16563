//! How many values are under which key.

use std::collections::BTreeMap;

use super::sql::count::{Count, DETERMINISTIC, NULL, RANDOMIZED, TO_FILL};
use crate::envelope::Mode;
use crate::key_id::KeyId;

/// The contents of a column, from [`EncryptedColumn::status`](super::EncryptedColumn::status).
///
/// Values are classified by how they begin. Only [`verify`](super::EncryptedColumn::verify) shows whether they
/// decrypt.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Status {
    /// Rows in which the column is NULL, and should be.
    pub null: u64,
    /// Rows in which it is NULL, but the column that it is encrypted from is not.
    pub to_fill: u64,
    /// Values under each key, in the mode of the column: randomized or deterministic.
    pub keys: BTreeMap<KeyId, u64>,
    /// Values in the other mode.
    pub other_mode: u64,
    /// Values that begin like an envelope, but do not name a key.
    pub malformed: u64,
    /// Values that are not envelopes, such as plaintext.
    pub not_encrypted: u64,
}

impl Status {
    /// All rows.
    pub fn rows(&self) -> u64 {
        let Self { null, to_fill, keys, other_mode, malformed, not_encrypted } = self;
        null + to_fill + keys.values().sum::<u64>() + other_mode + malformed + not_encrypted
    }

    /// Whether every value is an envelope, and no plaintext in another column still has to be encrypted.
    pub fn is_encrypted(&self) -> bool {
        self.not_encrypted + self.malformed + self.to_fill == 0
    }

    /// Whether every value is under `key`. Then the column needs no other key.
    pub fn is_only_under(&self, key: KeyId) -> bool {
        let Self { null: _, to_fill: _, keys, other_mode, malformed, not_encrypted } = self;
        other_mode + malformed + not_encrypted == 0 && keys.keys().all(|other| *other == key)
    }

    pub(super) fn new(mode: Mode, counts: Vec<Count>) -> Self {
        let mut status = Self::default();
        for (kind, id, count) in counts {
            let count = u64::try_from(count).unwrap_or_default();
            let found = match kind {
                NULL => {
                    status.null += count;
                    continue;
                }
                TO_FILL => {
                    status.to_fill += count;
                    continue;
                }
                RANDOMIZED => Mode::Randomized,
                DETERMINISTIC => Mode::Deterministic,
                _ => {
                    status.not_encrypted += count;
                    continue;
                }
            };
            match id.as_deref().and_then(KeyId::from_hex) {
                None => status.malformed += count,
                Some(_) if found != mode => status.other_mode += count,
                Some(id) => *status.keys.entry(id).or_default() += count,
            }
        }
        status
    }
}
