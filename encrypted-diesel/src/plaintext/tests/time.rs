use ::time::macros::{date, datetime, time};
use ::time::{Date, OffsetDateTime, PrimitiveDateTime, Time, UtcOffset};

use super::*;

refuses_garbage!(Date, Time, PrimitiveDateTime, OffsetDateTime);

#[test]
fn dates_and_times_are_iso_8601() {
    assert_form(date!(2024 - 01 - 31), "2024-01-31");
    assert_form(date!(0001 - 02 - 03), "0001-02-03");
    assert_form(date!(-0001 - 02 - 03), "-0001-02-03");
    assert_form(time!(12:34:56.789), "12:34:56.789");
    assert_form(time!(00:00:00.000000001), "00:00:00.000000001");
    assert_form(datetime!(2024-01-31 12:34:56.789), "2024-01-31T12:34:56.789");
    assert_form(datetime!(2024-01-31 12:34:56.789 UTC), "2024-01-31T12:34:56.789Z");
}

#[test]
fn whole_seconds_have_one_digit_of_fraction() {
    assert_form(time!(12:34:56), "12:34:56");
    assert_form(datetime!(2024-01-31 12:34:56), "2024-01-31T12:34:56");
    assert_form(datetime!(2024-01-31 12:34:56 UTC), "2024-01-31T12:34:56Z");
}

#[test]
fn an_offset_is_written_in_utc() {
    let at = datetime!(2024-01-31 23:30:00 -05:30);
    assert_form(at, "2024-02-01T05:00:00Z");
    assert_eq!(decode::<OffsetDateTime>(encode(&at)).unwrap().offset(), UtcOffset::UTC);
}

#[test]
fn the_first_and_last_instants_round_trip() {
    assert_round_trip(&Date::MIN);
    assert_round_trip(&Date::MAX);
    assert_round_trip(&Time::MIDNIGHT);
    assert_round_trip(&time!(23:59:59.999999999));
    assert_round_trip(&PrimitiveDateTime::MIN);
    assert_round_trip(&PrimitiveDateTime::MAX);
    assert_round_trip(&PrimitiveDateTime::MIN.assume_utc());
    assert_round_trip(&PrimitiveDateTime::MAX.assume_utc());
}

#[test]
fn an_instant_beyond_the_years_of_utc_is_not_written() {
    let behind = PrimitiveDateTime::MAX.assume_offset(UtcOffset::from_hms(-1, 0, 0).unwrap());
    let ahead = PrimitiveDateTime::MIN.assume_offset(UtcOffset::from_hms(1, 0, 0).unwrap());
    for at in [behind, ahead] {
        let mut out = PlaintextWriter::with_capacity(0);
        assert!(matches!(at.encode(&mut out), Err(Error::InvalidValue { .. })));
    }
}

fn any_date() -> impl Strategy<Value = Date> {
    (Date::MIN.to_julian_day()..=Date::MAX.to_julian_day())
        .prop_map(|day| Date::from_julian_day(day).unwrap())
}

fn any_time() -> impl Strategy<Value = Time> {
    let nano = prop_oneof![0..1_000_000_000_u32, (0..1_000_u32).prop_map(|milli| milli * 1_000_000)];
    (0..24_u8, 0..60_u8, 0..60_u8, nano)
        .prop_map(|(hour, minute, second, nano)| Time::from_hms_nano(hour, minute, second, nano).unwrap())
}

fn any_offset() -> impl Strategy<Value = UtcOffset> {
    (-93_599..=93_599).prop_map(|seconds| UtcOffset::from_whole_seconds(seconds).unwrap())
}

proptest! {
    #[test]
    fn any_date_and_time_round_trips(date in any_date(), time in any_time(), offset in any_offset()) {
        assert_round_trip(&date);
        assert_round_trip(&time);
        let at = PrimitiveDateTime::new(date, time);
        assert_round_trip(&at);
        let at = at.assume_offset(offset);
        if at.checked_to_offset(UtcOffset::UTC).is_some() {
            assert_round_trip(&at);
        }
    }
}
