//! `vault-kv://MOUNT/PATH?field=NAME`: the KV engine, version 2, keeps a key as 64 hex digits.

use secrecy::ExposeSecret;
use serde_json::{Map, Value, json};
use zeroize::Zeroizing;

use crate::error::ServiceError;
use crate::key::Key;
use crate::key_service::vault::client::Vault;
use crate::key_service::vault::http::Answer;
use crate::key_service::vault::settings::settings;
use crate::key_service::{Call, KeyService, KeyUri};

const FIELD: &str = "field";

pub(crate) struct Kv;

impl KeyService for Kv {
    /// Keeps the key in the field, beside the other fields of the secret. A key that is there is never replaced.
    fn wrap(&self, key: &Key, under: &KeyUri, call: &Call) -> Result<KeyUri, ServiceError> {
        let (mount, path) = parts(under)?;
        let field = under.require(FIELD)?;
        let vault = Vault::connect(call)?;
        let (mut fields, version) = current(vault.get(&[mount, "data", path])?)?;
        match fields.get(field).map(|kept| kept.as_str().and_then(|kept| Key::from_hex(kept).ok())) {
            Some(Some(kept)) if kept.fingerprint() == key.fingerprint() => {}
            Some(_) => {
                return Err(settings("the field holds something else already: name another field"));
            }
            None => {
                fields.insert(field.to_owned(), key.to_hex().expose_secret().into());
                // A check and set: what another program has written since then is not replaced.
                let body = json!({ "data": fields, "options": { "cas": version } });
                vault.post(&[mount, "data", path], &body)?.ok()?;
            }
        }
        Ok(KeyUri::new(under.scheme(), under.location()).with(FIELD, field))
    }

    fn unwrap(&self, entry: &KeyUri, call: &Call) -> Result<Key, ServiceError> {
        let (mount, path) = parts(entry)?;
        entry.refuse_others(&[FIELD])?;
        let field = entry.require(FIELD)?;
        let mut answer = Vault::connect(call)?.get(&[mount, "data", path])?.ok()?;
        let kept = match answer
            .pointer_mut("/data/data")
            .and_then(|fields| fields.get_mut(field))
            .map(Value::take)
        {
            Some(Value::String(kept)) => Zeroizing::new(kept),
            _ => {
                return Err(ServiceError::Rejected {
                    reason: "the secret has no such field of text".to_owned(),
                });
            }
        };
        Key::from_hex(&kept).map_err(|_| ServiceError::Rejected {
            reason: "the field does not hold 64 hex digits".to_owned(),
        })
    }
}

/// The engine's mount and the path of the secret.
fn parts(uri: &KeyUri) -> Result<(&str, &str), ServiceError> {
    let parts = uri.location().split_once('/');
    parts.ok_or_else(|| {
        settings(
            "write the entry as vault-kv://MOUNT/PATH?field=NAME, such as vault-kv://secret/app?field=key-1",
        )
    })
}

/// The fields of a secret and its version, which is 0 if there is none.
fn current(answer: Answer) -> Result<(Map<String, Value>, u64), ServiceError> {
    let version = |body: &Value| body.pointer("/data/metadata/version").and_then(Value::as_u64).unwrap_or(0);
    match answer {
        // Deleted, or never written.
        Answer { status: 404, body } => Ok((Map::new(), version(&body))),
        answer => {
            let mut body = answer.ok()?;
            let version = version(&body);
            match body.pointer_mut("/data/data").map(Value::take) {
                Some(Value::Object(fields)) => Ok((fields, version)),
                _ => Err(ServiceError::Rejected { reason: "no secret of KV version 2".to_owned() }),
            }
        }
    }
}
