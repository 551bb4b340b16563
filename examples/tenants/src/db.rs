//! The tables, the pool and the migrations.

use diesel_async::pooled_connection::{AsyncDieselConnectionManager, deadpool};
use diesel_async::{AsyncConnection, AsyncMigrationHarness, AsyncPgConnection};
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

const MIGRATIONS: EmbeddedMigrations = embed_migrations!("migrations");
const CONNECTIONS: usize = 8;

diesel::table! {
    tenants (id) {
        id -> Text,
        keys -> Text,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use encrypted_diesel::sql_types::*;

    notes (id) {
        id -> Integer,
        tenant_id -> Text,
        text -> EncryptedText,
    }
}

pub(crate) type Pool = deadpool::Pool<AsyncPgConnection>;

/// A pool that connects on first use. It knows nothing of keys: these belong to the work, not to a connection.
pub(crate) fn pool(url: &str) -> Result<Pool, deadpool::BuildError> {
    let manager = AsyncDieselConnectionManager::<AsyncPgConnection>::new(url);
    Pool::builder(manager).max_size(CONNECTIONS).build()
}

pub(crate) async fn migrate(url: &str) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    let connection = AsyncPgConnection::establish(url).await?;
    AsyncMigrationHarness::new(connection).run_pending_migrations(MIGRATIONS)?;
    Ok(())
}
