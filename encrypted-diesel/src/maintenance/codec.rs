use zeroize::Zeroizing;

use super::batch::Problem;
use super::sql::bind::StoredColumn;
use super::survey::{Holds, Surveyed};
use super::value_type::ValueType;
use crate::cipher;
use crate::envelope::{self, Container, Mode};
use crate::error::Error;
use crate::keyring::Keyring;

/// Seals and opens the values of one column.
#[derive(Clone, Copy)]
pub(super) struct Codec {
    pub(super) column: StoredColumn,
    pub(super) mode: Mode,
    pub(super) value: ValueType,
}

impl Codec {
    /// Seals a plaintext form, and checks that the envelope opens to it before handing it on.
    pub(super) fn seal(&self, keyring: &Keyring, plaintext: &[u8]) -> Result<Vec<u8>, Problem> {
        let Self { column, mode, value } = self;
        let sealed = cipher::seal_form(keyring, column.container, *mode, value.context, plaintext)?;
        let sealed = sealed.into_bytes();
        if *self.open(keyring, &sealed)? == plaintext {
            Ok(sealed)
        } else {
            Err(Error::DecryptionFailed.into())
        }
    }

    /// Opens a stored value, in the current context or a previous one.
    pub(super) fn open(&self, keyring: &Keyring, stored: &[u8]) -> Result<Zeroizing<Vec<u8>>, Error> {
        self.value.open(keyring, self.column.container, stored)
    }

    /// Whether a stored value opens in the current context.
    pub(super) fn opens_in_current_context(&self, keyring: &Keyring, stored: &[u8]) -> bool {
        let context = std::iter::once(self.value.context);
        cipher::open_form(keyring, self.column.container, context, stored).is_ok()
    }

    /// The plaintext form that the value's type writes for a form that it reads.
    pub(super) fn canonical(&self, plaintext: Zeroizing<Vec<u8>>) -> Result<Zeroizing<Vec<u8>>, Error> {
        (self.value.canonical)(plaintext)
    }

    /// The column, for a survey.
    pub(super) fn surveyed(&self) -> Surveyed {
        Surveyed { name: self.column.name, holds: Holds::Envelopes(self.column.container, self.mode) }
    }

    /// The prefixes of envelopes in either mode, under any key of the keyring.
    pub(super) fn known_prefixes(&self, keyring: &Keyring) -> Vec<Vec<u8>> {
        let modes = [Mode::Randomized, Mode::Deterministic];
        let of_key = |id| modes.map(|mode| envelope::beginning(self.column.container, mode, Some(id)));
        keyring.key_ids().flat_map(of_key).collect()
    }

    /// The same for plaintext, which the database may have written.
    pub(super) fn adopted(&self, plaintext: Zeroizing<Vec<u8>>) -> Result<Zeroizing<Vec<u8>>, Error> {
        (self.value.adopted)(plaintext)
    }

    /// The prefixes of envelopes: randomized, then deterministic.
    pub(super) fn prefixes(&self) -> [Vec<u8>; 2] {
        let prefix = |mode| envelope::beginning(self.column.container, mode, None);
        [prefix(Mode::Randomized), prefix(Mode::Deterministic)]
    }
}

/// Whether a stored value is an envelope.
///
/// # Errors
///
/// If it begins like one, but is not well formed.
pub(super) fn is_envelope(container: Container, stored: &[u8]) -> Result<bool, Error> {
    match envelope::parse(container, stored) {
        Ok(_) => Ok(true),
        Err(Error::NotEncrypted) => Ok(false),
        Err(error) => Err(error),
    }
}
