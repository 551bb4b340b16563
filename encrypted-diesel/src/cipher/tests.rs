#![allow(clippy::unwrap_used, clippy::expect_used)]

use proptest::collection::vec;
use proptest::prelude::*;

use super::*;
use crate::key::Key;

mod plaintext;
mod vectors;

const MODES: [Mode; 2] = [Mode::Randomized, Mode::Deterministic];
const CONTAINERS: [Container; 2] = [Container::Text, Container::Bytes];

type Encrypt = fn(&EncryptionKey, Mode, Option<Nonce>, &[u8], &[u8]) -> Result<Vec<u8>, Error>;
type Open = fn(&Keyring, Container, &[u8]) -> Result<Zeroizing<Vec<u8>>, Error>;

/// Types that hold bytes, each with a context of its own.
macro_rules! in_contexts {
    ($($name:ident, $context:literal, $previous:expr;)*) => {
        $(
            struct $name<'a>(&'a [u8]);

            impl Plaintext for $name<'_> {
                const CONTEXT: &'static str = $context;
                const PREVIOUS_CONTEXTS: &'static [&'static str] = $previous;

                fn encode(&self, out: &mut PlaintextWriter) -> Result<(), Error> {
                    out.write_bytes(self.0);
                    Ok(())
                }
            }
        )*

        fn in_context(context: &str) -> (Encrypt, Open) {
            match context {
                $($context => (
                    |key, mode, nonce, plaintext, header| encrypt(key, $context, mode, nonce, &$name(plaintext), header),
                    open::<$name<'_>>,
                ),)*
                _ => panic!("no type has the context {context:?}: add one above"),
            }
        }
    };
}

in_contexts! {
    Bare, "", &[];
    Ssn, "patients.ssn", &[];
    Renamed, "people.ssn", &["clients.ssn", "patients.ssn"];
    NonAscii, "größe", &[];
    LongestOnStack,
        "abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz\
         abcdefghijklmnopqrstuvw", &[];
    ShortestOnHeap,
        "abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz\
         abcdefghijklmnopqrstuvwx", &[];
    Long,
        "abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz\
         abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz\
         abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz\
         abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyzabcdefghijklmn", &[];
}

fn key(byte: u8) -> Key {
    Key::from([byte; Key::LEN])
}

/// A keyring of `[first; 32]`, which encrypts, and the others.
fn ring(first: u8, others: &[u8]) -> Keyring {
    others.iter().try_fold(Keyring::new(key(first)), |ring, &byte| ring.with_retired(key(byte))).unwrap()
}

fn seal_as<V: Plaintext>(ring: &Keyring, container: Container, mode: Mode, value: &V) -> Vec<u8> {
    match seal(ring, container, mode, value).unwrap() {
        Sealed::Text(envelope) => envelope.into_bytes(),
        Sealed::Bytes(envelope) => envelope,
    }
}

/// Envelopes of an [`Ssn`] under the ring's primary key: each container and mode, and lengths with
/// which base64 ends in 2, 3 and 4 digits.
fn envelopes(ring: &Keyring) -> impl Iterator<Item = (Container, Mode, Vec<u8>)> {
    let plaintexts: [&[u8]; 5] = [b"", b"1", b"12", b"123-45-6789", &[0x20; 40]];
    CONTAINERS.into_iter().flat_map(move |container| {
        MODES.into_iter().flat_map(move |mode| {
            plaintexts.map(|text| (container, mode, seal_as(ring, container, mode, &Ssn(text))))
        })
    })
}

/// The bytes by which an envelope is known as one: less than the first field of either container.
fn prefix_len(container: Container, mode: Mode) -> usize {
    match (container, mode) {
        (Container::Text, Mode::Randomized) => "ed1:".len(),
        (Container::Text, Mode::Deterministic) => "ed1d:".len(),
        (Container::Bytes, _) => 3,
    }
}

#[track_caller]
fn assert_refused(ring: &Keyring, container: Container, stored: &[u8]) {
    let opened = open::<Ssn<'_>>(ring, container, stored);
    assert!(opened.is_err(), "{container:?} opened: {}", stored.escape_ascii());
}

