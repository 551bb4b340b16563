use std::{fmt, io};

use zeroize::Zeroizing;

/// Receives the plaintext form of a value.
///
/// Writing never fails and leaves no copy in memory: the buffer is wiped on drop, and so is the old one when it grows.
/// It implements both `std::fmt::Write` and `std::io::Write`.
pub struct PlaintextWriter(Zeroizing<Vec<u8>>);

impl PlaintextWriter {
    pub(crate) fn with_capacity(capacity: usize) -> Self {
        Self(Zeroizing::new(Vec::with_capacity(capacity)))
    }

    /// Appends `bytes`.
    #[inline]
    pub fn write_bytes(&mut self, bytes: &[u8]) {
        if bytes.len() > self.0.capacity() - self.0.len() {
            self.grow(bytes.len());
        }
        self.0.extend_from_slice(bytes);
    }

    #[cold]
    fn grow(&mut self, additional: usize) {
        let needed = self.0.len() + additional;
        let mut larger = Zeroizing::new(Vec::with_capacity(needed.max(2 * self.0.capacity())));
        larger.extend_from_slice(&self.0);
        self.0 = larger;
    }

    pub(crate) fn into_bytes(self) -> Zeroizing<Vec<u8>> {
        self.0
    }
}

impl fmt::Write for PlaintextWriter {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.write_bytes(text.as_bytes());
        Ok(())
    }
}

impl io::Write for PlaintextWriter {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.write_bytes(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Shows the length, not the contents.
impl fmt::Debug for PlaintextWriter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PlaintextWriter({} bytes)", self.0.len())
    }
}
