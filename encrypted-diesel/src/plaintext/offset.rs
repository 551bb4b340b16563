//! Offsets from UTC at the end of a date and time.

use zeroize::Zeroizing;

/// Splits `2020-01-01 00:00:00+05:30` into the date and time, and the offset in seconds.
///
/// PostgreSQL writes an offset of whole hours without minutes, and one of an old local mean time with seconds.
#[cfg(any(feature = "chrono", feature = "time"))]
pub(super) fn split(text: &str) -> Option<(&str, i32)> {
    if let Some(utc) = text.strip_suffix('Z') {
        return Some((utc, 0));
    }
    let (date_time, offset) = text.split_at_checked(text.rfind(['+', '-'])?)?;
    let (sign, digits) = offset.split_at_checked(1)?;
    let mut seconds = 0;
    let mut unit = 3_600;
    for (part, limit) in digits.split(':').zip([24, 60, 60, 0]) {
        let number: i32 = part.parse().ok()?;
        if part.len() != 2 || !part.bytes().all(|byte| byte.is_ascii_digit()) || number >= limit {
            return None;
        }
        seconds += number * unit;
        unit /= 60;
    }
    Some((date_time, if sign == "-" { -seconds } else { seconds }))
}

/// The text of a date and time without an offset, `2020-01-01 00:00:00`, with that of UTC.
///
/// SQLite's `CURRENT_TIMESTAMP` and `datetime()` are in UTC and write no offset.
pub(crate) fn with_utc(text: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    const SHAPE: &[u8; 19] = b"dddd-dd-dd dd:dd:dd";

    let (start, fraction) = text.split_at_checked(SHAPE.len())?;
    let is_date_time = start.iter().zip(SHAPE).all(|(byte, shape)| match shape {
        b'd' => byte.is_ascii_digit(),
        punctuation => byte == punctuation,
    });
    let is_fraction = match fraction {
        [] => true,
        [b'.', digits @ ..] => !digits.is_empty() && digits.iter().all(u8::is_ascii_digit),
        _ => false,
    };
    (is_date_time && is_fraction).then(|| Zeroizing::new([text, b"+00:00"].concat()))
}
