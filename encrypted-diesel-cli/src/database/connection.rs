//! A connection to the database that a URL names.

#[cfg(feature = "mysql")]
use diesel::MysqlConnection;
#[cfg(feature = "postgres")]
use diesel::PgConnection;
use diesel::SqliteConnection;
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
    /// A statement to run first on every connection.
    const SETTINGS: Option<&'static str>;
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
    if let Some(settings) = C::SETTINGS {
        connection.batch_execute(settings)?;
    }
    Ok(connection)
}

impl Database {
    /// Reads the catalog.
    pub(crate) fn catalog(&mut self) -> Result<Catalog, Error> {
        on_connection!(self, connection => connection.catalog())
    }
}

impl Session for SqliteConnection {
    // SQLite has one writer at a time, and the application writes as well.
    const SETTINGS: Option<&'static str> = Some("PRAGMA busy_timeout = 10000");
}

#[cfg(feature = "postgres")]
impl Session for PgConnection {
    // Plan a statement once, for an array of any length. A plan for an array of thousands of values would scan the
    // whole table for every batch. PostgreSQL versions before 12 do not have this setting.
    const SETTINGS: Option<&'static str> = Some(
        "SELECT set_config('plan_cache_mode', 'force_generic_plan', false)
         FROM pg_settings WHERE name = 'plan_cache_mode'",
    );
}

#[cfg(feature = "mysql")]
impl Session for MysqlConnection {
    // Diesel sets utf8mb4 itself.
    const SETTINGS: Option<&'static str> = None;
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