#[test]
fn two_randomized_encryptions_of_one_value_differ() {
    let ring = ring(1, &[]);
    for container in CONTAINERS {
        let twice = [(); 2].map(|()| seal_as(&ring, container, Mode::Randomized, &Ssn(b"123")));
        assert_ne!(twice[0], twice[1]);
    }
}

#[test]
fn two_deterministic_encryptions_of_one_value_are_equal() {
    let ring = ring(1, &[]);
    for container in CONTAINERS {
        let twice = [(); 2].map(|()| seal_as(&ring, container, Mode::Deterministic, &Ssn(b"123")));
        assert_eq!(twice[0], twice[1]);
    }
}

#[test]
fn a_text_envelope_is_as_long_as_text_len_says() {
    let ring = ring(1, &[]);
    for length in 0..100 {
        let sealed = seal_as(&ring, Container::Text, Mode::Randomized, &Ssn(&vec![b'x'; length]));
        assert_eq!(sealed.len(), envelope::text_len(length));
    }
}

#[test]
fn a_value_without_plaintext_form_is_not_sealed() {
    struct Formless;
    impl Plaintext for Formless {
        fn encode(&self, out: &mut PlaintextWriter) -> Result<(), Error> {
            out.write_bytes(b"half of it");
            Err(Error::invalid_value::<Self>())
        }
    }
    let ring = ring(1, &[]);
    for mode in MODES {
        for container in [Container::Text, Container::Bytes] {
            let sealed = seal(&ring, container, mode, &Formless);
            assert!(matches!(sealed, Err(Error::InvalidValue { .. })));
        }
    }
}

#[test]
fn every_flipped_bit_is_an_error() {
    let ring = ring(1, &[2]);
    for (container, _, mut stored) in envelopes(&ring) {
        for bit in 0..8 * stored.len() {
            stored[bit / 8] ^= 1 << (bit % 8);
            assert_refused(&ring, container, &stored);
            stored[bit / 8] ^= 1 << (bit % 8);
        }
    }
}

#[test]
fn every_truncation_is_an_error() {
    let ring = ring(1, &[2]);
    for (container, _, stored) in envelopes(&ring) {
        for length in 0..stored.len() {
            assert_refused(&ring, container, &stored[..length]);
        }
    }
}

#[test]
fn every_byte_appended_is_an_error() {
    let ring = ring(1, &[2]);
    for (container, _, mut stored) in envelopes(&ring) {
        for byte in 0..=u8::MAX {
            stored.push(byte);
            assert_refused(&ring, container, &stored);
            stored.pop();
        }
    }
}

#[test]
fn white_space_anywhere_is_an_error() {
    let ring = ring(1, &[2]);
    for (container, _, mut stored) in envelopes(&ring) {
        for position in 0..=stored.len() {
            for space in *b" \t\n\r\x0b\x0c" {
                stored.insert(position, space);
                assert_refused(&ring, container, &stored);
                stored.remove(position);
            }
        }
    }
}

#[test]
fn a_changed_mode_marker_is_an_error() {
    let ring = ring(1, &[2]);
    for (container, mode, mut stored) in envelopes(&ring) {
        match (container, mode) {
            (Container::Text, Mode::Randomized) => stored.insert(3, b'd'),
            (Container::Text, Mode::Deterministic) => drop(stored.remove(3)),
            (Container::Bytes, Mode::Randomized) => stored[3] = 2,
            (Container::Bytes, Mode::Deterministic) => stored[3] = 1,
        }
        assert_refused(&ring, container, &stored);
    }
}

