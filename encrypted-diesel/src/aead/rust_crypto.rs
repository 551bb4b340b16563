use aes_gcm_siv::aead::AeadInOut;
use aes_gcm_siv::{Aes256GcmSiv, KeyInit};
use secrecy::{ExposeSecret, SecretBox};

use super::{AeadError, Nonce, Tag};

/// AEAD_AES_256_GCM_SIV under one key, in Rust. The key schedule is wiped on drop.
pub(crate) struct Aead(Box<Aes256GcmSiv>);

impl Aead {
    pub(crate) fn new(key: &SecretBox<[u8; 32]>) -> Self {
        Self(Box::new(Aes256GcmSiv::new(key.expose_secret().into())))
    }

    /// Encrypts `message` in place.
    pub(crate) fn seal(&self, nonce: &Nonce, aad: &[u8], message: &mut [u8]) -> Result<Tag, AeadError> {
        self.0
            .encrypt_inout_detached(nonce.into(), aad, message.into())
            .map(Into::into)
            .map_err(|_| AeadError)
    }

    /// Decrypts `message` in place. After an error it holds ciphertext, as before.
    pub(crate) fn open(
        &self,
        nonce: &Nonce,
        aad: &[u8],
        message: &mut [u8],
        tag: &Tag,
    ) -> Result<(), AeadError> {
        self.0.decrypt_inout_detached(nonce.into(), aad, message.into(), tag.into()).map_err(|_| AeadError)
    }
}
