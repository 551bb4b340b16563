//! Tenants: sign-up, the scope of a request, and shredding.

use axum::extract::{Path, Request, State as FromState};
use axum::http::StatusCode;
use axum::middleware::Next;
use axum::response::Response;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use encrypted_diesel::Keyring;
use encrypted_diesel::tenants::SealedKeys;

use crate::State;
use crate::db::tenants;
use crate::error::Error;

/// A tenant and its keys, for handlers whose work outlives the scope of the request.
#[derive(Clone)]
pub(crate) struct Tenant {
    pub(crate) id: String,
    pub(crate) keys: Keyring,
}

/// Runs a request in the scope of its tenant's keys. A real service takes the tenant from a session, not from a header.
pub(crate) async fn scope(
    FromState(state): FromState<State>,
    mut request: Request,
    next: Next,
) -> Result<Response, Error> {
    let id =
        request.headers().get("x-tenant").and_then(|id| id.to_str().ok()).ok_or(Error::NoTenant)?.to_owned();
    let keys = keys(&state, &id).await?;
    request.extensions_mut().insert(Tenant { id, keys: keys.clone() });
    Ok(keys.scope_async(next.run(request)).await)
}

/// The keys of a tenant, from the cache or from the table.
pub(crate) async fn keys(state: &State, id: &str) -> Result<Keyring, Error> {
    state.keys.get_async(id, load(state, id)).await
}

pub(crate) async fn load(state: &State, id: &str) -> Result<SealedKeys, Error> {
    let mut connection = state.pool.get().await?;
    Ok(tenants::table.find(id).select(tenants::keys).first(&mut connection).await?)
}

/// Makes the keys of a new tenant.
pub(crate) async fn sign_up(
    FromState(state): FromState<State>,
    Path(id): Path<String>,
) -> Result<StatusCode, Error> {
    let keys = state.keys.create(&id)?;
    let mut connection = state.pool.get().await?;
    // Never over the keys of a tenant that exists.
    let row = (tenants::id.eq(id), tenants::keys.eq(keys));
    let made = diesel::insert_into(tenants::table)
        .values(row)
        .on_conflict_do_nothing()
        .execute(&mut connection)
        .await?;
    Ok(if made == 1 { StatusCode::CREATED } else { StatusCode::CONFLICT })
}

/// Deletes the keys of a tenant. Its notes cannot be read from then on.
pub(crate) async fn shred(
    FromState(state): FromState<State>,
    Path(id): Path<String>,
) -> Result<StatusCode, Error> {
    let mut connection = state.pool.get().await?;
    let deleted = diesel::delete(tenants::table.find(&id)).execute(&mut connection).await?;
    state.keys.forget(&id);
    if deleted == 1 { Ok(StatusCode::NO_CONTENT) } else { Err(Error::NotFound) }
}
