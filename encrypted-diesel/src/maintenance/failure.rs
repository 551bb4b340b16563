//! The meaning of a database error for a batch.

use diesel::result::{DatabaseErrorInformation, DatabaseErrorKind, Error as DieselError, QueryResult};

use super::batch::{Batch, Problem};

type Information = dyn DatabaseErrorInformation + Send + Sync;

/// Whether a statement may have failed because of one row: a value that is too long, or breaks a constraint.
pub(super) fn may_be_one_row(kind: DatabaseErrorKind, information: &Information) -> bool {
    match kind {
        DatabaseErrorKind::UniqueViolation
        | DatabaseErrorKind::CheckViolation
        | DatabaseErrorKind::ForeignKeyViolation
        | DatabaseErrorKind::NotNullViolation => true,
        _ => says(information, &["too long", "incorrect string value"]),
    }
}

/// Whether the database has ended a transaction that can be started again.
pub(super) fn is_transient(error: &DieselError) -> bool {
    match error {
        DieselError::DatabaseError(DatabaseErrorKind::SerializationFailure, _) => true,
        DieselError::DatabaseError(_, information) => {
            says(&**information, &["deadlock", "lock wait timeout", "database is locked"])
        }
        _ => false,
    }
}

/// Diesel tells few kinds of errors apart, so the message has to do for the rest.
fn says(information: &Information, words: &[&str]) -> bool {
    let message = information.message().to_lowercase();
    words.iter().any(|word| message.contains(word))
}

/// Hides the database's messages about plaintext, since they may quote it.
pub(super) fn hide_plaintext(mut batch: QueryResult<Option<Batch>>) -> QueryResult<Option<Batch>> {
    const HIDDEN: &str = "its message may quote the plaintext, and is not shown";

    match &mut batch {
        Err(DieselError::DatabaseError(kind, information)) => {
            let said = match kind {
                DatabaseErrorKind::ReadOnlyTransaction => "it is read-only",
                DatabaseErrorKind::ClosedConnection => "the connection was lost",
                _ => QUOTE_NOTHING.into_iter().find(|said| *said == information.message()).unwrap_or(HIDDEN),
            };
            *information = Box::new(said.to_owned());
        }
        Err(_) | Ok(None) => {}
        Ok(Some(batch)) => {
            for row in &mut batch.bad {
                if let Problem::Refused(message) = &mut row.problem {
                    HIDDEN.clone_into(message);
                }
            }
        }
    }
    batch
}

/// Whole messages of SQLite, MySQL and MariaDB for which Diesel has no kind.
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
