//! Only sealed values open, and they open to the same plaintext in either container.
#![no_main]

use std::sync::LazyLock;

use encrypted_diesel::fuzzing::{CONTAINERS, encode_again, open, seal};
use encrypted_diesel::{Error, Key, Keyring};
use libfuzzer_sys::fuzz_target;

const CONTEXTS: [&str; 2] = ["patients.ssn", ""];

/// The first key is that of the test vectors, which some of the seeds are.
static KEYRING: LazyLock<Keyring> = LazyLock::new(|| {
    let vectors = Key::from(std::array::from_fn(|at| at as u8));
    Keyring::new(vectors).with_retired(Key::from([1; 32])).expect("they are two keys")
});

fuzz_target!(|stored: &[u8]| {
    for container in CONTAINERS {
        match open(&KEYRING, container, &CONTEXTS, stored) {
            Ok(form) => {
                assert_eq!(encode_again(container, stored).expect("it has opened"), stored);
                for other in CONTAINERS {
                    let sealed =
                        seal(&KEYRING, other, CONTEXTS[0], &form).expect("it has not grown");
                    assert_eq!(
                        *open(&KEYRING, other, &CONTEXTS, &sealed).expect("it was just sealed"),
                        *form
                    );
                }
            }
            Err(Error::NotEncrypted) => {
                assert!(!stored.starts_with(b"ed1:") && !stored.starts_with(b"ed1d:"));
                assert!(!stored.starts_with(b"\xEDed"));
            }
            Err(Error::UnknownKey { .. } | Error::DecryptionFailed) => {}
            Err(Error::MalformedEnvelope | Error::UnsupportedVersion) => {}
            Err(error) => panic!("{error}"),
        }
    }
});
