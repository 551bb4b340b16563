//! Bytes. The plaintext form is the bytes themselves.

use std::borrow::Cow;

use zeroize::{Zeroize, Zeroizing};

use crate::error::Error;
use crate::plaintext::{FromPlaintext, by_bytes};

by_bytes! { as_bytes =>
    [] Vec<u8>, Zeroize::zeroize;
    ['a] &'a [u8];
    ['a] Cow<'a, [u8]>, wipe_owned;
}

fn as_bytes(bytes: &impl AsRef<[u8]>) -> &[u8] {
    bytes.as_ref()
}

/// Borrowed bytes are for their owner to wipe.
fn wipe_owned(bytes: &mut Cow<'_, [u8]>) {
    if let Cow::Owned(bytes) = bytes {
        bytes.zeroize();
    }
}

impl FromPlaintext for Vec<u8> {
    fn decode(mut plaintext: Zeroizing<Vec<u8>>) -> Result<Self, Error> {
        Ok(std::mem::take(&mut *plaintext))
    }
}

impl FromPlaintext for Cow<'_, [u8]> {
    fn decode(plaintext: Zeroizing<Vec<u8>>) -> Result<Self, Error> {
        Vec::decode(plaintext).map(Cow::Owned)
    }
}
