//! Seals values into envelopes, and opens them. Bytes and keyrings only; nothing of Diesel.

use rand::Rng;
use zeroize::Zeroizing;

use crate::aead::{Aead, FAILED_OPEN_RESTORES, Nonce, TAG_LEN};
use crate::envelope::{self, Container, Mode};
use crate::error::Error;
use crate::key::KeyId;
use crate::keyring::{EncryptionKey, Keyring};
use crate::plaintext::{Plaintext, PlaintextWriter};

/// An envelope, ready to be stored.
#[derive(Clone)]
pub(crate) enum Sealed {
    Text(String),
    Bytes(Vec<u8>),
}

impl Sealed {
    #[cfg(any(feature = "postgres", feature = "mysql"))]
    pub(crate) fn as_bytes(&self) -> &[u8] {
        match self {
            Self::Text(envelope) => envelope.as_bytes(),
            Self::Bytes(envelope) => envelope,
        }
    }

    pub(crate) fn into_bytes(self) -> Vec<u8> {
        match self {
            Self::Text(envelope) => envelope.into_bytes(),
            Self::Bytes(envelope) => envelope,
        }
    }
}

/// Encrypts `value` into an envelope, under the primary key and the context of its type.
pub(crate) fn seal<V: Plaintext + ?Sized>(
    keyring: &Keyring,
    container: Container,
    mode: Mode,
    value: &V,
) -> Result<Sealed, Error> {
    seal_under(keyring.primary(), V::CONTEXT, container, mode, value)
}

/// Encrypts a plaintext form under the primary key.
pub(crate) fn seal_form(
    keyring: &Keyring,
    container: Container,
    mode: Mode,
    context: &str,
    form: &[u8],
) -> Result<Sealed, Error> {
    seal_under(keyring.primary(), context, container, mode, &form)
}

/// Encrypts `value` into every envelope that a deterministic column may hold for it: one for each key and context.
pub(crate) fn seal_under_all<V: Plaintext + ?Sized>(
    keyring: &Keyring,
    container: Container,
    value: &V,
) -> Result<Vec<Sealed>, Error> {
    keyring
        .encryption_keys()
        .flat_map(|key| contexts::<V>().map(move |context| (key, context)))
        .map(|(key, context)| seal_under(key, context, container, Mode::Deterministic, value))
        .collect()
}

fn seal_under<V: Plaintext + ?Sized>(
    key: &EncryptionKey,
    context: &str,
    container: Container,
    mode: Mode,
    value: &V,
) -> Result<Sealed, Error> {
    let nonce = draw_nonce(mode);
    match container {
        Container::Text => {
            let payload = encrypt(key, context, mode, nonce, value, &[])?;
            Ok(Sealed::Text(envelope::write_text(mode, key.id(), &payload)))
        }
        Container::Bytes => {
            let header = envelope::byte_header(mode, key.id());
            encrypt(key, context, mode, nonce, value, &header).map(Sealed::Bytes)
        }
    }
}

/// The contexts under which a `V` may have been written, the current one first.
fn contexts<V: Plaintext + ?Sized>() -> impl Iterator<Item = &'static str> {
    std::iter::once(V::CONTEXT).chain(V::PREVIOUS_CONTEXTS.iter().copied())
}

/// The nonce of a new envelope; `None` in deterministic mode.
///
/// If a nonce is drawn twice, as may happen after a fork, AES-GCM-SIV leaks only one thing: a reader of both envelopes
/// can tell whether they hold the same value (RFC 8452 section 9).
fn draw_nonce(mode: Mode) -> Option<Nonce> {
    match mode {
        Mode::Randomized => {
            // Not `rand::random`, which draws 4 bytes for each byte of an array.
            let mut nonce = Nonce::default();
            rand::rng().fill_bytes(&mut nonce);
            Some(nonce)
        }
        Mode::Deterministic => None,
    }
}

