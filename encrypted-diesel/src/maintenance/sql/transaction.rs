//! A transaction that the database may end before its time, as SQLite does on `RAISE(ROLLBACK)`.

use diesel::connection::{Connection, TransactionManager, TransactionManagerStatus};
use diesel::result::{Error as DieselError, QueryResult};

use super::server::{OnServer, Server};

/// Runs this in a transaction. Diesel before 2.3.14 takes a connection for broken whose transaction SQLite has ended.
/// If there is none, so that one can begin, the connection is made good again.
pub(in crate::maintenance) fn in_transaction<Conn, T, E>(
    connection: &mut Conn,
    run: impl FnOnce(&mut Conn) -> Result<T, E>,
) -> Result<T, E>
where
    Conn: Connection<Backend: OnServer>,
    E: From<DieselError>,
{
    let done = connection.transaction(run);
    let is_broken = matches!(status(connection), TransactionManagerStatus::InError);
    if is_broken
        && Conn::Backend::SERVER == Server::Sqlite
        && connection.batch_execute("BEGIN; ROLLBACK").is_ok()
    {
        *status(connection) = TransactionManagerStatus::Valid(Default::default());
    }
    done
}

/// Whether the connection is inside a transaction.
pub(in crate::maintenance) fn is_inside<Conn: Connection>(connection: &mut Conn) -> QueryResult<bool> {
    Ok(status(connection).transaction_depth()?.is_some())
}

fn status<Conn: Connection>(connection: &mut Conn) -> &mut TransactionManagerStatus {
    Conn::TransactionManager::transaction_manager_status_mut(connection)
}
