//! MySQL or MariaDB, in its own database: through the C client, and through `mysql_async`.

use diesel::connection::SimpleConnection;
use diesel::prelude::*;

use crate::server;

#[path = "tasks.rs"]
mod tasks;
#[path = "threads.rs"]
mod threads;
#[path = "under_load.rs"]
mod under_load;

type SyncConnection = MysqlConnection;
type AsyncConnection = diesel_async::AsyncMysqlConnection;

const NAME: &str = "MySQL or MariaDB";
const SETTINGS: Option<&str> = None;

struct Database(String);

impl Database {
    fn new() -> Self {
        let (url, name) = (server::url("TEST_MYSQL_URL"), server::new_name());
        let tables = format!(
            "CREATE DATABASE {name};
             CREATE TABLE {name}.people (
                 id INT PRIMARY KEY,
                 note TEXT CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
                 email TEXT CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
                 email_index VARBINARY(16) NOT NULL UNIQUE
             )"
        );
        MysqlConnection::establish(&url).unwrap().batch_execute(&tables).unwrap();
        let (address, options) = url.split_once('?').unwrap_or((&url, ""));
        let (host, _) = address.rsplit_once('/').expect("mysql://user@host:port/database");
        let database = Self(format!("{host}/{name}?{options}"));
        server::remove_later::<MysqlConnection>(url, format!("DROP DATABASE {name}"));
        database
    }

    fn url(&self) -> String {
        self.0.clone()
    }
}
