#![allow(clippy::unwrap_used)]

use proptest::prelude::*;

use super::*;

#[test]
fn an_entry_has_a_scheme_a_location_and_parameters() {
    let uri =
        KeyUri::parse("aws-kms://arn:aws:kms:eu-west-1:111122223333:key/1?wrapped=AQ-_&check=00").unwrap();
    assert_eq!(uri.scheme(), "aws-kms");
    assert_eq!(uri.location(), "arn:aws:kms:eu-west-1:111122223333:key/1");
    assert_eq!(uri.get("wrapped"), Some("AQ-_"));
    assert_eq!(uri.get("other"), None);
}

#[test]
fn a_plus_and_an_equals_sign_stand_for_themselves() {
    let text = "vault-transit://transit/app?wrapped=vault:v1:a+b/c==";
    let uri = KeyUri::parse(text).unwrap();
    assert_eq!(uri.get("wrapped"), Some("vault:v1:a+b/c=="));
    assert_eq!(uri.to_string(), text);
}

#[test]
fn separators_inside_a_part_are_percent_encoded() {
    let uri = KeyUri::new("hsm", "slot 1,2|3").with("pin", "a&b=c%\"$");
    assert_eq!(uri.to_string(), "hsm://slot%201%2C2%7C3?pin=a%26b=c%25%22%24");
    assert_eq!(KeyUri::parse(&uri.to_string()).unwrap(), uri);
}

#[test]
fn a_malformed_uri_is_an_error_that_does_not_repeat_it() {
    for (wrong, reason) in [
        ("hsm:slot", "it has no `://`"),
        ("HSM://slot", "its scheme"),
        ("://slot", "its scheme"),
        ("1hsm://slot", "its scheme"),
        ("hsm://", "nothing stands after"),
        ("hsm://?check=00", "nothing stands after"),
        ("hsm://a b", "percent-encoded"),
        ("hsm://a|b", "`%7C`"),
        ("hsm://a,b", "`%2C`"),
        ("hsm://a#b", "percent-encoded"),
        ("hsm://a?b", "no `=`"),
        ("hsm://a?b=1&b=2", "set twice"),
        ("hsm://a%zz", "two hex digits"),
        ("hsm://a%2", "two hex digits"),
        ("hsm://%ff", "not give UTF-8"),
        ("hsm://ä", "percent-encoded"),
    ] {
        let error = KeyUri::parse(wrong).unwrap_err().to_string();
        assert!(error.contains(reason), "{wrong}: {error}");
        assert!(!error.contains("slot"), "{error}");
    }
}

#[test]
fn debug_shows_no_parameter() {
    let uri = KeyUri::new("hsm", "user:secret@slot").with("pin", "1234");
    assert_eq!(format!("{uri:?}"), "KeyUri(hsm://…)");
}

#[test]
fn a_parameter_that_a_service_does_not_know_is_refused() {
    let uri = KeyUri::new("hsm", "slot").with("wraped", "00");
    assert!(uri.refuse_others(&["wraped"]).is_ok());
    let error = uri.refuse_others(&["wrapped"]).unwrap_err();
    assert_eq!(error.to_string(), "the entry has a parameter other than `wrapped`");
}

proptest! {
    #[test]
    fn any_text_survives(location in ".+", values in prop::collection::vec(".*", 0..3)) {
        let mut uri = KeyUri::new("x", location);
        for (place, value) in values.into_iter().enumerate() {
            uri = uri.with(&format!("p{place}"), value);
        }
        prop_assert_eq!(KeyUri::parse(&uri.to_string()).unwrap(), uri.clone());
        prop_assert!(!uri.to_string().contains([',', '|', ' ', '\'', '"', '$', '#', '\n']));
    }

    #[test]
    fn no_text_panics(text in ".*") {
        let _ = KeyUri::parse(&text);
    }
}
