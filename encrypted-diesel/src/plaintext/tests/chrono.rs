use ::chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, Utc};

use super::*;

refuses_garbage!(NaiveDate, NaiveTime, NaiveDateTime, DateTime<Utc>);

pub(super) fn date(year: i32, month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).unwrap()
}

pub(super) fn time(hour: u32, minute: u32, second: u32, nano: u32) -> NaiveTime {
    NaiveTime::from_hms_nano_opt(hour, minute, second, nano).unwrap()
}

#[test]
fn dates_and_times_are_iso_8601() {
    assert_form(date(2024, 1, 31), "2024-01-31");
    assert_form(date(1, 2, 3), "0001-02-03");
    assert_form(time(12, 34, 56, 0), "12:34:56");
    assert_form(time(12, 34, 56, 789_000_000), "12:34:56.789");
    assert_form(time(0, 0, 0, 1), "00:00:00.000000001");

    let at = date(2024, 1, 31).and_time(time(12, 34, 56, 789_000_000));
    assert_form(at, "2024-01-31T12:34:56.789");
    assert_form(at.and_utc(), "2024-01-31T12:34:56.789Z");
    let at = date(2024, 1, 31).and_time(time(12, 34, 56, 0));
    assert_form(at, "2024-01-31T12:34:56");
    assert_form(at.and_utc(), "2024-01-31T12:34:56Z");
}

#[test]
fn years_beyond_four_digits_have_a_sign() {
    assert_form(date(12_345, 1, 31), "+12345-01-31");
    assert_form(date(-1, 1, 31), "-0001-01-31");
    let at = date(-12_345, 1, 31).and_time(time(0, 0, 0, 0));
    assert_form(at, "-12345-01-31T00:00:00");
    assert_form(at.and_utc(), "-12345-01-31T00:00:00Z");
}

#[test]
fn leap_seconds_are_kept() {
    let leap = time(23, 59, 59, 1_500_000_000);
    assert_form(leap, "23:59:60.500");
    assert_form(date(2016, 12, 31).and_time(leap), "2016-12-31T23:59:60.500");
    assert_form(date(2016, 12, 31).and_time(leap).and_utc(), "2016-12-31T23:59:60.500Z");
}

#[test]
fn the_first_and_last_instants_round_trip() {
    for date in [NaiveDate::MIN, NaiveDate::MAX] {
        assert_round_trip(&date);
    }
    for time in [NaiveTime::MIN, time(23, 59, 59, 1_999_999_999)] {
        assert_round_trip(&time);
    }
    for at in
        [NaiveDateTime::MIN, NaiveDateTime::MAX, NaiveDate::MAX.and_time(time(23, 59, 59, 1_999_999_999))]
    {
        assert_round_trip(&at);
        assert_round_trip(&at.and_utc());
    }
    for at in [DateTime::<Utc>::MIN_UTC, DateTime::<Utc>::MAX_UTC] {
        assert_round_trip(&at);
    }
}

fn any_date() -> impl Strategy<Value = NaiveDate> {
    let all = NaiveDate::MIN.to_epoch_days()..=NaiveDate::MAX.to_epoch_days();
    prop_oneof![all, -800_000..3_000_000_i32].prop_map(|days| NaiveDate::from_epoch_days(days).unwrap())
}

fn any_time() -> impl Strategy<Value = NaiveTime> {
    let nano = prop_oneof![0..1_000_000_000_u32, (0..1_000_u32).prop_map(|milli| milli * 1_000_000)];
    (0..86_400_u32, nano, any::<bool>()).prop_map(|(second, nano, leap)| {
        let leap = if leap && second % 60 == 59 { 1_000_000_000 } else { 0 };
        NaiveTime::from_num_seconds_from_midnight_opt(second, nano + leap).unwrap()
    })
}

proptest! {
    #[test]
    fn any_date_and_time_round_trips(date in any_date(), time in any_time()) {
        assert_round_trip(&date);
        assert_round_trip(&time);
        assert_round_trip(&date.and_time(time));
        assert_round_trip(&date.and_time(time).and_utc());
    }
}
