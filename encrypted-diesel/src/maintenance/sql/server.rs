//! Which database it is, where each has a catalog of its own.

use diesel::backend::Backend;
#[cfg(any(feature = "sqlite", feature = "postgres", feature = "mysql"))]
use diesel::query_builder::QueryBuilder as _;
use diesel::query_builder::QueryFragment;
use diesel::result::QueryResult;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(not(all(feature = "sqlite", feature = "postgres", feature = "mysql")), allow(dead_code))]
pub enum Server {
    Sqlite,
    Postgres,
    Mysql,
}

/// The backend of one of them.
#[doc(hidden)]
pub trait OnServer: Backend {
    #[doc(hidden)]
    const SERVER: Server;

    /// The SQL of a name.
    #[doc(hidden)]
    fn sql_of(name: &dyn QueryFragment<Self>) -> QueryResult<String>;
}

#[cfg(any(feature = "sqlite", feature = "postgres", feature = "mysql"))]
macro_rules! on_server {
    ($backend:ty, $server:ident) => {
        impl OnServer for $backend {
            const SERVER: Server = Server::$server;

            fn sql_of(name: &dyn QueryFragment<Self>) -> QueryResult<String> {
                let mut sql = <Self as Backend>::QueryBuilder::default();
                name.to_sql(&mut sql, &Self::default())?;
                Ok(sql.finish())
            }
        }
    };
}

#[cfg(feature = "sqlite")]
on_server! { diesel::sqlite::Sqlite, Sqlite }
#[cfg(feature = "postgres")]
on_server! { diesel::pg::Pg, Postgres }
#[cfg(feature = "mysql")]
on_server! { diesel::mysql::Mysql, Mysql }
