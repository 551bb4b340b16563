use ::chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, Utc};
use ::time::macros::{date, datetime, time};
use ::time::{Date, OffsetDateTime, PrimitiveDateTime, Time};

use super::*;

/// One instant has one form, so that an application can change from one crate to the other.
#[test]
fn both_write_the_same() {
    for nano in [0, 1, 1_000, 1_000_000, 500_000_000, 123_456_000, 123_456_789] {
        let of_chrono = chrono::date(2024, 1, 31).and_time(chrono::time(12, 34, 56, nano));
        let of_time = datetime!(2024-01-31 12:34:56).replace_nanosecond(nano).unwrap();
        assert_eq!(encode(&of_chrono.date()), encode(&of_time.date()));
        assert_eq!(encode(&of_chrono.time()), encode(&of_time.time()));
        assert_eq!(encode(&of_chrono), encode(&of_time));
        assert_eq!(encode(&of_chrono.and_utc()), encode(&of_time.assume_utc()));
    }
}

#[test]
fn chrono_reads_what_time_writes() {
    let date = chrono::date(2024, 1, 31);
    assert_eq!(decode::<NaiveDate>(encode(&date!(2024 - 01 - 31))).unwrap(), date);
    for (nano, time) in
        [(0, time!(12:34:56)), (789_000_000, time!(12:34:56.789)), (1, time!(12:34:56.000000001))]
    {
        let at = datetime!(2024-01-31 0:00).replace_time(time);
        let expected = date.and_time(chrono::time(12, 34, 56, nano));
        assert_eq!(decode::<NaiveTime>(encode(&time)).unwrap(), expected.time());
        assert_eq!(decode::<NaiveDateTime>(encode(&at)).unwrap(), expected);
        assert_eq!(decode::<DateTime<Utc>>(encode(&at.assume_utc())).unwrap(), expected.and_utc());
    }
}

#[test]
fn time_reads_what_chrono_writes() {
    let date = chrono::date(2024, 1, 31);
    assert_eq!(decode::<Date>(encode(&date)).unwrap(), date!(2024 - 01 - 31));
    for (nano, time) in
        [(789_000_000, time!(12:34:56.789)), (1, time!(12:34:56.000000001)), (0, time!(12:34:56))]
    {
        let at = date.and_time(chrono::time(12, 34, 56, nano));
        let expected = datetime!(2024-01-31 0:00).replace_time(time);
        assert_eq!(decode::<Time>(encode(&at.time())).unwrap(), time);
        assert_eq!(decode::<PrimitiveDateTime>(encode(&at)).unwrap(), expected);
        assert_eq!(decode::<OffsetDateTime>(encode(&at.and_utc())).unwrap(), expected.assume_utc());
    }
}

/// As Diesel writes them into plain text columns, and as other programs may.
#[test]
fn both_read_what_stood_there_before() {
    let expected = datetime!(2026-11-22 16:44:27.386251252);
    let naive = chrono::date(2026, 11, 22).and_time(chrono::time(16, 44, 27, 386_251_252));
    assert_eq!(decode::<NaiveDateTime>("2026-11-22 16:44:27.386251252").unwrap(), naive);
    assert_eq!(decode::<PrimitiveDateTime>("2026-11-22 16:44:27.386251252").unwrap(), expected);
    for text in [
        "2026-11-22 16:44:27.386251252+00:00",
        "2026-11-22T16:44:27.386251252+00:00",
        "2026-11-22T17:44:27.386251252+01:00",
        "2026-11-22 11:14:27.386251252-05:30",
    ] {
        assert_eq!(decode::<DateTime<Utc>>(text).unwrap(), naive.and_utc(), "{text}");
        assert_eq!(decode::<OffsetDateTime>(text).unwrap(), expected.assume_utc(), "{text}");
    }
}
