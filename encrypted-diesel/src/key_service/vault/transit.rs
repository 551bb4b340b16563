//! `vault-transit://MOUNT/KEY?wrapped=vault:v1:…`: the transit engine encrypts keys under a key that never leaves Vault.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use secrecy::ExposeSecret;
use serde_json::{Value, json};
use zeroize::Zeroizing;

use crate::error::ServiceError;
use crate::key::Key;
use crate::key_service::vault::client::Vault;
use crate::key_service::vault::settings::settings;
use crate::key_service::{Call, KeyService, KeyUri, Purpose};

const WRAPPED: &str = "wrapped";

pub(crate) struct Transit;

impl KeyService for Transit {
    fn wrap(&self, key: &Key, under: &KeyUri, call: &Call) -> Result<KeyUri, ServiceError> {
        let (mount, name) = parts(under)?;
        let plaintext = Zeroizing::new(STANDARD.encode(key.expose_secret()));
        let body =
            json!({ "plaintext": plaintext.as_str(), "associated_data": associated_data(call.purpose()) });
        let answer = Vault::connect(call)?.post(&[mount, "encrypt", name], &body)?.ok()?;
        match answer.pointer("/data/ciphertext") {
            Some(Value::String(wrapped)) => {
                Ok(KeyUri::new(under.scheme(), under.location()).with(WRAPPED, wrapped))
            }
            _ => Err(ServiceError::Rejected { reason: "no ciphertext in the answer".to_owned() }),
        }
    }

    fn unwrap(&self, entry: &KeyUri, call: &Call) -> Result<Key, ServiceError> {
        let (mount, name) = parts(entry)?;
        entry.refuse_others(&[WRAPPED])?;
        let body = json!({
            "ciphertext": entry.require(WRAPPED)?,
            "associated_data": associated_data(call.purpose()),
        });
        let mut answer = Vault::connect(call)?.post(&[mount, "decrypt", name], &body)?.ok()?;
        let plaintext = match answer.pointer_mut("/data/plaintext").map(Value::take) {
            Some(Value::String(plaintext)) => Zeroizing::new(plaintext),
            _ => return Err(ServiceError::Rejected { reason: "no plaintext in the answer".to_owned() }),
        };
        let bytes = STANDARD.decode(plaintext.as_bytes()).map(Zeroizing::new);
        let bytes = bytes.ok().and_then(|bytes| <[u8; Key::LEN]>::try_from(bytes.as_slice()).ok());
        bytes.map(Key::from).ok_or_else(|| ServiceError::Rejected { reason: "not 32 bytes".to_owned() })
    }
}

/// The engine's mount, which may have several segments, and the name of the key.
fn parts(uri: &KeyUri) -> Result<(&str, &str), ServiceError> {
    let parts = uri.location().rsplit_once('/');
    parts.ok_or_else(|| {
        settings("write the entry as vault-transit://MOUNT/KEY, such as vault-transit://transit/app")
    })
}

/// Authenticated with the key: an index key does not unwrap as an encryption key.
fn associated_data(purpose: Purpose) -> String {
    STANDARD.encode(format!("encrypted-diesel:{purpose}"))
}
