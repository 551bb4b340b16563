//! A separate database for each test, on each available backend.

use std::fs::File;

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sql_types::{Nullable, Text};
use tempfile::TempDir;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Backend {
    Sqlite,
    Postgres,
    Mysql,
}

impl Backend {
    /// The name in folders and tests.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Sqlite => "sqlite",
            Self::Postgres => "postgres",
            Self::Mysql => "mysql",
        }
    }

    /// Translates a statement for this backend: `{bytes}` and the like are types, `{key}` is a type for bytes in a
    /// primary key, and `x'ff'` is bytes.
    fn words(self, sql: &str) -> String {
        let (types, before, after) = match self {
            Self::Sqlite => (["BLOB", "BLOB", "TIMESTAMP", "TIMESTAMPTZ", "UUID_TEXT", "+00:00"], "x'", "'"),
            Self::Postgres => {
                (["bytea", "bytea", "timestamp", "timestamptz", "uuid", "+00:00"], r"'\x", "'::bytea")
            }
            Self::Mysql => {
                (["LONGBLOB", "VARBINARY(64)", "DATETIME(6)", "TIMESTAMP(6)", "CHAR(36)", ""], "x'", "'")
            }
        };
        let names = ["{bytes}", "{key}", "{timestamp}", "{timestamptz}", "{uuid}", "{utc}"];
        let sql = names.iter().zip(types).fold(sql.to_owned(), |sql, (name, word)| sql.replace(name, word));
        let mut parts = sql.split("x'");
        let mut words = parts.next().unwrap_or_default().to_owned();
        for part in parts {
            // Skip the end of 'Max', and 'x' itself.
            if words.ends_with(|c: char| c.is_alphanumeric() || c == '\'') {
                words += &["x'", part].concat();
                continue;
            }
            let (digits, rest) = part.split_once('\'').unwrap();
            words += &[before, digits, after, rest].concat();
        }
        words
    }
}

/// A database that is removed on drop.
pub(crate) struct Database {
    pub(crate) backend: Backend,
    pub(crate) url: String,
    /// The server to remove the database from, if any.
    server: Option<String>,
    folder: TempDir,
}

pub(crate) enum AnyConnection {
    Sqlite(SqliteConnection),
    #[cfg(feature = "postgres")]
    Postgres(PgConnection),
    #[cfg(feature = "mysql")]
    Mysql(MysqlConnection),
}

/// Does the same on any variant.
macro_rules! on_connection {
    ($connection:expr, $name:ident => $work:expr) => {
        match $connection {
            $crate::database::AnyConnection::Sqlite($name) => $work,
            #[cfg(feature = "postgres")]
            $crate::database::AnyConnection::Postgres($name) => $work,
            #[cfg(feature = "mysql")]
            $crate::database::AnyConnection::Mysql($name) => $work,
        }
    };
}

/// Makes a test for each backend from a function that takes one.
macro_rules! on_each_backend {
    ($($test:ident),+ $(,)?) => {
        mod sqlite {
            $(#[test] fn $test() { super::$test($crate::database::Backend::Sqlite); })+
        }
        mod postgres {
            $(#[test] fn $test() {
                if $crate::database::server($crate::database::Backend::Postgres).is_some() {
                    super::$test($crate::database::Backend::Postgres);
                }
            })+
        }
        mod mysql {
            $(#[test] fn $test() {
                if $crate::database::server($crate::database::Backend::Mysql).is_some() {
                    super::$test($crate::database::Backend::Mysql);
                }
            })+
        }
    };
}

/// The server that the environment names. If it names one, the tests must be built with that backend.
pub(crate) fn server(backend: Backend) -> Option<String> {
    let (variable, is_built) = match backend {
        Backend::Sqlite => return None,
        Backend::Postgres => ("TEST_POSTGRES_URL", cfg!(feature = "postgres")),
        Backend::Mysql => ("TEST_MYSQL_URL", cfg!(feature = "mysql")),
    };
    let url = std::env::var(variable).ok().filter(|url| !url.is_empty())?;
    assert!(is_built, "{variable} is set, but the tests are built without {}", backend.name());
    Some(url)
}

