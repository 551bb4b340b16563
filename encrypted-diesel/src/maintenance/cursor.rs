//! How far a walk has come.

use std::sync::{Mutex, MutexGuard, PoisonError};

use diesel::result::QueryResult;

use super::sql::row_key::RowKey;

/// How far a walk has come, for all workers that share it: each batch begins where the last one ended.
#[derive(Debug, Default)]
pub(super) struct Cursor(Mutex<Position>);

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
    pub(super) fn is_at_end(&self) -> bool {
        matches!(*self.lock(), Position::End)
    }

    /// Reads the next rows while all other workers wait. `read` returns them with the last row, or with `None`
    /// at the end of the table.
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

    /// A position is replaced as a whole, so a worker that panicked has left a valid one.
    fn lock(&self) -> MutexGuard<'_, Position> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
