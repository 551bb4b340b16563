//! Points in time, in the text forms of databases.

use std::marker::PhantomData;

use chrono::{DateTime, NaiveDateTime, Utc};
use encrypted_diesel::Error;
use encrypted_diesel::plaintext::{FromPlaintext, Plaintext, PlaintextWriter};
use zeroize::Zeroizing;

/// A `DateTime<Utc>` with the same plaintext form. It can also be read from the text forms of databases.
pub(super) struct UtcText<Offset = Explicit>(DateTime<Utc>, PhantomData<Offset>);

/// The text has an offset, which may be of hours alone, as PostgreSQL writes it.
pub(super) struct Explicit;

/// The text may lack an offset, and is in UTC then.
pub(super) struct AssumedUtc;

trait WithoutOffset {
    fn parse(text: &str) -> Option<DateTime<Utc>>;
}

impl WithoutOffset for Explicit {
    fn parse(_: &str) -> Option<DateTime<Utc>> {
        None
    }
}

impl WithoutOffset for AssumedUtc {
    fn parse(text: &str) -> Option<DateTime<Utc>> {
        NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M:%S%.f").ok().map(|utc| utc.and_utc())
    }
}

impl<O> Plaintext for UtcText<O> {
    fn encode(&self, out: &mut PlaintextWriter) -> Result<(), Error> {
        self.0.encode(out)
    }
}

impl<O: WithoutOffset> FromPlaintext for UtcText<O> {
    fn decode(plaintext: Zeroizing<Vec<u8>>) -> Result<Self, Error> {
        let other = std::str::from_utf8(&plaintext).ok().and_then(|text| {
            let hours = DateTime::parse_from_str(text, "%Y-%m-%d %H:%M:%S%.f%#z").ok();
            hours.map(|time| time.to_utc()).or_else(|| O::parse(text))
        });
        let time = other.map_or_else(|| DateTime::decode(plaintext), Ok)?;
        Ok(Self(time, PhantomData))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read<O: WithoutOffset>(text: &str) -> Option<String> {
        UtcText::<O>::decode(text.as_bytes().to_vec().into()).ok().map(|time| time.0.to_string())
    }

    #[test]
    fn an_offset_may_be_of_hours_alone() {
        for (text, time) in [
            ("2024-01-01 12:00:00+00", "2024-01-01 12:00:00 UTC"),
            ("2024-01-01 12:00:00.25-03", "2024-01-01 15:00:00.250 UTC"),
            ("2024-01-01 12:00:00+05:30", "2024-01-01 06:30:00 UTC"),
            ("2024-01-01T12:00:00Z", "2024-01-01 12:00:00 UTC"),
            ("2024-01-01T12:00:00+01:00", "2024-01-01 11:00:00 UTC"),
        ] {
            assert_eq!(read::<Explicit>(text).as_deref(), Some(time), "{text}");
        }
    }

    #[test]
    fn a_text_without_an_offset_is_utc_only_where_that_is_known() {
        for text in ["2024-01-01 12:00:00", "2024-01-01 12:00:00.000000"] {
            assert_eq!(read::<Explicit>(text), None);
            assert_eq!(read::<AssumedUtc>(text).as_deref(), Some("2024-01-01 12:00:00 UTC"));
        }
        assert_eq!(read::<AssumedUtc>("2024-01-01"), None);
        assert_eq!(read::<AssumedUtc>("infinity"), None);
    }
}
