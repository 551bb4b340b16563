//! Inserts without the check: does the database alone refuse a second account with one address?

use diesel::prelude::*;
use diesel::result::{DatabaseErrorKind, Error};

use crate::accounts;
use crate::models::NewAccount;

pub(super) enum Verdict {
    /// With the database's message.
    Refused(String),
    Accepted,
}

/// Inserts the account, then rolls back.
pub(super) fn insert(connection: &mut SqliteConnection, account: &NewAccount) -> QueryResult<Verdict> {
    let inserted = connection.transaction::<(), _, _>(|connection| {
        accounts::insert(connection, account)?;
        Err(Error::RollbackTransaction)
    });
    match inserted {
        Err(Error::DatabaseError(DatabaseErrorKind::UniqueViolation, reason)) => {
            Ok(Verdict::Refused(reason.message().to_owned()))
        }
        Err(Error::RollbackTransaction) => Ok(Verdict::Accepted),
        inserted => inserted.map(|()| Verdict::Accepted),
    }
}
