//! A live database: the one that a URL leads to, through Diesel's connections.

#[cfg(feature = "mysql")]
use diesel::MysqlConnection;
#[cfg(feature = "postgres")]
use diesel::PgConnection;
use diesel::SqliteConnection;
use encrypted_diesel::maintenance::WalkConnection;

use crate::database::catalog::{Catalog, Inspect};
use crate::database::url::{Backend, DatabaseUrl};
use crate::error::Error;

/// A connection to a database of any backend that this program was built with.
pub(crate) enum Database {
    Sqlite(SqliteConnection),
    #[cfg(feature = "postgres")]
    Postgres(PgConnection),
    #[cfg(feature = "mysql")]
    Mysql(MysqlConnection),
}

/// What the commands can do with a connection, whichever backend it is to.
pub(crate) trait Session: WalkConnection + Inspect {
    /// A statement that each connection begins with.
    const SETTINGS: Option<&'static str>;
}

/// Does the same work on whichever connection a [`Database`] has:
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

/// Opens the database. One of SQLite is not made where there is none.
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

/// Makes a connection to a database that was opened: another one of the same type.
pub(crate) fn connect<C: Session>(url: &DatabaseUrl) -> Result<C, Error> {
    // What a client library says may quote the URL.
    let mut connection = C::establish(url.expose())
        .map_err(|error| Error::Connection { message: url.redact(error.to_string().trim_end()) })?;
    if let Some(settings) = C::SETTINGS {
        connection.batch_execute(settings)?;
    }
    Ok(connection)
}

impl Database {
    /// What tables there are.
    pub(crate) fn catalog(&mut self) -> Result<Catalog, Error> {
        on_connection!(self, connection => connection.catalog())
    }
}

impl Session for SqliteConnection {
    // There is one writer at a time, and the application writes as well.
    const SETTINGS: Option<&'static str> = Some("PRAGMA busy_timeout = 10000");
}

#[cfg(feature = "postgres")]
impl Session for PgConnection {
    // A statement is planned once, for an array of any length. Planned for one of thousands of values, an update would
    // read the table from its first row to its last for each batch. Before PostgreSQL 12 there is no such setting.
    const SETTINGS: Option<&'static str> = Some(
        "SELECT set_config('plan_cache_mode', 'force_generic_plan', false)
         FROM pg_settings WHERE name = 'plan_cache_mode'",
    );
}

#[cfg(feature = "mysql")]
impl Session for MysqlConnection {
    // Diesel has set utf8mb4.
    const SETTINGS: Option<&'static str> = None;
}

#[cfg(test)]
mod tests {
    use diesel::prelude::*;
    use diesel::sql_types::Integer;

    use super::*;

    #[test]
    fn sqlite_waits_for_who_writes() {
        let mut connection: SqliteConnection = connect(&DatabaseUrl::from(":memory:".to_owned())).unwrap();
        let timeout = diesel::dsl::sql::<Integer>("SELECT timeout FROM pragma_busy_timeout");
        assert_eq!(timeout.get_result(&mut connection), Ok(10_000));
    }
}
