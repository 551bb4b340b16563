use std::any::TypeId;
use std::fmt;
use std::sync::Arc;

use diesel::backend::Backend;
use diesel::prelude::*;
use diesel::result::QueryResult;
use diesel::sql_types::{Binary, IntoNotNullable};

use super::codec::Codec;
use super::column_value::ColumnValue;
use super::own_indexes::OwnIndexes;
use super::sql::bind::{StoredColumn, Values};
use super::sql::connection::WalkConnection;
use super::sql::count::CountByKey;
use super::sql::dialect::Dialect;
use super::sql::table::{Table, TableOf};
use super::status::Status;
use super::survey::{Holds, Surveyed};
use super::task::Task;
use super::tasks::{Decrypt, Each, Encrypt, Rotate, Verify};
use super::value_type::ValueType;
use super::walk::Walk;
use crate::sql::EncryptedSqlType;
use crate::sql::types::sealed::Form as _;

/// An encrypted column and the type of its values.
///
/// [`encrypt`](Self::encrypt), [`rotate`](Self::rotate), [`verify`](Self::verify) and
/// [`decrypt`](Self::decrypt) each make a [`Walk`] through it:
///
/// ```
/// # use diesel::prelude::*;
/// # use encrypted_diesel::EncryptedText;
/// # diesel::table! {
/// #     use diesel::sql_types::*;
/// #     use encrypted_diesel::sql_types::*;
/// #     patients (id) { id -> Integer, notes -> Nullable<EncryptedText> }
/// # }
/// use encrypted_diesel::maintenance::EncryptedColumn;
///
/// # fn rotate(connection: &mut SqliteConnection) -> QueryResult<()> {
/// let notes = EncryptedColumn::new::<patients::notes, EncryptedText>();
/// let walked = notes.rotate().batch_size(500).run(connection, |batch| {
///     for row in &batch.bad {
///         eprintln!("patients {row}"); // its primary key, and why it was left as it is
///     }
/// })?;
/// println!("{} rows rotated", walked.written);
/// # Ok(())
/// # }
/// ```
pub struct EncryptedColumn<DB: Backend> {
    pub(super) table: Arc<Table<DB>>,
    pub(super) codec: Codec,
    /// The column with the plaintext, if it is another one.
    pub(super) from: Option<StoredColumn>,
    pub(super) indexes: OwnIndexes,
    /// Whether the column is of arrays of such values.
    pub(super) in_arrays: bool,
}

impl<DB: Backend> EncryptedColumn<DB> {
    /// The column `C`, with values of type `V`. Its rows are found by the primary key of the table.
    ///
    /// `V` is the type of the model's field, without `Option`. A value with blind indexes is named with their
    /// columns, as [`Indexed<Value, table::column, table::index_column>`](crate::Indexed), so that
    /// [`encrypt`](Self::encrypt) can write them. Without them, `cargo build` refuses it.
    pub fn new<C, V>() -> Self
    where
        DB: Dialect,
        C: Column<SqlType: IntoNotNullable<NotNullable: EncryptedSqlType>> + TableOf<DB>,
        V: ColumnValue,
    {
        type SqlTypeOf<C> = <<C as Expression>::SqlType as IntoNotNullable>::NotNullable;

        const { V::CHECK };
        Self {
            table: Arc::new(C::table()),
            codec: Codec {
                column: StoredColumn::new(C::NAME, SqlTypeOf::<C>::CONTAINER),
                mode: SqlTypeOf::<C>::MODE,
                value: ValueType::new::<V::Plain, DB>(),
            },
            from: None,
            indexes: V::own_indexes(),
            in_arrays: false,
        }
    }

