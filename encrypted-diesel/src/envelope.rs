//! The envelope, version 1: how a column stores nonce, ciphertext and tag.
//!
//! Text: `ed1:` (randomized) or `ed1d:` (deterministic), 8 hex digits of key id, `:`, then
//! base64url without padding (RFC 4648 section 5) of nonce ‖ ciphertext ‖ tag.
//!
//! Bytes: `ED 65 64` and `01` (randomized) or `02` (deterministic), 4 bytes of key id, then
//! nonce ‖ ciphertext ‖ tag.
//!
//! A deterministic envelope does not contain a nonce. Every value has exactly one encoding: this module only accepts
//! what [`write_text`] and [`byte_header`] write.

#[cfg(any(target_arch = "x86_64", all(target_arch = "aarch64", target_feature = "neon")))]
use std::sync::LazyLock;

use base64::Engine;

use crate::aead::{NONCE_LEN, Nonce, TAG_LEN};
use crate::error::Error;
use crate::key::KeyId;

/// Whether two encryptions of the same value differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mode {
    /// They differ, because each has its own nonce.
    Randomized,
    /// They are equal: the nonce is zero, under a subkey that nothing else uses.
    Deterministic,
}

/// Whether an envelope is text or bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Container {
    Text,
    Bytes,
}

/// base64url without padding, with SIMD where the processor has it.
#[cfg(any(target_arch = "x86_64", all(target_arch = "aarch64", target_feature = "neon")))]
static BASE64: LazyLock<base64::engine::Simd> =
    LazyLock::new(|| base64::engine::Simd::url_safe(base64::engine::general_purpose::NO_PAD));
#[cfg(not(any(target_arch = "x86_64", all(target_arch = "aarch64", target_feature = "neon"))))]
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64;

const BYTE_MAGIC: [u8; 3] = [0xED, 0x65, 0x64];
pub(crate) const BYTE_HEADER_LEN: usize = BYTE_MAGIC.len() + 1 + KeyId::LEN;

/// A parsed envelope, not yet decrypted.
#[derive(Debug)]
pub(crate) struct Envelope<'a> {
    pub(crate) mode: Mode,
    pub(crate) key_id: KeyId,
    payload: Payload<'a>,
}

/// Nonce, ciphertext and tag as the column stores them.
#[derive(Debug)]
enum Payload<'a> {
    Base64(&'a [u8]),
    Bytes(&'a [u8]),
}

/// Parses a stored value.
///
/// # Errors
///
/// [`Error::NotEncrypted`] without the prefix, [`Error::UnsupportedVersion`] if the prefix is of another version,
/// [`Error::MalformedEnvelope`] if the rest is not what this crate writes, or the prefix is that of the other
/// container.
pub(crate) fn parse(container: Container, stored: &[u8]) -> Result<Envelope<'_>, Error> {
    match container {
        Container::Text => parse_text(stored),
        Container::Bytes => parse_bytes(stored),
    }
}

fn parse_text(stored: &[u8]) -> Result<Envelope<'_>, Error> {
    if stored.starts_with(&BYTE_MAGIC) {
        return Err(Error::MalformedEnvelope);
    }
    let (mode, rest) = match stored {
        [b'e', b'd', b'1', b':', rest @ ..] => (Mode::Randomized, rest),
        [b'e', b'd', b'1', b'd', b':', rest @ ..] => (Mode::Deterministic, rest),
        [b'e', b'd', b'0'..=b'9', b':', ..] | [b'e', b'd', b'0'..=b'9', b'a'..=b'z', b':', ..] => {
            return Err(Error::UnsupportedVersion);
        }
        _ => return Err(Error::NotEncrypted),
    };
    let (digits, rest) = rest.split_first_chunk::<{ 2 * KeyId::LEN }>().ok_or(Error::MalformedEnvelope)?;
    let [b':', encoded @ ..] = rest else {
        return Err(Error::MalformedEnvelope);
    };
    let key_id = read_key_id(digits).ok_or(Error::MalformedEnvelope)?;
    Ok(Envelope { mode, key_id, payload: Payload::Base64(encoded) })
}

/// Reads lower-case hex digits. Upper-case ones would be a second encoding of the same id.
fn read_key_id(digits: &[u8; 2 * KeyId::LEN]) -> Option<KeyId> {
    let mut id: u32 = 0;
    for digit in digits {
        let value = match digit {
            b'0'..=b'9' => digit - b'0',
            b'a'..=b'f' => digit - b'a' + 10,
            _ => return None,
        };
        id = id << 4 | u32::from(value);
    }
    Some(KeyId::from_bytes(id.to_be_bytes()))
}

fn parse_bytes(stored: &[u8]) -> Result<Envelope<'_>, Error> {
    let Some(rest) = stored.strip_prefix(&BYTE_MAGIC) else {
        // A text column that was converted to binary holds text envelopes. They are not plaintext.
        return Err(match parse_text(stored) {
            Err(Error::NotEncrypted) => Error::NotEncrypted,
            _ => Error::MalformedEnvelope,
        });
    };
    let (mode, rest) = match rest {
        [1, rest @ ..] => (Mode::Randomized, rest),
        [2, rest @ ..] => (Mode::Deterministic, rest),
        [_, ..] => return Err(Error::UnsupportedVersion),
        [] => return Err(Error::MalformedEnvelope),
    };
    let (key_id, payload) = rest.split_first_chunk().ok_or(Error::MalformedEnvelope)?;
    Ok(Envelope { mode, key_id: KeyId::from_bytes(*key_id), payload: Payload::Bytes(payload) })
}

