//! Entry points for the fuzz targets in `fuzz`. Compiled for them only.

use zeroize::Zeroizing;

use crate::cipher::{self, Sealed};
use crate::envelope::{self, Mode};
use crate::error::Error;
use crate::keyring::Keyring;
use crate::plaintext::{FromPlaintext, PlaintextWriter};

/// Whether an envelope is text or bytes.
#[derive(Clone, Copy, Debug)]
pub enum Container {
    /// Of text columns.
    Text,
    /// Of binary columns.
    Bytes,
}

/// Both.
pub const CONTAINERS: [Container; 2] = [Container::Text, Container::Bytes];

impl From<Container> for envelope::Container {
    fn from(container: Container) -> Self {
        match container {
            Container::Text => Self::Text,
            Container::Bytes => Self::Bytes,
        }
    }
}

/// Parses an envelope, and encodes it again.
///
/// # Errors
///
/// If it is not an envelope.
pub fn encode_again(container: Container, stored: &[u8]) -> Result<Vec<u8>, Error> {
    let envelope = envelope::parse(container.into(), stored)?;
    let mut payload = Vec::new();
    let nonce = envelope.read_sealed(&mut payload)?;
    if envelope.mode == Mode::Randomized {
        payload.splice(..0, nonce);
    }
    Ok(match container {
        Container::Text => envelope::write_text(envelope.mode, envelope.key_id, &payload).into_bytes(),
        Container::Bytes => [&envelope::byte_header(envelope.mode, envelope.key_id)[..], &payload].concat(),
    })
}

/// Opens a stored value in one of these contexts.
///
/// # Errors
///
/// As when reading a column.
pub fn open(
    keyring: &Keyring,
    container: Container,
    contexts: &[&str],
    stored: &[u8],
) -> Result<Zeroizing<Vec<u8>>, Error> {
    cipher::open_form(keyring, container.into(), contexts.iter().copied(), stored)
}

/// Seals a plaintext form deterministically.
///
/// # Errors
///
/// As when writing a column.
pub fn seal(keyring: &Keyring, container: Container, context: &str, form: &[u8]) -> Result<Vec<u8>, Error> {
    let sealed = cipher::seal_form(keyring, container.into(), Mode::Deterministic, context, form);
    sealed.map(Sealed::into_bytes)
}

/// Reads a plaintext form as a `V`, and writes it again.
///
/// # Errors
///
/// If it is not one.
pub fn write_again<V: FromPlaintext>(form: &[u8]) -> Result<Vec<u8>, Error> {
    let value = V::decode(Zeroizing::new(form.to_vec()))?;
    let mut written = PlaintextWriter::with_capacity(0);
    value.encode(&mut written)?;
    Ok(written.into_bytes().to_vec())
}
