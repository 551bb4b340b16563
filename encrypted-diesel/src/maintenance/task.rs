use diesel::result::{DatabaseErrorKind, Error as DieselError, QueryResult};
use zeroize::Zeroizing;

use super::batch::{Batch, Problem};
use super::bind::{Bytes, StoredColumn, Values};
use super::column::{EncryptedColumn, query_error};
use super::connection::WalkConnection;
use super::cursor::Step;
use super::dialect::Dialect;
use super::select::Rows;
use super::table::{Outcome, Walk};
use crate::cipher;
use crate::envelope::{self, Mode};
use crate::error::Error;
use crate::keyring::{Keyring, with_current};

/// What is done with the values of a column.
#[doc(hidden)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Task {
    Encrypt,
    Rotate,
    Verify,
    Decrypt,
}

impl<DB: Dialect> EncryptedColumn<DB> {
    #[doc(hidden)]
    pub fn run<Conn>(&self, task: Task, connection: &mut Conn, step: &Step<'_>) -> QueryResult<Batch>
    where
        Conn: WalkConnection<Backend = DB>,
    {
        let column = vec![self.column];
        match (task, self.from) {
            (Task::Encrypt, None) => {
                let rows = Rows::BeginningOtherwise(self.values(self.beginnings()));
                let walk = Walk::new(rows, column.clone(), self.with_indexes(), column);
                self.each(connection, step, &walk, |keyring, row| match row {
                    [Some(plaintext)] => match envelope::parse(self.column.container, plaintext) {
                        Ok(_) => Ok(None),
                        Err(Error::NotEncrypted) => self.seal_with_indexes(keyring, plaintext),
                        Err(error) => Err(error.into()),
                    },
                    _ => Ok(None),
                })
            }
            (Task::Encrypt, Some(from)) => {
                let both = vec![from, self.column];
                let walk = Walk::new(Rows::ToFill, both.clone(), self.with_indexes(), both);
                self.each(connection, step, &walk, |keyring, row| match row {
                    [Some(plaintext), None] => match envelope::parse(from.container, plaintext) {
                        Err(Error::NotEncrypted) => self.seal_with_indexes(keyring, plaintext),
                        _ => Err(Problem::AlreadyEncrypted),
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
                let walk = Walk::new(rows, column.clone(), column.clone(), column);
                self.each(connection, step, &walk, |keyring, row| match row {
                    [Some(stored)] => self.rotated(keyring, stored, &current),
                    _ => Ok(None),
                })
            }
            (Task::Verify, from) => {
                let read = column.into_iter().chain(from).collect();
                let walk = Walk::new(Rows::All, read, Vec::new(), Vec::new());
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
                    [None, Some(_)] => Err(Error::NotEncrypted.into()),
                    _ => Ok(None),
                })
            }
            (Task::Decrypt, _) => {
                let rows = Rows::BeginningWith(self.values(self.beginnings()));
                let walk = Walk::new(rows, column.clone(), column.clone(), column);
                let batch = self.each(connection, step, &walk, |keyring, row| match row {
                    [Some(stored)] => {
                        let mut plaintext = self.open(keyring, stored)?;
                        if self.column.is_text() && std::str::from_utf8(&plaintext).is_err() {
                            return Err(Problem::NotText);
                        }
                        match envelope::parse(self.column.container, &plaintext) {
                            Err(Error::NotEncrypted) => {}
                            _ => return Err(Problem::LooksEncrypted),
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
        self.value.open(keyring, self.column.container, stored)
    }

    /// What envelopes begin with, randomised and deterministic ones.
    pub(super) fn beginnings(&self) -> [Vec<u8>; 2] {
        let beginning = |mode| envelope::beginning(self.column.container, mode, None);
        [beginning(Mode::Randomized), beginning(Mode::Deterministic)]
    }

    /// Values with which the column is compared.
    pub(super) fn values(&self, values: impl IntoIterator<Item = Vec<u8>>) -> Values {
        Values::new(self.column.bound_as(DB::TO_BYTES.is_some()), values.into_iter().map(Some))
    }

    fn with_indexes(&self) -> Vec<StoredColumn> {
        std::iter::once(self.column).chain(self.indexes.iter().map(|(column, _)| *column)).collect()
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
        Err(DieselError::DatabaseError(kind, information)) => {
            let said = match kind {
                DatabaseErrorKind::ReadOnlyTransaction => "it can only be read",
                DatabaseErrorKind::ClosedConnection => "the connection was lost",
                _ => QUOTE_NOTHING.into_iter().find(|said| *said == information.message()).unwrap_or(HIDDEN),
            };
            *information = Box::new(said.to_owned());
        }
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

/// Whole messages of SQLite, MySQL and MariaDB, of which Diesel knows no kind.
const QUOTE_NOTHING: [&str; 10] = [
    "attempt to write a readonly database",
    "database is locked",
    "database or disk is full",
    "disk I/O error",
    "The MariaDB server is running with the --read-only option so it cannot execute this statement",
    "The MySQL server is running with the --read-only option so it cannot execute this statement",
    "Server has gone away",
    "MySQL server has gone away",
    "Lost connection to server during query",
    "Lost connection to MySQL server during query",
];
