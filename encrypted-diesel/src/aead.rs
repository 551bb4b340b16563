//! The one place that names a cipher: AEAD_AES_256_GCM_SIV (RFC 8452), by one of two implementations.
//! What either seals, the other opens.

#[cfg(feature = "aws-lc-rs")]
mod aws_lc;
#[cfg(any(test, not(feature = "aws-lc-rs")))]
mod rust_crypto;

#[cfg(feature = "aws-lc-rs")]
pub(crate) use aws_lc::Aead;
#[cfg(not(feature = "aws-lc-rs"))]
pub(crate) use rust_crypto::Aead;

/// Whether a message that does not open is as it was before. If not, it is zeros.
pub(crate) const FAILED_OPEN_RESTORES: bool = cfg!(not(feature = "aws-lc-rs"));

/// The length of a nonce in bytes (RFC 8452 section 4: 96 bits).
pub(crate) const NONCE_LEN: usize = 12;

/// The length of an authentication tag in bytes (RFC 8452 section 4: 128 bits).
pub(crate) const TAG_LEN: usize = 16;

pub(crate) type Nonce = [u8; NONCE_LEN];
pub(crate) type Tag = [u8; TAG_LEN];

/// The message does not authenticate, or is longer than RFC 8452 section 6 allows (2^36 bytes).
#[derive(Debug)]
pub(crate) struct AeadError;

#[cfg(test)]
mod tests;
