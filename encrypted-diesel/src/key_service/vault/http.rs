//! Requests to Vault, and what its answers mean.

use std::error::Error as _;
use std::io::{ErrorKind, Read};

use reqwest::blocking::{Client, RequestBuilder};
use reqwest::header::HeaderValue;
use reqwest::redirect::Policy;
use reqwest::{Certificate, Url};
use serde_json::Value;
use zeroize::Zeroizing;

use crate::error::ServiceError;
use crate::key_service::Call;
use crate::key_service::vault::settings::{Secret, Settings, settings};

/// The longest answer that is read, in bytes. Vault keeps no secret that is longer.
const LONGEST: u64 = 1 << 20;

pub(super) struct Http {
    client: Client,
    base: Url,
    namespace: Option<String>,
    call: Call,
}

impl Http {
    pub(super) fn new(of: &Settings, call: Call) -> Result<Self, ServiceError> {
        let base = Url::parse(&of.address).ok().filter(|url| matches!(url.scheme(), "http" | "https"));
        let base =
            base.ok_or_else(|| settings("VAULT_ADDR is not a URL that begins with https:// or http://"))?;
        let mut client = Client::builder()
            .connect_timeout(Call::CONNECT.min(call.time_left()))
            // The token is for this server alone.
            .redirect(Policy::none())
            .user_agent(concat!("encrypted-diesel/", env!("CARGO_PKG_VERSION")));
        if let Some(pem) = &of.authority {
            let certificates = Certificate::from_pem_bundle(pem).ok().filter(|found| !found.is_empty());
            let certificates = certificates
                .ok_or_else(|| settings("the file that VAULT_CACERT names has no certificate as PEM"))?;
            client = client.tls_certs_only(certificates);
        }
        let client =
            client.build().map_err(|_| settings("the certificates of this system cannot be used"))?;
        Ok(Self { client, base, namespace: of.namespace.clone(), call })
    }

    pub(super) fn get(&self, path: &[&str], token: &Secret) -> Result<Answer, ServiceError> {
        self.send(self.client.get(self.url(path)?), Some(token))
    }

    pub(super) fn post(
        &self,
        path: &[&str],
        token: Option<&Secret>,
        body: &Value,
    ) -> Result<Answer, ServiceError> {
        let request = self.client.post(self.url(path)?).header("Content-Type", "application/json");
        self.send(request.body(body.to_string()), token)
    }

    fn send(&self, mut request: RequestBuilder, token: Option<&Secret>) -> Result<Answer, ServiceError> {
        request = request.header("X-Vault-Request", "true").timeout(self.call.time_left());
        if let Some(namespace) = &self.namespace {
            request = request.header("X-Vault-Namespace", namespace);
        }
        if let Some(token) = token {
            let mut value =
                HeaderValue::from_str(token).map_err(|_| settings("the token is not one of Vault's"))?;
            value.set_sensitive(true);
            request = request.header("X-Vault-Token", value);
        }
        let response = request.send().map_err(|error| lost(&error))?;
        let status = response.status().as_u16();
        let mut body = Zeroizing::new(Vec::new());
        let read = response.take(LONGEST).read_to_end(&mut body);
        read.map_err(|error| ServiceError::Unreachable {
            reason: format!("the answer broke off: {}", error.kind()),
        })?;
        Ok(Answer { status, body: serde_json::from_slice(&body).unwrap_or_default() })
    }

    /// The address of an API path. Each part may have several segments.
    fn url(&self, path: &[&str]) -> Result<Url, ServiceError> {
        let segments: Vec<_> = path.iter().flat_map(|part| part.split('/')).collect();
        if segments.iter().any(|segment| matches!(*segment, "" | "." | "..")) {
            return Err(settings("the entry's mount or path has an empty part, `.` or `..`"));
        }
        let mut url = self.base.clone();
        match url.path_segments_mut() {
            Ok(mut path) => drop(path.pop_if_empty().push("v1").extend(segments)),
            Err(()) => return Err(settings("VAULT_ADDR has no host")),
        }
        Ok(url)
    }
}

/// Why a request got no answer, without the address, which a proxy's password may be a part of.
fn lost(error: &reqwest::Error) -> ServiceError {
    if error.is_builder() {
        return settings("a header or the address cannot be sent: check VAULT_ADDR and VAULT_NAMESPACE");
    }
    let mut causes = std::iter::successors(error.source(), |cause| (*cause).source());
    let kind = causes.find_map(|cause| cause.downcast_ref::<std::io::Error>().map(std::io::Error::kind));
    let reason = match (error.is_timeout(), error.is_connect(), kind) {
        (true, true, _) => "no connection in time".to_owned(),
        (true, false, _) => "no answer in time".to_owned(),
        (_, true, Some(kind)) if kind != ErrorKind::Other => format!("no connection: {kind}"),
        (_, true, _) => "no connection, or a certificate that is not trusted".to_owned(),
        (_, false, _) => "the connection was lost".to_owned(),
    };
    ServiceError::Unreachable { reason }
}

/// What Vault answered.
pub(super) struct Answer {
    pub(super) status: u16,
    /// Null if it was not JSON.
    pub(super) body: Value,
}

impl Answer {
    /// The body of a success.
    pub(super) fn ok(self) -> Result<Value, ServiceError> {
        if matches!(self.status, 200 | 204) { Ok(self.body) } else { Err(self.problem()) }
    }

    pub(super) fn problem(&self) -> ServiceError {
        let reason = match self.status {
            503 if self.says("sealed") => "status 503, Vault is sealed: unseal it".to_owned(),
            400 if self.says("too old") => {
                "status 400, a version below min_decryption_version: lower that, and run \
                                            `encrypted-diesel key rewrap`"
                    .to_owned()
            }
            300..=399 => format!("status {}, a standby: set VAULT_ADDR to the active node", self.status),
            status => format!("status {status}"),
        };
        match self.status {
            401 | 403 => ServiceError::Denied { reason },
            300..=399 | 429 | 472 | 473 | 500.. => ServiceError::Busy { reason },
            200..=299 => ServiceError::Rejected { reason: format!("{reason}, but without a key") },
            _ => ServiceError::Rejected { reason },
        }
    }

    /// Whether one of the errors has these words, which are Vault's own. They are not repeated.
    fn says(&self, words: &str) -> bool {
        let errors = self.body.pointer("/errors").and_then(Value::as_array);
        errors.is_some_and(|errors| {
            errors.iter().any(|error| error.as_str().is_some_and(|text| text.contains(words)))
        })
    }
}
