//! A key that is put into a file such as `.env` is the only thing that changes there.
#![no_main]

use libfuzzer_sys::fuzz_target;

#[path = "../../src/cli"]
mod cli {
    #[allow(dead_code, unused_imports)]
    mod env_file;

    use encrypted_diesel::{Key, KeyId, Keyring};
    use env_file::{List, Place, add_key};

    pub(crate) fn check(text: &str) {
        let key = Key::from([0xA5; 32]);
        for list in [List::Encryption, List::Index] {
            for place in [Place::InFront, Place::Behind] {
                if let Ok((new, count)) = add_key(text, &key, list, place) {
                    is_added(text, &new, count, key.id(), list, place);
                }
            }
        }
    }

    fn is_added(old: &str, new: &str, count: usize, key: KeyId, list: List, place: Place) {
        // The old text is all there, around what was put in.
        let front = old.bytes().zip(new.bytes()).take_while(|(old, new)| old == new).count();
        let back = old.bytes().rev().zip(new.bytes().rev()).take_while(|(old, new)| old == new).count();
        assert!(front + back >= old.len(), "{old:?} became {new:?}");

        let (old, new) = (variables(old), variables(new));
        let others = |variables: &[(String, String)]| -> Vec<_> {
            variables.iter().filter(|(name, _)| name != list.variable()).cloned().collect()
        };
        assert_eq!(others(&old), others(&new));

        let (old, new) = (keys(&old, list), keys(&new, list));
        assert_eq!(new.len(), count);
        let expected = match place {
            Place::InFront => [&[key][..], &old].concat(),
            Place::Behind => [&old[..], &[key]].concat(),
        };
        assert_eq!(new, expected);
    }

    fn variables(text: &str) -> Vec<(String, String)> {
        dotenvy::from_read_iter(text.as_bytes()).map(|line| line.expect("it was read before")).collect()
    }

    /// The ids of the keys in a list; none if it is blank or not there.
    fn keys(variables: &[(String, String)], list: List) -> Vec<KeyId> {
        match variables.iter().find(|(name, _)| name == list.variable()) {
            Some((_, value)) if !value.trim().is_empty() => {
                Keyring::parse(value).expect("it was read before").key_ids().collect()
            }
            _ => Vec::new(),
        }
    }
}

fuzz_target!(|text: &str| cli::check(text));
