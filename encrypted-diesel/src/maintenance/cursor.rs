//! Where a walk has come to.

use std::sync::{Mutex, PoisonError};

use diesel::result::QueryResult;

use super::row_key::RowKey;

/// Where a walk has come to, for all threads that share it: each batch goes on where the last one was read.
#[derive(Debug, Default)]
pub struct Cursor(Mutex<Position>);

#[derive(Clone, Debug, Default)]
enum Position {
    #[default]
    Start,
    After(RowKey),
    End,
}

impl Cursor {
    pub(super) fn after(row: Option<&RowKey>) -> Self {
        Self(Mutex::new(row.cloned().map_or(Position::Start, Position::After)))
    }

    /// Whether all rows have been read.
    pub fn is_at_end(&self) -> bool {
        matches!(*self.lock(), Position::End)
    }

    /// Reads on, while all others wait. `read` says what the last row was, if there may be more behind it.
    pub(super) fn advance<T>(
        &self,
        read: impl FnOnce(Option<&RowKey>) -> QueryResult<(T, Option<RowKey>)>,
    ) -> QueryResult<Option<(T, Option<RowKey>)>> {
        let mut position = self.lock();
        let after = match &*position {
            Position::Start => None,
            Position::After(row) => Some(row),
            Position::End => return Ok(None),
        };
        let (rows, last) = read(after)?;
        *position = last.clone().map_or(Position::End, Position::After);
        Ok(Some((rows, last)))
    }

    /// A position is written as a whole, so a thread that panicked has left a good one.
    fn lock(&self) -> std::sync::MutexGuard<'_, Position> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// How a batch is worked on.
#[derive(Clone, Copy, Debug)]
pub struct Step<'a> {
    /// Where it begins.
    pub cursor: &'a Cursor,
    /// How many rows are read at most.
    pub limit: usize,
    /// Whether rows that others work on are passed over, and others kept off these, where the database can.
    pub exclusive: bool,
    /// Whether nothing is written, and what would be is counted.
    pub dry_run: bool,
    /// How often the batch is begun anew if the database ends its transaction for another's sake.
    pub retries: u32,
}

impl<'a> Step<'a> {
    pub(super) fn new(cursor: &'a Cursor, limit: usize) -> Self {
        Self { cursor, limit, exclusive: true, dry_run: false, retries: 0 }
    }
}
