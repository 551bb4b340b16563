//! What the SDK's errors mean. A reason has codes that are known, and no text of the service.

use std::error::Error;
use std::io::ErrorKind;
use std::iter;

use aws_credential_types::provider::error::CredentialsError;
use aws_sdk_kms::config::http::HttpResponse;
use aws_sdk_kms::error::ProvideErrorMetadata;

use crate::error::ServiceError;

pub(super) type SdkError<E> = aws_sdk_kms::error::SdkError<E, HttpResponse>;

/// Codes after which the same call may succeed in a moment.
const BUSY: [&str; 7] = [
    "DependencyTimeoutException",
    "KMSInternalException",
    "KeyUnavailableException",
    "LimitExceededException",
    "RequestLimitExceeded",
    "ServiceUnavailableException",
    "ThrottlingException",
];

/// Codes about the credentials and what they may do.
const DENIED: [&str; 10] = [
    "AccessDenied",
    "AccessDeniedException",
    "ExpiredToken",
    "ExpiredTokenException",
    "IncompleteSignatureException",
    "InvalidClientTokenId",
    "InvalidSignatureException",
    "MissingAuthenticationTokenException",
    "SignatureDoesNotMatch",
    "UnrecognizedClientException",
];

/// Codes about the key or the ciphertext.
const REJECTED: [&str; 8] = [
    "DisabledException",
    "IncorrectKeyException",
    "InvalidArnException",
    "InvalidCiphertextException",
    "InvalidKeyUsageException",
    "KMSInvalidStateException",
    "NotFoundException",
    "ValidationException",
];

pub(super) fn of<E>(error: &SdkError<E>) -> ServiceError
where
    E: ProvideErrorMetadata + Error + Send + Sync + 'static,
{
    match error {
        SdkError::ServiceError(answer) => answered(answer.err().code(), answer.raw().status().as_u16()),
        SdkError::ResponseError(answer) => answered(None, answer.raw().status().as_u16()),
        other => unanswered(other, matches!(other, SdkError::TimeoutError(_))),
    }
}

fn answered(code: Option<&str>, status: u16) -> ServiceError {
    let known = |codes: &[&'static str]| {
        codes.iter().find(|known| code == Some(**known)).map(|code| (*code).to_owned())
    };
    if let Some(reason) = known(&BUSY) {
        return ServiceError::Busy { reason };
    }
    if let Some(reason) = known(&DENIED) {
        return ServiceError::Denied { reason };
    }
    if let Some(reason) = known(&REJECTED) {
        return ServiceError::Rejected { reason };
    }
    let reason = format!("status {status}");
    match status {
        429 | 500.. => ServiceError::Busy { reason },
        401 | 403 => ServiceError::Denied { reason },
        _ => ServiceError::Rejected { reason },
    }
}

fn unanswered(error: &(dyn Error + 'static), late: bool) -> ServiceError {
    let mut causes = iter::successors(Some(error), |cause| (*cause).source());
    if let Some(cause) = causes.clone().find_map(|cause| cause.downcast_ref::<CredentialsError>()) {
        let reason = match cause {
            CredentialsError::CredentialsNotLoaded(_) => {
                "no AWS credentials were found: set a profile, a role, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"
            }
            CredentialsError::ProviderTimedOut(_) => {
                return ServiceError::Unreachable {
                    reason: "what gives the credentials did not answer".to_owned(),
                };
            }
            _ => "the AWS credentials could not be loaded: `aws sts get-caller-identity` says why",
        };
        return ServiceError::Settings { reason: reason.to_owned() };
    }
    let kind = causes.find_map(|cause| cause.downcast_ref::<std::io::Error>().map(std::io::Error::kind));
    let reason = match kind {
        _ if late => "no answer in time".to_owned(),
        Some(kind) if kind != ErrorKind::Other => format!("no connection: {kind}"),
        _ => "no connection, or a certificate that is not trusted".to_owned(),
    };
    ServiceError::Unreachable { reason }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_code_is_not_repeated() {
        let shown = answered(Some("plaintext"), 400).to_string();
        assert!(shown.contains("status 400") && !shown.contains("plaintext"), "{shown}");
    }

    #[test]
    fn the_status_decides_where_no_code_is_known() {
        assert!(matches!(answered(None, 503), ServiceError::Busy { .. }));
        assert!(matches!(answered(None, 403), ServiceError::Denied { .. }));
        assert!(matches!(answered(None, 404), ServiceError::Rejected { .. }));
        assert!(matches!(answered(Some("ThrottlingException"), 400), ServiceError::Busy { .. }));
    }
}
