//! The rows that a walk is about, where it is not about all of its table.

use diesel::result::QueryResult;

use super::bind::Keys;
use super::row_key::{KeyColumn, KeyKind, RowKey};

/// Rows with a value in a column, such as those of a tenant.
#[derive(Clone, Debug)]
pub(in crate::maintenance) struct Filter {
    pub(super) column: KeyColumn,
    value: RowKey,
    /// The value as it is bound, once the type of the column is known.
    pub(super) bound: Option<Keys>,
    /// Whether rows that row level security hides are not meant.
    pub(in crate::maintenance) under_row_security: bool,
}

impl Filter {
    pub(in crate::maintenance) fn new(column: &'static str, kind: KeyKind, value: String) -> Self {
        Self {
            column: KeyColumn::new(column, kind),
            value: RowKey(vec![value]),
            bound: None,
            under_row_security: false,
        }
    }

    /// Reads the value as one of the column's type.
    ///
    /// # Errors
    ///
    /// If it is not one.
    pub(super) fn bind(&mut self) -> QueryResult<()> {
        let columns = std::slice::from_ref(&self.column);
        self.bound = Keys::new(columns, std::iter::once(&self.value))?.pop();
        Ok(())
    }
}
