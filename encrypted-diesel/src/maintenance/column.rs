use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;

use diesel::backend::Backend;
use diesel::prelude::*;
use diesel::result::QueryResult;
use diesel::sql_types::IntoNotNullable;
use zeroize::Zeroizing;

use super::batch::{Batch, Problem};
use super::bind::{Stored, StoredColumn};
use super::connection::WalkConnection;
use super::dialect::Dialect;
use super::row_key::RowKey;
use super::status::{CountByKey, Status};
use super::table::{Table, TableOf, Walk};
use crate::cipher::{self, Sealed};
use crate::envelope::{self, Mode};
use crate::error::Error;
use crate::keyring::{Keyring, with_current};
use crate::plaintext::{FromPlaintext, PlaintextWriter};
use crate::sql::EncryptedSqlType;
use crate::sql::types::sealed::Form as _;

/// An encrypted column, and what its values are.
///
/// How a walk is written: [Rotation](crate#rotation).
pub struct EncryptedColumn<DB: Backend> {
    table: Arc<Table<DB>>,
    column: StoredColumn,
    mode: Mode,
    value: ValueType,
}

type PlaintextForm = Result<Zeroizing<Vec<u8>>, Error>;

/// What is done with a `V`, which is not named any more.
struct ValueType {
    open: fn(&Keyring, StoredColumn, &[u8]) -> PlaintextForm,
    seal: fn(&Keyring, StoredColumn, Mode, &[u8]) -> Result<Sealed, Error>,
    /// Whether there are contexts beside the current one.
    renamed: bool,
    opens_in_current: fn(&Keyring, StoredColumn, &[u8]) -> bool,
    /// The plaintext form that the type itself writes.
    canonical: fn(Zeroizing<Vec<u8>>) -> PlaintextForm,
}

impl ValueType {
    fn of<V: FromPlaintext>() -> Self {
        Self {
            open: |keyring, column, stored| cipher::open::<V>(keyring, column.container, stored),
            renamed: !V::PREVIOUS_CONTEXTS.is_empty(),
            opens_in_current: |keyring, column, stored| {
                cipher::open::<Form<'_, V>>(keyring, column.container, stored).is_ok()
            },
            seal: |keyring, column, mode, plaintext| {
                cipher::seal(keyring, column.container, mode, &Form::<V>(plaintext, PhantomData))
            },
            canonical: |plaintext| {
                let value = V::decode(plaintext)?;
                let mut canonical = PlaintextWriter::with_capacity(value.size_hint());
                value.encode(&mut canonical)?;
                Ok(canonical.into_bytes())
            },
        }
    }
}

/// The plaintext form of a `V`, in its current context.
struct Form<'a, V>(&'a [u8], PhantomData<V>);

impl<V: FromPlaintext> crate::plaintext::Plaintext for Form<'_, V> {
    const CONTEXT: &'static str = V::CONTEXT;

    fn encode(&self, out: &mut PlaintextWriter) -> Result<(), Error> {
        out.write_bytes(self.0);
        Ok(())
    }

    fn size_hint(&self) -> usize {
        self.0.len()
    }
}

/// What is to be done with a value.
enum Done {
    Nothing,
    Written(Stored),
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
            column: StoredColumn { name: C::NAME, container: SqlTypeOf::<C>::CONTAINER },
            mode: SqlTypeOf::<C>::MODE,
            value: ValueType::of::<V>(),
        }
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
        let beginnings = [Mode::Randomized, Mode::Deterministic]
            .map(|mode| envelope::beginning(self.column.container, mode, None));
        self.walk(connection, after, limit, &beginnings, true, |keyring, stored| {
            match envelope::parse(self.column.container, stored) {
                Err(Error::NotEncrypted) => {}
                Ok(_) => return Ok(Done::Nothing),
                Err(error) => return Err(error),
            }
            let plaintext = (self.value.canonical)(Zeroizing::new(stored.to_vec()))?;
            self.seal(keyring, &plaintext)
        })
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
        let primary = with_current(|keyring| Ok(keyring.primary_id())).map_err(query_error)?;
        let current = [envelope::beginning(self.column.container, self.mode, Some(primary))];
        // The context is not in the envelope, so where there are several all values are tried.
        let other_than = if self.value.renamed { &[] } else { &current[..] };
        self.walk(connection, after, limit, other_than, true, |keyring, stored| {
            // Under `PlaintextPolicy::Allow`, too: what is not encrypted is not rotated.
            envelope::parse(self.column.container, stored)?;
            if stored.starts_with(&current[0]) && (self.value.opens_in_current)(keyring, self.column, stored)
            {
                return Ok(Done::Nothing);
            }
            let plaintext = (self.value.open)(keyring, self.column, stored)?;
            self.seal(keyring, &plaintext)
        })
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
        self.walk(connection, after, limit, &[], false, |keyring, stored| {
            envelope::parse(self.column.container, stored)?;
            (self.value.canonical)((self.value.open)(keyring, self.column, stored)?)?;
            Ok(Done::Nothing)
        })
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
        let beginning = |mode| {
            let beginning = envelope::beginning(self.column.container, mode, None);
            Stored::compared(self.column, Some(beginning), DB::TO_BYTES.is_some())
        };
        let counts = connection.count(CountByKey {
            table: Arc::clone(&self.table),
            column: self.column,
            randomized: beginning(Mode::Randomized),
            deterministic: beginning(Mode::Deterministic),
        })?;
        Ok(Status::new(self.mode, counts))
    }

    /// Seals a value, and opens it again before it is handed on.
    fn seal(&self, keyring: &Keyring, plaintext: &[u8]) -> Result<Done, Error> {
        let sealed = (self.value.seal)(keyring, self.column, self.mode, plaintext)?;
        let opened = (self.value.open)(keyring, self.column, sealed.as_bytes())?;
        if *opened == plaintext {
            Ok(Done::Written(Stored::sealed(sealed)))
        } else {
            Err(Error::DecryptionFailed)
        }
    }

    fn walk<Conn>(
        &self,
        connection: &mut Conn,
        after: Option<&RowKey>,
        limit: usize,
        other_than: &[Vec<u8>],
        writes: bool,
        work: impl Fn(&Keyring, &[u8]) -> Result<Done, Error>,
    ) -> QueryResult<Batch>
    where
        Conn: WalkConnection<Backend = DB>,
    {
        let columns = [self.column];
        let written = if writes { &columns[..] } else { &[] };
        let walk = Walk { read: &columns, written, compared: &columns, other_than, after, limit };
        self.table.walk(connection, &walk, |row| {
            let [Some(stored)] = row else { return Ok(None) };
            let done = with_current(|keyring| Ok(work(keyring, stored))).map_err(query_error)?;
            Ok(match done {
                Ok(Done::Nothing) => None,
                Ok(Done::Written(sealed)) => Some(Ok(vec![sealed])),
                Err(error) => Some(Err(Problem::Value(error))),
            })
        })
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
