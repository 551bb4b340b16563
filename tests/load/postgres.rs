//! PostgreSQL, in its own schema: through libpq, and through tokio-postgres.

use diesel::connection::SimpleConnection;
use diesel::prelude::*;

use crate::server;

#[path = "tasks.rs"]
mod tasks;
#[path = "threads.rs"]
mod threads;
#[path = "under_load.rs"]
mod under_load;

type SyncConnection = PgConnection;
type AsyncConnection = diesel_async::AsyncPgConnection;

const NAME: &str = "PostgreSQL";
const SETTINGS: Option<&str> = None;

struct Database(String);

impl Database {
    fn new() -> Self {
        let (url, schema) = (server::url("TEST_POSTGRES_URL"), server::new_name());
        let tables = format!(
            "CREATE SCHEMA {schema};
             CREATE TABLE {schema}.people (
                 id integer PRIMARY KEY,
                 note text NOT NULL,
                 email text NOT NULL,
                 email_index bytea NOT NULL UNIQUE
             )"
        );
        PgConnection::establish(&url).unwrap().batch_execute(&tables).unwrap();
        let separator = if url.contains('?') { '&' } else { '?' };
        let database = Self(format!("{url}{separator}options=-csearch_path%3D{schema}"));
        server::remove_later::<PgConnection>(url, format!("DROP SCHEMA {schema} CASCADE"));
        database
    }

    fn url(&self) -> String {
        self.0.clone()
    }
}
