//! The meaning of a database error for a batch.
//!
//! Diesel tells few kinds of errors apart, and messages come in the language of the server. So a failure is taken for
//! that of single rows unless its kind says otherwise, or the connection is gone.

use diesel::connection::SimpleConnection;
use diesel::result::{DatabaseErrorKind, Error as DieselError, QueryResult};

use super::batch::{Batch, Problem};

/// Whether the database has ended a transaction that can be started again.
pub(super) fn is_transient(error: &DieselError) -> bool {
    match error {
        DieselError::DatabaseError(DatabaseErrorKind::SerializationFailure, _) => true,
        DieselError::DatabaseError(DatabaseErrorKind::Unknown, information) => {
            SQLITE_BUSY.contains(&information.message())
        }
        _ => false,
    }
}

/// Whether an error is of the database as a whole, and not of the rows that a statement wrote.
pub(super) fn ends_walk(error: &DieselError, connection: &mut impl SimpleConnection) -> bool {
    match error {
        DieselError::DatabaseError(kind, information) => match kind {
            DatabaseErrorKind::ClosedConnection
            | DatabaseErrorKind::ReadOnlyTransaction
            | DatabaseErrorKind::SerializationFailure => true,
            DatabaseErrorKind::Unknown => {
                let message = information.message();
                SQLITE_BUSY.contains(&message)
                    || SQLITE_BROKEN.contains(&message)
                    || connection.batch_execute("SELECT 1").is_err()
            }
            _ => false,
        },
        _ => true,
    }
}

/// Messages of SQLite, which has no other language, for <https://sqlite.org/rescode.html#busy>.
const SQLITE_BUSY: [&str; 2] = ["database is locked", "database table is locked"];

/// Messages of SQLite for a database that takes no write at all.
const SQLITE_BROKEN: [&str; 4] = [
    "attempt to write a readonly database",
    "database or disk is full",
    "disk I/O error",
    "database disk image is malformed",
];

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
            _ => {
                let known = [&SQLITE_BUSY[..], &SQLITE_BROKEN, &MYSQL_GONE].concat();
                known.into_iter().find(|said| *said == information.message()).unwrap_or(HIDDEN)
            }
        };
        *information = Box::new(said.to_owned());
    }
    done
}

/// Messages of MySQL and MariaDB that quote nothing.
const MYSQL_GONE: [&str; 6] = [
    "The MariaDB server is running with the --read-only option so it cannot execute this statement",
    "The MySQL server is running with the --read-only option so it cannot execute this statement",
    "Server has gone away",
    "MySQL server has gone away",
    "Lost connection to server during query",
    "Lost connection to MySQL server during query",
];
