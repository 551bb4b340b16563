//! The work that must leave nothing in memory.

use std::any::Any;
use std::hint::black_box;

use encrypted_diesel::{EncryptedText, Key, Keyring};
use zeroize::{Zeroize, Zeroizing};

use crate::secret::{Masked, Secret};
use crate::values;

/// Values that the work keeps alive, if it does.
type Kept = Option<Box<dyn Any>>;

pub(crate) fn run(work: &str, secrets: &[Secret]) -> Kept {
    let named = |suffix: &str| -> Vec<&Masked> {
        secrets.iter().filter(|secret| secret.name.ends_with(suffix)).map(|secret| &secret.bytes).collect()
    };
    let digits = named(": digits");
    match work {
        "kept_key" => return Some(Box::new(Key::from_hex(&text(digits[0])).unwrap())),
        "kept_value" => return Some(Box::new(EncryptedText::from(text(&secrets[0].bytes).as_str()))),
        "key_from_hex" => drop(Key::from_hex(&text(digits[0])).unwrap()),
        "key_from_bytes" => {
            let mut bytes = [0; 32];
            named(": bytes")[0].reveal(&mut bytes);
            let key = Key::from(bytes);
            bytes.zeroize();
            drop(key);
        }
        "key_to_hex" => {
            let key = Key::from_hex(&text(digits[0])).unwrap();
            assert_eq!(
                Key::from_hex(encrypted_diesel::ExposeSecret::expose_secret(&key.to_hex())).unwrap(),
                key
            );
        }
        "key_refused" => {
            let mut list = text(digits[0]);
            list.push('x');
            assert!(Key::from_hex(&list).is_err());
        }
        "keyring_parsed" => drop(Keyring::parse(&list(&digits)).unwrap()),
        "keyring_refused" => {
            assert!(Keyring::parse(&list(&[digits[0], digits[1], digits[0]])).is_err());
        }
        "keyring_scoped" => {
            let keyring = Keyring::parse(&text(digits[0])).unwrap();
            let keyring = keyring.with_index_keys(&text(digits[1])).unwrap();
            keyring.clone().scope(|| drop(keyring));
        }
        "keyring_from_env" => drop(Keyring::from_env().unwrap()),
        "values" => {
            let keyring = Keyring::parse(&text(digits[0])).unwrap();
            let keyring = keyring.with_index_keys(&text(digits[1])).unwrap();
            keyring.scope(|| values::run(&named("text"), &named("envelope")));
            use_the_stack_again();
        }
        _ => panic!("no work {work}"),
    }
    None
}

/// Overwrites what sealing and opening leave on the stack, which is not claimed to be wiped before.
#[inline(never)]
fn use_the_stack_again() {
    let mut space = [0_u8; 1 << 16];
    black_box(&mut space);
}

pub(crate) fn text(secret: &Masked) -> Zeroizing<String> {
    list(&[secret])
}

/// Separated by commas. Wiped by the caller, and with room for one more character.
fn list(secrets: &[&Masked]) -> Zeroizing<String> {
    let length: usize = secrets.iter().map(|secret| secret.len() + 1).sum();
    let mut text = Zeroizing::new(String::with_capacity(length));
    for (position, secret) in secrets.iter().enumerate() {
        if position > 0 {
            text.push(',');
        }
        (0..secret.len()).for_each(|at| text.push(char::from(secret.byte(at))));
    }
    text
}
