use hmac::{Hmac, KeyInit, Mac};
use secrecy::ExposeSecret;
use sha2::Sha256;
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

use crate::error::Error;
use crate::key::Key;
use crate::keyring::Keyring;
use crate::stack;

/// The input to the digest of one value: its normalized plaintext form. Wiped when dropped.
#[derive(Clone)]
pub struct IndexInput {
    pub(super) context: &'static str,
    pub(super) previous_contexts: &'static [&'static str],
    pub(super) bits: u16,
    pub(super) message: Zeroizing<Vec<u8>>,
}

impl IndexInput {
    /// The digest to store, under the first index key.
    pub(crate) fn digest(&self, keyring: &Keyring) -> Result<Vec<u8>, Error> {
        Ok(digest(keyring.primary_index_key()?, self.context, self.bits, &self.message))
    }

    /// How many digests the column may hold for the value under each index key.
    pub(crate) fn contexts(&self) -> usize {
        1 + self.previous_contexts.len()
    }

    /// Every digest that the column may hold for the value: one for each index key and context.
    pub(crate) fn digests(&self, keyring: &Keyring) -> Result<Vec<Vec<u8>>, Error> {
        let contexts = || std::iter::once(self.context).chain(self.previous_contexts.iter().copied());
        let all: Vec<_> = keyring
            .index_keys()
            .flat_map(|key| contexts().map(move |context| digest(key, context, self.bits, &self.message)))
            .collect();
        if all.is_empty() { Err(Error::NoIndexKey) } else { Ok(all) }
    }
}

/// In constant time for messages of equal length.
impl PartialEq for IndexInput {
    fn eq(&self, other: &Self) -> bool {
        self.message.ct_eq(&other.message).into()
    }
}

impl Eq for IndexInput {}

impl std::fmt::Debug for IndexInput {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("IndexInput([REDACTED])")
    }
}

/// HMAC-SHA256 (RFC 2104) under HKDF(index key, `blind index` ‖ context), its first `bits` bits.
pub(crate) fn digest(key: &Key, context: &str, bits: u16, message: &[u8]) -> Vec<u8> {
    let full = stack::wiped(|| {
        let subkey = key.derive(&[b"blind index", context.as_bytes()]);
        let Ok(mac) = Hmac::<Sha256>::new_from_slice(subkey.expose_secret()) else {
            unreachable!("HMAC takes keys of any length (RFC 2104 section 2)");
        };
        mac.chain_update(message).finalize().into_bytes()
    });

    let mut digest = full[..usize::from(bits.div_ceil(8))].to_vec();
    if let (Some(last), rest @ 1..) = (digest.last_mut(), bits % 8) {
        *last &= 0xFF << (8 - rest);
    }
    digest
}
