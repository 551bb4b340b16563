//! The secrets that are searched for.

use std::fmt::Write;
use std::hint::black_box;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::derived;

/// Bytes that are nowhere in memory in the clear: each is stored as the XOR of two.
#[derive(Clone)]
pub(crate) struct Masked {
    pad: Vec<u8>,
    masked: Vec<u8>,
}

impl Masked {
    pub(crate) fn new(bytes: &[u8]) -> Self {
        let pad: Vec<u8> = bytes.iter().map(|_| rand::random()).collect();
        let masked = bytes.iter().zip(&pad).map(|(byte, pad)| byte ^ pad).collect();
        Self { pad, masked }
    }

    pub(crate) fn len(&self) -> usize {
        self.pad.len()
    }

    /// One byte at a time, so that no register ever holds two of them.
    pub(crate) fn byte(&self, at: usize) -> u8 {
        black_box(black_box(self.masked[at]) ^ black_box(self.pad[at]))
    }

    /// The bytes in the clear, in an allocation that does not move. The caller wipes it.
    pub(crate) fn reveal(&self, out: &mut [u8]) {
        for (at, byte) in out.iter_mut().enumerate() {
            *byte = self.byte(at);
        }
    }
}

#[derive(Clone)]
pub(crate) struct Secret {
    pub(crate) name: String,
    pub(crate) bytes: Masked,
}

impl Secret {
    /// This many consecutive bytes are a find: 64 bits do not match by accident.
    pub(crate) fn find(&self) -> usize {
        if self.name.ends_with("digits") { 16 } else { 8 }
    }
}

impl Secret {
    pub(crate) fn new(name: impl Into<String>, bytes: &[u8]) -> Self {
        Self { name: name.into(), bytes: Masked::new(bytes) }
    }

    /// Random text, in digits of base 64.
    pub(crate) fn text(name: &str) -> Self {
        Self::new(name, URL_SAFE_NO_PAD.encode(derived::random()).as_bytes())
    }

    /// The digits of a key, its bytes, and the keys derived from it. The digits come first.
    pub(crate) fn of_key(name: &str, key: [u8; 32]) -> Vec<Self> {
        let digits = Self::new(format!("{name}: digits"), hex::encode(key).as_bytes());
        let derived = derived::of_key(&key).into_iter();
        let derived = derived.map(|(what, bytes)| Self::new(format!("{name}: {what}"), &bytes));
        std::iter::once(digits).chain(derived).collect()
    }

    /// A line for the process that is searched.
    pub(crate) fn to_line(&self) -> String {
        let mut line = self.name.clone();
        for bytes in [&self.bytes.pad, &self.bytes.masked] {
            write!(line, "\t{}", hex::encode(bytes)).unwrap();
        }
        line
    }

    pub(crate) fn from_line(line: &str) -> Self {
        let parts: Vec<_> = line.split('\t').collect();
        let [name, pad, masked] = parts[..] else { panic!("{line}") };
        let [pad, masked] = [pad, masked].map(|digits| hex::decode(digits).unwrap());
        Self { name: name.to_owned(), bytes: Masked { pad, masked } }
    }
}
