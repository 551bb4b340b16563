//! What the database alone says to a second account with an address that it has.

use diesel::prelude::*;
use diesel::result::{DatabaseErrorKind, Error};

use crate::accounts;
use crate::models::NewAccount;

pub(super) enum Verdict {
    /// With its message.
    Refused(String),
    LetIn,
}

/// Inserts the account, and takes that back.
pub(super) fn insert(connection: &mut SqliteConnection, account: &NewAccount) -> QueryResult<Verdict> {
    let inserted = connection.transaction::<(), _, _>(|connection| {
        accounts::insert(connection, account)?;
        Err(Error::RollbackTransaction)
    });
    match inserted {
        Err(Error::DatabaseError(DatabaseErrorKind::UniqueViolation, reason)) => {
            Ok(Verdict::Refused(reason.message().to_owned()))
        }
        Err(Error::RollbackTransaction) => Ok(Verdict::LetIn),
        inserted => inserted.map(|()| Verdict::LetIn),
    }
}
