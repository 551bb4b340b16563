#![allow(clippy::unwrap_used, clippy::expect_used)]

use proptest::collection::vec;
use proptest::prelude::*;

use super::*;

const KEY_ID: [u8; 4] = [0xf2, 0x6f, 0x38, 0xf7];

/// Parses all of an envelope: the key id, and nonce ‖ ciphertext ‖ tag.
fn read(container: Container, stored: &[u8]) -> Result<(Mode, KeyId, Vec<u8>), Error> {
    let envelope = parse(container, stored)?;
    let mut payload = Vec::new();
    let nonce = envelope.read_sealed(&mut payload)?;
    match envelope.mode {
        Mode::Randomized => payload.splice(..0, nonce).for_each(drop),
        Mode::Deterministic => assert_eq!(nonce, [0; NONCE_LEN]),
    }
    Ok((envelope.mode, envelope.key_id, payload))
}

/// The bytes of the envelope around a payload.
fn write(container: Container, mode: Mode, key_id: KeyId, payload: &[u8]) -> Vec<u8> {
    match container {
        Container::Text => write_text(mode, key_id, payload).into_bytes(),
        Container::Bytes => [&byte_header(mode, key_id)[..], payload].concat(),
    }
}

#[test]
fn a_written_envelope_parses() {
    let id = KeyId::from_bytes(KEY_ID);
    for length in NONCE_LEN + TAG_LEN..100 {
        let payload: Vec<u8> = (0..=u8::MAX).rev().take(length).collect();
        for container in [Container::Text, Container::Bytes] {
            for mode in [Mode::Randomized, Mode::Deterministic] {
                let stored = write(container, mode, id, &payload);
                assert_eq!(read(container, &stored).unwrap(), (mode, id, payload.clone()));
            }
        }
    }
}

#[test]
fn the_prefixes_are_those_of_the_format() {
    let id = KeyId::from_bytes(KEY_ID);
    assert_eq!(write_text(Mode::Randomized, id, &[]), "ed1:f26f38f7:");
    assert_eq!(write_text(Mode::Deterministic, id, &[]), "ed1d:f26f38f7:");
    assert_eq!(byte_header(Mode::Randomized, id), *b"\xeded\x01\xf2\x6f\x38\xf7");
    assert_eq!(byte_header(Mode::Deterministic, id), *b"\xeded\x02\xf2\x6f\x38\xf7");
}

#[test]
fn text_len_is_the_length_written() {
    for length in 0..100 {
        let payload = vec![0xa5; NONCE_LEN + length + TAG_LEN];
        let text = write_text(Mode::Randomized, KeyId::from_bytes(KEY_ID), &payload);
        assert_eq!(text.len(), text_len(length));
        assert_eq!(text.capacity(), text.len());
    }
}

/// One test for each malformed input, with the error that it must give.
macro_rules! refused {
    ($($container:ident { $($name:ident: $stored:expr => $error:ident,)* })*) => {$($(
        #[test]
        fn $name() {
            let stored: Vec<u8> = $stored.into();
            let read = read(Container::$container, &stored);
            assert!(matches!(read, Err(Error::$error)), "{}: {read:?}", stored.escape_ascii());
        }
    )*)*};
}

/// The digits of 12 bytes of nonce.
const NONCE: &str = "AAECAwQFBgcICQoL";
/// The digits of 11 bytes of ciphertext and 16 of tag; with `-` and `_` in them.
const SEALED: &str = "Vi0VMR6V93ZmxFNfk-hY9_-Cc8VnadXLYV0E";

#[test]
fn what_the_malformed_inputs_vary_is_well_formed() {
    assert!(read(Container::Text, text("ed1:f26f38f7:").as_bytes()).is_ok());
    assert!(read(Container::Text, format!("ed1d:f26f38f7:{SEALED}").as_bytes()).is_ok());
    assert!(read(Container::Text, format!("ed1:f26f38f7:{}", "A".repeat(38)).as_bytes()).is_ok());
    assert!(read(Container::Text, format!("ed1d:f26f38f7:{}", "A".repeat(22)).as_bytes()).is_ok());
    assert!(read(Container::Bytes, &bytes(b"\xeded\x01", 32)).is_ok());
    assert!(read(Container::Bytes, &bytes(b"\xeded\x02", 20)).is_ok());
}

fn text(start: &str) -> String {
    format!("{start}{NONCE}{SEALED}")
}

