//! The service: `tenant.rs` has what is special about tenants, `notes.rs` is like any application.

#![allow(missing_docs, reason = "an example")]

mod db;
mod error;
mod notes;
mod rotation;
mod tenant;

use std::sync::Arc;
use std::time::Duration;

use axum::routing::{get, post};
use axum::{Router, middleware};
use encrypted_diesel::tenants::TenantKeys;

/// What all requests share.
#[derive(Clone)]
pub struct State {
    url: String,
    pool: db::Pool,
    keys: Arc<TenantKeys>,
    /// How long keys that have changed may still be in use: the time to live of the cache.
    settled_after: Duration,
}

impl std::fmt::Debug for State {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("State").field("keys", &self.keys).finish_non_exhaustive()
    }
}

impl State {
    /// Brings the tables up to date, and makes a pool.
    ///
    /// # Errors
    ///
    /// Those of the database.
    pub async fn connect(
        url: &str,
        keys: TenantKeys,
        settled_after: Duration,
    ) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        db::migrate(url).await?;
        Ok(Self { url: url.to_owned(), pool: db::pool(url)?, keys: Arc::new(keys), settled_after })
    }
}

/// The service.
pub fn router(state: State) -> Router {
    let of_a_tenant = Router::new()
        .route("/notes", get(notes::list).post(notes::create))
        .route("/notes/{id}", get(notes::read))
        .route_layer(middleware::from_fn_with_state(state.clone(), tenant::scope));
    Router::new()
        .route("/tenants/{tenant}", post(tenant::sign_up).delete(tenant::shred))
        .route("/tenants/{tenant}/rotation", post(rotation::start))
        .merge(of_a_tenant)
        .with_state(state)
}
