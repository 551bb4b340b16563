//! Walks through some rows of a table, such as those of a tenant.

use std::sync::Arc;

use diesel::backend::Backend;
use diesel::query_source::Column;
use diesel::sql_types::IntoNotNullable;

use super::column::EncryptedColumn;
use super::indexes::BlindIndexes;
use super::sql::filter::Filter;
use super::sql::row_key::KeySqlType;

impl<DB: Backend> EncryptedColumn<DB> {
    /// Only the rows with this value in the column `F` of the table, in every walk and in
    /// [`status`](Self::status). All others are neither read nor counted.
    ///
    /// The value is text as the database writes it; bytes are hex digits. It is compared as a value of the column's type.
    ///
    /// ```
    /// # use diesel::prelude::*;
    /// # use encrypted_diesel::{EncryptedText, Keyring};
    /// # diesel::table! {
    /// #     use diesel::sql_types::*;
    /// #     use encrypted_diesel::sql_types::*;
    /// #     notes (id) { id -> Integer, tenant_id -> Integer, note -> EncryptedText }
    /// # }
    /// use encrypted_diesel::maintenance::EncryptedColumn;
    ///
    /// # fn rotate(tenant: i32, keys_of_tenant: &Keyring, connection: &mut SqliteConnection) -> QueryResult<()> {
    /// let notes = EncryptedColumn::new::<notes::note, EncryptedText>().only_where::<notes::tenant_id>(tenant);
    /// keys_of_tenant.scope(|| notes.rotate().run(connection, |_| {}))?;
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn only_where<F>(mut self, value: impl ToString) -> Self
    where
        F: Column<SqlType: IntoNotNullable<NotNullable: KeySqlType>>,
    {
        Arc::make_mut(&mut self.table).filter = Some(filter::<F>(&value));
        self
    }

    /// Says that rows which row level security hides from this role are not meant, as where a policy shows a tenant's rows
    /// alone. Without it, a walk refuses such a table. It counts only after [`only_where`](Self::only_where).
    ///
    /// # Security
    ///
    /// Rows of the tenant that a policy hides nonetheless stay as they are, unnoticed.
    #[must_use]
    pub fn under_row_security(mut self) -> Self {
        if let Some(filter) = &mut Arc::make_mut(&mut self.table).filter {
            filter.under_row_security = true;
        }
        self
    }
}

impl<DB: Backend> BlindIndexes<DB> {
    /// See [`EncryptedColumn::under_row_security`].
    #[must_use]
    pub fn under_row_security(mut self) -> Self {
        if let Some(filter) = &mut Arc::make_mut(&mut self.table).filter {
            filter.under_row_security = true;
        }
        self
    }

    /// Only the rows with this value in the column `F` of the table: see [`EncryptedColumn::only_where`].
    #[must_use]
    pub fn only_where<F>(mut self, value: impl ToString) -> Self
    where
        F: Column<SqlType: IntoNotNullable<NotNullable: KeySqlType>>,
    {
        Arc::make_mut(&mut self.table).filter = Some(filter::<F>(&value));
        self
    }
}

fn filter<F: Column<SqlType: IntoNotNullable<NotNullable: KeySqlType>>>(value: &impl ToString) -> Filter {
    let kind = <<F::SqlType as IntoNotNullable>::NotNullable as KeySqlType>::KIND;
    Filter::new(F::NAME, kind, value.to_string())
}
