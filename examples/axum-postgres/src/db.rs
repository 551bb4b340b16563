//! The pool and the migrations.

use std::time::Duration;

use deadpool::Runtime;
use deadpool::managed::Timeouts;
use diesel_async::pooled_connection::{AsyncDieselConnectionManager, deadpool as diesel_pool};
use diesel_async::{AsyncConnection, AsyncMigrationHarness, AsyncPgConnection, SimpleAsyncConnection};
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

use crate::Result;

const MIGRATIONS: EmbeddedMigrations = embed_migrations!("migrations");
const CONNECTIONS: usize = 8;
const PATIENCE: Duration = Duration::from_secs(5);

pub(crate) type Pool = diesel_pool::Pool<AsyncPgConnection>;
pub(crate) type PoolError = diesel_pool::PoolError;

/// A pool that connects on first use.
pub(crate) fn pool(url: &str) -> Result<Pool> {
    let manager = AsyncDieselConnectionManager::<AsyncPgConnection>::new(url);
    let timeouts = Timeouts { wait: Some(PATIENCE), create: Some(PATIENCE), recycle: Some(PATIENCE) };
    Ok(Pool::builder(manager).max_size(CONNECTIONS).runtime(Runtime::Tokio1).timeouts(timeouts).build()?)
}

/// Brings the tables up to date.
pub(crate) async fn migrate(url: &str) -> Result<()> {
    let connection = AsyncPgConnection::establish(url).await;
    let mut connection = connection.map_err(|error| format!("DATABASE_URL: {error}"))?;
    // Several instances may start at once. The number of the lock is arbitrary, and it ends with the connection.
    connection.batch_execute("SELECT pg_advisory_lock(5064257)").await?;

    let mut harness = AsyncMigrationHarness::new(connection);
    for version in harness.run_pending_migrations(MIGRATIONS)? {
        tracing::info!(%version, "migrated");
    }
    Ok(())
}