fn bytes(start: &[u8], zeros: usize) -> Vec<u8> {
    [start, &vec![0; zeros]].concat()
}

refused! {
    Text {
        empty_text: "" => NotEncrypted,
        plaintext: "Ada Lovelace" => NotEncrypted,
        plaintext_that_merely_looks_alike: "ed25519:AAAAC3NzaC1lZDI1NTE5AAAA" => NotEncrypted,
        plaintext_with_the_letters_of_the_prefix: "ed: see notes" => NotEncrypted,
        two_digit_version: text("ed10:f26f38f7:") => NotEncrypted,
        prefix_cut: "ed1" => NotEncrypted,
        prefix_in_upper_case: text("ED1:f26f38f7:") => NotEncrypted,
        prefix_in_mixed_case: text("Ed1:f26f38f7:") => NotEncrypted,
        deterministic_prefix_in_mixed_case: text("ed1D:f26f38f7:") => NotEncrypted,
        no_colon_behind_the_prefix: text("ed1f26f38f7:") => NotEncrypted,
        space_before: text(" ed1:f26f38f7:") => NotEncrypted,
        newline_before: text("\ned1:f26f38f7:") => NotEncrypted,
        byte_order_mark_before: text("\u{feff}ed1:f26f38f7:") => NotEncrypted,
        byte_envelope_in_a_text_column: bytes(b"\xeded\x01", 32) => MalformedEnvelope,

        version_0: text("ed0:f26f38f7:") => UnsupportedVersion,
        version_2: text("ed2:f26f38f7:") => UnsupportedVersion,
        version_9_deterministic: text("ed9d:f26f38f7:") => UnsupportedVersion,
        version_2_with_nothing_behind: "ed2:" => UnsupportedVersion,
        unknown_mode: text("ed1x:f26f38f7:") => UnsupportedVersion,

        prefix_alone: "ed1:" => MalformedEnvelope,
        deterministic_prefix_alone: "ed1d:" => MalformedEnvelope,
        key_id_in_upper_case: text("ed1:F26F38F7:") => MalformedEnvelope,
        key_id_in_mixed_case: text("ed1:f26f38F7:") => MalformedEnvelope,
        key_id_not_hex: text("ed1:g26f38f7:") => MalformedEnvelope,
        key_id_not_ascii: text("ed1:é6f38f7:") => MalformedEnvelope,
        key_id_too_short: text("ed1:f26f38f:") => MalformedEnvelope,
        key_id_too_long: text("ed1:f26f38f70:") => MalformedEnvelope,
        key_id_empty: text("ed1::") => MalformedEnvelope,
        key_id_cut: "ed1:f26f" => MalformedEnvelope,
        no_colon_behind_the_key_id: text("ed1:f26f38f7") => MalformedEnvelope,
        another_sign_behind_the_key_id: text("ed1:f26f38f7;") => MalformedEnvelope,
        key_id_alone: "ed1:f26f38f7:" => MalformedEnvelope,
        deterministic_key_id_alone: "ed1d:f26f38f7:" => MalformedEnvelope,

        nonce_cut: format!("ed1:f26f38f7:{}", &NONCE[1..]) => MalformedEnvelope,
        nonce_alone: format!("ed1:f26f38f7:{NONCE}") => MalformedEnvelope,
        shorter_than_nonce_and_tag: format!("ed1:f26f38f7:{}", "A".repeat(36)) => MalformedEnvelope,
        shorter_than_a_tag: format!("ed1d:f26f38f7:{}", "A".repeat(20)) => MalformedEnvelope,
        base64_of_an_impossible_length: text("ed1:f26f38f7:") + "A" => MalformedEnvelope,
        base64_padded: format!("ed1:f26f38f7:{}==", "A".repeat(38)) => MalformedEnvelope,
        deterministic_base64_padded: format!("ed1d:f26f38f7:{}==", "A".repeat(22)) => MalformedEnvelope,
        base64_padded_in_the_middle: format!("ed1:f26f38f7:{NONCE}==={SEALED}") => MalformedEnvelope,
        base64_of_the_standard_alphabet:
            text("ed1:f26f38f7:").replace('-', "+").replace('_', "/") => MalformedEnvelope,
        base64_of_the_standard_alphabet_in_the_nonce:
            format!("ed1:f26f38f7:+/{}{SEALED}", &NONCE[2..]) => MalformedEnvelope,
        base64_with_four_stray_bits: format!("ed1:f26f38f7:{}B", "A".repeat(37)) => MalformedEnvelope,
        base64_with_two_stray_bits: format!("ed1:f26f38f7:{}B", "A".repeat(38)) => MalformedEnvelope,
        deterministic_base64_with_stray_bits:
            format!("ed1d:f26f38f7:{}B", "A".repeat(21)) => MalformedEnvelope,

        space_after: text("ed1:f26f38f7:") + " " => MalformedEnvelope,
        newline_after: text("ed1:f26f38f7:") + "\n" => MalformedEnvelope,
        zero_after: text("ed1:f26f38f7:") + "\0" => MalformedEnvelope,
        space_behind_the_prefix: text("ed1: f26f38f7:") => MalformedEnvelope,
        space_behind_the_key_id: text("ed1:f26f38f7: ") => MalformedEnvelope,
        newline_in_the_nonce:
            format!("ed1:f26f38f7:{}\n{}{SEALED}", &NONCE[..8], &NONCE[8..]) => MalformedEnvelope,
        newline_in_the_ciphertext: format!("ed1:f26f38f7:{NONCE}\r\n{SEALED}") => MalformedEnvelope,
        payload_not_ascii: text("ed1:f26f38f7:") + "é" => MalformedEnvelope,
        payload_not_utf_8: [text("ed1:f26f38f7:").as_bytes(), b"\xff\xfe"].concat() => MalformedEnvelope,
    }

    Bytes {
        no_bytes: b"" => NotEncrypted,
        other_bytes: bytes(b"\x89PNG", 40) => NotEncrypted,
        magic_cut: b"\xede" => NotEncrypted,
        magic_altered: bytes(b"\xedee\x01", 40) => NotEncrypted,
        text_envelope_in_a_binary_column: text("ed1:f26f38f7:") => MalformedEnvelope,

        byte_version_0: bytes(b"\xeded\x00", 40) => UnsupportedVersion,
        byte_version_3: bytes(b"\xeded\x03", 40) => UnsupportedVersion,
        byte_version_255: b"\xeded\xff" => UnsupportedVersion,

        magic_alone: b"\xeded" => MalformedEnvelope,
        version_alone: b"\xeded\x01" => MalformedEnvelope,
        byte_key_id_cut: b"\xeded\x01\xf2\x6f\x38" => MalformedEnvelope,
        byte_key_id_alone: b"\xeded\x01\xf2\x6f\x38\xf7" => MalformedEnvelope,
        byte_nonce_cut: bytes(b"\xeded\x01", 4 + 11) => MalformedEnvelope,
        byte_nonce_alone: bytes(b"\xeded\x01", 4 + 12) => MalformedEnvelope,
        bytes_shorter_than_nonce_and_tag: bytes(b"\xeded\x01", 4 + 27) => MalformedEnvelope,
        bytes_shorter_than_a_tag: bytes(b"\xeded\x02", 4 + 15) => MalformedEnvelope,
    }
}

