//! A new key for one tenant, while it is served.

use axum::extract::{Path, State as FromState};
use axum::http::StatusCode;
use diesel::prelude::*;
use diesel_async::async_connection_wrapper::AsyncConnectionWrapper;
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use encrypted_diesel::maintenance::EncryptedColumn;
use encrypted_diesel::{EncryptedText, Key, Keyring};

use crate::State;
use crate::db::{notes, tenants};
use crate::error::Error;
use crate::tenant;

/// Starts a rotation, and returns. A real service uses a job queue, which survives a restart; each step may be done again.
pub(crate) async fn start(
    FromState(state): FromState<State>,
    Path(id): Path<String>,
) -> Result<StatusCode, Error> {
    tenant::load(&state, &id).await?; // not found, or there
    tokio::spawn(async move {
        match rotate(&state, &id).await {
            Ok(rows) => println!("rotated {rows} notes of a tenant"),
            Err(error) => eprintln!("a rotation failed: {error}"),
        }
    });
    Ok(StatusCode::ACCEPTED)
}

async fn rotate(state: &State, id: &str) -> Result<u64, Error> {
    let new = Key::generate()?;
    let new_id = new.id();
    // All instances know the key before one of them encrypts with it.
    change(state, id, |keys| Ok(keys.with_retired(new)?)).await?;
    change(state, id, |keys| Ok(keys.with_first(new_id)?)).await?;
    let rows = walk(state, id).await?;
    change(state, id, |keys| {
        let old: Vec<_> = keys.key_ids().skip(1).collect();
        Ok(old.into_iter().try_fold(keys, Keyring::without)?)
    })
    .await?;
    Ok(rows)
}

/// Changes the keys of a tenant, and waits until nobody uses those before.
async fn change(
    state: &State,
    id: &str,
    change: impl FnOnce(Keyring) -> Result<Keyring, encrypted_diesel::Error>,
) -> Result<(), Error> {
    let sealed = state.keys.change(id, &tenant::load(state, id).await?, change)?;
    let mut connection = state.pool.get().await?;
    // Not an upsert: a tenant that was shredded meanwhile does not come back.
    let update = diesel::update(tenants::table.find(id)).set(tenants::keys.eq(sealed));
    if update.execute(&mut connection).await? == 0 {
        return Err(Error::NotFound);
    }
    drop(connection);
    state.keys.forget(id);
    tokio::time::sleep(state.settled_after).await;
    Ok(())
}

/// Re-encrypts the notes of this tenant, and looks at no others.
async fn walk(state: &State, id: &str) -> Result<u64, Error> {
    let keys = tenant::keys(state, id).await?;
    let url = state.url.clone();
    let notes = EncryptedColumn::new::<notes::text, EncryptedText>().only_where::<notes::tenant_id>(id);
    // A walk blocks, so it gets a thread.
    let walked = tokio::task::spawn_blocking(move || {
        let mut connection = AsyncConnectionWrapper::<AsyncPgConnection>::establish(&url)?;
        Ok::<_, Error>(keys.scope(|| notes.rotate().run(&mut connection, |_| {}))?)
    });
    Ok(walked.await??.written)
}
