//! The notes of a tenant. Each handler runs in the scope of its keys.

use axum::body::Body;
use axum::extract::{Extension, Path, State as FromState};
use axum::http::StatusCode;
use axum::response::IntoResponse;
use axum::{Json, response::Response};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use encrypted_diesel::EncryptedText;
use encrypted_diesel::ExposeSecret;
use futures_util::stream;
use serde::{Deserialize, Serialize};

use crate::State;
use crate::db::notes;
use crate::error::Error;
use crate::tenant::Tenant;

const PAGE: i64 = 100;

#[derive(Deserialize)]
pub(crate) struct NewNote {
    text: String,
    /// Whether a copy is written afterwards, when the client has its answer.
    #[serde(default)]
    copy: bool,
}

#[derive(Serialize)]
pub(crate) struct Note {
    id: i32,
    text: String,
}

pub(crate) async fn create(
    FromState(state): FromState<State>,
    Extension(tenant): Extension<Tenant>,
    Json(note): Json<NewNote>,
) -> Result<impl IntoResponse, Error> {
    let id = insert(&state, &tenant.id, &note.text).await?;
    if note.copy {
        // A task is another future, which the scope of the request does not reach: it gets one of its own.
        let keys = tenant.keys.clone();
        tokio::spawn(keys.scope_async(async move {
            if let Err(error) = insert(&state, &tenant.id, &format!("copy of {}", note.text)).await {
                eprintln!("a copy was not written: {error}");
            }
        }));
    }
    Ok((StatusCode::CREATED, Json(id)))
}

async fn insert(state: &State, tenant: &str, text: &str) -> Result<i32, Error> {
    let mut connection = state.pool.get().await?;
    let row = (notes::tenant_id.eq(tenant), notes::text.eq(EncryptedText::from(text)));
    Ok(diesel::insert_into(notes::table).values(row).returning(notes::id).get_result(&mut connection).await?)
}

pub(crate) async fn read(
    FromState(state): FromState<State>,
    Extension(tenant): Extension<Tenant>,
    Path(id): Path<i32>,
) -> Result<Json<Note>, Error> {
    let mut connection = state.pool.get().await?;
    let note = notes::table.find(id).filter(notes::tenant_id.eq(tenant.id)).select((notes::id, notes::text));
    let (id, text): (i32, EncryptedText) = note.first(&mut connection).await?;
    Ok(Json(Note { id, text: text.expose_secret().to_owned() }))
}

/// Streams all notes, a line of JSON for each.
pub(crate) async fn list(
    FromState(state): FromState<State>,
    Extension(tenant): Extension<Tenant>,
) -> Response {
    // The body is made when the handler has returned and its scope is over, so each page is read in a scope of its own.
    let pages = stream::try_unfold(Some(0), move |after| {
        let (state, tenant) = (state.clone(), tenant.clone());
        async move {
            let Some(after) = after else { return Ok::<_, Error>(None) };
            let notes = tenant.keys.scope_async(page(&state, &tenant.id, after)).await?;
            let next = notes.last().map(|note| note.id);
            let lines = notes.iter().filter_map(|note| serde_json::to_string(note).ok());
            let lines: String = lines.map(|line| line + "\n").collect();
            Ok(next.map(|_| (lines, next)))
        }
    });
    Body::from_stream(pages).into_response()
}

async fn page(state: &State, tenant: &str, after: i32) -> Result<Vec<Note>, Error> {
    let mut connection = state.pool.get().await?;
    let page = notes::table
        .filter(notes::tenant_id.eq(tenant))
        .filter(notes::id.gt(after))
        .order(notes::id)
        .limit(PAGE);
    let rows: Vec<(i32, EncryptedText)> = page.select((notes::id, notes::text)).load(&mut connection).await?;
    Ok(rows.into_iter().map(|(id, text)| Note { id, text: text.expose_secret().to_owned() }).collect())
}
