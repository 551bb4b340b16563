//! The only module that names a cipher: AEAD_AES_256_GCM_SIV (RFC 8452), in one of two implementations. Each opens what
//! the other seals.

#[cfg(feature = "aws-lc-rs")]
mod aws_lc;
#[cfg(any(test, not(feature = "aws-lc-rs")))]
mod rust_crypto;

#[cfg(feature = "aws-lc-rs")]
pub(crate) use aws_lc::Aead;
#[cfg(not(feature = "aws-lc-rs"))]
pub(crate) use rust_crypto::Aead;

/// Whether a message that does not open is left as it was. If not, it holds zeros.
pub(crate) const FAILED_OPEN_RESTORES: bool = cfg!(not(feature = "aws-lc-rs"));

/// The length of a nonce in bytes (RFC 8452 section 4: 96 bits).
pub(crate) const NONCE_LEN: usize = 12;

/// The length of an authentication tag in bytes (RFC 8452 section 4: 128 bits).
pub(crate) const TAG_LEN: usize = 16;

pub(crate) type Nonce = [u8; NONCE_LEN];
pub(crate) type Tag = [u8; TAG_LEN];

/// The message does not authenticate, or is longer than the 2^36 bytes of RFC 8452 section 6.
#[derive(Debug)]
pub(crate) struct AeadError;

#[cfg(test)]
mod tests;
