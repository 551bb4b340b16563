//! A connection to the database that a URL names.

#[cfg(feature = "mysql")]
use diesel::MysqlConnection;
#[cfg(feature = "postgres")]
use diesel::PgConnection;
use diesel::SqliteConnection;
use diesel::connection::SimpleConnection;
#[cfg(feature = "postgres")]
use diesel::connection::{CacheSize, Connection};
use diesel::result::QueryResult;
use encrypted_diesel::maintenance::WalkConnection;

use crate::database::catalog::{Catalog, Inspect};
use crate::database::url::{Backend, DatabaseUrl};
use crate::error::{Error, indented};

/// A connection to any of the backends that this program was built with.
pub(crate) enum Database {
    Sqlite(SqliteConnection),
    #[cfg(feature = "postgres")]
    Postgres(PgConnection),
    #[cfg(feature = "mysql")]
    Mysql(MysqlConnection),
}

/// A connection as the commands use it, on any backend.
pub(crate) trait Session: WalkConnection + Inspect {
    /// Makes the settings of a new connection.
    fn set_up(&mut self) -> QueryResult<()>;
}

/// Does the same work on any variant of [`Database`]:
/// `on_connection!(database, connection => work)`.
macro_rules! on_connection {
    ($database:expr, $connection:ident => $work:expr) => {
        match $database {
            $crate::database::connection::Database::Sqlite($connection) => $work,
            #[cfg(feature = "postgres")]
            $crate::database::connection::Database::Postgres($connection) => $work,
            #[cfg(feature = "mysql")]
            $crate::database::connection::Database::Mysql($connection) => $work,
        }
    };
}
pub(crate) use on_connection;

/// Opens the database. A missing SQLite file is an error: it is never created.
pub(crate) fn open(url: &DatabaseUrl) -> Result<Database, Error> {
    match url.backend()? {
        Backend::Sqlite => connect(url).map(Database::Sqlite),
        #[cfg(feature = "postgres")]
        Backend::Postgres => connect(url).map(Database::Postgres),
        #[cfg(not(feature = "postgres"))]
        Backend::Postgres => Err(Error::WithoutBackend { backend: "PostgreSQL", feature: "postgres" }),
        #[cfg(feature = "mysql")]
        Backend::Mysql => connect(url).map(Database::Mysql),
        #[cfg(not(feature = "mysql"))]
        Backend::Mysql => Err(Error::WithoutBackend { backend: "MySQL", feature: "mysql" }),
    }
}

/// Makes another connection to a database that [`open`] has opened.
pub(crate) fn connect<C: Session>(url: &DatabaseUrl) -> Result<C, Error> {
    // The message of a client library may quote the URL.
    let mut connection = C::establish(url.expose()).map_err(|error| Error::Connection {
        message: indented(&url.redact(error.to_string().trim_end())),
    })?;
    connection.set_up()?;
    Ok(connection)
}

impl Database {
    /// Reads the catalog.
    pub(crate) fn catalog(&mut self) -> Result<Catalog, Error> {
        on_connection!(self, connection => connection.catalog())
    }
}

impl Session for SqliteConnection {
    fn set_up(&mut self) -> QueryResult<()> {
        // SQLite has one writer at a time, and the application writes as well.
        self.batch_execute("PRAGMA busy_timeout = 10000")
    }
}

#[cfg(feature = "postgres")]
impl Session for PgConnection {
    // A pooler such as PgBouncer may hand each transaction to another connection of the server: there, a statement that
    // was prepared before is missing or another's. A setting for the session would stay behind for the application.
    fn set_up(&mut self) -> QueryResult<()> {
        self.set_prepared_statement_cache_size(CacheSize::Disabled);
        Ok(())
    }
}

#[cfg(feature = "mysql")]
impl Session for MysqlConnection {
    // Diesel sets utf8mb4 itself.
    fn set_up(&mut self) -> QueryResult<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use diesel::prelude::*;
    use diesel::sql_types::Integer;

    use super::*;

    #[test]
    fn sqlite_waits_for_another_writer() {
        let mut connection: SqliteConnection = connect(&DatabaseUrl::from(":memory:".to_owned())).unwrap();
        let timeout = diesel::dsl::sql::<Integer>("SELECT timeout FROM pragma_busy_timeout");
        assert_eq!(timeout.get_result(&mut connection), Ok(10_000));
    }
}
