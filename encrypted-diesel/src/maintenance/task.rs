//! The work on each row of a walk.

use super::batch::Problem;
use super::sql::bind::{Bytes, StoredColumn};
use super::sql::select::Which;
use super::survey::Surveyed;
use crate::error::Error;
use crate::keyring::Keyring;

/// What to write into a row, `None` to leave it alone, or the reason why it cannot be worked on.
pub(super) type Outcome = Result<Option<Vec<Bytes>>, Problem>;

/// The work on each row of a walk.
pub(super) trait Task: Send + Sync {
    /// Which rows are read, and which of their columns are written.
    ///
    /// # Errors
    ///
    /// Ends the walk, since no row could be worked on with this keyring.
    fn plan(&self, keyring: &Keyring) -> Result<Plan, Error>;

    /// Works on a row: the columns that the plan reads, in its order.
    fn work(&self, keyring: &Keyring, row: &[Bytes]) -> Outcome;

    /// The columns that it writes, and what they hold then.
    fn surveyed(&self) -> Vec<Surveyed> {
        Vec::new()
    }

    /// Whether it writes anything.
    fn writes(&self) -> bool {
        true
    }

    /// Whether it sends plaintext to the database, whose messages may then quote it.
    fn writes_plaintext(&self) -> bool {
        false
    }
}

/// Which columns of which rows.
pub(super) struct Plan {
    pub(super) which: Which,
    pub(super) read: Vec<StoredColumn>,
    pub(super) written: Vec<StoredColumn>,
    /// The columns that must still be as they were read when the row is written: the first of `read`, then those that are
    /// guarded.
    pub(super) compared: Vec<StoredColumn>,
}

impl Plan {
    /// Those of these columns that it does not compare or write anyway.
    pub(super) fn others(&self, columns: &[StoredColumn]) -> Vec<StoredColumn> {
        let is_ours = |column: &StoredColumn| {
            self.written.iter().chain(&self.compared).any(|own| own.name == column.name)
        };
        columns.iter().copied().filter(|column| !is_ours(column)).collect()
    }

    /// Reads these columns and writes nothing.
    pub(super) fn read_only(which: Which, read: Vec<StoredColumn>) -> Self {
        Self { which, read, written: Vec::new(), compared: Vec::new() }
    }
}
