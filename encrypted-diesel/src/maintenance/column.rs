use std::any::TypeId;
use std::fmt;
use std::sync::Arc;

use diesel::backend::Backend;
use diesel::prelude::*;
use diesel::result::QueryResult;
use diesel::sql_types::{Binary, IntoNotNullable};

use super::batch::Batch;
use super::bind::StoredColumn;
use super::connection::WalkConnection;
use super::cursor::{Cursor, Step};
use super::dialect::Dialect;
use super::row_key::RowKey;
use super::status::{CountByKey, Status};
use super::table::{Table, TableOf};
use super::task::Task;
use super::value_type::ValueType;
use crate::blind_index::IndexSpec;
use crate::envelope::Mode;
use crate::error::Error;
use crate::plaintext::FromPlaintext;
use crate::sql::EncryptedSqlType;
use crate::sql::types::sealed::Form as _;

/// An encrypted column, and what its values are.
///
/// How a walk is written: [Rotation](crate#rotation).
pub struct EncryptedColumn<DB: Backend> {
    pub(super) table: Arc<Table<DB>>,
    pub(super) column: StoredColumn,
    pub(super) mode: Mode,
    pub(super) value: ValueType,
    /// The column that has the plaintext, if it is another one.
    pub(super) from: Option<StoredColumn>,
    /// Blind indexes of this column alone, which are written as its values are encrypted.
    pub(super) indexes: Vec<(StoredColumn, IndexSpec)>,
}

impl<DB> EncryptedColumn<DB>
where
    DB: Dialect,
{
    /// The column `C`, of values of type `V`, found by the primary key of its table.
    pub fn of<C, V>() -> Self
    where
        C: Column<SqlType: IntoNotNullable<NotNullable: EncryptedSqlType>> + TableOf<DB>,
        V: FromPlaintext,
    {
        type SqlTypeOf<C> = <<C as Expression>::SqlType as IntoNotNullable>::NotNullable;

        Self {
            table: Arc::new(C::table()),
            column: StoredColumn::new(C::NAME, SqlTypeOf::<C>::CONTAINER),
            mode: SqlTypeOf::<C>::MODE,
            value: ValueType::of::<V>(),
            from: None,
            indexes: Vec::new(),
        }
    }

    /// The same, where the plaintext is in another column `P` of the table: [`encrypt`](Self::encrypt) fills `C`
    /// where it is NULL, and [`verify`](Self::verify) compares the two.
    ///
    /// `P` is read as the database writes its type as text, such as a number or a date, or as bytes.
    pub fn filled_from<P, C, V>() -> Self
    where
        P: Column<Table = C::Table, SqlType: IntoNotNullable<NotNullable: 'static>>,
        C: Column<SqlType: IntoNotNullable<NotNullable: EncryptedSqlType>> + TableOf<DB>,
        V: FromPlaintext,
    {
        type SqlTypeOf<P> = <<P as Expression>::SqlType as IntoNotNullable>::NotNullable;

        let is_bytes = TypeId::of::<SqlTypeOf<P>>() == TypeId::of::<Binary>();
        Self { from: Some(StoredColumn::plaintext(P::NAME, is_bytes)), ..Self::of::<C, V>() }
    }

    /// Encrypts plaintext: up to `limit` values behind the row `after` that are no envelopes.
    ///
    /// What is in the column is read in the plaintext form of `V`, as `PlaintextPolicy::Allow` reads it.
    /// A value that begins as an envelope does is none to be encrypted, and left as it is.
    ///
    /// # Errors
    ///
    /// Those of the database, [`Error::NotInitialized`].
    pub fn encrypt<Conn>(
        &self,
        connection: &mut Conn,
        after: Option<&RowKey>,
        limit: usize,
    ) -> QueryResult<Batch>
    where
        Conn: WalkConnection<Backend = DB>,
    {
        self.run(Task::Encrypt, connection, &Step::new(&Cursor::after(after), limit))
    }

    /// Encrypts under the primary key, in the current context: up to `limit` values behind the row `after`
    /// that are under another key.
    ///
    /// # Errors
    ///
    /// Those of the database, [`Error::NotInitialized`].
    pub fn rotate<Conn>(
        &self,
        connection: &mut Conn,
        after: Option<&RowKey>,
        limit: usize,
    ) -> QueryResult<Batch>
    where
        Conn: WalkConnection<Backend = DB>,
    {
        self.run(Task::Rotate, connection, &Step::new(&Cursor::after(after), limit))
    }

    /// Opens up to `limit` values behind the row `after`, and writes nothing.
    ///
    /// Where the plaintext is in another column, a value that is there alone is not encrypted.
    ///
    /// # Errors
    ///
    /// Those of the database, [`Error::NotInitialized`].
    pub fn verify<Conn>(
        &self,
        connection: &mut Conn,
        after: Option<&RowKey>,
        limit: usize,
    ) -> QueryResult<Batch>
    where
        Conn: WalkConnection<Backend = DB>,
    {
        self.run(Task::Verify, connection, &Step::new(&Cursor::after(after), limit))
    }

    /// Writes plaintext in the place of up to `limit` envelopes behind the row `after`.
    ///
    /// A value whose plaintext begins as an envelope does is left as it is: in the column it would be taken for one, and
    /// decrypted once more by whoever starts anew.
    ///
    /// # Errors
    ///
    /// Those of the database, [`Error::NotInitialized`].
    ///
    /// # Security
    ///
    /// From then on the values are in the database for all to read, and in its logs and backups.
    pub fn decrypt<Conn>(
        &self,
        connection: &mut Conn,
        after: Option<&RowKey>,
        limit: usize,
    ) -> QueryResult<Batch>
    where
        Conn: WalkConnection<Backend = DB>,
    {
        self.run(Task::Decrypt, connection, &Step::new(&Cursor::after(after), limit))
    }

    /// Counts values by the key that they are under, in one query over the whole table.
    ///
    /// # Errors
    ///
    /// Those of the database.
    pub fn status<Conn>(&self, connection: &mut Conn) -> QueryResult<Status>
    where
        Conn: WalkConnection<Backend = DB>,
    {
        let counts = connection.count(CountByKey {
            table: Arc::clone(&self.table),
            column: self.column,
            from: self.from,
            beginnings: self.values(self.beginnings()),
        })?;
        Ok(Status::new(self.mode, counts))
    }
}

pub(super) fn query_error(error: Error) -> diesel::result::Error {
    diesel::result::Error::QueryBuilderError(Box::new(error))
}

impl<DB: Backend> fmt::Debug for EncryptedColumn<DB> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "EncryptedColumn({})", self.column.name)
    }
}
