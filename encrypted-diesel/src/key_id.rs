use std::fmt;

/// A key's public name: 4 bytes, derived from the key, written as 8 lower-case hex digits.
///
/// Every stored value carries it in the clear, so the right key is found without trying any.
///
/// # Security
///
/// It is an output of HKDF. It shows which values share a key, and reveals nothing else about the key.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct KeyId([u8; KeyId::LEN]);

impl KeyId {
    pub(crate) const LEN: usize = 4;

    pub(crate) fn from_bytes(bytes: [u8; Self::LEN]) -> Self {
        Self(bytes)
    }

    /// Reads 8 hex digits, of either case.
    pub fn from_hex(digits: &str) -> Option<Self> {
        let mut bytes = [0; Self::LEN];
        hex::decode_to_slice(digits, &mut bytes).ok().map(|()| Self(bytes))
    }

    /// The id in a text envelope.
    pub(crate) fn to_hex(self) -> [u8; 2 * Self::LEN] {
        const DIGITS: &[u8; 16] = b"0123456789abcdef";
        let id = u32::from_be_bytes(self.0);
        std::array::from_fn(|place| DIGITS[(id >> (28 - 4 * place) & 15) as usize])
    }

    /// The id in a binary envelope.
    pub fn as_bytes(&self) -> &[u8; 4] {
        &self.0
    }
}

impl fmt::Display for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "KeyId({self})")
    }
}
