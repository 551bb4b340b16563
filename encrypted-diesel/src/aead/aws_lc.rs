use aws_lc_rs::aead::{AES_256_GCM_SIV, Aad, LessSafeKey, Nonce as AwsLcNonce, UnboundKey};
use secrecy::{ExposeSecret, SecretBox};

use super::{AeadError, Nonce, TAG_LEN, Tag};

/// AEAD_AES_256_GCM_SIV under one key, in AWS-LC's assembly and C.
///
/// AWS-LC wipes all memory that it frees, and so the key schedule. The keys that it derives for a message stay on the
/// stack.
///
/// `LessSafe` because the caller chooses the nonces. They are random, or zero under a key whose equal plaintexts are
/// meant to have equal ciphertexts.
pub(crate) struct Aead(LessSafeKey);

impl Aead {
    pub(crate) fn new(key: &SecretBox<[u8; 32]>) -> Self {
        match UnboundKey::new(&AES_256_GCM_SIV, key.expose_secret()) {
            Ok(key) => Self(LessSafeKey::new(key)),
            Err(_) => panic!("out of memory: a key of this length is refused for no other reason"),
        }
    }

    /// Encrypts `message` in place.
    pub(crate) fn seal(&self, nonce: &Nonce, aad: &[u8], message: &mut [u8]) -> Result<Tag, AeadError> {
        let mut tag = [0; TAG_LEN];
        self.0
            .seal_in_place_scatter(
                AwsLcNonce::assume_unique_for_key(*nonce),
                Aad::from(aad),
                message,
                &[],
                &mut tag,
            )
            .map(|()| tag)
            .map_err(|_| AeadError)
    }

    /// Decrypts `message` in place. After an error it holds zeros.
    pub(crate) fn open(
        &self,
        nonce: &Nonce,
        aad: &[u8],
        message: &mut [u8],
        tag: &Tag,
    ) -> Result<(), AeadError> {
        self.0
            .open_in_place_separate_tag(
                AwsLcNonce::assume_unique_for_key(*nonce),
                Aad::from(aad),
                tag,
                message,
            )
            .map(|_| ())
            .map_err(|_| AeadError)
    }
}