    /// The same, but with the plaintext in another column `P` of the table: [`encrypt`](Self::encrypt) fills
    /// `C` where it is NULL, and [`verify`](Self::verify) compares the two.
    ///
    /// `P` is read as text, the way the database writes its type (a number, a date), or as bytes.
    pub fn filled_from<P, C, V>() -> Self
    where
        DB: Dialect,
        P: Column<Table = C::Table, SqlType: IntoNotNullable<NotNullable: 'static>>,
        C: Column<SqlType: IntoNotNullable<NotNullable: EncryptedSqlType>> + TableOf<DB>,
        V: ColumnValue,
    {
        type SqlTypeOf<P> = <<P as Expression>::SqlType as IntoNotNullable>::NotNullable;

        const { V::CHECK };
        let is_bytes = TypeId::of::<SqlTypeOf<P>>() == TypeId::of::<Binary>();
        Self { from: Some(StoredColumn::plaintext(P::NAME, is_bytes)), ..Self::new::<C, V>() }
    }

    /// Encrypts plaintext, and writes the column's blind indexes in the same statement.
    ///
    /// Plaintext is read in the form that `V` writes, as an application
    /// reads it with [`Keyring::with_plaintext_in`](crate::Keyring::with_plaintext_in). Values that begin like an envelope
    /// are left as they are.
    ///
    /// An index over several columns is not written: walk [`BlindIndexes::reindex`](super::BlindIndexes::reindex)
    /// afterwards.
    pub fn encrypt(&self) -> Walk<DB> {
        let Self { codec, from, indexes, .. } = self;
        self.walk(Encrypt { codec: *codec, from: *from, indexes: indexes.clone() })
    }

    /// Re-encrypts values under a retired key or in a previous context.
    pub fn rotate(&self) -> Walk<DB> {
        self.walk(Rotate(self.codec))
    }

    /// Opens every value and writes nothing.
    ///
    /// Where the plaintext is in another column, a plaintext without an encrypted value is a bad row.
    pub fn verify(&self) -> Walk<DB> {
        self.walk(Verify { codec: self.codec, from: self.from })
    }

    /// Replaces envelopes with their plaintext. Blind indexes stay as they are.
    ///
    /// A value whose plaintext begins like an envelope is left encrypted. Decrypted, it would be taken for an
    /// envelope, and the next walk would decrypt it a second time.
    ///
    /// A CHECK that keeps plaintext out refuses every row: [`survey`](super::survey) names it. Drop it first.
    ///
    /// # Security
    ///
    /// From then on, anyone who can read the database, its logs or its backups can read the values.
    pub fn decrypt(&self) -> Walk<DB> {
        self.walk(Decrypt(self.codec))
    }

    fn walk(&self, task: impl Task + 'static) -> Walk<DB> {
        let mut table = Arc::clone(&self.table);
        Arc::make_mut(&mut table).guard(self.indexes.columns().iter().copied());
        match self.in_arrays {
            true => Walk::new(&table, Each(task)),
            false => Walk::new(&table, task),
        }
    }

    /// The columns that a survey looks at.
    pub(super) fn surveyed(&self) -> Vec<Surveyed> {
        let Self { codec, from, indexes, .. } = self;
        let from = from.iter().map(|from| Surveyed { name: from.name, holds: Holds::Plaintext });
        std::iter::once(codec.surveyed()).chain(from).chain(indexes.surveyed()).collect()
    }

    /// Counts the values by key, in one query over the whole table.
    ///
    /// # Errors
    ///
    /// Those of the database.
    pub fn status<Conn>(&self, connection: &mut Conn) -> QueryResult<Status>
    where
        DB: Dialect,
        Conn: WalkConnection<Backend = DB>,
    {
        let table = connection.resolve(&self.table)?;
        let counts = connection.count(CountByKey {
            table,
            column: self.codec.column,
            in_arrays: self.in_arrays,
            from: self.from,
            prefixes: Values::compared::<DB>(self.codec.column, self.codec.prefixes()),
        })?;
        Ok(Status::new(self.codec.mode, counts))
    }
}

impl<DB: Backend> Clone for EncryptedColumn<DB> {
    fn clone(&self) -> Self {
        let Self { table, codec, from, indexes, in_arrays } = self;
        Self {
            table: Arc::clone(table),
            codec: *codec,
            from: *from,
            indexes: indexes.clone(),
            in_arrays: *in_arrays,
        }
    }
}

impl<DB: Backend> fmt::Debug for EncryptedColumn<DB> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "EncryptedColumn({})", self.codec.column.name)
    }
}
