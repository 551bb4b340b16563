use std::fmt;
use std::sync::Arc;

use diesel::backend::Backend;
use diesel::prelude::*;
use diesel::result::QueryResult;
use diesel::sql_types::IntoNotNullable;

use super::batch::{Batch, Problem};
use super::bind::{Bytes, StoredColumn};
use super::column::query_error;
use super::connection::WalkConnection;
use super::cursor::{Cursor, Step};
use super::dialect::Dialect;
use super::row_key::RowKey;
use super::select::Rows;
use super::table::{Table, TableOf, Walk};
use crate::blind_index::{FromValues, IndexInput, IndexState};
use crate::cipher;
use crate::envelope::Container;
use crate::error::Error;
use crate::indexed::Indexed;
use crate::keyring::{Keyring, with_current};
use crate::plaintext::FromPlaintext;
use crate::sql::types::sealed::Form as _;
use crate::sql::{EncryptedSqlType, IndexColumns};

/// The blind indexes of a value: those of an [`Indexed`].
///
/// ```
/// # use diesel::prelude::*;
/// # use encrypted_diesel::{Encrypted, Indexed};
/// # diesel::table! {
/// #     use diesel::sql_types::*;
/// #     use encrypted_diesel::sql_types::*;
/// #     users (id) { id -> Integer, email -> EncryptedText, email_index -> BlindIndex }
/// # }
/// # #[derive(Encrypted)]
/// # #[encrypted(context = "users.email", index(normalize(trim, lowercase)))]
/// # struct Email(String);
/// use encrypted_diesel::maintenance::BlindIndexes;
///
/// type EmailColumns = Indexed<Email, users::email, users::email_index>;
///
/// # fn reindex(connection: &mut SqliteConnection) -> QueryResult<()> {
/// let indexes = BlindIndexes::of::<EmailColumns>();
/// let first = indexes.reindex(connection, None, 500)?;
/// let next = indexes.reindex(connection, first.last.as_ref(), 500)?;
/// # let _ = next;
/// # Ok(())
/// # }
/// ```
pub struct BlindIndexes<DB: Backend> {
    pub(super) table: Arc<Table<DB>>,
    pub(super) values: Vec<StoredColumn>,
    pub(super) indexes: Vec<StoredColumn>,
    /// What is digested for the values that were read.
    pub(super) inputs: Box<InputsOf>,
}

pub(super) type InputsOf = dyn Fn(&Keyring, &[Bytes]) -> Inputs + Send + Sync;
pub(super) type Inputs = Result<Vec<Option<IndexInput>>, Problem>;

/// What is done with indexes.
#[doc(hidden)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IndexTask {
    Reindex,
    Verify,
}

/// An [`Indexed`] in columns of one table.
pub trait IndexedColumns<DB: Backend> {
    #[doc(hidden)]
    fn indexes() -> BlindIndexes<DB>;
}

/// Values, as a tuple, that are read from their columns `C`.
#[doc(hidden)]
pub trait ReadFrom<C, DB: Backend>: Sized {
    fn table() -> Table<DB>;
    fn columns() -> Vec<StoredColumn>;
    fn open(keyring: &Keyring, stored: &[Bytes]) -> Result<Self, Error>;
}

/// A value that may be NULL, as its column is.
#[doc(hidden)]
pub trait OpenStored: Sized {
    fn open(keyring: &Keyring, container: Container, stored: Option<&[u8]>) -> Result<Self, Error>;
}

impl<V: FromPlaintext> OpenStored for V {
    fn open(keyring: &Keyring, container: Container, stored: Option<&[u8]>) -> Result<Self, Error> {
        let stored = stored.ok_or_else(Error::invalid_plaintext::<V>)?;
        V::decode(cipher::open::<V>(keyring, container, stored)?)
    }
}

impl<V: FromPlaintext> OpenStored for Option<V> {
    fn open(keyring: &Keyring, container: Container, stored: Option<&[u8]>) -> Result<Self, Error> {
        stored.map(|stored| <V as OpenStored>::open(keyring, container, Some(stored))).transpose()
    }
}

impl<A, C, DB> ReadFrom<C, DB> for (A,)
where
    A: OpenStored,
    C: Column<SqlType: IntoNotNullable<NotNullable: EncryptedSqlType>> + TableOf<DB>,
    DB: Backend,
{
    fn table() -> Table<DB> {
        C::table()
    }

    fn columns() -> Vec<StoredColumn> {
        let container = <C::SqlType as IntoNotNullable>::NotNullable::CONTAINER;
        vec![StoredColumn::new(C::NAME, container)]
    }

    fn open(keyring: &Keyring, stored: &[Bytes]) -> Result<Self, Error> {
        let container = <C::SqlType as IntoNotNullable>::NotNullable::CONTAINER;
        let stored = stored.first().and_then(Option::as_deref);
        A::open(keyring, container, stored).map(|value| (value,))
    }
}

