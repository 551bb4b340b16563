//! A key that is added to a file such as `.env` is the only thing that changes there.
#![no_main]

use encrypted_diesel::key::KeyId;
use encrypted_diesel::{Key, Keyring};
use encrypted_diesel_cli::fuzzing::add_key;
use libfuzzer_sys::fuzz_target;

fn check(text: &str) {
    let key = Key::from([0xA5; 32]);
    for (index, variable) in [(false, "FIELD_ENCRYPTION_KEY"), (true, "FIELD_INDEX_KEY")] {
        for last in [false, true] {
            if let Some((new, count)) = add_key(text, &key, index, last) {
                is_added(text, &new, count, key.id(), variable, last);
            }
        }
    }
}

fn is_added(old: &str, new: &str, count: usize, key: KeyId, variable: &str, last: bool) {
    // The old text is all there, around the new key.
    let front = old.bytes().zip(new.bytes()).take_while(|(old, new)| old == new).count();
    let back = old.bytes().rev().zip(new.bytes().rev()).take_while(|(old, new)| old == new).count();
    assert!(front + back >= old.len(), "{old:?} became {new:?}");

    let (old, new) = (variables(old), variables(new));
    let others = |variables: &[(String, String)]| -> Vec<_> {
        variables.iter().filter(|(name, _)| name != variable).cloned().collect()
    };
    assert_eq!(others(&old), others(&new));

    let (old, new) = (keys(&old, variable), keys(&new, variable));
    assert_eq!(new.len(), count);
    let expected = if last { [&old[..], &[key]].concat() } else { [&[key][..], &old].concat() };
    assert_eq!(new, expected);
}

fn variables(text: &str) -> Vec<(String, String)> {
    let text = text.trim_start_matches('\u{feff}');
    dotenvy::from_read_iter(text.as_bytes()).map(|line| line.expect("it was read before")).collect()
}

/// The ids of the keys in a list; none if it is blank or missing.
fn keys(variables: &[(String, String)], variable: &str) -> Vec<KeyId> {
    match variables.iter().find(|(name, _)| name == variable) {
        Some((_, value)) if !value.trim().is_empty() => {
            Keyring::parse(value).expect("it was read before").key_ids().collect()
        }
        _ => Vec::new(),
    }
}

fuzz_target!(|text: &str| check(text));
