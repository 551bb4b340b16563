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
        "2026-11-22 16:44:27.386251252+00",
        "2026-11-22 13:44:27.386251252-03",
        "2026-11-22T22:14:27.386251252+05:30",
        "2026-11-22 17:37:55.386251252+00:53:28",
        "2026-11-22 16:44:27.386251252Z",
    ] {
        assert_eq!(decode::<DateTime<Utc>>(text).unwrap(), naive.and_utc(), "{text}");
        assert_eq!(decode::<OffsetDateTime>(text).unwrap(), expected.assume_utc(), "{text}");
    }
}

/// A point in time needs an offset, and one that exists.
#[test]
fn neither_guesses_an_offset() {
    for text in [
        "2026-11-22 16:44:27",
        "2026-11-22T16:44:27",
        "2026-11-22",
        "2026-11-22 16:44:27+",
        "2026-11-22 16:44:27+1",
        "2026-11-22 16:44:27+0:0",
        "2026-11-22 16:44:27+24",
        "2026-11-22 16:44:27+00:60",
        "2026-11-22 16:44:27+00:00:60",
        "2026-11-22 16:44:27+00:00:00:00",
        "2026-11-22 16:44:27++1",
        "2026-11-22 16:44:27+00 BC",
        "2026-11-22 24:00:01+00",
        "infinity",
        "-infinity",
    ] {
        assert!(decode::<DateTime<Utc>>(text).is_err(), "{text}");
        assert!(decode::<OffsetDateTime>(text).is_err(), "{text}");
    }
}

/// As PostgreSQL, SQLite and MySQL write dates and times of day.
#[test]
fn both_read_what_databases_write() {
    let date = chrono::date(2026, 1, 2);
    assert_eq!(decode::<NaiveDate>("2026-01-02").unwrap(), date);
    assert_eq!(decode::<Date>("2026-01-02").unwrap(), date!(2026 - 01 - 02));
    for (text, nano, expected) in [
        ("03:04:05", 0, time!(3:04:05)),
        ("03:04:05.6", 600_000_000, time!(3:04:05.6)),
        ("03:04:05.678901", 678_901_000, time!(3:04:05.678901)),
        ("03:04:05.000000", 0, time!(3:04:05)),
    ] {
        let time = chrono::time(3, 4, 5, nano);
        assert_eq!(decode::<NaiveTime>(text).unwrap(), time, "{text}");
        assert_eq!(decode::<Time>(text).unwrap(), expected, "{text}");
        for separator in [' ', 'T'] {
            let text = format!("2026-01-02{separator}{text}");
            assert_eq!(decode::<NaiveDateTime>(&text).unwrap(), date.and_time(time), "{text}");
            let expected = date!(2026 - 01 - 02).with_time(expected);
            assert_eq!(decode::<PrimitiveDateTime>(&text).unwrap(), expected, "{text}");
        }
    }
    // What has no counterpart is refused, not changed.
    for text in ["24:00:00", "-01:00:00", "838:59:59"] {
        assert!(decode::<NaiveTime>(text).is_err() && decode::<Time>(text).is_err(), "{text}");
    }
    for text in ["0000-00-00", "infinity", "0044-03-15 BC", "10000-01-01"] {
        assert!(decode::<NaiveDate>(text).is_err() && decode::<Date>(text).is_err(), "{text}");
    }
}
