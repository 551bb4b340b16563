//! Everything that parses as an envelope encodes to the same bytes.
#![no_main]

use encrypted_diesel::fuzzing::{CONTAINERS, encode_again};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|stored: &[u8]| {
    for container in CONTAINERS {
        if let Ok(again) = encode_again(container, stored) {
            assert_eq!(again, stored, "{container:?}");
        }
    }
});
