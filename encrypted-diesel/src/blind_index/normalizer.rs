use std::fmt;

use unicode_normalization::UnicodeNormalization;
use zeroize::Zeroizing;

use crate::plaintext::PlaintextWriter;

/// A change to text before it is digested, so that different spellings find each other.
///
/// It does not change the stored value.
#[derive(Clone, Copy)]
#[non_exhaustive]
pub enum Normalizer {
    /// Removes white space at both ends.
    Trim,
    /// Maps to lower case by Unicode's rules. `ß` and `SS` stay different.
    Lowercase,
    /// Applies Unicode's NFKC (UAX #15), which unifies `é` and `e` with an accent, `ﬁ` and `fi`, full-width and plain
    /// digits.
    Nfkc,
    /// Keeps `0` to `9`, and drops everything else.
    Digits,
    /// Keeps letters and digits of any script, and drops everything else.
    Alphanumeric,
    /// Keeps this many characters (Unicode scalar values) from the start.
    First(usize),
    /// Keeps this many characters from the end.
    Last(usize),
    /// Calls a function of your own. Like the other normalizers, it is fixed once the first value is written.
    With(fn(&str) -> String),
}

impl Normalizer {
    fn apply(self, text: &str) -> Zeroizing<Vec<u8>> {
        match self {
            Self::Trim => collect(text.trim().chars()),
            Self::Lowercase => Zeroizing::new(text.to_lowercase().into_bytes()),
            Self::Nfkc => collect(text.nfkc()),
            Self::Digits => collect(text.chars().filter(char::is_ascii_digit)),
            Self::Alphanumeric => collect(text.chars().filter(|c| c.is_alphanumeric())),
            Self::First(n) => collect(text.chars().take(n)),
            Self::Last(n) => collect(text.chars().skip(text.chars().count().saturating_sub(n))),
            Self::With(function) => Zeroizing::new(function(text).into_bytes()),
        }
    }
}

fn collect(chars: impl Iterator<Item = char>) -> Zeroizing<Vec<u8>> {
    let mut text = PlaintextWriter::with_capacity(48);
    chars.for_each(|c| text.write_bytes(c.encode_utf8(&mut [0; 4]).as_bytes()));
    text.into_bytes()
}

/// Applies all of them, in order; `None` if the plaintext is not text.
pub(super) fn normalize(
    normalizers: &[Normalizer],
    plaintext: Zeroizing<Vec<u8>>,
) -> Option<Zeroizing<Vec<u8>>> {
    normalizers.iter().try_fold(plaintext, |plaintext, normalizer| {
        Some(normalizer.apply(std::str::from_utf8(&plaintext).ok()?))
    })
}

/// Shows a function only by its kind.
impl fmt::Debug for Normalizer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Trim => f.write_str("Trim"),
            Self::Lowercase => f.write_str("Lowercase"),
            Self::Nfkc => f.write_str("Nfkc"),
            Self::Digits => f.write_str("Digits"),
            Self::Alphanumeric => f.write_str("Alphanumeric"),
            Self::First(n) => write!(f, "First({n})"),
            Self::Last(n) => write!(f, "Last({n})"),
            Self::With(_) => f.write_str("With(…)"),
        }
    }
}
