//! A server of Vault, and a token for it.

use serde_json::Value;

use crate::error::ServiceError;
use crate::key_service::Call;
use crate::key_service::vault::http::{Answer, Http};
use crate::key_service::vault::login;
use crate::key_service::vault::settings::{Secret, Settings};

pub(super) struct Vault {
    http: Http,
    token: Secret,
}

impl Vault {
    /// Reads the settings, and logs in.
    pub(super) fn connect(call: &Call) -> Result<Self, ServiceError> {
        let settings = Settings::read()?;
        let http = Http::new(&settings, *call)?;
        let token = login::token(settings.login, &http)?;
        Ok(Self { http, token })
    }

    pub(super) fn get(&self, path: &[&str]) -> Result<Answer, ServiceError> {
        self.http.get(path, &self.token)
    }

    pub(super) fn post(&self, path: &[&str], body: &Value) -> Result<Answer, ServiceError> {
        self.http.post(path, Some(&self.token), body)
    }
}