impl Envelope<'_> {
    /// Writes ciphertext ‖ tag into `out`, with one allocation at most, and returns the nonce, which is zero in
    /// deterministic mode. `out` then holds at least a tag.
    ///
    /// # Errors
    ///
    /// [`Error::MalformedEnvelope`] if the base64 is too short or not canonical.
    pub(crate) fn read_sealed(&self, out: &mut Vec<u8>) -> Result<Nonce, Error> {
        out.clear();
        let nonce = match (&self.payload, self.mode) {
            (Payload::Bytes(bytes), Mode::Randomized) => {
                let (nonce, sealed) = bytes.split_first_chunk().ok_or(Error::MalformedEnvelope)?;
                out.extend_from_slice(sealed);
                *nonce
            }
            (Payload::Bytes(sealed), Mode::Deterministic) => {
                out.extend_from_slice(sealed);
                Nonce::default()
            }
            (Payload::Base64(digits), mode) => {
                out.reserve_exact(base64::decoded_len_estimate(digits.len()));
                BASE64.decode_vec(digits, out).map_err(|_| Error::MalformedEnvelope)?;
                match mode {
                    Mode::Deterministic => Nonce::default(),
                    Mode::Randomized => take_nonce(out)?,
                }
            }
        };
        if out.len() < TAG_LEN { Err(Error::MalformedEnvelope) } else { Ok(nonce) }
    }
}

/// Takes the nonce from the front of a payload.
fn take_nonce(payload: &mut Vec<u8>) -> Result<Nonce, Error> {
    let nonce = *payload.first_chunk().ok_or(Error::MalformedEnvelope)?;
    payload.drain(..NONCE_LEN);
    Ok(nonce)
}

/// The prefix of envelopes of this kind, under any key or under this one.
pub(crate) fn beginning(container: Container, mode: Mode, key_id: Option<KeyId>) -> Vec<u8> {
    match (container, key_id) {
        (Container::Text, None) => text_prefix(mode).into(),
        (Container::Text, Some(key_id)) => [text_prefix(mode).as_bytes(), &key_id.to_hex(), b":"].concat(),
        (Container::Bytes, None) => byte_prefix(mode).to_vec(),
        (Container::Bytes, Some(key_id)) => byte_header(mode, key_id).to_vec(),
    }
}

fn text_prefix(mode: Mode) -> &'static str {
    match mode {
        Mode::Randomized => "ed1:",
        Mode::Deterministic => "ed1d:",
    }
}

/// Writes a text envelope around nonce ‖ ciphertext ‖ tag.
pub(crate) fn write_text(mode: Mode, key_id: KeyId, payload: &[u8]) -> String {
    let prefix = text_prefix(mode);
    let start = prefix.len() + 2 * KeyId::LEN + 1;
    let len = start + base64_len(payload.len());
    // Exact: a driver may shrink the string to its length, which would allocate again.
    let mut text = Vec::with_capacity(len);
    text.extend_from_slice(prefix.as_bytes());
    text.extend_from_slice(&key_id.to_hex());
    text.push(b':');
    text.resize(len, 0);
    // Not `encode_string`: its buffer of 1 KiB costs more than encoding a short value.
    match (BASE64.encode_slice(payload, &mut text[start..]), String::from_utf8(text)) {
        (Ok(_), Ok(text)) => text,
        _ => unreachable!("there is room for the digits, and those are ASCII"),
    }
}

/// The bytes before nonce ‖ ciphertext ‖ tag in a byte envelope.
pub(crate) fn byte_header(mode: Mode, key_id: KeyId) -> [u8; BYTE_HEADER_LEN] {
    let [a, b, c, version] = byte_prefix(mode);
    let [k0, k1, k2, k3] = *key_id.as_bytes();
    [a, b, c, version, k0, k1, k2, k3]
}

fn byte_prefix(mode: Mode) -> [u8; BYTE_MAGIC.len() + 1] {
    let [a, b, c] = BYTE_MAGIC;
    match mode {
        Mode::Randomized => [a, b, c, 1],
        Mode::Deterministic => [a, b, c, 2],
    }
}

/// The length of a randomized text envelope around a plaintext, in characters.
pub(crate) const fn text_len(plaintext_len: usize) -> usize {
    "ed1:".len() + 2 * KeyId::LEN + 1 + base64_len(NONCE_LEN + plaintext_len + TAG_LEN)
}

/// The length of an envelope around a plaintext: in characters, or in bytes.
pub(crate) fn len(container: Container, mode: Mode, plaintext_len: usize) -> usize {
    let nonce = if mode == Mode::Deterministic { 0 } else { NONCE_LEN };
    let payload = nonce + plaintext_len + TAG_LEN;
    match container {
        Container::Text => text_prefix(mode).len() + 2 * KeyId::LEN + 1 + base64_len(payload),
        Container::Bytes => BYTE_HEADER_LEN + payload,
    }
}

/// The digits of unpadded base64 (RFC 4648 section 3.2): 4 for every 3 bytes, 2 or 3 for the rest.
const fn base64_len(bytes: usize) -> usize {
    (bytes * 4).div_ceil(3)
}

#[cfg(test)]
mod tests;
