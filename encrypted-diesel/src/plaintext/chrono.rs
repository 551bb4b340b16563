//! chrono's dates and times: ISO 8601, to the nanosecond.
//!
//! Any offset can be read, and so can the forms that databases, and Diesel on SQLite, write into a plain text column, with
//! a space in place of the `T`, so that an application can adopt encryption.

use std::fmt::Write;

use chrono::{DateTime, FixedOffset, NaiveDate, NaiveDateTime, NaiveTime, Utc};
use zeroize::Zeroizing;

use crate::error::Error;
use crate::plaintext::display::decode_text;
use crate::plaintext::{FromPlaintext, Plaintext, PlaintextWriter, by_display, offset};

by_display!(NaiveDate, NaiveTime);

const DATE_TIME: &str = "%Y-%m-%dT%H:%M:%S%.f";
const DATE_TIME_UTC: &str = "%Y-%m-%dT%H:%M:%S%.fZ";
const WITH_SPACE: &str = "%Y-%m-%d %H:%M:%S%.f";

impl Plaintext for NaiveDateTime {
    fn encode(&self, out: &mut PlaintextWriter) -> Result<(), Error> {
        write!(out, "{}", self.format(DATE_TIME)).map_err(|_| Error::invalid_value::<Self>())
    }
}

impl FromPlaintext for NaiveDateTime {
    fn decode(plaintext: Zeroizing<Vec<u8>>) -> Result<Self, Error> {
        decode_text(&plaintext, parse)
    }
}

fn parse(text: &str) -> Option<NaiveDateTime> {
    let parse = |format| NaiveDateTime::parse_from_str(text, format);
    parse(DATE_TIME).or_else(|_| parse(WITH_SPACE)).ok()
}

fn with_offset(text: &str) -> Option<DateTime<Utc>> {
    let (date_time, seconds) = offset::split(text)?;
    Some(parse(date_time)?.checked_sub_offset(FixedOffset::east_opt(seconds)?)?.and_utc())
}

impl Plaintext for DateTime<Utc> {
    fn encode(&self, out: &mut PlaintextWriter) -> Result<(), Error> {
        write!(out, "{}", self.naive_utc().format(DATE_TIME_UTC)).map_err(|_| Error::invalid_value::<Self>())
    }
}

impl FromPlaintext for DateTime<Utc> {
    fn decode(plaintext: Zeroizing<Vec<u8>>) -> Result<Self, Error> {
        decode_text(&plaintext, |text| {
            let canonical = NaiveDateTime::parse_from_str(text, DATE_TIME_UTC).map(|utc| utc.and_utc());
            canonical.ok().or_else(|| with_offset(text)).or_else(|| text.parse().ok())
        })
    }
}
