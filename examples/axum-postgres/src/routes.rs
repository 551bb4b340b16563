//! The endpoints.

use axum::extract::rejection::QueryRejection;
use axum::extract::{FromRequestParts, Path, Query, State};
use axum::http::request::Parts;
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use axum::routing::get;
use axum::{Json, Router};
use serde::Deserialize;

use crate::body::Body;
use crate::db::Pool;
use crate::error::Error;
use crate::{json, log, models, patients};

const LARGEST_PAGE: u16 = 100;

/// The service.
pub(crate) fn router(pool: Pool) -> Router {
    Router::new()
        .route("/patients", get(list).post(create))
        .route("/patients/{id}", get(read).patch(change).delete(delete))
        .fallback(async || Error::NotFound)
        .method_not_allowed_fallback(async || Error::MethodNotAllowed)
        .layer(log::requests())
        .with_state(pool)
}

async fn create(
    State(pool): State<Pool>,
    Body(patient): Body<json::NewPatient>,
) -> Result<impl IntoResponse, Error> {
    let patient = models::NewPatient::try_from(patient)?;
    let patient = patients::create(&mut *pool.get().await?, &patient).await?;
    log::patient(patient.id);
    let location = format!("/patients/{}", patient.id);
    Ok((StatusCode::CREATED, [(header::LOCATION, location)], Json(json::Patient::from(patient))))
}

async fn read(State(pool): State<Pool>, Id(id): Id) -> Result<Json<json::Patient>, Error> {
    let patient = patients::find(&mut *pool.get().await?, id).await?;
    Ok(Json(patient.into()))
}

/// The parameters of a list.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Page {
    ward: Option<String>,
    #[serde(default)]
    after: i32,
    #[serde(default = "Page::limit")]
    limit: u16,
}

impl Page {
    fn limit() -> u16 {
        20
    }
}

async fn list(
    State(pool): State<Pool>,
    page: Result<Query<Page>, QueryRejection>,
) -> Result<Json<json::Patients>, Error> {
    let Query(Page { ward, after, limit }) = page?;
    if !(1..=LARGEST_PAGE).contains(&limit) {
        let problem = format!("1 to {LARGEST_PAGE} are expected");
        return Err(Error::Invalid { field: "limit", problem });
    }
    // One more than the page shows, to tell whether there is a next page.
    let connection = &mut *pool.get().await?;
    let mut patients = patients::list(connection, ward.as_deref(), after, i64::from(limit) + 1).await?;
    let more = patients.len() > usize::from(limit);
    patients.truncate(limit.into());
    let next = patients.last().filter(|_| more).map(|patient| patient.id);
    Ok(Json(json::Patients { patients: patients.into_iter().map(Into::into).collect(), next }))
}

async fn change(
    State(pool): State<Pool>,
    Id(id): Id,
    Body(changes): Body<json::PatientChanges>,
) -> Result<Json<json::Patient>, Error> {
    let changes = models::PatientChanges::try_from(changes)?;
    let patient = patients::change(&mut *pool.get().await?, id, &changes).await?;
    Ok(Json(patient.into()))
}

async fn delete(State(pool): State<Pool>, Id(id): Id) -> Result<StatusCode, Error> {
    match patients::delete(&mut *pool.get().await?, id).await? {
        true => Ok(StatusCode::NO_CONTENT),
        false => Err(Error::NotFound),
    }
}

/// The patient's id in the path. Anything that is not a number is not found.
struct Id(i32);

impl<S: Send + Sync> FromRequestParts<S> for Id {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Error> {
        let Path(id) = Path::from_request_parts(parts, state).await.map_err(|_| Error::NotFound)?;
        log::patient(id);
        Ok(Self(id))
    }
}
