//! Errors, as clients and the log see them.

use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::json;

use crate::db::PoolError;

/// No message shows anything that a client sent.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    #[error("{problem}")]
    Invalid { field: &'static str, problem: String },
    #[error("the body is not JSON, from line {line}, column {column}")]
    MalformedJson { line: usize, column: usize },
    #[error("a field is missing, unknown, or of another type, at line {line}, column {column}")]
    UnexpectedJson { line: usize, column: usize },
    #[error("a body of the type application/json is expected")]
    NotJson,
    #[error("the body is too long, or did not arrive")]
    UnreadableBody { status: StatusCode },
    #[error("the only parameters are `after` and `limit`, both numbers, and `ward`")]
    Query(#[from] QueryRejection),
    #[error("not found")]
    NotFound,
    #[error("not allowed here")]
    MethodNotAllowed,
    #[error("the database cannot be reached: try again later")]
    Pool(#[from] PoolError),
    #[error("internal error")]
    Database(#[source] diesel::result::Error),
}

impl From<diesel::result::Error> for Error {
    fn from(error: diesel::result::Error) -> Self {
        match error {
            diesel::result::Error::NotFound => Self::NotFound,
            error => Self::Database(error),
        }
    }
}

impl Error {
    fn status(&self) -> StatusCode {
        match self {
            Self::Invalid { .. } | Self::UnexpectedJson { .. } => StatusCode::UNPROCESSABLE_ENTITY,
            Self::MalformedJson { .. } | Self::Query(_) => StatusCode::BAD_REQUEST,
            Self::NotJson => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::UnreadableBody { status } => *status,
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::MethodNotAllowed => StatusCode::METHOD_NOT_ALLOWED,
            Self::Pool(_) => StatusCode::SERVICE_UNAVAILABLE,
            Self::Database(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// Logs for the operator what the client does not get to see.
    fn log(&self) {
        match self {
            Self::Database(error) => match encrypted_diesel::Error::from_diesel(error) {
                // Diesel's message names the column, ours the reason.
                Some(reason) => tracing::error!(%error, %reason, "a value was not encrypted or decrypted"),
                None => tracing::error!(%error, "a query failed"),
            },
            Self::Pool(error) => tracing::error!(%error, "no connection"),
            refused => tracing::debug!(%refused, "refused"),
        }
    }
}

impl IntoResponse for Error {
    fn into_response(self) -> Response {
        self.log();
        let body = match &self {
            Self::Invalid { field, problem } => json!({ "error": problem, "field": field }),
            error => json!({ "error": error.to_string() }),
        };
        (self.status(), Json(body)).into_response()
    }
}