macro_rules! several {
    ($($column:ident $value:ident $position:literal),+) => {
        impl<$($column, $value),+, DB: Backend> ReadFrom<($($column,)+), DB> for ($($value,)+)
        where
            $(($value,): ReadFrom<$column, DB>,)+
        {
            fn table() -> Table<DB> {
                <(V1,) as ReadFrom<C1, DB>>::table()
            }

            fn columns() -> Vec<StoredColumn> {
                [$(<($value,) as ReadFrom<$column, DB>>::columns()),+].concat()
            }

            fn open(keyring: &Keyring, stored: &[Bytes]) -> Result<Self, Error> {
                Ok(($(
                    <($value,) as ReadFrom<$column, DB>>::open(keyring, stored.get($position..).unwrap_or_default())?.0,
                )+))
            }
        }
    };
}

several!(C1 V1 0, C2 V2 1);
several!(C1 V1 0, C2 V2 1, C3 V3 2);
several!(C1 V1 0, C2 V2 1, C3 V3 2, C4 V4 3);
several!(C1 V1 0, C2 V2 1, C3 V3 2, C4 V4 3, C5 V5 4);
several!(C1 V1 0, C2 V2 1, C3 V3 2, C4 V4 3, C5 V5 4, C6 V6 5);

impl<V, C, I, DB> IndexedColumns<DB> for Indexed<V, C, I>
where
    V: FromValues<Values: ReadFrom<C, DB>>,
    I: IndexColumns<V::Inputs>,
    DB: Backend,
{
    fn indexes() -> BlindIndexes<DB> {
        let index = |name| StoredColumn::new(name, Container::Bytes);
        BlindIndexes {
            table: Arc::new(V::Values::table()),
            values: V::Values::columns(),
            indexes: I::names().into_iter().map(index).collect(),
            inputs: Box::new(|keyring, stored| {
                let value = V::from_values(V::Values::open(keyring, stored)?);
                Ok(value.inputs()?.as_ref().to_vec())
            }),
        }
    }
}

impl<DB: Dialect> BlindIndexes<DB> {
    /// The indexes of `X`, an [`Indexed`].
    pub fn of<X: IndexedColumns<DB>>() -> Self {
        X::indexes()
    }

    /// Writes the indexes that are not what would be written today: in up to `limit` rows behind the row
    /// `after`.
    ///
    /// # Errors
    ///
    /// Those of the database, [`Error::NotInitialized`], [`Error::NoIndexKey`].
    pub fn reindex<Conn>(
        &self,
        connection: &mut Conn,
        after: Option<&RowKey>,
        limit: usize,
    ) -> QueryResult<Batch>
    where
        Conn: WalkConnection<Backend = DB>,
    {
        self.run(IndexTask::Reindex, connection, &Step::new(&Cursor::after(after), limit))
    }

    /// Compares the indexes with their values in up to `limit` rows behind the row `after`, and writes
    /// nothing.
    ///
    /// # Errors
    ///
    /// Those of [`reindex`](Self::reindex).
    pub fn verify<Conn>(
        &self,
        connection: &mut Conn,
        after: Option<&RowKey>,
        limit: usize,
    ) -> QueryResult<Batch>
    where
        Conn: WalkConnection<Backend = DB>,
    {
        self.run(IndexTask::Verify, connection, &Step::new(&Cursor::after(after), limit))
    }

    #[doc(hidden)]
    pub fn run<Conn>(&self, task: IndexTask, connection: &mut Conn, step: &Step<'_>) -> QueryResult<Batch>
    where
        Conn: WalkConnection<Backend = DB>,
    {
        let written = if task == IndexTask::Reindex { self.indexes.clone() } else { Vec::new() };
        let read = [&self.values[..], &self.indexes].concat();
        let walk = Walk::new(Rows::All, read, written, self.values.clone());
        self.table.walk(connection, &walk, step, |row| {
            let (values, indexes) = row.split_at(self.values.len());
            with_current(|keyring| {
                let inputs = match (self.inputs)(keyring, values) {
                    Ok(inputs) => inputs,
                    Err(problem) => return Ok(Some(Err(problem))),
                };
                let states = inputs.iter().zip(indexes);
                let states = states.map(|(input, index)| IndexState::of(input.as_ref(), index.as_deref()));
                let states = states.collect::<Result<Vec<_>, _>>()?;
                match task {
                    IndexTask::Verify => {
                        let wrong = states.iter().position(|state| *state == IndexState::Mismatched);
                        Ok(wrong.map(|position| Err(Problem::Index(position))))
                    }
                    IndexTask::Reindex if states.iter().all(|state| *state == IndexState::Current) => {
                        Ok(None)
                    }
                    IndexTask::Reindex => {
                        let digest = |input: &Option<IndexInput>| {
                            input.as_ref().map(|input| input.digest(keyring)).transpose()
                        };
                        inputs.iter().map(digest).collect::<Result<_, _>>().map(|digests| Some(Ok(digests)))
                    }
                }
            })
            .map_err(query_error)
        })
    }
}

impl<DB: Backend> fmt::Debug for BlindIndexes<DB> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<_> = self.indexes.iter().map(|column| column.name).collect();
        write!(f, "BlindIndexes({})", names.join(", "))
    }
}