#[test]
fn the_key_id_of_another_key_in_the_ring_does_not_open() {
    let ring = ring(1, &[2]);
    let other = key(2).id();
    for (container, mode, mut stored) in envelopes(&ring) {
        let start = if container == Container::Bytes { 4 } else { prefix_len(container, mode) };
        match container {
            Container::Text => stored[start..][..8].copy_from_slice(other.to_string().as_bytes()),
            Container::Bytes => stored[start..][..4].copy_from_slice(other.as_bytes()),
        }
        assert!(matches!(open::<Ssn<'_>>(&ring, container, &stored), Err(Error::DecryptionFailed)));
    }
}

#[test]
fn an_unknown_key_id_is_told() {
    let (writer, reader) = (ring(1, &[]), ring(2, &[3]));
    for (container, _, stored) in envelopes(&writer) {
        match open::<Ssn<'_>>(&reader, container, &stored) {
            Err(Error::UnknownKey { key_id }) => assert_eq!(key_id, writer.primary_id()),
            other => panic!("{other:?}"),
        }
    }
}

#[test]
fn another_context_does_not_open() {
    let ring = ring(1, &[]);
    for (container, _, stored) in envelopes(&ring) {
        for open in [open::<Bare<'_>>, open::<NonAscii<'_>>, open::<Long<'_>>] {
            assert!(matches!(open(&ring, container, &stored), Err(Error::DecryptionFailed)));
        }
    }
}

#[test]
fn a_previous_context_opens_but_does_not_seal() {
    let ring = ring(1, &[]);
    for container in CONTAINERS {
        for mode in MODES {
            // The last of three contexts: what fails before must leave the ciphertext intact.
            let old = seal_as(&ring, container, mode, &Ssn(b"123-45-6789"));
            assert_eq!(*open::<Renamed<'_>>(&ring, container, &old).unwrap(), b"123-45-6789");

            let new = seal_as(&ring, container, mode, &Renamed(b"123-45-6789"));
            assert_eq!(*open::<Renamed<'_>>(&ring, container, &new).unwrap(), b"123-45-6789");
            assert!(matches!(open::<Ssn<'_>>(&ring, container, &new), Err(Error::DecryptionFailed)));
        }
    }
}

#[test]
fn a_ring_of_five_keys_opens_what_each_of_them_sealed() {
    let five = ring(1, &[2, 3, 4, 5]);
    for byte in 1..=5 {
        for (container, mode, stored) in envelopes(&ring(byte, &[])) {
            assert!(open::<Ssn<'_>>(&five, container, &stored).is_ok(), "{byte} {container:?} {mode:?}");
        }
    }
}

#[test]
fn the_primary_key_alone_seals() {
    let (writer, primary, retired) = (ring(1, &[2, 3]), ring(1, &[]), ring(2, &[3]));
    for (container, _, stored) in envelopes(&writer) {
        assert!(open::<Ssn<'_>>(&primary, container, &stored).is_ok());
        assert!(matches!(open::<Ssn<'_>>(&retired, container, &stored), Err(Error::UnknownKey { .. })));
    }
}

/// Bytes, some of which start as an envelope under the key `[1; 32]` does.
fn stored() -> impl Strategy<Value = Vec<u8>> {
    let id = key(1).id();
    let start = prop_oneof![
        Just(Vec::new()),
        Just(b"ed1:".to_vec()),
        Just(format!("ed1:{id}:").into_bytes()),
        Just(format!("ed1d:{id}:").into_bytes()),
        Just(envelope::byte_header(Mode::Randomized, id).to_vec()),
        Just(envelope::byte_header(Mode::Deterministic, id).to_vec()),
    ];
    let rest = prop_oneof![vec(any::<u8>(), 0..200), "[A-Za-z0-9_-]{0,200}".prop_map(String::into_bytes)];
    (start, rest).prop_map(|(start, rest)| [start, rest].concat())
}

/// Both containers in both modes.
fn kinds() -> impl Iterator<Item = (Container, Mode)> {
    CONTAINERS.into_iter().flat_map(|container| MODES.map(|mode| (container, mode)))
}

/// Some of which begin alike, or begin as what stands before them does.
fn any_context() -> impl Strategy<Value = String> {
    prop_oneof![Just(String::new()), "[ab]{1,3}", "(r|d|encrypted-diesel/1)[ab]?", ".{0,150}"]
}

proptest! {
    #[test]
    fn any_bytes_round_trip(plaintext in vec(any::<u8>(), 0..300)) {
        let ring = ring(1, &[]);
        for container in CONTAINERS {
            for mode in MODES {
                let stored = seal_as(&ring, container, mode, &Ssn(&plaintext));
                prop_assert_eq!(&*open::<Ssn<'_>>(&ring, container, &stored).unwrap(), &plaintext);
            }
        }
    }

    #[test]
    fn a_value_opens_in_its_own_context_only(
        plaintext in vec(any::<u8>(), 0..50),
        context in any_context(),
        other in any_context(),
        more in ".{1,4}",
    ) {
        let ring = ring(1, &[]);
        let longer = format!("{context}{more}");
        for (container, mode) in kinds() {
            let stored = seal_form(&ring, container, mode, &context, &plaintext).unwrap().into_bytes();
            let open = |context| open_form(&ring, container, std::iter::once(context), &stored);
            prop_assert_eq!(&*open(&*context).unwrap(), &plaintext);
            for other in [&other, &longer].into_iter().filter(|other| **other != context) {
                prop_assert!(matches!(open(&**other), Err(Error::DecryptionFailed)), "{:?}", other);
            }
        }
    }

    /// Whether the envelope names its own key or the other.
    #[test]
    fn a_value_opens_under_its_own_key_only(
        plaintext in vec(any::<u8>(), 0..50),
        keys: [[u8; Key::LEN]; 2],
    ) {
        let [own, other] = keys.map(|bytes| Keyring::new(Key::from(bytes)));
        prop_assume!(own.primary_id() != other.primary_id());
        let both = own.clone().with_retired(Key::from(keys[1])).unwrap();
        for (container, mode) in kinds() {
            let stored = seal_as(&own, container, mode, &Ssn(&plaintext));
            let unknown = open::<Ssn<'_>>(&other, container, &stored);
            prop_assert!(matches!(unknown, Err(Error::UnknownKey { .. })), "{:?}", unknown);

            let start = |ring: &Keyring| envelope::beginning(container, mode, Some(ring.primary_id()));
            let renamed = [start(&other), stored[start(&own).len()..].to_vec()].concat();
            for ring in [&other, &both] {
                let opened = open::<Ssn<'_>>(ring, container, &renamed);
                prop_assert!(matches!(opened, Err(Error::DecryptionFailed)));
            }
        }
    }

    /// With the nonce that the other mode has: none, or zeros.
    #[test]
    fn a_value_opens_in_its_own_mode_only(plaintext in vec(any::<u8>(), 0..50)) {
        let ring = ring(1, &[]);
        for (container, mode) in kinds() {
            let other = if mode == Mode::Randomized { Mode::Deterministic } else { Mode::Randomized };
            let stored = seal_as(&ring, container, mode, &Ssn(&plaintext));
            let envelope = envelope::parse(container, &stored).unwrap();
            let mut payload = Vec::new();
            let nonce = envelope.read_sealed(&mut payload).unwrap();
            for nonce in [&[][..], &Nonce::default(), &nonce] {
                let payload = [nonce, &payload].concat();
                let moved = match container {
                    Container::Text => envelope::write_text(other, envelope.key_id, &payload).into_bytes(),
                    Container::Bytes => {
                        [&envelope::byte_header(other, envelope.key_id)[..], &payload].concat()
                    }
                };
                assert_refused(&ring, container, &moved);
            }
        }
    }

    #[test]
    fn no_bytes_panic_or_open_that_were_not_sealed(stored in stored()) {
        let strict = ring(1, &[]);
        let lenient = strict.clone().with_plaintext_in([Ssn::CONTEXT]);
        for container in CONTAINERS {
            prop_assert!(open::<Ssn<'_>>(&strict, container, &stored).is_err());
            if let Ok(plaintext) = open::<Ssn<'_>>(&lenient, container, &stored) {
                prop_assert_eq!(&*plaintext, &stored);
                prop_assert!(!(container == Container::Text && stored.starts_with(b"ed1:")));
            }
        }
    }
}
