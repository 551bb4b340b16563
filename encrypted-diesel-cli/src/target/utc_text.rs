//! Points in time in UTC, as MySQL writes them.

use chrono::{DateTime, NaiveDateTime, Utc};
use encrypted_diesel::Error;
use encrypted_diesel::plaintext::{FromPlaintext, Plaintext, PlaintextWriter};
use zeroize::Zeroizing;

/// A `DateTime<Utc>` with the same plaintext form. Its text may lack an offset, and is in UTC then.
pub(super) struct UtcText(DateTime<Utc>);

impl Plaintext for UtcText {
    fn encode(&self, out: &mut PlaintextWriter) -> Result<(), Error> {
        self.0.encode(out)
    }
}

impl FromPlaintext for UtcText {
    fn decode(plaintext: Zeroizing<Vec<u8>>) -> Result<Self, Error> {
        let utc = std::str::from_utf8(&plaintext)
            .ok()
            .and_then(|text| NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M:%S%.f").ok());
        utc.map_or_else(|| DateTime::decode(plaintext), |utc| Ok(utc.and_utc())).map(Self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Option<String> {
        UtcText::decode(text.as_bytes().to_vec().into()).ok().map(|time| time.0.to_string())
    }

    #[test]
    fn a_text_without_an_offset_is_utc() {
        for text in ["2024-01-01 12:00:00", "2024-01-01 12:00:00.000000", "2024-01-01T12:00:00Z"] {
            assert_eq!(read(text).as_deref(), Some("2024-01-01 12:00:00 UTC"), "{text}");
        }
        assert_eq!(read("2024-01-01"), None);
        assert_eq!(read("infinity"), None);
    }
}
