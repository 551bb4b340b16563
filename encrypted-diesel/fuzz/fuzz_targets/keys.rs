//! A key or a list of keys is read exactly as it was written, or refused with an error that does not show it.
#![no_main]

use encrypted_diesel::key::KeyId;
use encrypted_diesel::{ExposeSecret, Key, Keyring};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    match Key::from_hex(text) {
        Ok(key) => {
            assert_eq!(key.to_hex().expose_secret(), text.trim().to_ascii_lowercase());
            assert_eq!(Key::from_hex(key.to_hex().expose_secret()).expect("it is a key"), key);
            assert_eq!(KeyId::from_hex(&key.id().to_string()), Some(key.id()));
        }
        Err(problem) => shows_none(text, &problem.to_string()),
    }
    let other = || Keyring::new(Key::from([0xA5; 32]));
    match Keyring::parse(text) {
        Ok(keyring) => {
            let keys: Vec<_> =
                text.split(',').map(|key| Key::from_hex(key).expect("all were read")).collect();
            let ids: Vec<_> = keys.iter().map(Key::id).collect();
            assert_eq!(keyring.key_ids().collect::<Vec<_>>(), ids);
            if let Ok(indexed) = other().with_index_keys(text) {
                assert_eq!(indexed.index_key_ids().collect::<Vec<_>>(), ids);
            }
        }
        Err(problem) => {
            shows_none(text, &problem.to_string());
            assert!(other().with_index_keys(text).is_err());
        }
    }
});

/// None of what may be a key.
fn shows_none(text: &str, message: &str) {
    let words = text.split(|c: char| c == ',' || c.is_whitespace());
    for word in words.filter(|word| word.chars().count() > 20) {
        assert!(!message.contains(word), "{message}");
    }
}