/// Values that are often envelopes, and often just not.
fn nearly_text() -> impl Strategy<Value = Vec<u8>> {
    "(ed1d?:[0-9a-f]{8}:[A-Za-z0-9_-]{16,80})|(ed[0-2]d?:[0-9a-fA-F]{7,9}:?[A-Za-z0-9_+/=-]{0,80}\n?)"
        .prop_map(String::into_bytes)
}

fn nearly_bytes() -> impl Strategy<Value = Vec<u8>> {
    (0_u8..4, vec(any::<u8>(), 0..80))
        .prop_map(|(version, rest)| [&BYTE_MAGIC[..], &[version], &rest].concat())
}

proptest! {
    #[test]
    fn what_parses_as_text_is_what_would_be_written(
        stored in prop_oneof![nearly_text(), vec(any::<u8>(), 0..80)],
    ) {
        if let Ok((mode, key_id, payload)) = read(Container::Text, &stored) {
            prop_assert_eq!(write(Container::Text, mode, key_id, &payload), stored);
        }
    }

    #[test]
    fn what_parses_as_bytes_is_what_would_be_written(
        stored in prop_oneof![nearly_bytes(), vec(any::<u8>(), 0..80)],
    ) {
        if let Ok((mode, key_id, payload)) = read(Container::Bytes, &stored) {
            prop_assert_eq!(write(Container::Bytes, mode, key_id, &payload), stored);
        }
    }
}