/// Writes `header` ‖ nonce ‖ ciphertext ‖ tag into one buffer, and encrypts the plaintext in place.
fn encrypt<V: Plaintext + ?Sized>(
    key: &EncryptionKey,
    context: &str,
    mode: Mode,
    nonce: Option<Nonce>,
    value: &V,
    header: &[u8],
) -> Result<Vec<u8>, Error> {
    let nonce_bytes: &[u8] = nonce.as_ref().map_or(&[], |nonce| nonce);
    let start = header.len() + nonce_bytes.len();
    let mut buffer = PlaintextWriter::with_capacity(start + value.size_hint() + TAG_LEN);
    buffer.write_bytes(header);
    buffer.write_bytes(nonce_bytes);
    value.encode(&mut buffer)?;

    let mut buffer = buffer.into_bytes();
    let tag = with_associated_data(mode, key.id(), context, |associated_data| {
        aead(key, mode).seal(&nonce.unwrap_or_default(), associated_data, &mut buffer[start..])
    })
    .map_err(|_| Error::invalid_value::<V>())?;
    buffer.extend_from_slice(&tag);
    Ok(std::mem::take(&mut *buffer))
}

/// Decrypts a stored value, and returns the plaintext form of a `V`.
///
/// The key is found by its id. `V`'s context is tried first, then its previous ones.
pub(crate) fn open<V: Plaintext + ?Sized>(
    keyring: &Keyring,
    container: Container,
    stored: &[u8],
) -> Result<Zeroizing<Vec<u8>>, Error> {
    match open_form(keyring, container, contexts::<V>(), stored) {
        Err(Error::NotEncrypted) if keyring.allows_plaintext(contexts::<V>()) => {
            keyring.count_plaintext(std::any::type_name::<V>());
            Ok(Zeroizing::new(stored.to_vec()))
        }
        opened => opened,
    }
}

/// Decrypts a stored value, and returns its plaintext form. The contexts are tried in order.
pub(crate) fn open_form<'a>(
    keyring: &Keyring,
    container: Container,
    contexts: impl Iterator<Item = &'a str>,
    stored: &[u8],
) -> Result<Zeroizing<Vec<u8>>, Error> {
    let envelope = envelope::parse(container, stored)?;
    let key_id = envelope.key_id;
    let key = keyring.find(key_id).ok_or(Error::UnknownKey { key_id })?;

    let mut message = Zeroizing::new(Vec::new());
    let mut nonce = Nonce::default();
    for context in contexts {
        // An attempt with the wrong context may have destroyed the ciphertext.
        if message.is_empty() || !FAILED_OPEN_RESTORES {
            nonce = envelope.read_sealed(&mut message)?;
        }
        let (ciphertext, tag) = message.split_last_chunk_mut::<TAG_LEN>().ok_or(Error::MalformedEnvelope)?;
        let opened = with_associated_data(envelope.mode, key_id, context, |associated_data| {
            aead(key, envelope.mode).open(&nonce, associated_data, ciphertext, tag)
        });
        if opened.is_ok() {
            let plaintext_len = message.len() - TAG_LEN;
            message.truncate(plaintext_len);
            return Ok(message);
        }
    }
    Err(Error::DecryptionFailed)
}

fn aead(key: &EncryptionKey, mode: Mode) -> &Aead {
    match mode {
        Mode::Randomized => &key.randomized,
        Mode::Deterministic => &key.deterministic,
    }
}

/// Runs `work` with the associated data: `encrypted-diesel/1` ‖ mode byte ‖ key id ‖ length of the context (4 bytes,
/// big-endian) ‖ context.
fn with_associated_data<R>(mode: Mode, key_id: KeyId, context: &str, work: impl FnOnce(&[u8]) -> R) -> R {
    const FORMAT: &[u8; 18] = b"encrypted-diesel/1";
    const HEAD_LEN: usize = FORMAT.len() + 1 + KeyId::LEN + 4;
    /// Enough for a context of 101 bytes without an allocation.
    const ON_STACK: usize = 128;

    let mode = match mode {
        Mode::Randomized => b'r',
        Mode::Deterministic => b'd',
    };
    // Nobody names a context with 4 GiB.
    let context_len = u32::try_from(context.len()).unwrap_or(u32::MAX).to_be_bytes();
    let fill = |buffer: &mut [u8]| {
        let (head, rest) = buffer.split_at_mut(HEAD_LEN);
        head[..18].copy_from_slice(FORMAT);
        head[18] = mode;
        head[19..23].copy_from_slice(key_id.as_bytes());
        head[23..].copy_from_slice(&context_len);
        rest.copy_from_slice(context.as_bytes());
    };

    let len = HEAD_LEN + context.len();
    if len <= ON_STACK {
        let mut on_stack = [0; ON_STACK];
        fill(&mut on_stack[..len]);
        work(&on_stack[..len])
    } else {
        let mut on_heap = vec![0; len];
        fill(&mut on_heap);
        work(&on_heap)
    }
}

#[cfg(test)]
mod tests;
