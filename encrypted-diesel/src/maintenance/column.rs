use std::any::TypeId;
use std::fmt;
use std::sync::Arc;

use diesel::backend::Backend;
use diesel::prelude::*;
use diesel::result::{Error as DieselError, QueryResult};
use diesel::sql_types::{Binary, IntoNotNullable};
use zeroize::Zeroizing;

use super::batch::{Batch, Problem};
use super::bind::{Bytes, StoredColumn, Values};
use super::connection::WalkConnection;
use super::cursor::{Cursor, Step};
use super::dialect::Dialect;
use super::row_key::RowKey;
use super::select::Rows;
use super::status::{CountByKey, Status};
use super::table::{Outcome, Table, TableOf, Walk};
use super::value_type::ValueType;
use crate::blind_index::IndexSpec;
use crate::cipher;
use crate::envelope::{self, Mode};
use crate::error::Error;
use crate::keyring::{Keyring, with_current};
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

/// What is done with the values of a column.
#[doc(hidden)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Task {
    Encrypt,
    Rotate,
    Verify,
    Decrypt,
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

    #[doc(hidden)]
    pub fn run<Conn>(&self, task: Task, connection: &mut Conn, step: &Step<'_>) -> QueryResult<Batch>
    where
        Conn: WalkConnection<Backend = DB>,
    {
        let column = vec![self.column];
        match (task, self.from) {
            (Task::Encrypt, None) => {
                let rows = Rows::BeginningOtherwise(self.values(self.beginnings()));
                let walk = self.walk(rows, column.clone(), self.with_indexes(), column);
                self.each(connection, step, &walk, |keyring, row| match row {
                    [Some(plaintext)] => match self.parse(plaintext) {
                        Ok(_) => Ok(None),
                        Err(Error::NotEncrypted) => self.seal_with_indexes(keyring, plaintext),
                        Err(error) => Err(error.into()),
                    },
                    _ => Ok(None),
                })
            }
            (Task::Encrypt, Some(from)) => {
                let both = vec![from, self.column];
                let walk = self.walk(Rows::ToFill, both.clone(), self.with_indexes(), both);
                self.each(connection, step, &walk, |keyring, row| match row {
                    [Some(plaintext), None] => match envelope::parse(from.container, plaintext) {
                        Err(Error::NotEncrypted) => self.seal_with_indexes(keyring, plaintext),
                        _ => Err(Problem::Encrypted),
                    },
                    _ => Ok(None),
                })
            }
            (Task::Rotate, _) => {
                let primary = with_current(|keyring| Ok(keyring.primary_id())).map_err(query_error)?;
                let current = envelope::beginning(self.column.container, self.mode, Some(primary));
                // The context is not in the envelope, so where there are several all values are tried.
                let rows = match self.value.previous_contexts {
                    [] => Rows::BeginningOtherwise(self.values([current.clone()])),
                    _ => Rows::All,
                };
                let walk = self.walk(rows, column.clone(), column.clone(), column);
                self.each(connection, step, &walk, |keyring, row| match row {
                    [Some(stored)] => self.rotated(keyring, stored, &current),
                    _ => Ok(None),
                })
            }
            (Task::Verify, from) => {
                let read = column.into_iter().chain(from).collect();
                let walk = self.walk(Rows::All, read, Vec::new(), Vec::new());
                self.each(connection, step, &walk, |keyring, row| match row {
                    [Some(stored), from @ ..] => {
                        let opened = (self.value.canonical)(self.open(keyring, stored)?)?;
                        match from {
                            [Some(from)] if (self.value.canonical)(from.clone().into())? != opened => {
                                Err(Problem::Differs)
                            }
                            _ => Ok(None),
                        }
                    }
                    _ => Ok(None),
                })
            }
            (Task::Decrypt, _) => {
                let rows = Rows::BeginningWith(self.values(self.beginnings()));
                let walk = self.walk(rows, column.clone(), column.clone(), column);
                let batch = self.each(connection, step, &walk, |keyring, row| match row {
                    [Some(stored)] => {
                        let mut plaintext = self.open(keyring, stored)?;
                        if self.column.is_text() && std::str::from_utf8(&plaintext).is_err() {
                            return Err(Problem::NotText);
                        }
                        Ok(Some(vec![Some(std::mem::take(&mut *plaintext))]))
                    }
                    _ => Ok(None),
                });
                without_quotes(batch)
            }
        }
    }

    /// Seals under the primary key, unless the value is there already.
    fn rotated(&self, keyring: &Keyring, stored: &[u8], current: &[u8]) -> Worked {
        // Under `PlaintextPolicy::Allow`, too: what is not encrypted is not rotated.
        let opens_in_current = || {
            let context = std::iter::once(self.value.context);
            cipher::open_form(keyring, self.column.container, context, stored).is_ok()
        };
        if stored.starts_with(current) && opens_in_current() {
            return Ok(None);
        }
        let plaintext = self.open(keyring, stored)?;
        self.seal(keyring, &plaintext).map(|sealed| Some(vec![Some(sealed)]))
    }

    fn seal_with_indexes(&self, keyring: &Keyring, plaintext: &[u8]) -> Worked {
        let plaintext = (self.value.canonical)(Zeroizing::new(plaintext.to_vec()))?;
        let mut written = vec![Some(self.seal(keyring, &plaintext)?)];
        for (_, spec) in &self.indexes {
            let input = spec.input_of(plaintext.clone()).ok_or(Problem::NotText)?;
            written.push(Some(input.digest(keyring)?));
        }
        Ok(Some(written))
    }

    /// Seals a value, and opens it again before it is handed on.
    fn seal(&self, keyring: &Keyring, plaintext: &[u8]) -> Result<Vec<u8>, Problem> {
        let Self { column, mode, value, .. } = self;
        let sealed = cipher::seal_form(keyring, column.container, *mode, value.context, plaintext)?;
        let sealed = sealed.into_bytes();
        if *self.open(keyring, &sealed)? == plaintext {
            Ok(sealed)
        } else {
            Err(Error::DecryptionFailed.into())
        }
    }

    fn open(&self, keyring: &Keyring, stored: &[u8]) -> Result<Zeroizing<Vec<u8>>, Error> {
        cipher::open_form(keyring, self.column.container, self.value.contexts(), stored)
    }

    fn parse(&self, stored: &[u8]) -> Result<(), Error> {
        envelope::parse(self.column.container, stored).map(drop)
    }

    /// What envelopes begin with, randomised and deterministic ones.
    fn beginnings(&self) -> [Vec<u8>; 2] {
        let beginning = |mode| envelope::beginning(self.column.container, mode, None);
        [beginning(Mode::Randomized), beginning(Mode::Deterministic)]
    }

    /// Values with which the column is compared.
    fn values(&self, values: impl IntoIterator<Item = Vec<u8>>) -> Values {
        Values::new(self.column.bound_as(DB::TO_BYTES.is_some()), values.into_iter().map(Some))
    }

    fn with_indexes(&self) -> Vec<StoredColumn> {
        std::iter::once(self.column).chain(self.indexes.iter().map(|(column, _)| *column)).collect()
    }

    fn walk(
        &self,
        rows: Rows,
        read: Vec<StoredColumn>,
        written: Vec<StoredColumn>,
        compared: Vec<StoredColumn>,
    ) -> Walk {
        Walk { rows: Arc::new(rows), read, written, compared }
    }

    fn each<Conn>(
        &self,
        connection: &mut Conn,
        step: &Step<'_>,
        walk: &Walk,
        work: impl Fn(&Keyring, &[Bytes]) -> Worked,
    ) -> QueryResult<Batch>
    where
        Conn: WalkConnection<Backend = DB>,
    {
        self.table.walk(connection, walk, step, |row| {
            let worked = with_current(|keyring| Ok(work(keyring, row))).map_err(query_error)?;
            Ok::<Outcome, _>(worked.transpose())
        })
    }
}

/// What is written into a row, if anything is, or why it is left as it is.
type Worked = Result<Option<Vec<Bytes>>, Problem>;

/// What the database says of plaintext may quote it.
fn without_quotes(mut batch: QueryResult<Batch>) -> QueryResult<Batch> {
    const HIDDEN: &str = "its message may quote the plaintext, and is not shown";

    match &mut batch {
        Err(DieselError::DatabaseError(_, information)) => *information = Box::new(HIDDEN.to_owned()),
        Err(_) => {}
        Ok(batch) => {
            for row in &mut batch.bad {
                if let Problem::Refused(message) = &mut row.problem {
                    HIDDEN.clone_into(message);
                }
            }
        }
    }
    batch
}

pub(super) fn query_error(error: Error) -> diesel::result::Error {
    diesel::result::Error::QueryBuilderError(Box::new(error))
}

impl<DB: Backend> fmt::Debug for EncryptedColumn<DB> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "EncryptedColumn({})", self.column.name)
    }
}
