//! A schema for each test on the server of `TEST_POSTGRES_URL`.

use std::env;
use std::io::{self, Write};
use std::sync::Once;
use std::sync::atomic::{AtomicU32, Ordering};

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sql_types::Text;
use diesel_async::AsyncPgConnection;
use diesel_async::async_connection_wrapper::AsyncConnectionWrapper;

const MISSING_SERVER: &[u8] =
    b"\nNOT RUN, whatever the summary says: the tests of axum-postgres that need a server. \
    TEST_POSTGRES_URL is not set; tests/all-backends starts a server and sets it.\n\n";
static NOT_RUN: Once = Once::new();
static COUNT: AtomicU32 = AtomicU32::new(0);

pub(crate) struct Database {
    schema: String,
    server: String,
}

impl Database {
    /// Returns `None` without a server. The first test to notice reports it for all.
    pub(crate) fn create() -> Option<Self> {
        let Ok(server) = env::var("TEST_POSTGRES_URL") else {
            // Not `eprintln!`, which the test harness keeps to itself.
            NOT_RUN.call_once(|| io::stderr().write_all(MISSING_SERVER).unwrap());
            return None;
        };
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let schema = format!("axum_postgres_{}_{count}", std::process::id());
        let database = Self { schema, server };
        database.execute_on_server(&format!("CREATE SCHEMA {}", database.schema));
        Some(database)
    }

    /// The `DATABASE_URL` for the service, which sees the test's schema only.
    pub(crate) fn url(&self) -> String {
        let separator = if self.server.contains('?') { '&' } else { '?' };
        format!("{}{separator}options=-c%20search_path%3D{}", self.server, self.schema)
    }

    pub(crate) fn execute(&self, sql: &str) {
        connect(&self.url()).batch_execute(sql).unwrap();
    }

    /// The whole table, as seen without the key, one row per line.
    pub(crate) fn dump(&self) -> String {
        #[derive(QueryableByName)]
        struct Row {
            #[diesel(sql_type = Text)]
            row: String,
        }
        let rows: Vec<Row> = diesel::sql_query("SELECT patients::text AS row FROM patients ORDER BY id")
            .load(&mut connect(&self.url()))
            .unwrap();
        rows.into_iter().map(|Row { row }| row + "\n").collect()
    }

    fn execute_on_server(&self, sql: &str) {
        connect(&self.server).batch_execute(sql).unwrap();
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        self.execute_on_server(&format!("DROP SCHEMA {} CASCADE", self.schema));
    }
}

fn connect(url: &str) -> AsyncConnectionWrapper<AsyncPgConnection> {
    AsyncConnectionWrapper::establish(url).unwrap()
}
