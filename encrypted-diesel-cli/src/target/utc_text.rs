//! Points in time, as databases write them as text.

use std::marker::PhantomData;

use chrono::{DateTime, NaiveDateTime, Utc};
use encrypted_diesel::Error;
use encrypted_diesel::plaintext::{FromPlaintext, Plaintext, PlaintextWriter};
use zeroize::Zeroizing;

/// A `DateTime<Utc>`, in its form, and read from the forms of databases as well.
pub(super) struct UtcText<Offset = Said>(DateTime<Utc>, PhantomData<Offset>);

/// The text has an offset, if need be of hours alone, as PostgreSQL writes it.
pub(super) struct Said;

/// The text may have none, and is in UTC then.
pub(super) struct ToBeUtc;

trait WithoutOffset {
    fn parse(text: &str) -> Option<DateTime<Utc>>;
}

impl WithoutOffset for Said {
    fn parse(_: &str) -> Option<DateTime<Utc>> {
        None
    }
}

impl WithoutOffset for ToBeUtc {
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
    fn offsets_of_hours_alone_are_read() {
        for (text, time) in [
            ("2024-01-01 12:00:00+00", "2024-01-01 12:00:00 UTC"),
            ("2024-01-01 12:00:00.25-03", "2024-01-01 15:00:00.250 UTC"),
            ("2024-01-01 12:00:00+05:30", "2024-01-01 06:30:00 UTC"),
            ("2024-01-01T12:00:00Z", "2024-01-01 12:00:00 UTC"),
            ("2024-01-01T12:00:00+01:00", "2024-01-01 11:00:00 UTC"),
        ] {
            assert_eq!(read::<Said>(text).as_deref(), Some(time), "{text}");
        }
    }

    #[test]
    fn without_an_offset_it_is_utc_only_where_that_is_known() {
        for text in ["2024-01-01 12:00:00", "2024-01-01 12:00:00.000000"] {
            assert_eq!(read::<Said>(text), None);
            assert_eq!(read::<ToBeUtc>(text).as_deref(), Some("2024-01-01 12:00:00 UTC"));
        }
        assert_eq!(read::<ToBeUtc>("2024-01-01"), None);
        assert_eq!(read::<ToBeUtc>("infinity"), None);
    }
}
