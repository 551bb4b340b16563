#![allow(clippy::unwrap_used)]

use super::*;

const HEX: &str = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";
const CHECK: &str = "000102030405060708090a0b0c0d0e0f";
const OTHER: &str = "f00102030405060708090a0b0c0d0e0f";

fn error(list: &str) -> String {
    let error = Entry::parse_list(list).err().unwrap();
    assert!(!format!("{error} {error:?}").contains(&HEX[..8]));
    error.to_string()
}

#[test]
fn a_list_mixes_keys_and_entries() {
    let list = format!("{HEX}, hsm://a?check={CHECK} ,hsm://b?check={CHECK}|vault-kv://c/d?check={CHECK}");
    let entries = Entry::parse_list(&list).unwrap();
    let kinds: Vec<_> = entries
        .iter()
        .map(|entry| match entry {
            Entry::Key(_) => 0,
            Entry::Wrapped(alternatives) => alternatives.len(),
        })
        .collect();
    assert_eq!(kinds, [0, 1, 2]);
}

#[test]
fn services_do_not_see_the_fingerprint() {
    let [Entry::Wrapped(alternatives)] =
        &Entry::parse_list(&format!("hsm://a?check={CHECK}&b=1")).unwrap()[..]
    else {
        panic!("not wrapped")
    };
    assert_eq!(alternatives[0].uri().to_string(), "hsm://a?b=1");
}

#[test]
fn an_entry_without_a_fingerprint_is_an_error() {
    let short = &CHECK[1..];
    for check in ["", "?check=", "?check=00", &format!("?check={short}"), &format!("?check={short}g")] {
        assert!(
            error(&format!("{HEX},hsm://a{check}")).starts_with("key 2 (hsm): the entry has no `check=`")
        );
    }
}

#[test]
fn alternatives_are_of_one_key() {
    assert!(error(&format!("hsm://a?check={CHECK}|hsm://b?check={OTHER}")).contains("of different keys"));
}

#[test]
fn hex_never_stands_beside_a_service() {
    for list in [format!("{HEX}|hsm://a?check={CHECK}"), format!("hsm://a?check={CHECK}|{HEX}")] {
        assert!(error(&list).contains("a key in hex stands beside `|` in key 1"), "{}", error(&list));
    }
}

#[test]
fn nothing_beside_a_bar_is_an_error() {
    for list in [format!("hsm://a?check={CHECK}|"), format!("|hsm://a?check={CHECK}")] {
        assert!(error(&list).contains("key 1 is not a usable URI"), "{}", error(&list));
    }
}

#[test]
fn a_name_before_the_entry_is_an_error_as_before_a_key() {
    assert!(error(&format!("FIELD_ENCRYPTION_KEY=hsm://a?check={CHECK}")).contains("`NAME=`"));
    assert!(error(&format!("\"hsm://a?check={CHECK}\"")).contains("in quotes"));
}
