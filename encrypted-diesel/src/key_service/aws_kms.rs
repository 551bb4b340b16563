//! `aws-kms://arn:aws:kms:REGION:ACCOUNT:key/ID?wrapped=BASE64URL`: AWS KMS encrypts keys under a key that never leaves it.
//!
//! The SDK's own retries are off, since [`ask`](super::ask) has them. At level trace, the SDK logs the names of headers and
//! what is public of a request. Buffers of this crate are wiped; those of the SDK and of the TLS library are not.

use std::future::Future;

use aws_sdk_kms::Client;
use aws_sdk_kms::primitives::Blob;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use secrecy::ExposeSecret;

use crate::error::ServiceError;
use crate::key::Key;
use crate::key_service::{Call, KeyService, KeyUri};

mod arn;
mod client;
mod problem;

use self::arn::Arn;

const WRAPPED: &str = "wrapped";

/// The name in the encryption context, which KMS authenticates and shows in its log. The value is what the key is for.
const CONTEXT: &str = "encrypted-diesel";

pub(super) struct AwsKms;

impl KeyService for AwsKms {
    fn wrap(&self, key: &Key, under: &KeyUri, call: &Call) -> Result<KeyUri, ServiceError> {
        let arn = Arn::parse(under.location())?;
        let answer = with_client(&arn, call, |kms| {
            kms.encrypt()
                .key_id(arn.as_str())
                .plaintext(Blob::new(*key.expose_secret()))
                .encryption_context(CONTEXT, call.purpose().as_str())
                .send()
        })?;
        arn.require(answer.key_id())?;
        match answer.ciphertext_blob() {
            Some(wrapped) => {
                let wrapped = URL_SAFE_NO_PAD.encode(wrapped);
                Ok(KeyUri::new(under.scheme(), under.location()).with(WRAPPED, wrapped))
            }
            None => Err(rejected("no ciphertext in the answer")),
        }
    }

    fn unwrap(&self, entry: &KeyUri, call: &Call) -> Result<Key, ServiceError> {
        let arn = Arn::parse(entry.location())?;
        entry.refuse_others(&[WRAPPED])?;
        let wrapped = URL_SAFE_NO_PAD.decode(entry.require(WRAPPED)?).map_err(|_| {
            ServiceError::Settings { reason: "`wrapped` is not base64url without padding".to_owned() }
        })?;
        let answer = with_client(&arn, call, |kms| {
            kms.decrypt()
                .key_id(arn.as_str())
                .ciphertext_blob(Blob::new(wrapped))
                .encryption_context(CONTEXT, call.purpose().as_str())
                .send()
        })?;
        arn.require(answer.key_id())?;
        let bytes = answer.plaintext().and_then(|bytes| <[u8; Key::LEN]>::try_from(bytes.as_ref()).ok());
        bytes.map(Key::from).ok_or_else(|| rejected("not 32 bytes"))
    }
}

/// Sends one request from a runtime of its own, on the thread of the call.
fn with_client<T, E, F>(arn: &Arn<'_>, call: &Call, send: impl FnOnce(Client) -> F) -> Result<T, ServiceError>
where
    E: aws_sdk_kms::error::ProvideErrorMetadata + std::error::Error + Send + Sync + 'static,
    F: Future<Output = Result<T, problem::SdkError<E>>>,
{
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime
        .map_err(|error| ServiceError::Unreachable { reason: format!("no runtime: {}", error.kind()) })?;
    runtime.block_on(async {
        send(client::connect(arn.region(), call).await).await.map_err(|error| problem::of(&error))
    })
}

fn rejected(reason: &str) -> ServiceError {
    ServiceError::Rejected { reason: reason.to_owned() }
}
