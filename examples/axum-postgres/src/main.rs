//! A JSON service for patients on PostgreSQL. Neither the database nor the log shows their data.
//!
//! `DATABASE_URL=postgres://… cargo run -p axum-postgres` migrates the database and listens on
//! `127.0.0.1:3000`, or where `LISTEN` says. The key is in `FIELD_ENCRYPTION_KEY`, or in `.env`.
//!
//! Read `models.rs`, `patients.rs` and `routes.rs` first: an application looks like them.
//! `log.rs` and `body.rs` keep plaintext out of the log.

use std::process::ExitCode;

use tokio::net::TcpListener;

mod body;
mod config;
mod db;
mod error;
mod json;
mod log;
mod models;
mod patients;
mod routes;
mod schema;
mod shutdown;

use config::Config;

type Result<T> = std::result::Result<T, Box<dyn std::error::Error + Send + Sync>>;

#[tokio::main]
async fn main() -> ExitCode {
    match run().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("axum-postgres: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn run() -> Result<()> {
    encrypted_diesel::init()?;
    let config = Config::from_env()?;
    log::init().map_err(|error| format!("RUST_LOG: {error}"))?;

    db::migrate(&config.database_url).await?;
    let router = routes::router(db::pool(&config.database_url)?);

    let stop = shutdown::signal()?;
    let listener = TcpListener::bind(config.listen).await.map_err(|error| format!("LISTEN: {error}"))?;
    tracing::info!("listening on http://{}", listener.local_addr()?);
    axum::serve(listener, router).with_graceful_shutdown(stop).await?;
    Ok(())
}
