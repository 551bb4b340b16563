//! Encrypted columns that a walk does not write, and that a trigger may change while it writes another.

use std::sync::Arc;

use diesel::backend::Backend;

use super::column::EncryptedColumn;
use super::indexes::BlindIndexes;
use super::sql::bind::StoredColumn;

impl<DB: Backend> EncryptedColumn<DB> {
    /// Says that the table has these encrypted columns and indexes as well.
    ///
    /// A trigger may change them when another column is written. Where something may change values, a walk compares them
    /// too, and leaves a row in which they would change, as [`Problem::Altered`](super::Problem::Altered). The column's
    /// own indexes are always compared.
    ///
    /// ```
    /// # use diesel::prelude::*;
    /// # use encrypted_diesel::EncryptedText;
    /// # diesel::table! {
    /// #     use diesel::sql_types::*;
    /// #     use encrypted_diesel::sql_types::*;
    /// #     patients (id) { id -> Integer, name -> EncryptedText, notes -> Nullable<EncryptedText> }
    /// # }
    /// use encrypted_diesel::maintenance::EncryptedColumn;
    ///
    /// # fn rotate(connection: &mut SqliteConnection) -> QueryResult<()> {
    /// let columns = [
    ///     EncryptedColumn::new::<patients::name, EncryptedText>(),
    ///     EncryptedColumn::new::<patients::notes, EncryptedText>(),
    /// ];
    /// for column in columns.clone() {
    ///     column.guarding(&columns, &[]).rotate().run(connection, |_| {})?;
    /// }
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn guarding(mut self, columns: &[Self], indexes: &[BlindIndexes<DB>]) -> Self {
        Arc::make_mut(&mut self.table).guard(stored(columns, indexes));
        self
    }
}

impl<DB: Backend> BlindIndexes<DB> {
    /// The same as [`EncryptedColumn::guarding`], while these indexes are written.
    #[must_use]
    pub fn guarding(mut self, columns: &[EncryptedColumn<DB>], indexes: &[Self]) -> Self {
        Arc::make_mut(&mut self.table).guard(stored(columns, indexes));
        self
    }
}

/// The columns of these, as they are stored.
fn stored<DB: Backend>(
    columns: &[EncryptedColumn<DB>],
    indexes: &[BlindIndexes<DB>],
) -> impl Iterator<Item = StoredColumn> {
    let columns = columns.iter().flat_map(|EncryptedColumn { codec, indexes, in_arrays, .. }| {
        let column = if *in_arrays { codec.column.in_array() } else { codec.column };
        std::iter::once(column).chain(indexes.columns().iter().copied())
    });
    columns.chain(indexes.iter().flat_map(|indexes| indexes.set.indexes.iter().copied()))
}
