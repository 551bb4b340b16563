//! Notes of many tenants on PostgreSQL, each under keys of its own.
//!
//! `DATABASE_URL=postgres://… cargo run -p tenants` migrates the database and listens on `127.0.0.1:3000`. The application's key is
//! in `FIELD_ENCRYPTION_KEY`, or in `.env`.

use std::error::Error;
use std::time::Duration;

use encrypted_diesel::Keyring;
use encrypted_diesel::tenants::TenantKeys;
use tokio::net::TcpListener;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error + Send + Sync>> {
    // Not installed: work outside of a tenant's scope fails, instead of using these keys.
    let application = Keyring::from_env()?;
    let keys = TenantKeys::new(application, 1_000, Duration::from_secs(60));
    let state =
        tenants::State::connect(&std::env::var("DATABASE_URL")?, keys, Duration::from_secs(60)).await?;
    let listener = TcpListener::bind("127.0.0.1:3000").await?;
    println!("listening on http://{}", listener.local_addr()?);
    axum::serve(listener, tenants::router(state)).await?;
    Ok(())
}
