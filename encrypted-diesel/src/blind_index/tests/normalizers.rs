//! Normalizers.

use super::*;
use crate::blind_index::normalizer::normalize;

fn normalized(normalizers: &[Normalizer], text: &str) -> String {
    let text = Zeroizing::new(text.as_bytes().to_vec());
    String::from_utf8(normalize(normalizers, text).unwrap().to_vec()).unwrap()
}

#[test]
fn each_does_what_it_says() {
    use Normalizer::*;
    for (normalizer, text, expected) in [
        (Trim, " \t Ada Lovelace\u{2003}\n", "Ada Lovelace"),
        (Lowercase, "ÉMILE Straße ΟΔΥΣΣΕΥΣ", "émile straße οδυσσευς"),
        (Nfkc, "e\u{301}", "\u{e9}"),
        (Nfkc, "\u{fb01}ne １２３", "fine 123"),
        (Digits, "+49 (0)30 / 1234-56", "49030123456"),
        (Digits, "none", ""),
        (Digits, "１２３ ٣ ½ 4", "4"),
        (Alphanumeric, "AB-12 ß/é_漢字.", "AB12ßé漢字"),
        (First(3), "Zoë 🦊", "Zoë"),
        (First(9), "Zoë", "Zoë"),
        (Last(2), "Zoë 🦊", " 🦊"),
        (Last(9), "Zoë", "Zoë"),
        (With(|text| text.replace("@googlemail.com", "@gmail.com")), "a@googlemail.com", "a@gmail.com"),
    ] {
        assert_eq!(normalized(&[normalizer], text), expected, "{normalizer:?} of {text}");
    }
}

#[test]
fn they_are_applied_in_order() {
    use Normalizer::{Digits, Last};
    assert_eq!(normalized(&[Digits, Last(4)], "6789 (x)"), "6789");
    assert_eq!(normalized(&[Last(4), Digits], "6789 (x)"), "");
}

#[test]
fn a_plaintext_that_is_not_text_is_an_error() {
    let spec = IndexSpec::new("files.name");
    let bytes = vec![0xFF, 0xFE];
    assert!(spec.input(&bytes).is_ok());
    let error = spec.with_normalizers(&[Normalizer::Trim]).input(&bytes).unwrap_err();
    assert!(matches!(error, Error::InvalidValue { .. }), "{error}");
}

proptest! {
    /// A search term is normalized as the value was, and a value that has been normalized is its own term.
    #[test]
    fn what_is_normalized_stays_as_it_is(text: String) {
        for normalizer in [
            Normalizer::Trim,
            Normalizer::Nfkc,
            Normalizer::Digits,
            Normalizer::Alphanumeric,
            Normalizer::First(3),
            Normalizer::Last(3),
        ] {
            let once = normalized(&[normalizer], &text);
            prop_assert_eq!(normalized(&[normalizer], &once), once);
        }
    }
}
