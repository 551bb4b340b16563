//! Numbers: decimal text. A Boolean is `1` or `0`, as in Django; `true` and `false` can be read.

use std::fmt::Write;

use zeroize::Zeroizing;

use crate::error::Error;
use crate::plaintext::display::decode_from_str;
use crate::plaintext::{FromPlaintext, Plaintext, PlaintextWriter, by_display};

by_display!(i8, i16, i32, i64, i128, u8, u16, u32, u64, u128);

macro_rules! float {
    ($($type:ty),*) => {$(
        /// The shortest text that reads back as the same number, or `NaN`, `inf` or `-inf`. A NaN loses its payload.
        impl Plaintext for $type {
            fn encode(&self, out: &mut PlaintextWriter) -> Result<(), Error> {
                // `Display` would write 1e300 with three hundred zeros.
                write!(out, "{self:?}").map_err(|_| Error::invalid_value::<Self>())
            }
        }

        impl FromPlaintext for $type {
            fn decode(plaintext: Zeroizing<Vec<u8>>) -> Result<Self, Error> {
                decode_from_str(&plaintext)
            }
        }
    )*};
}

float!(f32, f64);

impl Plaintext for bool {
    fn encode(&self, out: &mut PlaintextWriter) -> Result<(), Error> {
        out.write_bytes(if *self { b"1" } else { b"0" });
        Ok(())
    }
}

impl FromPlaintext for bool {
    fn decode(plaintext: Zeroizing<Vec<u8>>) -> Result<Self, Error> {
        match plaintext.as_slice() {
            // Databases write their own Booleans as words.
            b"1" | b"true" => Ok(true),
            b"0" | b"false" => Ok(false),
            _ => Err(Error::invalid_plaintext::<Self>()),
        }
    }
}
