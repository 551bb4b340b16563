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
    if Conn::Backend::SERVER == Server::Sqlite && done.is_err() && depth(connection).is_err() {
        if let Ok(()) = connection.batch_execute("BEGIN; ROLLBACK") {
            *Conn::TransactionManager::transaction_manager_status_mut(connection) =
                TransactionManagerStatus::Valid(Default::default());
        }
    }
    done
}

/// How many transactions the connection is in, one inside the other.
pub(in crate::maintenance) fn depth<Conn: Connection>(connection: &mut Conn) -> QueryResult<u32> {
    let status = Conn::TransactionManager::transaction_manager_status_mut(connection);
    Ok(status.transaction_depth()?.map_or(0, Into::into))
}
