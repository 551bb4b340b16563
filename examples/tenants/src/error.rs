//! Errors, as clients see them. None shows a value, or what is wrong with keys.

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use diesel_async::pooled_connection::deadpool::PoolError;

#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    #[error("name a tenant in the header x-tenant")]
    NoTenant,
    #[error("not found")]
    NotFound,
    #[error("the database cannot be reached")]
    Pool(#[from] PoolError),
    #[error("a query failed")]
    Database(diesel::result::Error),
    #[error("the database cannot be reached")]
    Connection(#[from] diesel::ConnectionError),
    #[error("a task failed")]
    Task(#[from] tokio::task::JoinError),
    #[error("a key failed")]
    Keys(#[from] encrypted_diesel::Error),
}

impl From<diesel::result::Error> for Error {
    fn from(error: diesel::result::Error) -> Self {
        match error {
            diesel::result::Error::NotFound => Self::NotFound,
            error => Self::Database(error),
        }
    }
}

impl IntoResponse for Error {
    fn into_response(self) -> Response {
        let status = match self {
            Self::NoTenant => StatusCode::BAD_REQUEST,
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::Pool(_) | Self::Connection(_) => StatusCode::SERVICE_UNAVAILABLE,
            Self::Database(_) | Self::Task(_) | Self::Keys(_) => StatusCode::INTERNAL_SERVER_ERROR,
        };
        // For the operator.
        if status.is_server_error() {
            eprintln!("{self}: {self:?}");
        }
        (status, self.to_string()).into_response()
    }
}
