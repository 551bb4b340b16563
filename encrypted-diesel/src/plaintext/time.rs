//! time's dates and times: ISO 8601, to the nanosecond, in the same form as chrono's.
//!
//! Any offset can be read, and so can the forms that databases, and Diesel on SQLite, write into a plain text column, with
//! a space in place of the `T`, so that an application can adopt encryption.

use std::io::Write;

use time::error::Format as FormatError;
use time::format_description::BorrowedFormatItem;
use time::macros::format_description;
use time::{Date, OffsetDateTime, PrimitiveDateTime, Time, UtcOffset};
use zeroize::Zeroizing;

use crate::error::Error;
use crate::plaintext::display::decode_text;
use crate::plaintext::{FromPlaintext, Plaintext, PlaintextWriter, offset};

type Format = &'static [BorrowedFormatItem<'static>];

const DATE: Format = format_description!("[year]-[month]-[day]");
const WHOLE_SECONDS: Format = format_description!("[hour]:[minute]:[second]");
const TIME: Format = format_description!("[hour]:[minute]:[second][optional [.[subsecond digits:1+]]]");
const DATE_TIME: Format =
    format_description!("[year]-[month]-[day]T[hour]:[minute]:[second][optional [.[subsecond digits:1+]]]");
const DATE_TIME_UTC: Format =
    format_description!("[year]-[month]-[day]T[hour]:[minute]:[second][optional [.[subsecond digits:1+]]]Z");
const WITH_SPACE: Format =
    format_description!("[year]-[month]-[day] [hour]:[minute]:[second][optional [.[subsecond digits:1+]]]");
fn write_date(date: Date, out: &mut PlaintextWriter) -> Result<(), FormatError> {
    date.format_into(out, DATE).map(drop)
}

/// A fraction has 3, 6 or 9 digits, as needed, and is left out if it is zero.
fn write_time(time: Time, out: &mut PlaintextWriter) -> Result<(), FormatError> {
    time.format_into(out, WHOLE_SECONDS)?;
    match time.nanosecond() {
        0 => Ok(()),
        nanos if nanos % 1_000_000 == 0 => write!(out, ".{:03}", nanos / 1_000_000),
        nanos if nanos % 1_000 == 0 => write!(out, ".{:06}", nanos / 1_000),
        nanos => write!(out, ".{nanos:09}"),
    }
    .map_err(FormatError::StdIo)
}

fn write_date_time(at: PrimitiveDateTime, out: &mut PlaintextWriter) -> Result<(), FormatError> {
    write_date(at.date(), out)?;
    out.write_bytes(b"T");
    write_time(at.time(), out)
}

macro_rules! by_format {
    ($($type:ty: $write:expr, $parse:expr;)*) => {$(
        impl Plaintext for $type {
            fn encode(&self, out: &mut PlaintextWriter) -> Result<(), Error> {
                $write(*self, out).map_err(|_| Error::invalid_value::<Self>())
            }
        }

        impl FromPlaintext for $type {
            fn decode(plaintext: Zeroizing<Vec<u8>>) -> Result<Self, Error> {
                decode_text(&plaintext, $parse)
            }
        }
    )*};
}

by_format! {
    Date: write_date, |text| Date::parse(text, DATE).ok();
    Time: write_time, |text| Time::parse(text, TIME).ok();
    PrimitiveDateTime: write_date_time, parse;
}

fn parse(text: &str) -> Option<PrimitiveDateTime> {
    let parse = |format| PrimitiveDateTime::parse(text, format);
    parse(DATE_TIME).or_else(|_| parse(WITH_SPACE)).ok()
}

fn with_offset(text: &str) -> Option<OffsetDateTime> {
    let (date_time, seconds) = offset::split(text)?;
    Some(parse(date_time)?.assume_offset(UtcOffset::from_whole_seconds(seconds).ok()?))
}

/// The instant, in UTC. Like Diesel's `Timestamptz`, it does not keep the offset.
impl Plaintext for OffsetDateTime {
    fn encode(&self, out: &mut PlaintextWriter) -> Result<(), Error> {
        let utc = self.checked_to_offset(UtcOffset::UTC).ok_or_else(Error::invalid_value::<Self>)?;
        write_date_time(PrimitiveDateTime::new(utc.date(), utc.time()), out)
            .map_err(|_| Error::invalid_value::<Self>())?;
        out.write_bytes(b"Z");
        Ok(())
    }
}

impl FromPlaintext for OffsetDateTime {
    fn decode(plaintext: Zeroizing<Vec<u8>>) -> Result<Self, Error> {
        decode_text(&plaintext, |text| {
            let canonical = PrimitiveDateTime::parse(text, DATE_TIME_UTC).map(PrimitiveDateTime::assume_utc);
            canonical.ok().or_else(|| with_offset(text))
        })
    }
}
