//! The services that unwrap keys, by the scheme of their entries.

use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError, RwLock};

use crate::error::{RegisterError, UnwrapError};
use crate::key_service::KeyService;

static REGISTERED: RwLock<BTreeMap<String, Arc<dyn KeyService>>> = RwLock::new(BTreeMap::new());

/// The schemes of this crate, and the feature that each needs.
const BUILT_IN: [(&str, &str); 3] =
    [("aws-kms", "aws-kms"), ("vault-transit", "vault"), ("vault-kv", "vault")];

/// Registers an application's own service for the entries of a scheme. Call it before [`init`](crate::init).
///
/// # Errors
///
/// A [`RegisterError`] if the scheme is not lower-case letters, digits, `+`, `-` and `.`, belongs to this crate, or has
/// a service already.
pub fn register(scheme: &str, service: impl KeyService) -> Result<(), RegisterError> {
    if !super::uri::is_scheme(scheme) {
        return Err(RegisterError::Malformed);
    }
    if BUILT_IN.iter().any(|(own, _)| *own == scheme) {
        return Err(RegisterError::BuiltIn);
    }
    let mut registered = REGISTERED.write().unwrap_or_else(PoisonError::into_inner);
    if registered.contains_key(scheme) {
        return Err(RegisterError::Taken);
    }
    registered.insert(scheme.to_owned(), Arc::new(service));
    Ok(())
}

/// The service of a scheme.
pub(super) fn find(scheme: &str) -> Result<Arc<dyn KeyService>, UnwrapError> {
    if let Some((_, feature)) = BUILT_IN.iter().find(|(own, _)| *own == scheme) {
        return built_in(scheme).ok_or(UnwrapError::NoFeature(feature));
    }
    let registered = REGISTERED.read().unwrap_or_else(PoisonError::into_inner);
    registered.get(scheme).cloned().ok_or(UnwrapError::NoService)
}

/// This crate's own services, as far as they are compiled.
fn built_in(scheme: &str) -> Option<Arc<dyn KeyService>> {
    match scheme {
        #[cfg(feature = "aws-kms")]
        "aws-kms" => Some(Arc::new(super::aws_kms::AwsKms)),
        #[cfg(feature = "vault")]
        "vault-transit" => Some(Arc::new(super::vault::Transit)),
        #[cfg(feature = "vault")]
        "vault-kv" => Some(Arc::new(super::vault::Kv)),
        _ => None,
    }
}
