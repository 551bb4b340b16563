//! The meaning of a database error for a batch.
//!
//! Diesel tells few kinds of errors apart, and messages come in the language of the server. So a failure is taken for
//! that of single rows unless its kind says otherwise, or the connection is gone.

use diesel::result::{DatabaseErrorKind, Error as DieselError, QueryResult};

use super::batch::{Batch, Problem};
use super::sql::connection::WalkConnection;
use super::sql::dialect::Dialect;
use super::sql::probe::Probe;
use super::sql::transaction::is_inside;

/// Whether the database has ended a transaction that can be started again.
pub(super) fn is_transient<DB: Dialect>(error: &DieselError) -> bool {
    match error {
        DieselError::DatabaseError(DatabaseErrorKind::SerializationFailure, _) => true,
        DieselError::DatabaseError(DatabaseErrorKind::Unknown, information) => {
            DB::BUSY.contains(&information.message())
        }
        _ => false,
    }
}

/// Whether an error is of the database as a whole, and not of the rows that a statement wrote.
pub(super) fn ends_walk<DB, Conn>(error: &DieselError, connection: &mut Conn, probe: Probe<DB>) -> bool
where
    DB: Dialect,
    Conn: WalkConnection<Backend = DB>,
{
    match error {
        DieselError::DatabaseError(
            DatabaseErrorKind::Unknown
            | DatabaseErrorKind::ClosedConnection
            | DatabaseErrorKind::ReadOnlyTransaction
            | DatabaseErrorKind::SerializationFailure,
            information,
        ) => {
            DB::BROKEN.contains(&information.message())
                || (is_transient::<DB>(error) && is_inside(connection).is_ok_and(|is_inside| is_inside))
                // The connection is gone, or nothing can be written. A trigger can raise any error, too.
                || connection.probe(probe).is_err()
        }
        DieselError::DatabaseError(..) => false,
        _ => true,
    }
}

/// Hides the database's messages about plaintext, since they may quote it.
pub(super) fn hide_plaintext<T>(batch: &mut Batch, mut done: QueryResult<T>) -> QueryResult<T> {
    const HIDDEN: &str = "its message may quote the plaintext, and is not shown";

    for row in &mut batch.bad {
        if let Problem::Refused(message) = &mut row.problem {
            HIDDEN.clone_into(message);
        }
    }
    if let Err(DieselError::DatabaseError(kind, information)) = &mut done {
        let said = match kind {
            DatabaseErrorKind::ReadOnlyTransaction => "it is read-only",
            DatabaseErrorKind::ClosedConnection => "the connection was lost",
            _ => QUOTE_NOTHING.into_iter().find(|said| *said == information.message()).unwrap_or(HIDDEN),
        };
        *information = Box::new(said.to_owned());
    }
    done
}

/// Whole messages of SQLite, MySQL and MariaDB that quote nothing.
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