impl Database {
    pub(crate) fn new(backend: Backend) -> Self {
        match server(backend) {
            None => {
                let folder = TempDir::new().unwrap();
                let file = folder.path().join("clinic.db");
                drop(File::create(&file).unwrap());
                let url = file.to_str().unwrap().to_owned();
                Self { backend, url, server: None, folder }
            }
            Some(server) => {
                let mut database = Self::on(backend, &server);
                database.server = Some(server);
                database
            }
        }
    }

    /// On a server of the test. The database goes away with it.
    pub(crate) fn on(backend: Backend, server: &str) -> Self {
        let name = new_name();
        connect(backend, server).execute(&format!("CREATE DATABASE {name}"));
        Self { backend, url: url_of(server, &name), server: None, folder: TempDir::new().unwrap() }
    }

    /// A folder that is removed with the database.
    pub(crate) fn folder(&self) -> &std::path::Path {
        self.folder.path()
    }

    pub(crate) fn connect(&self) -> AnyConnection {
        let mut connection = connect(self.backend, &self.url);
        match self.backend {
            // Allow identifiers in double quotes, and || to join strings.
            Backend::Mysql => connection.execute("SET sql_mode = concat(@@sql_mode, ',ANSI')"),
            Backend::Sqlite => connection.execute("PRAGMA busy_timeout = 10000"),
            Backend::Postgres => {}
        }
        connection
    }

    /// Translates and runs statements.
    pub(crate) fn execute(&self, sql: &str) {
        self.connect().execute(&self.backend.words(sql));
    }

    /// The column `shown` of the rows that a query returns.
    pub(crate) fn shown(&self, sql: &str) -> Vec<Option<String>> {
        self.connect().shown(&self.backend.words(sql))
    }

    pub(crate) fn count(&self, from_where: &str) -> u64 {
        let sql = format!("SELECT CAST(count(*) AS CHAR(20)) AS shown FROM {from_where}");
        self.shown(&sql)[0].as_ref().unwrap().trim().parse().unwrap()
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        if let Some(server) = &self.server {
            let name = self.url.split('?').next().and_then(|url| url.rsplit('/').next()).unwrap_or_default();
            // The server may not have noticed yet that a process was killed.
            let force = if self.backend == Backend::Postgres { " WITH (FORCE)" } else { "" };
            connect(self.backend, server).execute(&format!("DROP DATABASE {name}{force}"));
        }
    }
}

#[derive(QueryableByName)]
struct Shown {
    #[diesel(sql_type = Nullable<Text>)]
    shown: Option<String>,
}

impl AnyConnection {
    pub(crate) fn execute(&mut self, sql: &str) {
        self.try_execute(sql).unwrap();
    }

    pub(crate) fn try_execute(&mut self, sql: &str) -> QueryResult<()> {
        on_connection!(self, connection => connection.batch_execute(sql))
    }

    pub(crate) fn shown(&mut self, sql: &str) -> Vec<Option<String>> {
        let rows = on_connection!(self, connection => diesel::sql_query(sql).load::<Shown>(connection));
        rows.unwrap().into_iter().map(|row| row.shown).collect()
    }
}

fn connect(backend: Backend, url: &str) -> AnyConnection {
    establish(backend, url).unwrap()
}

pub(crate) fn establish(backend: Backend, url: &str) -> ConnectionResult<AnyConnection> {
    match backend {
        Backend::Sqlite => SqliteConnection::establish(url).map(AnyConnection::Sqlite),
        #[cfg(feature = "postgres")]
        Backend::Postgres => PgConnection::establish(url).map(AnyConnection::Postgres),
        #[cfg(feature = "mysql")]
        Backend::Mysql => MysqlConnection::establish(url).map(AnyConnection::Mysql),
        #[allow(unreachable_patterns)] // with all features
        _ => unreachable!("a server is named only with its feature"),
    }
}

/// A name that no other test uses, in this run or another.
fn new_name() -> String {
    use std::sync::atomic::{AtomicU32, Ordering};

    static COUNT: AtomicU32 = AtomicU32::new(0);
    format!("encrypted_diesel_cli_{}_{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed))
}

/// The URL of another database of the same server.
fn url_of(server: &str, database: &str) -> String {
    let (address, parameters) = server.split_once('?').map_or((server, None), |(a, p)| (a, Some(p)));
    let (host, _) = address.rsplit_once('/').expect("the URL of a server names a database");
    let url = format!("{host}/{database}");
    parameters.map_or(url.clone(), |parameters| format!("{url}?{parameters}"))
}
