//! The token that a request needs.

use serde_json::{Value, json};
use zeroize::Zeroizing;

use crate::error::ServiceError;
use crate::key_service::vault::http::{Answer, Http};
use crate::key_service::vault::settings::{Login, Secret};

/// Logs in, unless there is a token.
pub(super) fn token(login: Login, http: &Http) -> Result<Secret, ServiceError> {
    let (mount, body) = match login {
        Login::Token(token) => return Ok(token),
        Login::AppRole { mount, role, secret } => {
            (mount, json!({ "role_id": role, "secret_id": secret.as_str() }))
        }
        Login::Kubernetes { mount, role, jwt } => (mount, json!({ "role": role, "jwt": jwt.as_str() })),
    };
    let answer = http.post(&["auth", &mount, "login"], None, &body)?;
    match answer {
        Answer { status: 200, body } => match body.pointer("/auth/client_token") {
            Some(Value::String(token)) => Ok(Zeroizing::new(token.clone())),
            _ => Err(ServiceError::Busy { reason: "the log-in has no token in its answer".to_owned() }),
        },
        // A wrong role or secret has the status 400.
        Answer { status: status @ 400..=499, .. } if status != 429 => {
            Err(ServiceError::Denied { reason: format!("log-in, status {status}") })
        }
        other => Err(other.problem()),
    }
}
