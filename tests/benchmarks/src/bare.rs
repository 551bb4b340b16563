//! The cipher by itself: the least that a value costs.

#[cfg(not(feature = "aws-lc-rs"))]
mod cipher {
    use aes_gcm_siv::Aes256GcmSiv;
    use aes_gcm_siv::aead::{AeadInOut, KeyInit};

    pub struct Bare(Aes256GcmSiv);

    impl Bare {
        pub fn new(key: [u8; 32]) -> Self {
            Self(Aes256GcmSiv::new(&key.into()))
        }

        pub fn seal(&self, nonce: [u8; 12], value: &mut Vec<u8>) {
            self.0.encrypt_in_place(&nonce.into(), b"", value).expect("a ciphertext");
        }

        pub fn open(&self, nonce: [u8; 12], value: &mut Vec<u8>) {
            self.0.decrypt_in_place(&nonce.into(), b"", value).expect("a plaintext");
        }
    }
}

#[cfg(feature = "aws-lc-rs")]
mod cipher {
    use aws_lc_rs::aead::{AES_256_GCM_SIV, Aad, LessSafeKey, Nonce, UnboundKey};

    pub struct Bare(LessSafeKey);

    impl Bare {
        pub fn new(key: [u8; 32]) -> Self {
            Self(LessSafeKey::new(UnboundKey::new(&AES_256_GCM_SIV, &key).expect("a key")))
        }

        pub fn seal(&self, nonce: [u8; 12], value: &mut Vec<u8>) {
            let nonce = Nonce::assume_unique_for_key(nonce);
            self.0.seal_in_place_append_tag(nonce, Aad::empty(), value).expect("a ciphertext");
        }

        pub fn open(&self, nonce: [u8; 12], value: &mut Vec<u8>) {
            let nonce = Nonce::assume_unique_for_key(nonce);
            let len = self.0.open_in_place(nonce, Aad::empty(), value).expect("a plaintext").len();
            value.truncate(len);
        }
    }
}

pub use cipher::Bare;
