//! The log.
//!
//! It has the route of a request, and the patient's id once it is known to be a number, but not the URL: a client can
//! write anything there. It has no bodies, and no messages of serde and axum about them, which show values: see
//! `body`.

use axum::extract::{MatchedPath, Request};
use tower_http::classify::{ServerErrorsAsFailures, SharedClassifier};
use tower_http::trace::{DefaultOnResponse, TraceLayer};
use tracing::field::Empty;
use tracing::{Level, Span};
use tracing_subscriber::EnvFilter;
use tracing_subscriber::filter::LevelFilter;

use crate::Result;

/// Writes to standard output, at level `info` or as `RUST_LOG` says.
pub(crate) fn init() -> Result<()> {
    let filter = EnvFilter::builder().with_default_directive(LevelFilter::INFO.into()).from_env()?;
    tracing_subscriber::fmt().with_env_filter(filter).try_init()
}

/// Gives each request a span, and logs its status.
pub(crate) fn requests() -> TraceLayer<SharedClassifier<ServerErrorsAsFailures>, fn(&Request) -> Span> {
    TraceLayer::new_for_http()
        .make_span_with(span as fn(&Request) -> Span)
        .on_response(DefaultOnResponse::new().level(Level::INFO))
}

fn span(request: &Request) -> Span {
    let route = request.extensions().get::<MatchedPath>().map(MatchedPath::as_str);
    tracing::info_span!("request", method = %request.method(), route, patient = Empty)
}

/// Adds a patient's id to the request's span.
pub(crate) fn patient(id: i32) {
    Span::current().record("patient", id);
}
